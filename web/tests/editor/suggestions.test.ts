// What a model suggests where somebody pointed: beside the answer until it is kept.
import { expect, test } from 'vitest';
import type { Schema } from '../../src/api/types';
import type { Region } from '../../src/editor/region';
import { boxesIn, editorOf, map, photos } from './scene';

const own = boxesIn(map('a.\n.a'));
const suggested = boxesIn(map('....\n..b.\n...b'), { b: 0.9 }).map((region) => ({
  ...region,
  meta: { drafted_by: 'k3' },
}));
const page: Schema = {
  ...photos,
  controls: [
    ...photos.controls,
    {
      ...{ name: 'reads', kind: 'text', title: '', multiple: false, required: false, labels: [] },
      per_region: true,
    },
  ],
};

test('a suggestion is listed under an id of its own, and is no part of the answer', () => {
  const editor = editorOf({ regions: own });
  editor.suggestions.show([{ ...suggested[0]!, id: 'a' }]);
  const rows = editor.listed();
  expect(rows.map(({ maybe }) => maybe)).toEqual([false, true]);
  expect(rows[1]!.region.id).not.toBe('a');
  expect(editor.selected).toBe(rows[1]!.region);
  expect(editor.store.all()).toHaveLength(1);
  expect(editor.edited).toBe(false);
  expect(editor.heldBack()).toEqual([]);
  expect(editor.toWork().regions).toHaveLength(1);
});

test('kept, it is in the answer with where it came from, and one undo takes all of it back', () => {
  const editor = editorOf({ regions: own });
  editor.suggestions.show([...suggested, { ...suggested[0]!, id: 'c' }]);
  expect(editor.suggestions.keepAll()).toHaveLength(2);
  expect(editor.suggestions.left).toEqual([]);
  expect(editor.store.all()).toHaveLength(3);
  expect(editor.store.all()[1]).toMatchObject({ origin: 'model', meta: { drafted_by: 'k3' } });
  editor.history.undo();
  expect(editor.store.all()).toHaveLength(1);
  expect(editor.suggestions.left).toEqual([]);
});

test('y keeps one and n drops one; moved by hand, one becomes part of the answer as edited', () => {
  const editor = editorOf({ regions: own });
  editor.suggestions.show([
    ...suggested,
    { ...suggested[0]!, id: 'c' },
    { ...suggested[0]!, id: 'd' },
  ]);
  const [first, second, third] = editor.suggestions.left.map(({ id }) => id);
  editor.keep(first!);
  editor.drop(second!);
  expect(editor.store.all()).toHaveLength(2);
  expect(editor.suggestions.left.map(({ id }) => id)).toEqual([third]);
  editor.select(third!);
  editor.moveBy(1, 0);
  expect(editor.store.get(third!)).toMatchObject({ origin: 'edited', meta: { drafted_by: 'k3' } });
  expect(editor.suggestions.left).toEqual([]);
});

test('an answer about a region takes the place of the one that was there', () => {
  const editor = editorOf({ schema: page, regions: own });
  const reads = (text: string): Region => ({
    ...{ id: 'd1', control: 'reads', kind: 'text', text, parent: own[0]!.id, origin: 'model' },
  });
  editor.suggestions.show([reads('EXIT')]);
  editor.suggestions.keepAll();
  editor.suggestions.show([reads('WAY OUT')]);
  editor.suggestions.keepAll();
  expect(editor.store.all().filter(({ kind }) => kind === 'text')).toMatchObject([
    { text: 'WAY OUT', parent: own[0]!.id },
  ]);
});

test('cleared, nothing of it stays, nor the focus on it', () => {
  const editor = editorOf({ regions: own });
  editor.suggestions.show(suggested);
  editor.suggestions.clear();
  expect(editor.listed()).toHaveLength(1);
  expect(editor.selectedId).toBeNull();
});
