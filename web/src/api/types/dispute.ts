// Answers that differ, and the verdict.
import type { Media, Region } from './region';
import type { Annotation, Draft, TaskHead } from './task';

/** A place where two answers differ; a region's id is empty when that side has none there. */
export interface Difference {
  control: string;
  a: string;
  b: string;
}

export interface Opinion {
  annotation: Annotation;
  author: string;
  /** a: the first opinion's region; b: this one's. */
  from_first: Difference[];
  /** a: the draft's region; b: this one's. */
  from_draft: Difference[];
}

export interface Dispute {
  task: TaskHead;
  media: Media | null;
  draft: Draft | null;
  opinions: Opinion[];
  suggested: string;
  in_favour: number;
}

export interface Verdict {
  /** The opinion that holds; absent: `regions` do. */
  annotation?: string;
  regions?: Region[];
  reason?: string;
  active_ms: number;
}
