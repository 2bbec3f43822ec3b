// Models and learners.

export interface ModelKind {
  kind: string;
  title: string;
  fits: boolean;
  why: string;
  config: Record<string, unknown> | null;
}

export interface ModelStats {
  drafted: number;
  decided: number;
  accepted: number;
  grounded: number;
  repaired: number;
  weak: number;
  ungrounded: number;
}

export interface ModelVersion {
  id: string;
  name: string;
  quality: Record<string, unknown> | null;
  learned_from: number;
  created: number;
}

export interface ModelView {
  id: string;
  kind: string;
  name: string;
  config: Record<string, unknown> | null;
  enabled: boolean;
  version: ModelVersion | null;
  stats: ModelStats;
  to_draft: number;
  state: 'ready' | 'drafting' | 'waiting' | 'off' | 'failed';
  /** A sentence: what it waits for. */
  why: string;
}

export interface ModelChange {
  name?: string;
  config?: Record<string, unknown>;
  enabled?: boolean;
}
