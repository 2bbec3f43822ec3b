// Texts with spans, relations and questions about each span, and answers that are rated and written about:
// by keyboard alone. The export holds exactly what was on the screen, in code points.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { openTask, primary } from './lib/desk.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { book } from './lib/schemas.mjs';
import { until } from './lib/wire.mjs';

const label = (name, more = {}) => ({
  name,
  hotkey: '',
  color: '',
  guideline: '',
  aliases: [],
  ...more,
});
const control = (name, kind, title, labels, more = {}) => ({
  name,
  kind,
  title,
  multiple: false,
  required: false,
  labels: labels.map((one) => label(one)),
  ...more,
});

const letters = {
  modality: 'text',
  source: 'text',
  controls: [
    control('entities', 'spans', 'Mark the names', ['Person', 'Organisation', 'Place']),
    control('relations', 'relations', 'Join the names', ['works for', 'based in']),
    control('certainty', 'choices', 'How sure are you?', ['certain', 'likely', 'a guess'], {
      per_region: true,
      required: true,
    }),
  ],
};

const ada =
  '👩‍🚀 Ada Lovelace wrote to the University of Leeds about the Cafe\u0301 Noe\u0308l. ' +
  'Nobody there had heard of her, so Ada Lovelace sent a photograph 📷 and waited.\n\n' +
  'The University of Leeds answered in שלום עולם and in English: Grace Hopper, who works for ' +
  'Acme in New York, had already taken the place.';

const oslo = 'Nothing of note happened in Oslo today.';

/** Code points, as the wire counts. */
function place(text, part, from = 0) {
  const units = text.indexOf(part, from);
  const start = [...text.slice(0, units)].length;
  return { start, end: start + [...part].length, text: part };
}
const span = (id, text, part, name, probability) => ({
  id,
  control: 'entities',
  kind: 'spans',
  labels: [name],
  ...place(text, part),
  confidence: probability,
});

const drafts = {
  ada: [
    span('d1', ada, 'Ada Lovelace', 'Person', 0.97),
    span('d2', ada, 'University of', 'Organisation', 0.55),
    span('d3', ada, 'Grace Hopper', 'Person', 0.93),
    span('d4', ada, 'Acme', 'Organisation', 0.88),
  ],
  oslo: [
    span('o1', oslo, 'Oslo', 'Place', 0.99),
    {
      id: 'o2',
      control: 'certainty',
      kind: 'choices',
      labels: ['certain'],
      parent: 'o1',
      confidence: 0.9,
    },
  ],
};

/** The rows of the region list: `{ id, label, place, words }`. */
async function rowsOnScreen(page) {
  return page.$$eval('[data-region]', (rows) =>
    rows.map((row) => ({
      id: row.dataset.region,
      label: row.dataset.label,
      place: row.dataset.place,
      words: row.querySelector('.words')?.textContent ?? '',
    })),
  );
}
const inFocus = (page) =>
  page.$eval('[data-region][aria-current]', (row) => ({
    label: row.dataset.label,
    words: row.querySelector('.words')?.textContent ?? '',
  }));

/** From the top of the list, Tab until the row with these words is in focus. */
async function goTo(page, hand, words, most = 20) {
  await hand.press('Escape');
  for (let i = 0; i < most; i += 1) {
    await hand.press('Tab');
    const now = await page.$('[data-region][aria-current]');
    if (now && (await inFocus(page)).words === words) return;
  }
  assert.fail(`no Tab leads to the row of "${words}"`);
}

async function projectOf({ api }, name, schema, rows) {
  const policy = { blind_share: 0.02, show_from: 0.5, lease_minutes: 30, overlap: 1 };
  const asked = { name, description: '', schema, guideline: '', policy };
  const { id } = await api.post('/projects', asked);
  const lines = rows.map((row) => JSON.stringify({ countersign: 1, ...row })).join('\n');
  await api.send(`/projects/${id}/imports?raw=1&name=texts.jsonl`, Buffer.from(lines));
  const drafted = rows.filter((row) => row.drafts).length;
  await until(
    () => api.get(`/projects/${id}/progress`),
    (progress) => progress.total === rows.length && progress.drafted === drafted,
  );
  return id;
}

/** A project of one drafted text, open on the desk. One in fifty is a blind control: then another is made. */
async function draftedDesk(at, name, schema, text, regions) {
  for (let turn = 1; ; turn += 1) {
    const row = { key: `${name} ${turn}`, data: { text }, drafts: [{ model: 'tagger', regions }] };
    const id = await projectOf(at, name, schema, [row]);
    await at.page.goto(`${at.server.url}/projects/${id}/desk`);
    const task = await openTask(at.page);
    if ((await primary(at.page)) === 'Accept draft' || turn === 4) return { id, task };
  }
}

const openNow = (page) =>
  page.evaluate(() => document.querySelector('[data-task]')?.getAttribute('data-task'));

async function exported(api, id) {
  const file = String(await api.download(`/projects/${id}/export?format=jsonl&decided=1`));
  return new Map(
    file
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map((row) => [row.key, row]),
  );
}

test(
  'letters: spans, a nested one, a relation and answers about each, by keyboard; the export holds them',
  { skip: cannot(true) },
  () =>
    withDesk(async (at) => {
      const { page, hand, api, errors } = at;
      const simple = await draftedDesk(at, 'oslo', letters, oslo, drafts.oslo);
      await hand.press('Enter');
      const kept = await exportedRegions(api, simple.id, simple.task.key);
      assert.deepEqual(kept.map(({ labels }) => labels[0]).sort(), ['Place', 'certain']);

      const { id, task } = await draftedDesk(at, 'ada', letters, ada, drafts.ada);
      await page.waitForSelector('svg [data-span]');
      await audit(page, 'desk-spans');

      // The least certain first: its end a word later, its answer.
      await hand.press('Tab');
      assert.equal((await inFocus(page)).words, 'University of');
      await hand.press('Alt+ArrowRight', 'Alt+Shift+ArrowLeft', 'Alt+Shift+ArrowRight');
      assert.equal((await inFocus(page)).words, 'University of Leeds');
      await hand.press('q', '1');

      // A place inside it: words are walked to from the span in focus.
      await hand.press('ArrowRight', 'ArrowLeft', '3');
      assert.deepEqual(await inFocus(page), { label: 'Place', words: 'Leeds' });
      await hand.press('q', '2');

      // The other University of Leeds, in one step, undone and done again.
      await goTo(page, hand, 'University of Leeds');
      const before = (await rowsOnScreen(page)).length;
      await hand.press('o');
      assert.equal((await rowsOnScreen(page)).length, before + 1);
      await hand.press('Control+z');
      assert.equal((await rowsOnScreen(page)).length, before);
      await hand.press('Control+Shift+z');
      assert.equal((await rowsOnScreen(page)).length, before + 1);

      // Grace Hopper works for Acme: from her, aim with Tab, join with the key of the relation.
      await goTo(page, hand, 'Grace Hopper');
      await hand.press('j', 'Tab', '1');
      const relation = await inFocus(page);
      assert.deepEqual(relation, { label: 'works for', words: 'Grace Hopper → Acme' });
      await audit(page, 'desk-relation');

      // Words selected with Shift from nothing; then dropped, with what hangs on it.
      await goTo(page, hand, 'Ada Lovelace');
      await hand.press('Shift+ArrowRight', '1');
      assert.equal((await inFocus(page)).words, 'Ada Lovelace wrote');
      await hand.press('n');

      // Submit is refused until each span has its answer; what is missing is in turn.
      for (let more = 0; more < 10; more += 1) {
        await hand.press('Control+Enter');
        await page.waitForTimeout(150);
        if ((await openNow(page)) !== task.id) break;
        await page.waitForSelector('[data-in-turn]');
        await hand.press('1');
      }
      const known = new Map((await exportedRegions(api, id, task.key)).map((r) => [r.id, r]));
      const spans = [...known.values()].filter(({ kind }) => kind === 'spans');
      const cut = ({ start, end }) => [...ada].slice(start, end).join('');
      for (const one of spans) assert.equal(one.text, cut(one));
      assert.deepEqual(spans.map(({ labels, text }) => `${labels[0]}: ${text}`).sort(), [
        'Organisation: Acme',
        'Organisation: University of Leeds',
        'Organisation: University of Leeds',
        'Person: Ada Lovelace',
        'Person: Grace Hopper',
        'Place: Leeds',
      ]);
      const [joined] = [...known.values()].filter(({ kind }) => kind === 'relations');
      assert.deepEqual(
        [joined.labels[0], known.get(joined.from).text, known.get(joined.to).text],
        ['works for', 'Grace Hopper', 'Acme'],
      );
      const answers = [...known.values()].filter(({ control: name }) => name === 'certainty');
      assert.equal(answers.length, spans.length);
      assert.equal(
        answers.find(({ parent }) => known.get(parent).text === 'Leeds').labels[0],
        'likely',
      );
      assert.deepEqual(errors, []);
    }),
);

async function exportedRegions(api, id, key) {
  const row = (
    await until(
      () => exported(api, id),
      (rows) => rows.has(key),
      20,
    )
  ).get(key);
  return row.annotations.at(-1).regions.map((region) => ({ kind: kindOf(region), ...region }));
}
/** Compact regions leave their kind to the control. */
const kindOf = ({ control: name }) =>
  letters.controls.find((one) => one.name === name)?.kind ?? 'choices';

const review = {
  modality: 'text',
  source: 'text',
  controls: [
    control('quality', 'rating', 'How good is the answer?', ['1', '2', '3', '4', '5'], {
      required: true,
    }),
    control(
      'faults',
      'choices',
      'What is wrong with it?',
      ['Wrong facts', 'Incomplete', 'Unclear'],
      {
        multiple: true,
      },
    ),
    control('better', 'text', 'What would be right?', [], { required: true }),
  ],
};

test(
  'answers: rated, their faults named and a note written, without a key that goes astray',
  { skip: cannot(true) },
  () =>
    withDesk(async (at) => {
      const { page, hand, api, server, errors } = at;
      const rows = ['How far is the moon?\n\nAbout 38 km.', 'What is 2 + 2?\n\n4, of course.'].map(
        (text, turn) => ({ key: `a${turn}`, data: { text } }),
      );
      const id = await projectOf(at, 'answers', review, rows);
      await page.goto(`${server.url}/projects/${id}/desk`);
      const task = await openTask(page);
      await hand.press('Control+Enter');
      await page.waitForSelector('.hint');
      await hand.press('2', 'q', '1', '3', 'q');
      await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
      const note = 'xanq 1 – 384 400 km 🌙';
      await hand.type(note);
      await audit(page, 'desk-answers');
      await hand.press('Control+Enter');
      await openTask(page, task.id);
      const found = await until(
        () => exported(api, id),
        (decided) => decided.has(task.key),
        20,
      );
      const { regions } = found.get(task.key).annotations.at(-1);
      const of = (name) => regions.filter((region) => region.control === name);
      assert.deepEqual(of('quality')[0].labels, ['2']);
      assert.deepEqual(of('faults')[0].labels, ['Wrong facts', 'Unclear']);
      assert.equal(of('better')[0].text, note);
      assert.equal(regions.length, 3);
      assert.deepEqual(errors, []);
    }),
);

test(
  'a book of 20,000 words with 1,000 spans scrolls, and only what is in sight is drawn',
  { skip: cannot(true) },
  () =>
    withDesk(async (at) => {
      const { page, errors } = at;
      const { text, regions } = book(
        'entities',
        letters.controls[0].labels.map(({ name }) => name),
        { confidence: 0.9 },
      );
      const schema = { ...letters, controls: [letters.controls[0]] };
      await draftedDesk(at, 'book', schema, text, regions);
      await page.waitForSelector('svg [data-span]');
      const most = await mostMarksWhileScrolling(page);
      await audit(page, 'desk-book');
      assert.ok(most > 0 && most < 400, 'only what is in sight is drawn');
      assert.deepEqual(errors, []);
    }),
);

/** How many spans are drawn at most while the text is scrolled to its end. */
const mostMarksWhileScrolling = (page) =>
  page.evaluate(async () => {
    const scroll = document.querySelector('.scroll');
    let most = 0;
    for (let part = 0; part < 40; part += 1) {
      scroll.scrollTop = (scroll.scrollHeight * part) / 40;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      most = Math.max(most, document.querySelectorAll('svg [data-span]').length);
    }
    return most;
  });
