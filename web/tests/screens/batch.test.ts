import { expect, test, vi } from 'vitest';
import { Problem } from '../../src/api/problem';
import type { BatchItem, BatchStand, ClassTotal, Progress } from '../../src/api/types';
import {
  BatchDesk,
  isGoodEnough,
  type BatchNews,
  type BatchServer,
} from '../../src/screens/batch/batch-desk.svelte';

const what = { control: 'topic', label: 'Spam' };
const item = (id: string, probability = 0.9, calibrated = true): BatchItem => ({
  task: { id } as BatchItem['task'],
  media: null,
  assignment: `s${id}`,
  until: 0,
  regions: [],
  probability,
  calibrated,
});
const stand = (more: Partial<BatchStand> = {}): BatchStand => ({
  ...what,
  id: 'b1',
  population: 0,
  sample: 0,
  alpha: 0,
  delta: 0,
  errors: -1,
  most_wrong: -1,
  accepted: 0,
  marked: 0,
  lost: 0,
  remaining: 0,
  undone: false,
  progress: {} as Progress,
  ...more,
});

function scene(pages: BatchItem[][] = [[item('t1', 0.5), item('t2'), item('t3')], [item('t4')]]) {
  const left = [...pages];
  const total: ClassTotal = { ...what, count: 3, calibrated: 3, expected_wrong: 0.7 };
  const server = {
    batchClasses: vi.fn(async () => ({ items: [total] })),
    openBatch: vi.fn(async () => ({ total, items: left.shift() ?? [], sample: null })),
    acceptBatch: vi.fn(async () => stand({ accepted: 2, marked: 1 })),
    undoBatch: vi.fn(async () => stand({ undone: true })),
    sampleItems: vi.fn(async () => ({ batch: stand({ population: 900, sample: 2 }), items: [] })),
    reviewSample: vi.fn(async () => stand({ population: 900, sample: 2 })),
    acceptRest: vi.fn(async () => stand({ accepted: 4 })),
  } satisfies BatchServer;
  const news: BatchNews['kind'][] = [];
  const desk = new BatchDesk(
    server,
    'p',
    ({ kind }) => news.push(kind),
    () => {},
    () => 'key',
  );
  const shown = () => desk.items.map(({ task }) => task.id).join(' ');
  return { server, desk, news, shown };
}

test('the class with most tasks is open from the start', async () => {
  const { desk, shown } = scene();
  await desk.load();
  expect(desk.what).toEqual(what);
  expect(shown()).toBe('t1 t2 t3');
});

test('what is marked is neither accepted nor expected wrong', async () => {
  const { desk, server, news, shown } = scene();
  await desk.load();
  expect(desk.expectedWrong).toBeCloseTo(0.7);
  desk.toggleMark();
  expect(desk.accepting).toHaveLength(2);
  expect(desk.expectedWrong).toBeCloseTo(0.2);
  await desk.accept(1200);
  expect(server.acceptBatch).toHaveBeenCalledWith(
    'p',
    what,
    {
      tasks: [
        { task: 't1', assignment: 'st1' },
        { task: 't2', assignment: 'st2' },
        { task: 't3', assignment: 'st3' },
      ],
      marked: ['t1'],
      active_ms: 1200,
    },
    'key',
  );
  expect(news).toEqual(['accepted']);
  expect(shown()).toBe('t4');
  expect(desk.marked.size).toBe(0);
});

test('a second Enter while the first is on its way accepts nothing', async () => {
  const { desk, server } = scene();
  await desk.load();
  void desk.accept(1);
  await desk.accept(1);
  expect(server.acceptBatch).toHaveBeenCalledTimes(1);
});

test('a large batch is taken back step by step, until nothing of it is left', async () => {
  const { desk, server, news } = scene();
  await desk.load();
  expect(desk.canUndo).toBe(false);
  await desk.accept(1);
  server.undoBatch.mockResolvedValueOnce(stand({ remaining: 500 }));
  await desk.undo();
  expect(server.undoBatch).toHaveBeenCalledTimes(2);
  expect(news).toEqual(['accepted', 'undone']);
  expect(desk.canUndo).toBe(false);
});

test('a batch that cannot be taken back now can be tried again', async () => {
  const { desk, server, news } = scene();
  await desk.load();
  await desk.accept(1);
  server.undoBatch.mockRejectedValueOnce(new Problem('network', 0, '', 'no connection'));
  await desk.undo();
  expect(news).toEqual(['accepted', 'refused']);
  expect(desk.canUndo).toBe(true);
});

test('the rest of a sampled batch is accepted in steps', async () => {
  const { desk, server, news } = scene();
  await desk.load();
  await desk.startSample(stand({ population: 900 }));
  server.acceptRest.mockResolvedValueOnce(stand({ accepted: 2, remaining: 200 }));
  await desk.acceptRest();
  expect(server.acceptRest).toHaveBeenCalledTimes(2);
  expect(news).toEqual(['rest']);
  expect(desk.sampled).toBeNull();
  expect(desk.canUndo).toBe(true);
});

test('only a bound that was stated and is within what was asked for is good enough', () => {
  const asked = { population: 1000, alpha: 0.02 };
  expect(isGoodEnough(stand({ ...asked, most_wrong: -1 }))).toBe(false);
  expect(isGoodEnough(stand({ ...asked, most_wrong: 20 }))).toBe(true);
  expect(isGoodEnough(stand({ ...asked, most_wrong: 21 }))).toBe(false);
});
