// Projects, their policy and history.
import type { ControlKind, Modality, Schema } from './schema';

export interface FileFormat {
  name: string;
  title: string;
  extension: string;
  import: boolean;
  export: boolean;
  modalities: Modality[];
  controls: ControlKind[];
  lossless: boolean;
}

export interface Policy {
  blind_share: number;
  show_from: number;
  routine_from: number;
  lease_minutes: number;
  overlap: number;
  overlap_share: number;
  gold_share: number;
  onboarding: number;
  onboarding_least: number;
  skip_reasons: string[];
}

export interface Progress {
  total: number;
  ready: number;
  leased: number;
  done: number;
  drafted: number;
  accepted: number;
  edited: number;
  rejected: number;
  created: number;
  skipped: number;
  imported: number;
  flagged: number;
  disputed: number;
  /** Only supervisors see how many there are. */
  gold: number;
  /** Those that are open; only supervisors see how many. A desk's replies leave it out. */
  findings?: number;
}

export interface Project {
  id: string;
  name: string;
  description: string;
  schema: Schema;
  schema_version: number;
  guideline: string;
  guideline_version: number;
  policy: Policy;
  progress: Progress;
  created: number;
  archived: boolean;
  /** One has no task list and live board here: they would tell which tasks are gold. */
  lists_hidden: boolean;
}

export interface NewProject {
  name: string;
  description: string;
  schema: Schema;
  guideline: string;
  policy?: Policy;
}

export interface ProjectChange {
  name?: string;
  description?: string;
  guideline?: string;
  policy?: Policy;
  schema?: Schema;
  archived?: boolean;
}

export interface GuidelineChange {
  from: number;
  to: number;
  before: string;
  after: string;
}

export interface Event {
  id: string;
  seq: number;
  kind: string;
  person: string | null;
  task: string | null;
  body: unknown;
  created: number;
  hash: string;
}
