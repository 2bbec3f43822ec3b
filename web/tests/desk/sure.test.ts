// The number in the head of a draft agrees with those at its parts.
import { expect, test } from 'vitest';
import { leastSure } from '../../src/desk/sure';
import type { Region } from '../../src/editor/region';

const segment = (probability: number): Region => ({
  ...{ id: 's', control: 'turns', kind: 'segments', start: 0, end: 1, probability },
});
const words = (confidence: number, probability: number): Region => ({
  ...{ id: 't', control: 'said', kind: 'text', text: 'so far', confidence, probability },
});

test('of segments with what is said in them, the least sure segment counts', () => {
  expect(leastSure([segment(0.9), segment(0.5), words(0.8, 0.001)])).toBe(0.5);
});

test('what is written counts by its words, not by all of them being right', () => {
  expect(leastSure([words(0.8, 0.001)])).toBe(0.8);
});

test('nothing that claims a number gives none', () => {
  expect(leastSure([])).toBeNull();
  expect(leastSure([{ id: 'c', control: 'kind', kind: 'choices', labels: ['ham'] }])).toBeNull();
});
