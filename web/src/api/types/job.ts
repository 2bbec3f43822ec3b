// Background jobs and what an import says of its rows.

export type JobState = 'queued' | 'running' | 'done' | 'cancelled' | 'dead';

export interface Job {
  id: string;
  project: string;
  kind: string;
  title: string;
  state: JobState;
  done: number;
  /** 0: unknown. */
  total: number;
  /** Units a second. */
  rate: number;
  seconds_left: number | null;
  attempts: number;
  error: string;
  result: Record<string, unknown> | null;
  payload: Record<string, unknown> | null;
  created: number;
  started: number;
  finished: number;
  cancel: boolean;
}

/** `job.result` of an import that ended. */
export interface ImportReport {
  format: string;
  rows: number;
  accepted: number;
  repaired: number;
  rejected: number;
  added: number;
  unchanged: number;
  drafts: number;
  labels: number;
  seconds: number;
}

export interface ImportOptions {
  format?: string;
  labels_are_drafts?: boolean;
  labels_are_gold?: boolean;
  text_column?: string;
  id_column?: string;
  fetch_media?: boolean;
  label_column?: string;
}

export interface RowVerdict {
  row: number;
  source: string;
  verdict: 'repaired' | 'rejected';
  reason: string;
}
