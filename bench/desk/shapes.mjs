// 2,000 shapes on one photo: boxes, turned boxes and outlines. Panned, zoomed, and one of them dragged.
import { openTask } from "../../web/journeys/lib/desk.mjs";
import { rows, startWatching } from "./frames.mjs";
import { projectWithPhotos } from "../../web/journeys/lib/photos.mjs";
import { label } from "../../web/journeys/lib/schemas.mjs";

const count = 2_000;
const labels = ["Car", "Person", "Sign"];
const control = (name, kind) => ({
  ...{ name, kind, title: name, multiple: false, required: false },
  labels: labels.map((name) => label(name)),
});
const schema = {
  ...{ modality: "image", source: "image" },
  controls: [control("boxes", "boxes"), control("outlines", "polygons")],
};

function shapes({ width, height }) {
  let seed = 11;
  const below = (most) =>
    (seed = (seed * 48271) % 2147483647) % Math.floor(most);
  return Array.from({ length: count }, (_, i) => {
    const [w, h] = [8 + below(width / 12), 8 + below(height / 12)];
    const [x, y] = [below(width - w), below(height - h)];
    const base = { id: `b${i}`, labels: [labels[i % 3]], origin: "person" };
    if (i % 3 < 2)
      return {
        ...base,
        control: "boxes",
        kind: "boxes",
        x,
        y,
        width: w,
        height: h,
      };
    const points = Array.from({ length: 12 }, (_, at) => {
      const angle = (at * Math.PI) / 6;
      return [
        x + (w / 2) * (1 + Math.cos(angle)),
        y + (h / 2) * (1 + Math.sin(angle)),
      ];
    });
    return {
      ...base,
      control: "outlines",
      kind: "polygons",
      points: points.flat(),
    };
  });
}

export async function moveShapes({ page, hand, api, server }) {
  const project = await projectWithPhotos(api, schema, 1);
  // As work in progress: it comes back to the desk as it was saved.
  const { tasks } = await api.post(`/projects/${project}/next`, { count: 1 });
  const [{ id, media, assignment }] = tasks;
  const work = { regions: shapes(media) };
  await api.put(
    `/tasks/${id}/work`,
    JSON.stringify({ assignment: assignment.id, work }),
    "application/json",
  );
  await page.goto(`${server.url}/projects/${project}/desk`);
  await openTask(page);
  await page.waitForFunction(
    (all) =>
      document
        .querySelector('[data-testid="region-count"]')
        ?.textContent.includes(all),
    String(count).replace(/(\d)(\d{3})$/, "$1,$2"),
  );
  const stage = await page.locator(".stage").boundingBox();
  const middle = {
    x: stage.x + stage.width / 2,
    y: stage.y + stage.height / 2,
  };
  const around = (at, i) =>
    page.mouse.move(
      at.x + 90 * Math.sin(i / 6),
      at.y + 60 * Math.cos(i / 6) - 60,
    );
  const measure = await startWatching(page);
  const figures = [];

  await hand.press("h");
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  figures.push(
    ...rows("shapes_pan", await measure(120, (i) => around(middle, i))),
  );
  await page.mouse.up();

  await hand.press("v");
  const zoom = (i) => page.mouse.wheel(0, i % 40 < 20 ? -40 : 40);
  figures.push(...rows("shapes_zoom", await measure(120, zoom)));

  await hand.press("0", "Tab");
  const box = await page.locator("svg.moving .selected").boundingBox();
  const held = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(held.x, held.y);
  await page.mouse.down();
  figures.push(
    ...rows("shapes_drag", await measure(120, (i) => around(held, i))),
  );
  await page.mouse.up();
  return figures;
}
