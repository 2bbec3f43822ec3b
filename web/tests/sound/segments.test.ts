import { expect, test } from 'vitest';
import type { Schema } from '../../src/api/types';
import type { Region } from '../../src/editor/region';
import {
  createSegment,
  fitting,
  mergeSegment,
  movedBy,
  nextOfSame,
  splitSegment,
  withEdgeAt,
} from '../../src/editor/segments';
import { editorOf, labels } from '../editor/scene';

const schema: Schema = {
  modality: 'audio',
  source: 'audio',
  controls: [
    {
      name: 'speakers',
      kind: 'segments',
      title: '',
      multiple: false,
      required: false,
      labels: labels('A', 'B'),
    },
    {
      name: 'said',
      kind: 'text',
      title: '',
      multiple: false,
      required: false,
      per_region: true,
      labels: [],
    },
    {
      name: 'mood',
      kind: 'choices',
      title: '',
      multiple: false,
      required: false,
      per_region: true,
      labels: labels('calm', 'loud'),
    },
    {
      name: 'answers',
      kind: 'relations',
      title: '',
      multiple: false,
      required: false,
      labels: labels('answers'),
    },
  ],
};

const seconds = 60;
const segment = (id: string, start: number, end: number, label = 'A'): Region => ({
  id,
  control: 'speakers',
  kind: 'segments',
  labels: [label],
  start,
  end,
  origin: 'model',
  probability: 0.8,
});
const about = (parent: string, text: string, id = `t${parent}`): Region => ({
  id,
  control: 'said',
  kind: 'text',
  parent,
  text,
  origin: 'model',
});
const mood = (parent: string, label: string): Region => ({
  id: `m${parent}`,
  control: 'mood',
  kind: 'choices',
  parent,
  labels: [label],
  origin: 'model',
});
const desk = (...regions: Region[]) => editorOf({ schema, image: null, regions });

/** "A 1-2 'text' calm", one a line, in time. */
function shown(editor: ReturnType<typeof desk>): string[] {
  const all = editor.store.all();
  const of = (id: string, kind: string) => all.find((r) => r.parent === id && r.kind === kind);
  return all
    .filter(({ kind }) => kind === 'segments')
    .sort((a, b) => a.start! - b.start!)
    .map(({ id, labels, start, end }) => {
      const text = of(id, 'text')?.text;
      const choice = of(id, 'choices')?.labels?.[0];
      return [labels?.[0], `${start}-${end}`, text && `“${text}”`, choice]
        .filter(Boolean)
        .join(' ');
    });
}

test('a segment is drawn either way round, inside the recording, to the millisecond', () => {
  const editor = desk();
  createSegment(editor, 3.00049, 1.5, seconds);
  createSegment(editor, 58, 70, seconds, 'B');
  expect(shown(editor)).toEqual(['A 1.5-3', 'B 58-60']);
  expect(editor.selected?.labels).toEqual(['B']);
});

test('a slip of the hand makes no segment', () => {
  expect(createSegment(desk(), 1, 1.01, seconds)).toBeNull();
  expect(fitting(61, 70, seconds)).toBeNull();
});

test('a segment moves as far as the recording goes, and edges do not cross', () => {
  expect(movedBy({ start: 1, end: 3 }, -5, seconds)).toEqual({ start: 0, end: 2 });
  expect(movedBy({ start: 57, end: 59 }, 5, seconds)).toEqual({ start: 58, end: 60 });
  expect(withEdgeAt({ start: 1, end: 3 }, 'start', 9, seconds)).toEqual({ start: 2.98, end: 3 });
  expect(withEdgeAt({ start: 1, end: 3 }, 'end', 99, seconds)).toEqual({ start: 1, end: 60 });
});

test('the end of a recording is its very length, not that rounded', () => {
  expect(fitting(1, 2.00049, 2.00046)).toEqual({ start: 1, end: 2 });
  expect(fitting(1, 2.0009, 2.00046)).toEqual({ start: 1, end: 2.00046 });
});

test('split cuts the text between its words and gives both halves the other answers', () => {
  const words = [
    { text: 'hello', start: 1, end: 1.4 },
    { text: 'there', start: 2.5, end: 2.9 },
  ];
  const editor = desk(
    segment('a', 1, 3),
    { ...about('a', 'Hello there.'), words },
    mood('a', 'calm'),
  );
  expect(splitSegment(editor, 'a', 2)).toBe(true);
  expect(shown(editor)).toEqual(['A 1-2 “Hello” calm', 'A 2-3 “there.” calm']);
  const texts = editor.store.all().filter(({ kind }) => kind === 'text');
  expect(texts.map(({ words }) => words?.map(({ text }) => text))).toEqual([['hello'], ['there']]);
  editor.history.undo();
  expect(shown(editor)).toEqual(['A 1-3 “Hello there.” calm']);
});

test('a split that leaves one side silent leaves its text away', () => {
  const words = [{ text: 'hello', start: 1.1, end: 1.4 }];
  const editor = desk(segment('a', 1, 3), { ...about('a', 'hello'), words });
  splitSegment(editor, 'a', 2);
  expect(shown(editor)).toEqual(['A 1-2 “hello”', 'A 2-3']);
});

test('nothing is split at its edges or outside', () => {
  const editor = desk(segment('a', 1, 3));
  for (const at of [0.5, 1.01, 2.99, 4]) expect(splitSegment(editor, 'a', at)).toBe(false);
});

test('merge takes the next of the same label, past others, and joins what is said', () => {
  const editor = desk(
    segment('a', 1, 2),
    about('a', 'Good'),
    segment('b', 2, 3, 'B'),
    segment('c', 4, 5),
    about('c', 'morning.'),
    mood('c', 'loud'),
  );
  expect(nextOfSame(editor, 'a')?.id).toBe('c');
  mergeSegment(editor, 'a');
  expect(shown(editor)).toEqual(['A 1-5 “Good morning.” loud', 'B 2-3']);
  expect(editor.selectedId).toBe('a');
  editor.history.undo();
  expect(shown(editor)).toEqual(['A 1-2 “Good”', 'B 2-3', 'A 4-5 “morning.” loud']);
});

test('a merge never shortens: one inside the other is swallowed', () => {
  const editor = desk(segment('a', 1, 9), segment('b', 2, 3));
  mergeSegment(editor, 'a');
  expect(shown(editor)).toEqual(['A 1-9']);
  expect(mergeSegment(editor, 'a')).toBeNull();
});

test('relations of the second become those of the one that is left', () => {
  const joined = (id: string, from: string, to: string): Region => ({
    id,
    control: 'answers',
    kind: 'relations',
    labels: ['answers'],
    from,
    to,
  });
  const editor = desk(
    segment('a', 1, 2),
    segment('b', 3, 4),
    segment('c', 5, 6, 'B'),
    joined('r1', 'c', 'b'),
    joined('r2', 'a', 'b'),
  );
  mergeSegment(editor, 'a');
  const relations = editor.store.all().filter(({ kind }) => kind === 'relations');
  expect(relations.map(({ from, to }) => [from, to])).toEqual([['c', 'a']]);
});

test('writing keeps the words it is given with the text', () => {
  const editor = desk(segment('a', 1, 2));
  const [, said] = schema.controls;
  editor.write(said!, 'hi', 'a', 0, [{ text: 'hi', start: 1, end: 2 }]);
  expect(editor.answers(said!, 'a')[0]).toMatchObject({
    text: 'hi',
    words: [{ text: 'hi', start: 1, end: 2 }],
  });
});
