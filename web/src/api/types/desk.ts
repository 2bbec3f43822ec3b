// What the desk takes and gives.
import type { Onboarding } from './gold';
import type { Progress } from './project';
import type { Media, Region, Word } from './region';
import type { Annotation, DraftHead, Lane } from './task';

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
  /** Of a task that was sent back: the answer it had, one's own or what was decided. */
  former: { own: boolean; created: number; regions: Region[] } | null;
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

export interface VoiceSegment {
  id: string;
  start: number;
  end: number;
  label: string;
}

export interface VoicesAsk {
  control: string;
  labelled: VoiceSegment[];
  segments: VoiceSegment[];
}

/** Why a segment kept its label: what its voice says is not enough. */
export type LeftAlone = 'short' | 'talked_over' | 'unsure' | 'other_voice';

export interface VoicesReply {
  segments: { id: string; label: string; confidence: number }[];
  left: { id: string; why: LeftAlone }[];
  /** `recognised`: the share of its own speech that is told to be this voice's by the rest of it. */
  voices: { label: string; seconds: number; recognised: number; names: boolean }[];
}

export interface TextToTime {
  id: string;
  start: number;
  end: number;
  words: string[];
}

export interface TimedText {
  id: string;
  words: Word[];
  problem: string;
}

export interface TimesReply {
  texts: TimedText[];
}

/** A model that answers when somebody points at something. */
export interface CueModel {
  model: string;
  name: string;
}

export interface CuePoint {
  x: number;
  y: number;
  /** False: what is meant is not here. */
  on: boolean;
}

/** What a person points at, in pixels of the upright image. */
export interface CueAsk {
  model: string;
  label: string;
  boxes: { x: number; y: number; width: number; height: number }[];
  points: CuePoint[];
  regions: Region[];
}

export interface CueReply {
  model: string;
  name: string;
  version: string;
  regions: Region[];
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
  /** What comes before work; null: nothing does. */
  onboarding: Onboarding | null;
}

/** Why a task that was asked for by name is not given. */
export type WhyPassed = 'with_another' | 'decided' | 'disputed' | 'answered' | 'missing';

export interface TakenTasks {
  tasks: DeskTask[];
  passed: { task: string; why: WhyPassed }[];
  progress: Progress;
}

export interface NextTasks {
  tasks: DeskTask[];
  progress: Progress;
  /** What comes before work; null: nothing does. */
  onboarding: Onboarding | null;
}
