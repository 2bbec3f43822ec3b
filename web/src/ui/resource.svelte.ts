// Something a screen asks the server for: what is known, whether it is being asked, what went wrong.
// Asking again keeps the old value on the page until the new one is there; the last ask wins.
import { asProblem, type Problem } from '../api';

export class Resource<T> {
  value = $state.raw<T | undefined>(undefined);
  problem = $state.raw<Problem | null>(null);
  loading = $state(true);
  #asking: AbortController | null = null;

  constructor(private readonly ask: (signal: AbortSignal) => Promise<T>) {}

  async load(): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.loading = true;
    try {
      const value = await this.ask(asking.signal);
      if (asking.signal.aborted) return;
      this.value = value;
      this.problem = null;
    } catch (thrown) {
      if (asking.signal.aborted) return;
      this.problem = asProblem(thrown);
    }
    this.loading = false;
  }

  end(): void {
    this.#asking?.abort();
    this.#asking = null;
  }
}

/** Within a component: asks at once, again when what `ask` reads at once changes, and ends with it. */
export function resource<T>(ask: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const found = new Resource(ask);
  $effect(() => {
    void found.load();
    return () => found.end();
  });
  return found;
}
