// The browser's locks among tabs, and the channel between them, in memory.
import { sharedClaims, type Channel, type Claims, type Locks } from '../../src/lib/claims';

interface Waiting {
  tab: string;
  grant: () => void;
}

export class FakeLocks {
  #held = new Map<string, string>();
  #waiting = new Map<string, Waiting[]>();
  #channels = new Map<string, Channel>();

  tab(name: string): { claims: Claims; close: () => void } {
    const channel: Channel = {
      onmessage: null,
      postMessage: (data) => {
        for (const [other, { onmessage }] of this.#channels)
          if (other !== name) queueMicrotask(() => onmessage?.({ data } as MessageEvent));
      },
    };
    this.#channels.set(name, channel);
    const claims = sharedClaims(this.#locksOf(name), channel, name);
    return { claims, close: () => this.#close(name) };
  }

  #locksOf(tab: string): Locks {
    return {
      request: async (name, { ifAvailable }, work) => {
        await Promise.resolve();
        if (ifAvailable && this.#held.has(name)) return void (await work(null));
        if (this.#held.has(name))
          await new Promise<void>((grant) => {
            const others = this.#waiting.get(name) ?? [];
            this.#waiting.set(name, [...others, { tab, grant }]);
          });
        this.#held.set(name, tab);
        await work({ name });
        if (this.#held.get(name) === tab) this.#free(name);
      },
      query: async () => ({ held: [...this.#held.keys()].map((name) => ({ name })) }),
    };
  }

  #free(name: string): void {
    this.#held.delete(name);
    const [next, ...rest] = this.#waiting.get(name) ?? [];
    this.#waiting.set(name, rest);
    next?.grant();
  }

  #close(tab: string): void {
    this.#channels.delete(tab);
    for (const [name, waiting] of this.#waiting)
      this.#waiting.set(
        name,
        waiting.filter((one) => one.tab !== tab),
      );
    for (const [name, holder] of [...this.#held]) if (holder === tab) this.#free(name);
  }
}
