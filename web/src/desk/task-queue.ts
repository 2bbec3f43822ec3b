// Tasks this person holds and has not opened yet, in the order to work on them. Replies may come late
// and may name tasks that were decided in the meantime: those are left out. What tells is the assignment:
// a task that was skipped comes back under a new one when nothing else waits.
import type { DeskTask } from '../api/types';

export class TaskQueue {
  #tasks: DeskTask[] = [];
  #decided = new Set<string>();

  get length(): number {
    return this.#tasks.length;
  }
  all(): readonly DeskTask[] {
    return this.#tasks;
  }

  /** Whether a task is here already, or was decided. */
  knows({ id, assignment }: DeskTask): boolean {
    return this.#decided.has(assignment.id) || this.#tasks.some((task) => task.id === id);
  }

  /** Adds what is new; tasks already here get their later lease. Returns how many were new. */
  offer(tasks: readonly DeskTask[], open?: string): number {
    let added = 0;
    for (const task of tasks) {
      if (task.id === open || this.#decided.has(task.assignment.id)) continue;
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
    this.#tasks = [task, ...this.#tasks.filter((other) => other.id !== task.id)];
  }

  take(): DeskTask | undefined {
    return this.#tasks.shift();
  }

  decided({ id, assignment }: DeskTask): void {
    this.#decided.add(assignment.id);
    this.#tasks = this.#tasks.filter((other) => other.id !== id);
  }

  /** The lease of a task was renewed. */
  renewed(assignment: string, until: number): void {
    this.#tasks = this.#tasks.map((task) =>
      task.assignment.id === assignment ? { ...task, assignment: { id: assignment, until } } : task,
    );
  }

  /** A task whose lease has passed on is no longer ours to open. */
  lost(assignment: string): void {
    this.#tasks = this.#tasks.filter((task) => task.assignment.id !== assignment);
  }
}
