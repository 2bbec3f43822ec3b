// Recordings: segments drawn, split, merged, labelled and written about by keyboard alone; words that follow
// playback; and hours that stay in hand. The export holds exactly what was on the screen.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { recordings } from './lib/data.mjs';
import { openTask, primary } from './lib/desk.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { imported, projectOf } from './lib/projects.mjs';
import { meeting } from './lib/schemas.mjs';
import { canSpeak, spoken, tones, turns } from './lib/sounds.mjs';
import { until } from './lib/wire.mjs';

/** Open on the desk, its waveform painted. */
async function openDesk({ page, server }, id) {
  await page.goto(`${server.url}/projects/${id}/desk`);
  const task = await openTask(page);
  await page.waitForSelector('[data-painted]');
  return task;
}

/** The segments of the list, in the order they are heard: "Ada 1-3 words". */
const onScreen = (page) =>
  page.$$eval('[data-row]', (rows) =>
    rows.map((row) => {
      const { label: name, place } = row.querySelector('[data-region]').dataset;
      const words = [...row.querySelectorAll('.words span')].map((word) => word.textContent);
      const written = row.querySelector('textarea')?.value ?? words.join(' ');
      return `${name} ${place.replace(' ', '-')} ${written}`.trim();
    }),
  );

async function exported(api, id, key) {
  const rows = await until(
    async () =>
      String(await api.download(`/projects/${id}/export?format=jsonl&decided=1`))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    (all) => all.some((row) => row.key === key),
    20,
  );
  return rows.find((row) => row.key === key).annotations.at(-1).regions;
}

/** The same lines as `onScreen`, of an export. */
function lines(regions, control = 'speakers') {
  const said = new Map(regions.flatMap(({ parent, text }) => (text ? [[parent, text]] : [])));
  return regions
    .filter(({ control: name }) => name === control)
    .sort((a, b) => (a.start ?? 0) - (b.start ?? 0))
    .map(({ id, labels, start = 0, end }) =>
      `${labels[0]} ${start}-${end} ${said.get(id) ?? ''}`.trim(),
    );
}

test(
  'a recording: segments drawn, labelled, split, merged and written by keyboard; the export holds them',
  { skip: cannot(true) },
  () =>
    withDesk(async (at) => {
      const { page, hand, api, errors } = at;
      const sound = tones(12, [
        [1, 3, 140],
        [4, 6, 230],
        [7, 10, 230],
      ]);
      const id = await projectOf(api, {
        name: 'meeting',
        schema: meeting,
        files: { 'meeting.wav': sound },
        count: 1,
      });
      const task = await openDesk(at, id);
      await audit(page, 'audio-empty');

      // From 1 to 3, from 4 to 6, from 7 to 10, by seconds and by r.
      await hand.press('.', 'r', '.', '.');
      assert.deepEqual(await onScreen(page), []);
      await hand.press('r', '2');
      await hand.press('Escape', '.', 'r', '.', '.', 'r', '1');
      await hand.press('Escape', '.', 'r', '.', '.', '.', 'r');
      assert.deepEqual(await onScreen(page), ['Grace 1-3', 'Ada 4-6', 'Ada 7-10']);

      // The last one is split at 9, its first half ends a little later, the rest is noise.
      await hand.press(',', 's');
      assert.deepEqual((await onScreen(page)).slice(2), ['Ada 7-9', 'Ada 9-10']);
      await hand.press('ArrowDown', '3', 'ArrowUp', 'Alt+Shift+ArrowRight', 'Alt+Shift+ArrowRight');
      assert.deepEqual((await onScreen(page)).slice(2), ['Ada 7-9.02', 'noise 9-10']);

      // Ada's two become one, past nothing of hers; undone and done again.
      await hand.press('ArrowUp', 'm');
      const merged = ['Grace 1-3', 'Ada 4-9.02', 'noise 9-10'];
      assert.deepEqual(await onScreen(page), merged);
      await hand.press('Control+z');
      assert.equal((await onScreen(page)).length, 4);
      await hand.press('Control+Shift+z');
      assert.deepEqual(await onScreen(page), merged);

      // What is said: letters that are keys elsewhere are text here; Enter goes on to the next in time.
      await hand.press('ArrowUp', 'e');
      await hand.type('Marks, sums & xylophones');
      await hand.press('Enter');
      await hand.type('Nanosecond 1.5');
      await page.waitForFunction(() => document.activeElement?.value === 'Nanosecond 1.5');
      await audit(page, 'audio-writing');
      await hand.press('Escape');

      // One more, and dropped again: what was dropped is not exported.
      await hand.press('Escape', 'End', 'r', ',', 'r', 'n');

      // The player, by keys.
      await hand.press('>');
      assert.match(await page.getByTestId('speed').innerText(), /1\.25/);
      await hand.press('Home', 'Space');
      await page.waitForSelector('[data-playing]');
      await page.waitForFunction(() => document.querySelector('.clock').textContent !== '0:00.00');
      await hand.press('Space');
      await page.waitForSelector('[data-playing]', { state: 'detached' });
      await hand.press('<');

      // A reload brings it all back.
      const before = await onScreen(page);
      assert.deepEqual(before, [
        'Grace 1-3 Marks, sums & xylophones',
        'Ada 4-9.02 Nanosecond 1.5',
        'noise 9-10',
      ]);
      await page.waitForSelector('[data-saved="there"]');
      await page.reload();
      await page.waitForSelector('[data-painted]');
      assert.deepEqual(await onScreen(page), before);

      await hand.press('1');
      await hand.press('Control+Enter');
      await page.waitForSelector('[data-testid="nothing"]');
      assert.deepEqual(lines(await exported(api, id, task.key)), before);
      assert.deepEqual(errors, []);
    }),
);

test(
  'words of a draft follow playback, lead to their place, and keep their times when the text is edited',
  { skip: cannot(true) },
  () =>
    withDesk(async (at) => {
      const { page, hand, api, errors } = at;
      const words = [
        { text: 'grace', start: 1, end: 1.5, confidence: 0.95 },
        { text: 'hoper', start: 1.6, end: 2, confidence: 0.31 },
        { text: 'speaks', start: 2.2, end: 2.9, confidence: 0.9 },
      ];
      const regions = [
        segment('s1', 'Grace', 1, 3, 0.7),
        {
          id: 't1',
          control: 'said',
          kind: 'text',
          parent: 's1',
          text: 'grace hoper speaks',
          words,
          confidence: 0.8,
        },
        segment('s2', 'Ada', 4, 6, 0.55),
      ];
      const { id, task } = await drafted(at, regions);
      assert.deepEqual(await onScreen(page), ['Grace 1-3 grace hoper speaks', 'Ada 4-6']);
      assert.equal(await page.locator('.unsure').innerText(), 'hoper');

      // The least certain first, then the one with the words.
      await hand.press('Tab');
      assert.equal(await inFocus(page), 'Ada');
      await hand.press('Tab');
      assert.equal(await inFocus(page), 'Grace');
      assert.equal(await page.locator('[data-now]').innerText(), 'grace');
      await page.getByText('speaks', { exact: true }).click();
      assert.equal(await page.locator('[data-now]').innerText(), 'speaks');
      await audit(page, 'audio-words');

      await hand.press('e', 'End', 'Control+ArrowLeft', 'Control+Shift+ArrowLeft');
      await hand.type('Hopper ');
      await hand.press('Escape', 'Control+Enter');
      await page.waitForSelector('[data-testid="nothing"]');
      const said = (await exported(api, id, task.key)).find(({ id: one }) => one === 't1');
      assert.equal(said.text, 'grace Hopper speaks');
      assert.deepEqual(
        said.words.map(({ text, start, end }) => [text, start, end]),
        [
          ['grace', 1, 1.5],
          ['Hopper', 1.6, 2],
          ['speaks', 2.2, 2.9],
        ],
      );
      assert.deepEqual(errors, []);
    }),
);

const segment = (id, name, start, end, confidence) => ({
  id,
  control: 'speakers',
  kind: 'segments',
  labels: [name],
  start,
  end,
  confidence,
});
const inFocus = (page) => page.$eval('[data-region][aria-current]', (row) => row.dataset.label);

/** A project of one drafted recording, open. One in fifty is a blind control: then another is made. */
async function drafted(at, regions, sound = tones(8, [[1, 3, 200]])) {
  for (let turn = 1; ; turn += 1) {
    const name = `talk-${turn}.wav`;
    const audio = { name };
    const row = {
      key: name,
      data: { audio: name },
      audio,
      drafts: [{ model: 'listener', regions }],
    };
    const id = await projectOf(at.api, {
      name: `talk ${turn}`,
      schema: meeting,
      files: { [name]: sound },
      rows: [row],
      count: 1,
    });
    const task = await openDesk(at, id);
    if ((await primary(at.page)) === 'Accept draft' || turn === 4) return { id, task };
  }
}

test(
  'an hour with a thousand segments scrolls and plays on, and only what is in sight is drawn',
  { skip: cannot(true) },
  () =>
    withDesk(async (at) => {
      const { page, hand, errors } = at;
      const parts = turns(3600, 3.5);
      const regions = parts.map(([start, end], i) =>
        segment(`s${i}`, i % 2 ? 'Ada' : 'Grace', rounded(start), rounded(end), 0.9),
      );
      await drafted(at, regions, tones(3600, parts));
      const most = await mostRowsWhileScrolling(page);
      assert.ok(most > 4 && most < 80, `${most} rows are drawn`);
      const counted = await page.getByTestId('region-count').innerText();
      assert.equal(counted.replace(',', ''), `${parts.length}`);
      await hand.press('End', '+', '+', '+', 'ArrowUp');
      assert.equal(
        await page.$eval('[data-region][aria-current]', (row) => row.dataset.region),
        `s${parts.length - 1}`,
      );
      await audit(page, 'audio-hour');
      assert.deepEqual(errors, []);
    }),
);

const rounded = (time) => Math.round(time * 1000) / 1000;

const mostRowsWhileScrolling = (page) =>
  page.evaluate(async () => {
    const list = document.querySelector('[data-row]').closest('ul');
    let most = 0;
    for (let part = 0; part < 30; part += 1) {
      list.scrollTop = (list.scrollHeight * part) / 30;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      most = Math.max(most, document.querySelectorAll('[data-row]').length);
    }
    return most;
  });

/** Waits until the desk says so, and fails with what it says instead. */
async function status(page, words) {
  const said = () => page.getByTestId('desk-status').textContent();
  await until(said, (text) => text.includes(words), 20);
}
const talk = [
  [
    'slt',
    'Good morning everybody, I would like to begin with the numbers of the last three months, which were better than we thought.',
  ],
  [
    'rms',
    'Thank you. Before we do that, could somebody tell me who is going to write the minutes today, and who will read them?',
  ],
  [
    'slt',
    'I can write them, as long as nobody minds that I send them around on Monday or Tuesday of next week, not earlier.',
  ],
  [
    'rms',
    'That is quite early enough. The second point is the harbour, where nothing has moved at all since the end of summer.',
  ],
  [
    'slt',
    'They are waiting for a letter from us, and the letter is waiting for a signature from somebody who works upstairs.',
  ],
  [
    'rms',
    'Then please walk up the stairs after this meeting, and do not come down again without that signature in your hands.',
  ],
];

test(
  'voices: named once a segment of each is; written words get their times; one step takes either back',
  { skip: cannot(true) || (!canSpeak && 'there is no flite: install the package flite') },
  () =>
    withDesk(async (at) => {
      const { page, hand, api, errors } = at;
      const { sound, places } = spoken(talk);
      assert.ok(places.every(([start, end]) => end - start > 5.5));
      // One name for everybody, as a draft has it that cannot tell them apart; the last words are cut off.
      const [last, cut] = [places.at(-1), places.at(-1)[1] - 0.4];
      const parts = [...places.slice(0, -1), [last[0], cut], [cut, last[1]]];
      const regions = parts.map(([start, end], i) =>
        segment(`s${i}`, 'Ada', rounded(start), rounded(end), 0.6),
      );
      const { id, task } = await drafted(at, regions, sound);
      const names = () => page.$$eval('[data-region]', (all) => all.map((x) => x.dataset.label));
      const everybody = regions.map(() => 'Ada');
      await hand.press('v');
      await status(page, 'No segment has its speaker from you yet');
      await audit(page, 'audio-voices-none');
      assert.deepEqual(await names(), everybody);

      // The first is Ada, kept, which leads on to the second: Grace. The others follow.
      await hand.press('Home', 'ArrowDown', 'y', '2');
      await hand.press('v');
      await status(page, 'By voice: 2 renamed, 2 confirmed, 1 left alone (1 too short)');
      const named = 'Ada Grace Ada Grace Ada Grace Ada'.split(' ');
      assert.deepEqual(await names(), named);
      await page.getByText('By voice: too little speech to tell').waitFor();
      await audit(page, 'audio-voices-named');
      await hand.press('Control+z');
      assert.deepEqual(await names(), 'Ada Grace Ada Ada Ada Ada Ada'.split(' '));
      await hand.press('Control+Shift+z');
      assert.deepEqual(await names(), named);

      // What the first says is written, and its words are timed.
      await hand.press('Escape', 'Home', 'ArrowDown', 'e');
      await hand.type(talk[0][1]);
      await hand.press('Escape', 'w');
      await status(page, 'Words timed, texts: 1');
      await page.getByText('numbers', { exact: true }).click();
      assert.equal(await page.locator('[data-now]').innerText(), 'numbers');
      await audit(page, 'audio-words-timed');
      await hand.press('Control+Enter');
      await page.waitForSelector('[data-testid="nothing"]');

      const answer = await exported(api, id, task.key);
      const speakers = answer.filter(({ kind }) => kind === 'segments');
      assert.deepEqual(
        speakers.sort((a, b) => a.start - b.start).map(({ labels }) => labels[0]),
        named,
      );
      const { words } = answer.find(({ kind }) => kind === 'text');
      assert.deepEqual(
        words.map(({ text }) => text),
        talk[0][1].split(' '),
      );
      let before = places[0][0];
      for (const { start, end } of words) {
        assert.ok(start >= before - 0.001 && end > start, 'one after the other');
        before = end;
      }
      assert.ok(before <= places[0][1] + 0.05);
      assert.deepEqual(
        errors.map((error) => /status of (\d+)/.exec(error)?.[1] ?? error),
        ['422'],
        'the first question was refused, and nothing else',
      );
    }),
);

const given = recordings('agent-user.wav', 'conf-onlyperson.wav', 'vm-mismatch.wav');

test(
  'a folder of recordings: drafted with speakers and words, corrected by keyboard; the TextGrid holds it',
  { skip: cannot(given) },
  () =>
    withDesk(async (at) => {
      const { page, hand, api, server, errors } = at;
      const { items } = await api.get('/templates');
      const template = items.find(({ name }) => name === 'audio-speakers');
      const policy = { blind_share: 0.02, show_from: 0.5, lease_minutes: 30, overlap: 1 };
      const { schema } = template;
      const { id } = await api.post('/projects', { name: 'Calls', schema, policy });
      await page.goto(`${server.url}/projects/${id}/import`);
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        hand.choose(/folder/i),
      ]);
      await chooser.setFiles(given.folder);
      await hand.choose(/^(start|import|send)/i);
      await until(
        () => api.get(`/projects/${id}/progress`),
        (now) => now.total === given.truth.size && now.drafted === given.truth.size,
      );

      await page.goto(`${server.url}/projects/${id}/desk`);
      const screens = new Map();
      let corrected = false;
      for (let task = await openTask(page); task; task = await openTask(page, task.id)) {
        await page.waitForSelector('[data-painted]');
        const isDrafted = /draft/.test(await primary(page));
        if (!corrected) await audit(page, isDrafted ? 'audio-drafted' : 'audio-blind');
        if ((await primary(page)) === 'Show unsure draft') await hand.press('Enter');
        await hand.press('t');
        if (isDrafted) {
          const shown = await onScreen(page);
          assert.match(shown[0], /^Speaker 1 [\d.]+-[\d.]+ \w+/, 'a turn of somebody, with words');
          if (!corrected) await correct(at, given.truth.get(task.key));
          corrected = true;
        }
        screens.set(task.key, await onScreen(page));
        await hand.press('Control+Enter');
      }
      assert.ok(corrected, 'a draft came to the desk');

      // Out as TextGrid, and in again elsewhere: the same turns with the same words.
      const grids = await until(
        () => api.download(`/projects/${id}/export?format=textgrid&decided=1`),
        (bytes) => bytes.length > 200,
        20,
      );
      const files = Object.fromEntries(
        [...given.truth.keys()].map((name) => [name, readFileSync(join(given.folder, name))]),
      );
      const again = await projectOf(api, {
        name: 'read back',
        schema,
        files,
        count: given.truth.size,
      });
      const zip = `/projects/${again}/imports?raw=1&name=grids.zip`;
      await imported(api, await api.send(zip, grids), given.truth.size);
      const rows = String(await api.download(`/projects/${again}/export?format=jsonl`))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      const read = Object.fromEntries(
        rows.map(({ key, annotations }) => [
          key.split('/').pop(),
          lines(annotations.at(-1)?.regions ?? [], 'speaker'),
        ]),
      );
      const seen = [...screens].map(([key, rows]) => [key.split('/').pop(), rows]);
      assert.deepEqual(read, Object.fromEntries(seen));
      assert.deepEqual(errors, []);
    }),
);

/** What is drafted becomes two turns with the words of the truth, by every key that mends. */
async function correct({ page, hand }, truth) {
  const placeOf = async () =>
    (await page.$eval('[data-region][aria-current]', (row) => row.dataset.place))
      .split(' ')
      .map(Number);
  // The turns of the draft become one: merged where they follow each other.
  await hand.press('Home', 'ArrowDown');
  for (let n = (await onScreen(page)).length; n > 1; n -= 1) {
    await hand.press('ArrowDown', '1', 'ArrowUp', 'm');
    assert.equal((await onScreen(page)).length, n - 1);
  }
  // Its end a hundredth later, and back a hundredth earlier.
  const [start, end] = await placeOf();
  await hand.press('Alt+Shift+ArrowLeft', 'Alt+Shift+ArrowLeft', 'Alt+Shift+ArrowRight');
  assert.ok(Math.abs((await placeOf())[1] - (end - 0.01)) < 0.002);
  // Heard again and again, slower, from a second before.
  await hand.press('<', 'p');
  assert.match(await page.getByTestId('speed').innerText(), /0\.75/);
  await page.waitForSelector('[data-playing]');
  await hand.press('Space', 'p', '>', 'Home', '.', '.', ',');
  await page.waitForSelector('[data-playing]', { state: 'detached' });
  assert.match(await page.locator('.clock').first().innerText(), /^0:01\.00/);
  // Somebody else speaks from the first second on.
  await hand.press('s', 'ArrowDown', '2');
  const [first, second] = await onScreen(page);
  assert.match(first, new RegExp(`^Speaker 1 ${start}-1\\b`));
  assert.match(second, /^Speaker 2 1-/);
  const words = truth.split(' ');
  await hand.press('ArrowUp', 'e', 'Control+a');
  await hand.type(words.slice(0, 2).join(' '));
  await hand.press('Enter', 'Control+a');
  await hand.type(words.slice(2).join(' '));
  await hand.press('Escape');
  const [one, other] = await onScreen(page);
  assert.ok(one.endsWith(` ${words.slice(0, 2).join(' ')}`), one);
  assert.ok(other.endsWith(` ${words.slice(2).join(' ')}`), other);
  await audit(page, 'audio-corrected');
}
