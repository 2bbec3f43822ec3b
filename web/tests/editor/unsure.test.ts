// Drafts that are not sure enough to be filled in: nothing accepts them unseen, one key fills them in.
import { expect, test } from 'vitest';
import type { ControlKind, Schema } from '../../src/api/types';
import type { Region } from '../../src/editor/region';
import { boxesIn, editorOf, labels, map, photos, texts } from './scene';

const control = (name: string, kind: ControlKind, more: object = {}) => ({
  ...{ name, kind, title: '', multiple: false, required: true, labels: [] },
  ...more,
});
const page: Schema = {
  modality: 'image',
  source: 'image',
  controls: [
    ...photos.controls,
    control('reads', 'text', { per_region: true }),
    control('remark', 'text', { required: false }),
  ],
};
const text = (id: string, name: string, words: string, more: Partial<Region> = {}): Region => ({
  ...{ id, control: name, kind: 'text', text: words, origin: 'model', confidence: 0.2 },
  ...more,
});
const box = boxesIn(map('a.\n.a'), { a: 0.9 });

const transcript: Schema = {
  modality: 'audio',
  source: 'audio',
  controls: [control('transcript', 'text')],
};

test('a transcript that is unsure is held back; shown, it is an edit that undo takes back', () => {
  const editor = editorOf({
    schema: transcript,
    image: null,
    maybes: [text('t', 'transcript', 'so far')],
  });
  expect(editor.isUnsure).toBe(true);
  expect(editor.missing()).toHaveLength(1);
  expect(editor.showDraft()).toHaveLength(1);
  expect(editor.isUnsure).toBe(false);
  expect(editor.edited).toBe(true);
  expect(editor.missing()).toEqual([]);
  expect(editor.store.all()).toMatchObject([{ id: 't', text: 'so far' }]);
  editor.history.undo();
  expect(editor.isUnsure).toBe(true);
});

test('an unsure choice, and boxes that are all unsure, are held back too', () => {
  const choice: Region = { id: 'c', control: 'topic', kind: 'choices', labels: ['ham'] };
  expect(editorOf({ schema: texts, image: null, maybes: [choice] }).isUnsure).toBe(true);
  const boxes = editorOf({ maybes: box });
  expect(boxes.isUnsure).toBe(true);
  boxes.showDraft();
  expect(boxes.listed().map(({ region }) => region.id)).toEqual(['a']);
});

test('of a draft that is filled in, only what answers an open question is held back', () => {
  const unsure = boxesIn(map('....\n..b.\n...b'), { b: 0.2 });
  const maybes = [...unsure, text('ta', 'reads', 'EXIT', { parent: 'a' })];
  const editor = editorOf({ schema: page, regions: box, maybes });
  expect(editor.isUnsure).toBe(true);
  expect(editor.showDraft().map(({ id }) => id)).toEqual(['ta']);
  expect(editor.missing()).toEqual([]);
  expect(editor.maybes.map(({ id }) => id)).toEqual(['b']);
  expect(editor.heldBack()).toEqual([]);
});

test('an unsure answer that nobody must give is held back, and the rest may be accepted', () => {
  const regions = [...box, text('ta', 'reads', 'EXIT', { parent: 'a', confidence: 0.9 })];
  const editor = editorOf({ schema: page, regions, maybes: [text('r', 'remark', 'blurred')] });
  expect(editor.isUnsure).toBe(false);
  expect(editor.heldBack().map(({ id }) => id)).toEqual(['r']);
});

test('what a person has answered is not filled in, nor what hangs on a region that is not there', () => {
  const maybes = [text('r', 'remark', 'blurred'), text('tb', 'reads', 'WC', { parent: 'b' })];
  const editor = editorOf({ schema: page, regions: box, maybes });
  editor.write(page.controls[2]!, 'sharp');
  expect(editor.heldBack()).toEqual([]);
});

test('a draft that was rejected, or that there is none of, holds nothing back', () => {
  const editor = editorOf({ maybes: box });
  editor.reject();
  expect(editor.isUnsure).toBe(false);
  expect(editor.heldBack()).toEqual([]);
  expect(editorOf({ hasDraft: false }).isUnsure).toBe(false);
});

test('a draft that says there is nothing can be accepted, where nothing must be answered', () => {
  expect(editorOf({ schema: { ...photos, controls: [labelled()] } }).isUnsure).toBe(false);
  expect(editorOf({ schema: transcript, image: null }).missing()).toHaveLength(1);
});

const labelled = () => ({ ...photos.controls[0]!, labels: labels('cat') });

test('an answer that comes back mended is one step: what changed is a correction, what went is gone', () => {
  const drawn = boxesIn(map('a..b\n....\na..b'), { a: 0.9, b: 0.8 });
  const editor = editorOf({ regions: drawn });
  const [a, b] = editor.store.all();
  expect(editor.mend([{ ...a!, width: 5 }])).toBe(2);
  expect(editor.store.all()).toMatchObject([{ id: a!.id, width: 5, origin: 'edited' }]);
  expect(editor.store.all()[0]!.probability).toBeUndefined();
  editor.history.undo();
  expect(editor.store.all()).toEqual([a, b]);
  expect(editor.mend([a!, b!])).toBe(0);
  expect(editor.history.canUndo).toBe(false);
});
