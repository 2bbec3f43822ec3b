// Where characters are on the screen. The browser lays the text out; this measures what is asked for, in
// pixels of the column, and finds the character under a point. Chunks make both cost what is in sight.
import type { Box, Point } from '../editor/box';
import type { Chunk } from '../editor/text-blocks';
import type { Range } from '../editor/text-document';

interface Piece extends Chunk {
  readonly element: HTMLElement;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels: pieces of one line whose tops differ by less are one line. */
const oneLine = 4;

export class TextLayout {
  #pieces: Piece[] = [];

  /** Measures the chunks (elements with `data-at`) anew. Call when the text or its width changed. */
  constructor(readonly column: HTMLElement) {
    const origin = column.getBoundingClientRect();
    this.#pieces = [...column.querySelectorAll<HTMLElement>('[data-at]')].map((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return {
        element,
        start: Number(element.dataset.at),
        text: element.textContent ?? '',
        top: top - origin.top,
        bottom: bottom - origin.top,
      };
    });
  }

  /** The characters that lie, in part or whole, between two heights of the column. */
  between(top: number, bottom: number): Range {
    const first = this.#pieces.find((piece) => piece.bottom >= top);
    const last = this.#pieces.findLast((piece) => piece.top <= bottom);
    if (!first || !last) return { start: 0, end: 0 };
    return { start: first.start, end: last.start + last.text.length };
  }

  /** The boxes that the characters fill, one a line, in reading order. */
  boxes({ start, end }: Range): Box[] {
    const origin = this.column.getBoundingClientRect();
    const boxes: Box[] = [];
    for (const piece of this.#pieces) {
      const from = Math.max(start, piece.start);
      const to = Math.min(end, piece.start + piece.text.length);
      const node = piece.element.firstChild;
      if (from >= to || !node) continue;
      const range = document.createRange();
      range.setStart(node, from - piece.start);
      range.setEnd(node, to - piece.start);
      for (const { x, y, width, height } of range.getClientRects())
        append(boxes, { x: x - origin.x, y: y - origin.y, width, height });
    }
    return boxes;
  }

  /** Whether the line that the character is in is written from right to left. */
  isRightToLeft(unit: number): boolean {
    const piece = this.#pieces.findLast(({ start }) => start <= unit);
    return piece !== undefined && getComputedStyle(piece.element).direction === 'rtl';
  }

  /** The place between two characters that is nearest to a point of the window. */
  unitAt({ x, y }: Point): number | null {
    const place = placeAt(x, y);
    const element = place?.node.parentElement?.closest<HTMLElement>('[data-at]');
    if (!place || !element || !this.column.contains(element)) return null;
    return Number(element.dataset.at) + place.offset;
  }
}

function append(boxes: Box[], box: Box): void {
  if (box.width === 0) return;
  const last = boxes.at(-1);
  const joins =
    last &&
    Math.abs(last.y - box.y) < oneLine &&
    (Math.abs(last.x + last.width - box.x) < 1 || Math.abs(box.x + box.width - last.x) < 1);
  if (!joins) boxes.push(box);
  else
    boxes[boxes.length - 1] = {
      ...last,
      x: Math.min(last.x, box.x),
      width: last.width + box.width,
    };
}

function placeAt(x: number, y: number): { node: Node; offset: number } | null {
  if (document.caretPositionFromPoint) {
    const found = document.caretPositionFromPoint(x, y);
    return found && { node: found.offsetNode, offset: found.offset };
  }
  const found = document.caretRangeFromPoint?.(x, y);
  return found ? { node: found.startContainer, offset: found.startOffset } : null;
}
