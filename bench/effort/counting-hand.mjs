// Keys and pointer on the real page, each counted as it is used. What the eyes see is read from the page.
import { Tally } from './klm.mjs';

export class CountingHand {
  tally = new Tally();

  constructor(page, labels) {
    this.page = page;
    this.labels = labels;
  }

  /** One chord; each held key is a key. */
  async press(chord) {
    this.tally.key(chord.split('+').length);
    await this.page.keyboard.press(chord);
  }
  /** The same chord some times over: what is held is pressed once. */
  async repeat(chord, times) {
    const parts = chord.split('+').length;
    this.tally.key(parts - 1 + times);
    for (let i = 0; i < times; i += 1) await this.page.keyboard.press(chord);
  }
  async type(text) {
    this.tally.key(text.length);
    await this.page.keyboard.type(text);
  }
  async drag(from, to) {
    this.tally.point();
    this.tally.button();
    this.tally.point();
    this.tally.button();
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
    await mouse.move(to.x, to.y);
    await this.frame();
    await mouse.up();
    await this.frame();
  }
  frame() {
    return this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done())));
  }

  /** Keys that pick a label: its digit, or the fewest letters that put it first in the list. */
  keysOf(label) {
    const at = this.labels.indexOf(label);
    if (at < 0) throw new Error(`no label is called ${label}`);
    const { letters, downs } = fewestKeys(label, this.labels);
    return at < 10 ? 1 : 2 + letters.length + downs;
  }
  pick(label) {
    return this.tally.at('label', () => this.#pick(label));
  }
  async #pick(label) {
    const at = this.labels.indexOf(label);
    if (at < 10) return this.press(String((at + 1) % 10));
    await this.press('l');
    await this.page.waitForSelector('dialog[open] input');
    const { letters, downs } = fewestKeys(label, this.labels);
    await this.type(letters);
    await this.repeat('ArrowDown', downs);
    await this.press('Enter');
    await this.page.waitForSelector('dialog[open]', { state: 'detached' });
  }

  /** Every row of the region list, also those that are scrolled out of sight; `selected` is the one in focus. */
  async rows() {
    return this.page.evaluate(async () => {
      const seen = new Map();
      const note = () => {
        for (const row of document.querySelectorAll('[data-region]'))
          seen.set(row.dataset.region, {
            id: row.dataset.region,
            label: row.dataset.label,
            box: JSON.parse(row.dataset.box),
            place: row.dataset.place,
            maybe: row.dataset.maybe !== undefined,
            selected: row.getAttribute('aria-current') === 'true',
          });
      };
      note();
      const list = document.querySelector('[data-region]')?.closest('ul');
      if (list && list.scrollHeight > list.clientHeight) {
        const before = list.scrollTop;
        for (let at = 0; at < list.scrollHeight; at += Math.max(40, list.clientHeight / 2)) {
          list.scrollTop = at;
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          note();
        }
        list.scrollTop = before;
      }
      return [...seen.values()];
    });
  }
  async selectedId() {
    return this.page.evaluate(
      () => document.querySelector('[data-region][aria-current="true"]')?.dataset.region ?? null,
    );
  }

  /** Where image pixels are on the screen: `{ scale, at([x, y]) }`. */
  async view() {
    const { left, top, x, y, scale } = await this.page.evaluate(() => {
      const frame = document.querySelector('.stage').getBoundingClientRect();
      const image = document.querySelector('.stage .image');
      const [, tx, ty, s] = /translate\(([-\d.]+)px, ([-\d.]+)px\) scale\(([\d.]+)\)/.exec(
        image.style.transform,
      );
      return { left: frame.left, top: frame.top, x: +tx, y: +ty, scale: +s };
    });
    return {
      scale,
      at: ([ix, iy]) => ({ x: left + x + ix * scale, y: top + y + iy * scale }),
    };
  }
}

const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const known = new Map();

/** The part of the label, and the steps down the list that it leaves, that the finder needs least keys for. */
function fewestKeys(label, labels) {
  const key = `${label}\n${labels.length}`;
  if (!known.has(key)) known.set(key, search(label, labels));
  return known.get(key);
}
function search(label, labels) {
  const folded = fold(label);
  const names = labels.map(fold);
  let best = null;
  for (let length = 1; length <= folded.length; length += 1)
    for (let from = 0; from + length <= folded.length; from += 1) {
      const letters = folded.slice(from, from + length);
      if (/\s/.test(letters)) continue;
      const downs = labels.filter((_, at) => names[at].includes(letters)).indexOf(label);
      if (!best || length + downs < best.letters.length + best.downs) best = { letters, downs };
    }
  return best;
}
