// Why `next` gave nothing, told from the project's counts.
import type { Progress } from '../api/types';

export type Nothing = 'no_tasks' | 'all_done' | 'held' | 'skipped';

export function reasonForNothing({ total, done, ready }: Progress): Nothing {
  if (total === 0) return 'no_tasks';
  if (done >= total) return 'all_done';
  return ready > 0 ? 'skipped' : 'held';
}
