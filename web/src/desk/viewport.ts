// Which part of the image the stage shows: screen = image * scale + offset. Values only.
import type { Box, Point, Size } from '../editor/box';
import { clamp } from '../editor/box';

export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const zoomStep = 1.25;
const margin = 16;
const greatest = 40;

/** All of the image, as large as the stage allows, never more than twice its size. */
export function fitted(image: Size, stage: Size): Viewport {
  const room = { width: stage.width - 2 * margin, height: stage.height - 2 * margin };
  const scale = clamp(Math.min(room.width / image.width, room.height / image.height), 0.01, 2);
  return {
    scale,
    x: Math.round((stage.width - image.width * scale) / 2),
    y: Math.round((stage.height - image.height * scale) / 2),
  };
}

/** Zooms so that what is under `at` (screen pixels) stays there. */
export function zoomedAt(view: Viewport, at: Point, factor: number, least: number): Viewport {
  const scale = clamp(view.scale * factor, least, greatest);
  const ratio = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
}

/** Moved by screen pixels; some of the image always stays in sight. */
export function pannedBy(
  view: Viewport,
  dx: number,
  dy: number,
  image: Size,
  stage: Size,
): Viewport {
  const seen = 48;
  return {
    ...view,
    x: clamp(view.x + dx, seen - image.width * view.scale, stage.width - seen),
    y: clamp(view.y + dy, seen - image.height * view.scale, stage.height - seen),
  };
}

export function toImage(view: Viewport, point: Point): Point {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale };
}

export function toScreen(view: Viewport, box: Box): Box {
  return {
    x: box.x * view.scale + view.x,
    y: box.y * view.scale + view.y,
    width: box.width * view.scale,
    height: box.height * view.scale,
  };
}

/** The part of the image in sight, in image pixels. */
export function inSight(view: Viewport, image: Size, stage: Size): Box {
  const from = toImage(view, { x: 0, y: 0 });
  const to = toImage(view, { x: stage.width, y: stage.height });
  const x = clamp(from.x, 0, image.width);
  const y = clamp(from.y, 0, image.height);
  return {
    x,
    y,
    width: clamp(to.x, 0, image.width) - x,
    height: clamp(to.y, 0, image.height) - y,
  };
}

/** Screen pixels that a line of text is shown high, to be read letter by letter. */
const readable = 56;

/** The line in the middle, high enough to be read, but no wider than the stage; never smaller than it is now. */
export function lineCloseUp(box: Box, stage: Size, now: number): Viewport | null {
  if (!(box.width > 0 && box.height > 0) || stage.width === 0) return null;
  const whole = (stage.width * 0.94) / Math.max(box.width, 1);
  const wanted = Math.min(readable / Math.min(box.width, box.height), whole);
  const scale = clamp(Math.max(wanted, Math.min(now, whole)), 0.05, greatest);
  return {
    scale,
    x: stage.width / 2 - (box.x + box.width / 2) * scale,
    y: stage.height / 2 - (box.y + box.height / 2) * scale,
  };
}

/** The box in the middle, with room around it. */
export function zoomedTo(box: Box, stage: Size): Viewport {
  const room = 0.5;
  const scale = clamp(
    Math.min((stage.width * room) / box.width, (stage.height * room) / box.height),
    0.05,
    greatest,
  );
  return {
    scale,
    x: stage.width / 2 - (box.x + box.width / 2) * scale,
    y: stage.height / 2 - (box.y + box.height / 2) * scale,
  };
}
