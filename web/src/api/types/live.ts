// Who is at work, and how the work goes.
import type { Job } from './job';
import type { Lane } from './task';

export interface LiveTask {
  task: string;
  key: string;
  since: number;
  until: number;
  /** When work on it was last saved; 0: never. */
  saved: number;
}

export interface LivePerson {
  person: string;
  display: string;
  last_5: number;
  last_60: number;
  /** Since the history starts. */
  accepted: number;
  edited: number;
  rejected: number;
  created: number;
  skipped: number;
  seen: number;
  /** Holds tasks, and gave no sign for as long as a lease lasts. */
  stuck: boolean;
  held: LiveTask[];
}

export interface LiveLane {
  lane: Lane;
  ready: number;
  leased: number;
  done: number;
  disputed: number;
}

export interface LiveBoard {
  now: number;
  /** Everybody's lines; else one's own. */
  whole: boolean;
  people: LivePerson[];
  lanes: LiveLane[];
  history: { from: number; width: number; decisions: number[] };
  jobs: Job[];
}
