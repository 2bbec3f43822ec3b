// A model is asked about what a person points at; its answer waits to be kept or dropped.
import { expect, test } from 'vitest';
import { Problem } from '../../src/api/problem';
import type { CueAsk, CueReply } from '../../src/api/types';
import { Cue } from '../../src/desk/cue.svelte';
import { Gesture } from '../../src/editor/gesture';
import { boxesIn, editorOf, map } from '../editor/scene';

const found = boxesIn(map('......\n..b...\n......\n....b.'), { b: 0.9 });
const reply = (regions = found): CueReply => ({
  ...{ model: 'k3', name: 'SAM', version: 'v1', regions },
});

function pointing(answer: () => Promise<CueReply> = () => Promise.resolve(reply())) {
  const editor = editorOf({});
  const asked: CueAsk[] = [];
  const signals: AbortSignal[] = [];
  const said: { key: string; values: Record<string, unknown> }[] = [];
  const cue = new Cue(
    {
      editor,
      taskId: 't1',
      inView: { x: 0, y: 0, width: 80, height: 80 },
      tell: (key, values = {}) => said.push({ key, values }),
    },
    (_task, ask, asking) => {
      asked.push(ask);
      if (asking?.signal) signals.push(asking.signal);
      return answer();
    },
  );
  cue.models = [{ model: 'k3', name: 'SAM' }];
  return { editor, cue, asked, signals, said };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('the region in focus is what is asked about', async () => {
  const { editor, cue, asked } = pointing();
  editor.createBox({ x: 1, y: 1, width: 20, height: 20 });
  cue.start();
  expect(cue.busy).toBe(true);
  await settled();
  expect(asked).toMatchObject([{ model: 'k3', regions: [{ x: 1, width: 20 }], boxes: [] }]);
  expect(cue.isOpen).toBe(true);
  expect(editor.suggestions.left).toHaveLength(1);
});

test('without a region the key takes the tool, then asks about the middle of the view', async () => {
  const { editor, cue, asked } = pointing();
  cue.start();
  expect(editor.tool).toBe('cue');
  expect(asked).toEqual([]);
  cue.start();
  await settled();
  expect(asked).toMatchObject([{ boxes: [{ x: 10, y: 10, width: 60, height: 60 }] }]);
});

test('the tool drags a box, a click is a point, and the next click corrects what is on show', async () => {
  const { editor, cue, asked } = pointing();
  editor.useTool('cue');
  const gesture = new Gesture(editor, () => {}, {
    begin: (box) => cue.askIn(box),
    point: (at) => cue.point(at),
    correct: (at) => cue.correct(at),
  });
  const click = (x: number, y: number, more: object = {}) => {
    gesture.down({ x, y, pixel: 1, ...more });
    gesture.up({ x, y, pixel: 1, ...more });
  };
  gesture.down({ x: 1, y: 2, pixel: 1 });
  gesture.move({ x: 30, y: 40, pixel: 1 });
  gesture.up({ x: 31, y: 42, pixel: 1 });
  await settled();
  expect(asked.at(-1)).toMatchObject({ boxes: [{ x: 1, y: 2, width: 30, height: 40 }] });
  cue.drop();
  click(5, 5);
  await settled();
  expect(asked.at(-1)).toMatchObject({ boxes: [], points: [{ x: 5, y: 5, on: true }] });
  const { x = 0, y = 0 } = editor.suggestions.left[0]!;
  click(x + 1, y + 1);
  await settled();
  click(1, 1);
  await settled();
  click(2, 2, { removes: true });
  await settled();
  expect(asked.at(-1)!.points.map(({ on }) => on)).toEqual([true, false, true, false]);
  cue.takeBack();
  await settled();
  expect(asked.at(-1)!.points).toHaveLength(3);
});

test('arrows move a cross that points by key', async () => {
  const { editor, cue, asked } = pointing();
  expect(cue.aimBy(1, 1, { width: 90, height: 90 })).toBeNull();
  editor.useTool('cue');
  expect(cue.pointAtAim()).toBe(false);
  expect(cue.aimBy(8, 0, { width: 90, height: 90 })).toEqual({ x: 48, y: 40 });
  expect(cue.pointAtAim()).toBe(true);
  await settled();
  expect(asked.at(-1)!.points).toEqual([{ x: 48, y: 40, on: true }]);
});

test('Enter keeps all of it, and waits for an answer that is still out', async () => {
  const { editor, cue, said } = pointing();
  expect(cue.finish()).toBe(false);
  cue.askIn({ x: 0, y: 0, width: 9, height: 9 });
  expect(cue.finish()).toBe(true);
  expect(editor.store.all()).toEqual([]);
  await settled();
  expect(cue.finish()).toBe(true);
  expect(editor.store.all()).toHaveLength(1);
  expect(cue.isOpen).toBe(false);
  expect(said.at(-1)).toEqual({ key: 'said.cue_kept', values: { n: 1 } });
});

test('dropped, the question is called off and a late answer changes nothing', async () => {
  const { editor, cue, signals } = pointing();
  cue.askIn({ x: 0, y: 0, width: 9, height: 9 });
  expect(cue.drop()).toBe(true);
  expect(signals[0]!.aborted).toBe(true);
  await settled();
  expect(editor.suggestions.left).toEqual([]);
  expect(cue.drop()).toBe(false);
});

test('nothing found and a model that fails are told, and the hands are free again', async () => {
  const none = pointing(() => Promise.resolve(reply([])));
  none.cue.askIn({ x: 0, y: 0, width: 9, height: 9 });
  await settled();
  expect(none.said.at(-1)!.key).toBe('said.cue_none');
  expect(none.cue.isOpen).toBe(false);

  let fails = true;
  const broken = pointing(() =>
    fails
      ? Promise.reject(new Problem('unavailable', 503, 'Unavailable', '"SAM" is down.'))
      : Promise.resolve(reply()),
  );
  broken.cue.askIn({ x: 0, y: 0, width: 9, height: 9 });
  await settled();
  expect(broken.said.at(-1)).toMatchObject({ key: 'said.cue_failed' });
  expect(String(broken.said.at(-1)!.values['detail'])).toContain('"SAM" is down.');
  expect(broken.cue.isOpen).toBe(false);
  // With an answer on show, a correction that fails leaves it there.
  fails = false;
  broken.editor.useTool('cue');
  broken.cue.askIn({ x: 0, y: 0, width: 9, height: 9 });
  await settled();
  fails = true;
  broken.cue.correct({ x: 1, y: 1, pixel: 1 });
  await settled();
  expect(broken.cue.isOpen).toBe(true);
  expect(broken.editor.suggestions.left).toHaveLength(1);
});

test('of several models the next one is asked from then on', async () => {
  const { cue, asked, said } = pointing();
  cue.models = [
    { model: 'k3', name: 'SAM' },
    { model: 'k4', name: 'Tesseract' },
  ];
  cue.nextModel();
  expect(said.at(-1)!.values).toEqual({ model: 'Tesseract' });
  cue.askIn({ x: 0, y: 0, width: 9, height: 9 });
  await settled();
  expect(asked.at(-1)!.model).toBe('k4');
});
