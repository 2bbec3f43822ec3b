// An outline that is corrected by keys alone.
import { expect, test } from 'vitest';
import type { AssistAsk } from '../../src/api/types';
import { Outline } from '../../src/desk/outline.svelte';

const square = { points: [40, 40, 60, 40, 60, 60, 40, 60] };

function outlining() {
  const asked: AssistAsk[] = [];
  const outline = new Outline(
    (_, ask) => {
      asked.push(ask);
      return Promise.resolve({ region: { id: 'o', control: 'c', kind: 'polygons', ...square } });
    },
    () => {},
  );
  return { outline, asked };
}
const image = { width: 100, height: 80 };
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('arrows move a cross from the middle of the box, held in the image', () => {
  const { outline } = outlining();
  expect(outline.aimBy(1, 1, image)).toBeNull();
  outline.begin('t1', { x: 40, y: 40, width: 20, height: 20 }, null);
  expect(outline.aimBy(8, 0, image)).toEqual({ x: 58, y: 50 });
  expect(outline.aimBy(0, -400, image)).toEqual({ x: 58, y: 0 });
  expect(outline.aimBy(400, 0, image)).toEqual({ x: 100, y: 0 });
});

test('the key corrects at the cross: outside takes in, inside takes out', async () => {
  const { outline, asked } = outlining();
  outline.begin('t1', { x: 40, y: 40, width: 20, height: 20 }, null);
  await settled();
  expect(outline.correctAtAim()).toBe(false);
  outline.aimBy(0, 0, image);
  expect(outline.correctAtAim()).toBe(true);
  await settled();
  expect(asked.at(-1)).toMatchObject({ include: [], exclude: [[50, 50]] });
  outline.aimBy(30, 0, image);
  outline.correctAtAim();
  await settled();
  expect(asked.at(-1)).toMatchObject({ include: [[80, 50]], exclude: [[50, 50]] });
});

test('the cross goes with the outline', () => {
  const { outline } = outlining();
  outline.begin('t1', { x: 40, y: 40, width: 20, height: 20 }, null);
  outline.aimBy(1, 0, image);
  outline.drop();
  expect(outline.aim).toBeNull();
});
