// A project of short texts to be sorted by keys 1 to 3, and what became of each by the export and the history.
import assert from 'node:assert/strict';
import { openTask } from './desk.mjs';
import { until } from './wire.mjs';

const topics = ['News', 'Sport', 'Science'];
const label = (name) => ({ name, hotkey: '', color: '', guideline: '', aliases: [] });
const schema = {
  modality: 'text',
  source: 'text',
  controls: [
    {
      ...{ name: 'topic', kind: 'choices', title: 'Topic', multiple: false, required: true },
      labels: topics.map(label),
    },
  ],
};

/** Makes the project with `count` texts and returns its id. */
async function addNotes(api, count) {
  const { id } = await api.post('/projects', {
    name: 'Notes',
    description: '',
    schema,
    guideline: '',
  });
  const rows = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      id: `note-${i + 1}`,
      text: `Note ${i + 1}: nothing that a model could tell.`,
    }),
  );
  await api.send(`/projects/${id}/imports?raw=1&name=notes.jsonl`, Buffer.from(rows.join('\n')));
  await until(
    () => api.get(`/projects/${id}/progress`),
    (p) => p.total === count,
  );
  return id;
}

/** Opens the desk of a project of `count` notes: `{ id, task }`. */
export async function notesDesk({ page, api, server }, count = 12) {
  const id = await addNotes(api, count);
  await page.goto(`${server.url}/projects/${id}/desk`);
  return { id, task: await openTask(page) };
}

/** Decides the open task, and returns the one that comes next (null: none). */
export async function decide({ page, hand }, task, key) {
  await hand.press(String(key), 'Enter');
  return openTask(page, task.id);
}

/** Waits until the server has as many decisions as `wanted`: `[key of the task, its topic]`. */
export async function arrived(api, id, wanted) {
  await until(
    () => api.get(`/projects/${id}/progress`),
    (p) => p.done >= wanted.length,
    60,
  );
  await exactly(api, id, wanted);
}

/** By the export each is there with its topic, by the history each was submitted once. */
async function exactly(api, id, wanted) {
  const lines = String(await api.download(`/projects/${id}/export?format=csv&decided=1`));
  const rows = lines.trim().split(/\r?\n/).slice(1);
  const found = rows.map((row) => [/note-\d+/.exec(row)[0], topics.find((t) => row.includes(t))]);
  const sorted = (pairs) => pairs.map((pair) => pair.join(' ')).sort();
  assert.deepEqual(sorted(found), sorted(wanted.map(([key, n]) => [key, topics[n - 1]])));
  const { items } = await api.get(`/projects/${id}/events?limit=200`);
  const submitted = items.filter(({ kind }) => kind === 'annotation.submitted');
  assert.equal(submitted.length, wanted.length, 'each was recorded once');
}
