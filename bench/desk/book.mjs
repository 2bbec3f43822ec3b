// A text of 20,000 words with 1,000 spans, scrolled to its end; and Tab from span to span.
import { openTask } from '../../web/journeys/lib/desk.mjs';
import { until } from '../../web/journeys/lib/wire.mjs';
import { p95, rows, startWatching } from './frames.mjs';

const words = [
  'the',
  'harbour',
  'lay',
  'quiet',
  'under',
  'fog',
  'while',
  'Ada',
  'counted',
  'ships',
];
const labels = ['Person', 'Organisation', 'Place'];
const label = (name) => ({ name, hotkey: '', color: '', guideline: '', aliases: [] });
const schema = {
  ...{ modality: 'text', source: 'text' },
  controls: [
    {
      ...{ name: 'names', kind: 'spans', title: 'Names', multiple: false, required: false },
      labels: labels.map(label),
    },
  ],
};

function book() {
  let seed = 7;
  const below = (most) => (seed = (seed * 48271) % 2147483647) % most;
  const parts = Array.from({ length: 20_000 }, (_, i) => {
    const word = words[below(words.length)];
    return i % 400 === 399 ? `${word}.\n` : `${word} `;
  });
  const text = parts.join('').trimEnd();
  const starts = [];
  parts.reduce((sum, part) => (starts.push(sum), sum + part.length), 0);
  const regions = Array.from({ length: 1_000 }, (_, i) => {
    const first = Math.min(19_990, i * 20 + below(16));
    const last = first + below(4);
    const [start, end] = [starts[first], starts[last] + parts[last].trimEnd().length];
    const place = { start, end: Math.min(end, text.length), text: text.slice(start, end) };
    const base = { id: `b${i}`, control: 'names', kind: 'spans', origin: 'person' };
    return { ...base, labels: [labels[i % 3]], ...place };
  });
  return { text, regions };
}

export async function scrollBook({ page, hand, api, server }) {
  const { text, regions } = book();
  const { id: project } = await api.post('/projects', { name: 'Book', schema });
  const row = JSON.stringify({ countersign: 1, key: 'book', data: { text } });
  await api.send(`/projects/${project}/imports?raw=1&name=book.jsonl`, Buffer.from(row));
  await until(
    () => api.get(`/projects/${project}/progress`),
    (p) => p.total === 1,
  );
  const { tasks } = await api.post(`/projects/${project}/next`, { count: 1 });
  const [{ id, assignment }] = tasks;
  await api.put(
    `/tasks/${id}/work`,
    JSON.stringify({ assignment: assignment.id, work: { regions } }),
    'application/json',
  );
  await page.goto(`${server.url}/projects/${project}/desk`);
  await openTask(page);
  await page.waitForSelector('svg [data-span]');
  const measure = await startWatching(page);
  const steps = 200;
  const scrolled = await measure(steps, (i) =>
    page.evaluate((share) => {
      const scroll = document.querySelector('.scroll');
      scroll.scrollTop = scroll.scrollHeight * share;
    }, i / steps),
  );
  const tabs = [];
  for (let i = 0; i < 40; i += 1) {
    const started = Date.now();
    await hand.press('Tab');
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done())));
    tabs.push(Date.now() - started);
  }
  return [...rows('book_scroll', scrolled), ['book_tab_to_painted_p95_ms', p95(tabs), 'ms']];
}
