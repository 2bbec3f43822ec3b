// Recordings on a page of drafts: one is heard at a time, by one player for all of them.

/** What a browser's audio element is to the page. */
export interface AudioLike {
  src: string;
  currentTime: number;
  readonly duration: number;
  readonly paused: boolean;
  play(): Promise<void>;
  pause(): void;
}

export interface Heard {
  readonly task: string;
  readonly url: string;
}

export class BatchSound {
  /** The task whose recording was played last; it may be paused. */
  task = $state<string | null>(null);
  playing = $state(false);
  /** Share of it that was played, 0 to 1. */
  share = $state(0);
  /** The recording that could not be played. */
  failed = $state<string | null>(null);
  #audio: AudioLike | null = null;

  use(audio: AudioLike | null): void {
    this.stop();
    this.#audio = audio;
  }

  /** Plays it, from where it was paused; pauses it when it plays. */
  toggle({ task, url }: Heard): void {
    if (this.playing && this.task === task) return this.pause();
    if (this.task !== task) this.#open({ task, url });
    this.#play();
  }

  /** Whoever goes on while one plays hears the next. */
  follow(to: Heard | null): void {
    if (!this.playing || this.task === to?.task) return;
    if (!to) return this.pause();
    this.#open(to);
    this.#play();
  }

  /** To a share of the recording, as by a click on its waveform. */
  seek(to: Heard, share: number, seconds: number): void {
    if (this.task !== to.task) this.#open(to);
    if (this.#audio && seconds > 0) this.#audio.currentTime = share * seconds;
    this.share = share;
    if (!this.playing) this.#play();
  }

  pause(): void {
    this.playing = false;
    this.#audio?.pause();
  }
  stop(): void {
    this.pause();
    this.task = null;
    this.share = 0;
  }

  readonly moved = (): void => {
    const audio = this.#audio;
    if (audio && audio.duration > 0 && Number.isFinite(audio.duration))
      this.share = Math.min(1, audio.currentTime / audio.duration);
  };
  readonly ended = (): void => {
    this.playing = false;
    this.share = 0;
    if (this.#audio) this.#audio.currentTime = 0;
  };
  readonly broke = (): void => {
    this.failed = this.task;
    this.stop();
  };

  #open({ task, url }: Heard): void {
    this.pause();
    this.task = task;
    this.share = 0;
    this.failed = null;
    if (this.#audio) this.#audio.src = url;
  }

  #play(): void {
    const { task } = this;
    if (!this.#audio) return;
    this.playing = true;
    this.#audio.play().catch((thrown: unknown) => {
      // A pause, or another recording, that comes before it has begun is no failure.
      if (thrown instanceof DOMException && thrown.name === 'AbortError') return;
      if (this.task === task) this.broke();
    });
  }
}
