import { describe, expect, test } from 'vitest';
import { collect } from '../../src/api/pages';
import { ended, poll } from '../../src/api/poll';
import { Problem } from '../../src/api/problem';
import type { Job } from '../../src/api/types';

const never = new AbortController().signal;
const pace = { least: 100, most: 800, growth: 2 };

async function watch<T>(answers: (T | Problem)[], enough: (answer: T) => boolean) {
  const pauses: number[] = [];
  const told: T[] = [];
  const failed: Problem[] = [];
  await poll<T>({
    ask: () => {
      const answer = answers.shift();
      if (answer === undefined) throw new Problem('forbidden', 403, 'Ran out', 'Ran out.');
      if (answer instanceof Problem) throw answer;
      return Promise.resolve(answer);
    },
    tell: (answer) => told.push(answer),
    fail: (problem) => failed.push(problem),
    enough,
    signal: never,
    pace,
    wait: (milliseconds) => {
      pauses.push(milliseconds);
      return Promise.resolve();
    },
  });
  return { pauses, told, failed };
}

describe('watching', () => {
  test('the pause grows while nothing changes and is short again when something does', async () => {
    const { pauses, told } = await watch([1, 1, 1, 2, 3], (n) => n === 3);
    expect(pauses).toEqual([100, 200, 400, 100]);
    expect(told).toEqual([1, 1, 1, 2, 3]);
  });

  test('the pause has an upper end', async () => {
    const { pauses } = await watch([1, 1, 1, 1, 1, 1, 2], (n) => n === 2);
    expect(Math.max(...pauses)).toBe(800);
  });

  test('a lost network is waited out', async () => {
    const lost = new Problem('network', 0, 'No connection', 'Lost.');
    const { told, failed } = await watch([1, lost, lost, 2], (n) => n === 2);
    expect(told).toEqual([1, 2]);
    expect(failed).toEqual([]);
  });

  test('a busy server is left alone for as long as it asks', async () => {
    const busy = new Problem('unavailable', 503, 'Busy', 'Busy.', 7);
    const { pauses } = await watch([busy, 2], (n) => n === 2);
    expect(pauses).toEqual([7000]);
  });

  test('any other refusal ends it and is told', async () => {
    const { failed } = await watch(
      [1, new Problem('not_found', 404, 'Gone', 'Gone.')],
      () => false,
    );
    expect(failed.map(({ code }) => code)).toEqual(['not_found']);
  });

  test('an aborted watch asks no more and tells nothing', async () => {
    const stop = new AbortController();
    let asked = 0;
    const told: number[] = [];
    await poll<number>({
      ask: () => {
        asked += 1;
        stop.abort();
        return Promise.resolve(asked);
      },
      tell: (answer) => told.push(answer),
      fail: () => told.push(-1),
      enough: () => false,
      signal: stop.signal,
      wait: () => Promise.resolve(),
    });
    expect([asked, told]).toEqual([1, []]);
  });

  test('a job has ended when it is done, cancelled or given up', () => {
    const states = ['queued', 'running', 'done', 'cancelled', 'dead'] as const;
    expect(states.filter((state) => ended({ state } as Job))).toEqual([
      'done',
      'cancelled',
      'dead',
    ]);
  });
});

describe('lists', () => {
  test('are walked by their cursor to the end', async () => {
    const pages = [
      { items: [1, 2], next: 'a' },
      { items: [3], next: null },
    ];
    const asked: (string | null)[] = [];
    const all = await collect((cursor) => {
      asked.push(cursor);
      return Promise.resolve(pages.shift()!);
    });
    expect([all, asked]).toEqual([
      [1, 2, 3],
      [null, 'a'],
    ]);
  });
});
