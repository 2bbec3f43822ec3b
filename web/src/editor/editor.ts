// The editor of one task, without a screen: what is on the desk, what is selected, and everything a hand
// can do to it. The surface and the lists mirror it; commands call it; undo and autosave observe it.
import type { Control, Label, Schema } from '../api/types';
import { Observers } from '../lib/observers';
import {
  boxBetween,
  movedBy,
  shortestSide,
  sizedBy,
  type Box,
  type Handle,
  type Size,
} from './box';
import { noChange, noFacts, type ChangeSet, type Facts } from './change';
import { History } from './history';
import { boxOf, byHand, sameAnswers, type Region } from './region';
import { RegionStore } from './region-store';

export type Tool = 'select' | 'box' | 'pan';

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

export class Editor {
  readonly changed = new Observers<void>();
  readonly store = new RegionStore();
  readonly history: History;
  #task: EditorTask;
  #order = new Map<string, number>();
  #selected: string | null = null;
  #maybesShown = false;
  #tool: Tool = 'select';
  #control = 0;
  #label: string | null = null;
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

  /** Boxes and the like, least certain first; with the maybes when they are called up. */
  listed(): Listed[] {
    const checked = new Set(this.facts.checked);
    const row = (region: Region, maybe: boolean) => ({
      region,
      maybe,
      checked: checked.has(region.id),
    });
    const rows = this.store
      .all()
      .filter(isPiece)
      .map((region) => row(region, false));
    if (this.#maybesShown)
      rows.push(...this.maybes.filter(isPiece).map((region) => row(region, true)));
    const rank = (id: string) => this.#order.get(id) ?? Infinity;
    return rows.sort((a, b) => rank(a.region.id) - rank(b.region.id));
  }

  /** The control that label keys speak to: the selected region's, else the one in turn. */
  get control(): Control | undefined {
    const of = this.selected?.control;
    return this.schema.controls.find((c) => c.name === of) ?? this.schema.controls[this.#control];
  }
  /** The label that the next box gets. */
  get currentLabel(): string {
    const labels = this.#boxControl()?.labels ?? [];
    return labels.find((label) => label.name === this.#label)?.name ?? labels[0]?.name ?? '';
  }
  /** Labels chosen in a choices control. */
  chosen(control: Control): readonly string[] {
    return this.#answerOf(control)?.labels ?? [];
  }
  /** The region that answers a choices control, with the probability a draft gave it. */
  choice(control: Control): Region | undefined {
    return this.#answerOf(control);
  }
  /** The model's own choice (an unsure one only when the maybes are shown), for its probability. */
  draftChoice(control: Control): Region | undefined {
    const answers = [...this.#task.regions, ...(this.#maybesShown ? this.#task.maybes : [])];
    return answers.find((region) => region.control === control.name);
  }

  /** Whether what is on the desk is no longer the draft as it stood. */
  get edited(): boolean {
    return this.facts.rejected || !sameAnswers(this.store.all(), this.#task.regions);
  }
  get isBlank(): boolean {
    return this.store.all().length === 0;
  }
  /** Required choices without an answer: submit would be refused. */
  missing(): Control[] {
    return this.schema.controls.filter(
      (c) => c.kind === 'choices' && c.required !== false && this.chosen(c).length === 0,
    );
  }
  toWork(): SavedWork {
    return { regions: this.store.all(), facts: this.facts, note: this.#note };
  }

  // Looking around

  select(id: string | null): void {
    if (id === this.#selected) return;
    this.#selected = id;
    this.changed.tell();
  }

  /** The next or previous row of the list, from the selected one; false at the end. */
  selectNext(step: 1 | -1): boolean {
    const rows = this.listed();
    const at = rows.findIndex(({ region }) => region.id === this.#selected);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    const row = rows[next];
    if (row) this.select(row.region.id);
    return row !== undefined;
  }

  useTool(tool: Tool): void {
    this.#tool = tool;
    this.changed.tell();
  }

  showMaybes(shown = !this.#maybesShown): void {
    this.#maybesShown = shown;
    if (!shown && this.#selected !== null && !this.store.get(this.#selected)) this.#selected = null;
    this.changed.tell();
  }

  nextControl(): void {
    this.#selected = null;
    this.#control = (this.#control + 1) % Math.max(1, this.schema.controls.length);
    this.changed.tell();
  }

  setNote(note: string): void {
    this.#note = note;
    this.changed.tell();
  }

  // Boxes

  /** Null when there is nowhere to put it, or it would have no area. */
  createBox(box: Box): Region | null {
    const control = this.#boxControl();
    const label = this.currentLabel;
    if (!control || !label || !this.image) return null;
    const inside = boxBetween(box, { x: box.x + box.width, y: box.y + box.height }, this.image);
    if (inside.width < shortestSide || inside.height < shortestSide) return null;
    const region: Region = {
      id: this.makeId(),
      control: control.name,
      kind: 'boxes',
      labels: [label],
      ...inside,
      origin: 'person',
    };
    this.#change({ ...noChange, created: [region] });
    this.select(region.id);
    return region;
  }

  /** A box for hands without a mouse: in the middle of what is in view, a quarter of it. */
  createBoxInView(view: Box): Region | null {
    const width = Math.max(2, Math.round(view.width / 4));
    const height = Math.max(2, Math.round(view.height / 4));
    return this.createBox({
      x: Math.round(view.x + (view.width - width) / 2),
      y: Math.round(view.y + (view.height - height) / 2),
      width,
      height,
    });
  }

  setBox(id: string, box: Box, merge?: string): void {
    const region = this.#find(id);
    if (region && !sameBox(boxOf(region), box)) this.#replace(region, byHand(region, box), merge);
  }

  moveBy(dx: number, dy: number): void {
    const region = this.selected;
    if (!region || !isBox(region) || !this.image) return;
    this.setBox(region.id, movedBy(boxOf(region), dx, dy, this.image), `move:${region.id}`);
  }

  sizeBy(dx: number, dy: number, handle: Handle = 'se'): void {
    const region = this.selected;
    if (!region || !isBox(region) || !this.image) return;
    this.setBox(region.id, sizedBy(boxOf(region), handle, dx, dy, this.image), `size:${region.id}`);
  }

  // Labels and choices

  /** A key or a click on a label: of the selected region, else the choice, else of the next box. */
  pickLabel(label: Label | undefined): void {
    const control = this.control;
    if (!label || !control) return;
    if (control.kind === 'choices') this.choose(control, label.name);
    else if (this.selected) this.relabel(this.selected.id, label.name);
    if (control.kind !== 'choices') this.#label = label.name;
    this.changed.tell();
  }

  relabel(id: string, label: string): void {
    const region = this.#find(id);
    if (!region || region.labels?.[0] === label) return;
    this.#replace(region, byHand(region, { labels: [label] }));
  }

  choose(control: Control, label: string): void {
    const answer = this.#answerOf(control);
    const chosen = answer?.labels ?? [];
    const labels = !control.multiple
      ? [label]
      : chosen.includes(label)
        ? chosen.filter((other) => other !== label)
        : inOrderOf(control, [...chosen, label]);
    if (!answer) this.#change({ ...noChange, created: [this.#newChoice(control, labels)] });
    else if (labels.length === 0) this.#change({ ...noChange, deleted: [answer] });
    else if (labels.join('\n') !== chosen.join('\n')) {
      const after = byHand(answer, { labels });
      this.#change({ ...noChange, updated: [{ before: answer, after }] });
    }
  }

  // Keep, drop, reject, flag

  /** Looked at and right; a maybe becomes part of the answer. Goes to the next row. */
  keep(id: string): void {
    const maybe = this.maybes.find((region) => region.id === id);
    const facts = this.#checkedToo(id);
    this.#change({ ...noChange, created: maybe ? [maybe] : [], ...facts });
    this.selectNext(1);
  }

  /** Takes the region out of the answer (a maybe stays out) and goes to the next row. */
  drop(id: string): void {
    const rows = this.listed();
    const at = rows.findIndex((row) => row.region.id === id);
    const neighbour = rows[at + 1] ?? rows[at - 1];
    const region = this.store.get(id);
    const isMaybe = this.#task.maybes.some((maybe) => maybe.id === id);
    this.#change({
      ...noChange,
      deleted: region ? [region] : [],
      ...(isMaybe && this.#checkedToo(id)),
    });
    this.select(neighbour && neighbour.region.id !== id ? neighbour.region.id : null);
  }

  /** Throws the draft away: what the person made stays. */
  reject(): boolean {
    if (!this.hasDraft || this.facts.rejected) return false;
    const deleted = this.store.all().filter((region) => region.origin !== 'person');
    const after = { ...this.facts, rejected: true };
    this.#change({ ...noChange, deleted, facts: { before: this.facts, after } });
    return true;
  }

  toggleFlag(): void {
    const after = { ...this.facts, flagged: !this.facts.flagged };
    this.#change({ ...noChange, facts: { before: this.facts, after } });
  }

  // Inside

  #change(change: ChangeSet, merge?: string): void {
    this.store.apply(change, 'user', merge);
  }

  /** A selected region that is gone is no longer selected; a new one takes its place in the order. */
  #follow(change: ChangeSet): void {
    for (const region of change.created) this.#place(region);
    if (this.#selected !== null && !this.#find(this.#selected)) this.#selected = null;
    this.changed.tell();
  }

  #place(region: Region): void {
    if (!this.#order.has(region.id)) this.#order.set(region.id, this.#order.size);
  }

  #find(id: string): Region | undefined {
    const maybe = () => (this.#maybesShown ? this.maybes.find((m) => m.id === id) : undefined);
    return this.store.get(id) ?? maybe();
  }

  /** A maybe that is changed by hand becomes part of the answer. */
  #replace(before: Region, after: Region, merge?: string): void {
    const isHere = this.store.get(before.id) !== undefined;
    const change = isHere ? { updated: [{ before, after }] } : { created: [after] };
    this.#change({ ...noChange, ...change }, merge);
  }

  #checkedToo(id: string): { facts?: { before: Facts; after: Facts } } {
    if (this.facts.checked.includes(id)) return {};
    const after = { ...this.facts, checked: [...this.facts.checked, id] };
    return { facts: { before: this.facts, after } };
  }

  #answerOf(control: Control): Region | undefined {
    return this.store
      .all()
      .find((region) => region.control === control.name && region.kind === 'choices');
  }

  #newChoice(control: Control, labels: string[]): Region {
    return { id: this.makeId(), control: control.name, kind: 'choices', labels, origin: 'person' };
  }

  #boxControl(): Control | undefined {
    const active = this.control;
    if (active?.kind === 'boxes') return active;
    return this.schema.controls.find((control) => control.kind === 'boxes');
  }
}

/** Regions have a place on the item; choices answer for the whole of it. */
function isPiece(region: Region): boolean {
  return region.kind !== 'choices';
}

function isBox(region: Region): boolean {
  return region.kind === 'boxes';
}

function sameBox(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** Certainty as the draft states it; regions without any (a person's own) come last. */
function leastCertainFirst(regions: readonly Region[]): Region[] {
  const certainty = (region: Region) => region.probability ?? region.confidence ?? 2;
  return [...regions].sort((a, b) => certainty(a) - certainty(b));
}

function inOrderOf(control: Control, labels: readonly string[]): string[] {
  return control.labels.map((label) => label.name).filter((name) => labels.includes(name));
}
