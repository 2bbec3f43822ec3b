import { expect, test } from 'vitest';
import { both, inverse, isEmpty, noChange, type ChangeSet } from '../../src/editor/change';
import { History } from '../../src/editor/history';
import type { Region } from '../../src/editor/region';
import { RegionStore } from '../../src/editor/region-store';

const region = (id: string, x = 0): Region => ({ id, control: 'boxes', kind: 'boxes', x });
const created = (...regions: Region[]): ChangeSet => ({ ...noChange, created: regions });

test('a change and its inverse, one after the other, are no change', () => {
  const change = created(region('a'), region('b'));
  expect(isEmpty(both(change, inverse(change)))).toBe(true);
});

test('made and then changed is made as changed', () => {
  const before = region('a', 1);
  const after = region('a', 2);
  const change = both(created(before), { ...noChange, updated: [{ before, after }] });
  expect(change).toEqual(created(after));
});

test('a thousand random edits undo to the beginning and redo to the end', () => {
  const store = new RegionStore();
  const history = new History(store, () => 0);
  store.load([region('s1', 1), region('s2', 2)]);
  const start = JSON.stringify(sorted(store));
  let seed = 7;
  const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  for (let i = 0; i < 400; i += 1) {
    const all = store.all();
    const one = all[random(Math.max(1, all.length))];
    const pick = random(4);
    if (pick === 0 || !one) store.apply(created(region(`n${i}`, random(100))), 'user');
    else if (pick === 1) store.apply({ ...noChange, deleted: [one] }, 'user');
    else if (pick === 2) {
      const after = { ...one, x: random(100) };
      store.apply({ ...noChange, updated: [{ before: one, after }] }, 'user');
    } else {
      history.mark();
      store.apply({ ...noChange, updated: [{ before: one, after: { ...one, x: -1 } }] }, 'user');
      history.abandon();
    }
  }
  const end = JSON.stringify(sorted(store));
  while (history.undo());
  expect(JSON.stringify(sorted(store))).toBe(start);
  while (history.redo());
  expect(JSON.stringify(sorted(store))).toBe(end);
});

test('a change from elsewhere empties the history', () => {
  const store = new RegionStore();
  const history = new History(store);
  store.apply(created(region('a')), 'user');
  store.load([region('b')]);
  expect(history.canUndo).toBe(false);
});

test('a change that does not fit is a bug, and says so', () => {
  const store = new RegionStore();
  expect(() => store.apply({ ...noChange, deleted: [region('a')] }, 'user')).toThrow('no region a');
});

function sorted(store: RegionStore): Region[] {
  return store.all().sort((a, b) => (a.id < b.id ? -1 : 1));
}
