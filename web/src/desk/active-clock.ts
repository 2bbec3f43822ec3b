// How long a person worked on a task: only while the page is visible and hands or eyes move. A pause
// longer than thirty seconds counts as thirty: the rest of it was not work on the task.

export const longestPause = 30_000;

export class ActiveClock {
  #spent: number;
  #last: number;
  #visible: boolean;

  /** Milliseconds; `spent` goes on where saved work left off. */
  constructor(
    private readonly now: () => number,
    visible: boolean,
    spent = 0,
  ) {
    this.#spent = spent;
    this.#last = now();
    this.#visible = visible;
  }

  /** A key, the pointer, the wheel. */
  touch(): void {
    this.#count();
  }

  setVisible(visible: boolean): void {
    this.#count();
    this.#visible = visible;
  }

  /** Milliseconds until now. */
  get spent(): number {
    return Math.round(this.#spent + this.#pause());
  }

  /** Milliseconds since the last sign of life. */
  get idle(): number {
    return this.now() - this.#last;
  }

  #pause(): number {
    return this.#visible ? Math.min(this.now() - this.#last, longestPause) : 0;
  }

  #count(): void {
    this.#spent += this.#pause();
    this.#last = this.now();
  }
}
