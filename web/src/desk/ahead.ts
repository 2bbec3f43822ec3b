// How many tasks to keep ready. Three are enough where the server answers faster than a person decides; on a
// slow network more are asked for, so that the desk does not run dry while an answer is on its way.

const least = 3;
const most = 10;
/** Weight of the latest against what was before. */
const share = 0.3;

export class Ahead {
  #answer = 0;
  #pace = 0;
  #decidedAt: number | null = null;

  /** An answer with tasks took this long (ms). */
  answered(took: number): void {
    this.#answer = this.#answer === 0 ? took : blend(this.#answer, took);
  }

  /** A task was decided now (ms, steady). */
  decided(now: number): void {
    const took = this.#decidedAt === null ? 0 : now - this.#decidedAt;
    this.#decidedAt = now;
    if (took > 0) this.#pace = this.#pace === 0 ? took : blend(this.#pace, took);
  }

  get count(): number {
    if (this.#answer === 0 || this.#pace === 0) return least;
    const meanwhile = Math.ceil((2 * this.#answer) / this.#pace);
    return Math.min(most, Math.max(least, 1 + meanwhile));
  }
}

const blend = (before: number, latest: number): number => before * (1 - share) + latest * share;
