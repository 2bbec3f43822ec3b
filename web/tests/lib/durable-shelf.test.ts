import { expect, test } from 'vitest';
import { memoryKeeper, shelfOf, type Keeper } from '../../src/lib/durable-shelf';

test('what was set is read at once, and is there for the next page', async () => {
  const keeper = memoryKeeper();
  const shelf = await shelfOf(keeper);
  const kept = shelf.set('a:1', { n: 1 });
  expect(shelf.get('a:1')).toEqual({ n: 1 });
  expect(await kept).toBe(true);
  await shelf.set('b:1', 2);
  const next = await shelfOf(keeper);
  expect(next.names('a:')).toEqual(['a:1']);
  expect(next.get('a:1')).toEqual({ n: 1 });
  await next.remove('a:1');
  expect((await shelfOf(keeper)).get('a:1')).toBeNull();
});

test('a browser without storage, or a full one, still works and says that nothing is kept', async () => {
  const full = { ...memoryKeeper(), put: () => Promise.reject(new Error('full')) };
  const broken: Keeper = {
    all: () => Promise.reject(new Error('no')),
    put: () => Promise.reject(new Error('no')),
    remove: () => Promise.reject(new Error('no')),
  };
  for (const keeper of [null, full, broken]) {
    const shelf = await shelfOf(keeper);
    expect(await shelf.set('a', 1)).toBe(false);
    expect(shelf.get('a')).toBe(1);
    await shelf.remove('a');
    expect(shelf.get('a')).toBeNull();
  }
});

test('a refresh brings what another tab wrote and removed, and takes back nothing of this one', async () => {
  const keeper = memoryKeeper();
  const [here, there] = [await shelfOf(keeper), await shelfOf(keeper)];
  await here.set('gone', 1);
  await there.refresh();
  await there.remove('gone');
  await there.set('new', 2);
  const refreshed = here.refresh();
  void here.set('mine', 3);
  await refreshed;
  expect(here.names('')).toEqual(['mine', 'new']);
});

test('what an older page left that cannot be read is as if it were not there', async () => {
  const keeper = memoryKeeper();
  await keeper.put('a', '{');
  expect((await shelfOf(keeper)).get('a')).toBeNull();
});
