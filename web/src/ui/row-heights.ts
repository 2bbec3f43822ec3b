// A long list of rows that are not all as high: those that were drawn are measured, the others guessed.
import type { Window } from './windowing';

/** The top of each row and, last, the height of all. `measured`: by row, pixels. */
export function topsOf(
  ids: readonly string[],
  measured: ReadonlyMap<string, number>,
  guess: number,
): Float64Array {
  const tops = new Float64Array(ids.length + 1);
  ids.forEach((id, at) => (tops[at + 1] = tops[at]! + (measured.get(id) ?? guess)));
  return tops;
}

/** The row at this height; the last one past the end. */
export function rowAt(tops: Float64Array, y: number): number {
  let low = 0;
  let high = tops.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tops[middle + 1]! <= y) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, Math.max(0, tops.length - 2));
}

/** As `windowOf`, for rows of any height. */
export function windowIn(
  tops: Float64Array,
  scrollTop: number,
  viewHeight: number,
  around = 4,
): Window {
  const rows = tops.length - 1;
  if (rows === 0) return { first: 0, end: 0, above: 0, below: 0 };
  const first = Math.max(0, rowAt(tops, scrollTop) - around);
  const end = Math.min(rows, rowAt(tops, scrollTop + viewHeight) + 1 + around);
  return { first, end, above: tops[first]!, below: tops[rows]! - tops[end]! };
}
