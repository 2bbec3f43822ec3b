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
  /** That it is right; null: not known. */
  probability: number | null;
}

/** What the probabilities were held against; few: nothing yet, they are a rough guess. */
export type OddsGround = 'few' | 'held_out' | 'verdicts';

export interface Dispute {
  task: TaskHead;
  media: Media | null;
  draft: Draft | null;
  opinions: Opinion[];
  suggested: string;
  in_favour: number;
  /** That no opinion is right; null: not known. */
  none_right: number | null;
  ground: OddsGround;
  /** Tasks that several people answered, and how many of them a specialist decided. */
  several: number;
  verdicts: number;
}

export interface Verdict {
  /** The opinion that holds; absent: `regions` do. */
  annotation?: string;
  regions?: Region[];
  reason?: string;
  active_ms: number;
}
