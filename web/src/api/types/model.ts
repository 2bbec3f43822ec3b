// Models and learners.
import type { Draft } from './task';

export interface ModelKind {
  kind: string;
  title: string;
  fits: boolean;
  why: string;
  config: Record<string, unknown> | null;
  /** Part of the program; others are asked elsewhere, and are off at first. */
  embedded: boolean;
  works_at: 'program' | 'machine' | 'server';
  /** What its config may hold. */
  fields: ConfigField[];
}

/** One thing that a kind of model is told. */
export interface ConfigField {
  name: string;
  kind:
    | 'text'
    | 'url'
    | 'number'
    | 'whole'
    | 'flag'
    | 'choice'
    | 'names'
    | 'object'
    | 'secret'
    | 'model';
  meaning: string;
  /** What holds when it is left out. */
  usual: unknown;
  required: boolean;
  choices: string[];
}

/** A secret that is set; it is never told again. */
export interface ModelSecret {
  name: string;
  tail: string;
  changed: number;
}

export interface ModelSpend {
  calls: number;
  tokens_in: number;
  tokens_out: number;
  money: number;
}

/** A figure with its 95 % interval. */
export interface Guess {
  low: number;
  mid: number;
  high: number;
}

/** What a run would take. */
export interface RunPlan {
  tasks: number;
  sampled: number;
  failed: number;
  how: 'sample' | 'estimate';
  note: string;
  tokens_in: Guess;
  tokens_out: Guess;
  money: Guess;
  seconds: Guess;
  spent: ModelSpend;
  budget_left: number | null;
  tokens_left: number | null;
  fits: boolean;
}

export interface ShownPrompt {
  version: string;
  tokens: number;
  messages: { role: string; text: string; picture: boolean }[];
  answer_schema: unknown;
}

export interface Trial {
  tasks: { task: string; key: string; draft?: Draft | null; why: string }[];
  spent: ModelSpend;
}

/** An ONNX file that was sent and is kept. */
export interface ModelFile {
  /** For "file" in a model's config. */
  file: string;
  name: string;
  bytes: number;
  /** Shape of its picture; -1: any size. */
  input: number[];
  labels: string[];
}

/** Two ways of asking where the answer is known: two configs (null: the model's own), or another model of the project. */
export interface CompareAsk {
  a: Record<string, unknown> | null;
  b: Record<string, unknown> | null;
  other: string;
  most: number;
}

/** `job.result` of a comparison that ended. */
export interface Comparison {
  known_by: 'gold' | 'blind';
  verdict: string;
  a: number;
  b: number;
  difference: number;
  low: number;
  high: number;
  both: number;
  only_a: number;
  only_b: number;
  neither: number;
  p: number;
  spent: ModelSpend;
  tasks: { task: string; a: number; b: number; why_a: string; why_b: string }[];
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
  embedded: boolean;
  secrets: ModelSecret[];
  /** What it has cost, where it is asked elsewhere. */
  spent?: ModelSpend | null;
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
