// Frames while a hand moves something. A frame counts when input came since the one before: milliseconds to
// the next frame, and of those the page's own work (CPU time of its main thread, whatever else runs).

/** In the page: notes, for each frame with input, how long it took until the next. */
function watch(types) {
  const frames = [];
  let came = false;
  for (const type of types)
    window.addEventListener(type, () => (came = true), true);
  let last = null;
  const look = (now) => {
    if (last !== null) frames.push(now - last);
    last = came ? now : null;
    came = false;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.framesWithInput = frames;
}

export async function startWatching(page) {
  const debug = await page.context().newCDPSession(page);
  await debug.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.evaluate(watch, ["pointermove", "wheel", "scroll"]);
  const worked = async () => {
    const { metrics } = await debug.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };
  /** Does `step(i)` that many times, a frame apart: `{ frame, work }`, p95 of each. */
  return async (steps, step) => {
    await page.evaluate(() => void (window.framesWithInput.length = 0));
    const work = [];
    for (let i = 0; i < steps; i += 1) {
      const before = await worked();
      await step(i);
      await nextFrame(page);
      work.push((await worked()) - before);
    }
    const frames = await page.evaluate(() => [...window.framesWithInput]);
    return { frame: p95(frames), work: p95(work) };
  };
}

/** After the next frame is painted: a message comes behind its paint. */
const nextFrame = (page) =>
  page.evaluate(
    () =>
      new Promise((done) =>
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => done();
          channel.port2.postMessage(0);
        }),
      ),
  );

export function p95(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? NaN
  );
}

/** The rows of one thing that was measured. */
export const rows = (name, { frame, work }) => [
  [`${name}_frame_p95_ms`, frame.toFixed(1), "ms", "<32"],
  [`${name}_own_work_p95_ms`, work.toFixed(1), "ms", "-"],
];
