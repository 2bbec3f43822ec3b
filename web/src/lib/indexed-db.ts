// One object store of IndexedDB as a keeper of texts. Every write is flushed to the disk before it counts.
import type { Keeper } from './durable-shelf';

const database = 'countersign';
const table = 'shelf';
/** A browser that has not opened it by then does not mean to. */
const openWithin = 5_000;

export class IndexedDbKeeper implements Keeper {
  #opening: Promise<IDBDatabase> | null = null;

  constructor(private readonly factory: IDBFactory) {}

  async all(): Promise<[string, string][]> {
    const store = (await this.#open()).transaction(table, 'readonly').objectStore(table);
    const [names, texts] = await Promise.all([
      answerOf(store.getAllKeys()),
      answerOf(store.getAll()),
    ]);
    return names.map((name, i) => [String(name), texts[i] as string]);
  }

  put(name: string, text: string): Promise<void> {
    return this.#write((store) => store.put(text, name));
  }

  remove(name: string): Promise<void> {
    return this.#write((store) => store.delete(name));
  }

  async #write(work: (store: IDBObjectStore) => unknown): Promise<void> {
    const db = await this.#open();
    await new Promise<void>((resolve, reject) => {
      const writing = db.transaction(table, 'readwrite', { durability: 'strict' });
      writing.oncomplete = () => resolve();
      writing.onabort = () => reject(writing.error);
      work(writing.objectStore(table));
    });
  }

  /** Opened once, and again when the browser has closed it. */
  #open(): Promise<IDBDatabase> {
    this.#opening ??= this.#openNow().catch((failure: unknown) => {
      this.#opening = null;
      throw failure;
    });
    return this.#opening;
  }

  async #openNow(): Promise<IDBDatabase> {
    const asking = this.factory.open(database, 1);
    asking.onupgradeneeded = () => asking.result.createObjectStore(table);
    const db = await Promise.race([
      answerOf(asking),
      new Promise<never>((_, reject) =>
        setTimeout(() => reject(new Error('IndexedDB does not open')), openWithin),
      ),
    ]);
    const forget = () => (this.#opening = null);
    db.onclose = forget;
    db.onversionchange = () => {
      db.close();
      forget();
    };
    return db;
  }
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** null: this browser has none, or switched it off. */
export function browserKeeper(): Keeper | null {
  try {
    return window.indexedDB ? new IndexedDbKeeper(window.indexedDB) : null;
  } catch {
    return null;
  }
}
