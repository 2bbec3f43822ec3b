// The wire shapes of the HTTP API. Names are the wire's (snake_case) so that what a person reads in
// the network panel, in the API reference and here is one thing. Times are milliseconds UTC.

export type Role = 'annotator' | 'specialist' | 'supervisor' | 'admin';
export type Permission =
  'label' | 'see_projects' | 'decide' | 'manage_project' | 'see_people' | 'manage_people';

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface About {
  name: string;
  version: string;
  engine: string;
  limits: { upload_bytes: number };
}

export interface Person {
  id: string;
  name: string;
  display: string;
  role: Role;
  active: boolean;
  created: number;
}

export interface Session {
  person: Person;
  csrf: string;
  expires: number;
}

export interface NewPerson {
  name: string;
  display: string;
  role: Role;
  password?: string;
}

export interface PersonChange {
  display?: string;
  role?: Role;
  active?: boolean;
  password?: string;
}

export interface Token {
  id: string;
  name: string;
  created: number;
  expires: number;
  last_used: number | null;
}

export type Modality = 'text' | 'image' | 'audio';
export type ControlKind =
  | 'choices'
  | 'boxes'
  | 'spans'
  | 'polygons'
  | 'text'
  | 'segments'
  | 'keypoints'
  | 'relations'
  | 'rating';

export interface Label {
  name: string;
  hotkey: string;
  color: string;
  guideline: string;
  aliases: string[];
}

export interface Control {
  name: string;
  kind: ControlKind;
  title: string;
  multiple: boolean;
  required: boolean;
  /** choices, rating and text: asked about each drawn region. */
  per_region?: boolean;
  labels: Label[];
  /** keypoints: names in order; empty: one point a region. */
  points?: string[];
  /** keypoints: pairs of places in `points` that a line joins. */
  lines?: number[];
}

export interface Schema {
  modality: Modality;
  source: string;
  controls: Control[];
}

export interface ProjectTemplate {
  name: string;
  title: string;
  description: string;
  schema: Schema;
  guideline: string;
}

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
  text_column?: string;
  id_column?: string;
  label_column?: string;
}

export interface RowVerdict {
  row: number;
  source: string;
  verdict: 'repaired' | 'rejected';
  reason: string;
}

export type TaskState = 'ready' | 'leased' | 'done' | 'disputed';
export type Lane = 'routine' | 'edge' | 'audit' | 'dispute' | 'finding';
export type Action = 'accepted' | 'edited' | 'rejected' | 'created' | 'skipped' | 'imported';
export type Origin = 'model' | 'edited' | 'person' | 'imported';
export type Grounding = 'unchecked' | 'grounded' | 'repaired' | 'weak' | 'ungrounded';

/** Fields that do not count for the kind, or hold their default, are left out on the wire. */
export interface Region {
  id: string;
  control: string;
  kind?: ControlKind;
  labels?: string[];
  /** boxes: pixels of the upright image. */
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  rotation?: number;
  /** polygons and keypoints: x0, y0, x1, y1, ... pixels. */
  points?: number[];
  /** polygons: further rings, holes and parts apart (even-odd rule). */
  rings?: number[][];
  /** keypoints: 0 not labelled, 1 hidden, 2 seen; absent: all seen. */
  visible?: number[];
  /** spans: Unicode code points; segments: seconds. */
  start?: number;
  end?: number;
  text?: string;
  /** per-region controls: the region it is about. */
  parent?: string;
  /** relations: ids of the regions it joins. */
  from?: string;
  to?: string;
  confidence?: number | null;
  probability?: number | null;
  origin?: Origin;
  grounding?: Grounding;
  reason?: string;
  meta?: unknown;
}

export interface Media {
  id: string;
  url: string;
  width: number;
  height: number;
  type: string;
}

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

export interface DeskTask {
  id: string;
  project: string;
  key: string;
  data: Record<string, unknown>;
  meta: Record<string, unknown> | null;
  lane: Lane;
  priority: number;
  media: Media | null;
  assignment: { id: string; until: number };
  /** Null when there is no draft, or when the task is a blind control: the two look alike. */
  draft: DraftHead | null;
  regions: Region[];
  maybes: Region[];
  work: unknown;
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

/** Asks for the outline of the thing in a box; points are pixels of the upright image. */
export interface AssistAsk {
  kind: 'outline';
  box: { x: number; y: number; width: number; height: number };
  include: [number, number][];
  exclude: [number, number][];
}

export interface AssistReply {
  region: Pick<Region, 'points' | 'rings'>;
}

export interface DeskAnswer {
  assignment: string;
  regions: Region[];
  rejected?: boolean;
  active_ms: number;
  flagged?: boolean;
  comment?: string;
  want?: number;
}

export interface DeskSkip {
  assignment: string;
  comment?: string;
  active_ms: number;
  want?: number;
}

export interface DeskReply {
  annotation: Annotation;
  next: DeskTask[];
  progress: Progress;
}

export interface NextTasks {
  tasks: DeskTask[];
  progress: Progress;
}

export interface Comment {
  id: string;
  task: string;
  person: string;
  author: string;
  text: string;
  created: number;
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
}

export interface Dispute {
  task: TaskHead;
  media: Media | null;
  draft: Draft | null;
  opinions: Opinion[];
  suggested: string;
  in_favour: number;
}

export interface Verdict {
  /** The opinion that holds; absent: `regions` do. */
  annotation?: string;
  regions?: Region[];
  reason?: string;
  active_ms: number;
}

export interface GuidelineChange {
  from: number;
  to: number;
  before: string;
  after: string;
}

export interface TaskDetail {
  task: TaskHead;
  media: Media | null;
  drafts: Draft[];
  annotations: Annotation[];
  comments: Comment[];
}

export interface TaskFilter {
  state?: TaskState;
  drafted?: boolean;
  flagged?: boolean;
  action?: Action;
  label?: string;
  search?: string;
  probability_below?: number;
}

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

/** A Label Studio configuration, read. */
export interface LabelConfig {
  schema: Schema;
  not_understood: string[];
}

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
