import { expect, test } from 'vitest';
import {
  fitted,
  inSight,
  lineCloseUp,
  pannedBy,
  toImage,
  zoomedAt,
  zoomedTo,
} from '../../src/desk/viewport';
import { labelStyles } from '../../src/desk/label-style';
import { reasonForNothing } from '../../src/desk/nothing';
import { labels } from '../editor/scene';
import { FakeServer } from './fake-server';

const stage = { width: 1000, height: 600 };
const image = { width: 4000, height: 1000 };

test('an image is fitted whole and in the middle', () => {
  const view = fitted(image, stage);
  expect(view.scale).toBeCloseTo(968 / 4000);
  expect(view.x).toBe(16);
  expect(inSight(view, image, stage)).toEqual({ x: 0, y: 0, width: 4000, height: 1000 });
});

test('zooming keeps what is under the pointer where it is', () => {
  const view = fitted(image, stage);
  const at = { x: 333, y: 222 };
  const before = toImage(view, at);
  const after = toImage(zoomedAt(view, at, 3, 0.01), at);
  expect(after.x).toBeCloseTo(before.x);
  expect(after.y).toBeCloseTo(before.y);
});

test('panning never loses the image', () => {
  const view = pannedBy(fitted(image, stage), 1e6, -1e6, image, stage);
  expect(view.x).toBeLessThan(stage.width);
  expect(view.y + image.height * view.scale).toBeGreaterThan(0);
});

test('zooming to a region puts it in the middle', () => {
  const box = { x: 100, y: 100, width: 50, height: 50 };
  const middle = toImage(zoomedTo(box, stage), { x: 500, y: 300 });
  expect(middle.x).toBeCloseTo(125);
  expect(middle.y).toBeCloseTo(125);
});

test('eighty labels have codes that tell them apart, and never a colour alone', () => {
  const names = Array.from(
    { length: 80 },
    (_, i) => `label ${String.fromCharCode(97 + (i % 26))}${i}`,
  );
  const styles = [...labelStyles(labels(...names)).values()];
  expect(
    styles
      .slice(0, 10)
      .map(({ code }) => code)
      .join(''),
  ).toBe('1234567890');
  expect(styles.every(({ code }) => code !== '')).toBe(true);
  const looks = new Set(styles.slice(0, 28).map(({ color, dash }) => color + dash));
  expect(looks.size).toBe(28);
});

test('an empty desk says why', () => {
  const { progress } = new FakeServer(0);
  expect(reasonForNothing(progress)).toBe('no_tasks');
  expect(reasonForNothing({ ...progress, total: 4, done: 4 })).toBe('all_done');
  expect(reasonForNothing({ ...progress, total: 4, done: 2, leased: 2 })).toBe('held');
  expect(reasonForNothing({ ...progress, total: 4, done: 2, ready: 2 })).toBe('skipped');
});

test('a line of text is brought close enough to be read, whole and in the middle', () => {
  const small = lineCloseUp({ x: 300, y: 500, width: 200, height: 14 }, stage, 0.2);
  expect(small?.scale).toBeCloseTo(4);
  expect((small?.x ?? 0) + 400 * 4).toBeCloseTo(500);
  expect((small?.y ?? 0) + 507 * 4).toBeCloseTo(300);
  // A long one is no wider than the stage, and nothing gets smaller than it was if it still fits.
  expect(lineCloseUp({ x: 0, y: 0, width: 2000, height: 20 }, stage, 0.2)?.scale).toBeCloseTo(0.47);
  expect(lineCloseUp({ x: 0, y: 0, width: 100, height: 60 }, stage, 3)?.scale).toBe(3);
  expect(lineCloseUp({ x: 0, y: 0, width: 0, height: 20 }, stage, 1)).toBeNull();
});
