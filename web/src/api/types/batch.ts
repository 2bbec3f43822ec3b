// Batch review.
import type { Progress } from './project';
import type { Media, Region } from './region';
import type { TaskHead } from './task';

/** One class: a control and one of its labels. */
export interface ItemClass {
  control: string;
  label: string;
}

export interface ClassTotal extends ItemClass {
  count: number;
  /** Of them with a calibrated probability; the others count by the model's own claim. */
  calibrated: number;
  expected_wrong: number;
}

export interface BatchItem {
  task: TaskHead;
  media: Media | null;
  assignment: string;
  until: number;
  regions: Region[];
  probability: number;
  calibrated: boolean;
}

export interface BatchPage {
  total: ClassTotal;
  items: BatchItem[];
  /** One's own sample of the class that is not finished. */
  sample: BatchStand | null;
}

export interface BatchAnswer {
  tasks: { task: string; assignment: string }[];
  marked: string[];
  active_ms: number;
}

/** `population` 0: each was looked at. `errors` and `most_wrong` are -1 until a sample is reviewed. */
export interface BatchStand extends ItemClass {
  id: string;
  population: number;
  sample: number;
  alpha: number;
  delta: number;
  errors: number;
  most_wrong: number;
  accepted: number;
  marked: number;
  lost: number;
  remaining: number;
  undone: boolean;
  progress: Progress;
}

export interface SampleAsk extends ItemClass {
  alpha: number;
  delta: number;
  errors: number;
}

/** Sizes that show the bound with 0, 1 and 2 errors; -1: none does. */
export interface SamplePlan {
  population: number;
  sizes: number[];
}
