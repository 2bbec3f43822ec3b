import { expect, test } from 'vitest';
import { retimed, textCut, tokensOf, wordAt, wordsCut } from '../../src/editor/words';
import type { Word } from '../../src/api/types';

/** "the@1 cat@2": each word from its second for half a second. */
const said = (line: string): Word[] =>
  line.split(' ').map((each) => {
    const [text = '', at] = each.split('@');
    return { text, start: Number(at), end: Number(at) + 0.5, confidence: 0.9 };
  });
const shown = (words: readonly Word[]) =>
  words.map(({ text, start }) => `${text}@${start}`).join(' ');

test('words that stay keep their time and confidence, whatever is written around them', () => {
  const before = said('the@1 cat@2 sat@3');
  const after = retimed(before, 'Well, the old cat sat down.');
  expect(shown(after)).toBe('the@1 cat@2 sat@3');
  expect(after.every(({ confidence }) => confidence === 0.9)).toBe(true);
});

test('a word that is corrected takes the time of the one it replaces, and nobody’s confidence', () => {
  const [, hat] = retimed(said('the@1 cat@2 sat@3'), 'the hat sat');
  expect(hat).toEqual({ text: 'hat', start: 2, end: 2.5 });
});

test('several words in the place of others share their time by their letters', () => {
  const after = retimed(said('I@1 wanna@2 go@3'), 'I want to go');
  expect(shown(after)).toBe('I@1 want@2 to@2.333 go@3');
  expect(after[2]!.end).toBe(2.5);
});

test('words that are taken out take their time along', () => {
  expect(shown(retimed(said('um@1 the@2 um@3 cat@4'), 'the cat'))).toBe('the@2 cat@4');
  expect(retimed(said('um@1'), '')).toEqual([]);
});

test('case and punctuation do not make another word; the text is as written', () => {
  expect(shown(retimed(said('hello@1 world@2'), 'Hello, world!'))).toBe('Hello,@1 world!@2');
  expect(shown(retimed(said('שלום@1 עולם@2'), 'שלום, עולם'))).toBe('שלום,@1 עולם@2');
});

test('of a word that is said twice the right one goes', () => {
  expect(shown(retimed(said('the@1 the@2 cat@3 the@4 end@5'), 'the cat the end'))).toMatch(
    /^the@[12] cat@3 the@4 end@5$/,
  );
});

test('a text shows all its words, with times where they are known', () => {
  const tokens = tokensOf('Well, the cat  sat', said('the@1 cat@2'));
  expect(tokens.map(({ text, word }) => `${text}${word ? `@${word.start}` : ''}`)).toEqual([
    'Well,',
    'the@1',
    'cat@2',
    'sat',
  ]);
  expect(tokensOf('', [])).toEqual([]);
});

test('a text is cut between the words that are heard on each side', () => {
  const words = said('one@1 two@2 three@3');
  expect(textCut('one two three', words, { start: 1, end: 4 }, 2.8)).toEqual(['one two', 'three']);
  expect(wordsCut(words, 2.8).map(shown)).toEqual(['one@1 two@2', 'three@3']);
});

test('a text without times is cut by the share of its letters', () => {
  const cut = (at: number) => textCut('aaaa bbbb cccc dddd', [], { start: 0, end: 8 }, at);
  expect(cut(4)).toEqual(['aaaa bbbb', 'cccc dddd']);
  expect(cut(0.1)).toEqual(['', 'aaaa bbbb cccc dddd']);
  expect(cut(7.9)).toEqual(['aaaa bbbb cccc dddd', '']);
});

test('the word that is heard is found; between two there is none', () => {
  const words = said('one@1 two@2');
  expect([0, 1, 1.4, 1.7, 2.2, 9].map((time) => wordAt(words, time))).toEqual([
    -1, 0, 0, -1, 1, -1,
  ]);
});
