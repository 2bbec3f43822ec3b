// Undo as an observer of the store: nobody has to remember to record anything.
//
// A gesture (pointer-down to pointer-up) sets a mark; what happens until it is settled is one step, and
// `abandon` returns to the mark as if nothing had happened. Steps with the same merge key less than a
// second apart are one step. Remote changes empty the history: what they were undone onto is gone.
import { Observers } from '../lib/observers';
import { both, inverse, isEmpty, noChange, type ChangeSet } from './change';
import type { Applied, RegionStore } from './region-store';

const mergeWithin = 1000;
const deepest = 500;

interface Step {
  change: ChangeSet;
  merge?: string | undefined;
  at: number;
}

export class History {
  readonly changed = new Observers<void>();
  #done: Step[] = [];
  #undone: Step[] = [];
  #gesture: ChangeSet | null = null;

  /** `now` in milliseconds. */
  constructor(
    private readonly store: RegionStore,
    private readonly now: () => number = () => Date.now(),
  ) {
    store.applied.add((applied) => this.#record(applied));
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }
  get canRedo(): boolean {
    return this.#undone.length > 0;
  }
  get inGesture(): boolean {
    return this.#gesture !== null;
  }

  undo(): boolean {
    this.settle();
    const step = this.#done.pop();
    if (!step) return false;
    this.#undone.push(step);
    this.store.apply(inverse(step.change), 'undo');
    this.changed.tell();
    return true;
  }

  redo(): boolean {
    const step = this.#undone.pop();
    if (!step) return false;
    this.#done.push(step);
    this.store.apply(step.change, 'undo');
    this.changed.tell();
    return true;
  }

  /** Pointer-down. */
  mark(): void {
    this.settle();
    this.#gesture = noChange;
  }

  /** Pointer-up: all since the mark is one step. */
  settle(): void {
    const change = this.#gesture;
    this.#gesture = null;
    if (change) this.#push({ change, at: this.now() });
  }

  /** Escape: back to the mark; undo and redo are as they were. */
  abandon(): void {
    const change = this.#gesture;
    this.#gesture = null;
    if (change) this.store.apply(inverse(change), 'undo');
  }

  #record({ change, origin, merge }: Applied): void {
    if (origin === 'undo') return;
    if (origin === 'remote') {
      this.#done = [];
      this.#undone = [];
      this.#gesture = null;
      this.changed.tell();
    } else if (this.#gesture) {
      this.#gesture = both(this.#gesture, change);
    } else {
      this.#push({ change, merge, at: this.now() });
    }
  }

  #push(step: Step): void {
    if (isEmpty(step.change)) return;
    const last = this.#done.at(-1);
    const joins =
      last &&
      step.merge !== undefined &&
      last.merge === step.merge &&
      step.at - last.at < mergeWithin;
    if (joins) {
      last.change = both(last.change, step.change);
      last.at = step.at;
      if (isEmpty(last.change)) this.#done.pop();
    } else {
      this.#done.push(step);
      if (this.#done.length > deepest) this.#done.shift();
    }
    this.#undone = [];
    this.changed.tell();
  }
}
