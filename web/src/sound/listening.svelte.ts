// What the server hears in the recording for whoever asks: names by voices, times of words. One question at a
// time; Escape gives it up, and the desk is as it was.
import { asProblem } from '../api/problem';
import type {
  LeftAlone,
  TextToTime,
  TimedText,
  TimesReply,
  VoicesAsk,
  VoicesReply,
} from '../api/types';
import { say, type DeskKey } from '../desk/messages';
import type { Editor } from '../editor/editor';
import type { Region } from '../editor/region';
import { nameVoices, voicesAsk } from '../editor/voices';
import { textsToTime, timeTexts } from '../editor/word-times';

interface Asking {
  signal?: AbortSignal;
}
export interface SoundServer {
  nameVoices(task: string, ask: VoicesAsk, asking?: Asking): Promise<VoicesReply>;
  timeWords(task: string, texts: readonly TextToTime[], asking?: Asking): Promise<TimesReply>;
}

/** The desk, as far as questions about its recording need it. */
export interface ListeningDesk {
  readonly editor: Editor | null;
  readonly taskId: string | null;
  tell(key: DeskKey, values?: Record<string, string | number>, kind?: 'done' | 'hint'): void;
}

/** Of one request, so that there is news of a long question: seconds of recording, and texts. */
const mostSeconds = 120;
const mostTexts = 40;

export class Listening {
  /** What is asked now. */
  asks = $state<'voices' | 'times' | null>(null);
  /** Segments that kept their label when voices were last named, as they were then, and why. */
  #left = $state.raw<ReadonlyMap<Region, LeftAlone>>(new Map());
  #stop: AbortController | null = null;

  constructor(
    private readonly server: SoundServer,
    private readonly desk: ListeningDesk,
  ) {}

  /** The other segments of the voices that the person has named take their names. */
  async voices(): Promise<void> {
    const { editor, taskId } = this.desk;
    const asked = editor && voicesAsk(editor);
    if (!editor || !asked || !taskId || this.asks) return;
    if (asked.open.length === 0) return this.desk.tell('said.voices_nothing', {}, 'hint');
    this.desk.tell('said.voices_busy', { n: asked.open.length });
    await this.#ask('voices', 'said.voices_failed', async (signal) => {
      const reply = await this.server.nameVoices(taskId, asked.ask, { signal });
      if (signal.aborted || this.desk.editor !== editor) return;
      const { changed, same } = nameVoices(editor, asked.open, reply);
      const why = new Map(reply.left.map(({ id, why }) => [id, why]));
      this.#left = new Map(asked.open.flatMap((one) => pair(one, why.get(one.id))));
      const but = lackingOf(reply) + alikeOf(reply);
      const rest = asked.open.length - changed - same;
      const values = { changed, same, rest, why: reasonsOf(reply), but };
      if (changed + same === 0) this.desk.tell('said.voices_none', values, 'hint');
      else this.desk.tell('said.voices', values, but === '' ? 'done' : 'hint');
    });
  }

  /** Why the segment was left alone when voices were last named; nothing once it has changed. */
  leftAlone(region: Region): LeftAlone | undefined {
    return this.#left.get(region);
  }

  /** The words of the text about this segment ('': of the recording's; null: of all) get their times. */
  async times(seconds: number, about: string | null): Promise<void> {
    const { editor, taskId } = this.desk;
    if (!editor || !taskId || this.asks) return;
    const asked = textsToTime(editor, seconds, about);
    if (asked.length === 0) return this.desk.tell('said.times_nothing', {}, 'hint');
    const found = new Map<string, TimedText>();
    const pieces = asked.flatMap(({ pieces }) => pieces);
    let problem = '';
    await this.#ask('times', 'said.times_failed', async (signal) => {
      for (const part of inParts(pieces)) {
        this.desk.tell('said.times_busy', { done: found.size, of: pieces.length });
        const { texts } = await this.server.timeWords(taskId, part, { signal });
        if (signal.aborted || this.desk.editor !== editor) return;
        for (const text of texts) {
          found.set(text.id, text);
          problem ||= text.problem;
        }
      }
      const n = timeTexts(editor, asked, found);
      if (problem === '') this.desk.tell('said.times', { n });
      else this.desk.tell('said.times_some', { n, of: asked.length, detail: problem }, 'hint');
    });
  }

  /** False when nothing was asked. */
  stop(): boolean {
    const had = this.#stop !== null;
    this.#stop?.abort();
    this.#stop = this.asks = null;
    return had;
  }

  async #ask(
    what: 'voices' | 'times',
    failed: DeskKey,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    this.asks = what;
    try {
      await work(stop.signal);
    } catch (thrown) {
      if (!stop.signal.aborted)
        this.desk.tell(failed, { detail: asProblem(thrown).detail }, 'hint');
    }
    if (this.#stop === stop) this.#stop = this.asks = null;
  }
}

const pair = (region: Region, why?: LeftAlone): [Region, LeftAlone][] =>
  why ? [[region, why]] : [];

/** " (2 too short, 1 not sure)", or nothing. */
function reasonsOf({ left }: VoicesReply): string {
  const counts = new Map<LeftAlone, number>();
  for (const { why } of left) counts.set(why, (counts.get(why) ?? 0) + 1);
  const parts = [...counts].map(([why, n]) => say(`sound.left_${why}`, { n }));
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

/** Seconds from which on a voice is known; the server's. */
const leastSeconds = 5;

function lackingOf({ voices }: VoicesReply): string {
  const lacking = voices.filter(({ seconds }) => seconds < leastSeconds);
  const said = lacking.map(({ label, seconds }) => `${label} ${seconds.toFixed(1)} s`).join(', ');
  return said && say('said.voices_lacking', { voices: said });
}

function alikeOf({ voices }: VoicesReply): string {
  const alike = voices.filter(({ seconds, names }) => seconds >= leastSeconds && !names);
  const said = alike.map(({ label }) => label).join(', ');
  return said && say('said.voices_alike', { voices: said });
}

function inParts(pieces: readonly TextToTime[]): TextToTime[][] {
  const parts: TextToTime[][] = [];
  let seconds = Infinity;
  for (const piece of pieces) {
    const own = piece.end - piece.start;
    const last = parts.at(-1);
    if (!last || last.length >= mostTexts || seconds + own > mostSeconds) {
      parts.push([piece]);
      seconds = own;
    } else {
      last.push(piece);
      seconds += own;
    }
  }
  return parts;
}
