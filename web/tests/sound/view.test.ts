import { expect, test, vi } from 'vitest';
import { noLabelStyle } from '../../src/desk/label-style';
import { hitAt } from '../../src/sound/hit';
import { lanesOf, type Laid } from '../../src/sound/lanes';
import { levelFor, Peaks } from '../../src/sound/peaks';
import {
  clockText,
  fittedTime,
  pannedTime,
  showing,
  ticks,
  timeAt,
  xOf,
  zoomedTime,
  zoomedToTime,
} from '../../src/sound/time-view';
import type { Block } from '../../src/sound/wave-canvas';
import { rowAt, topsOf, windowIn } from '../../src/ui/row-heights';

test('what is under the pointer stays there when the view zooms', () => {
  const fitted = fittedTime(7200, 1000);
  const near = zoomedTime(fitted, 300, 8, 7200, 1000);
  expect(timeAt(near, 300)).toBeCloseTo(timeAt(fitted, 300), 9);
  expect(zoomedTime(near, 0, 1e-9, 7200, 1000)).toEqual(fitted);
});

test('the view stays inside the recording', () => {
  const near = zoomedTime(fittedTime(60, 600), 300, 4, 60, 600);
  expect(pannedTime(near, -1e6, 60, 600).from).toBe(0);
  expect(xOf(pannedTime(near, 1e6, 60, 600), 60)).toBeCloseTo(600, 9);
});

test('a time out of sight is brought in, one in sight moves nothing', () => {
  const near = zoomedTime(fittedTime(60, 600), 0, 6, 60, 600);
  expect(showing(near, 5, 60, 600)).toBe(near);
  expect(xOf(showing(near, 30, 60, 600), 30)).toBeCloseTo(75, 9);
});

test('a segment zoomed to has the middle half of the stage', () => {
  const view = zoomedToTime({ start: 20, end: 22 }, 60, 600);
  expect([xOf(view, 20), xOf(view, 22)].map(Math.round)).toEqual([150, 450]);
});

test('times are written as long as they are, and rounding carries', () => {
  expect(clockText(7.25, 2)).toBe('0:07.25');
  expect(clockText(59.999, 2)).toBe('1:00.00');
  expect(clockText(3723)).toBe('1:02:03');
  expect(clockText(3599.6)).toBe('1:00:00');
});

test('marks of the ruler are never closer than they can be read', () => {
  for (const scale of [0.1, 1, 3, 90, 2000]) {
    const marks = ticks({ from: 3.3, scale }, 900);
    const gaps = marks.slice(1).map(({ time }, i) => (time - marks[i]!.time) * scale);
    if (scale > 0.1) expect(Math.min(...gaps)).toBeGreaterThanOrEqual(83.9);
    expect(new Set(marks.map(({ text }) => text)).size).toBe(marks.length);
  }
});

test('the level asked for is the coarsest with a pair for each pixel', () => {
  expect(levelFor(1000 / 3600)).toBe(8);
  expect(levelFor(100)).toBe(0);
  expect(levelFor(5000)).toBe(0);
  expect(levelFor(0)).toBe(15);
});

test('each level is fetched once, and the nearest stands in until it is here', async () => {
  const load = vi.fn((url: string) => Promise.resolve(new Int8Array([-url.length, 50])));
  const peaks = new Peaks('/m', load);
  expect(peaks.at(1)).toBeNull();
  await vi.waitFor(() => expect(peaks.at(1)).not.toBeNull());
  expect(peaks.at(100)?.rate).toBe(100 / 64);
  await vi.waitFor(() => expect(peaks.at(100)?.rate).toBe(100));
  peaks.at(100);
  expect(load.mock.calls.map(([url]) => url)).toEqual(['/m/peaks?level=6', '/m/peaks?level=0']);
});

test('a waveform that cannot be had says so, and can be asked for again', async () => {
  let works = false;
  const peaks = new Peaks('/m', () =>
    works ? Promise.resolve(new Int8Array(2)) : Promise.reject(new Error('no')),
  );
  peaks.at(1);
  await vi.waitFor(() => expect(peaks.failed).toBe(true));
  works = true;
  peaks.again();
  peaks.at(1);
  await vi.waitFor(() => expect(peaks.at(1)).not.toBeNull());
  expect(peaks.failed).toBe(false);
});

const laid = (id: string, label: string, start: number, end: number): Laid => ({
  id,
  label,
  start,
  end,
});

test('each label has a lane, in the schema’s order, and one that overlaps itself has more', () => {
  const { lanes, of } = lanesOf(
    [laid('x', 'B', 0, 4), laid('y', 'B', 2, 5), laid('z', 'B', 4, 6), laid('w', 'C', 0, 9)],
    ['A', 'B', 'C'],
    ['A'],
    100,
  );
  expect(lanes.map(({ label, first }) => `${label}${first ? '' : "'"}`)).toEqual([
    'A',
    'B',
    "B'",
    'C',
  ]);
  expect(of.get('x')).toBe(of.get('z'));
  expect(of.get('y')!.top).toBeGreaterThan(of.get('x')!.top);
});

test('edges in lanes can be taken, on the waveform only those of the selected segment', () => {
  const { lanes, of } = lanesOf([laid('a', 'A', 1, 3), laid('b', 'A', 4, 8)], ['A'], [], 100);
  const block = (id: string, start: number, end: number): Block => ({
    id,
    start,
    end,
    lane: of.get(id)!,
    style: noLabelStyle,
    text: '',
    maybe: false,
    selected: id === 'b',
  });
  const stage = {
    blocks: [block('a', 1, 3), block('b', 4, 8)],
    lanes,
    view: { from: 0, scale: 100 },
    ruler: 20,
  };
  const at = (x: number, y: number) => hitAt(stage, x, y);
  expect(at(300, 110)).toEqual({ on: 'edge', id: 'a', edge: 'end' });
  expect(at(300, 50)).toEqual({ on: 'wave' });
  expect(at(401, 50)).toEqual({ on: 'edge', id: 'b', edge: 'start' });
  expect(at(200, 50)).toEqual({ on: 'segment', id: 'a', inLane: false });
  expect(at(350, 110)).toEqual({ on: 'lane', label: 'A' });
  expect(at(350, 10)).toEqual({ on: 'ruler' });
});

test('rows of any height: only those in view are drawn, and the rest keeps its room', () => {
  const ids = Array.from({ length: 1000 }, (_, i) => `${i}`);
  const tops = topsOf(ids, new Map([['0', 100]]), 20);
  expect(tops[1000]).toBe(100 + 999 * 20);
  expect(rowAt(tops, 99)).toBe(0);
  expect(rowAt(tops, 100)).toBe(1);
  const shown = windowIn(tops, 10_000, 400);
  expect(shown.end - shown.first).toBeLessThan(40);
  const drawn = tops[shown.end]! - tops[shown.first]!;
  expect(shown.above + drawn + shown.below).toBe(tops[1000]);
  expect(windowIn(topsOf([], new Map(), 20), 0, 400).end).toBe(0);
});
