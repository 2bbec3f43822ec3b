// A small synchronous store of JSON values by name, on localStorage in the browser and on a Map in
// tests. Synchronous on purpose: a decision is on the shelf before the screen moves on.

export interface Shelf {
  get<T>(name: string): T | null;
  /** False when the browser refuses (full, or storage switched off): say so, do not pretend. */
  set(name: string, value: unknown): boolean;
  remove(name: string): void;
  names(prefix: string): string[];
}

interface Entries {
  getItem(name: string): string | null;
  setItem(name: string, text: string): void;
  removeItem(name: string): void;
  key(index: number): string | null;
  readonly length: number;
}

export function shelfOn(entries: Entries, prefix = 'countersign:'): Shelf {
  return {
    get<T>(name: string): T | null {
      const text = entries.getItem(prefix + name);
      if (text === null) return null;
      try {
        return JSON.parse(text) as T;
      } catch {
        return null;
      }
    },
    set(name, value) {
      try {
        entries.setItem(prefix + name, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
    remove: (name) => entries.removeItem(prefix + name),
    names(start) {
      const full = prefix + start;
      return Array.from({ length: entries.length }, (_, i) => entries.key(i) ?? '')
        .filter((name) => name.startsWith(full))
        .map((name) => name.slice(prefix.length))
        .sort();
    },
  };
}

/** For tests, and for browsers that refuse localStorage: lost with the page. */
export function memoryShelf(): Shelf {
  const map = new Map<string, string>();
  return shelfOn({
    getItem: (name) => map.get(name) ?? null,
    setItem: (name, text) => void map.set(name, text),
    removeItem: (name) => void map.delete(name),
    key: (index) => [...map.keys()][index] ?? null,
    get length() {
      return map.size;
    },
  });
}

export function browserShelf(): Shelf {
  try {
    return shelfOn(window.localStorage);
  } catch {
    return memoryShelf();
  }
}
