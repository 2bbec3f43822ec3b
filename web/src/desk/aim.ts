// Where to point, for hands without a mouse: a cross that arrows move, and the middle of the view.
import type { Box, Point, Size } from '../editor/box';

/** The cross moved by image pixels, and held in the image. */
export function aimedBy(from: Point, dx: number, dy: number, image: Size): Point {
  const held = (at: number, most: number) => Math.min(Math.max(at, 0), most);
  return { x: held(from.x + dx, image.width), y: held(from.y + dy, image.height) };
}

/** Three quarters of what is in view. */
export function middleOf({ x, y, width, height }: Box): Box {
  return {
    x: x + width / 8,
    y: y + height / 8,
    width: (width * 3) / 4,
    height: (height * 3) / 4,
  };
}

export function centreOf({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}
