import { expect, test } from 'vitest';
import { changesOnly, diffLines, type DiffLine } from '../../src/lib/line-diff';

const signs = { same: ' ', removed: '-', added: '+', gap: '…' };
const shown = (lines: readonly DiffLine[]) =>
  lines.map(({ kind, text, count }) => signs[kind] + text + (count ?? '')).join('|');

test('equal texts have no change', () => {
  expect(shown(diffLines('a\nb', 'a\nb'))).toBe(' a| b');
  expect(diffLines('', '')).toEqual([]);
});

test('lines that went stand before those that came in their place', () => {
  expect(shown(diffLines('a\nb\nc', 'a\nx\nc'))).toBe(' a|-b|+x| c');
  expect(shown(diffLines('', 'a\nb'))).toBe('+a|+b');
  expect(shown(diffLines('a\nb', ''))).toBe('-a|-b');
});

test('what stays in order is kept between changes', () => {
  expect(shown(diffLines('a\nb\nc\nd', 'b\nx\nd\ne'))).toBe('-a| b|-c|+x| d|+e');
});

test('removed and kept lines are the old text, added and kept ones the new', () => {
  const before = 'one\ntwo\ntwo\nthree\nfour\n';
  const after = 'two\none\ntwo\nfour\nfive\n';
  const side = (without: DiffLine['kind']) =>
    diffLines(before, after)
      .filter(({ kind }) => kind !== without)
      .map(({ text }) => text)
      .join('\n');
  expect(side('added')).toBe(before);
  expect(side('removed')).toBe(after);
});

test('line ends of Windows are not a change', () => {
  expect(shown(diffLines('a\r\nb', 'a\nb'))).toBe(' a| b');
});

test('very long texts that share little are replaced as a whole, at once', () => {
  const long = (word: string) => Array.from({ length: 3000 }, (_, i) => word + i).join('\n');
  const lines = diffLines(long('a'), long('b'));
  expect(lines.length).toBe(6000);
  expect(lines[0]!.kind).toBe('removed');
});

test('only changes are shown, with a line around them', () => {
  const lines = diffLines('a\nb\nc\nd\ne\nf', 'a\nb\nc\nx\ne\nf');
  expect(shown(changesOnly(lines))).toBe('…2| c|-d|+x| e|…1');
});
