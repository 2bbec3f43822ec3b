// What the editor and the surface ask of a region drawn on an image, whatever its kind: one row a kind.
import type { ControlKind } from '../api/types';
import { contains, type Box, type Point, type Size } from './box';
import {
  asFields,
  boundsOfPoints,
  keypointsOf,
  pointsMovedBy,
  withPointAt,
  type Keypoint,
} from './keypoints';
import {
  areaOfRings,
  boundsOf,
  cornersOfRings,
  isInside,
  nearestEdge,
  ringsMovedBy,
  ringsSizedBy,
  withCornerAt,
  type Rings,
} from './polygon';
import { boxOf, type Region } from './region';
import {
  cornersOf,
  turnedContains,
  turnedMovedBy,
  turnedSizedAlong,
  type TurnedBox,
} from './turned-box';

/** The fields of a region that are its place. */
export type Geometry = Partial<
  Pick<Region, 'x' | 'y' | 'width' | 'height' | 'rotation' | 'points' | 'rings' | 'visible'>
>;

interface Shape {
  bounds(region: Region): Box;
  /** Square pixels; what lies under the pointer is the smallest. */
  area(region: Region): number;
  touches(region: Region, point: Point, slack: number): boolean;
  moved(region: Region, dx: number, dy: number, image: Size): Geometry;
  sized(region: Region, dx: number, dy: number, image: Size): Geometry;
  /** Corners or points that can be moved one by one; null: one that is not there. */
  spots(region: Region): readonly (Point | null)[];
  withSpotAt(region: Region, spot: number, to: Point, image: Size): Geometry | null;
}

export function turnedBoxOf(region: Region): TurnedBox {
  return { ...boxOf(region), rotation: region.rotation ?? 0 };
}

export function ringsOf(region: Pick<Region, 'points' | 'rings'>): Rings {
  return [region.points ?? [], ...(region.rings ?? [])];
}

export function asRings(rings: Rings): { points: number[]; rings: number[][] } {
  const [outer = [], ...others] = rings;
  return { points: [...outer], rings: others.map((ring) => [...ring]) };
}

const boxes: Shape = {
  bounds: (region) => {
    const box = turnedBoxOf(region);
    if (box.rotation === 0) return boxOf(region);
    return boundsOf([cornersOf(box).flatMap(({ x, y }) => [x, y])]);
  },
  area: ({ width = 0, height = 0 }) => width * height,
  touches: (region, point, slack) => turnedContains(turnedBoxOf(region), point, slack),
  moved: (region, dx, dy, image) => turnedMovedBy(turnedBoxOf(region), dx, dy, image),
  sized: (region, dx, dy, image) => turnedSizedAlong(turnedBoxOf(region), 'se', dx, dy, image),
  spots: () => [],
  withSpotAt: () => null,
};

const polygons: Shape = {
  bounds: (region) => boundsOf(ringsOf(region)),
  area: (region) => areaOfRings(ringsOf(region)),
  touches: (region, point, slack) => {
    const rings = ringsOf(region);
    if (!contains(extentOf(region), point, slack)) return false;
    return isInside(rings, point) || (nearestEdge(rings, point)?.distance ?? Infinity) <= slack;
  },
  moved: (region, dx, dy, image) => asRings(ringsMovedBy(ringsOf(region), dx, dy, image)),
  sized: (region, dx, dy, image) => asRings(ringsSizedBy(ringsOf(region), dx, dy, image)),
  spots: (region) => cornersOfRings(ringsOf(region)),
  withSpotAt: (region, spot, to, image) => {
    const rings = withCornerAt(ringsOf(region), spot, to, image);
    return rings && asRings(rings);
  },
};

const keypoints: Shape = {
  bounds: (region) => boundsOfPoints(keypointsOf(region)),
  area: () => 0,
  // A single point is small: its mark counts, not only its place.
  touches: (region, point, slack) =>
    keypointsOf(region).some((at) => at.visible > 0 && distance(at, point) <= 2 * slack),
  moved: (region, dx, dy, image) => asPoints(pointsMovedBy(keypointsOf(region), dx, dy, image)),
  sized: () => ({}),
  spots: (region) => keypointsOf(region).map((at) => (at.visible > 0 ? at : null)),
  withSpotAt: (region, spot, to, image) =>
    asPoints(withPointAt(keypointsOf(region), spot, to, image)),
};

/** With `visible` empty where all are seen, so that it replaces what was there. */
export function asPoints(points: readonly Keypoint[]): Geometry {
  return { visible: [], ...asFields(points) };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

const shapes: Partial<Record<ControlKind, Shape>> = { boxes, polygons, keypoints };

/** Undefined for what is not drawn on an image. */
export function shapeOf(kind: ControlKind | undefined): Shape | undefined {
  return kind && shapes[kind];
}

const extents = new WeakMap<Region, Box>();

/** The upright box around a region; empty for what has no place on an image. */
export function extentOf(region: Region): Box {
  let box = extents.get(region);
  if (!box) {
    box = shapeOf(region.kind)?.bounds(region) ?? boxOf(region);
    extents.set(region, box);
  }
  return box;
}

const areas = new WeakMap<Region, number>();

export function areaOf(region: Region): number {
  let area = areas.get(region);
  if (area === undefined) {
    area = shapeOf(region.kind)?.area(region) ?? 0;
    areas.set(region, area);
  }
  return area;
}
