import { expect, test } from 'vitest';
import { memoryShelf } from '../../src/lib/shelf';
import {
  choice,
  ColumnMemory,
  movedBy,
  shownColumns,
  toggled,
  usualColumns,
} from '../../src/screens/tasks/columns';

const names = (columns: { name: string }[]) => columns.map(({ name }) => name);

test('without a choice the usual columns show; drafts’ probability to supervisors only', () => {
  expect(names(shownColumns([], true))).toEqual(usualColumns(true));
  expect(usualColumns(true)).toContain('probability');
  expect(usualColumns(false)).not.toContain('probability');
  expect(names(shownColumns(['probability', 'labels'], false))).toEqual(['labels']);
});

test('chosen columns show in the order chosen; unknown and doubled ones are left out', () => {
  expect(names(shownColumns(['labels', 'colour', 'state', 'labels'], true))).toEqual([
    'labels',
    'state',
  ]);
});

test('every column can be chosen, the shown ones first', () => {
  const rows = choice(['lane', 'state'], false);
  expect(rows.slice(0, 2).map(({ name, shown }) => [name, shown])).toEqual([
    ['lane', true],
    ['state', true],
  ]);
  expect(rows.slice(2).every(({ shown }) => !shown)).toBe(true);
  expect(new Set(names(rows)).size).toBe(rows.length);
});

test('columns come last when chosen, move by one, and the last one stays', () => {
  expect(toggled(['state'], 'labels')).toEqual(['state', 'labels']);
  expect(toggled(['state', 'labels'], 'state')).toEqual(['labels']);
  expect(toggled(['labels'], 'labels')).toEqual(['labels']);
  expect(movedBy(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
  expect(movedBy(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
});

test('each person keeps their own columns, a project and a view', () => {
  const shelf = memoryShelf();
  const ada = new ColumnMemory(shelf, 'u1', 'p1');
  ada.keep('', ['labels']);
  ada.keep('v1', ['state']);
  expect(ada.of('')).toEqual(['labels']);
  expect(ada.of('v1')).toEqual(['state']);
  expect(new ColumnMemory(shelf, 'u2', 'p1').of('')).toBe(null);
  expect(new ColumnMemory(shelf, 'u1', 'p2').of('')).toBe(null);
  ada.keep('', []);
  expect(ada.of('')).toBe(null);
});
