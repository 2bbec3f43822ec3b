// Tools as small states. A pointer goes down, moves and comes up; what it does was decided when it went
// down. The mark set then is where Escape returns to.
import { boxBetween, movedBy, sizedBy, type Box, type Handle, type Point } from './box';
import type { Editor } from './editor';
import { hitAt } from './hit';
import { boxOf } from './region';

/** A pointer on the image: its place in image pixels, and how many image pixels a screen pixel is. */
export interface PointerAt extends Point {
  readonly pixel: number;
  /** The middle button, or a second finger: pans with any tool. */
  readonly pans?: boolean;
}

type State =
  | { kind: 'idle' }
  | { kind: 'pan'; from: Point }
  | { kind: 'draw'; from: Point; to: Point }
  | { kind: 'move'; id: string; from: Point; box: Box; started: boolean }
  | { kind: 'size'; id: string; from: Point; box: Box; handle: Handle };

/** Screen pixels: a handle's reach, a drag's start, the least box that a drag draws. */
const reach = 8;
const dragFrom = 3;
const leastDrawn = 4;

export class Gesture {
  #state: State = { kind: 'idle' };

  /** `pan` moves the view by image pixels. */
  constructor(
    private readonly editor: Editor,
    private readonly pan: (dx: number, dy: number) => void,
  ) {}

  get kind(): State['kind'] {
    return this.#state.kind;
  }

  /** The box being drawn, for the surface to show. */
  get drawn(): Box | null {
    const { editor } = this;
    const state = this.#state;
    return state.kind === 'draw' && editor.image
      ? boxBetween(state.from, state.to, editor.image)
      : null;
  }

  down(at: PointerAt): void {
    const { editor } = this;
    this.cancel();
    const hit = hitAt(
      editor.listed().map((row) => row.region),
      editor.selected,
      at,
      reach * at.pixel,
    );
    const box = hit && boxOf(hit.region);
    if (at.pans || editor.tool === 'pan') {
      this.#state = { kind: 'pan', from: at };
    } else if (hit?.handle && box) {
      editor.history.mark();
      this.#state = { kind: 'size', id: hit.region.id, from: at, box, handle: hit.handle };
    } else if (editor.tool === 'box') {
      this.#state = { kind: 'draw', from: at, to: at };
    } else if (hit && box) {
      editor.select(hit.region.id);
      editor.history.mark();
      this.#state = { kind: 'move', id: hit.region.id, from: at, box, started: false };
    } else {
      editor.select(null);
      this.#state = { kind: 'pan', from: at };
    }
  }

  move(at: PointerAt): void {
    const state = this.#state;
    const image = this.editor.image;
    if (state.kind === 'idle' || !image) return;
    if (state.kind === 'pan') {
      // The view moves under the pointer, so the image point below it stays what it was.
      this.pan(at.x - state.from.x, at.y - state.from.y);
      return;
    }
    const dx = at.x - state.from.x;
    const dy = at.y - state.from.y;
    if (state.kind === 'draw') {
      state.to = at;
    } else if (state.kind === 'size') {
      this.editor.setBox(state.id, sizedBy(state.box, state.handle, dx, dy, image));
    } else {
      state.started ||= Math.max(Math.abs(dx), Math.abs(dy)) >= dragFrom * at.pixel;
      if (state.started) this.editor.setBox(state.id, movedBy(state.box, dx, dy, image));
    }
  }

  up(at: PointerAt): void {
    this.move(at);
    const drawn = this.drawn;
    const state = this.#state;
    this.#state = { kind: 'idle' };
    this.editor.history.settle();
    if (state.kind !== 'draw' || !drawn) return;
    const dragged = Math.max(Math.abs(at.x - state.from.x), Math.abs(at.y - state.from.y));
    if (dragged < leastDrawn * at.pixel) this.#click(at);
    else this.editor.createBox(drawn);
  }

  /** Escape, or the browser took the pointer away. True when there was something to give up. */
  cancel(): boolean {
    const busy = this.#state.kind !== 'idle';
    this.#state = { kind: 'idle' };
    this.editor.history.abandon();
    return busy;
  }

  /** With the box tool: too small for a box, so it meant what is there. */
  #click(at: PointerAt): void {
    const regions = this.editor.listed().map((row) => row.region);
    const hit = hitAt(regions, undefined, at, reach * at.pixel);
    this.editor.select(hit?.region.id ?? null);
  }
}
