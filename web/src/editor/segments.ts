// Segments of a recording: made, moved, split and merged, with what is said and asked about them.
// Seconds from its start, kept to the millisecond.
import type { Word } from '../api/types';
import { noChange } from './change';
import type { Editor } from './editor';
import { byHand, labelOf, type Region } from './region';
import { textCut, wordsCut } from './words';

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Seconds; shorter ones are slips of the hand. */
export const shortest = 0.02;

export function stretchOf({ start = 0, end = 0 }: Region): Stretch {
  return { start, end };
}

/** In order and inside the recording; null when it is too short to be meant. */
export function fitting(a: number, b: number, seconds: number): Stretch | null {
  const start = inside(Math.min(a, b), seconds);
  const end = inside(Math.max(a, b), seconds);
  return end - start >= shortest - 1e-9 ? { start, end } : null;
}

/** Null when the schema has no segments, or the stretch is too short. The new one is selected. */
export function createSegment(
  editor: Editor,
  a: number,
  b: number,
  seconds: number,
  label?: string,
): Region | null {
  const control = editor.controlFor('segments');
  const stretch = fitting(a, b, seconds);
  const name = label ?? editor.labelFor(control);
  if (!control || !stretch || !name) return null;
  const region: Region = {
    id: editor.newId(),
    control: control.name,
    kind: 'segments',
    labels: [name],
    ...stretch,
    origin: 'person',
  };
  editor.change({ ...noChange, created: [region] });
  editor.select(region.id);
  return region;
}

/** The stretch moved as a whole, as far as the recording goes. */
export function movedBy({ start, end }: Stretch, by: number, seconds: number): Stretch {
  const shift = Math.min(Math.max(by, -start), Math.max(0, seconds - end));
  return { start: inside(start + shift, seconds), end: inside(end + shift, seconds) };
}

/** One edge set to a time; the other one stays, and they never cross. */
export function withEdgeAt(
  { start, end }: Stretch,
  edge: 'start' | 'end',
  to: number,
  seconds: number,
): Stretch {
  return edge === 'start'
    ? { start: inside(Math.min(to, end - shortest), seconds), end }
    : { start, end: inside(Math.max(to, start + shortest), seconds) };
}

/** Whether there is enough of the segment on both sides of the time. */
export function canSplit(region: Region | undefined, at: number): region is Region {
  if (region?.kind !== 'segments') return false;
  const { start, end } = stretchOf(region);
  return at - start >= shortest && end - at >= shortest;
}

/**
 * Cuts the segment in two, in one step. Its texts are cut with it, other answers about it are given to both
 * halves, relations stay with the first, which stays selected. False where there is nothing to cut.
 */
export function splitSegment(editor: Editor, id: string, time: number): boolean {
  const at = rounded(time);
  if (!canSplit(found(editor, id), at)) return false;
  const region = adopted(editor, id);
  if (!region) return false;
  const whole = stretchOf(region);
  const second: Region = {
    ...byHand(region, { start: at, origin: 'person' }),
    id: editor.newId(),
    origin: 'person',
  };
  const created: Region[] = [second];
  const updated = [{ before: region, after: byHand(region, { end: at }) }];
  const deleted: Region[] = [];
  for (const answer of about(editor, id)) {
    if (answer.kind !== 'text') {
      created.push({ ...answer, id: editor.newId(), parent: second.id });
      continue;
    }
    const { text = '', words = [] } = answer;
    const [early, late] = textCut(text, words, whole, at);
    const [before, after] = wordsCut(words, at);
    if (late)
      created.push({
        ...byHand(answer, written(late, after)),
        id: editor.newId(),
        parent: second.id,
        origin: 'person',
      });
    if (early) updated.push({ before: answer, after: byHand(answer, written(early, before)) });
    else deleted.push(answer);
  }
  editor.change({ ...noChange, created, updated, deleted });
  return true;
}

/** The segment that starts next and has the same label, or undefined. */
export function nextOfSame(editor: Editor, id: string): Region | undefined {
  const region = found(editor, id);
  if (region?.kind !== 'segments') return undefined;
  let next: Region | undefined;
  for (const other of editor.store.all()) {
    const isSame = other.control === region.control && labelOf(other) === labelOf(region);
    if (!isSame || other.id === id || !follows(region, other)) continue;
    if (!next || follows(other, next)) next = other;
  }
  return next;
}

/**
 * One segment of this one and the next of the same label, in one step: texts are joined, what else is said
 * of the second is kept where the first says nothing, relations of the second become the first's. Null
 * where none follows.
 */
export function mergeSegment(editor: Editor, id: string): Region | null {
  const next = nextOfSame(editor, id);
  const region = next && adopted(editor, id);
  if (!region) return null;
  const all = editor.store.all();
  const merged = byHand(region, { end: Math.max(region.end ?? 0, next.end ?? 0) });
  const updated = [{ before: region, after: merged }];
  const deleted: Region[] = [next];
  const own = new Map(about(editor, id).map((answer) => [answer.control, answer]));
  for (const answer of about(editor, next.id)) {
    const mine = own.get(answer.control);
    if (!mine) updated.push({ before: answer, after: byHand(answer, { parent: id }) });
    else deleted.push(answer);
    if (mine?.kind !== 'text') continue;
    const text = [mine.text, answer.text].filter(Boolean).join(' ');
    const words = [...(mine.words ?? []), ...(answer.words ?? [])];
    updated.push({ before: mine, after: byHand(mine, written(text, words)) });
  }
  for (const relation of all.filter(({ kind }) => kind === 'relations')) {
    if (relation.from !== next.id && relation.to !== next.id) continue;
    const from = relation.from === next.id ? id : relation.from;
    const to = relation.to === next.id ? id : relation.to;
    const twin = all.some((r) => r !== relation && r.from === from && r.to === to);
    if (from === to || twin) deleted.push(relation);
    else updated.push({ before: relation, after: byHand(relation, ends(from, to)) });
  }
  editor.change({ ...noChange, updated, deleted });
  editor.select(id);
  return merged;
}

function written(text: string, words: readonly Word[]): Partial<Region> {
  return { text, words: [...words] };
}

const ends = (from = '', to = '') => ({ from, to });

function follows(a: Region, b: Region): boolean {
  const [one, other] = [a.start ?? 0, b.start ?? 0];
  return other > one || (other === one && b.id > a.id);
}

function about(editor: Editor, id: string): Region[] {
  return editor.store.all().filter(({ parent }) => parent === id);
}

function found(editor: Editor, id: string): Region | undefined {
  const maybe = editor.maybesShown ? editor.maybes.find((each) => each.id === id) : undefined;
  return editor.store.get(id) ?? maybe;
}

/** The segment; a maybe becomes part of the answer first, with what is about it. */
function adopted(editor: Editor, id: string): Region | undefined {
  if (!editor.store.get(id)) editor.change({ ...noChange, created: editor.keptFor(id) });
  return editor.store.get(id);
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function inside(time: number, seconds: number): number {
  return Math.min(Math.max(0, rounded(time)), seconds > 0 ? seconds : Infinity);
}
