import { expect, test } from 'vitest';
import { boxesIn, drawn, editorOf, labels, map, texts } from './scene';

const two = map(`
  a.........
  .a..b.....
  .....b....
  ..........`);

test('regions are listed least certain first, a person’s own ones last', () => {
  const editor = editorOf({ regions: boxesIn(two, { a: 0.9, b: 0.5 }) });
  editor.createBox({ x: 70, y: 30, width: 10, height: 10 });
  expect(editor.listed().map(({ region }) => region.id)).toEqual(['b', 'a', 'n1']);
});

test('moving a box stops at the image’s edge and keeps its size', () => {
  const editor = editorOf({ image: { width: 100, height: 40 }, regions: boxesIn(two) });
  editor.select('a');
  editor.moveBy(1000, 0);
  expect(drawn(editor.store.all(), 10, 4)).toBe(
    map(`
    ........a.
    ....b....a
    .....b....
    ..........`),
  );
});

test('sizing a box never turns it inside out', () => {
  const editor = editorOf({ regions: boxesIn(two) });
  editor.select('b');
  editor.sizeBy(-1000, -1000);
  const { x, y, width, height } = editor.selected ?? {};
  expect([x, y, width, height]).toEqual([40, 10, 1, 1]);
});

test('an edited draft region becomes the person’s edit, without the model’s certainty', () => {
  const editor = editorOf({ regions: boxesIn(two, { a: 0.9 }) });
  editor.select('a');
  editor.moveBy(1, 0);
  expect(editor.selected).toMatchObject({ origin: 'edited' });
  expect(editor.selected?.probability).toBeUndefined();
  editor.history.undo();
  expect(editor.store.get('a')).toMatchObject({ origin: 'model', probability: 0.9 });
});

test('an edit that is undone leaves the draft as it stood', () => {
  const editor = editorOf({ regions: boxesIn(two) });
  expect(editor.edited).toBe(false);
  editor.relabel('a', 'dog');
  expect(editor.edited).toBe(true);
  editor.history.undo();
  expect(editor.edited).toBe(false);
  editor.history.redo();
  expect(editor.store.get('a')?.labels).toEqual(['dog']);
});

test('the next box gets the label that was picked last', () => {
  const editor = editorOf({});
  editor.pickLabel(labels('bird')[0]);
  expect(editor.createBox({ x: 0, y: 0, width: 10, height: 10 })?.labels).toEqual(['bird']);
});

test('a label picked while a region is in focus is that region’s', () => {
  const editor = editorOf({ regions: boxesIn(two) });
  editor.select('b');
  editor.pickLabel(labels('dog')[0]);
  expect(editor.store.get('b')?.labels).toEqual(['dog']);
  expect(editor.store.get('a')?.labels).toEqual(['cat']);
});

test('a box without area, or wholly outside the image, is not made', () => {
  const editor = editorOf({});
  expect(editor.createBox({ x: 5, y: 5, width: 0, height: 8 })).toBeNull();
  expect(editor.createBox({ x: 200, y: 5, width: 20, height: 8 })).toBeNull();
  expect(editor.isBlank).toBe(true);
});

test('a box put in the middle of the view is a quarter of it, selected, on whole pixels', () => {
  const editor = editorOf({});
  const box = editor.createBoxInView({ x: 0, y: 0, width: 100, height: 60 });
  expect(box).toMatchObject({ x: 38, y: 23, width: 25, height: 15 });
  expect(editor.selectedId).toBe(box?.id);
});

test('dropping a region goes to the next row, and undo brings it back in its place', () => {
  const editor = editorOf({ regions: boxesIn(two, { a: 0.9, b: 0.5 }) });
  editor.select('b');
  editor.drop('b');
  expect(editor.selectedId).toBe('a');
  editor.history.undo();
  expect(editor.listed().map(({ region }) => region.id)).toEqual(['b', 'a']);
});

test('keeping a region checks it and goes on; the draft still stands as it was', () => {
  const editor = editorOf({ regions: boxesIn(two, { a: 0.9, b: 0.5 }) });
  editor.select('b');
  editor.keep('b');
  expect(editor.selectedId).toBe('a');
  expect(editor.listed()[0]?.checked).toBe(true);
  expect(editor.edited).toBe(false);
});

test('maybes are seen on demand and are part of the answer only once kept', () => {
  const editor = editorOf({ maybes: boxesIn(two, { a: 0.2, b: 0.3 }) });
  expect(editor.listed()).toEqual([]);
  editor.showMaybes();
  expect(editor.listed().map(({ maybe }) => maybe)).toEqual([true, true]);
  editor.keep('a');
  expect(editor.store.all().map(({ id }) => id)).toEqual(['a']);
  editor.history.undo();
  expect(editor.isBlank).toBe(true);
  expect(editor.maybes).toHaveLength(2);
});

test('a maybe that is changed by hand is kept as changed, in one step', () => {
  const editor = editorOf({ maybes: boxesIn(two) });
  editor.showMaybes();
  editor.relabel('a', 'dog');
  expect(editor.store.all()).toMatchObject([{ id: 'a', labels: ['dog'], origin: 'edited' }]);
  editor.history.undo();
  expect(editor.isBlank).toBe(true);
});

test('reject throws the draft away, keeps what the person made, and can be undone', () => {
  const editor = editorOf({ regions: boxesIn(two) });
  const own = editor.createBox({ x: 0, y: 0, width: 10, height: 10 });
  expect(editor.reject()).toBe(true);
  expect(editor.store.all().map(({ id }) => id)).toEqual([own?.id]);
  expect(editor.facts.rejected).toBe(true);
  expect(editor.reject()).toBe(false);
  editor.history.undo();
  expect(editor.facts.rejected).toBe(false);
  expect(editor.store.all()).toHaveLength(3);
});

test('nudges that follow each other are one step of undo, a pause starts another', () => {
  let now = 0;
  const editor = editorOf({ regions: boxesIn(two) }, () => now);
  editor.select('b');
  editor.moveBy(1, 0);
  now += 100;
  editor.moveBy(1, 0);
  now += 5000;
  editor.moveBy(1, 0);
  expect(editor.selected?.x).toBe(43);
  editor.history.undo();
  expect(editor.selected?.x).toBe(42);
  editor.history.undo();
  expect(editor.selected?.x).toBe(40);
});

test('work that was saved comes back as it was', () => {
  const editor = editorOf({ regions: boxesIn(two) });
  editor.select('a');
  editor.moveBy(10, 10);
  editor.toggleFlag();
  editor.setNote('blurred');
  const again = editorOf({ regions: boxesIn(two), work: editor.toWork() });
  expect(again.store.all()).toEqual(editor.store.all());
  expect(again.facts.flagged).toBe(true);
  expect(again.note).toBe('blurred');
  expect(again.edited).toBe(true);
});

test('a single choice replaces the draft’s; choosing the same again changes nothing', () => {
  const draft = {
    id: 'd',
    control: 'topic',
    kind: 'choices',
    labels: ['spam'],
    probability: 0.8,
  } as const;
  const editor = editorOf({
    schema: texts,
    image: null,
    regions: [{ ...draft, labels: ['spam'], origin: 'model' }],
  });
  const topic = texts.controls[0]!;
  editor.choose(topic, 'spam');
  expect(editor.edited).toBe(false);
  editor.choose(topic, 'ham');
  expect(editor.store.all()).toMatchObject([{ id: 'd', labels: ['ham'], origin: 'edited' }]);
  expect(editor.draftChoice(topic)?.probability).toBe(0.8);
});

test('several choices toggle, in the schema’s order, and none left is no answer', () => {
  const topic = { ...texts.controls[0]!, multiple: true };
  const editor = editorOf({ schema: { ...texts, controls: [topic] }, image: null });
  editor.choose(topic, 'ham');
  editor.choose(topic, 'spam');
  expect(editor.chosen(topic)).toEqual(['spam', 'ham']);
  editor.choose(topic, 'ham');
  editor.choose(topic, 'spam');
  expect(editor.missing()).toEqual([{ control: topic, region: null }]);
  expect(editor.isBlank).toBe(true);
});
