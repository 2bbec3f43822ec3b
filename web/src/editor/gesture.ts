// Tools as small states. A pointer goes down, moves and comes up; what it does was decided when it went
// down. The mark set then is where Escape returns to.
import { boxBetween, type Box, type Handle, type Point, type Size } from './box';
import type { Editor, Tool } from './editor';
import { hitAt, reach, type Hit } from './hit';
import { leastCorners } from './polygon';
import type { Region } from './region';
import { shapeOf, turnedBoxOf } from './shape';
import { angleTowards, turnedSizedBy, turnedTo, type TurnedBox } from './turned-box';

/** A pointer on the image: its place in image pixels, and how many image pixels a screen pixel is. */
export interface PointerAt extends Point {
  readonly pixel: number;
  /** The middle button, or a second finger: pans with any tool. */
  readonly pans?: boolean;
  /** How many times the usual reach: a finger is broader than a mouse. */
  readonly broad?: number;
  /** Alt is held: a corner goes. */
  readonly removes?: boolean;
  /** Shift is held: turning goes in steps. */
  readonly steps?: boolean;
}

/** Outlines are found by the server, and models answer; the gesture only says where. */
export interface Outlining {
  begin(box: Box): void;
  /** A click with the tool that points. */
  point(at: PointerAt): void;
  /** A click that corrects what is on show; false when nothing is. */
  correct(at: PointerAt): boolean;
}

/** Tools that drag a box for somebody else to answer. */
const asks = (tool: Tool) => tool === 'outline' || tool === 'cue';

type State =
  | { kind: 'idle' }
  | { kind: 'pan'; from: Point }
  | { kind: 'draw'; from: Point; to: Point }
  | { kind: 'move'; from: Point; region: Region; started: boolean }
  | { kind: 'size'; id: string; from: Point; box: TurnedBox; handle: Handle }
  | { kind: 'turn'; id: string; box: TurnedBox }
  | { kind: 'spot'; id: string; spot: number };

/** Screen pixels: a drag's start, the least box that a drag draws. */
const dragFrom = 3;
const leastDrawn = 4;
const turnStep = 15;

export class Gesture {
  #state: State = { kind: 'idle' };

  /** `pan` moves the view by image pixels. */
  constructor(
    private readonly editor: Editor,
    private readonly pan: (dx: number, dy: number) => void,
    private readonly outlining?: Outlining,
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
    const { tool } = editor;
    this.cancel();
    if (at.pans || tool === 'pan') this.#state = { kind: 'pan', from: at };
    else if (this.outlining?.correct(at)) return;
    else if (tool === 'polygon') this.#corner(at);
    else if (tool === 'keypoints') this.#point(at);
    else this.#take(at, this.#hit(at));
  }

  move(at: PointerAt): void {
    const state = this.#state;
    const image = this.editor.image;
    if (state.kind === 'idle' || !image) return;
    if (state.kind === 'pan') {
      // The view moves under the pointer, so the image point below it stays what it was.
      this.pan(at.x - state.from.x, at.y - state.from.y);
    } else if (state.kind === 'draw') {
      state.to = at;
    } else if (state.kind === 'turn') {
      const angle = angleTowards(state.box, at);
      const whole = at.steps ? Math.round(angle / turnStep) * turnStep : Math.round(angle);
      this.editor.setGeometry(state.id, turnedTo(state.box, whole, image));
    } else if (state.kind === 'spot') {
      this.editor.shapes.setSpot(state.id, state.spot, at);
    } else {
      this.#drag(state, at, image);
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
    else if (asks(this.editor.tool)) this.outlining?.begin(drawn);
    else this.editor.createBox(drawn);
  }

  /** Escape, or the browser took the pointer away. True when there was something to give up. */
  cancel(): boolean {
    const busy = this.#state.kind !== 'idle';
    this.#state = { kind: 'idle' };
    this.editor.history.abandon();
    return busy;
  }

  #hit(at: PointerAt, selected = this.editor.selected): Hit | null {
    const regions = this.editor.listed().map((row) => row.region);
    return hitAt(regions, selected, at, at.pixel, at.broad);
  }

  /** Takes hold of what was hit, or begins a box, or pans. */
  #take(at: PointerAt, hit: Hit | null): void {
    const { editor } = this;
    if (hit && (hit.handle || hit.spot !== undefined || hit.edge !== undefined)) {
      this.#takePart(at, hit);
    } else if (editor.tool === 'box' || asks(editor.tool)) {
      this.#state = { kind: 'draw', from: at, to: at };
    } else if (hit) {
      editor.select(hit.region.id);
      editor.shapes.focus(null);
      editor.history.mark();
      this.#state = { kind: 'move', from: at, region: hit.region, started: false };
    } else {
      editor.select(null);
      this.#state = { kind: 'pan', from: at };
    }
  }

  #takePart(at: PointerAt, { region, handle, spot, edge }: Hit): void {
    const { shapes, history } = this.editor;
    const { id } = region;
    if (spot !== undefined) {
      shapes.focus(spot);
      if (at.removes) {
        shapes.remove();
        return;
      }
    }
    history.mark();
    if (handle === 'turn') this.#state = { kind: 'turn', id, box: turnedBoxOf(region) };
    else if (handle) this.#state = { kind: 'size', id, from: at, box: turnedBoxOf(region), handle };
    else if (spot !== undefined) this.#state = { kind: 'spot', id, spot };
    else if (edge !== undefined && shapes.insert(edge, at))
      this.#state = { kind: 'spot', id, spot: edge + 1 };
  }

  #drag(state: State & { kind: 'move' | 'size' }, at: PointerAt, image: Size): void {
    const dx = at.x - state.from.x;
    const dy = at.y - state.from.y;
    if (state.kind === 'size') {
      const sized = turnedSizedBy(state.box, state.handle, dx, dy, image);
      this.editor.setGeometry(state.id, sized);
      return;
    }
    state.started ||= Math.max(Math.abs(dx), Math.abs(dy)) >= dragFrom * at.pixel;
    const moved = state.started && shapeOf(state.region.kind)?.moved(state.region, dx, dy, image);
    if (moved) this.editor.setGeometry(state.region.id, moved);
  }

  /** With the polygon tool: the next corner; the first or the last once more closes it. */
  #corner(at: PointerAt): void {
    const { shapes } = this.editor;
    const corners = shapes.sketch?.points ?? [];
    if (corners.length === 0 && this.#takesSelected(at)) return;
    const isNear = (corner: Point | undefined, within: number) =>
      corner && Math.hypot(corner.x - at.x, corner.y - at.y) <= within * at.pixel * (at.broad ?? 1);
    const closes = isNear(corners[0], reach) || isNear(corners.at(-1), dragFrom);
    if (corners.length >= leastCorners && closes) shapes.finish();
    else if (!isNear(corners.at(-1), dragFrom)) shapes.add('polygons', at);
  }

  #point(at: PointerAt): void {
    const { shapes } = this.editor;
    if (!shapes.sketch && this.#takesSelected(at)) return;
    shapes.add('keypoints', at);
  }

  /** A corner or point of the selected region can be moved with the tool that drew it. */
  #takesSelected(at: PointerAt): boolean {
    const hit = this.#hit(at);
    if (hit?.spot === undefined && hit?.edge === undefined) return false;
    this.#takePart(at, hit);
    return true;
  }

  /** With a tool that draws boxes: too small for a box, so it meant what is there. */
  #click(at: PointerAt): void {
    if (this.editor.tool === 'cue') return this.outlining?.point(at);
    const regions = this.editor.listed().map((row) => row.region);
    const hit = hitAt(regions, undefined, at, at.pixel, at.broad);
    this.editor.select(hit?.region.id ?? null);
  }
}
