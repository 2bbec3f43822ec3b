// The cursor of hands without a mouse: it stands on a word, or on a character, and selects from where it
// stood to where it stands.
import type { Range, TextDocument } from './text-document';

export interface Cursor {
  /** What it stood on when the selection began. */
  readonly anchor: Range;
  /** What it stands on. */
  readonly focus: Range;
}

export interface Walk {
  /** Selects as it goes. */
  readonly extend: boolean;
  /** By characters instead of words. */
  readonly fine: boolean;
}

export function on(range: Range): Cursor {
  return { anchor: range, focus: range };
}

export function selectedBy({ anchor, focus }: Cursor): Range {
  return { start: Math.min(anchor.start, focus.start), end: Math.max(anchor.end, focus.end) };
}

/** One word or character further in reading order; the same cursor at the text's ends. */
export function walked(text: TextDocument, from: Cursor, step: 1 | -1, how: Walk): Cursor {
  const next = neighbour(text, from.focus, step, how.fine);
  if (!next) return from;
  return how.extend ? { anchor: from.anchor, focus: next } : on(next);
}

function neighbour(text: TextDocument, of: Range, step: 1 | -1, fine: boolean): Range | null {
  if (fine) return step > 0 ? text.characterFrom(of.end) : text.characterUpTo(of.start);
  return step > 0 ? text.wordFrom(of.end) : text.wordUpTo(of.start);
}

/** The range with one edge a word or a character later or earlier; it never becomes empty. */
export function withEdge(
  text: TextDocument,
  { start, end }: Range,
  edge: 'start' | 'end',
  step: number,
  fine: boolean,
): Range {
  const at = edge === 'start' ? start : end;
  const to = fine ? characterEdge(text, at, step) : wordEdge(text, at, edge, step);
  const moved = edge === 'start' ? { start: to, end } : { start, end: to };
  return moved.start < moved.end ? moved : { start, end };
}

function characterEdge(text: TextDocument, at: number, step: number): number {
  return step > 0 ? (text.characterFrom(at)?.end ?? at) : (text.characterUpTo(at)?.start ?? at);
}

/** Where the next word starts or ends, whichever the edge is. */
function wordEdge(text: TextDocument, at: number, edge: 'start' | 'end', step: number): number {
  if (edge === 'start')
    return step > 0 ? (text.wordFrom(at + 1)?.start ?? at) : (wordBefore(text, at)?.start ?? at);
  if (step > 0) return (text.wordAt(at) ?? text.wordFrom(at))?.end ?? at;
  return text.wordUpTo(at - 1)?.end ?? at;
}

/** The word that starts before the unit, whether or not it ends there. */
function wordBefore(text: TextDocument, unit: number) {
  return text.wordAt(unit - 1) ?? text.wordUpTo(unit);
}
