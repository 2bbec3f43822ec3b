// What is said in a recording, written by keys alone: a draft's wrong words are walked to and written over, or, where that
// is quicker, all of it is written anew.
import { primary } from '../../web/journeys/lib/desk.mjs';
import { seconds } from './klm.mjs';

const field = '[data-control="said"] textarea';
const words = (text) => text.split(' ').filter(Boolean);

/**
 * The fewest changed words between two texts, as pieces from the left: `{ from, drop, put }`, where in `before`, how many
 * words go, which come.
 */
export function changes(before, after) {
  const cost = Array.from({ length: before.length + 1 }, () => new Array(after.length + 1).fill(0));
  for (let i = before.length; i >= 0; i -= 1)
    for (let j = after.length; j >= 0; j -= 1) {
      if (i === before.length) cost[i][j] = after.length - j;
      else if (j === after.length) cost[i][j] = before.length - i;
      else if (before[i] === after[j]) cost[i][j] = cost[i + 1][j + 1];
      else cost[i][j] = 1 + Math.min(cost[i + 1][j + 1], cost[i + 1][j], cost[i][j + 1]);
    }
  const pieces = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (before[i] === after[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const piece = { from: i, drop: 0, put: [] };
    while ((i < before.length || j < after.length) && before[i] !== after[j]) {
      const left = (a, b) => cost[a]?.[b] ?? Infinity;
      const least = Math.min(left(i + 1, j + 1), left(i + 1, j), left(i, j + 1));
      if (i < before.length && least !== left(i, j + 1)) {
        piece.drop += 1;
        i += 1;
        if (j < after.length && least === left(i, j + 1)) piece.put.push(after[j++]);
      } else piece.put.push(after[j++]);
    }
    pieces.push(piece);
  }
  return pieces;
}

/** Seconds by the model to change a text of so many words, the caret at its start. */
function secondsToChange(pieces) {
  let at = 0;
  let total = 0;
  for (const { from, drop, put } of pieces) {
    const walk = from > at ? 1 + from - at : 0;
    const choose = drop > 0 ? 2 + drop : 0;
    const typed = put.length > 0 ? put.join(' ').length + 1 : 1;
    total += seconds.decisions + seconds.keys * (walk + choose + typed);
    at = from + drop;
  }
  return total;
}
const secondsToWrite = (text) => seconds.decisions + seconds.keys * (2 + text.length);

export async function doTranscript(hand, { gold, seconds: length }) {
  const { page, tally } = hand;
  tally.listen(length);
  await page.waitForSelector(field);
  if ((await primary(page)) === 'Show unsure draft') {
    tally.decide();
    await hand.press('t');
    await page.waitForFunction((at) => document.querySelector(at)?.value, field);
  }
  const draft = await page.$eval(field, ({ value }) => value);
  if (draft) {
    tally.lookAt(1);
    tally.readWords(draft);
  }
  if (draft !== gold) await tally.at(draft ? 'place' : 'draw', () => write(hand, draft, gold));
  tally.decide();
  await hand.press('Control+Enter');
}

async function write(hand, draft, gold) {
  const { page, tally } = hand;
  const isIn = () => page.$eval(field, (at) => at === document.activeElement);
  if (!(await isIn())) {
    await hand.press('q');
    await page.waitForFunction((at) => document.querySelector(at) === document.activeElement, field);
  }
  const pieces = changes(words(draft), words(gold));
  if (!draft || secondsToWrite(gold) <= secondsToChange(pieces)) {
    tally.decide();
    if (draft) await hand.press('Control+a');
    await hand.type(gold);
  } else await change(hand, pieces);
  const written = await page.$eval(field, ({ value }) => value.trim());
  if (written !== gold) throw new Error(`"${draft}" became "${written}" instead of "${gold}"`);
}

/** Walks from piece to piece. The caret stands behind the last word that is right, and what comes brings its blank. */
async function change(hand, pieces) {
  if ((await hand.page.$eval(field, ({ selectionStart }) => selectionStart)) > 0) await hand.press('Control+Home');
  let at = 0;
  for (const { from, drop, put } of pieces) {
    hand.tally.decide();
    if (from > at) await hand.repeat('Control+ArrowRight', from - at);
    if (drop > 0) await hand.repeat('Control+Shift+ArrowRight', drop);
    const isFirst = from === 0;
    if (put.length === 0) await hand.press('Delete');
    else await hand.type(isFirst ? put.join(' ') + (drop === 0 ? ' ' : '') : ` ${put.join(' ')}`);
    at = from + drop;
  }
}

export function faultOfTranscript(regions, gold) {
  const said = regions.find(({ control }) => control === 'said')?.text ?? '';
  return said === gold ? null : `"${said}" instead of "${gold}"`;
}
