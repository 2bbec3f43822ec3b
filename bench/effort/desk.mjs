// One arm of the comparison: a server, a project with drafts or without, every task done by the counting
// hand in the real desk, and the export compared with the truth.
import { readFileSync } from 'node:fs';
import { openBrowser } from '../../web/journeys/lib/browser.mjs';
import { openTask, primary } from '../../web/journeys/lib/desk.mjs';
import { startServer } from '../../web/journeys/lib/server.mjs';
import { until, wire } from '../../web/journeys/lib/wire.mjs';
import { doBatches } from './batches.mjs';
import { doBoxes, faultOfBoxes } from './boxes.mjs';
import { doChoice } from './choices.mjs';
import { doSpans, faultOfSpans } from './spans.mjs';
import { doTranscript, faultOfTranscript } from './transcripts.mjs';
import { CountingHand } from './counting-hand.mjs';

/** Tasks at the desk before a look at whether there are batches again. */
const deskTurn = 25;

/** No person hands in ten tasks a second, and the desk is not asked to keep up with that. */
const leastPause = 250;

/**
 * `{ tally, times, batched, undrafted, faults, left }`: `times` are seconds by task; `batched` says of tasks that came
 * in a batch whether they were marked there; `left` are faults that a cell of the grid does not show.
 */
export async function replay(set, withDrafts) {
  const server = await startServer(set.serverArguments);
  let disconnect;
  const seat = await openBrowser();
  try {
    await seat.page.goto(server.link);
    await seat.page.waitForURL(`${server.url}/`);
    const api = await wire(seat.context, server.url);
    const project = await makeProject(set, withDrafts, api);
    if (withDrafts) disconnect = await set.connect?.(api, project);
    await importItems(set, withDrafts, { id: project, api, server, context: seat.context });
    const hand = new CountingHand(seat.page, set.labels);
    const session = new Session(set, hand, withDrafts);
    await session.workFrom(`${server.url}/projects/${project}`);
    const { batched, times, undrafted } = session;
    const wrong = await check(set, api, project, session.scales);
    const passed = ({ key }) => batched.get(key)?.marked === false;
    const faults = wrong.filter((one) => !passed(one)).map(({ key, fault }) => `${key}: ${fault}`);
    if (seat.errors.length) faults.push(`the page said: ${seat.errors[0]}`);
    return { tally: hand.tally, times, batched, undrafted, faults, left: wrong.filter(passed) };
  } finally {
    await seat.browser.close();
    await server.stop();
    await disconnect?.();
  }
}

async function makeProject(set, withDrafts, api) {
  const { id } = await api.post('/projects', {
    name: set.name,
    description: '',
    schema: set.schema,
    guideline: '',
  });
  const models = (await api.get(`/projects/${id}/models`)).items;
  for (const { id: model } of models)
    if (!withDrafts || set.bringsDrafts) await api.patch(`/models/${model}`, { enabled: false });
  return id;
}

const imports = { boxes: importImages, transcripts: importRecordings };
const importItems = (set, withDrafts, at) => (imports[set.kind] ?? importTexts)(set, withDrafts, at);

/** Files by name, those that are read last. */
async function upload({ id, api, server, context }, files, options) {
  const { csrf } = await api.get('/session');
  const { upload } = await api.post(`/projects/${id}/uploads`, {});
  for (const [name, bytes] of files) {
    const url = `${server.url}/api/v1/projects/${id}/uploads/${upload}/files?name=${name}`;
    const headers = {
      'X-CSRF-Token': csrf,
      'Content-Type': 'application/octet-stream',
    };
    const answer = await context.request.put(url, { headers, data: bytes });
    if (!answer.ok()) throw new Error(`${url}: ${await answer.text()}`);
  }
  await ended(api, await api.post(`/projects/${id}/imports`, { upload, options }));
}
const contents = (paths) => [...paths].map(([name, path]) => [name, readFileSync(path)]);
const drafted = ({ id, api }, enough) => until(() => api.get(`/projects/${id}/progress`), enough, 900);

async function importImages(set, withDrafts, at) {
  const files = contents(set.images);
  if (withDrafts && set.file) files.push(['detections.json', Buffer.from(set.file)]);
  await upload(at, files, {
    format: withDrafts && set.file ? 'coco' : 'images',
    labels_are_drafts: true,
  });
  if (withDrafts && !set.file) await drafted(at, (p) => p.drafted === p.total);
}

/** Those that are reviewed first, so that the rest is drafted with what they teach. */
async function importRecordings(set, withDrafts, at) {
  if (withDrafts) {
    const { media, name, lines } = set.reviewed;
    await upload(at, [...contents(media), [name, Buffer.from(lines)]], { format: 'asr-manifest' });
    const models = () => at.api.get(`/projects/${at.id}/models`);
    await until(models, ({ items }) => items.some(({ version }) => version), 900);
  }
  await upload(at, contents(set.media), { format: set.format });
  if (withDrafts) await drafted(at, (p) => p.drafted >= set.items.length);
}

async function importTexts(set, withDrafts, { id, api }) {
  const send = async (name, lines) =>
    ended(api, await api.send(`/projects/${id}/imports?raw=1&name=${name}`, Buffer.from(lines)));
  if (withDrafts && set.learned) await send('learned.jsonl', set.learned);
  await send('tasks.jsonl', withDrafts ? (set.draftedTasks ?? set.tasks) : set.tasks);
  if (withDrafts) await drafted({ id, api }, (p) => p.drafted >= set.items.length);
}

async function ended(api, { id }) {
  const job = await until(
    () => api.get(`/jobs/${id}`),
    ({ state }) => ['done', 'dead', 'cancelled'].includes(state),
  );
  if (job.state !== 'done') throw new Error(`import: ${job.error}`);
}

/** What a person does with a project until nothing is left: batches first, the desk for the rest. */
class Session {
  batched = new Map();
  scales = new Map();
  times = new Map();
  undrafted = 0;
  #items;

  constructor(set, hand, withDrafts) {
    this.set = set;
    this.hand = hand;
    this.withDrafts = withDrafts;
    this.#items = new Map(set.items.map((item) => [item.key, item]));
  }

  async workFrom(url) {
    const { page } = this.hand;
    const hasBatches = this.withDrafts && ['boxes', 'choices', 'spans'].includes(this.set.kind);
    await page.goto(`${url}/${hasBatches ? 'batch' : 'desk'}`);
    if (hasBatches) await this.#batches();
    else return void (await this.#desk(Infinity));
    for (;;) {
      await this.#go('start la', 'desk');
      if (!(await this.#desk(deskTurn))) return;
      await this.#go('in bat', 'batch');
      await this.#batches();
    }
  }

  /** By the palette, as nothing else needs fewer keys. */
  async #go(typed, screen) {
    this.hand.tally.decide();
    await this.hand.press('Control+k');
    await this.hand.page.waitForSelector('dialog[open] input');
    await this.hand.type(typed);
    await this.hand.press('Enter');
    await this.hand.page.waitForURL(`**/${screen}`);
  }

  async #batches() {
    const judged = await doBatches(this.hand, this.set.kind, this.#items);
    for (const [key, { spent, marked }] of judged) {
      this.batched.set(key, { marked });
      this.#spend(key, spent);
    }
  }

  /** Whether tasks are left after that many. */
  async #desk(most) {
    const { page, tally } = this.hand;
    let task = await openTask(page);
    for (let done = 0; task; done += 1) {
      if (done === most) return true;
      const before = tally.effort;
      await this.#doTask(task);
      this.#spend(task.key, tally.effort - before);
      tally.tasks += 1;
      await page.waitForTimeout(leastPause);
      task = await nextTask(page, task);
    }
    return false;
  }

  async #doTask({ key }) {
    const { hand, set } = this;
    const item = this.#items.get(key);
    if (!item) throw new Error(`no truth is known of ${key}`);
    const hasDraft = /draft/.test(await primary(hand.page));
    if (this.withDrafts && !hasDraft) this.undrafted += 1;
    if (set.kind === 'spans') return doSpans(hand, item.gold, item.text);
    if (set.kind === 'choices') return doChoice(hand, item.gold, item.text);
    if (set.kind === 'transcripts') return doTranscript(hand, item);
    await hand.page.waitForSelector('.image img');
    await hand.frame();
    this.scales.set(key, (await hand.view()).scale);
    return doBoxes(hand, item.gold, hasDraft);
  }

  #spend(key, seconds) {
    this.times.set(key, (this.times.get(key) ?? 0) + seconds);
  }
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

/** What is wrong with the export, task by task. */
async function check(set, api, project, scales) {
  await until(
    () => api.get(`/projects/${project}/progress`),
    (p) => p.leased === 0 && p.ready === 0,
  );
  const lines = String(await api.download(`/projects/${project}/export?format=jsonl&decided=1`));
  const exported = new Map(
    lines
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .map((row) => [row.key, row.annotations.find(({ current }) => current)?.regions ?? []]),
  );
  return set.items.flatMap(({ key, gold }) => {
    const regions = exported.get(key);
    const fault = regions ? faultOf(set, regions, gold, scales.get(key)) : 'it was not exported';
    return fault ? [{ key, fault }] : [];
  });
}

function faultOf(set, regions, gold, scale) {
  if (set.kind === 'spans') return faultOfSpans(regions, gold);
  if (set.kind === 'transcripts') return faultOfTranscript(regions, gold);
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
