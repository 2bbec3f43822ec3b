// The desk as the screen sees it: the session and its editor, made reactive, and the hands that the
// command table calls. What it decides by itself is only what to refuse, and what to say.
import { tick } from 'svelte';
import type { DeskHands } from '../commands';
import type { Control, Label } from '../api/types';
import type { Box, Size } from '../editor/box';
import type { Editor, Listed } from '../editor/editor';
import { Gesture } from '../editor/gesture';
import { boxOf, labelOf } from '../editor/region';
import type { DeskSession, OpenTask, Said } from './desk-session';
import { Images } from './images';
import { labelStyles, type LabelStyle } from './label-style';
import { say, type DeskKey } from './messages';
import { fitted, inSight, pannedBy, zoomedAt, zoomedTo, zoomStep, type Viewport } from './viewport';

export type Asked = 'comment' | 'skip' | 'label' | 'refused' | null;

/** Screen pixels that an arrow key moves a region or the view. */
const arrowStep = 8;
const panStep = 64;

export class DeskView implements DeskHands {
  readonly images = new Images();
  #tick = $state(0);
  viewport = $state.raw<Viewport>({ scale: 1, x: 0, y: 0 });
  stage = $state.raw<Size>({ width: 0, height: 0 });
  drawn = $state.raw<Box | null>(null);
  /** The region under the pointer. */
  hovered = $state<string | null>(null);
  guidelineShown = $state(false);
  asked = $state<Asked>(null);
  status = $state('');
  /** A refusal or a hint that should be seen, not only heard. */
  hint = $state<Said['kind'] | null>(null);
  #gestures = new WeakMap<Editor, Gesture>();
  #fittedFor = '';
  #seen = new WeakSet<Editor>();

  constructor(readonly session: DeskSession) {
    session.changed.add(() => this.#changed());
    session.said.add((said) => this.#say(said));
  }

  // What the screen reads

  get open(): OpenTask | null {
    void this.#tick;
    return this.session.current;
  }
  get editor(): Editor | null {
    void this.#tick;
    return this.session.current?.editor ?? null;
  }
  readonly rows: Listed[] = $derived.by(() => this.editor?.listed() ?? []);
  readonly selectedId: string | null = $derived.by(() => this.editor?.selectedId ?? null);
  readonly controls: readonly Control[] = $derived.by(() => this.session.project.schema.controls);
  readonly styles: Map<string, Map<string, LabelStyle>> = $derived.by(
    () => new Map(this.controls.map((control) => [control.name, labelStyles(control.labels)])),
  );
  /** Read anything of the session or the editor inside: it is read again after every change. */
  see<T>(read: (session: DeskSession) => T): T {
    void this.#tick;
    return read(this.session);
  }

  style(control: string, label: string): LabelStyle | undefined {
    return this.styles.get(control)?.get(label);
  }

  /** The label whose guideline is shown: of the region in focus, the choice, or the next box. */
  get labelInFocus(): Label | undefined {
    const { editor } = this;
    const control = editor?.control;
    if (!editor || !control) return undefined;
    const name =
      control.kind === 'choices'
        ? editor.chosen(control).at(-1)
        : editor.selected
          ? labelOf(editor.selected)
          : editor.currentLabel;
    return control.labels.find((label) => label.name === name);
  }

  get primary(): DeskKey {
    const { editor } = this;
    if (!editor) return 'act.submit';
    if (editor.hasDraft && !editor.edited) return 'act.accept';
    return editor.hasDraft && !editor.facts.rejected ? 'act.submit_changes' : 'act.submit';
  }

  // What commands ask

  get busy(): boolean {
    return this.see((session) => session.undoing);
  }
  get hasTask(): boolean {
    return this.editor !== null && !this.busy;
  }
  get hasDraft(): boolean {
    const { editor } = this;
    return editor !== null && editor.hasDraft && !editor.facts.rejected;
  }
  get hasSelection(): boolean {
    return this.editor?.selected !== undefined;
  }
  get hasMaybes(): boolean {
    const { editor } = this;
    return editor !== null && (editor.maybes.length > 0 || editor.maybesShown);
  }
  get hasControls(): boolean {
    return this.controls.length > 1;
  }
  get canUndo(): boolean {
    return this.editor?.history.canUndo ?? false;
  }
  get canRedo(): boolean {
    return this.editor?.history.canRedo ?? false;
  }
  get canUndoDecision(): boolean {
    return this.see((session) => session.canUndoDecision);
  }

  // Deciding

  accept(): void {
    const { editor } = this;
    if (!editor) return;
    const nothing = editor.isBlank && (!editor.hasDraft || editor.edited);
    if (nothing && editor.missing().length === 0) this.tell('said.empty', {}, 'hint');
    else this.submit();
  }

  submit(): void {
    const { editor } = this;
    if (!editor) return;
    const missing = editor.missing()[0];
    if (missing) {
      const keys = missing.labels.slice(0, 10).map((_, i) => (i + 1) % 10);
      const range = keys.length > 1 ? `1–${keys.at(-1)}` : '1';
      const control = missing.title || missing.name;
      this.tell('said.missing', { control, keys: range }, 'hint');
      return;
    }
    this.session.submit();
  }

  reject(): void {
    if (this.editor?.reject()) this.tell('said.rejected');
  }
  skip(): void {
    this.session.skip();
  }
  skipWithReason(): void {
    this.asked = 'skip';
  }
  undoDecision(): void {
    void this.session.undoDecision();
  }
  undo(): void {
    this.editor?.history.undo();
  }
  redo(): void {
    this.editor?.history.redo();
  }

  // Remarks and labels

  flag(): void {
    const { editor } = this;
    editor?.toggleFlag();
    this.tell(editor?.facts.flagged ? 'said.flagged' : 'said.unflagged');
  }
  comment(): void {
    this.asked = 'comment';
  }
  guideline(): void {
    this.guidelineShown = !this.guidelineShown;
  }
  findLabel(): void {
    this.asked = 'label';
  }
  nextQuestion(): void {
    this.editor?.nextControl();
  }
  label(place: number): void {
    const { editor } = this;
    const label = editor?.control?.labels[place];
    if (label) editor?.pickLabel(label);
    else this.tell('said.no_label', { n: place + 1 }, 'hint');
  }
  /** A key that a label has of its own. */
  labelByKey(chord: string): boolean {
    const { editor } = this;
    const label = editor?.control?.labels.find(
      ({ hotkey }) => hotkey !== '' && hotkey?.toLowerCase() === chord.toLowerCase(),
    );
    if (label) editor?.pickLabel(label);
    return label !== undefined;
  }

  // Regions

  canStep(step: 1 | -1): boolean {
    const at = this.rows.findIndex(({ region }) => region.id === this.selectedId);
    if (this.rows.length === 0) return false;
    return at < 0 || (step > 0 ? at < this.rows.length - 1 : at > 0);
  }
  next(step: 1 | -1): void {
    this.editor?.selectNext(step);
    this.#bringIntoSight();
  }
  keep(): void {
    if (this.selectedId) this.editor?.keep(this.selectedId);
    this.tell('said.kept');
  }
  drop(): void {
    if (this.selectedId) this.editor?.drop(this.selectedId);
    this.tell('said.dropped');
  }
  maybes(): void {
    this.editor?.showMaybes();
  }
  escape(): void {
    if (this.gesture?.cancel()) this.drawn = null;
    else if (this.guidelineShown) this.guidelineShown = false;
    else if (this.editor?.selected) this.editor.select(null);
    else this.editor?.useTool('select');
  }

  // Tools and view

  get gesture(): Gesture | null {
    const editor = this.session.current?.editor;
    if (!editor) return null;
    let gesture = this.#gestures.get(editor);
    if (!gesture) {
      gesture = new Gesture(editor, (dx, dy) =>
        this.pan(dx * this.viewport.scale, dy * this.viewport.scale),
      );
      this.#gestures.set(editor, gesture);
    }
    return gesture;
  }

  useTool(tool: 'select' | 'box' | 'pan'): void {
    const { editor } = this;
    if (!editor) return;
    if (tool === 'box' && editor.tool === 'box') this.boxInView();
    else if (tool === 'box') this.tell('said.box_tool');
    editor.useTool(tool);
  }
  boxInView(): void {
    const { editor } = this;
    if (!editor?.image) return;
    const box = editor.createBoxInView(inSight(this.viewport, editor.image, this.stage));
    if (box) this.tell('said.box_made', { label: labelOf(box) });
  }

  move(dx: number, dy: number, fine: boolean): void {
    const { editor } = this;
    if (!editor?.selected) this.pan(-dx * panStep, -dy * panStep);
    else editor.moveBy(dx * this.#step(fine), dy * this.#step(fine));
    this.#bringIntoSight();
  }
  size(dx: number, dy: number, fine: boolean): void {
    this.editor?.sizeBy(dx * this.#step(fine), dy * this.#step(fine));
    this.#bringIntoSight();
  }
  #step(fine: boolean): number {
    return fine ? 1 : Math.max(1, Math.round(arrowStep / this.viewport.scale));
  }

  zoom(step: number, at = { x: this.stage.width / 2, y: this.stage.height / 2 }): void {
    const least = this.#fit().scale / 2;
    this.viewport = zoomedAt(this.viewport, at, zoomStep ** step, least);
  }
  pan(dx: number, dy: number): void {
    const image = this.editor?.image;
    if (image) this.viewport = pannedBy(this.viewport, dx, dy, image, this.stage);
  }
  fit(): void {
    this.viewport = this.#fit();
  }
  zoomToSelection(): void {
    const region = this.editor?.selected;
    if (region?.kind === 'boxes') this.viewport = zoomedTo(boxOf(region), this.stage);
  }
  /** The stage has this size, and shows the task that is open: fitted once for each. */
  arrange(stage: Size, task: string): void {
    const key = `${task} ${stage.width} ${stage.height}`;
    this.stage = stage;
    if (key === this.#fittedFor || stage.width === 0) return;
    this.#fittedFor = key;
    this.fit();
  }
  #fit(): Viewport {
    const image = this.editor?.image;
    return image && image.width > 0 ? fitted(image, this.stage) : { scale: 1, x: 0, y: 0 };
  }
  /** A region that keys work on must not be out of sight. */
  #bringIntoSight(): void {
    const { editor, viewport, stage } = this;
    const region = editor?.selected;
    if (!editor?.image || region?.kind !== 'boxes') return;
    const box = boxOf(region);
    const x = (box.x + box.width / 2) * viewport.scale + viewport.x;
    const y = (box.y + box.height / 2) * viewport.scale + viewport.y;
    const outside = x < 0 || y < 0 || x > stage.width || y > stage.height;
    if (outside) this.pan(stage.width / 2 - x, stage.height / 2 - y);
  }

  // Saying

  tell(
    key: DeskKey,
    values: Record<string, string | number> = {},
    kind: Said['kind'] = 'done',
  ): void {
    this.status = '';
    this.hint = kind === 'done' ? null : kind;
    // An unchanged live region is not read out again: empty it first.
    void tick().then(() => (this.status = say(key, values)));
  }

  #say({ kind, what, detail }: Said): void {
    this.tell(`said.${what}` as DeskKey, detail ? { detail } : {}, kind);
  }

  #changed(): void {
    const open = this.session.current;
    if (open && !this.#seen.has(open.editor)) {
      this.#seen.add(open.editor);
      open.editor.changed.add(() => {
        this.hint = null;
        this.#tick += 1;
      });
      this.drawn = null;
    }
    const upcoming = [open?.task, ...this.session.queue.all()];
    this.images.keep(upcoming.flatMap((task) => (task?.media ? [task.media.url] : [])));
    this.#tick += 1;
  }
}
