// Work in progress, in two places: the shelf of this browser at once, the server a moment later. A reload
// takes the later of the two.
import type { DeskTask, Region } from '../api/types';
import type { SavedWork } from '../editor/editor';
import type { DurableShelf } from '../lib/durable-shelf';

/** What the server keeps for us without reading it, and the shelf keeps too. */
export interface Work extends SavedWork {
  activeMs?: number;
  /** When it was saved, by the server's clock. */
  saved?: number;
}

const keptFor = 30 * 24 * 3_600_000;

export class WorkShelf {
  constructor(
    private readonly shelf: DurableShelf,
    private readonly person: string,
  ) {}

  /** False when the browser keeps nothing. */
  keep(task: string, work: Work): Promise<boolean> {
    return this.shelf.set(this.#name(task), work);
  }

  drop(task: string): void {
    void this.shelf.remove(this.#name(task));
  }

  /** Forgets work that nobody has come back to: its tasks were decided elsewhere. */
  tidy(now: number): void {
    for (const name of this.shelf.names(`work:${this.person}:`)) {
      const { saved = now } = readWork(this.shelf.get(name)) ?? {};
      if (now - saved > keptFor) void this.shelf.remove(name);
    }
  }

  /** The later of what the server and this browser have; null when nobody has worked on it. */
  of(task: DeskTask): Work | null {
    const there = readWork(task.work);
    const here = readWork(this.shelf.get(this.#name(task.id)));
    if (!there || !here) return there ?? here;
    return (here.saved ?? 0) >= (there.saved ?? 0) ? here : there;
  }

  #name(task: string): string {
    return `work:${this.person}:${task}`;
  }
}

/** Tolerant: an undone decision brings back bare regions, an older browser something else. */
export function readWork(value: unknown): Work | null {
  if (Array.isArray(value)) return { regions: value as Region[] };
  if (typeof value !== 'object' || value === null) return null;
  const { regions, facts, note, activeMs, saved } = value as Partial<Work>;
  if (!Array.isArray(regions)) return null;
  return {
    regions: regions as Region[],
    ...(isFacts(facts) && { facts }),
    ...(typeof note === 'string' && { note }),
    ...(typeof activeMs === 'number' && { activeMs }),
    ...(typeof saved === 'number' && { saved }),
  };
}

function isFacts(value: unknown): value is NonNullable<SavedWork['facts']> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Array.isArray((value as { checked?: unknown }).checked)
  );
}
