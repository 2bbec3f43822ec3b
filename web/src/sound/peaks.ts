// The loudness of a recording over time, as the server computed it once: pairs (least, greatest) of the
// mono mix, 100 / 2^level a second. Only the level that the view needs is asked for; until it is here, the
// nearest one that is stands in.
import { Observers } from '../lib/observers';

export interface Level {
  /** Pairs of -128..127, one after the other. */
  readonly pairs: Int8Array;
  /** Pairs a second. */
  readonly rate: number;
}

export type LoadPeaks = (url: string) => Promise<Int8Array>;

const finestRate = 100;
const coarsest = 15;
/** Quieter recordings are not blown up further: what is left then is noise. */
const quietest = 12;

/** The coarsest level with a pair for each pixel. */
export function levelFor(pixelsPerSecond: number): number {
  const level = Math.floor(Math.log2(finestRate / Math.max(pixelsPerSecond, 1e-9)));
  return Math.min(coarsest, Math.max(0, level));
}

export class Peaks {
  /** A level has arrived, or cannot be had. */
  readonly changed = new Observers<void>();
  failed = false;
  #levels = new Map<number, Level>();
  #loudest = quietest;
  #asked = new Set<number>();

  constructor(
    private readonly url: string,
    private readonly load: LoadPeaks = loadPeaks,
  ) {}

  /** The best there is for this scale now; the one it should be is asked for. */
  at(pixelsPerSecond: number): Level | null {
    const wanted = levelFor(pixelsPerSecond);
    void this.#get(wanted);
    for (let far = 0; far <= coarsest; far += 1) {
      const near = this.#levels.get(wanted - far) ?? this.#levels.get(wanted + far);
      if (near) return near;
    }
    return null;
  }

  /** What full height is: the loudest there is, of what is here. */
  get loudest(): number {
    return this.#loudest;
  }

  /** Asks again for what could not be had. */
  again(): void {
    this.failed = false;
    this.#asked = new Set(this.#levels.keys());
    this.changed.tell();
  }

  async #get(level: number): Promise<void> {
    if (this.#asked.has(level)) return;
    this.#asked.add(level);
    try {
      const pairs = await this.load(`${this.url}/peaks?level=${level}`);
      this.#levels.set(level, { pairs, rate: finestRate / 2 ** level });
      if (this.#levels.size === 1)
        for (const value of pairs) this.#loudest = Math.max(this.#loudest, Math.abs(value));
      this.failed = false;
    } catch {
      this.failed = this.#levels.size === 0;
    }
    this.changed.tell();
  }
}

async function loadPeaks(url: string): Promise<Int8Array> {
  const answer = await fetch(url, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return new Int8Array(await answer.arrayBuffer());
}

/** A page of recordings in batch review shows 48 at once. */
const kept = 64;
const shelf = new Map<string, Peaks>();

/** The peaks of a recording; those of the last few are kept. */
export function peaksOf(url: string): Peaks {
  const known = shelf.get(url) ?? new Peaks(url);
  shelf.delete(url);
  shelf.set(url, known);
  for (const old of [...shelf.keys()].slice(0, -kept)) shelf.delete(old);
  return known;
}
