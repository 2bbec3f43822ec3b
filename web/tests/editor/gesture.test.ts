import { expect, test } from 'vitest';
import { Gesture } from '../../src/editor/gesture';
import { boxesIn, drawn, editorOf, map } from './scene';

const one = map(`
  ..........
  .a........
  ...a......
  ..........`);

const at = (x: number, y: number, pixel = 1) => ({ x, y, pixel });

function scene(regions = boxesIn(one)) {
  const editor = editorOf({ image: { width: 100, height: 40 }, regions });
  const panned: number[][] = [];
  const gesture = new Gesture(editor, (dx, dy) => panned.push([dx, dy]));
  return { editor, gesture, panned };
}

test('dragging the inside moves a box; it is one step of undo', () => {
  const { editor, gesture } = scene();
  gesture.down(at(20, 20));
  gesture.move(at(30, 25));
  gesture.move(at(50, 20));
  gesture.up(at(50, 20));
  expect(drawn(editor.store.all(), 10, 4)).toBe(
    map(`
    ..........
    ....a.....
    ......a...
    ..........`),
  );
  editor.history.undo();
  expect(drawn(editor.store.all(), 10, 4)).toBe(one);
  expect(editor.history.canUndo).toBe(false);
});

test('dragging a corner of the selected box sizes it', () => {
  const { editor, gesture } = scene();
  editor.select('a');
  gesture.down(at(40, 30));
  gesture.up(at(60, 40));
  expect(editor.selected).toMatchObject({ x: 10, y: 10, width: 50, height: 30 });
});

test('Escape returns to before the gesture, and leaves undo as it was', () => {
  const { editor, gesture } = scene();
  gesture.down(at(20, 20));
  gesture.move(at(70, 30));
  expect(gesture.cancel()).toBe(true);
  expect(drawn(editor.store.all(), 10, 4)).toBe(one);
  expect(editor.history.canUndo).toBe(false);
  expect(gesture.cancel()).toBe(false);
});

test('a click selects the smaller of two boxes that lie over each other', () => {
  const { editor, gesture } = scene(
    boxesIn(
      map(`
      a.........
      .b........
      ..b.......
      ....a.....`),
    ),
  );
  gesture.down(at(20, 20));
  gesture.up(at(21, 20));
  expect(editor.selectedId).toBe('b');
  expect(editor.edited).toBe(false);
});

test('the box tool draws in any direction, on whole pixels, inside the image', () => {
  const { editor, gesture } = scene([]);
  editor.useTool('box');
  gesture.down(at(80.4, 30.2));
  gesture.move(at(60, 10));
  expect(gesture.drawn).toEqual({ x: 60, y: 10, width: 21, height: 21 });
  gesture.up(at(60.5, -20));
  expect(editor.store.all()).toMatchObject([{ x: 60, y: 0, width: 21, height: 31 }]);
});

test('a drag too small to be meant is a click, at every zoom', () => {
  const { editor, gesture } = scene();
  editor.useTool('box');
  gesture.down(at(20, 20, 0.1));
  gesture.up(at(20.3, 20.3, 0.1));
  expect(editor.store.all()).toHaveLength(1);
  expect(editor.selectedId).toBe('a');
});

test('dragging where nothing is moves the view and lets the region go', () => {
  const { editor, gesture, panned } = scene();
  editor.select('a');
  gesture.down(at(90, 5));
  gesture.move(at(80, 0));
  gesture.up(at(80, 0));
  expect(editor.selectedId).toBeNull();
  expect(panned[0]).toEqual([-10, -5]);
});

test('the pan tool and the middle button never touch a box', () => {
  const { editor, gesture } = scene();
  gesture.down({ ...at(20, 20), pans: true });
  gesture.up({ ...at(50, 20), pans: true });
  editor.useTool('pan');
  gesture.down(at(20, 20));
  gesture.up(at(60, 20));
  expect(editor.edited).toBe(false);
});
