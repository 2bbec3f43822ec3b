// What lies under the pointer.
import { contains, handlePoint, handles, type Handle, type Point } from './box';
import { boxOf, type Region } from './region';

export interface Hit {
  readonly region: Region;
  /** Null: the inside or the border. */
  readonly handle: Handle | null;
}

/**
 * The selected box's handles come first, then the smallest box around the point, so that a box inside
 * another can be reached. `slack` is in image pixels. O(regions).
 */
export function hitAt(
  regions: readonly Region[],
  selected: Region | undefined,
  point: Point,
  slack: number,
): Hit | null {
  if (selected?.kind === 'boxes') {
    const handle = handleAt(selected, point, slack);
    if (handle) return { region: selected, handle };
  }
  let best: Region | null = null;
  let area = Infinity;
  for (const region of regions) {
    if (region.kind !== 'boxes') continue;
    const box = boxOf(region);
    if (!contains(box, point, slack / 2)) continue;
    const size = box.width * box.height;
    if (size < area) {
      area = size;
      best = region;
    }
  }
  return best && { region: best, handle: null };
}

function handleAt(region: Region, point: Point, slack: number): Handle | null {
  const box = boxOf(region);
  let best: Handle | null = null;
  let nearest = slack;
  for (const handle of handles) {
    const at = handlePoint(box, handle);
    const distance = Math.max(Math.abs(at.x - point.x), Math.abs(at.y - point.y));
    if (distance < nearest || (distance === nearest && handle.length === 2)) {
      nearest = distance;
      best = handle;
    }
  }
  return best;
}
