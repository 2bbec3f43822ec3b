// What lies under the pointer.
import { handles, type Handle, type Point } from './box';
import { pointsOfRing } from './polygon';
import type { Region } from './region';
import { areaOf, ringsOf, shapeOf, turnedBoxOf } from './shape';
import { handleOf, turnHandleOf } from './turned-box';

export interface Hit {
  readonly region: Region;
  /** An edge or corner of a box, or what turns it; null: the inside or the border. */
  readonly handle: Handle | 'turn' | null;
  /** A corner of a polygon, or a point. */
  readonly spot?: number;
  /** The middle of the edge that starts at this corner: a new corner can be pulled out of it. */
  readonly edge?: number;
}

/** Screen pixels: a handle's reach, and how far above a box the hand turns it. */
export const reach = 8;
export const turnAway = 24;
/** Edges shorter than this on the screen have no handle in the middle. */
export const leastEdge = 36;

/**
 * The selected region's handles come first, then the smallest region around the point, so that one inside
 * another can be reached. `pixel` is how many image pixels a screen pixel is, `broad` how many times the usual
 * reach the pointer has: a finger more than a mouse. O(regions and corners).
 */
export function hitAt(
  regions: readonly Region[],
  selected: Region | undefined,
  point: Point,
  pixel: number,
  broad = 1,
): Hit | null {
  const held = selected && partAt(selected, point, pixel, broad);
  if (held) return held;
  let best: Region | null = null;
  let area = Infinity;
  for (const region of regions) {
    if (!shapeOf(region.kind)?.touches(region, point, (reach / 2) * pixel * broad)) continue;
    const size = areaOf(region);
    if (size < area) {
      area = size;
      best = region;
    }
  }
  return best && { region: best, handle: null };
}

/** The corner, point, handle or edge of one region. */
function partAt(region: Region, point: Point, pixel: number, broad: number): Hit | null {
  const slack = reach * pixel * broad;
  if (region.kind === 'boxes') {
    const handle = handleAt(region, point, pixel, broad);
    return handle && { region, handle };
  }
  const spot = nearest(shapeOf(region.kind)?.spots(region) ?? [], point, slack);
  if (spot !== null) return { region, handle: null, spot };
  if (region.kind !== 'polygons') return null;
  const edge = nearest(edgeMiddles(region, pixel), point, slack);
  return edge === null ? null : { region, handle: null, edge };
}

/** Where new corners can be pulled out, by the corner before; null: the edge is too short. */
export function edgeMiddles(region: Region, pixel: number): (Point | null)[] {
  return ringsOf(region).flatMap((ring) => {
    const points = pointsOfRing(ring);
    return points.map((a, i) => {
      const b = points[(i + 1) % points.length]!;
      const isLong = Math.hypot(a.x - b.x, a.y - b.y) >= leastEdge * pixel;
      return isLong ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : null;
    });
  });
}

function nearest(points: readonly (Point | null)[], to: Point, within: number): number | null {
  let best: number | null = null;
  let least = within;
  points.forEach((at, i) => {
    const distance = at ? Math.hypot(at.x - to.x, at.y - to.y) : Infinity;
    if (distance > least) return;
    least = distance;
    best = i;
  });
  return best;
}

function handleAt(
  region: Region,
  point: Point,
  pixel: number,
  broad: number,
): Handle | 'turn' | null {
  const box = turnedBoxOf(region);
  let best: Handle | null = null;
  let closest = reach * pixel * broad;
  for (const handle of handles) {
    const at = handleOf(box, handle);
    const distance = Math.max(Math.abs(at.x - point.x), Math.abs(at.y - point.y));
    if (distance < closest || (distance === closest && handle.length === 2)) {
      closest = distance;
      best = handle;
    }
  }
  if (best) return best;
  const turn = turnHandleOf(box, turnAway * pixel);
  return Math.hypot(turn.x - point.x, turn.y - point.y) <= reach * pixel * broad ? 'turn' : null;
}
