import { expect, test } from 'vitest';
import type { Control, ControlKind, Schema } from '../../src/api/types';
import { sameAnswer, type Region } from '../../src/editor/region';
import { createSpan, lanes, moveSpan, spreadSpan, unlabelled } from '../../src/editor/spans';
import { TextDocument } from '../../src/editor/text-document';
import { editorOf, labels } from './scene';

const control = (name: string, kind: ControlKind, more: Partial<Control> = {}): Control => ({
  name,
  kind,
  title: name,
  multiple: false,
  required: false,
  labels: labels('A', 'B', 'C'),
  ...more,
});
const names = control('names', 'spans');
const joins = control('joins', 'relations');
const sure = control('sure', 'choices', { per_region: true, required: true });
const note = control('note', 'text', { required: true, labels: [] });
const stars = control('stars', 'rating');
const schema: Schema = { modality: 'text', source: 'text', controls: [names, joins, sure, stars] };

const words = new TextDocument('🎉 Ada met Bob. Ada left.');
const at = (part: string, from = 0) => {
  const start = words.text.indexOf(part, from);
  return { start, end: start + part.length };
};
const span = (id: string, start: number, end: number, more: Partial<Region> = {}): Region => ({
  id,
  control: 'names',
  kind: 'spans',
  labels: ['A'],
  start,
  end,
  origin: 'model',
  ...more,
});
const texts = (more = {}) => editorOf({ schema, image: null, ...more });

test('a span is kept in code points, with its words', () => {
  const editor = texts();
  const made = createSpan(editor, words, names, at('Ada'), 'B');
  expect(made).toMatchObject({ start: 2, end: 5, text: 'Ada', labels: ['B'], origin: 'person' });
  expect(editor.selectedId).toBe(made.id);
  expect(createSpan(editor, words, names, at('Ada'), 'B').id).toBe(made.id);
  expect(editor.store.all()).toHaveLength(1);
});

test('an edge that is moved is an edit; moved nowhere it is none', () => {
  const editor = texts({ regions: [span('s', 2, 5, { text: 'Ada', probability: 0.9 })] });
  moveSpan(editor, words, 's', at('Ada'));
  expect(editor.edited).toBe(false);
  moveSpan(editor, words, 's', at('Ada met Bob'));
  expect(editor.store.get('s')).toMatchObject({ end: 13, text: 'Ada met Bob', origin: 'edited' });
  editor.history.undo();
  expect(editor.edited).toBe(false);
});

test('a span spreads to the other places in one step, and then there are none', () => {
  const editor = texts();
  const made = createSpan(editor, words, names, at('Ada'), 'A');
  expect(unlabelled(editor, words, made)).toEqual([at('Ada', 5)]);
  expect(spreadSpan(editor, words, made)).toBe(1);
  expect(spreadSpan(editor, words, made)).toBe(0);
  editor.history.undo();
  expect(editor.store.all()).toEqual([made]);
});

test('spans that overlap lie in different lanes, the shorter nearer to the words', () => {
  const spans = [
    { id: 'whole', range: { start: 0, end: 20 } },
    { id: 'in', range: { start: 5, end: 9 } },
    { id: 'across', range: { start: 8, end: 14 } },
    { id: 'apart', range: { start: 30, end: 40 } },
  ];
  expect(Object.fromEntries(lanes(spans))).toEqual({ in: 0, across: 1, whole: 2, apart: 0 });
});

test('what is asked about a region is answered for it, one question after the other', () => {
  const editor = texts({ regions: [span('s', 2, 5)] });
  editor.select('s');
  expect(editor.control).toBe(names);
  editor.nextControl();
  expect(editor.question).toEqual({ control: sure, parent: 's' });
  editor.pickLabel(sure.labels[1]);
  expect(editor.chosen(sure, 's')).toEqual(['B']);
  expect(editor.chosen(sure)).toEqual([]);
  editor.nextControl();
  expect(editor.selectedId).toBeNull();
  editor.nextControl(-1);
  expect(editor.question?.parent).toBe('');
});

test('a region without its required answer is named, and asked for', () => {
  const editor = texts({ regions: [span('s', 2, 5), span('t', 10, 13)] });
  editor.choose(sure, 'A', 's');
  expect(editor.missing()).toEqual([{ control: sure, region: editor.store.get('t') }]);
  editor.ask({ control: sure, parent: 't' });
  editor.pickLabel(sure.labels[0]);
  expect(editor.missing()).toEqual([]);
});

test('a region that is dropped takes its answers and relations along; undo brings all back', () => {
  const editor = texts({ regions: [span('s', 2, 5), span('t', 10, 13)] });
  editor.choose(sure, 'A', 's');
  editor.select('t');
  editor.startJoining();
  editor.aim('s');
  editor.join();
  expect(editor.store.all()).toHaveLength(4);
  editor.drop('s');
  expect(editor.store.all().map(({ id }) => id)).toEqual(['t']);
  editor.history.undo();
  expect(editor.store.all()).toHaveLength(4);
});

test('rejecting the draft leaves nothing that was about it', () => {
  const editor = texts({ regions: [span('s', 2, 5)] });
  editor.choose(sure, 'A', 's');
  editor.reject();
  expect(editor.isBlank).toBe(true);
});

test('a relation is aimed in reading order, labelled by key, and made once', () => {
  const editor = texts({ regions: [span('late', 16, 19), span('s', 2, 5), span('t', 10, 13)] });
  editor.select('s');
  expect(editor.startJoining()).toBe(true);
  expect(editor.join()).toBeNull();
  editor.selectNext(1);
  expect(editor.joining).toEqual({ from: 's', to: 't' });
  editor.selectNext(-1);
  expect(editor.joining?.to).toBe('late');
  editor.selectNext(1);
  editor.pickLabel(joins.labels[1]);
  expect(editor.selected).toMatchObject({ kind: 'relations', from: 's', to: 't', labels: ['B'] });
  editor.pickLabel(joins.labels[2]);
  expect(editor.selected?.labels).toEqual(['C']);
  editor.select('s');
  editor.startJoining();
  editor.aim('t');
  editor.join();
  expect(editor.store.all().filter(({ kind }) => kind === 'relations')).toHaveLength(1);
});

test('Escape while aiming leaves everything as it was', () => {
  const editor = texts({ regions: [span('s', 2, 5), span('t', 10, 13)] });
  editor.select('s');
  editor.startJoining();
  editor.aim('t');
  expect(editor.stopJoining()).toBe(true);
  expect(editor.selectedId).toBe('s');
  expect(editor.history.canUndo).toBe(false);
});

test('what is said about a maybe keeps the maybe', () => {
  const editor = texts({ maybes: [span('m', 2, 5)] });
  editor.showMaybes();
  editor.choose(sure, 'A', 'm');
  expect(editor.store.all().map(({ id }) => id)).toContain('m');
  editor.history.undo();
  expect(editor.isBlank).toBe(true);
});

test('a relation that was a maybe brings the maybes it joins', () => {
  const relation: Region = {
    id: 'r',
    control: 'joins',
    kind: 'relations',
    labels: ['A'],
    from: 'm',
    to: 'n',
  };
  const editor = texts({ maybes: [span('m', 2, 5), span('n', 10, 13), relation] });
  editor.showMaybes();
  editor.keep('r');
  expect(editor.store.all().map(({ id }) => id)).toEqual(['m', 'n', 'r']);
});

test('writing is one step while it goes on, and blanks are no answer', () => {
  let now = 0;
  const written = { ...schema, controls: [note] };
  const editor = editorOf({ schema: written, image: null }, () => now);
  expect(editor.missing()).toHaveLength(1);
  for (const text of ['a', 'ab', 'abc']) {
    editor.write(note, text);
    now += 100;
  }
  expect(editor.answers(note)).toMatchObject([{ text: 'abc', kind: 'text' }]);
  editor.write(note, '  ');
  expect(editor.missing()).toHaveLength(1);
  editor.history.undo();
  expect(editor.isBlank).toBe(true);
});

test('a rating is one level, chosen as a label is', () => {
  const editor = editorOf({ schema: { ...schema, controls: [stars] }, image: null });
  editor.pickLabel(stars.labels[0]);
  editor.pickLabel(stars.labels[2]);
  expect(editor.chosen(stars)).toEqual(['C']);
  expect(editor.store.all()).toHaveLength(1);
});

test('answers differ when what they are about, join or show differs', () => {
  const base = span('s', 2, 5);
  const changes: Partial<Region>[] = [
    { parent: 'p' },
    { from: 'f' },
    { to: 't' },
    { visible: [1] },
    { rings: [[0, 0, 1, 1, 2, 0]] },
  ];
  for (const change of changes) expect(sameAnswer(base, { ...base, ...change })).toBe(false);
  expect(sameAnswer(base, { ...base, rings: [] })).toBe(true);
});
