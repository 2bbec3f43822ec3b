// Texts whose words get their times from the recording: what is asked, piece by piece, and what the answer
// does to the texts.
import type { TextToTime, TimedText, Word } from '../api/types';
import { noChange } from './change';
import type { Editor } from './editor';
import type { Region } from './region';
import { stretchOf, type Stretch } from './segments';
import { tokensOf, type Token } from './words';

/** Seconds: a longer text is cut between words whose times are known, into pieces of about `piece`. */
const longest = 60;
const piece = 20;
/** Seconds between two words that are enough to cut there; past twice `piece` any place will do. */
const pause = 0.15;

/** A text of the desk as it was when it was asked about, in pieces. */
export interface TextAsked {
  readonly region: Region;
  readonly tokens: readonly Token[];
  readonly pieces: readonly TextToTime[];
}

/** The text about the segment or, with '', about the recording; null: every text there is. */
export function textsToTime(editor: Editor, seconds: number, about: string | null): TextAsked[] {
  const asked: TextAsked[] = [];
  for (const region of editor.store.all()) {
    const { kind, text = '', words = [], parent = '' } = region;
    if (kind !== 'text' || text.trim() === '' || (about !== null && parent !== about)) continue;
    const segment = parent === '' ? undefined : editor.store.get(parent);
    if (parent !== '' && segment?.kind !== 'segments') continue;
    const tokens = tokensOf(text, words);
    const whole = segment ? stretchOf(segment) : { start: 0, end: seconds };
    asked.push({ region, tokens, pieces: piecesOf(region.id, tokens, whole) });
  }
  return asked;
}

function piecesOf(id: string, tokens: readonly Token[], { start, end }: Stretch): TextToTime[] {
  const pieces: TextToTime[] = [];
  let from = start;
  let first = 0;
  const put = (until: number, next: number) => {
    const words = tokens.slice(first, next).map(({ text }) => text);
    pieces.push({ id: `${id} ${pieces.length}`, start: from, end: until, words });
    [from, first] = [until, next];
  };
  for (let next = 1; end - start > longest && next < tokens.length; next += 1) {
    const [before, after] = [tokens[next - 1]?.word, tokens[next]?.word];
    if (!before || !after) continue;
    const middle = (before.end + after.start) / 2;
    const isQuiet = after.start - before.end >= pause;
    if (middle - from >= (isQuiet ? piece : 2 * piece) && middle < end) put(middle, next);
  }
  put(end, tokens.length);
  return pieces;
}

/**
 * Puts the times that were found into the texts, in one step. A piece without an answer keeps what was known of
 * it, a text that was written on since keeps all. How many texts have new times.
 */
export function timeTexts(
  editor: Editor,
  asked: readonly TextAsked[],
  found: ReadonlyMap<string, TimedText>,
): number {
  const updated: { before: Region; after: Region }[] = [];
  for (const { region, tokens, pieces } of asked) {
    const now = editor.store.get(region.id);
    if (!now || now.text !== region.text) continue;
    const words: Word[] = [];
    let first = 0;
    let isNew = false;
    for (const { id, words: written } of pieces) {
      const own = tokens.slice(first, first + written.length);
      const answer = found.get(id);
      first += written.length;
      if (answer && answer.words.length > 0) {
        words.push(...surely(own, answer.words));
        isNew = true;
      } else words.push(...own.flatMap(({ word }) => (word ? [word] : [])));
    }
    if (isNew) updated.push({ before: now, after: { ...now, words } });
  }
  if (updated.length > 0) editor.change({ ...noChange, updated });
  return updated.length;
}

/** The timed words, with how sure the model was of those that are its own. */
function surely(tokens: readonly Token[], timed: readonly Word[]): Word[] {
  let at = 0;
  return timed.map((word) => {
    while (at < tokens.length - 1 && tokens[at]!.text !== word.text) at += 1;
    const confidence = tokens[at]?.word?.confidence;
    at += 1;
    return confidence === undefined ? word : { ...word, confidence };
  });
}
