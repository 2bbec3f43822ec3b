// A region as the editor holds it: the wire's Region, never changed in place.
import type { Region as WireRegion } from '../api/types';
import type { Box } from './box';

export type Region = Readonly<WireRegion>;

export function boxOf(region: Region): Box {
  return {
    x: region.x ?? 0,
    y: region.y ?? 0,
    width: region.width ?? 0,
    height: region.height ?? 0,
  };
}

export function labelOf(region: Region): string {
  return region.labels?.[0] ?? '';
}

/** Whether a person would call them the same answer: geometry and labels, not who made it. */
export function sameAnswer(a: Region, b: Region): boolean {
  if (a === b) return true;
  return (
    a.control === b.control &&
    sameList(a.labels, b.labels) &&
    (a.x ?? 0) === (b.x ?? 0) &&
    (a.y ?? 0) === (b.y ?? 0) &&
    (a.width ?? 0) === (b.width ?? 0) &&
    (a.height ?? 0) === (b.height ?? 0) &&
    (a.rotation ?? 0) === (b.rotation ?? 0) &&
    sameList(a.points, b.points) &&
    sameRings(a.rings, b.rings) &&
    sameList(a.visible, b.visible) &&
    (a.start ?? 0) === (b.start ?? 0) &&
    (a.end ?? 0) === (b.end ?? 0) &&
    (a.text ?? '') === (b.text ?? '') &&
    (a.parent ?? '') === (b.parent ?? '') &&
    (a.from ?? '') === (b.from ?? '') &&
    (a.to ?? '') === (b.to ?? '')
  );
}

/** Whether two lists hold the same answers under the same ids, in any order. */
export function sameAnswers(a: readonly Region[], b: readonly Region[]): boolean {
  if (a.length !== b.length) return false;
  const byId = new Map(b.map((region) => [region.id, region]));
  return a.every((region) => {
    const other = byId.get(region.id);
    return other !== undefined && sameAnswer(region, other);
  });
}

function sameRings(a: readonly number[][] = [], b: readonly number[][] = []): boolean {
  return a.length === b.length && a.every((ring, i) => sameList(ring, b[i]));
}

function sameList(a: readonly unknown[] = [], b: readonly unknown[] = []): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/**
 * A region after a person's hand: what the model claimed of it no longer holds, so it goes. A region
 * the person made stays the person's.
 */
export function byHand(region: Region, change: Partial<Region>): Region {
  const { confidence: _c, probability: _p, grounding: _g, reason: _r, ...rest } = region;
  const origin = region.origin === 'person' || region.origin === undefined ? 'person' : 'edited';
  return { ...rest, ...change, origin };
}
