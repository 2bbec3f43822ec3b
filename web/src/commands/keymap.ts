// Which keys run which command: the table's, with a person's own changes on top. The changes are kept in
// this browser and can be carried to another as a small file.
import { Observers } from '../lib/observers';
import type { Shelf } from '../lib/shelf';
import { together, type Command } from './command';

export type KeyChanges = Record<string, string[]>;

/** Two commands that would answer the same key. */
export interface Clash {
  readonly key: string;
  readonly first: string;
  readonly second: string;
}

const shelfName = 'keys';

export class Keymap {
  readonly changed = new Observers<void>();
  #changes: KeyChanges;

  constructor(
    readonly commands: readonly Command<never>[],
    private readonly shelf: Shelf,
  ) {
    this.#changes = shelf.get<KeyChanges>(shelfName) ?? {};
  }

  keysOf(id: string): readonly string[] {
    return this.#changes[id] ?? this.commands.find((command) => command.id === id)?.keys ?? [];
  }

  isChanged(id: string): boolean {
    return id in this.#changes;
  }

  /** Refused, with the clash, when another command that can be on at the same time has the key. */
  setKeys(id: string, keys: readonly string[]): Clash | null {
    const command = this.commands.find((other) => other.id === id);
    if (!command) return null;
    const clash = this.#clashOf(command, keys);
    if (clash) return clash;
    this.#keep({ ...this.#changes, [id]: [...keys] });
    return null;
  }

  reset(): void {
    this.#keep({});
  }

  exported(): string {
    return JSON.stringify({ countersign_keys: 1, changes: this.#changes }, null, 2);
  }

  /** Says what is wrong with the file, or null when it was taken. */
  import(text: string): string | null {
    let changes: unknown;
    try {
      changes = (JSON.parse(text) as { changes?: unknown }).changes;
    } catch {
      return 'This file is not JSON. Choose a file that “Export keys” wrote.';
    }
    if (!isChanges(changes))
      return 'This file holds no keys. Choose a file that “Export keys” wrote.';
    const known = Object.entries(changes).filter(([id]) =>
      this.commands.some((command) => command.id === id),
    );
    const taken = Object.fromEntries(known);
    const clash = clashes(this.commands, (id) => taken[id] ?? this.#default(id))[0];
    if (clash) {
      return `The key ${clash.key} would run both “${clash.first}” and “${clash.second}”. Nothing was changed.`;
    }
    this.#keep(taken);
    return null;
  }

  #default(id: string): readonly string[] {
    return this.commands.find((command) => command.id === id)?.keys ?? [];
  }

  #clashOf(command: Command<never>, keys: readonly string[]): Clash | null {
    const all = clashes(this.commands, (id) => (id === command.id ? keys : this.keysOf(id)));
    return all[0] ?? null;
  }

  #keep(changes: KeyChanges): void {
    this.#changes = changes;
    this.shelf.set(shelfName, changes);
    this.changed.tell();
  }
}

/** Keys that two commands would answer in one mode. */
export function clashes(
  commands: readonly Command<never>[],
  keysOf: (id: string) => readonly string[],
): Clash[] {
  const found: Clash[] = [];
  commands.forEach((first, i) => {
    for (const second of commands.slice(i + 1)) {
      if (!together[first.mode].includes(second.mode)) continue;
      for (const key of keysOf(first.id)) {
        if (keysOf(second.id).includes(key))
          found.push({ key, first: first.title, second: second.title });
      }
    }
  });
  return found;
}

function isChanges(value: unknown): value is KeyChanges {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every(
      (keys) => Array.isArray(keys) && keys.every((key) => typeof key === 'string'),
    )
  );
}
