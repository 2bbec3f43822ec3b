import { expect, test } from 'vitest';
import { aloneClaims } from '../../src/lib/claims';
import { FakeLocks } from './fake-locks';

const settle = () => new Promise((resolve) => setTimeout(resolve));

test('a name belongs to one tab until it lets go, and the others are told', async () => {
  const browser = new FakeLocks();
  const [a, b] = [browser.tab('a').claims, browser.tab('b').claims];
  let told = 0;
  b.freed.add(() => (told += 1));
  expect(await a.take('task:1')).toBe(true);
  expect(await a.take('task:1')).toBe(true);
  expect(await b.take('task:1')).toBe(false);
  expect(await b.heldElsewhere('task:')).toBe(1);
  expect(await a.heldElsewhere('task:')).toBe(0);
  a.letGo('task:1');
  await settle();
  expect(told).toBe(1);
  expect(await b.take('task:1')).toBe(true);
});

test('a tab that is gone has let everything go, whichever of the two was there first', async () => {
  const browser = new FakeLocks();
  const a = browser.tab('a');
  await settle();
  const b = browser.tab('b');
  await settle();
  const c = browser.tab('c');
  await settle();
  const told: string[] = [];
  a.claims.freed.add(() => told.push('a'));
  c.claims.freed.add(() => told.push('c'));
  await b.claims.take('task:1');
  b.close();
  await settle();
  expect(told.sort()).toEqual(['a', 'c']);
  expect(await a.claims.take('task:1')).toBe(true);
});

test('without locks every tab has what it takes', async () => {
  const claims = aloneClaims();
  expect(claims.holds('x')).toBe(false);
  expect(await claims.take('x')).toBe(true);
  expect(claims.holds('x')).toBe(true);
  expect(await claims.heldElsewhere('')).toBe(0);
});
