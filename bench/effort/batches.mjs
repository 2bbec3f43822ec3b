// Routine drafts in the batch screen: every cell is looked at, what can be seen to be wrong is marked, the
// others are accepted by one key. What is too small to see in a cell passes, as it would with people.
import { isGood, pairs } from './geometry.mjs';

/** Pixels of the screen below which nobody tells what an object in a cell is. */
const leastSeen = 8;

/** All batches there are, page by page: a map from the task's key to `{ spent, marked }`, seconds. */
export async function doBatches(hand, kind, items) {
  const { page, tally } = hand;
  const judged = new Map();
  for (let shown = await open(page); shown.length > 0; shown = await open(page)) {
    const before = tally.effort;
    const own = new Map();
    tally.lookAt(await page.$$eval('[data-testid="cells"] ul', ({ length }) => length)); // what class
    for (const cell of shown) {
      const { gold } = items.get(cell.key);
      const from = tally.effort;
      tally.lookAt(kind === 'choices' ? 1 : Math.max(cell.regions.length, gold.length, 1));
      own.set(cell.key, tally.effort - from);
      if (kind !== 'boxes') tally.readWords(items.get(cell.key).text);
    }
    await tally.at('judge', () => scrollThrough(hand));
    const wrong = shown.filter((cell) => looksWrong(kind, cell, items.get(cell.key).gold));
    for (const cell of wrong) {
      const from = tally.effort;
      await tally.at('mark', () => mark(hand, cell));
      own.set(cell.key, own.get(cell.key) + tally.effort - from);
    }
    tally.decide();
    await hand.press('Enter');
    await page.waitForFunction(
      (task) => document.querySelector('button[data-task]')?.dataset.task !== task,
      shown[0].task,
    );
    const ofAll = [...own.values()].reduce((sum, seconds) => sum + seconds, 0);
    const shared = (tally.effort - before - ofAll) / shown.length;
    for (const cell of shown) {
      const marked = wrong.includes(cell);
      judged.set(cell.key, { spent: own.get(cell.key) + shared, marked });
      if (!marked) tally.tasks += 1;
    }
  }
  return judged;
}

/** The cells of the page once it stands still: `{ at, task, key, regions, scale }`. */
async function open(page) {
  await page.waitForFunction(
    () =>
      document.querySelector('[data-class]:not([data-working])') &&
      document.querySelector('button[data-task], [data-testid="no-batch"]'),
  );
  return page.$$eval('button[data-task]', (cells) =>
    cells.map((cell, at) => {
      const picture = cell.querySelector('[data-scale]');
      const { task, key, regions } = cell.dataset;
      const scale = Number(picture?.dataset.scale ?? 1);
      const number = cell.querySelector('.number').textContent;
      return { at, task, key, number, regions: JSON.parse(regions), scale };
    }),
  );
}

/** A key for each further screenful. */
async function scrollThrough(hand) {
  const screens = await hand.page.$eval('[data-testid="cells"]', (list) =>
    Math.ceil(list.scrollHeight / list.clientHeight),
  );
  if (screens > 1) await hand.repeat('PageDown', screens - 1);
}

/** By its number, or by arrows where it is near. */
async function mark(hand, { at: to, number }) {
  hand.tally.decide();
  const at = await hand.page.$$eval('button[data-task]', (cells) =>
    cells.findIndex(({ tabIndex }) => tabIndex === 0),
  );
  const steps = Math.abs(to - at);
  if (steps + 1 < number.length) {
    await hand.repeat(to > at ? 'ArrowRight' : 'ArrowLeft', steps);
    await hand.press('x');
  } else for (const digit of number) await hand.press(digit);
  const isMarked = await hand.page.$$eval(
    'button[data-task]',
    (buttons, place) => buttons[place].getAttribute('aria-pressed') === 'true',
    to,
  );
  if (!isMarked) throw new Error(`the draft at ${to} was not marked`);
}

const namesOf = (spans) =>
  spans
    .map(({ label, start, end }) => `${start} ${end} ${label}`)
    .sort()
    .join('\n');

/** Whether a person who looks at the cell sees that the draft is not the truth. */
function looksWrong(kind, { regions, scale }, gold) {
  if (kind === 'choices') return regions[0].label !== gold;
  if (kind === 'spans') return namesOf(regions) !== namesOf(gold);
  const isSeen = ({ box: [, , width, height] }) => Math.min(width, height) * scale >= leastSeen;
  const found = pairs(regions, gold, 0.2);
  const off = ({ row, gold: one }) =>
    !isGood(row.box, one.box, scale) || (row.label !== one.label && isSeen(one));
  const rows = new Set(found.map(({ row }) => row));
  const golds = new Set(found.map(({ gold: one }) => one));
  return (
    found.some(off) ||
    regions.some((row) => !rows.has(row) && isSeen(row)) ||
    gold.some((one) => !golds.has(one) && isSeen(one))
  );
}
