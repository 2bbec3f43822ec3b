import { expect, test } from 'vitest';
import { Backoff } from '../../src/lib/backoff';

test('pauses double up to half a minute, each within a quarter of it', () => {
  for (const [random, factor] of [
    [0, 0.75],
    [0.5, 1],
    [1, 1.25],
  ] as const) {
    const backoff = new Backoff(() => random);
    const pauses = Array.from({ length: 8 }, () => backoff.failed() / factor);
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30, 30].map((s) => s * 1_000));
  }
});

test('the server’s wait is never cut short, and success starts over', () => {
  const backoff = new Backoff(() => 0);
  expect(backoff.failed(12)).toBe(12_000);
  expect(backoff.failed(1)).toBe(2_000);
  backoff.succeeded();
  expect(backoff.failed(0)).toBe(1_000);
});
