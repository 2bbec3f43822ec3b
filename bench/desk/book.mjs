// A text of 20,000 words with 1,000 spans, scrolled to its end; and Tab from span to span.
import { openTask } from "../../web/journeys/lib/desk.mjs";
import { until } from "../../web/journeys/lib/wire.mjs";
import { p95, rows, startWatching } from "./frames.mjs";
import { book, label } from "../../web/journeys/lib/schemas.mjs";

const labels = ["Person", "Organisation", "Place"];
const schema = {
  ...{ modality: "text", source: "text" },
  controls: [
    {
      ...{
        name: "names",
        kind: "spans",
        title: "Names",
        multiple: false,
        required: false,
      },
      labels: labels.map((name) => label(name)),
    },
  ],
};

export async function scrollBook({ page, hand, api, server }) {
  const { text, regions } = book("names", labels, { origin: "person" });
  const { id: project } = await api.post("/projects", { name: "Book", schema });
  const row = JSON.stringify({ countersign: 1, key: "book", data: { text } });
  await api.send(
    `/projects/${project}/imports?raw=1&name=book.jsonl`,
    Buffer.from(row),
  );
  await until(
    () => api.get(`/projects/${project}/progress`),
    (p) => p.total === 1,
  );
  const { tasks } = await api.post(`/projects/${project}/next`, { count: 1 });
  const [{ id, assignment }] = tasks;
  await api.put(
    `/tasks/${id}/work`,
    JSON.stringify({ assignment: assignment.id, work: { regions } }),
    "application/json",
  );
  await page.goto(`${server.url}/projects/${project}/desk`);
  await openTask(page);
  await page.waitForSelector("svg [data-span]");
  const measure = await startWatching(page);
  const steps = 200;
  const scrolled = await measure(steps, (i) =>
    page.evaluate((share) => {
      const scroll = document.querySelector(".scroll");
      scroll.scrollTop = scroll.scrollHeight * share;
    }, i / steps),
  );
  const tabs = [];
  for (let i = 0; i < 40; i += 1) {
    const started = Date.now();
    await hand.press("Tab");
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => done())),
    );
    tabs.push(Date.now() - started);
  }
  return [
    ...rows("book_scroll", scrolled),
    ["book_tab_to_painted_p95_ms", p95(tabs), "ms"],
  ];
}
