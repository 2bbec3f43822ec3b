// What checks want a person to look at.
import type { Job } from './job';
import type { Region } from './region';

export type FindingLevel = 'note' | 'warning' | 'error';

/** waiting: its task is with people again; gone: a later check no longer had it. */
export type FindingState = 'open' | 'waiting' | 'fixed' | 'dismissed' | 'gone';

/** relabel: its task goes back to people. */
export type FindingVerdict = 'relabel' | 'fixed' | 'dismissed';

/** Code points of a text, seconds of a recording, or pixels of the upright image. */
export interface FindingPlace {
  on: 'text' | 'image' | 'audio';
  start: number;
  end: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface FindingEvidence {
  task: string;
  name: string;
  sentence: string;
}

export interface Finding {
  id: string;
  kind: string;
  check: string;
  level: FindingLevel;
  title: string;
  /** 0 to 1; `score_means` says of what. */
  score: number;
  score_means: string;
  advice: string;
  /** What it is about can be mended at once, without a person's judgement. */
  is_repaired: boolean;
  sentence: string;
  /** Empty: about the whole, or about a person. */
  task: string;
  name: string;
  annotation: string;
  control: string;
  label: string;
  region: string;
  person: string;
  person_name: string;
  place: FindingPlace | null;
  evidence: FindingEvidence[];
  state: FindingState;
  reason: string;
  /** A name; empty: nobody, or a check. */
  decided_by: string;
  decided_at: number;
  found_at: number;
}

export interface FindingKindSummary {
  kind: string;
  title: string;
  open: number;
  waiting: number;
  fixed: number;
  dismissed: number;
  /** Of those that were decided, the share that was right; null: too few to tell. */
  precision: number | null;
  precision_low: number | null;
  precision_high: number | null;
  judged: number;
  is_shown_less: boolean;
}

export interface FindingSummary {
  kinds: FindingKindSummary[];
  /** 0: never. */
  checked_at: number;
  /** What that check did not look for, and why: sentences. */
  not_done: string[];
  job: Job | null;
}

export interface FindingPage {
  findings: Finding[];
  next: string | null;
}

export interface FindingAsk {
  kind?: string;
  state?: FindingState;
  task?: string;
  after?: string | null;
  limit?: number;
}

export interface FindingRefused {
  id: string;
  reason: string;
}

export interface FindingsDecided {
  decided: number;
  refused: FindingRefused[];
}

/** An answer without what is safely mended. */
export interface MendedAnswer {
  regions: Region[];
  /** In words; `after` is empty when the region goes. */
  repairs: { region: string; before: string; after: string }[];
}

export interface FindingsUndone {
  undone: number;
  refused: FindingRefused[];
}
