// Keypoints: one point, or the points of a skeleton in the order of their control. Each is seen (2), hidden
// (1) or not there (0), as COCO has it; a point that is not there has no place.
import type { Control } from '../api/types';
import { clamp, type Box, type Point, type Size } from './box';
import { boundsOf, onImage, rounded } from './polygon';
import type { Region } from './region';

export type Visibility = 0 | 1 | 2;

export interface Keypoint extends Point {
  readonly visible: Visibility;
}

export const absent: Keypoint = { x: 0, y: 0, visible: 0 };

export function keypointsOf({ points = [], visible }: Pick<Region, 'points' | 'visible'>) {
  return Array.from({ length: points.length / 2 }, (_, i): Keypoint => {
    const seen = visible?.[i] ?? 2;
    return seen === 0
      ? absent
      : { x: points[2 * i]!, y: points[2 * i + 1]!, visible: seen === 1 ? 1 : 2 };
  });
}

/** As the wire has it: `visible` only where not all are seen. */
export function asFields(points: readonly Keypoint[]): { points: number[]; visible?: number[] } {
  const visible = points.map((point) => point.visible as number);
  return {
    points: points.flatMap(({ x, y }) => [x, y]),
    ...(visible.some((seen) => seen !== 2) && { visible }),
  };
}

/** How many points a region of the control has. */
export function pointCount(control: Control): number {
  return Math.max(1, control.points?.length ?? 0);
}

export function pointName(control: Control | undefined, index: number): string {
  return control?.points?.[index] ?? '';
}

/** The lines of a skeleton whose two ends are there. */
export function linesOf(control: Control | undefined, points: readonly Keypoint[]) {
  const ends = control?.lines ?? [];
  const lines: { from: Keypoint; to: Keypoint }[] = [];
  for (let i = 0; i + 1 < ends.length; i += 2) {
    const from = points[ends[i]!];
    const to = points[ends[i + 1]!];
    if (from && to && from.visible > 0 && to.visible > 0) lines.push({ from, to });
  }
  return lines;
}

export function boundsOfPoints(points: readonly Keypoint[]): Box {
  const there = points.filter(({ visible }) => visible > 0);
  return boundsOf([there.flatMap(({ x, y }) => [x, y])]);
}

/** A point moved; one that was not there is seen now. */
export function withPointAt(
  points: readonly Keypoint[],
  index: number,
  to: Point,
  image: Size,
): Keypoint[] {
  return points.map((point, i) =>
    i === index ? { ...onImage(to, image), visible: point.visible || 2 } : point,
  );
}

/**
 * A point seen, hidden or not there. One that comes back stands in the middle of the others. Null when it
 * would be the last point to go.
 */
export function withVisibility(
  points: readonly Keypoint[],
  index: number,
  visible: Visibility,
): Keypoint[] | null {
  if (!points[index]) return null;
  const others = points.some((point, i) => i !== index && point.visible > 0);
  if (visible === 0 && !others) return null;
  const { x, y, width, height } = boundsOfPoints(points);
  const back = { x: rounded(x + width / 2), y: rounded(y + height / 2) };
  return points.map((point, i) => {
    if (i !== index) return point;
    if (visible === 0) return absent;
    return { ...(point.visible > 0 ? point : back), visible };
  });
}

/** Moved as a whole, and stopped at the image's edges. */
export function pointsMovedBy(
  points: readonly Keypoint[],
  dx: number,
  dy: number,
  image: Size,
): Keypoint[] {
  const { x, y, width, height } = boundsOfPoints(points);
  const right = clamp(dx, -x, image.width - width - x);
  const down = clamp(dy, -y, image.height - height - y);
  return points.map((point) =>
    point.visible > 0
      ? { ...point, x: rounded(point.x + right), y: rounded(point.y + down) }
      : point,
  );
}

/** Points for hands without a mouse: in rows that fill `view`, first at the top left. */
export function pointsIn(view: Box, count: number): Keypoint[] {
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  return Array.from({ length: count }, (_, i) => ({
    x: Math.round(view.x + (view.width * ((i % columns) + 0.5)) / columns),
    y: Math.round(view.y + (view.height * (Math.floor(i / columns) + 0.5)) / rows),
    visible: 2,
  }));
}
