// Tasks whose answer is known, onboarding, and how people fare on them.
import type { Difference } from './dispute';
import type { Media, Region } from './region';
import type { Annotation, TaskHead } from './task';

export interface Onboarding {
  state: 'underway' | 'passed' | 'failed';
  round: number;
  answered: number;
  wanted: number;
  least: number;
  score: number | null;
  /** Answers whose trusted answer the person has not looked at yet. */
  unseen: string[];
  starved: boolean;
}

export interface Feedback {
  task: TaskHead;
  media: Media | null;
  answer: Annotation;
  trusted: Region[];
  /** a: a region of the trusted answer, b: one of the person's. */
  differences: Difference[];
  score: number;
  agreed: boolean;
  onboarding: Onboarding;
}

export interface GoldRow {
  task: TaskHead;
  person: string;
  labels: string;
  created: number;
  trials: number;
  agreed: number;
}

export interface Interval {
  low: number;
  high: number;
}

export interface Standing {
  person: string;
  display: string;
  onboarding: Onboarding | null;
  trials: number;
  agreed: number;
  mean_score: number;
  accuracy: Interval;
  recent: number;
  recent_agreed: number;
  moved: number;
  moved_by: Interval;
  drift: '' | 'better' | 'worse';
}
