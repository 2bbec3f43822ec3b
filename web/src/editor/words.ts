// Words with their times, and the text that people make of them. Whoever edits the text moves no word that
// they leave alone: the words that stay are a longest common subsequence of before and after.
import type { Word } from '../api/types';
import { diffLists } from '../lib/line-diff';

/** A word of the text as it is written, with the spoken word it is, where that is known. */
export interface Token {
  readonly text: string;
  readonly word?: Word;
}

/** Words as written, each with its time where `words` has one for it. */
export function tokensOf(text: string, words: readonly Word[]): Token[] {
  const parts = partsOf(text);
  if (words.length === 0) return parts.map((text) => ({ text }));
  const isAsHeard =
    words.length === parts.length && words.every(({ text }, at) => text === parts[at]);
  if (isAsHeard) return words.map((word) => ({ text: word.text, word }));
  const tokens: Token[] = [];
  let at = 0;
  for (const { kind } of diffOf(words, parts)) {
    const word = words[at];
    if (kind !== 'added') at += 1;
    if (kind === 'same' && word) tokens.push({ text: parts[tokens.length]!, word });
    else if (kind === 'added') tokens.push({ text: parts[tokens.length]! });
  }
  return tokens;
}

/**
 * The words of `text`: those of `before` that stay keep time and confidence; those written in the place of
 * others share the time of those, by their letters. Words put in between have no time, and are left out.
 */
export function retimed(before: readonly Word[], text: string): Word[] {
  if (before.length === 0) return [];
  const parts = partsOf(text);
  const out: Word[] = [];
  let at = 0;
  let next = 0;
  let gone: Word[] = [];
  let put: string[] = [];
  const settle = () => {
    out.push(...shared(gone, put));
    gone = [];
    put = [];
  };
  for (const { kind } of diffOf(before, parts)) {
    if (kind === 'removed') gone.push(before[at++]!);
    else if (kind === 'added') put.push(parts[next++]!);
    else {
      settle();
      out.push({ ...before[at++]!, text: parts[next++]! });
    }
  }
  settle();
  return out;
}

/** The words heard up to `at`, and those after; a word belongs where its middle is. */
export function wordsCut(words: readonly Word[], at: number): [Word[], Word[]] {
  const early = (word: Word) => (word.start + word.end) / 2 < at;
  return [words.filter(early), words.filter((word) => !early(word))];
}

/**
 * A text cut where its recording from `start` to `end` is cut: between the words with a time on each side,
 * or, where no word has one, after as large a share of the letters as of the time.
 */
export function textCut(
  text: string,
  words: readonly Word[],
  { start, end }: { start: number; end: number },
  at: number,
): [string, string] {
  const tokens = tokensOf(text, words);
  const isLate = ({ word }: Token) => word !== undefined && (word.start + word.end) / 2 >= at;
  let cut = tokens.findIndex(isLate);
  if (cut < 0) cut = tokens.length;
  if (!tokens.some(({ word }) => word)) {
    const letters = tokens.reduce((sum, token) => sum + token.text.length, 0);
    const share = ((at - start) / Math.max(1e-9, end - start)) * letters;
    let before = 0;
    cut = tokens.findIndex(
      (token) => (before += token.text.length) > share + token.text.length / 2,
    );
    if (cut < 0) cut = tokens.length;
  }
  const joined = (part: readonly Token[]) => part.map((token) => token.text).join(' ');
  return [joined(tokens.slice(0, cut)), joined(tokens.slice(cut))];
}

/** The place in `words` of the one heard at `time`, else -1. Words are in order. */
export function wordAt(words: readonly Word[], time: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle]!.start <= time) low = middle + 1;
    else high = middle;
  }
  const word = words[low - 1];
  return word && time < word.end ? low - 1 : -1;
}

const partsOf = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/** Case and punctuation do not make another word. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}\p{M}]/gu, '') || text;
}

function diffOf(words: readonly Word[], parts: readonly string[]) {
  return diffLists(
    words.map(({ text }) => plain(text)),
    parts.map(plain),
  );
}

function shared(gone: readonly Word[], put: readonly string[]): Word[] {
  const [first, last] = [gone[0], gone.at(-1)];
  if (!first || !last) return [];
  if (gone.length === put.length)
    return put.map((text, i) => ({ text, start: gone[i]!.start, end: gone[i]!.end }));
  const letters = put.reduce((sum, text) => sum + text.length, 0);
  const rate = (last.end - first.start) / Math.max(1, letters);
  let before = 0;
  return put.map((text) => {
    const start = first.start + before * rate;
    before += text.length;
    return { text, start: rounded(start), end: rounded(first.start + before * rate) };
  });
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;
