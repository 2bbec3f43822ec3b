import { expect, test } from 'vitest';
import { Touch, type Finger } from '../../src/desk/touch';

function hand() {
  const said: string[] = [];
  let timer: (() => void) | null = null;
  const name = ({ clientX, clientY }: Finger) => `${clientX},${clientY}`;
  const touch = new Touch<Finger>(
    {
      down: (at) => said.push(`down ${name(at)}`),
      move: (at) => said.push(`move ${name(at)}`),
      up: (at) => said.push(`up ${name(at)}`),
      cancel: () => said.push('cancel'),
      pinch: (at, factor, by) => said.push(`pinch ${at.x},${at.y} x${factor} by ${by.x},${by.y}`),
      hold: (at) => said.push(`hold ${name(at)}`),
    },
    (_, work) => {
      timer = work;
      return () => (timer = null);
    },
  );
  return { touch, said, rest: () => timer?.() };
}
const finger = (pointerId: number, clientX: number, clientY: number): Finger => ({
  pointerId,
  clientX,
  clientY,
});

test('a tap and a drag are what a mouse would do, from where the finger came down', () => {
  const { touch, said } = hand();
  touch.down(finger(1, 10, 10));
  touch.move(finger(1, 12, 10));
  expect(said).toEqual([]);
  touch.up(finger(1, 12, 10));
  touch.down(finger(2, 10, 10));
  touch.move(finger(2, 30, 10));
  touch.move(finger(2, 40, 10));
  touch.up(finger(2, 40, 10));
  expect(said).toEqual([
    ...['down 10,10', 'up 12,10'],
    ...['down 10,10', 'move 30,10', 'move 40,10', 'up 40,10'],
  ]);
});

test('two fingers zoom and move the view, and begin nothing', () => {
  const { touch, said, rest } = hand();
  touch.down(finger(1, 100, 100));
  touch.down(finger(2, 200, 100));
  touch.move(finger(2, 300, 100));
  rest();
  touch.up(finger(1, 100, 100));
  touch.move(finger(2, 350, 150));
  touch.up(finger(2, 350, 150));
  expect(said).toEqual(['pinch 200,100 x2 by 50,0']);
});

test('a second finger gives up what the first had begun', () => {
  const { touch, said } = hand();
  touch.down(finger(1, 0, 0));
  touch.move(finger(1, 50, 0));
  touch.down(finger(2, 100, 0));
  touch.move(finger(1, 60, 0));
  expect(said.slice(2)).toEqual(['cancel', 'pinch 80,0 x0.8 by 5,0']);
});

test('a finger that rests holds, and lifting it does nothing more', () => {
  const { touch, said, rest } = hand();
  touch.down(finger(1, 10, 10));
  rest();
  touch.move(finger(1, 60, 10));
  touch.up(finger(1, 60, 10));
  expect(said).toEqual(['hold 10,10']);
});

test('what the browser takes away is given up', () => {
  const { touch, said } = hand();
  touch.down(finger(1, 0, 0));
  touch.move(finger(1, 50, 0));
  touch.cancel(finger(1, 50, 0));
  touch.up(finger(1, 50, 0));
  expect(said.slice(2)).toEqual(['cancel']);
});
