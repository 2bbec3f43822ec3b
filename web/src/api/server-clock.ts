// The server's time on a machine whose own clock may be wrong by hours. Every answer carries the server's
// time in whole seconds; the page's steady time says when it was asked and when it came. The two bound how
// far apart the clocks are, and each answer narrows the bound.

export class ServerClock {
  #least = -Infinity;
  #most = Infinity;

  /** `steady` never goes back or jumps; `wall` is this machine's clock, used until the server has answered. */
  constructor(
    private readonly steady: () => number,
    private readonly wall: () => number,
  ) {}

  /** An answer asked for at `asked` and here at `came` (steady) says it was `date` (ms, whole seconds). */
  heard(date: number, asked: number, came: number): void {
    const least = date - came;
    const most = date + 1_000 - asked;
    // What contradicts is news: a machine that slept, a server whose clock was set.
    const fits = least <= this.#most && most >= this.#least;
    this.#least = fits ? Math.max(this.#least, least) : least;
    this.#most = fits ? Math.min(this.#most, most) : most;
  }

  /** Milliseconds since 1970, by the server. */
  now(): number {
    if (this.#least === -Infinity) return this.wall();
    return Math.round(this.steady() + (this.#least + this.#most) / 2);
  }
}
