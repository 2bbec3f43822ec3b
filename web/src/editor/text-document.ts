// A text as hands move in it: words and characters as readers see them (Unicode UAX #29, by the browser's
// Intl.Segmenter), in any script. Positions are UTF-16 units; the wire's code points are `points`.
import { CodePoints } from './code-points';

/** Half open, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A character of this many units or fewer is found from any place inside its line. */
const longestCharacter = 64;

export class TextDocument {
  readonly points: CodePoints;
  #words: Range[] | null = null;

  constructor(readonly text: string) {
    this.points = new CodePoints(text);
  }

  slice({ start, end }: Range): string {
    return this.text.slice(start, end);
  }

  /** The word that covers the unit. */
  wordAt(unit: number): Range | null {
    const word = this.words[this.#firstEndingAfter(unit)];
    return word && word.start <= unit ? word : null;
  }
  /** The first word that starts at the unit or later. */
  wordFrom(unit: number): Range | null {
    const at = this.#firstEndingAfter(unit);
    const word = this.words[at];
    return (word && word.start < unit ? this.words[at + 1] : word) ?? null;
  }
  /** The last word that ends at the unit or before. */
  wordUpTo(unit: number): Range | null {
    return this.words[this.#firstEndingAfter(unit) - 1] ?? null;
  }

  /** The character that starts at the unit, and the one that ends there. */
  characterFrom(unit: number): Range | null {
    if (unit >= this.text.length) return null;
    const [first] = characters.segment(this.text.slice(unit, unit + longestCharacter));
    return first ? { start: unit, end: unit + first.segment.length } : null;
  }
  characterUpTo(unit: number): Range | null {
    if (unit <= 0) return null;
    const from = Math.max(0, this.text.lastIndexOf('\n', unit - 2) + 1, unit - longestCharacter);
    const last = [...characters.segment(this.text.slice(from, unit))].at(-1);
    return last ? { start: unit - last.segment.length, end: unit } : null;
  }

  /** Widened to whole words, and without space at its ends; null when nothing else is in it. */
  snapped({ start, end }: Range): Range | null {
    const bare = this.trimmed({ start, end });
    if (!bare) return null;
    const first = this.wordAt(bare.start);
    const last = this.wordAt(bare.end - 1);
    return { start: first?.start ?? bare.start, end: last?.end ?? bare.end };
  }

  trimmed(range: Range): Range | null {
    const text = this.slice(range);
    const start = range.start + (text.length - text.trimStart().length);
    const end = range.start + text.trimEnd().length;
    return start < end ? { start, end } : null;
  }

  /** Other places with the same characters, where no word is cut in two. In order. */
  occurrences(of: Range): Range[] {
    const wanted = this.slice(of);
    const found: Range[] = [];
    if (wanted === '') return found;
    for (let at = this.text.indexOf(wanted); at >= 0; at = this.text.indexOf(wanted, at + 1)) {
      const range = { start: at, end: at + wanted.length };
      if (at !== of.start && !this.#cuts(range.start) && !this.#cuts(range.end)) found.push(range);
    }
    return found;
  }

  #cuts(unit: number): boolean {
    const word = this.wordAt(unit);
    return word !== null && word.start < unit;
  }

  get words(): readonly Range[] {
    this.#words ??= [...segments.segment(this.text)]
      .filter(({ segment, isWordLike }) => isWordLike || pictures.test(segment))
      .map(({ segment, index }) => ({ start: index, end: index + segment.length }));
    return this.#words;
  }

  #firstEndingAfter(unit: number): number {
    let low = 0;
    let high = this.words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.words[middle]!.end <= unit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const segments = new Intl.Segmenter(undefined, { granularity: 'word' });
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const pictures = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
