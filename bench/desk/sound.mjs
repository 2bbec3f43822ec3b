// Two hours of sound with a thousand segments: the waveform zoomed and panned, a segment dragged, the list of
// segments scrolled. And an hour: from the click that opens the desk to its waveform painted.
import { openTask } from "../../web/journeys/lib/desk.mjs";
import { label } from "../../web/journeys/lib/schemas.mjs";
import { tones, turns } from "../../web/journeys/lib/sounds.mjs";
import { until } from "../../web/journeys/lib/wire.mjs";
import { rows, startWatching } from "./frames.mjs";

const speakers = ["Ada", "Grace", "Hedy"];
const control = (name, kind, labels, more = {}) => ({
  ...{ name, kind, title: name, multiple: false, required: false },
  labels: labels.map((one) => label(one)),
  ...more,
});
const schema = {
  ...{ modality: "audio", source: "audio" },
  controls: [
    control("speakers", "segments", speakers),
    control("said", "text", [], { per_region: true }),
  ],
};
const sentence = "the harbour lay quiet under fog while Ada counted ships";

/** A project of one recording, without a model. */
async function projectOf(api, name, bytes) {
  const { id } = await api.post("/projects", { name, schema });
  for (const model of (await api.get(`/projects/${id}/models`)).items)
    await api.patch(`/models/${model.id}`, { enabled: false });
  const { upload } = await api.post(`/projects/${id}/uploads`);
  const file = `/projects/${id}/uploads/${upload}/files?name=${name}.wav`;
  await api.put(file, bytes);
  await api.post(`/projects/${id}/imports`, { upload, options: {} });
  await until(
    () => api.get(`/projects/${id}/progress`),
    ({ total }) => total === 1,
  );
  return id;
}

/** Segments, and in each what is said, with its words. */
function spoken(parts) {
  const said = sentence.split(" ");
  return parts.flatMap(([start, end], i) => {
    const step = (end - start) / said.length;
    const words = said.map((text, k) => ({
      text,
      start: start + k * step,
      end: start + (k + 0.8) * step,
      confidence: k % 4 ? 0.9 : 0.4,
    }));
    const origin = "person";
    const place = { start, end, labels: [speakers[i % 3]], origin };
    const about = { parent: `s${i}`, text: sentence, words, origin };
    return [
      { id: `s${i}`, control: "speakers", kind: "segments", ...place },
      { id: `t${i}`, control: "said", kind: "text", ...about },
    ];
  });
}

/** Milliseconds from the click on the project page to the frame with the waveform. */
async function clickToWave(page, server, project) {
  await page.goto(`${server.url}/projects/${project}`);
  const link = page.locator(`a[href$="/projects/${project}/desk"]`).first();
  await link.waitFor();
  await page.waitForLoadState("networkidle");
  await page.evaluate(watchWave);
  await link.click();
  await page.waitForFunction(() => window.waveAfter !== undefined);
  return page.evaluate(() => Math.round(window.waveAfter));
}

/** In the page: notes when, after a click, the waveform is painted. */
function watchWave() {
  window.waveAfter = undefined;
  window.addEventListener(
    "click",
    ({ timeStamp }) => {
      const look = () =>
        requestAnimationFrame(() => {
          if (!document.querySelector("[data-painted]")) return look();
          // A message comes after the frame's paint.
          const channel = new MessageChannel();
          channel.port1.onmessage = () =>
            (window.waveAfter = performance.now() - timeStamp);
          channel.port2.postMessage(0);
        });
      look();
    },
    { capture: true, once: true },
  );
}

export async function hearHours({ page, hand, api, server }) {
  const hour = await projectOf(api, "hour", tones(3600, turns(3600)));
  const open = await clickToWave(page, server, hour);

  const parts = turns(7200, 7.19);
  const project = await projectOf(api, "hours", tones(7200, parts));
  // As work in progress: it comes back to the desk as it was saved.
  const { tasks } = await api.post(`/projects/${project}/next`, { count: 1 });
  const [{ id, assignment }] = tasks;
  const work = { regions: spoken(parts) };
  await api.put(
    `/tasks/${id}/work`,
    JSON.stringify({ assignment: assignment.id, work }),
    "application/json",
  );
  const openTwo = await clickToWave(page, server, project);
  await openTask(page);
  const count = await page.getByTestId("region-count").innerText();
  if (Number(count.replace(",", "")) !== parts.length)
    throw new Error(`${count} segments are on the desk, not ${parts.length}`);
  const stage = await page.getByTestId("wave").boundingBox();
  const middle = stage.x + stage.width / 2;
  const measure = await startWatching(page);
  const figures = [];

  await page.mouse.move(middle, stage.y + 60);
  const zoom = (i) => page.mouse.wheel(0, i % 40 < 20 ? -60 : 60);
  figures.push(...rows("sound_zoom", await measure(80, zoom)));

  await hand.press("z", "+", "+", "+");
  await page.keyboard.down("Shift");
  const pan = (i) => page.mouse.wheel(0, i % 40 < 20 ? 60 : -60);
  figures.push(...rows("sound_pan", await measure(80, pan)));
  await page.keyboard.up("Shift");

  // The tenth, close up: it stands in the middle of its lane, the first one.
  await hand.press("Home", ...Array(10).fill("ArrowDown"), "Shift+z");
  const lane = page.locator('[data-testid="wave"] .track').first();
  const held = { x: middle, y: (await lane.boundingBox()).y + 10 };
  const before = await placeInFocus(page);
  await page.mouse.move(held.x, held.y);
  await page.mouse.down();
  const drag = (i) =>
    page.mouse.move(held.x + 90 * Math.sin(i / 9), held.y + (i % 3));
  figures.push(...rows("segment_drag", await measure(80, drag)));
  await page.mouse.move(held.x + 60, held.y);
  await page.mouse.up();
  if ((await placeInFocus(page)) === before)
    throw new Error("the segment was not dragged");

  const steps = 80;
  const scroll = (i) => page.evaluate(scrollList, i / steps);
  figures.push(...rows("segment_list_scroll", await measure(steps, scroll)));
  return [
    ["hour_click_to_waveform_ms", open, "ms", "<1000"],
    ["two_hours_click_to_waveform_ms", openTwo, "ms"],
    ["two_hours_segments", parts.length, "segments"],
    ...figures,
  ];
}

const placeInFocus = (page) =>
  page.$eval("[data-region][aria-current]", (row) => row.dataset.place);

/** In the page: the list at this share of its height. */
function scrollList(share) {
  const list = document.querySelector("[data-row]").closest("ul");
  list.scrollTop = list.scrollHeight * share;
}
