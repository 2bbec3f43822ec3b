// How long to wait before trying again: longer each time, never in step with others who wait, and at least
// as long as the server asked for.

const first = 1_000;
const longest = 30_000;

export class Backoff {
  #failures = 0;

  constructor(private readonly random: () => number) {}

  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds; `asked`: the server's Retry-After, in seconds. */
  failed(asked: number | null = null): number {
    const pause = Math.min(first * 2 ** this.#failures, longest);
    this.#failures += 1;
    const spread = this.random();
    if (asked === null) return pause * (0.75 + spread / 2);
    return Math.max(asked * 1_000, pause) + spread * first;
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
