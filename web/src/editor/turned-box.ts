// Boxes that are turned: `rotation` degrees clockwise about the top left corner, as the wire has it. A hand
// turns a box about its middle, so the corner moves as the angle does.
import {
  clamp,
  contains,
  handlePoint,
  movedBy,
  shortestSide,
  sizedBy,
  type Box,
  type Handle,
  type Point,
  type Size,
} from './box';

export interface TurnedBox extends Box {
  readonly rotation: number;
}

interface Axes {
  readonly cos: number;
  readonly sin: number;
}

function axesOf({ rotation }: TurnedBox): Axes {
  const turn = (rotation * Math.PI) / 180;
  return { cos: Math.cos(turn), sin: Math.sin(turn) };
}

/** From the box's own axes (origin its top left corner) to the image. */
function outward(box: TurnedBox, { x, y }: Point): Point {
  const { cos, sin } = axesOf(box);
  return { x: box.x + x * cos - y * sin, y: box.y + x * sin + y * cos };
}

/** From the image to the box's own axes. */
function inward(box: TurnedBox, point: Point): Point {
  const { cos, sin } = axesOf(box);
  const x = point.x - box.x;
  const y = point.y - box.y;
  return { x: x * cos + y * sin, y: y * cos - x * sin };
}

export function middleOf(box: TurnedBox): Point {
  return outward(box, { x: box.width / 2, y: box.height / 2 });
}

/** Clockwise from the top left. */
export function cornersOf(box: TurnedBox): Point[] {
  const { width, height } = box;
  const own = [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
  return own.map((corner) => outward(box, corner));
}

export function handleOf(box: TurnedBox, handle: Handle): Point {
  return outward(box, handlePoint({ x: 0, y: 0, width: box.width, height: box.height }, handle));
}

/** Where the hand takes hold to turn it: `away` above the middle of the top edge. */
export function turnHandleOf(box: TurnedBox, away: number): Point {
  return outward(box, { x: box.width / 2, y: -away });
}

export function turnedContains(box: TurnedBox, point: Point, slack = 0): boolean {
  return contains({ x: 0, y: 0, width: box.width, height: box.height }, inward(box, point), slack);
}

/** Turned to an angle about its middle. Upright again, it is cut to the image as upright boxes are. */
export function turnedTo(box: TurnedBox, rotation: number, image: Size): TurnedBox {
  const angle = Math.round((((rotation % 360) + 360) % 360) * 100) / 100 || 0;
  const turned = around(middleOf(box), { ...box, rotation: angle === 360 ? 0 : angle });
  return turned.rotation === 0 ? cut(turned, image) : tidy(turned);
}

/** The angle at which the box's top edge faces `point`. */
export function angleTowards(box: TurnedBox, point: Point): number {
  const middle = middleOf(box);
  return (Math.atan2(point.y - middle.y, point.x - middle.x) * 180) / Math.PI + 90;
}

/** Moved; the middle of a turned box stays on the image, an upright one stays on it whole. */
export function turnedMovedBy(box: TurnedBox, dx: number, dy: number, image: Size): TurnedBox {
  if (box.rotation === 0) return { ...movedBy(box, dx, dy, image), rotation: 0 };
  const middle = middleOf(box);
  const x = clamp(middle.x + dx, 0, image.width) - middle.x;
  const y = clamp(middle.y + dy, 0, image.height) - middle.y;
  return tidy({ ...box, x: box.x + x, y: box.y + y });
}

/** The edges named by `handle` moved by image pixels; the ones opposite stay where they are. */
export function turnedSizedBy(
  box: TurnedBox,
  handle: Handle,
  dx: number,
  dy: number,
  image: Size,
): TurnedBox {
  if (box.rotation === 0) return { ...sizedBy(box, handle, dx, dy, image), rotation: 0 };
  const { cos, sin } = axesOf(box);
  const right = dx * cos + dy * sin;
  const down = dy * cos - dx * sin;
  return turnedSizedAlong(box, handle, right, down, image);
}

/** As `turnedSizedBy`, by pixels along the box's own edges: what arrow keys do. */
export function turnedSizedAlong(
  box: TurnedBox,
  handle: Handle,
  right: number,
  down: number,
  image: Size,
): TurnedBox {
  if (box.rotation === 0) return { ...sizedBy(box, handle, right, down, image), rotation: 0 };
  let { width, height } = box;
  const corner = { x: 0, y: 0 };
  if (handle.includes('e')) width = Math.max(shortestSide, width + right);
  if (handle.includes('s')) height = Math.max(shortestSide, height + down);
  if (handle.includes('w')) {
    corner.x = Math.min(right, width - shortestSide);
    width -= corner.x;
  }
  if (handle.includes('n')) {
    corner.y = Math.min(down, height - shortestSide);
    height -= corner.y;
  }
  const sized = { ...box, ...outward(box, corner), width, height };
  const middle = middleOf(sized);
  const inside =
    middle.x >= 0 && middle.y >= 0 && middle.x <= image.width && middle.y <= image.height;
  return inside ? tidy(sized) : box;
}

/** The same box with its middle here. */
function around(middle: Point, box: TurnedBox): TurnedBox {
  const at = middleOf({ ...box, x: 0, y: 0 });
  return { ...box, x: middle.x - at.x, y: middle.y - at.y };
}

function cut(box: TurnedBox, image: Size): TurnedBox {
  const left = clamp(box.x, 0, image.width - shortestSide);
  const top = clamp(box.y, 0, image.height - shortestSide);
  const right = clamp(box.x + box.width, left + shortestSide, image.width);
  const bottom = clamp(box.y + box.height, top + shortestSide, image.height);
  return tidy({ x: left, y: top, width: right - left, height: bottom - top, rotation: 0 });
}

/** Hundredths of a pixel and of a degree. */
function tidy(box: TurnedBox): TurnedBox {
  const round = (value: number) => Math.round(value * 100) / 100;
  const { x, y, width, height, rotation } = box;
  return {
    x: round(x),
    y: round(y),
    width: round(width),
    height: round(height),
    rotation: round(rotation),
  };
}
