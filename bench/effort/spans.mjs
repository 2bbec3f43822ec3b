// Spans of a text, by keys alone: drafts kept, relabelled, lengthened or dropped; others walked to by words.
// Places are code points, as on the wire; { label, start, end }.

const segments = new Intl.Segmenter(undefined, { granularity: 'word' });
const mostMends = 80;

/** Words as the desk's cursor goes from one to the next. */
function wordsOf(text) {
  const words = [];
  let at = 0;
  for (const { segment, isWordLike } of segments.segment(text)) {
    const size = [...segment].length;
    const isPicture = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(segment);
    if (isWordLike || isPicture) words.push({ start: at, end: at + size });
    at += size;
  }
  return words;
}

export async function doSpans(hand, golds, text) {
  const { tally } = hand;
  tally.readWords(text);
  const rows = await spansOn(hand);
  tally.lookAt(Math.max(golds.length, rows.length));
  const words = wordsOf(text);
  const left = new Set(golds);
  const fixes = new Map();
  const same = (row, gold) => row.start === gold.start && row.end === gold.end;
  for (const row of rows) {
    const exact = [...left].find((gold) => same(row, gold));
    const near = exact ?? [...left].find((gold) => row.start < gold.end && gold.start < row.end);
    const isHere = near && (exact || edgeSteps(words, row, near) <= 4);
    if (isHere) left.delete(near);
    if (!isHere) fixes.set(row.id, null);
    else if (!exact || row.label !== near.label) fixes.set(row.id, near);
  }
  await mend(hand, fixes, words);
  for (const gold of [...left].sort((a, b) => a.start - b.start)) await tally.at('draw', () => make(hand, gold, words));
  tally.decide();
  await hand.press(golds.length === 0 ? 'Control+Enter' : 'Enter');
}

async function spansOn(hand) {
  return (await hand.rows()).map(({ id, label, place, selected }) => {
    const [start, end] = place.split(' ').map(Number);
    return { id, label, start, end, selected };
  });
}
const selectedOn = async (hand) => (await spansOn(hand)).find(({ selected }) => selected);

/** Words between the edges of two ranges. */
function edgeSteps(words, a, b) {
  const between = (from, to) =>
    words.filter((w) => w.end > Math.min(from, to) && w.start < Math.max(from, to));
  return between(a.start, b.start).length + between(a.end, b.end).length;
}

/** Down the list once; null drops. */
async function mend(hand, fixes, words) {
  while (fixes.size > 0) {
    let id = await hand.selectedId();
    if (!fixes.has(id)) {
      await hand.tally.at('find', () => hand.press('Tab'));
      const next = await hand.selectedId();
      if (next === id) throw new Error('Tab does not reach the spans that are left');
      id = next;
    }
    if (!fixes.has(id)) continue;
    const gold = fixes.get(id);
    fixes.delete(id);
    await hand.tally.at(gold ? 'place' : 'drop', () => mendOne(hand, gold, words));
  }
}

async function mendOne(hand, gold, words) {
  hand.tally.decide();
  if (!gold) return hand.press('n');
  const row = await selectedOn(hand);
  await fit(hand, gold, words);
  if (row.label !== gold.label) await hand.pick(gold.label);
}

/** Walks to the words of a span, selects them, and gives the label. */
async function make(hand, gold, words) {
  hand.tally.decide();
  const first = words.findIndex((word) => word.end > gold.start);
  const last = words.findLastIndex((word) => word.start < gold.end);
  if (first < 0 || last < 0) throw new Error(`no words are at ${gold.start}`);
  const at = await selectedOn(hand);
  const steps = at && stepsFrom(words, at, first);
  if (at && (steps === null || Math.abs(steps) > first + 2)) await hand.press('Escape');
  const walk = at && steps !== null && Math.abs(steps) <= first + 2 ? steps : first + 1;
  await hand.repeat(walk > 0 ? 'ArrowRight' : 'ArrowLeft', Math.abs(walk));
  if (last > first) await hand.repeat('Shift+ArrowRight', last - first);
  await hand.pick(gold.label);
  await hand.frame();
  await fit(hand, gold, words);
}

/** Presses from the span in focus to a word: right is positive; null when the word is inside it. */
function stepsFrom(words, { start, end }, to) {
  const after = words.findIndex((word) => word.start >= end);
  if (after >= 0 && to >= after) return to - after + 1;
  const before = words.findLastIndex((word) => word.end <= start);
  return before >= 0 && to <= before ? -(before - to + 1) : null;
}

/** The edges of the span in focus, by words while that does not go too far, then by characters. */
async function fit(hand, gold, words) {
  let byWord = true;
  for (let turn = 0; turn < mostMends; turn += 1) {
    const now = await selectedOn(hand);
    if (!now) throw new Error(`no span is in focus where ${gold.start} to ${gold.end} should be`);
    if (now.start === gold.start && now.end === gold.end) return;
    const edge = now.end !== gold.end ? 'end' : 'start';
    const far = gold[edge] - now[edge];
    const between = words.filter((word) => inside(word[edge], now[edge], gold[edge])).length;
    byWord = byWord && between > 0;
    const key = {
      end: ['ArrowLeft', 'ArrowRight'],
      start: ['ArrowUp', 'ArrowDown'],
    }[edge][far > 0 ? 1 : 0];
    await hand.press(`${byWord ? 'Alt' : 'Alt+Shift'}+${key}`);
    const then = await selectedOn(hand);
    if (then[edge] === now[edge]) byWord = false;
    if (Math.sign(gold[edge] - then[edge]) === -Math.sign(far)) byWord = false;
  }
  throw new Error(`the span does not become ${gold.start} to ${gold.end}`);
}
const inside = (at, from, to) => (to > from ? at > from && at <= to : at < from && at >= to);

export function faultOfSpans(regions, golds) {
  const spelled = (list) =>
    list
      .map(({ label, labels, start, end }) => `${start ?? 0}-${end} ${label ?? labels[0]}`)
      .sort()
      .join(', ');
  return spelled(regions) === spelled(golds)
    ? null
    : `[${spelled(regions)}] instead of [${spelled(golds)}]`;
}
