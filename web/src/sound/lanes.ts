// Where segments lie: a lane for each label, in the schema's order, and as many lanes of one label as
// segments of it are heard at once.
import type { Stretch } from '../editor/segments';

export interface Lane {
  readonly label: string;
  /** CSS pixels from the top of the stage. */
  readonly top: number;
  readonly height: number;
  /** The first of its label: the one with the name. */
  readonly first: boolean;
}

export interface Laid extends Stretch {
  readonly id: string;
  readonly label: string;
}

/** `of` holds the lane of each segment by its id. */
export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly of: ReadonlyMap<string, Lane>;
  /** One past the last lane. */
  readonly bottom: number;
}

const tall = 28;
const low = 18;
const fewTall = 5;

/**
 * Segments come in the order they start. O(n), and n times the number heard at once where one label
 * overlaps itself. `shown`: labels that have a lane even without a segment.
 */
export function lanesOf(
  segments: readonly Laid[],
  order: readonly string[],
  shown: readonly string[],
  top: number,
): Lanes {
  const places = new Map<string, { id: string; row: number }[]>();
  const ends = new Map<string, number[]>();
  for (const { id, label, start, end } of segments) {
    const taken = ends.get(label) ?? [];
    const free = taken.findIndex((until) => until <= start);
    const row = free < 0 ? taken.length : free;
    taken[row] = end;
    ends.set(label, taken);
    const placed = places.get(label) ?? [];
    placed.push({ id, row });
    places.set(label, placed);
  }
  const strange = [...places.keys()].filter((label) => !order.includes(label));
  const used = [...order, ...strange].filter((label) => places.has(label) || shown.includes(label));
  const rows = used.reduce((sum, label) => sum + Math.max(1, ends.get(label)?.length ?? 0), 0);
  const height = rows <= fewTall ? tall : low;
  const lanes: Lane[] = [];
  const of = new Map<string, Lane>();
  for (const label of used) {
    const own = Array.from({ length: Math.max(1, ends.get(label)?.length ?? 0) }, (_, row) => ({
      label,
      top: top + (lanes.length + row) * height,
      height,
      first: row === 0,
    }));
    lanes.push(...own);
    for (const { id, row } of places.get(label) ?? []) of.set(id, own[row]!);
  }
  return { lanes, of, bottom: top + rows * height };
}
