// Fingers on the image. One is a pointer like another, but only once it is known to be alone: until it moves
// or leaves, nothing has begun, so two fingers can zoom and move the view with any tool in hand, and a finger
// that rests means something else than one that taps.
import type { Point } from '../editor/box';

export interface Finger {
  readonly pointerId: number;
  readonly clientX: number;
  readonly clientY: number;
}

export interface TouchHands<F extends Finger> {
  /** One finger, as a pointer. */
  down(at: F): void;
  move(at: F): void;
  up(at: F): void;
  /** What one finger had begun is given up. */
  cancel(): void;
  /** Two fingers: `at` is between them (client pixels), further apart by `factor`, moved by `by`. */
  pinch(at: Point, factor: number, by: Point): void;
  /** One finger rested. */
  hold(at: F): void;
}

/** CSS pixels: a finger that rests moves less. */
const slop = 8;
const holdAfter = 500;

type State = 'idle' | 'waiting' | 'one' | 'two' | 'spent';

export class Touch<F extends Finger> {
  #fingers = new Map<number, F>();
  #state: State = 'idle';
  #first: F | null = null;
  #callOff = () => {};
  #last = { at: { x: 0, y: 0 }, apart: 1 };

  constructor(
    private readonly hands: TouchHands<F>,
    private readonly after: (ms: number, work: () => void) => () => void,
  ) {}

  down(finger: F): void {
    this.#fingers.set(finger.pointerId, finger);
    if (this.#fingers.size === 1) {
      this.#state = 'waiting';
      this.#first = finger;
      this.#callOff = this.after(holdAfter, () => this.#hold());
    } else if (this.#fingers.size === 2 && this.#state !== 'spent') {
      this.#callOff();
      if (this.#state === 'one') this.hands.cancel();
      this.#state = 'two';
      this.#last = this.#between();
    }
  }

  move(finger: F): void {
    if (!this.#fingers.has(finger.pointerId)) return;
    this.#fingers.set(finger.pointerId, finger);
    if (this.#state === 'waiting') this.#begin(finger);
    else if (this.#state === 'one') this.hands.move(finger);
    else if (this.#state === 'two') this.#pinch();
  }

  up(finger: F): void {
    if (!this.#fingers.delete(finger.pointerId)) return;
    this.#callOff();
    if (this.#state === 'waiting' && this.#first) {
      this.hands.down(this.#first);
      this.hands.up(finger);
    } else if (this.#state === 'one') {
      this.hands.up(finger);
    }
    this.#rest();
  }

  /** The browser took the finger. */
  cancel(finger: F): void {
    if (!this.#fingers.delete(finger.pointerId)) return;
    this.#callOff();
    if (this.#state === 'one') this.hands.cancel();
    this.#rest();
  }

  /** Fingers that are left over mean nothing until all are gone. */
  #rest(): void {
    this.#state = this.#fingers.size === 0 ? 'idle' : 'spent';
  }

  #begin(finger: F): void {
    const first = this.#first;
    if (!first) return;
    const moved = Math.hypot(finger.clientX - first.clientX, finger.clientY - first.clientY);
    if (moved < slop) return;
    this.#callOff();
    this.#state = 'one';
    this.hands.down(first);
    this.hands.move(finger);
  }

  #hold(): void {
    if (this.#state !== 'waiting' || !this.#first) return;
    this.#state = 'spent';
    this.hands.hold(this.#first);
  }

  #pinch(): void {
    const { at, apart } = this.#between();
    const by = { x: at.x - this.#last.at.x, y: at.y - this.#last.at.y };
    this.hands.pinch(at, apart / this.#last.apart, by);
    this.#last = { at, apart };
  }

  #between(): { at: Point; apart: number } {
    const [a, b] = [...this.#fingers.values()];
    if (!a || !b) return this.#last;
    const at = { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 };
    return { at, apart: Math.max(1, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)) };
  }
}
