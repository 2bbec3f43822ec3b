// How long a project's rest will take, from what was decided while the page was open. Says nothing
// until it has seen a minute of work: before, any number would be a guess.
import { RateMeter } from '../import/rate-meter';

const leastMs = 60_000;

export class PaceOfWork {
  readonly #meter = new RateMeter(10 * 60_000);
  #first: { at: number; done: number } | null = null;
  #last: { at: number; done: number } | null = null;

  add(at: number, done: number): void {
    this.#first ??= { at, done };
    this.#last = { at, done };
    this.#meter.add(at, done);
  }

  secondsLeft(tasks: number): number | null {
    if (!this.#first || !this.#last) return null;
    if (this.#last.at - this.#first.at < leastMs || this.#last.done - this.#first.done < 5)
      return null;
    return this.#meter.rate > 0 ? tasks / this.#meter.rate : null;
  }
}
