import { expect, test } from 'vitest';
import { Ahead } from '../../src/desk/ahead';

function after(answer: number, pace: number): number {
  const ahead = new Ahead();
  ahead.answered(answer);
  for (let i = 0; i < 5; i += 1) ahead.decided(1_000 + i * pace);
  return ahead.count;
}

test('three tasks are ready where answers are quick, more where they are slow, never more than ten', () => {
  expect(new Ahead().count).toBe(3);
  expect(after(50, 2_000)).toBe(3);
  expect(after(3_000, 2_000)).toBe(4);
  expect(after(30_000, 500)).toBe(10);
});
