// What a hand did, and how long the Keystroke-Level Model says that takes a practised person.
//
// S. K. Card, T. P. Moran, A. Newell: The keystroke-level model for user performance time with interactive
// systems. Communications of the ACM 23(7), 1980, figure 1. Their pressing of a mouse button is K as well.
// That model counts what hands do, and the decision before it. A draft turns acts into looks, so that looks are
// counted too, in both arms: for each region, and each cell of a grid, one eye movement, one perception and one
// decision of the Model Human Processor, 230 + 100 + 70 ms (Card, Moran, Newell: The Psychology of Human-Computer
// Interaction, 1983). For scale: where people verified boxes instead of drawing them, annotation took
// a sixth to a ninth of the time (D. P. Papadopoulos and others: We don't need no bounding-boxes, CVPR 2016).
// Words are read in both arms, at 238 a minute (M. Brysbaert: How many words do we read per minute? Journal of Memory
// and Language 109, 2019), and recordings are heard once, as long as they are.
export const seconds = {
  keys: 0.2, // K, good typist (90 words a minute: 0.12; 40: 0.28)
  buttons: 0.2, // K, a mouse button pressed or let go
  pointings: 1.1, // P, without the button
  homings: 0.4, // H, the hand from keyboard to mouse or back
  decisions: 1.35, // M
};
export const secondsToLook = 0.4;
export const secondsToRead = 60 / 238;

/** What a hand is at: each count belongs to one of these. */
export const works = ['judge', 'find', 'label', 'place', 'drop', 'draw', 'mark', 'undraft'];

export class Tally {
  keys = 0;
  buttons = 0;
  pointings = 0;
  homings = 0;
  decisions = 0;
  words = 0;
  heard = 0;
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
  /** A recording of so many seconds, once. */
  listen(length) {
    this.heard += length;
  }
  lookAt(regions) {
    this.regions += regions;
  }
  #go(toMouse) {
    if (toMouse !== this.#atMouse) this.#count('homings');
    this.#atMouse = toMouse;
  }

  /** Seconds by the model, without looking and reading. */
  get acting() {
    return sum(this, seconds);
  }
  get looking() {
    return this.regions * secondsToLook;
  }
  /** And listening. */
  get reading() {
    return this.words * secondsToRead + this.heard;
  }
  /** What is compared: acts, and looks at what a draft or the hand put there. */
  get effort() {
    return this.acting + this.looking;
  }
}

function sum(tally, each) {
  return Object.entries(each).reduce((total, [what, time]) => total + tally[what] * time, 0);
}
