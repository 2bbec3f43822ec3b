// The regions on the desk. Everything that changes them goes through `apply`, as a ChangeSet with an
// origin; everybody who needs to know observes. Regions are values: a new one replaces an old one.
import { Observers } from '../lib/observers';
import { isEmpty, noFacts, type ChangeOrigin, type ChangeSet, type Facts } from './change';
import type { Region } from './region';

export interface Applied {
  readonly change: ChangeSet;
  readonly origin: ChangeOrigin;
  /** Changes with the same key that follow each other are one step of undo (nudging with arrows). */
  readonly merge?: string;
}

export class RegionStore {
  readonly applied = new Observers<Applied>();
  #regions = new Map<string, Region>();
  #facts: Facts = noFacts;

  get(id: string): Region | undefined {
    return this.#regions.get(id);
  }

  /** In the order they were made. */
  all(): Region[] {
    return [...this.#regions.values()];
  }

  get facts(): Facts {
    return this.#facts;
  }

  /** Throws when the change does not fit what is here: that is a bug in the caller. */
  apply(change: ChangeSet, origin: ChangeOrigin, merge?: string): void {
    if (isEmpty(change)) return;
    for (const region of change.deleted) {
      if (!this.#regions.delete(region.id)) throw new Error(`no region ${region.id} to delete`);
    }
    for (const region of change.created) {
      if (this.#regions.has(region.id)) throw new Error(`region ${region.id} is here already`);
      this.#regions.set(region.id, region);
    }
    for (const { before, after } of change.updated) {
      if (!this.#regions.has(before.id)) throw new Error(`no region ${before.id} to change`);
      this.#regions.set(before.id, after);
    }
    if (change.facts) this.#facts = change.facts.after;
    this.applied.tell({ change, origin, ...(merge !== undefined && { merge }) });
  }

  /** Replaces everything: another task, or work that was restored. Not undoable. */
  load(regions: readonly Region[], facts: Facts = noFacts): void {
    const deleted = this.all();
    const before = this.#facts;
    this.#regions = new Map(regions.map((region) => [region.id, region]));
    this.#facts = facts;
    this.applied.tell({
      change: { created: this.all(), updated: [], deleted, facts: { before, after: facts } },
      origin: 'remote',
    });
  }
}
