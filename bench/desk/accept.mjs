// From the key that decides to the frame in which the next photo stands decoded.
import { openTask } from "../../web/journeys/lib/desk.mjs";
import { p95 } from "./frames.mjs";
import { projectWithPhotos } from "../../web/journeys/lib/photos.mjs";
import { label } from "../../web/journeys/lib/schemas.mjs";

const count = 24;
const schema = {
  ...{ modality: "image", source: "image" },
  controls: [
    {
      ...{
        name: "boxes",
        kind: "boxes",
        title: "boxes",
        multiple: false,
        required: false,
      },
      labels: ["Car", "Person"].map((name) => label(name)),
    },
  ],
};

export async function acceptToPainted({ page, hand, api, server }) {
  const project = await projectWithPhotos(api, schema, count);
  await page.goto(`${server.url}/projects/${project}/desk`);
  let task = await openTask(page);
  await page.evaluate(watchPaints);
  while (task) {
    await page.waitForTimeout(500);
    await hand.press("Control+Enter");
    task = await openTask(page, task.id);
  }
  const times = await page.evaluate(() => window.paints);
  const middle = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
  return [
    ["accept_to_painted_p50_ms", middle.toFixed(1), "ms"],
    ["accept_to_painted_p95_ms", p95(times).toFixed(1), "ms", "<50"],
  ];
}

/** In the page: milliseconds from the key to the frame in which the next image stands decoded. */
function watchPaints() {
  window.paints = [];
  const taskNow = () =>
    document.querySelector("[data-task]")?.getAttribute("data-task");
  window.addEventListener(
    "keydown",
    ({ key, timeStamp }) => {
      if (key !== "Enter") return;
      const before = taskNow();
      const look = () =>
        requestAnimationFrame(() => {
          const image = document.querySelector(".image img");
          const isNext = taskNow() && taskNow() !== before;
          if (
            !document.querySelector('[data-testid="nothing"]') &&
            !(isNext && image?.complete)
          )
            return look();
          if (!isNext) return;
          // A message comes after the frame's paint.
          const channel = new MessageChannel();
          channel.port1.onmessage = () =>
            window.paints.push(Math.round(performance.now() - timeStamp));
          channel.port2.postMessage(0);
        });
      look();
    },
    true,
  );
}
