import { expect, test } from 'vitest';
import type { LiveBoard, LivePerson } from '../../src/api/types';
import { boardRows, decisions, hours, paceRows, sparkline } from '../../src/screens/live/board';

const person: LivePerson = {
  person: 'u1',
  display: 'Ada',
  last_5: 1,
  last_60: 4,
  accepted: 6,
  edited: 2,
  rejected: 1,
  created: 1,
  skipped: 3,
  seen: 0,
  stuck: false,
  held: [],
};
const board: LiveBoard = {
  now: 0,
  whole: true,
  people: [person],
  lanes: [],
  history: { from: 1000, width: 600_000, decisions: [0, 4, 0, 2, 9, 1] },
  jobs: [],
};

test('skips are no decisions', () => {
  expect(decisions(person)).toBe(10);
  expect(boardRows(board)).toEqual([['Ada', 1, 4, 6, 2, 1, 1, 3, 0]]);
});

test('the line goes through the stretches that are over, the highest at the top', () => {
  expect(sparkline(board.history.decisions, 40, 9)).toBe('M0 9L10 5L20 9L30 7L40 0');
  expect(sparkline([0, 0, 7], 10, 5)).toBe('M0 5L10 5');
  expect(sparkline([], 10, 5)).toBe('');
});

test('the table names the stretches with decisions, newest first, and how long it looks back', () => {
  expect(paceRows(board).map(({ decisions: n }) => n)).toEqual([1, 9, 2, 4]);
  expect(paceRows(board)[0]!.from).toBe(1000 + 5 * 600_000);
  expect(hours(board)).toBe(1);
});
