// One arm of the comparison: a server, a project with drafts or without, every task done by the counting
// hand in the real desk, and the export compared with the truth.
import { readFileSync } from 'node:fs';
import { openBrowser } from '../../web/journeys/lib/browser.mjs';
import { openTask, primary } from '../../web/journeys/lib/desk.mjs';
import { startServer } from '../../web/journeys/lib/server.mjs';
import { until, wire } from '../../web/journeys/lib/wire.mjs';
import { doBoxes, faultOfBoxes } from './boxes.mjs';
import { doChoice } from './choices.mjs';
import { doSpans, faultOfSpans } from './spans.mjs';
import { CountingHand } from './counting-hand.mjs';

/** A draft that claims at least this of each of its regions is routine; nobody looked at the truth for that. */
const routineFrom = 0.8;

/** No person hands in ten tasks a second, and the desk is not asked to keep up with that. */
const leastPause = 250;

/** `{ tally, times, routine, undrafted, faults }`: `times` are seconds by task, `routine` are keys. */
export async function replay(set, withDrafts) {
  const server = await startServer();
  const seat = await openBrowser();
  try {
    await seat.page.goto(server.link);
    await seat.page.waitForURL(`${server.url}/`);
    const api = await wire(seat.context, server.url);
    const project = await prepare(set, withDrafts, {
      api,
      server,
      context: seat.context,
    });
    const hand = new CountingHand(seat.page, set.labels);
    await seat.page.goto(`${server.url}/projects/${project}/desk`);
    const { undrafted, scales, times } = await work(set, hand, withDrafts);
    const { faults, routine } = await check(set, api, project, scales);
    if (seat.errors.length) faults.push(`the page said: ${seat.errors[0]}`);
    return { tally: hand.tally, times, routine, undrafted, faults };
  } finally {
    await seat.browser.close();
    await server.stop();
  }
}

async function prepare(set, withDrafts, { api, server, context }) {
  const { id } = await api.post('/projects', {
    name: set.name,
    description: '',
    schema: set.schema,
    guideline: '',
  });
  const models = (await api.get(`/projects/${id}/models`)).items;
  for (const { id: model } of models)
    if (!withDrafts || set.bringsDrafts) await api.patch(`/models/${model}`, { enabled: false });
  if (set.kind === 'boxes') await importImages(set, withDrafts, { id, api, server, context });
  else await importTexts(set, withDrafts, { id, api });
  return id;
}

async function importImages(set, withDrafts, { id, api, server, context }) {
  const { csrf } = await api.get('/session');
  const { upload } = await api.post(`/projects/${id}/uploads`, {});
  const files = [...set.images].map(([name, path]) => [name, readFileSync(path)]);
  if (withDrafts && set.file) files.push(['detections.json', Buffer.from(set.file)]);
  for (const [name, bytes] of files) {
    const url = `${server.url}/api/v1/projects/${id}/uploads/${upload}/files?name=${name}`;
    const headers = {
      'X-CSRF-Token': csrf,
      'Content-Type': 'application/octet-stream',
    };
    const answer = await context.request.put(url, { headers, data: bytes });
    if (!answer.ok()) throw new Error(`${url}: ${await answer.text()}`);
  }
  const options = {
    format: withDrafts && set.file ? 'coco' : 'images',
    labels_are_drafts: true,
  };
  const job = await api.post(`/projects/${id}/imports`, { upload, options });
  await ended(api, job);
  if (withDrafts && !set.file)
    await until(
      () => api.get(`/projects/${id}/progress`),
      (p) => p.drafted === p.total,
    );
}

async function importTexts(set, withDrafts, { id, api }) {
  const send = async (name, lines) =>
    ended(api, await api.send(`/projects/${id}/imports?raw=1&name=${name}`, Buffer.from(lines)));
  if (withDrafts && set.learned) await send('learned.jsonl', set.learned);
  await send('tasks.jsonl', withDrafts ? (set.draftedTasks ?? set.tasks) : set.tasks);
  if (withDrafts)
    await until(
      () => api.get(`/projects/${id}/progress`),
      (p) => p.drafted >= set.items.length,
    );
}

async function ended(api, { id }) {
  const job = await until(
    () => api.get(`/jobs/${id}`),
    ({ state }) => ['done', 'dead', 'cancelled'].includes(state),
  );
  if (job.state !== 'done') throw new Error(`import: ${job.error}`);
}

async function work(set, hand, withDrafts) {
  const { page, tally } = hand;
  const golds = new Map(set.items.map((item) => [item.key, item]));
  const scales = new Map();
  const times = new Map();
  let undrafted = 0;
  let task = await openTask(page);
  while (task) {
    const item = golds.get(task.key);
    if (!item) throw new Error(`no truth is known of ${task.key}`);
    const hasDraft = (await primary(page)) === 'Accept draft';
    if (withDrafts && !hasDraft) undrafted += 1;
    tally.tasks += 1;
    const before = tally.acting;
    if (set.kind === 'boxes') {
      await page.waitForSelector('.image img');
      await hand.frame();
      scales.set(task.key, (await hand.view()).scale);
      await doBoxes(hand, item.gold, hasDraft);
    } else if (set.kind === 'spans') await doSpans(hand, item.gold, item.text, hasDraft);
    else await doChoice(hand, item.gold, item.text);
    times.set(task.key, tally.acting - before);
    await page.waitForTimeout(leastPause);
    task = await nextTask(page, task);
  }
  return { undrafted, scales, times };
}

async function nextTask(page, before) {
  try {
    return await openTask(page, before.id);
  } catch (error) {
    const said = await page.$$eval('[role="status"], .hint', (all) =>
      all.map(({ textContent }) => textContent.trim()).filter(Boolean),
    );
    throw new Error(`no task follows ${before.key}: ${said.join(' ') || error.message}`);
  }
}

/** What is wrong with the export, task by task, and which tasks had a draft that is sure of itself. */
async function check(set, api, project, scales) {
  await until(
    () => api.get(`/projects/${project}/progress`),
    (p) => p.leased === 0 && p.ready === 0,
  );
  const lines = String(await api.download(`/projects/${project}/export?format=jsonl&decided=1`));
  const rows = lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const exported = new Map(
    rows.map((row) => [row.key, row.annotations.find(({ current }) => current)?.regions ?? []]),
  );
  const routine = rows.filter(({ drafts }) => isSure(drafts?.at(-1))).map(({ key }) => key);
  const faults = [];
  for (const { key, gold } of set.items) {
    const regions = exported.get(key);
    const fault = regions ? faultOf(set, regions, gold, scales.get(key)) : 'it was not exported';
    if (fault) faults.push(`${key}: ${fault}`);
  }
  return { faults, routine };
}

function isSure(draft) {
  const claims = (draft?.regions ?? []).map(
    (region) => region.probability ?? region.confidence ?? 0,
  );
  return claims.length > 0 && Math.min(...claims) >= routineFrom;
}

function faultOf(set, regions, gold, scale) {
  if (set.kind === 'spans') return faultOfSpans(regions, gold);
  if (set.kind === 'choices') {
    const names = regions.flatMap(({ labels }) => labels).join(', ');
    return names === gold ? null : `"${names}" instead of "${gold}"`;
  }
  const boxes = regions.map(({ labels, x = 0, y = 0, width, height }) => ({
    label: labels[0],
    box: [x, y, width, height],
  }));
  return faultOfBoxes(boxes, gold, scale);
}
