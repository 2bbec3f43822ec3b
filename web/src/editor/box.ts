// Axis-aligned boxes in pixels of the upright image, origin top left.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Box = Point & Size;

/** Which edges a handle moves: 'n' the top one, 'se' the bottom and the right one. */
export type Handle = 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w' | 'nw';
export const handles: readonly Handle[] = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'];

/** No side is ever shorter than this many pixels. */
export const shortestSide = 1;

export function handlePoint(box: Box, handle: Handle): Point {
  const x = handle.includes('w') ? 0 : handle.includes('e') ? 1 : 0.5;
  const y = handle.includes('n') ? 0 : handle.includes('s') ? 1 : 0.5;
  return { x: box.x + box.width * x, y: box.y + box.height * y };
}

/** The box between two corners in any order, inside the image, on whole pixels. */
export function boxBetween(a: Point, b: Point, image: Size): Box {
  const left = clamp(Math.floor(Math.min(a.x, b.x)), 0, image.width);
  const top = clamp(Math.floor(Math.min(a.y, b.y)), 0, image.height);
  const right = clamp(Math.ceil(Math.max(a.x, b.x)), 0, image.width);
  const bottom = clamp(Math.ceil(Math.max(a.y, b.y)), 0, image.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Moved, and stopped at the image's edges with its size kept. */
export function movedBy(box: Box, dx: number, dy: number, image: Size): Box {
  return tidy({
    ...box,
    x: clamp(box.x + dx, 0, Math.max(0, image.width - box.width)),
    y: clamp(box.y + dy, 0, Math.max(0, image.height - box.height)),
  });
}

/** The edges named by `handle` moved; they stop at the image's edges and at the opposite edge. */
export function sizedBy(box: Box, handle: Handle, dx: number, dy: number, image: Size): Box {
  let left = box.x;
  let top = box.y;
  let right = box.x + box.width;
  let bottom = box.y + box.height;
  if (handle.includes('w')) left = clamp(left + dx, 0, right - shortestSide);
  if (handle.includes('e')) right = clamp(right + dx, left + shortestSide, image.width);
  if (handle.includes('n')) top = clamp(top + dy, 0, bottom - shortestSide);
  if (handle.includes('s')) bottom = clamp(bottom + dy, top + shortestSide, image.height);
  return tidy({ x: left, y: top, width: right - left, height: bottom - top });
}

/** The middle of what is in view, a quarter of it. */
export function middleOfView(view: Box): Box {
  const width = Math.max(2, Math.round(view.width / 4));
  const height = Math.max(2, Math.round(view.height / 4));
  return {
    x: Math.round(view.x + (view.width - width) / 2),
    y: Math.round(view.y + (view.height - height) / 2),
    width,
    height,
  };
}

export function contains(box: Box, point: Point, slack = 0): boolean {
  return (
    point.x >= box.x - slack &&
    point.y >= box.y - slack &&
    point.x <= box.x + box.width + slack &&
    point.y <= box.y + box.height + slack
  );
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

/** Hundredths of a pixel: sums of steps must not leave 12.000000000000002 in an export. */
function tidy(box: Box): Box {
  const round = (value: number) => Math.round(value * 100) / 100;
  return { x: round(box.x), y: round(box.y), width: round(box.width), height: round(box.height) };
}
