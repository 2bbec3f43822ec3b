// Work that must outlive this page: JSON values by name, on IndexedDB, with a copy in memory that reading
// takes no time from. Writing returns at once and tells later whether the browser has kept it: when it is
// full, or keeps nothing, the page still works, and says so.

export interface DurableShelf {
  get<T>(name: string): T | null;
  names(prefix: string): string[];
  /** True once it outlives the page, also when the browser is killed; false when the browser refuses. */
  set(name: string, value: unknown): Promise<boolean>;
  /** Ends when the browser has forgotten it too, or cannot. */
  remove(name: string): Promise<void>;
  /** Takes in what other tabs wrote since. */
  refresh(): Promise<void>;
}

/** Where texts by name are kept: IndexedDB, or what a test brings. Each may reject. */
export interface Keeper {
  all(): Promise<[name: string, text: string][]>;
  put(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
}

class MirroredShelf implements DurableShelf {
  #texts = new Map<string, string>();
  /** Names written while a refresh is out: what it brings of them is older. */
  #touched = new Set<string>();
  #refreshes = 0;

  constructor(private readonly keeper: Keeper | null) {}

  get<T>(name: string): T | null {
    const text = this.#texts.get(name);
    return text === undefined ? null : (JSON.parse(text) as T);
  }

  names(prefix: string): string[] {
    return [...this.#texts.keys()].filter((name) => name.startsWith(prefix)).sort();
  }

  async set(name: string, value: unknown): Promise<boolean> {
    const text = JSON.stringify(value);
    this.#texts.set(name, text);
    this.#touched.add(name);
    if (!this.keeper) return false;
    return this.keeper.put(name, text).then(
      () => true,
      () => false,
    );
  }

  async remove(name: string): Promise<void> {
    if (!this.#texts.delete(name)) return;
    this.#touched.add(name);
    await this.keeper?.remove(name).catch(() => {});
  }

  async refresh(): Promise<void> {
    if (!this.keeper) return;
    if (this.#refreshes === 0) this.#touched.clear();
    this.#refreshes += 1;
    const kept = await this.keeper.all().catch(() => null);
    this.#refreshes -= 1;
    if (!kept) return;
    const found = new Map(kept.filter(([, text]) => isJson(text)));
    const isOlder = (name: string) => this.#touched.has(name);
    for (const name of this.#texts.keys())
      if (!found.has(name) && !isOlder(name)) this.#texts.delete(name);
    for (const [name, text] of found) if (!isOlder(name)) this.#texts.set(name, text);
  }
}

function isJson(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A shelf with everything that `keeper` has; without one it is lost with the page, and `set` says so. */
export async function shelfOf(keeper: Keeper | null): Promise<DurableShelf> {
  const shelf = new MirroredShelf(keeper);
  await shelf.refresh();
  return shelf;
}

/** For what is kept elsewhere, and for tests. */
export function memoryKeeper(): Keeper {
  const texts = new Map<string, string>();
  return {
    all: async () => [...texts],
    put: async (name, text) => void texts.set(name, text),
    remove: async (name) => void texts.delete(name),
  };
}

export function memoryShelf(): DurableShelf {
  return new MirroredShelf(memoryKeeper());
}
