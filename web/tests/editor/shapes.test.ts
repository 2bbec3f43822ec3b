import { expect, test } from 'vitest';
import type { Schema } from '../../src/api/types';
import { Gesture } from '../../src/editor/gesture';
import { hitAt } from '../../src/editor/hit';
import { keypointsOf } from '../../src/editor/keypoints';
import { areaOfRings, isInside, nearestEdge, withoutCorner } from '../../src/editor/polygon';
import type { Region } from '../../src/editor/region';
import { turnedBoxOf } from '../../src/editor/shape';
import {
  cornersOf,
  handleOf,
  middleOf,
  turnedMovedBy,
  turnedSizedBy,
  turnedTo,
} from '../../src/editor/turned-box';
import { editorOf, labels } from './scene';

const control = (name: string, kind: Schema['controls'][number]['kind'], more = {}) => ({
  name,
  kind,
  title: '',
  multiple: false,
  required: false,
  labels: labels('cat', 'dog'),
  ...more,
});
const schema: Schema = {
  modality: 'image',
  source: 'image',
  controls: [
    control('boxes', 'boxes'),
    control('areas', 'polygons'),
    control('body', 'keypoints', { points: ['head', 'hand', 'foot'], lines: [0, 1, 0, 2] }),
  ],
};
const image = { width: 200, height: 100 };
const at = (x: number, y: number, more = {}) => ({ x, y, pixel: 1, ...more });

function scene(regions: Region[] = []) {
  const editor = editorOf({ schema, image, regions, hasDraft: false });
  const begun: unknown[] = [];
  const gesture = new Gesture(editor, () => {}, {
    begin: (box) => begun.push(box),
    point: () => {},
    correct: () => false,
  });
  const click = (x: number, y: number, more = {}) => {
    gesture.down(at(x, y, more));
    gesture.up(at(x, y, more));
  };
  return { editor, gesture, click, begun };
}

const square = [10, 10, 50, 10, 50, 50, 10, 50];
const hole = [20, 20, 40, 20, 40, 40, 20, 40];
const polygon = (rings: number[][] = []): Region => ({
  id: 'p',
  control: 'areas',
  kind: 'polygons',
  labels: ['cat'],
  points: square,
  rings,
  origin: 'person',
});

test('what is inside is decided by the even-odd rule: a ring in a ring is a hole', () => {
  expect(isInside([square], { x: 30, y: 30 })).toBe(true);
  expect(isInside([square, hole], { x: 30, y: 30 })).toBe(false);
  expect(isInside([square, hole], { x: 15, y: 30 })).toBe(true);
  expect(areaOfRings([square, hole])).toBe(40 * 40 - 20 * 20);
  expect(areaOfRings([square, [100, 10, 110, 10, 110, 20, 100, 20]])).toBe(1700);
  expect(nearestEdge([square, hole], { x: 30, y: 22 })).toMatchObject({ corner: 4, distance: 2 });
});

test('a click into a hole takes what lies in it, or nothing', () => {
  const box: Region = { id: 'b', control: 'boxes', kind: 'boxes', labels: ['cat'] };
  const inHole = { ...box, x: 25, y: 25, width: 10, height: 10 };
  const hit = (regions: Region[], x: number, y: number) =>
    hitAt(regions, undefined, { x, y }, 1)?.region.id;
  expect(hit([polygon([hole])], 30, 30)).toBeUndefined();
  expect(hit([polygon([hole]), inHole], 30, 30)).toBe('b');
  expect(hit([polygon([hole])], 15, 30)).toBe('p');
});

test('a finger reaches further than a mouse, and the handle that turns is where it is drawn', () => {
  const box: Region = {
    ...{ id: 'b', control: 'boxes', kind: 'boxes', labels: [] },
    ...{ x: 100, y: 100, width: 200, height: 100 },
  };
  const at = (x: number, y: number, broad?: number) =>
    hitAt([box], box, { x, y }, 1, broad)?.handle;
  expect(at(285, 85)).toBeUndefined();
  expect(at(285, 85, 2.5)).toBe('ne');
  expect(at(200, 76)).toBe('turn');
  expect(at(200, 72, 2.5)).toBe('turn');
});

test('the polygon tool makes corners click by click; the first once more closes it', () => {
  const { editor, click } = scene();
  editor.useTool('polygon');
  click(10, 10);
  click(60, 10);
  click(60, 40);
  click(99, 99);
  expect(editor.shapes.takeBack()).toBe(true);
  expect(editor.store.all()).toEqual([]);
  click(12, 11);
  expect(editor.store.all()).toMatchObject([
    { kind: 'polygons', control: 'areas', points: [10, 10, 60, 10, 60, 40] },
  ]);
  editor.history.undo();
  expect(editor.isBlank).toBe(true);
});

test('a double click closes a polygon; Escape gives it up; two corners are none', () => {
  const { editor, click } = scene();
  editor.useTool('polygon');
  for (const [x, y] of [
    [10, 10],
    [60, 10],
    [60, 40],
    [60, 40],
  ] as const)
    click(x, y);
  expect(editor.store.all()).toHaveLength(1);
  editor.select(null);
  click(100, 60);
  click(120, 60);
  expect(editor.shapes.finish()).toBe(false);
  expect(editor.shapes.abandon()).toBe(true);
  expect(editor.store.all()).toHaveLength(1);
});

test('corners are moved, put in and taken out, by the pointer and by keys', () => {
  const { editor, gesture, click } = scene([polygon()]);
  editor.select('p');
  gesture.down(at(50, 50));
  gesture.move(at(60, 60));
  gesture.up(at(70, 60));
  expect(editor.selected?.points).toEqual([10, 10, 50, 10, 70, 60, 10, 50]);
  gesture.down(at(30, 10));
  gesture.up(at(30, 0));
  expect(editor.selected?.points).toEqual([10, 10, 30, 0, 50, 10, 70, 60, 10, 50]);
  click(30, 0, { removes: true });
  expect(editor.selected?.points).toEqual([10, 10, 50, 10, 70, 60, 10, 50]);

  editor.shapes.focus(null);
  editor.shapes.next(1);
  editor.moveBy(-5, 2);
  expect(editor.selected?.points?.slice(0, 2)).toEqual([5, 12]);
  editor.shapes.insert();
  expect(editor.shapes.spot).toBe(1);
  expect(editor.selected?.points).toHaveLength(10);
  expect(editor.shapes.remove()).toBe(true);
  expect(editor.shapes.remove()).toBe(true);
  expect(editor.shapes.remove()).toBe(false);
  expect(editor.selected?.points).toHaveLength(6);
});

test('a hole of three corners goes as a whole, and the only ring keeps three', () => {
  const three = hole.slice(0, 6);
  expect(withoutCorner([square, three], 5)).toEqual([square]);
  expect(withoutCorner([three], 0)).toBeNull();
});

test('a polygon moves with its holes and stops at the edge of the image', () => {
  const { editor } = scene([polygon([hole])]);
  editor.select('p');
  editor.moveBy(-50, 5);
  expect(editor.selected).toMatchObject({
    points: [0, 15, 40, 15, 40, 55, 0, 55],
    rings: [[10, 25, 30, 25, 30, 45, 10, 45]],
  });
});

test('a box turns about its middle, and its corner is where the wire has it', () => {
  const box = { x: 40, y: 40, width: 40, height: 20, rotation: 0 };
  const turned = turnedTo(box, 90, image);
  expect(middleOf(turned).x).toBeCloseTo(60);
  expect(middleOf(turned).y).toBeCloseTo(50);
  expect(turned).toMatchObject({ x: 70, y: 30, width: 40, height: 20, rotation: 90 });
  expect(cornersOf(turned)[2]!.x).toBeCloseTo(50);
  expect(turnedTo(turned, 360, image)).toEqual(box);
  expect(turnedTo(box, -15, image).rotation).toBe(345);
});

test('a turned box keeps the edges that a handle does not move, and its middle on the image', () => {
  const box = turnedTo({ x: 40, y: 40, width: 40, height: 20, rotation: 0 }, 30, image);
  const sized = turnedSizedBy(box, 'e', 10 * Math.cos(Math.PI / 6), 5, image);
  expect(sized.width).toBeCloseTo(50, 0);
  expect(handleOf(sized, 'w').x).toBeCloseTo(handleOf(box, 'w').x, 1);
  expect(handleOf(sized, 'w').y).toBeCloseTo(handleOf(box, 'w').y, 1);
  const west = turnedSizedBy(box, 'nw', -7, 3, image);
  expect(handleOf(west, 'se').x).toBeCloseTo(handleOf(box, 'se').x, 1);
  const away = turnedMovedBy(box, 1000, 0, image);
  expect(middleOf(away).x).toBeCloseTo(200);
});

test('the hand turns the box in focus by its handle, in one step of undo', () => {
  const box: Region = { id: 'b', control: 'boxes', kind: 'boxes', labels: ['cat'] };
  const { editor, gesture } = scene([{ ...box, x: 60, y: 40, width: 40, height: 20 }]);
  editor.select('b');
  gesture.down(at(80, 16));
  gesture.move(at(120, 40));
  gesture.up(at(140, 50));
  expect(turnedBoxOf(editor.selected!)).toMatchObject({ rotation: 90, width: 40, height: 20 });
  editor.history.undo();
  expect(turnedBoxOf(editor.selected!).rotation).toBe(0);
  editor.shapes.turnBy(15);
  expect(editor.selected?.rotation).toBe(15);
});

test('points are placed in order; one can be hidden, or not there', () => {
  const { editor, click } = scene();
  editor.useTool('keypoints');
  click(20, 20);
  expect(editor.shapes.mark(1)).toBe(true);
  expect(editor.shapes.skip()).toBe(true);
  click(60, 70);
  const [region] = editor.store.all();
  expect(region).toMatchObject({
    kind: 'keypoints',
    points: [20, 20, 0, 0, 60, 70],
    visible: [1, 0, 2],
  });
  editor.shapes.focus(1);
  editor.shapes.mark(0);
  expect(keypointsOf(editor.selected!)[1]).toEqual({ x: 40, y: 45, visible: 2 });
  editor.moveBy(5, 0);
  expect(editor.selected?.points).toEqual([20, 20, 45, 45, 60, 70]);
});

test('Enter leaves the points that were not placed out; the last one cannot go', () => {
  const { editor, click } = scene();
  editor.useTool('keypoints');
  click(20, 20);
  editor.shapes.finish();
  expect(editor.selected).toMatchObject({ points: [20, 20, 0, 0, 0, 0], visible: [2, 0, 0] });
  editor.shapes.focus(0);
  expect(editor.shapes.mark(0)).toBe(false);
});

test('hands without a mouse make each shape in the middle of the view', () => {
  const { editor } = scene();
  const view = { x: 0, y: 0, width: 200, height: 100 };
  expect(editor.shapes.polygonInView(view)?.points).toHaveLength(8);
  expect(editor.shapes.spot).toBe(0);
  expect(editor.shapes.keypointsInView(view)?.points).toHaveLength(6);
  expect(editor.createBoxInView(view)).toMatchObject({ width: 50, height: 25 });
});

test('label keys speak to the kind that the tool draws', () => {
  const { editor } = scene();
  editor.useTool('polygon');
  expect(editor.control?.name).toBe('areas');
  editor.pickLabel(schema.controls[1]!.labels[1]);
  expect(editor.currentLabel).toBe('dog');
  editor.useTool('keypoints');
  expect(editor.control?.name).toBe('body');
});

test('a drag with the outline tool asks for an outline', () => {
  const { editor, gesture, begun } = scene();
  editor.useTool('outline');
  gesture.down(at(10, 10));
  gesture.up(at(60, 50));
  expect(begun).toEqual([{ x: 10, y: 10, width: 50, height: 40 }]);
  expect(editor.isBlank).toBe(true);
});
