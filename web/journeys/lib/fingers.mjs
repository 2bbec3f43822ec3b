// Fingers on a screen, as the browser's debugger makes them.

const steps = 8;
const between = (from, to, share) => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
});

export class Fingers {
  static async on(page) {
    const debug = await page.context().newCDPSession(page);
    return new Fingers(page, debug);
  }

  constructor(page, debug) {
    this.page = page;
    this.debug = debug;
  }

  async #say(type, points) {
    const touchPoints = points.map(({ x, y }, id) => ({ x, y, id }));
    await this.debug.send('Input.dispatchTouchEvent', { type, touchPoints });
  }

  async tap(at) {
    await this.#say('touchStart', [at]);
    await this.#say('touchEnd', []);
    await this.#frame();
  }

  drag(from, to) {
    return this.pinch([from], [to]);
  }

  /** Every finger from its first place to its last, together. */
  async pinch(from, to) {
    await this.#say('touchStart', from.slice(0, 1));
    if (from.length > 1) await this.#say('touchStart', from);
    for (let i = 1; i <= steps; i += 1)
      await this.#say(
        'touchMove',
        from.map((at, finger) => between(at, to[finger], i / steps)),
      );
    // At rest before they leave: a browser takes the tap after a fling for its end.
    for (let i = 0; i < steps; i += 1) {
      await this.#frame();
      await this.#say('touchMove', to);
    }
    await this.#say('touchEnd', []);
    await this.#frame();
  }

  /** Down until what a rest asks for is there. */
  async rest(at) {
    await this.#say('touchStart', [at]);
    await this.page.waitForSelector('dialog[open]');
    await this.#say('touchEnd', []);
  }

  /** What moved is painted a frame later. */
  #frame() {
    return this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
    );
  }
}
