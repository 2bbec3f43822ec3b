// Regions of an answer and the media below them.
import type { ControlKind } from './schema';

export type Origin = 'model' | 'edited' | 'person' | 'imported';

export type Grounding = 'unchecked' | 'grounded' | 'repaired' | 'weak' | 'ungrounded';

/** A spoken word and when it was said, in seconds. */
export interface Word {
  text: string;
  start: number;
  end: number;
  /** That it is the right word, 0 to 1. */
  confidence?: number | null;
}

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
  /** text on audio: its words in order, where a time is known. */
  words?: Word[];
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
  /** Audio: how long it is. */
  seconds?: number;
}
