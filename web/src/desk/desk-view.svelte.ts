// The desk as the screen sees it: the session and its editor, made reactive, and the hands that the
// command table calls. What it decides by itself is only what to refuse, and what to say.
import { tick } from 'svelte';
import type { DeskHands } from '../commands';
import type { Control, FindingPlace, Label } from '../api/types';
import type { Box, Point, Size } from '../editor/box';
import type { Missing } from '../editor/answers';
import type { Editor, Listed, Tool } from '../editor/editor';
import { Gesture } from '../editor/gesture';
import { factsOf, isDrawn } from '../editor/kinds';
import { labelOf, type Region } from '../editor/region';
import { extentOf, shapeOf } from '../editor/shape';
import type { DeskSession, OpenTask, Said } from './desk-session';
import { Cue, type CueAsker } from './cue.svelte';
import { Images } from './images';
import { labelStyles, type LabelStyle } from './label-style';
import type { Outliner } from './outline.svelte';
import { ShapeDesk } from './shape-desk';
import { say, type DeskKey } from './messages';
import type { Walk } from '../editor/word-cursor';
import { TextHand } from './text-hand.svelte';
import type { SoundDesk } from '../sound/sound-desk.svelte';
import {
  fitted,
  inSight,
  lineCloseUp,
  pannedBy,
  zoomedAt,
  zoomedTo,
  zoomStep,
  type Viewport,
} from './viewport';

export type Asked = 'comment' | 'skip' | 'label' | 'refused' | null;

/** Screen pixels that an arrow key moves a region or the view. */
const arrowStep = 8;
const panStep = 64;

export class DeskView implements DeskHands {
  readonly images = new Images();
  readonly text = new TextHand(this);
  #tick = $state(0);
  viewport = $state.raw<Viewport>({ scale: 1, x: 0, y: 0 });
  stage = $state.raw<Size>({ width: 0, height: 0 });
  /** On a recording, once its waveform's code is here. */
  sound = $state.raw<SoundDesk | null>(null);
  drawn = $state.raw<Box | null>(null);
  /** Places in the item that checks found something at, for who may know. */
  noted = $state.raw<readonly FindingPlace[]>([]);
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

  readonly shapes: ShapeDesk;
  readonly cue: Cue;

  constructor(
    readonly session: DeskSession,
    outliner: Outliner,
    cueAsker: CueAsker,
  ) {
    this.shapes = new ShapeDesk(this, outliner);
    this.cue = new Cue(this, cueAsker);
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
  get source(): string {
    return this.session.project.schema.source;
  }
  /** Read anything of the session or the editor inside: it is read again after every change. */
  see<T>(read: (session: DeskSession) => T): T {
    void this.#tick;
    return read(this.session);
  }

  /** Whether label keys answer this question now. */
  isInTurn(control: Control, parent: string): boolean {
    const question = this.editor?.question;
    return question?.control.name === control.name && question.parent === parent;
  }

  style(control: string, label: string): LabelStyle | undefined {
    return this.styles.get(control)?.get(label);
  }

  /** The label whose guideline is shown: of the region in focus, the choice, or the next box. */
  get labelInFocus(): Label | undefined {
    const { editor } = this;
    const control = editor?.control;
    if (!editor || !control) return undefined;
    const name = factsOf(control.kind).answers
      ? editor.chosen(control, editor.question?.parent).at(-1)
      : editor.selected
        ? labelOf(editor.selected)
        : editor.currentLabel;
    return control.labels.find((label) => label.name === name);
  }

  get primary(): DeskKey {
    const { editor } = this;
    if (!editor) return 'act.submit';
    if (this.isAsking) return 'act.keep_suggested';
    if (this.shapes.isDrawing) return 'act.finish';
    if (editor.isUnsure) return 'act.show_draft';
    if (editor.hasDraft && !editor.edited)
      return editor.missing().length > 0 ? 'act.submit' : 'act.accept';
    return editor.hasDraft && !editor.facts.rejected ? 'act.submit_changes' : 'act.submit';
  }

  // What commands ask

  get hasSpan(): boolean {
    return this.editor?.selected?.kind === 'spans';
  }
  get canJoin(): boolean {
    const { editor } = this;
    return editor?.relationControl !== undefined && !!editor.selected && isDrawn(editor.selected);
  }
  get busy(): boolean {
    return this.see((session) => session.undoing);
  }
  get hasTask(): boolean {
    return this.editor !== null && !this.busy;
  }
  get hasFeedback(): boolean {
    return this.see((session) => session.feedback !== null);
  }
  get hasDraft(): boolean {
    const { editor } = this;
    return editor !== null && editor.hasDraft && !editor.facts.rejected;
  }
  get isAudio(): boolean {
    return this.session.project.schema.modality === 'audio';
  }
  get hasDrawn(): boolean {
    return this.controls.some(({ kind }) => factsOf(kind).drawn);
  }
  get hasHeldBack(): boolean {
    return (this.editor?.heldBack().length ?? 0) > 0;
  }
  get hasSelection(): boolean {
    return this.editor?.selected !== undefined;
  }
  get hasMaybes(): boolean {
    const { editor } = this;
    return editor !== null && (editor.maybes.length > 0 || editor.maybesShown);
  }
  /** Another question to go to, or one whose field gets the cursor. */
  get hasControls(): boolean {
    return this.controls.length > 1 || this.controls.some(({ kind }) => kind === 'text');
  }
  get canUndo(): boolean {
    return this.isAsking || this.shapes.isDrawing || (this.editor?.history.canUndo ?? false);
  }
  get canRedo(): boolean {
    return this.editor?.history.canRedo ?? false;
  }
  get canUndoDecision(): boolean {
    return this.see((session) => session.canUndoDecision) || this.isAsking || this.shapes.isDrawing;
  }

  // Asking a model

  get canAsk(): boolean {
    return this.hasTask && this.cue.model !== undefined;
  }
  get hasModels(): boolean {
    return this.hasTask && this.cue.models.length > 1;
  }
  /** A question is out, or its answer on show. */
  get isAsking(): boolean {
    return this.see(() => this.cue.isOpen);
  }
  get isPointing(): boolean {
    return this.see(() => this.cue.isPointing);
  }
  askModel(): void {
    this.shapes.outlining.drop();
    this.cue.start();
  }
  nextModel(): void {
    this.cue.nextModel();
  }
  pointHere(): void {
    if (!this.cue.pointAtAim()) this.tell('said.cue_aim_first', {}, 'hint');
  }

  // Deciding

  accept(): void {
    const { editor } = this;
    if (this.session.feedback) return this.session.goOn();
    if (!editor || this.#finish()) return;
    if (editor.joining) return this.#joinNow();
    if (editor.isUnsure) return this.showDraft();
    const nothing = editor.isBlank && (!editor.hasDraft || editor.edited);
    if (nothing && editor.missing().length === 0) this.tell('said.empty', {}, 'hint');
    else this.submit();
  }

  submit(): void {
    const { editor } = this;
    if (!editor || this.#finish()) return;
    const missing = editor.missing()[0];
    if (missing) this.#askFor(missing);
    else this.session.submit();
  }

  /** What is being drawn, or was suggested, comes first. */
  #finish(): boolean {
    return this.cue.finish() || this.shapes.finish();
  }
  #takeBack(): boolean {
    return this.cue.takeBack() || this.shapes.takeBack();
  }

  /** What is missing is in turn, so that the next key answers it. */
  #askFor({ control, region }: Missing): void {
    const name = control.title || control.name;
    this.editor?.ask({ control, parent: region?.id ?? '' });
    if (control.kind === 'text') {
      this.tell('said.missing_text', { control: name }, 'hint');
      void this.#focusQuestion();
      return;
    }
    const keys = control.labels.slice(0, 10).map((_, i) => (i + 1) % 10);
    const range = keys.length > 1 ? `1–${keys.at(-1)}` : '1';
    const about = region ? labelOf(region) : '';
    this.tell(
      region ? 'said.missing_of' : 'said.missing',
      { control: name, keys: range, region: about },
      'hint',
    );
  }

  /** A question that is written goes to its field; another leaves the field it came from. */
  async #focusQuestion(): Promise<void> {
    await tick();
    const field = document.querySelector<HTMLElement>('[data-in-turn] textarea');
    if (field) field.focus();
    else if (document.activeElement instanceof HTMLTextAreaElement) document.activeElement.blur();
  }

  /** What is written about the whole item is filled in to be corrected: its field gets the keys. */
  showDraft(): void {
    const { editor } = this;
    const shown = editor?.showDraft() ?? [];
    if (!editor || shown.length === 0) return;
    this.tell('said.draft_shown', { n: shown.length });
    const first = editor.listed().find(({ region }) => shown.includes(region));
    if (first) editor.select(first.region.id);
    const answered = this.controls.find(({ name }) =>
      shown.some(({ control, parent = '' }) => control === name && parent === ''),
    );
    if (first || !answered || !factsOf(answered.kind).answers) return;
    editor.ask({ control: answered, parent: '' });
    void this.#focusQuestion();
  }
  reject(): void {
    if (this.editor?.reject()) this.tell('said.rejected');
  }
  get hasFormer(): boolean {
    return !!this.open?.task.former && this.editor?.edited === true;
  }
  startAfresh(): void {
    this.editor?.startAfresh();
    this.tell('said.afresh');
  }
  skip(): void {
    this.session.skip();
  }
  skipWithReason(): void {
    this.asked = 'skip';
  }
  undoDecision(): void {
    if (!this.#takeBack()) void this.session.undoDecision();
  }
  undo(): void {
    if (!this.#takeBack()) this.editor?.history.undo();
  }
  redo(): void {
    this.editor?.history.redo();
  }

  get canGoPast(): boolean {
    return this.see((session) => session.canGoPast);
  }
  get canGoBack(): boolean {
    return this.see((session) => session.canGoBack);
  }
  goPast(): void {
    this.session.goPast();
  }
  goBack(): void {
    this.session.goBack();
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
  nextQuestion(step: 1 | -1): void {
    this.editor?.nextControl(step);
    void this.#focusQuestion();
  }
  label(place: number): void {
    const { editor } = this;
    const label = editor?.control?.labels[place];
    if (label) this.pick(label);
    else this.tell('said.no_label', { n: place + 1 }, 'hint');
  }
  /** A label by key or click: a span of what is selected in the text, else what the editor says. */
  pick(label: Label): void {
    const { editor } = this;
    if (editor?.control?.kind === 'spans' && this.text.make(label.name)) return;
    if (editor?.joining && !editor.joining.to) this.tell('said.aim_first', {}, 'hint');
    else editor?.pickLabel(label);
    if (editor?.armed && editor.control?.kind === 'spans')
      this.tell('said.armed', { label: label.name });
  }
  /** A key that a label has of its own. */
  labelByKey(chord: string): boolean {
    const { editor } = this;
    const label = editor?.control?.labels.find(
      ({ hotkey }) => hotkey !== '' && hotkey?.toLowerCase() === chord.toLowerCase(),
    );
    if (label) this.pick(label);
    return label !== undefined;
  }

  // Regions

  canStep(step: 1 | -1): boolean {
    const at = this.rows.findIndex(({ region }) => region.id === this.selectedId);
    if (this.rows.length === 0) return false;
    if (this.editor?.joining) return true;
    return at < 0 || (step > 0 ? at < this.rows.length - 1 : at > 0);
  }
  next(step: 1 | -1): void {
    this.text.letGo();
    this.editor?.selectNext(step);
    this.#bringIntoSight();
    this.sound?.lookAt();
  }
  /** The text control that is asked about each region of an image. */
  get #writtenOf(): Control | undefined {
    if (this.session.project.schema.modality !== 'image') return undefined;
    return this.controls.find((control) => control.kind === 'text' && control.per_region);
  }
  get canWrite(): boolean {
    return this.hasTask && this.#writtenOf !== undefined && this.rows.length > 0;
  }
  write(): void {
    const { editor } = this;
    const control = this.#writtenOf;
    if (!editor || !control) return;
    if (!editor.selected || !isDrawn(editor.selected)) editor.selectNext(1);
    const region = editor.selected;
    if (!region || !isDrawn(region)) return;
    editor.ask({ control, parent: region.id });
    this.#closeUp(region);
    void this.#focusQuestion();
  }
  /** From one region's text to the next one's; false past the ends, where Tab leaves the field. */
  writeNext(step: 1 | -1): boolean {
    if (!this.canWrite || !this.canStep(step)) return false;
    this.next(step);
    this.write();
    return true;
  }
  /** What a region says can be read: its shorter side is shown large enough, all of it in sight. */
  #closeUp(region: Region): void {
    if (!shapeOf(region.kind)) return;
    const close = lineCloseUp(extentOf(region), this.stage, this.viewport.scale);
    if (close) this.viewport = close;
  }
  /** What was written about a region of an image. */
  writtenAbout(region: Region): string {
    const control = this.#writtenOf;
    const texts = control && this.editor?.answers(control, region.id);
    return texts?.map(({ text = '' }) => text).join(' · ') ?? '';
  }
  keep(): void {
    if (this.selectedId) this.editor?.keep(this.selectedId);
    this.sound?.lookAt();
    this.tell('said.kept');
  }
  drop(): void {
    if (this.selectedId) this.editor?.drop(this.selectedId);
    this.sound?.lookAt();
    this.tell('said.dropped');
  }
  join(): void {
    if (this.editor?.startJoining()) this.tell('said.joining', {}, 'hint');
    else this.tell('said.nothing_to_join', {}, 'hint');
  }
  #joinNow(): void {
    const relation = this.editor?.join();
    if (relation) this.tell('said.joined', { label: labelOf(relation) });
    else this.tell('said.aim_first', {}, 'hint');
  }
  /** A region was clicked: it comes into focus, or is what the one in focus is joined to. */
  point(id: string): void {
    const { editor } = this;
    if (!editor?.joining) return editor?.select(id);
    editor.aim(id);
    this.#joinNow();
  }
  maybes(): void {
    this.editor?.showMaybes();
  }
  escape(): void {
    if (this.sound?.escape()) this.status = '';
    else if (this.text.stopDrag()) this.text.letGo();
    else if (this.gesture?.cancel()) this.drawn = null;
    else if (this.cue.drop() || this.shapes.abandon() || this.shapes.letSpotGo()) this.status = '';
    else if (this.editor?.joining) this.editor.stopJoining();
    else if (this.guidelineShown) this.guidelineShown = false;
    else if (this.editor?.selected) this.editor.select(null);
    else if (this.text.letGo() || !this.editor) return;
    else if (this.editor.armed) this.editor.disarm();
    else this.editor.useTool('select');
  }

  // Texts

  walk(dx: number, dy: number, how: Walk): void {
    this.text.walk(dx, dy, how);
  }
  boundary(edge: 'start' | 'end', step: number, fine: boolean): void {
    this.text.boundary(edge, step, fine);
  }
  propagate(): void {
    const n = this.text.spread();
    this.tell('said.spread', { n });
  }

  // Tools and view

  get gesture(): Gesture | null {
    const editor = this.session.current?.editor;
    if (!editor) return null;
    let gesture = this.#gestures.get(editor);
    if (!gesture) {
      gesture = new Gesture(
        editor,
        (dx, dy) => this.pan(dx * this.viewport.scale, dy * this.viewport.scale),
        {
          begin: (box) =>
            editor.tool === 'cue' ? this.cue.askIn(box) : this.shapes.outlineIn(box),
          point: (at) => this.cue.point(at),
          correct: (at) => this.cue.correct(at) || this.shapes.outlining.correct(at),
        },
      );
      this.#gestures.set(editor, gesture);
    }
    return gesture;
  }

  useTool(tool: Tool): void {
    const { editor } = this;
    if (!editor) return;
    const again = editor.tool === tool;
    this.shapes.outlining.drop();
    this.cue.drop();
    editor.useTool(tool);
    this.shapes.took(tool, again);
  }
  get taskId(): string | null {
    return this.session.current?.task.id ?? null;
  }
  get inView(): Box {
    return inSight(this.viewport, this.editor?.image ?? this.stage, this.stage);
  }

  move(dx: number, dy: number, fine: boolean): void {
    const { editor } = this;
    const [right, down] = [dx * this.#step(fine), dy * this.#step(fine)];
    if (this.#aimCue(right, down) || this.shapes.aimBy(right, down)) return;
    if (!editor?.selected) this.pan(-dx * panStep, -dy * panStep);
    else editor.moveBy(dx * this.#step(fine), dy * this.#step(fine));
    this.#bringIntoSight();
  }
  #aimCue(dx: number, dy: number): boolean {
    const image = this.editor?.image;
    const at = image ? this.cue.aimBy(dx, dy, image) : null;
    if (at) this.tell('said.cue_aim', { x: Math.round(at.x), y: Math.round(at.y) });
    return at !== null;
  }
  size(dx: number, dy: number, fine: boolean): void {
    this.editor?.sizeBy(dx * this.#step(fine), dy * this.#step(fine));
    this.#bringIntoSight();
  }
  #step(fine: boolean): number {
    return fine ? 1 : Math.max(1, Math.round(arrowStep / this.viewport.scale));
  }

  zoom(step: number, at = { x: this.stage.width / 2, y: this.stage.height / 2 }): void {
    this.zoomBy(zoomStep ** step, at);
  }
  zoomBy(factor: number, at: Point): void {
    this.viewport = zoomedAt(this.viewport, at, factor, this.#fit().scale / 2);
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
    if (region && shapeOf(region.kind)) this.viewport = zoomedTo(extentOf(region), this.stage);
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
  /** The corner or point that keys work on. */
  #inFocus({ selected, shapes }: Editor): Box | null {
    const spots = selected ? shapeOf(selected.kind)?.spots(selected) : undefined;
    const at = shapes.spot === null ? null : spots?.[shapes.spot];
    return at ? { ...at, width: 0, height: 0 } : null;
  }
  /** A region that keys work on must not be out of sight. */
  #bringIntoSight(): void {
    const { editor, viewport, stage } = this;
    const region = editor?.selected;
    if (!editor?.image || !region || !shapeOf(region.kind)) return;
    const box = this.#inFocus(editor) ?? extentOf(region);
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
      this.shapes.outlining.drop();
      this.cue.drop();
      this.text.show(open.task.data);
    }
    const upcoming = [open?.task, ...this.session.queue.all()];
    const isImage = this.session.project.schema.modality === 'image';
    this.images.keep(upcoming.flatMap((task) => (task?.media && isImage ? [task.media.url] : [])));
    this.#tick += 1;
  }
}
