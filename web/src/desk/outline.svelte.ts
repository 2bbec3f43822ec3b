// An outline on show: the server found it in the image, inside a box. Clicks correct it, Enter keeps it as
// a polygon, Escape drops it. Only the newest question counts; an answer to an older one is let go.
import { asProblem, type Problem } from '../api/problem';
import type { AssistAsk, AssistReply } from '../api/types';
import type { Box, Point } from '../editor/box';
import type { Editor } from '../editor/editor';
import { isInside, rounded, type Rings } from '../editor/polygon';
import { labelOf } from '../editor/region';
import { asRings, ringsOf } from '../editor/shape';
import { aimedBy, centreOf } from './aim';

export type Outliner = (task: string, ask: AssistAsk) => Promise<AssistReply>;

interface Correction extends Point {
  /** The thing is here; else it is not. */
  readonly isOn: boolean;
}

export interface OutlineOnShow {
  readonly task: string;
  /** The box that becomes the polygon; null: one that was drawn for this alone. */
  readonly source: string | null;
  readonly box: Box;
  readonly corrections: readonly Correction[];
  readonly rings: Rings;
}

export class Outline {
  shown = $state.raw<OutlineOnShow | null>(null);
  /** Where a correction by key falls: a cross that the arrows move. */
  aim = $state.raw<Point | null>(null);
  busy = $state(false);
  #asked = 0;

  constructor(
    private readonly ask: Outliner,
    /** Told of each answer, and of a refusal. */
    private readonly told: (problem: Problem | null) => void,
  ) {}

  begin(task: string, box: Box, source: string | null): void {
    this.aim = null;
    void this.#find({ task, source, box, corrections: [], rings: [] });
  }

  /** A click inside takes something out of the outline, one outside takes something in. */
  correct(at: Point): boolean {
    const { shown } = this;
    if (!shown) return false;
    const correction = { x: rounded(at.x), y: rounded(at.y), isOn: !isInside(shown.rings, at) };
    void this.#find({ ...shown, corrections: [...shown.corrections, correction] });
    return true;
  }

  /** Moves the cross by image pixels, from the middle of the box, and holds it in the image. */
  aimBy(dx: number, dy: number, image: { width: number; height: number }): Point | null {
    const { shown } = this;
    if (!shown) return null;
    this.aim = aimedBy(this.aim ?? centreOf(shown.box), dx, dy, image);
    return this.aim;
  }
  /** A correction at the cross, by key. */
  correctAtAim(): boolean {
    return this.aim !== null && this.correct(this.aim);
  }

  /** Takes the last correction back; false when there is none. */
  takeBack(): boolean {
    const { shown } = this;
    if (!shown || shown.corrections.length === 0) return false;
    void this.#find({ ...shown, corrections: shown.corrections.slice(0, -1) });
    return true;
  }

  /** As a polygon, under the id of the box it came from. False when there is no outline yet. */
  keep(editor: Editor): boolean {
    const { shown } = this;
    const control = editor.controlFor('polygons');
    if (!shown || !control || shown.rings.length === 0) return false;
    this.drop();
    const source = shown.source === null ? undefined : editor.store.get(shown.source);
    if (!source) return editor.createShape('polygons', asRings(shown.rings)) !== null;
    const own = control.labels.find(({ name }) => name === labelOf(source))?.name;
    editor.replace(source.id, {
      control: control.name,
      kind: 'polygons',
      labels: [own ?? editor.labelFor(control)],
      ...asRings(shown.rings),
      origin: source.origin === 'person' ? 'person' : 'edited',
    });
    return true;
  }

  drop(): boolean {
    const had = this.shown !== null;
    this.shown = null;
    this.aim = null;
    this.busy = false;
    this.#asked += 1;
    return had;
  }

  async #find(wanted: OutlineOnShow): Promise<void> {
    const turn = (this.#asked += 1);
    this.shown = wanted;
    this.busy = true;
    const places = (isOn: boolean) =>
      wanted.corrections
        .filter((correction) => correction.isOn === isOn)
        .map(({ x, y }): [number, number] => [x, y]);
    const { x, y, width, height } = wanted.box;
    try {
      const { region } = await this.ask(wanted.task, {
        kind: 'outline',
        box: { x, y, width, height },
        include: places(true),
        exclude: places(false),
      });
      if (turn !== this.#asked) return;
      this.shown = { ...wanted, rings: ringsOf(region) };
      this.busy = false;
      this.told(null);
    } catch (thrown) {
      if (turn !== this.#asked) return;
      this.busy = false;
      // The first answer is needed; without a later one the outline before it stays.
      this.shown =
        wanted.rings.length > 0
          ? { ...wanted, corrections: wanted.corrections.slice(0, -1) }
          : null;
      this.told(asProblem(thrown));
    }
  }
}
