// The pointer on a text: a click chooses, a drag selects words (with Alt characters), a drag of an edge of
// the span in focus moves it. What it does was decided when it went down.
import type { Point } from '../editor/box';
import { rangeOf } from '../editor/spans';
import type { Range } from '../editor/text-document';
import type { DeskView } from './desk-view.svelte';
import { marksAt, type Mark } from './span-marks';
import type { TextLayout } from './text-layout';

/** In pixels of the column, and of the window. */
export interface At extends Point {
  readonly client: Point;
}

interface Stage {
  readonly view: DeskView;
  layout(): TextLayout | null;
  marks(): readonly Mark[];
}

type State =
  | { kind: 'idle' }
  | { kind: 'press'; from: number; at: Point; range: Range | null }
  | { kind: 'edge'; id: string; edge: 'start' | 'end'; range: Range };

/** Pixels: a drag's start, an edge's reach. */
const dragFrom = 4;
const reach = 5;

export class TextPointer {
  #state: State = { kind: 'idle' };
  /** The CSS cursor. */
  shape = 'text';

  constructor(private readonly stage: Stage) {
    stage.view.text.stopDrag = () => this.#stop();
  }

  /** False when the point means nothing here. */
  down(at: At): boolean {
    const { view } = this.stage;
    const edge = this.#edgeAt(at);
    const { span } = view.text;
    const unit = this.stage.layout()?.unitAt(at.client) ?? null;
    if (edge && span) {
      view.editor?.history.mark();
      const range = rangeOf(view.text.document, span);
      this.#state = { kind: 'edge', id: span.id, edge, range };
    } else if (unit !== null) {
      this.#state = { kind: 'press', from: unit, at, range: null };
    }
    return this.#state.kind !== 'idle';
  }

  move(at: At, exact: boolean): void {
    const state = this.#state;
    if (state.kind === 'idle') return this.#hover(at);
    const unit = this.stage.layout()?.unitAt(at.client) ?? null;
    if (unit === null) return;
    const { text } = this.stage.view;
    if (state.kind === 'edge') {
      text.move(state.id, this.#edgeMoved(state.range, state.edge, unit, exact));
      return;
    }
    const far = Math.hypot(at.x - state.at.x, at.y - state.at.y) >= dragFrom;
    if (!far && !state.range) return;
    const drawn = { start: Math.min(state.from, unit), end: Math.max(state.from, unit) };
    const range = exact ? drawn : text.document.snapped(drawn);
    if (range && range.start < range.end) {
      state.range = range;
      text.sweep(range);
    }
  }

  up(at: At, exact: boolean): void {
    this.move(at, exact);
    const state = this.#state;
    this.#state = { kind: 'idle' };
    if (state.kind === 'edge') this.stage.view.editor?.history.settle();
    if (state.kind !== 'press') return;
    if (state.range) this.stage.view.text.drew(state.range);
    else this.#click(at, state.from);
  }

  #stop(): boolean {
    const busy = this.#state.kind !== 'idle';
    if (this.#state.kind === 'edge') this.stage.view.editor?.history.abandon();
    this.#state = { kind: 'idle' };
    return busy;
  }

  /** Again at the same place: the span around the one in focus. A word without a span is selected. */
  #click(at: At, unit: number): void {
    const { view } = this.stage;
    const hits = marksAt(this.stage.marks(), at);
    const turn = hits.findIndex(({ region }) => region.id === view.selectedId);
    const hit = hits[(turn + 1) % Math.max(1, hits.length)];
    if (hit) {
      view.text.letGo();
      view.point(hit.region.id);
      return;
    }
    if (view.editor?.joining) return;
    view.editor?.select(null);
    const word = view.text.document.wordAt(unit) ?? view.text.document.wordAt(unit - 1);
    const boxes = word ? (this.stage.layout()?.boxes(word) ?? []) : [];
    const isOn = boxes.some(
      ({ x, y, width, height }) =>
        at.x >= x && at.x <= x + width && at.y >= y - 4 && at.y <= y + height + 4,
    );
    if (word && isOn) view.text.drew(word);
    else view.text.letGo();
  }

  #hover(at: At): void {
    const { view } = this.stage;
    const hit = marksAt(this.stage.marks(), at)[0];
    view.hovered = hit?.region.id ?? null;
    this.shape = this.#edgeAt(at) ? 'ew-resize' : hit ? 'pointer' : 'text';
  }

  #edgeAt(at: Point): 'start' | 'end' | null {
    const { view } = this.stage;
    const mark = this.stage.marks().find(({ region }) => region.id === view.selectedId);
    const layout = this.stage.layout();
    const first = mark?.boxes[0];
    const last = mark?.boxes.at(-1);
    if (!mark || !first || !last || !layout) return null;
    const backwards = layout.isRightToLeft(mark.range.start);
    const near = (x: number, box: { y: number; height: number }) =>
      Math.abs(at.x - x) <= reach && at.y >= box.y - 2 && at.y <= box.y + box.height + 8;
    const left = first.x;
    const right = first.x + first.width;
    if (mark.starts && near(backwards ? right : left, first)) return 'start';
    if (mark.ends && near(backwards ? last.x : last.x + last.width, last)) return 'end';
    return null;
  }

  #edgeMoved({ start, end }: Range, edge: 'start' | 'end', unit: number, exact: boolean): Range {
    const { document } = this.stage.view.text;
    const drawn = edge === 'start' ? { start: unit, end } : { start, end: unit };
    if (drawn.start >= drawn.end) return { start, end };
    const snapped = exact ? drawn : document.snapped(drawn);
    if (!snapped) return { start, end };
    return edge === 'start' ? { start: snapped.start, end } : { start, end: snapped.end };
  }
}
