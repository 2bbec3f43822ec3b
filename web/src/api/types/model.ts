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

/** How right a model's drafts of one control are, held against labels. */
export interface ControlScore {
  control: string;
  measure: 'accuracy' | 'f1' | 'ap50' | 'words_right';
  value: number;
  low: number;
  high: number;
  precision?: number | null;
  recall?: number | null;
  tasks: number;
  labelled: number;
  drafted: number;
}

export interface ModelQuality {
  model: string;
  name: string;
  overall: number;
  tasks: number;
  controls: ControlScore[];
  /** Whether its probabilities come true; null: it claims none. */
  claims: { error: number; low: number; high: number; brier: number; claims: number } | null;
}

export interface ModelChange {
  name?: string;
  config?: Record<string, unknown>;
  enabled?: boolean;
}
