// Tasks, drafts and annotations as they are listed.
import type { Grounding, Media, Region } from './region';

export type TaskState = 'ready' | 'leased' | 'done' | 'disputed';

export type Lane = 'routine' | 'edge' | 'audit' | 'dispute' | 'finding';

export type Action = 'accepted' | 'edited' | 'rejected' | 'created' | 'skipped' | 'imported';

export interface DraftHead {
  id: string;
  model: string;
  version: string;
  confidence: number | null;
  probability: number | null;
  grounding: Grounding;
  created: number;
}

export interface Draft extends DraftHead {
  regions: Region[];
  current?: boolean;
}

export interface Annotation {
  id: string;
  task: string;
  person: string;
  draft: string | null;
  action: Action;
  regions: Region[];
  edits: number;
  active_ms: number;
  flagged: boolean;
  comment: string;
  created: number;
  /** 0, or when it was undone. */
  withdrawn: number;
}

/** Somebody who can be mentioned. */
export interface Colleague {
  id: string;
  name: string;
  display: string;
}

export interface Mention {
  person: string;
  name: string;
  display: string;
}

export interface Comment {
  id: string;
  task: string;
  person: string;
  author: string;
  /** "@u..." in it is a person of `mentions`. */
  text: string;
  created: number;
  mentions: Mention[];
}

export interface TaskHead {
  id: string;
  key: string;
  data: Record<string, unknown>;
  meta: Record<string, unknown> | null;
  media: string | Media | null;
  state: TaskState;
  lane: Lane;
  priority: number;
  created: number;
}

export interface TaskRow {
  task: TaskHead;
  action: Action | null;
  person: string;
  labels: string;
  probability: number | null;
  flagged: boolean;
  decided: number;
  /** Who has it on the desk, until when, and whom it is meant for: for supervisors, else empty. */
  holder: string;
  lease_until: number;
  for_person: string;
}

export interface TaskDetail {
  task: TaskHead;
  media: Media | null;
  drafts: Draft[];
  annotations: Annotation[];
  comments: Comment[];
}

/** How many tasks match; `more`: at least so many. */
export interface TaskCount {
  count: number;
  more: boolean;
}

/** What the caller may filter by. */
export interface FilterField {
  name: string;
  kind: 'choice' | 'yes_no' | 'label' | 'word' | 'number' | 'time';
  meaning: string;
  choices: string[];
}

/** A filter with a name, an order and columns; `shared`: everybody's. */
export interface TaskView {
  id: string;
  name: string;
  filter: string;
  sort: string;
  columns: string[];
  shared: boolean;
  created: number;
}

/** What an assignment changed, and whose the tasks were before. */
export interface Assigned {
  changed: number;
  before: { person: string; tasks: string[] }[];
  next: string | null;
}
