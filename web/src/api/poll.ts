// Watching background work: ask again after a pause that grows while nothing changes and shrinks when
// something does; stop asking while the page is hidden. Ends by itself, or by the abort signal.
import { asProblem } from './problem';
import type { Job } from './types';

export interface Pace {
  /** Milliseconds: the pause after a change, and the longest one. */
  least: number;
  most: number;
  /** How much a pause grows when nothing changed. */
  growth: number;
}

export const jobPace: Pace = { least: 400, most: 5000, growth: 1.5 };

export interface Sleep {
  (milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const sleep: Sleep = (milliseconds, signal) =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });

export const whenVisible = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (typeof document === 'undefined' || !document.hidden || signal.aborted) {
      resolve();
      return;
    }
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      signal.removeEventListener('abort', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
  });

/**
 * Calls `ask` until `enough` says so or the signal ends it. Each answer goes to `tell`. A lost network
 * or a busy server is waited out; any other refusal goes to `fail` and ends it.
 */
export async function poll<T>(options: {
  ask: (signal: AbortSignal) => Promise<T>;
  tell: (answer: T) => void;
  fail: (problem: ReturnType<typeof asProblem>) => void;
  enough: (answer: T) => boolean;
  signal: AbortSignal;
  pace?: Pace;
  wait?: Sleep;
}): Promise<void> {
  const { ask, tell, fail, enough, signal, pace = jobPace, wait = sleep } = options;
  let pause = pace.least;
  let before = '';
  while (!signal.aborted) {
    try {
      const answer = await ask(signal);
      if (signal.aborted) return;
      tell(answer);
      if (enough(answer)) return;
      const now = JSON.stringify(answer);
      pause = now === before ? Math.min(pause * pace.growth, pace.most) : pace.least;
      before = now;
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.code === 'aborted') return;
      if (
        problem.code !== 'network' &&
        problem.code !== 'unavailable' &&
        problem.code !== 'too_many'
      ) {
        fail(problem);
        return;
      }
      pause = Math.max((problem.retryAfter ?? 0) * 1000, Math.min(pause * pace.growth, pace.most));
    }
    await wait(pause, signal);
    await whenVisible(signal);
  }
}

export const ended = (job: Job): boolean =>
  job.state === 'done' || job.state === 'cancelled' || job.state === 'dead';
