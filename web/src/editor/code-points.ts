// Positions in a text: browsers count UTF-16 units, the wire counts Unicode code points. They differ after
// each character outside the basic plane (most emoji), which takes two units.

export class CodePoints {
  /** Where each character of two units starts, in units. */
  readonly #pairs: number[] = [];

  constructor(text: string) {
    for (let at = 0; at < text.length - 1; at += 1) {
      if (!isHigh(text.charCodeAt(at)) || !isLow(text.charCodeAt(at + 1))) continue;
      this.#pairs.push(at);
      at += 1;
    }
  }

  /** From code points to units. O(log of the pairs). */
  toUnits(points: number): number {
    return points + this.#count((pair, index) => pair - index < points);
  }

  /** From units to code points; inside a pair, where it starts. O(log of the pairs). */
  toPoints(units: number): number {
    return units - this.#count((pair) => pair < units);
  }

  /** How many pairs, from the first on, hold; they hold up to some place, and not from there on. */
  #count(holds: (pair: number, index: number) => boolean): number {
    let low = 0;
    let high = this.#pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#pairs[middle]!, middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000;
