// What is drawn for spans and relations over a text: boxes of words with a lane under them, and arcs. No
// DOM: boxes come in measured, shapes go out.
import type { Box, Point } from '../editor/box';
import type { Region } from '../editor/region';
import type { Range } from '../editor/text-document';

export interface Mark {
  readonly region: Region;
  readonly range: Range;
  readonly maybe: boolean;
  readonly boxes: readonly Box[];
  readonly lane: number;
  /** The span starts and ends in what was measured: where its brackets and its name are. */
  readonly starts: boolean;
  readonly ends: boolean;
}

export interface Arc {
  readonly region: Region;
  readonly path: string;
  readonly middle: Point;
}

/** Pixels from one lane to the next: a line and a small name under it. */
export const laneHeight = 12;
/** Pixels between a line of text and the next that lanes do not need. */
const breath = 6;

/** The height of a line of text with this many lanes under it. */
export function lineHeight(fontSize: number, lanes: number): number {
  return Math.round(fontSize * 1.2 + laneHeight * Math.max(1, lanes) + breath);
}

export function laneTop(box: Box, lane: number): number {
  return box.y + box.height + lane * laneHeight;
}

/** What a point means: of the lanes the one it is on, of the words the shortest span first. */
export function marksAt(marks: readonly Mark[], { x, y }: Point): Mark[] {
  const over = (box: Box) => x >= box.x && x <= box.x + box.width;
  const onLane = (mark: Mark) =>
    mark.boxes.some((box) => {
      const top = laneTop(box, mark.lane);
      return over(box) && y >= top && y < top + laneHeight;
    });
  const lane = marks.find(onLane);
  if (lane) return [lane];
  const length = ({ range }: Mark) => range.end - range.start;
  return marks
    .filter(({ boxes }) => boxes.some((box) => over(box) && y >= box.y && y <= box.y + box.height))
    .sort((a, b) => length(a) - length(b));
}

/** From the top of one box over the words to the top of the other. */
export function arcBetween(from: Box, to: Box): { path: string; middle: Point } {
  const a = { x: from.x + from.width / 2, y: from.y };
  const b = { x: to.x + to.width / 2, y: to.y };
  const rise = Math.min(34, 12 + Math.abs(b.x - a.x) / 14);
  const [c, d] = [
    { x: a.x, y: a.y - rise },
    { x: b.x, y: b.y - rise },
  ];
  const at = (p: Point) => `${Math.round(p.x * 10) / 10} ${Math.round(p.y * 10) / 10}`;
  const middle = {
    x: (a.x + b.x + 3 * (c.x + d.x)) / 8,
    y: (a.y + b.y + 3 * (c.y + d.y)) / 8,
  };
  return { path: `M ${at(a)} C ${at(c)}, ${at(d)}, ${at(b)}`, middle };
}
