// Tasks that findings are about, fetched once; the next one before it is asked for.
import type { TaskDetail } from '../../api/types';

const kept = 48;

export class TaskShelf {
  #tasks = new Map<string, Promise<TaskDetail>>();

  constructor(private readonly fetch: (task: string) => Promise<TaskDetail>) {}

  get(task: string): Promise<TaskDetail> {
    const known = this.#tasks.get(task);
    const found = known ?? this.fetch(task);
    this.#tasks.delete(task);
    this.#tasks.set(task, found);
    // What could not be had is asked for again.
    if (!known) found.catch(() => this.#tasks.delete(task));
    for (const old of [...this.#tasks.keys()].slice(0, -kept)) this.#tasks.delete(old);
    return found;
  }

  /** They may have changed. */
  forget(): void {
    this.#tasks.clear();
  }
}
