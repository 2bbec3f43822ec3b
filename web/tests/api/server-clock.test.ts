import { expect, test } from 'vitest';
import { ServerClock } from '../../src/api/server-clock';

const hour = 3_600_000;

/** A server `ahead` of a machine whose steady time starts at 0; answers take `there` and `back`. */
function machine(ahead: number, wall: number) {
  let steady = 0;
  const clock = new ServerClock(
    () => steady,
    () => wall + steady,
  );
  const ask = (there: number, back: number) => {
    const asked = steady;
    const date = Math.floor((ahead + steady + there) / 1_000) * 1_000;
    steady += there + back;
    clock.heard(date, asked, steady);
  };
  return { clock, ask, wait: (ms: number) => (steady += ms), truth: () => ahead + steady };
}

test('until the server has answered, this machine’s clock has to do', () => {
  expect(machine(5_000, 70_000).clock.now()).toBe(70_000);
});

test('three hours ahead or behind, the time is the server’s to the second, closer with every answer', () => {
  for (const skew of [-3 * hour, 3 * hour]) {
    const { clock, ask, wait, truth } = machine(1_700_000_000_123, 1_700_000_000_123 + skew);
    ask(40, 60);
    expect(Math.abs(clock.now() - truth())).toBeLessThanOrEqual(550);
    for (let i = 0; i < 20; i += 1) {
      wait(313);
      ask(10, 30);
    }
    expect(Math.abs(clock.now() - truth())).toBeLessThanOrEqual(100);
  }
});

test('an answer that contradicts the earlier ones is believed: the machine slept', () => {
  let steady = 0;
  const clock = new ServerClock(
    () => steady,
    () => 0,
  );
  clock.heard(1_000_000, 0, 0);
  steady = 10;
  clock.heard(9_000_000, 10, 10);
  expect(Math.abs(clock.now() - 9_000_500)).toBeLessThan(10);
});
