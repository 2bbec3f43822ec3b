// A model is asked about what a person points at: a box, points, the region in focus. Its answer is on show
// until it is kept or dropped. Only the newest question counts; an older one is called off.
import { asProblem } from '../api/problem';
import type { CueAsk, CueModel, CuePoint, CueReply } from '../api/types';
import type { Asking } from '../api/client';
import type { Box, Point, Size } from '../editor/box';
import type { Editor } from '../editor/editor';
import type { PointerAt } from '../editor/gesture';
import { isDrawn } from '../editor/kinds';
import { isInside, rounded } from '../editor/polygon';
import { boxOf, labelOf, type Region } from '../editor/region';
import { ringsOf } from '../editor/shape';
import { aimedBy, centreOf, middleOf } from './aim';
import type { DeskKey } from './messages';

export type CueAsker = (task: string, ask: CueAsk, asking?: Asking) => Promise<CueReply>;
/** Of a desk whose tasks nobody holds: no model is offered there. */
export const nobodyToAsk: CueAsker = () => Promise.reject(new Error('There is no model to ask.'));

/** What asking needs of the desk. */
export interface CueStage {
  readonly editor: Editor | null;
  readonly taskId: string | null;
  /** What is in view, in image pixels. */
  readonly inView: Box;
  tell(
    key: DeskKey,
    values?: Record<string, string | number>,
    kind?: 'done' | 'hint' | 'problem',
  ): void;
}

export interface CueOnShow {
  readonly task: string;
  readonly boxes: readonly Box[];
  readonly points: readonly CuePoint[];
  /** Regions of the answer that the question is about. */
  readonly regions: readonly Region[];
}

/** A model that takes longer than this is not waited for. */
const patience = 90_000;

export class Cue {
  /** The project's models that answer; empty: nothing of this is offered. */
  models = $state.raw<readonly CueModel[]>([]);
  #chosen = $state(0);
  shown = $state.raw<CueOnShow | null>(null);
  /** Where a point by key falls: a cross that the arrows move. */
  aim = $state.raw<Point | null>(null);
  busy = $state(false);
  #callOff: AbortController | null = null;

  constructor(
    private readonly stage: CueStage,
    private readonly ask: CueAsker,
  ) {}

  get model(): CueModel | undefined {
    return this.models[this.#chosen % Math.max(1, this.models.length)];
  }
  /** The next of several models is the one to ask. */
  nextModel(): void {
    this.#chosen += 1;
    if (this.model) this.stage.tell('said.cue_model', { model: this.model.name });
  }

  /** A question is out, or its answer is neither kept nor dropped. */
  get isOpen(): boolean {
    const left = this.stage.editor?.suggestions.left.length ?? 0;
    return this.shown !== null && (this.busy || left > 0);
  }
  /** The tool that points is in the hand: clicks and the cross say where. */
  get isPointing(): boolean {
    return this.stage.editor?.tool === 'cue';
  }

  /** The key: about the region in focus; without one the tool comes to hand, then points by itself. */
  start(): void {
    const { editor } = this.stage;
    if (!this.model || !editor) return;
    const { selected } = editor;
    const isOwn = selected && editor.suggestions.left.every(({ id }) => id !== selected.id);
    if (selected && isOwn && isDrawn(selected)) this.#begin({ regions: [selected] });
    else if (!editor.image) this.stage.tell('said.cue_select', {}, 'hint');
    else if (this.isOpen) this.stage.tell('said.cue_open', {}, 'hint');
    else if (!this.isPointing) {
      editor.select(null);
      editor.useTool('cue');
      this.stage.tell('said.cue_tool', { model: this.model.name }, 'hint');
    } else this.#begin({ boxes: [middleOf(this.stage.inView)] });
  }

  /** A box was drawn with the tool. */
  askIn(box: Box): void {
    this.#begin({ boxes: [box] });
  }
  /** A click with the tool, where nothing is on show yet. */
  point(at: PointerAt): void {
    this.#begin({ points: [pointAt(at, !at.removes)] });
  }
  /** A click that corrects: on what is suggested takes out, elsewhere takes in; Alt always takes out. */
  correct(at: PointerAt): boolean {
    if (!this.isPointing || !this.isOpen || !this.shown) return false;
    this.#point(at, at.removes === true);
    return true;
  }

  /** Moves the cross by image pixels, held in the image; null without the tool in hand. */
  aimBy(dx: number, dy: number, image: Size): Point | null {
    if (!this.isPointing) return null;
    const middle = centreOf(this.shown?.boxes[0] ?? this.stage.inView);
    this.aim = aimedBy(this.aim ?? middle, dx, dy, image);
    return this.aim;
  }
  /** A point at the cross, by key. */
  pointAtAim(): boolean {
    if (!this.aim) return false;
    if (this.isOpen) this.#point(this.aim, false);
    else this.#begin({ points: [pointAt(this.aim, true)] });
    return true;
  }

  #point(at: Point, removes: boolean): void {
    const { shown, stage } = this;
    if (!shown) return;
    const isOn = !removes && !(stage.editor?.suggestions.left ?? []).some((r) => holds(r, at));
    void this.#find({ ...shown, points: [...shown.points, pointAt(at, isOn)] });
  }

  /** Enter: all that is suggested becomes part of the answer. False when nothing is open. */
  finish(): boolean {
    const { editor } = this.stage;
    if (!editor || !this.isOpen) return false;
    if (this.busy) {
      this.stage.tell('said.cue_busy', { model: this.model?.name ?? '' }, 'hint');
      return true;
    }
    const kept = editor.suggestions.keepAll();
    this.drop();
    this.stage.tell('said.cue_kept', { n: kept.length });
    return true;
  }

  /** Backspace or Ctrl+Z: the last point, or else the whole question. */
  takeBack(): boolean {
    const { shown } = this;
    if (!this.isOpen || !shown) return false;
    const points = shown.points.slice(0, -1);
    const isNothing = points.length + shown.boxes.length + shown.regions.length === 0;
    if (shown.points.length === 0 || isNothing) return this.drop();
    void this.#find({ ...shown, points });
    return true;
  }

  /** Escape: what is suggested goes, and a question that is out is called off. */
  drop(): boolean {
    const had = this.isOpen;
    this.#callOff?.abort();
    this.#callOff = null;
    this.shown = null;
    this.aim = null;
    this.busy = false;
    this.stage.editor?.suggestions.clear();
    return had;
  }

  #begin(what: Partial<CueOnShow>): void {
    const { taskId } = this.stage;
    if (!taskId) return;
    this.stage.editor?.suggestions.clear();
    void this.#find({ boxes: [], points: [], regions: [], ...what, task: taskId });
  }

  async #find(wanted: CueOnShow): Promise<void> {
    const { model, stage } = this;
    const { editor } = stage;
    if (!model || !editor) return;
    const before = this.shown;
    this.#callOff?.abort();
    const turn = (this.#callOff = new AbortController());
    this.shown = wanted;
    this.busy = true;
    stage.tell('said.cue_busy', { model: model.name });
    const { task, boxes, points, regions } = wanted;
    try {
      const reply = await this.ask(
        task,
        {
          model: model.model,
          label: labelFor(editor),
          boxes: boxes.map(({ x, y, width, height }) => ({ x, y, width, height })),
          points: [...points],
          regions: [...regions],
        },
        { signal: AbortSignal.any([turn.signal, AbortSignal.timeout(patience)]) },
      );
      if (turn !== this.#callOff) return;
      this.busy = false;
      editor.suggestions.show(reply.regions);
      if (reply.regions.length === 0) this.shown = null;
      this.#sayFound(reply);
    } catch (thrown) {
      if (turn !== this.#callOff) return;
      this.busy = false;
      // An answer that is on show stays, without the correction that failed.
      this.shown = editor.suggestions.left.length > 0 ? before : null;
      const { code, message } = asProblem(thrown);
      if (code === 'aborted') stage.tell('said.cue_slow', { model: model.name }, 'problem');
      else stage.tell('said.cue_failed', { detail: message }, 'problem');
    }
  }

  #sayFound({ name, regions }: CueReply): void {
    const values = { model: name, n: regions.length };
    if (regions.length === 0) this.stage.tell('said.cue_none', values, 'hint');
    else
      this.stage.tell(this.isPointing ? 'said.cue_found_here' : 'said.cue_found', values, 'hint');
  }
}

/** The label in the hand: of what would be drawn. */
function labelFor(editor: Editor): string {
  const { selected } = editor;
  const own = selected && isDrawn(selected) ? labelOf(selected) : '';
  const kinds = ['polygons', 'boxes', 'keypoints', 'spans'] as const;
  const control = kinds.map((kind) => editor.controlFor(kind)).find((found) => found);
  return own || editor.labelFor(control);
}

function pointAt({ x, y }: Point, on: boolean): CuePoint {
  return { x: rounded(x), y: rounded(y), on };
}

/** Whether a point lies in what is suggested. */
function holds(region: Region, at: Point): boolean {
  if (region.kind === 'polygons') return isInside(ringsOf(region), at);
  if (region.kind !== 'boxes') return false;
  const { x, y, width, height } = boxOf(region);
  return at.x >= x && at.y >= y && at.x <= x + width && at.y <= y + height;
}
