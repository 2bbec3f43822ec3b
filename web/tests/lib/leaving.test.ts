import { expect, test } from 'vitest';
import { haveLeft, leaveBy } from '../../src/lib/leaving';

test('the next screen waits for all that were left, also for those that fail', async () => {
  let isDone = false;
  let finish = () => {};
  leaveBy(Promise.reject(new Error('no connection')));
  leaveBy(new Promise<void>((done) => (finish = done)));
  const next = haveLeft().then(() => (isDone = true));
  await Promise.resolve();
  expect(isDone).toBe(false);
  finish();
  await next;
  expect(isDone).toBe(true);
});
