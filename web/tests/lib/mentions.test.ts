import { expect, test } from 'vitest';
import { completeMention, mentionAt, mentionPieces } from '../../src/lib/mentions';

const ada = { person: 'u000000001k', name: 'ada', display: 'Ada L.' };

test('a kept mention is a piece with the name the person has now; an unknown one stays text', () => {
  expect(mentionPieces('Hi @u000000001k, and @u000000009z!', [ada])).toEqual([
    { text: 'Hi ' },
    { text: '@Ada L.', person: ada },
    { text: ', and ' },
    { text: '@u000000009z' },
    { text: '!' },
  ]);
  expect(mentionPieces('', [ada])).toEqual([]);
  expect(mentionPieces('<b>', [])).toEqual([{ text: '<b>' }]);
});

test('a mention is being written behind an @ that starts a word', () => {
  expect(mentionAt('ask @ad', 7)).toEqual({ from: 4, start: 'ad' });
  expect(mentionAt('@', 1)).toEqual({ from: 0, start: '' });
  expect(mentionAt('ask @ad now', 7)).toEqual({ from: 4, start: 'ad' });
  expect(mentionAt('ask @ad now', 11)).toBeNull();
  expect(mentionAt('ada@example', 11)).toBeNull();
  expect(mentionAt('看@Jö', 4)).toEqual({ from: 1, start: 'Jö' });
});

test('taking a name puts it and one space at the caret', () => {
  expect(completeMention('ask @ad', 4, 7, 'ada')).toEqual({ text: 'ask @ada ', caret: 9 });
  expect(completeMention('ask @ad now', 4, 7, 'ada')).toEqual({ text: 'ask @ada now', caret: 8 });
});
