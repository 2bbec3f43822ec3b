// The editor of one task, without a screen: what is on the desk, what is selected, and everything a hand
// can do to it. The surface and the lists mirror it; commands call it; undo and autosave observe it.
import type { Control, ControlKind, Label, Schema, Word } from '../api/types';
import { Observers } from '../lib/observers';
import { boxBetween, middleOfView, shortestSide, type Box, type Size } from './box';
import {
  answersTo,
  inOrderOf,
  missingAnswers,
  openAnswers,
  withCompany,
  withDependents,
  type Missing,
} from './answers';
import { noChange, noFacts, type ChangeSet, type Facts } from './change';
import { History } from './history';
import { factsOf, isDrawn, isListed, isQuestion } from './kinds';
import { byHand, sameAnswer, sameAnswers, type Region } from './region';
import { RegionStore } from './region-store';
import { shapeOf, type Geometry } from './shape';
import { Shapes } from './shapes';
import { Suggestions } from './suggestions';

export type Tool = 'select' | 'box' | 'polygon' | 'outline' | 'keypoints' | 'cue' | 'pan';

/** What a tool draws; an outline is found in the image by the server. */
export const drawnBy: Partial<Record<Tool, ControlKind>> = {
  box: 'boxes',
  polygon: 'polygons',
  outline: 'polygons',
  keypoints: 'keypoints',
};

/** What autosave keeps, and a reload or an undone decision brings back. */
export interface SavedWork {
  regions: readonly Region[];
  facts?: Facts;
  note?: string;
}

export interface EditorTask {
  schema: Schema;
  /** Pixels of the upright image; null for text. */
  image: Size | null;
  hasDraft: boolean;
  regions: readonly Region[];
  maybes: readonly Region[];
  work?: SavedWork | null;
}

/** A row of the region list. */
export interface Listed {
  readonly region: Region;
  /** Shown on demand, and part of the answer only once it is kept. */
  readonly maybe: boolean;
  readonly checked: boolean;
}

/** What label keys speak to: a control, and the region it is asked about, or ''. */
export interface Question {
  readonly control: Control;
  readonly parent: string;
}

/** A relation in the making: from the region in focus to the one aimed at, or '' while none is. */
export interface Joining {
  readonly from: string;
  readonly to: string;
}

export class Editor {
  readonly changed = new Observers<void>();
  readonly store = new RegionStore();
  readonly history: History;
  /** Shapes in the making, and their corners and points one by one. */
  readonly shapes = new Shapes(this);
  readonly suggestions = new Suggestions(this);
  #task: EditorTask;
  #order = new Map<string, number>();
  /** Whether the regions are the draft's; null: not looked at since the last change. */
  #isSame: boolean | null = null;
  #rows = new WeakMap<Region, Listed>();
  #selected: string | null = null;
  #maybesShown = false;
  #tool: Tool = 'select';
  #control = 0;
  /** Which question about the selected region is in turn; 0: its own label. */
  #asked = 0;
  #labels = new Map<string, string>();
  #armed = false;
  #joining: Joining | null = null;
  #note: string;

  constructor(
    task: EditorTask,
    private readonly makeId: () => string,
    now?: () => number,
  ) {
    this.#task = task;
    this.history = new History(this.store, now);
    this.#note = task.work?.note ?? '';
    this.store.load(task.work?.regions ?? task.regions, task.work?.facts ?? noFacts);
    for (const region of leastCertainFirst([...this.store.all(), ...task.maybes]))
      this.#place(region);
    this.store.applied.add(({ change }) => this.#follow(change));
    this.history.changed.add(() => this.changed.tell());
  }

  // What is there

  get schema(): Schema {
    return this.#task.schema;
  }
  get image(): Size | null {
    return this.#task.image;
  }
  get hasDraft(): boolean {
    return this.#task.hasDraft;
  }
  get facts(): Facts {
    return this.store.facts;
  }
  get selectedId(): string | null {
    return this.#selected;
  }
  get selected(): Region | undefined {
    return this.#selected === null ? undefined : this.#find(this.#selected);
  }
  get tool(): Tool {
    return this.#tool;
  }
  get maybesShown(): boolean {
    return this.#maybesShown;
  }
  get note(): string {
    return this.#note;
  }
  /** Maybes that are not part of the answer. */
  get maybes(): Region[] {
    return this.#task.maybes.filter((maybe) => !this.store.get(maybe.id));
  }

  /** What is drawn, and relations, least certain first; with the maybes when they are called up. */
  listed(): Listed[] {
    const checked = new Set(this.facts.checked);
    const row = (region: Region, maybe: boolean) => this.#row(region, maybe, checked);
    const rows: Listed[] = [];
    for (const region of this.store.all()) if (isListed(region)) rows.push(row(region, false));
    if (this.#maybesShown)
      for (const region of this.maybes) if (isListed(region)) rows.push(row(region, true));
    for (const region of this.suggestions.left) if (isListed(region)) rows.push(row(region, true));
    // One list is most often the one of before with another region in it: then no order is to be found.
    const rank = ({ region }: Listed) => this.#order.get(region.id) ?? Infinity;
    const ranks = rows.map(rank);
    if (ranks.every((each, at) => at === 0 || ranks[at - 1]! <= each)) return rows;
    return rows
      .map((each, at) => ({ each, rank: ranks[at]! }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ each }) => each);
  }

  /** The very row of before while nothing of it is another: what shows it is not drawn again. */
  #row(region: Region, maybe: boolean, checked: ReadonlySet<string>): Listed {
    const known = this.#rows.get(region);
    const isChecked = checked.has(region.id);
    if (known && known.maybe === maybe && known.checked === isChecked) return known;
    const made = { region, maybe, checked: isChecked };
    this.#rows.set(region, made);
    return made;
  }

  /** The question that label keys answer: about the selected region, else the one in turn. */
  get question(): Question | undefined {
    const { selected } = this;
    const own = this.schema.controls.find(({ name }) => name === selected?.control);
    const relation = this.#joining && this.relationControl;
    if (relation) return { control: relation, parent: '' };
    if (!selected || !own) {
      const control = this.#turns[this.#control];
      return control && { control, parent: '' };
    }
    const about = this.questionsAbout(selected)[this.#asked - 1];
    return about ? { control: about, parent: selected.id } : { control: own, parent: '' };
  }
  get control(): Control | undefined {
    return this.question?.control;
  }
  /** What is asked about each drawn region. */
  questionsAbout(region: Region): readonly Control[] {
    return isDrawn(region) ? this.schema.controls.filter((c) => isQuestion(c, true)) : [];
  }
  get relationControl(): Control | undefined {
    return this.controlFor('relations');
  }
  /** The control that the next shape answers: of the tool's kind, the one in turn first. */
  get drawControl(): Control | undefined {
    return this.controlFor(drawnBy[this.#tool] ?? this.#firstDrawn());
  }
  /** A control of this kind: the one that label keys speak to, else the first. */
  controlFor(kind: ControlKind | undefined): Control | undefined {
    const own = this.schema.controls.find(({ name }) => name === this.selected?.control);
    const inTurn = [own, this.#turns[this.#control], ...this.schema.controls];
    return inTurn.find((control) => control?.kind === kind);
  }
  /** The label that the next shape gets. */
  get currentLabel(): string {
    return this.labelFor(this.drawControl);
  }
  labelFor(control: Control | undefined): string {
    const labels = control?.labels ?? [];
    const picked = this.#labels.get(control?.name ?? '');
    return labels.find(({ name }) => name === picked)?.name ?? labels[0]?.name ?? '';
  }
  /** A label was picked for what is drawn next, with nothing selected. */
  get armed(): boolean {
    return this.#armed;
  }
  get joining(): Joining | null {
    return this.#joining;
  }
  /** The answers to a question about the item, or about a region. */
  answers(control: Control, parent = ''): readonly Region[] {
    return answersTo(this.store.all(), control, parent);
  }
  /** Labels chosen in a choices or rating control. */
  chosen(control: Control, parent = ''): readonly string[] {
    return this.answers(control, parent)[0]?.labels ?? [];
  }
  /** The model's own choice (an unsure one only when the maybes are shown), for its probability. */
  draftChoice(control: Control, parent = ''): Region | undefined {
    const drafted = [...this.#task.regions, ...(this.#maybesShown ? this.#task.maybes : [])];
    return answersTo(drafted, control, parent)[0];
  }

  /** Whether what is on the desk is no longer the draft as it stood. */
  get edited(): boolean {
    this.#isSame ??= sameAnswers(this.store.all(), this.#task.regions);
    return this.facts.rejected || !this.#isSame;
  }
  get isBlank(): boolean {
    return this.store.all().length === 0;
  }
  /** Required questions without an answer: submit would be refused. */
  missing(): Missing[] {
    return missingAnswers(this.schema, this.store.all());
  }
  /**
   * What the draft says that is not on the desk, as it was not sure enough: all of it while the desk is blank,
   * else its answers to questions that have none yet. Nothing once the draft is rejected.
   */
  heldBack(): readonly Region[] {
    if (!this.hasDraft || this.facts.rejected) return [];
    if (this.isBlank) return this.maybes;
    return openAnswers(this.schema, this.store.all(), this.maybes);
  }
  /** Nothing can be accepted: the draft was not sure enough to be filled in, and nobody has answered. */
  get isUnsure(): boolean {
    if (!this.hasDraft || this.edited) return false;
    const held = this.heldBack();
    if (this.isBlank) return held.length > 0;
    return this.missing().some(
      ({ control, region }) => answersTo(held, control, region?.id ?? '').length > 0,
    );
  }
  /** Fills in what was held back, in one step that undo takes back; returns it. */
  showDraft(): readonly Region[] {
    const held = this.heldBack();
    if (held.length > 0) this.change({ ...noChange, created: held });
    return held;
  }
  toWork(): SavedWork {
    return { regions: this.store.all(), facts: this.facts, note: this.#note };
  }

  /** All that a hand does to the regions goes through here. */
  change(change: ChangeSet, merge?: string): void {
    this.store.apply(change, 'user', merge);
  }
  newId(): string {
    return this.makeId();
  }
  /** The region with other fields; unchanged, nothing happens. */
  revise(id: string, change: Partial<Region>, merge?: string): void {
    const region = this.#find(id);
    if (region && !sameAnswer(region, { ...region, ...change }))
      this.#replace(region, byHand(region, change), merge);
  }

  /** The answer becomes this one, in one step; how many regions changed or went. */
  mend(mended: readonly Region[]): number {
    const now = new Map(mended.map((region) => [region.id, region]));
    const all = this.store.all();
    const updated = all.flatMap((before) => {
      const after = now.get(before.id);
      if (!after || sameAnswer(before, after)) return [];
      return [{ before, after: byHand(after, {}) }];
    });
    const deleted = all.filter(({ id }) => !now.has(id));
    if (updated.length + deleted.length > 0) this.change({ ...noChange, updated, deleted });
    return updated.length + deleted.length;
  }

  // Looking around

  select(id: string | null): void {
    if (id === this.#selected && !this.#joining) return;
    this.#selected = id;
    this.#asked = 0;
    this.#joining = null;
    this.changed.tell();
  }

  /** The next or previous row of the list, from the selected one; false at the end. */
  selectNext(step: 1 | -1): boolean {
    if (this.#joining) return this.#aimNext(this.#joining, step);
    const rows = this.listed();
    const at = rows.findIndex(({ region }) => region.id === this.#selected);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    const row = rows[next];
    if (row) this.select(row.region.id);
    return row !== undefined;
  }

  /** Label keys speak to the kind that the tool draws. */
  useTool(tool: Tool): void {
    this.#tool = tool;
    this.shapes.abandon();
    const kind = drawnBy[tool];
    if (kind && this.#turns[this.#control]?.kind !== kind) {
      const first = this.#turns.findIndex((control) => control.kind === kind);
      if (first >= 0) this.#control = first;
    }
    this.changed.tell();
  }

  showMaybes(shown = !this.#maybesShown): void {
    this.#maybesShown = shown;
    if (!shown && this.#selected !== null && !this.store.get(this.#selected)) this.#selected = null;
    this.changed.tell();
  }

  /** The next or previous question: about the region in focus, then about the item. */
  nextControl(step: 1 | -1 = 1): void {
    const about = this.selected ? this.questionsAbout(this.selected) : [];
    const asked = this.#asked + step;
    if (this.selected && asked >= 0 && asked <= about.length) this.#asked = asked;
    else {
      const { length } = this.#turns;
      this.#selected = null;
      this.#asked = 0;
      this.#control = (this.#control + step + length) % Math.max(1, length);
    }
    this.changed.tell();
  }

  /** Puts a question in turn; the region it is about is selected. */
  ask({ control, parent }: Question): void {
    const region = this.#find(parent);
    this.select(region ? region.id : null);
    if (region) this.#asked = this.questionsAbout(region).indexOf(control) + 1;
    else this.#control = Math.max(0, this.#turns.indexOf(control));
    this.changed.tell();
  }

  /** What is drawn next gets its label when it is there, not before. */
  disarm(): void {
    this.#armed = false;
    this.changed.tell();
  }

  setNote(note: string): void {
    this.#note = note;
    this.changed.tell();
  }

  // Shapes

  /** Null when the schema has nothing of the kind. The new region is selected. */
  createShape(kind: ControlKind, geometry: Geometry): Region | null {
    const control = this.controlFor(kind);
    const label = this.labelFor(control);
    if (!control || !label || !this.image) return null;
    const region: Region = {
      id: this.newId(),
      control: control.name,
      kind,
      labels: [label],
      ...geometry,
      origin: 'person',
    };
    this.change({ ...noChange, created: [region] });
    this.select(region.id);
    return region;
  }

  /** Null when there is nowhere to put it, or it would have no area. */
  createBox(box: Box): Region | null {
    if (!this.image) return null;
    const inside = boxBetween(box, { x: box.x + box.width, y: box.y + box.height }, this.image);
    const isSmall = inside.width < shortestSide || inside.height < shortestSide;
    return isSmall ? null : this.createShape('boxes', inside);
  }

  /** A box for hands without a mouse: in the middle of what is in view, a quarter of it. */
  createBoxInView(view: Box): Region | null {
    return this.createBox(middleOfView(view));
  }

  setGeometry(id: string, geometry: Geometry, merge?: string): void {
    const region = this.#find(id);
    if (region && !sameAnswer(region, { ...region, ...geometry }))
      this.#replace(region, byHand(region, geometry), merge);
  }

  /** Another region under the same id, so that answers about it stay: a box that became a polygon. */
  replace(id: string, after: Omit<Region, 'id'>): void {
    const before = this.#find(id);
    if (before) this.#replace(before, { ...after, id });
  }

  /** Moves the corner or point in focus, else the region. */
  moveBy(dx: number, dy: number): void {
    const region = this.selected;
    const shape = shapeOf(region?.kind);
    if (!region || !shape || !this.image || this.shapes.moveSpotBy(dx, dy)) return;
    this.setGeometry(region.id, shape.moved(region, dx, dy, this.image), `move:${region.id}`);
  }

  sizeBy(dx: number, dy: number): void {
    const region = this.selected;
    const shape = shapeOf(region?.kind);
    if (!region || !shape || !this.image) return;
    this.setGeometry(region.id, shape.sized(region, dx, dy, this.image), `size:${region.id}`);
  }

  // Labels and choices

  /** A key or a click on a label: of the selected region, an answer, or of what is drawn next. */
  pickLabel(label: Label | undefined): void {
    const { question } = this;
    if (!label || !question) return;
    const { control, parent } = question;
    if (factsOf(control.kind).answers) return this.choose(control, label.name, parent);
    this.#labels.set(control.name, label.name);
    if (this.#joining) this.join();
    else if (this.selected) this.relabel(this.selected.id, label.name);
    else this.#armed = true;
    this.changed.tell();
  }

  relabel(id: string, label: string): void {
    const region = this.#find(id);
    if (!region || region.labels?.[0] === label) return;
    this.#replace(region, byHand(region, { labels: [label] }));
  }

  /** Answers a choices or rating control about the item, or about the region `parent`. */
  choose(control: Control, label: string, parent = ''): void {
    const answer = this.answers(control, parent)[0];
    const chosen = answer?.labels ?? [];
    const labels = !control.multiple
      ? [label]
      : chosen.includes(label)
        ? chosen.filter((other) => other !== label)
        : inOrderOf(control, [...chosen, label]);
    if (labels.join('\n') === chosen.join('\n')) return;
    this.#answer({ control, parent }, answer, labels.length === 0 ? null : { labels });
  }

  /** Writes the answer at place `at` of a text control; blank takes it away. `words`: with their times. */
  write(control: Control, text: string, parent = '', at = 0, words?: readonly Word[]): void {
    const answer = this.answers(control, parent)[at];
    if ((answer?.text ?? '') === text) return;
    const merge = `write:${control.name}:${parent}:${at}`;
    const given = { text, ...(words && { words: [...words] }) };
    this.#answer({ control, parent }, answer, text.trim() === '' ? null : given, merge);
  }

  #answer(to: Question, answer: Region | undefined, given: Partial<Region> | null, merge?: string) {
    if (!given) return this.change({ ...noChange, deleted: answer ? [answer] : [] }, merge);
    const kept = this.keptFor(to.parent);
    if (answer) {
      const updated = [{ before: answer, after: byHand(answer, given) }];
      return this.change({ ...noChange, created: kept, updated }, merge);
    }
    const { name: control, kind } = to.control;
    const about = to.parent === '' ? {} : { parent: to.parent };
    const made: Region = { id: this.newId(), control, kind, ...about, ...given, origin: 'person' };
    this.change({ ...noChange, created: [...kept, made] }, merge);
  }

  // Relations

  /** From the region in focus; false when there is nothing to join, or no control for it. */
  startJoining(): boolean {
    const { selected } = this;
    if (!this.relationControl || !selected || this.#targets(selected.id).length === 0) return false;
    this.#joining = { from: selected.id, to: '' };
    this.changed.tell();
    return true;
  }

  /** Aims at a region; '' at none. */
  aim(to: string): void {
    const joining = this.#joining;
    if (!joining || to === joining.from) return;
    this.#joining = { ...joining, to };
    this.changed.tell();
  }

  /** The relation that was aimed at, with the label that relations get; null when there is no aim. */
  join(): Region | null {
    const control = this.relationControl;
    if (!control || !this.#joining?.to) return null;
    const { from, to } = this.#joining;
    const labels = [this.labelFor(control)];
    const twin = this.answers(control).find(
      (r) => r.from === from && r.to === to && r.labels?.[0] === labels[0],
    );
    const ends = { from, to, labels, origin: 'person' as const };
    const relation: Region = twin ?? {
      id: this.newId(),
      control: control.name,
      kind: 'relations',
      ...ends,
    };
    const kept = [...this.keptFor(from), ...this.keptFor(to)];
    if (!twin) this.change({ ...noChange, created: [...kept, relation] });
    this.select(relation.id);
    return relation;
  }

  stopJoining(): boolean {
    const was = this.#joining !== null;
    this.#joining = null;
    this.changed.tell();
    return was;
  }

  /** What a relation can go to, from its own place on: spans in reading order, else as listed. */
  #targets(from: string): Region[] {
    const drawn = this.listed().flatMap(({ region }) => (isDrawn(region) ? [region] : []));
    if (drawn.every(({ kind }) => kind === 'spans'))
      drawn.sort((a, b) => (a.start ?? 0) - (b.start ?? 0) || (b.end ?? 0) - (a.end ?? 0));
    const at = drawn.findIndex(({ id }) => id === from);
    return at < 0 ? [] : [...drawn.slice(at + 1), ...drawn.slice(0, at)];
  }

  #aimNext({ from, to }: Joining, step: 1 | -1): boolean {
    const targets = this.#targets(from);
    const at = targets.findIndex(({ id }) => id === to);
    const next = at < 0 && step < 0 ? -1 : at + step;
    this.aim(targets.at(next % targets.length)?.id ?? '');
    return true;
  }

  // Keep, drop, reject, flag

  /** Looked at and right; a maybe becomes part of the answer. Goes to the next row. */
  keep(id: string): void {
    const facts = this.#checkedToo(id);
    this.change({ ...noChange, created: this.keptFor(id), ...facts });
    this.selectNext(1);
  }

  /** Takes the region out of the answer (a maybe stays out) and goes to the next row. */
  drop(id: string): void {
    const rows = this.listed();
    const at = rows.findIndex((row) => row.region.id === id);
    const neighbour = rows[at + 1] ?? rows[at - 1];
    const region = this.store.get(id);
    const isMaybe = this.#task.maybes.some((maybe) => maybe.id === id);
    if (!this.suggestions.drop(id))
      this.change({
        ...noChange,
        deleted: region ? withDependents(this.store.all(), [region]) : [],
        ...(isMaybe && this.#checkedToo(id)),
      });
    this.select(neighbour && neighbour.region.id !== id ? neighbour.region.id : null);
  }

  /** Throws the draft away: what the person made stays. */
  reject(): boolean {
    if (!this.hasDraft || this.facts.rejected) return false;
    const all = this.store.all();
    const drafted = all.filter((region) => region.origin !== 'person');
    const deleted = withDependents(all, drafted);
    const after = { ...this.facts, rejected: true };
    this.change({ ...noChange, deleted, facts: { before: this.facts, after } });
    return true;
  }

  /** What an answer before laid out goes; the draft is here again. */
  startAfresh(): void {
    const drafted = this.#task.regions;
    const isDrafted = ({ id }: Region) => drafted.some((region) => region.id === id);
    const all = this.store.all();
    const updated = drafted.flatMap((after) => {
      const before = this.store.get(after.id);
      return before ? [{ before, after }] : [];
    });
    this.change({
      ...noChange,
      created: drafted.filter(({ id }) => !this.store.get(id)),
      updated,
      deleted: withDependents(
        all,
        all.filter((region) => !isDrafted(region)),
      ).filter((region) => !isDrafted(region)),
    });
  }

  toggleFlag(): void {
    const after = { ...this.facts, flagged: !this.facts.flagged };
    this.change({ ...noChange, facts: { before: this.facts, after } });
  }

  // Inside

  /** Controls whose turn comes by itself: not those about a region or between two. */
  get #turns(): readonly Control[] {
    return this.schema.controls.filter((c) => !c.per_region && c.kind !== 'relations');
  }

  /** The maybe that becomes part of the answer because something is said of it, and its company. */
  keptFor(id: string): readonly Region[] {
    const offered = [...this.maybes, ...this.suggestions.left];
    const maybe = offered.find((region) => region.id === id);
    return maybe ? withCompany(offered, maybe) : [];
  }

  /** A selected region that is gone is no longer selected; a new one takes its place in the order. */
  #follow(change: ChangeSet): void {
    this.#isSame = null;
    for (const region of change.created) this.#place(region);
    if (this.#selected !== null && !this.#find(this.#selected)) this.#selected = null;
    this.changed.tell();
  }

  #place(region: Region): void {
    if (!this.#order.has(region.id)) this.#order.set(region.id, this.#order.size);
  }

  #find(id: string): Region | undefined {
    const maybe = () => (this.#maybesShown ? this.maybes.find((m) => m.id === id) : undefined);
    const suggested = () => this.suggestions.left.find((region) => region.id === id);
    return this.store.get(id) ?? maybe() ?? suggested();
  }

  /** A maybe that is changed by hand becomes part of the answer. */
  #replace(before: Region, after: Region, merge?: string): void {
    const isHere = this.store.get(before.id) !== undefined;
    const company = isHere ? [] : this.keptFor(before.id).filter(({ id }) => id !== before.id);
    const change = isHere ? { updated: [{ before, after }] } : { created: [after, ...company] };
    this.change({ ...noChange, ...change }, merge);
  }

  #checkedToo(id: string): { facts?: { before: Facts; after: Facts } } {
    if (this.facts.checked.includes(id)) return {};
    const after = { ...this.facts, checked: [...this.facts.checked, id] };
    return { facts: { before: this.facts, after } };
  }

  #firstDrawn(): ControlKind | undefined {
    const kinds = [this.control, ...this.schema.controls].map((control) => control?.kind);
    return kinds.find((kind) => kind !== undefined && factsOf(kind).drawn);
  }
}

/** Certainty as the draft states it; regions without any (a person's own) come last. */
function leastCertainFirst(regions: readonly Region[]): Region[] {
  const certainty = (region: Region) => region.probability ?? region.confidence ?? 2;
  return [...regions].sort((a, b) => certainty(a) - certainty(b));
}
