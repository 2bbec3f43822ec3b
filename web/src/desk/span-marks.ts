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

/** Pixels: how far from the words of a line an arc runs, and how round its corners are. */
const aside = 6;
const round = 6;

/** The height of a line of text with this many lanes under it, and room for arcs beside it. */
export function lineHeight(fontSize: number, lanes: number, arcs: boolean): number {
  const room = breath + (arcs ? 2 * aside : 0);
  return Math.round(fontSize * 1.2 + laneHeight * Math.max(1, lanes) + room);
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

/** Over the words on one line; between lines through the space beside them, so that words stay free. */
export function arcBetween(from: Box, to: Box): { path: string; middle: Point } {
  const isLower = to.y > from.y + from.height / 2;
  const isHigher = to.y + to.height / 2 < from.y;
  const [x1, x2] = [from.x + from.width / 2, to.x + to.width / 2];
  if (isLower)
    return elbow({ x: x1, y: from.y + from.height + 4 }, { x: x2, y: to.y }, to.y - aside);
  if (isHigher)
    return elbow({ x: x1, y: from.y }, { x: x2, y: to.y + to.height + 5 }, from.y - aside);
  const top = Math.min(from.y, to.y);
  const rise = top - Math.min(26, 12 + Math.abs(x2 - x1) / 20);
  const path = `M ${at(x1, from.y)} C ${at(x1, rise)}, ${at(x2, rise)}, ${at(x2, to.y)}`;
  return { path, middle: { x: (x1 + x2) / 2, y: (top + 3 * rise) / 4 } };
}

/** Down or up to `level`, along it, and on to the end, with round corners. */
function elbow(a: Point, b: Point, level: number): { path: string; middle: Point } {
  const along = Math.sign(b.x - a.x);
  const down = Math.sign(b.y - a.y);
  const most = Math.abs(b.x - a.x) / 2;
  const r = Math.max(0, Math.min(round, most, Math.abs(level - a.y), Math.abs(b.y - level)));
  const corner = (x: number, to: Point) => `Q ${at(x, level)} ${at(to.x, to.y)}`;
  const path = [
    `M ${at(a.x, a.y)} L ${at(a.x, level - down * r)}`,
    corner(a.x, { x: a.x + along * r, y: level }),
    `L ${at(b.x - along * r, level)}`,
    corner(b.x, { x: b.x, y: level + down * r }),
    `L ${at(b.x, b.y)}`,
  ].join(' ');
  return { path, middle: { x: (a.x + b.x) / 2, y: level } };
}

function at(x: number, y: number): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
