import { expect, test } from 'vitest';
import { CodePoints } from '../../src/editor/code-points';
import { paragraphs } from '../../src/editor/text-blocks';
import { TextDocument } from '../../src/editor/text-document';
import { on, selectedBy, walked, withEdge, type Cursor } from '../../src/editor/word-cursor';

const mixed = 'a👩‍🚀b Cafe\u0301 🎉🎉 שלום!';

test('code points and units agree with the slow way there and back, at every place', () => {
  const points = new CodePoints(mixed);
  const all = [...mixed];
  let units = 0;
  all.forEach((character, point) => {
    expect(points.toUnits(point)).toBe(units);
    expect(points.toPoints(units)).toBe(point);
    units += character.length;
  });
  expect(points.toUnits(all.length)).toBe(mixed.length);
  expect(points.toPoints(mixed.length)).toBe(all.length);
});

test('a place inside a pair is where the pair starts', () => {
  expect(new CodePoints('x🎉y').toPoints(2)).toBe(1);
});

test('thousands of random mixtures convert as the slow way does', () => {
  const alphabet = ['a', ' ', '\n', 'é', 'e\u0301', '🎉', '👩‍🚀', 'ש', '漢', '𝒳'];
  let seed = 11;
  const next = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 3000; round += 1) {
    const text = Array.from({ length: next(12) }, () => alphabet[next(alphabet.length)]).join('');
    const points = new CodePoints(text);
    const point = next([...text].length + 1);
    const units = [...text].slice(0, point).join('').length;
    expect(points.toUnits(point)).toBe(units);
    expect(points.toPoints(units)).toBe(point);
  }
});

/** "the [old] man" -> the text without brackets, and the range between them. */
function drawn(sketch: string) {
  const start = sketch.indexOf('[');
  const end = sketch.indexOf(']') - 1;
  return { text: new TextDocument(sketch.replace(/[[\]]/g, '')), range: { start, end } };
}
function sketch(text: TextDocument, { start, end }: { start: number; end: number }): string {
  return `${text.text.slice(0, start)}[${text.text.slice(start, end)}]${text.text.slice(end)}`;
}

test.each([
  ['the o[ld m]an', 'the [old man]'],
  ['the[ old ]man', 'the [old] man'],
  ['(th[e) ol]d', '([the) old]'],
  ['wait[...] what', 'wait[...] what'],
  ['in Ca[fe]\u0301 now', 'in [Cafe\u0301] now'],
])('%s snaps to %s', (from, to) => {
  const { text, range } = drawn(from);
  expect(sketch(text, text.snapped(range)!)).toBe(to);
});

test('nothing but space snaps to nothing', () => {
  const { text, range } = drawn('a[  ]b');
  expect(text.snapped(range)).toBeNull();
});

function walk(from: string, ...steps: [1 | -1, { extend: boolean; fine: boolean }][]): string {
  const { text, range } = drawn(from);
  const end = steps.reduce<Cursor>((at, [step, how]) => walked(text, at, step, how), on(range));
  return sketch(text, selectedBy(end));
}
const go = { extend: false, fine: false };
const extend = { extend: true, fine: false };
const fine = { extend: false, fine: true };

test('the cursor walks from word to word, and stays at the ends', () => {
  expect(walk('[one], two three', [1, go])).toBe('one, [two] three');
  expect(walk('one, [two] three', [-1, go], [-1, go])).toBe('[one], two three');
  expect(walk('one [two]', [1, go])).toBe('one [two]');
});

test('selecting goes on from where it began, and comes back', () => {
  expect(walk('one [two] three four', [1, extend], [1, extend])).toBe('one [two three four]');
  expect(walk('one [two] three four', [1, extend], [-1, extend])).toBe('one [two] three four');
  expect(walk('one [two] three', [1, extend], [-1, extend], [-1, extend])).toBe('[one two] three');
});

test('an emoji of several code points is one character and one word', () => {
  expect(walk('[a] 👩‍🚀 b', [1, go])).toBe('a [👩‍🚀] b');
  expect(walk('[a]👩‍🚀b', [1, fine])).toBe('a[👩‍🚀]b');
  expect(walk('e\u0301[x]', [-1, fine])).toBe('[e\u0301]x');
});

function edge(from: string, which: 'start' | 'end', step: number, byCharacter = false): string {
  const { text, range } = drawn(from);
  return sketch(text, withEdge(text, range, which, step, byCharacter));
}

test('an edge goes by words or by characters, and never past the other', () => {
  expect(edge('the [old] man', 'end', 1)).toBe('the [old man]');
  expect(edge('the [old man]', 'end', -1)).toBe('the [old] man');
  expect(edge('the [old] man', 'end', -1)).toBe('the [old] man');
  expect(edge('the [old] man', 'start', -1)).toBe('[the old] man');
  expect(edge('[the old] man', 'start', 1)).toBe('the [old] man');
  expect(edge('the o[ld] man', 'start', -1)).toBe('the [old] man');
  expect(edge('the [ol]d man', 'end', 1)).toBe('the [old] man');
  expect(edge('a [🎉b] c', 'start', 1, true)).toBe('a 🎉[b] c');
  expect(edge('a 🎉[b] c', 'start', -1, true)).toBe('a [🎉b] c');
  expect(edge('שלום [עולם] טוב', 'end', 1)).toBe('שלום [עולם טוב]');
});

test('other occurrences are whole words, in order, without the place itself', () => {
  const { text, range } = drawn('Ada and [Ada], not Adam or XAda: Ada');
  expect(text.occurrences(range).map((found) => sketch(text, found))).toEqual([
    '[Ada] and Ada, not Adam or XAda: Ada',
    'Ada and Ada, not Adam or XAda: [Ada]',
  ]);
});

test('pieces of a text put together are the text', () => {
  const text = `${'long words '.repeat(400)}\n\nshort\n${'x'.repeat(3000)}`;
  const blocks = paragraphs(text);
  expect(blocks.map(({ chunks }) => chunks.map((chunk) => chunk.text).join('')).join('\n')).toBe(
    text,
  );
  for (const { chunks } of blocks) {
    for (const chunk of chunks)
      expect(text.slice(chunk.start, chunk.start + chunk.text.length)).toBe(chunk.text);
  }
  expect(blocks[0]!.chunks.length).toBeGreaterThan(3);
});
