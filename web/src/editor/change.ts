// What changed, as a value. Whoever listens (undo, autosave, the surface) needs nothing else, and the
// same value backwards undoes it.
import type { Region } from './region';

/** user: a hand did it; undo: history did it; remote: the server or a reload did it. */
export type ChangeOrigin = 'user' | 'remote' | 'undo';

/** What is true of the whole desk, beside its regions. */
export interface Facts {
  /** The draft was thrown away. */
  readonly rejected: boolean;
  readonly flagged: boolean;
  /** Ids of draft regions a person has looked at and kept or passed. */
  readonly checked: readonly string[];
}

export const noFacts: Facts = { rejected: false, flagged: false, checked: [] };

export interface ChangeSet {
  readonly created: readonly Region[];
  readonly updated: readonly { readonly before: Region; readonly after: Region }[];
  readonly deleted: readonly Region[];
  readonly facts?: { readonly before: Facts; readonly after: Facts };
}

export const noChange: ChangeSet = { created: [], updated: [], deleted: [] };

export function isEmpty(change: ChangeSet): boolean {
  return (
    change.created.length + change.updated.length + change.deleted.length === 0 && !change.facts
  );
}

export function inverse(change: ChangeSet): ChangeSet {
  return {
    created: change.deleted,
    updated: change.updated.map(({ before, after }) => ({ before: after, after: before })),
    deleted: change.created,
    ...(change.facts && { facts: { before: change.facts.after, after: change.facts.before } }),
  };
}

/** One change that does what `first` and then `second` do. */
export function both(first: ChangeSet, second: ChangeSet): ChangeSet {
  const before = new Map<string, Region | null>();
  const after = new Map<string, Region | null>();
  for (const change of [first, second]) {
    const note = (id: string, was: Region | null, is: Region | null) => {
      if (!before.has(id)) before.set(id, was);
      after.set(id, is);
    };
    for (const region of change.deleted) note(region.id, region, null);
    for (const region of change.created) note(region.id, null, region);
    for (const pair of change.updated) note(pair.before.id, pair.before, pair.after);
  }
  const created: Region[] = [];
  const updated: { before: Region; after: Region }[] = [];
  const deleted: Region[] = [];
  for (const [id, was] of before) {
    const is = after.get(id) ?? null;
    if (was && is) {
      if (was !== is) updated.push({ before: was, after: is });
    } else if (is) created.push(is);
    else if (was) deleted.push(was);
  }
  const facts = mergedFacts(first, second);
  return { created, updated, deleted, ...(facts && { facts }) };
}

function mergedFacts(first: ChangeSet, second: ChangeSet): ChangeSet['facts'] {
  const before = first.facts?.before ?? second.facts?.before;
  const after = second.facts?.after ?? first.facts?.after;
  return before && after && before !== after ? { before, after } : undefined;
}
