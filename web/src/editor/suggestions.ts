// What a model answered when it was asked at the desk: on show beside the answer, like maybes, until a
// person keeps or drops it. Nothing of it is saved before.
import { answersTo } from './answers';
import { noChange } from './change';
import type { Editor } from './editor';
import { factsOf, isListed } from './kinds';
import type { Region } from './region';

export class Suggestions {
  #all: readonly Region[] = [];

  constructor(private readonly editor: Editor) {}

  /** What is neither kept nor dropped yet. */
  get left(): readonly Region[] {
    return this.#all.filter(({ id }) => !this.editor.store.get(id));
  }

  /**
   * In place of those before. Their ids are made anew here, so that they are no other region's; what they are
   * about may be on the desk already.
   */
  show(regions: readonly Region[]): void {
    const ids = new Map(regions.map(({ id }) => [id, this.editor.newId()]));
    const now = (id: string) => ids.get(id) ?? id;
    this.#all = regions.map((region) => ({
      ...region,
      id: ids.get(region.id)!,
      ...(region.parent && { parent: now(region.parent) }),
      ...(region.from && { from: now(region.from) }),
      ...(region.to && { to: now(region.to) }),
    }));
    const first = this.#all.find(isListed);
    if (first) this.editor.select(first.id);
    this.editor.changed.tell();
  }

  /** All that is left becomes part of the answer, in one step that undo takes back; returns it. */
  keepAll(): readonly Region[] {
    const kept = this.left;
    const { store } = this.editor;
    const company = kept.flatMap(({ parent }) => (parent ? this.editor.keptFor(parent) : []));
    const before = company.filter(({ id }) => kept.every((region) => region.id !== id));
    const deleted = kept.flatMap((region) => this.#answered(region));
    this.#all = [];
    if (kept.length > 0)
      this.editor.change({ ...noChange, created: [...new Set(before), ...kept], deleted });
    const first = kept.find(isListed);
    if (first && store.get(first.id)) this.editor.select(first.id);
    return kept;
  }

  /** The answers whose place a suggested one takes. */
  #answered({ control: name, kind, parent = '' }: Region): readonly Region[] {
    const control = this.editor.schema.controls.find((one) => one.name === name);
    if (!control || !factsOf(kind).answers || (kind === 'text' && control.multiple)) return [];
    return answersTo(this.editor.store.all(), control, parent);
  }

  /** Takes one of them off the show; false when it is none. */
  drop(id: string): boolean {
    const isOne = this.left.some((region) => region.id === id);
    if (isOne) this.#all = this.#all.filter((region) => region.id !== id && region.parent !== id);
    return isOne;
  }

  /** Takes all of them off the show. */
  clear(): void {
    const had = this.left.length > 0;
    this.#all = [];
    const { selectedId } = this.editor;
    if (had && selectedId !== null && !this.editor.selected) this.editor.select(null);
    if (had) this.editor.changed.tell();
  }
}
