// Tasks this person holds and has not opened yet, in the order to work on them. Replies may come late
// and may name tasks that were decided in the meantime: those are left out. What tells is the assignment:
// a task that was skipped comes back under a new one when nothing else waits.
import type { DeskTask } from '../api/types';

export class TaskQueue {
  #tasks: DeskTask[] = [];
  /** Gone past without a decision, in the order of going. */
  #behind: DeskTask[] = [];
  #decided = new Set<string>();

  get length(): number {
    return this.#tasks.length;
  }
  get behind(): number {
    return this.#behind.length;
  }
  /** Those to come, then those gone past. */
  all(): readonly DeskTask[] {
    return [...this.#tasks, ...this.#behind];
  }

  /** Whether a task is here already, or was decided. */
  knows({ id, assignment }: DeskTask): boolean {
    return this.#decided.has(assignment.id) || this.all().some((task) => task.id === id);
  }

  /** Adds what is new; tasks already here get their later lease. Returns how many were new. */
  offer(tasks: readonly DeskTask[], open?: string): number {
    let added = 0;
    for (const task of tasks) {
      if (task.id === open || this.#decided.has(task.assignment.id)) continue;
      if (this.#behind.some((other) => other.id === task.id)) continue;
      const at = this.#tasks.findIndex((other) => other.id === task.id);
      if (at >= 0) this.#tasks[at] = task;
      else {
        this.#tasks.push(task);
        added += 1;
      }
    }
    return added;
  }

  /** To be worked on next: taken back, or put aside for one that was. */
  putFirst(task: DeskTask): void {
    this.#decided.delete(task.assignment.id);
    this.#drop((other) => other.id === task.id);
    this.#tasks.unshift(task);
  }

  take(): DeskTask | undefined {
    return this.#tasks.shift();
  }

  putBehind(...tasks: DeskTask[]): void {
    this.#behind.push(...tasks);
  }
  /** The one gone past last. */
  takeBehind(): DeskTask | undefined {
    return this.#behind.pop();
  }
  /** Those gone past come again, in their order. */
  turnBack(): void {
    this.#tasks = [...this.#behind, ...this.#tasks];
    this.#behind = [];
  }

  decided({ id, assignment }: DeskTask): void {
    this.#decided.add(assignment.id);
    this.#drop((other) => other.id === id);
  }

  /** The lease of a task was renewed. */
  renewed(assignment: string, until: number): void {
    const later = (task: DeskTask) =>
      task.assignment.id === assignment ? { ...task, assignment: { id: assignment, until } } : task;
    this.#tasks = this.#tasks.map(later);
    this.#behind = this.#behind.map(later);
  }

  /** A task whose lease has passed on is no longer ours to open. */
  lost(assignment: string): void {
    this.#drop((task) => task.assignment.id === assignment);
  }

  #drop(isIt: (task: DeskTask) => boolean): void {
    this.#tasks = this.#tasks.filter((task) => !isIt(task));
    this.#behind = this.#behind.filter((task) => !isIt(task));
  }
}
