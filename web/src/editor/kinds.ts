// The kinds of region, one row each, as the server's table has them (core/schema.cpp).
import type { Control, ControlKind } from '../api/types';
import type { Region } from './region';

export interface KindFacts {
  /** Has a place on the item; can carry answers of its own, and be related. */
  readonly drawn: boolean;
  /** Answers a question about the item or, per region, about each drawn region. */
  readonly answers: boolean;
  /** A region of it has a label. */
  readonly labelled: boolean;
}

const kinds: Record<ControlKind, KindFacts> = {
  choices: { drawn: false, answers: true, labelled: true },
  boxes: { drawn: true, answers: false, labelled: true },
  spans: { drawn: true, answers: false, labelled: true },
  polygons: { drawn: true, answers: false, labelled: true },
  text: { drawn: false, answers: true, labelled: false },
  segments: { drawn: true, answers: false, labelled: true },
  keypoints: { drawn: true, answers: false, labelled: true },
  relations: { drawn: false, answers: false, labelled: true },
  rating: { drawn: false, answers: true, labelled: true },
};

export function factsOf(kind: ControlKind = 'choices'): KindFacts {
  return kinds[kind];
}

export function isDrawn(region: Region): boolean {
  return factsOf(region.kind).drawn;
}

/** Stands in the region list: it is drawn, or joins two that are. */
export function isListed(region: Region): boolean {
  return isDrawn(region) || region.kind === 'relations';
}

/** A question about the whole item, or about each drawn region when `perRegion`. */
export function isQuestion(control: Control, perRegion = false): boolean {
  return factsOf(control.kind).answers && (control.per_region ?? false) === perRegion;
}
