// Polygons as rings of corners in image pixels: the outer ring, then holes and parts apart. What is inside
// is decided by the even-odd rule, so a ring in a ring is a hole. Corners are counted through all rings.
import { clamp, type Box, type Point, type Size } from './box';

/** x0, y0, x1, y1, ... of one closed line; at least three corners. */
export type Ring = readonly number[];
export type Rings = readonly Ring[];

export const leastCorners = 3;

/** Hundredths of a pixel. */
export const rounded = (value: number) => Math.round(value * 100) / 100;

export function cornerCount(rings: Rings): number {
  return rings.reduce((sum, ring) => sum + ring.length / 2, 0);
}

/** Which ring a corner is on, and its place there; null when there is no such corner. */
export function placeOf(rings: Rings, corner: number): { ring: number; at: number } | null {
  let at = corner;
  for (let ring = 0; ring < rings.length; ring += 1) {
    const count = rings[ring]!.length / 2;
    if (at >= 0 && at < count) return { ring, at };
    at -= count;
  }
  return null;
}

export function cornersOfRings(rings: Rings): Point[] {
  return rings.flatMap(pointsOfRing);
}

export function pointsOfRing(ring: Ring): Point[] {
  return Array.from({ length: ring.length / 2 }, (_, i) => ({
    x: ring[2 * i]!,
    y: ring[2 * i + 1]!,
  }));
}

export function isInside(rings: Rings, { x, y }: Point): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, last = ring.length - 2; i < ring.length; last = i, i += 2) {
      const [ax, ay, bx, by] = [ring[i]!, ring[i + 1]!, ring[last]!, ring[last + 1]!];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

export interface OnEdge {
  /** The corner that the edge starts from. */
  readonly corner: number;
  readonly distance: number;
  readonly point: Point;
}

/** The nearest place on an edge. O(corners). */
export function nearestEdge(rings: Rings, point: Point): OnEdge | null {
  let best: OnEdge | null = null;
  let first = 0;
  for (const ring of rings) {
    const count = ring.length / 2;
    for (let i = 0; i < count; i += 1) {
      const next = (i + 1) % count;
      const on = nearestOn(
        { x: ring[2 * i]!, y: ring[2 * i + 1]! },
        { x: ring[2 * next]!, y: ring[2 * next + 1]! },
        point,
      );
      const distance = Math.hypot(on.x - point.x, on.y - point.y);
      if (!best || distance < best.distance) best = { corner: first + i, distance, point: on };
    }
    first += count;
  }
  return best;
}

function nearestOn(a: Point, b: Point, point: Point): Point {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const square = dx * dx + dy * dy;
  const along =
    square === 0 ? 0 : clamp(((point.x - a.x) * dx + (point.y - a.y) * dy) / square, 0, 1);
  return { x: a.x + along * dx, y: a.y + along * dy };
}

/** What the even-odd rule fills, when no two rings cross: the outer rings less their holes. */
export function areaOfRings(rings: Rings): number {
  return rings.reduce((sum, ring, index) => {
    const inside = rings.filter(
      (other, i) => i !== index && isInside([other], { x: ring[0]!, y: ring[1]! }),
    ).length;
    return sum + (inside % 2 === 0 ? 1 : -1) * Math.abs(signedArea(ring));
  }, 0);
}

export function signedArea(ring: Ring): number {
  let sum = 0;
  for (let i = 0, last = ring.length - 2; i < ring.length; last = i, i += 2)
    sum += ring[last]! * ring[i + 1]! - ring[i]! * ring[last + 1]!;
  return sum / 2;
}

export function boundsOf(rings: Rings): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      left = Math.min(left, ring[i]!);
      right = Math.max(right, ring[i]!);
      top = Math.min(top, ring[i + 1]!);
      bottom = Math.max(bottom, ring[i + 1]!);
    }
  }
  return left <= right
    ? { x: left, y: top, width: right - left, height: bottom - top }
    : { x: 0, y: 0, width: 0, height: 0 };
}

/** Null when there is no such corner. The corner stays on the image. */
export function withCornerAt(rings: Rings, corner: number, to: Point, image: Size): Rings | null {
  const place = placeOf(rings, corner);
  return (
    place && changed(rings, place.ring, (points) => points.splice(place.at, 1, onImage(to, image)))
  );
}

/** A corner after this one: at `at`, or half way to the next. It is the corner `corner + 1` then. */
export function withCornerAfter(rings: Rings, corner: number, at?: Point): Rings | null {
  const place = placeOf(rings, corner);
  if (!place) return null;
  return changed(rings, place.ring, (points) => {
    const a = points[place.at]!;
    const b = points[(place.at + 1) % points.length]!;
    const between = at ?? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    points.splice(place.at + 1, 0, { x: rounded(between.x), y: rounded(between.y) });
  });
}

/**
 * Without the corner. A hole or a part of three corners goes as a whole; null when the only ring has no
 * corner to spare, or there is no such corner.
 */
export function withoutCorner(rings: Rings, corner: number): Rings | null {
  const place = placeOf(rings, corner);
  if (!place) return null;
  if (rings[place.ring]!.length / 2 > leastCorners)
    return changed(rings, place.ring, (points) => points.splice(place.at, 1));
  const rest = rings.filter((_, ring) => ring !== place.ring);
  return rest.length > 0 ? rest : null;
}

/** Moved as a whole, and stopped at the image's edges. */
export function ringsMovedBy(rings: Rings, dx: number, dy: number, image: Size): Rings {
  const { x, y, width, height } = boundsOf(rings);
  const right = clamp(dx, -x, image.width - width - x);
  const down = clamp(dy, -y, image.height - height - y);
  return rings.map((ring) => ring.map((n, i) => rounded(n + (i % 2 === 0 ? right : down))));
}

/** Stretched so that its right and bottom bounds move by these pixels. */
export function ringsSizedBy(rings: Rings, dx: number, dy: number, image: Size): Rings {
  const { x, y, width, height } = boundsOf(rings);
  const factor = (now: number, by: number, most: number) =>
    now > 0 ? clamp(now + by, 1, most) / now : 1;
  const across = factor(width, dx, image.width - x);
  const down = factor(height, dy, image.height - y);
  return rings.map((ring) =>
    ring.map((n, i) => rounded(i % 2 === 0 ? x + (n - x) * across : y + (n - y) * down)),
  );
}

export function onImage({ x, y }: Point, image: Size): Point {
  return { x: rounded(clamp(x, 0, image.width)), y: rounded(clamp(y, 0, image.height)) };
}

function changed(rings: Rings, index: number, change: (points: Point[]) => unknown): Rings {
  return rings.map((ring, i) => {
    if (i !== index) return ring;
    const points = pointsOfRing(ring);
    change(points);
    return points.flatMap(({ x, y }) => [x, y]);
  });
}
