// How fast something goes, over the last few seconds, and how long the rest will take.
export class RateMeter {
  #samples: { at: number; done: number }[] = [];
  constructor(private readonly overMs = 5000) {}

  add(at: number, done: number): void {
    this.#samples.push({ at, done });
    while (this.#samples.length > 2 && at - this.#samples[0]!.at > this.overMs)
      this.#samples.shift();
  }

  /** Units a second; 0 while nothing is known. */
  get rate(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at <= first.at) return 0;
    return (1000 * (last.done - first.done)) / (last.at - first.at);
  }

  secondsLeft(total: number): number | null {
    const done = this.#samples.at(-1)?.done ?? 0;
    return this.rate > 0 ? Math.max(0, total - done) / this.rate : null;
  }
}
