// What a hand did, and how long the Keystroke-Level Model says that takes a practised person.
//
// S. K. Card, T. P. Moran, A. Newell: The keystroke-level model for user performance time with interactive
// systems. Communications of the ACM 23(7), 1980, figure 1. Their pressing of a mouse button is K as well.
// Reading is no part of that model; it is counted, and turned into seconds by two published figures:
// 238 words a minute (M. Brysbaert: How many words do we read per minute? Journal of Memory and Language 109,
// 2019), and for a region looked at, one eye movement, one perception and one decision of the Model Human
// Processor: 230 + 100 + 70 ms (Card, Moran, Newell: The Psychology of Human-Computer Interaction, 1983).
export const seconds = {
  keys: 0.2, // K, good typist (90 words a minute: 0.12; 40: 0.28)
  buttons: 0.2, // K, a mouse button pressed or let go
  pointings: 1.1, // P, without the button
  homings: 0.4, // H, the hand from keyboard to mouse or back
  decisions: 1.35, // M
};
export const secondsToRead = { words: 60 / 238, regions: 0.4 };

/** What a hand is at: each count belongs to one of these. */
export const works = ['judge', 'find', 'label', 'place', 'drop', 'draw', 'mark', 'undraft'];

export class Tally {
  keys = 0;
  buttons = 0;
  pointings = 0;
  homings = 0;
  decisions = 0;
  words = 0;
  regions = 0;
  tasks = 0;
  /** Seconds by the kind of work. */
  spent = Object.fromEntries(works.map((work) => [work, 0]));
  #atMouse = false;
  #work = 'judge';

  /** What is counted inside `step` is work of this kind. */
  async at(work, step) {
    const before = this.#work;
    this.#work = work;
    try {
      return await step();
    } finally {
      this.#work = before;
    }
  }
  #count(what, n = 1) {
    this[what] += n;
    this.spent[this.#work] += n * seconds[what];
  }

  /** `n` keys, held ones too. */
  key(n = 1) {
    this.#go(false);
    this.#count('keys', n);
  }
  /** The pointer goes somewhere. */
  point() {
    this.#go(true);
    this.#count('pointings');
  }
  button() {
    this.#count('buttons');
  }
  decide() {
    this.#count('decisions');
  }
  readWords(text) {
    this.words += text.split(/\s+/).filter(Boolean).length;
  }
  lookAt(regions) {
    this.regions += regions;
  }
  #go(toMouse) {
    if (toMouse !== this.#atMouse) this.#count('homings');
    this.#atMouse = toMouse;
  }

  /** Seconds by the model, without reading. */
  get acting() {
    return sum(this, seconds);
  }
  get reading() {
    return sum(this, secondsToRead);
  }
}

function sum(tally, each) {
  return Object.entries(each).reduce((total, [what, time]) => total + tally[what] * time, 0);
}
