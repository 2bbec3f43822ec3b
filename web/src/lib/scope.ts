// A scope owns every listener, timer and observer that was started in it, and ends them together, last
// one first. What outlives its screen is a leak, so nothing here is started without a scope.

type Ending = () => void;

export class Scope {
  #endings: Ending[] = [];
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  /** Keeps `ending` until the scope ends; at once when it has ended already. */
  own(ending: Ending): void {
    if (this.#ended) ending();
    else this.#endings.push(ending);
  }

  listen<E extends Event>(
    target: EventTarget,
    type: string,
    listener: (event: E) => void,
    options?: AddEventListenerOptions,
  ): void {
    const typed = listener as EventListener;
    target.addEventListener(type, typed, options);
    this.own(() => target.removeEventListener(type, typed, options));
  }

  /** Calls `work` every `milliseconds`. */
  every(milliseconds: number, work: () => void): void {
    const timer = setInterval(work, milliseconds);
    this.own(() => clearInterval(timer));
  }

  /** Calls `work` once; the returned function calls it off. */
  after(milliseconds: number, work: () => void): Ending {
    const timer = setTimeout(work, milliseconds);
    const stop = () => clearTimeout(timer);
    this.own(stop);
    return stop;
  }

  /** A part that may end sooner, and ends with this one at the latest. */
  child(): Scope {
    const scope = new Scope();
    this.own(() => scope.end());
    return scope;
  }

  end(): void {
    this.#ended = true;
    for (const ending of this.#endings.reverse()) ending();
    this.#endings = [];
  }
}
