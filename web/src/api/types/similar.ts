// Tasks that are alike.
import type { Job } from './job';
import type { TaskRow } from './task';

export interface SimilarTasks {
  /** `preparing`: ask again; `none`: ask for it to be prepared first. */
  state: 'ready' | 'preparing' | 'none';
  /** A sentence when there are no items. */
  why: string;
  items: { score: number; row: TaskRow }[];
  /** The latest that prepares, unless ready. */
  job: Job | null;
}
