// A recording as it plays: the browser streams it, nothing here decodes it. Seconds from its start.
import type { Stretch } from '../editor/segments';

const slowest = 0.5;
const fastest = 2;
const speedStep = 0.25;

export class Player {
  /** Where the playhead is. */
  time = $state(0);
  playing = $state(false);
  speed = $state(1);
  loops = $state(false);
  failed = $state(false);
  /** What is played, and again and again while `loops`; null: all of it. */
  stretch = $state.raw<Stretch | null>(null);
  #audio: HTMLAudioElement | null = null;
  #seconds = 0;
  #frame = 0;

  /** Another recording, or none; the speed stays. */
  use(audio: HTMLAudioElement | null, seconds: number): void {
    this.pause();
    this.#audio = audio;
    this.#seconds = seconds;
    this.time = 0;
    this.stretch = null;
    this.loops = false;
    this.failed = false;
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    const audio = this.#audio;
    if (!audio) return;
    const { stretch } = this;
    const isOut = stretch && (this.time < stretch.start || this.time >= stretch.end - 0.01);
    if (isOut && this.loops) this.#goTo(stretch.start);
    else if (isOut) this.stretch = null;
    else if (this.time >= this.#seconds - 0.01) this.#goTo(0);
    audio.playbackRate = this.speed;
    this.playing = true;
    audio.play().catch((thrown: unknown) => {
      // A pause that comes before it has begun is no failure.
      if (thrown instanceof DOMException && thrown.name === 'AbortError') return;
      this.playing = false;
      this.failed = true;
    });
    this.#follow();
  }

  pause(): void {
    this.playing = false;
    cancelAnimationFrame(this.#frame);
    this.#audio?.pause();
  }

  playStretch(stretch: Stretch): void {
    this.stretch = stretch;
    this.#goTo(stretch.start);
    this.play();
  }

  /** Plays this again and again; null: no longer. */
  loop(stretch: Stretch | null): void {
    this.stretch = stretch;
    this.loops = stretch !== null;
    if (stretch && (this.time < stretch.start || this.time >= stretch.end))
      this.#goTo(stretch.start);
  }

  seek(time: number): void {
    this.#goTo(time);
    const { stretch } = this;
    if (stretch && !this.loops && (time < stretch.start || time > stretch.end)) this.stretch = null;
  }

  faster(step: 1 | -1): void {
    this.speed = Math.min(fastest, Math.max(slowest, this.speed + step * speedStep));
    if (this.#audio) this.#audio.playbackRate = this.speed;
  }

  /** The audio element has moved on, or ended. */
  readonly moved = (): void => {
    const audio = this.#audio;
    if (!audio) return;
    this.time = audio.currentTime;
    const { stretch } = this;
    if (!this.playing) return;
    if (stretch && this.time >= stretch.end) {
      if (this.loops) return this.#goTo(stretch.start);
      this.pause();
      this.#goTo(stretch.end);
    } else if (audio.ended) this.pause();
  };

  readonly broke = (): void => {
    if (!this.#audio?.error) return;
    this.pause();
    this.failed = true;
  };

  #goTo(time: number): void {
    this.time = Math.min(Math.max(0, time), this.#seconds);
    if (this.#audio) this.#audio.currentTime = this.time;
  }

  #follow(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.moved();
      if (this.playing) this.#follow();
    });
  }
}
