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

const classTotal = (label: string, count: number): ClassTotal => ({
  ...{ control: 'topic', label, count },
  calibrated: count,
  expected_wrong: 0,
});
const classPage = (label: string, ...items: BatchItem[]) => ({
  ...{ total: classTotal(label, items.length), items },
  sample: null,
});

/** Spam has one draft, Ham two, and Gone none. */
async function several() {
  const given = scene();
  const { server, desk } = given;
  server.batchClasses.mockResolvedValue({
    items: [classTotal('Spam', 1), classTotal('Gone', 0), classTotal('Ham', 2)],
  });
  server.openBatch
    .mockResolvedValueOnce(classPage('Spam', item('t1')))
    .mockResolvedValueOnce(classPage('Ham', item('t2'), item('t3')));
  await desk.load();
  return given;
}

test('a class with few drafts has the next classes below it', async () => {
  const { desk, server, shown } = await several();
  expect(shown()).toBe('t1 t2 t3');
  expect(desk.sections.map(({ what }) => what.label)).toEqual(['Spam', 'Ham']);
  expect(server.openBatch).toHaveBeenLastCalledWith('p', { control: 'topic', label: 'Ham' }, 47);
});

test('the number of a draft marks it, once it is whole', async () => {
  const { desk } = scene([Array.from({ length: 12 }, (_, i) => item(`t${i + 1}`))]);
  await desk.load();
  desk.type('0');
  expect(desk.typed).toBe('0');
  desk.type('7');
  expect([...desk.marked]).toEqual(['t7']);
  expect(desk.at).toBe(6);
  desk.type('9');
  desk.type('9');
  expect([desk.typed, desk.marked.size]).toEqual(['', 1]);
  desk.type('1');
  desk.move(0);
  desk.type('0');
  expect(desk.typed, 'a move begins anew').toBe('0');
});

test('one Enter accepts each class of the page as its own, and one key takes all of it back', async () => {
  const { desk, server, news } = await several();
  desk.toggleMark(2);
  server.acceptBatch
    .mockResolvedValueOnce(stand({ id: 'b1', accepted: 1 }))
    .mockResolvedValueOnce(stand({ id: 'b2', accepted: 1, marked: 1 }));
  await desk.accept(3000);
  expect(server.acceptBatch).toHaveBeenNthCalledWith(
    1,
    'p',
    { control: 'topic', label: 'Spam' },
    { tasks: [{ task: 't1', assignment: 'st1' }], marked: [], active_ms: 1000 },
    'key',
  );
  const both = ['t2', 't3'].map((task) => ({ task, assignment: `s${task}` }));
  expect(server.acceptBatch).toHaveBeenNthCalledWith(
    2,
    'p',
    { control: 'topic', label: 'Ham' },
    { tasks: both, marked: ['t3'], active_ms: 2000 },
    'key',
  );
  await desk.undo();
  expect(server.undoBatch.mock.calls).toEqual([['b2'], ['b1']]);
  expect(news).toEqual(['accepted', 'undone']);
  expect(desk.canUndo).toBe(false);
});

test('what went through before a refusal can be taken back, and is not sent again', async () => {
  const { desk, server, news, shown } = await several();
  server.acceptBatch
    .mockResolvedValueOnce(stand({ id: 'b1', accepted: 1 }))
    .mockRejectedValueOnce(new Problem('network', 0, '', 'no connection'));
  await desk.accept(3000);
  expect(news).toEqual(['refused']);
  expect(shown()).toBe('t2 t3');
  expect(desk.canUndo).toBe(true);
});

test('a class that has nothing left makes room for the next that has', async () => {
  const { desk, server } = scene([[item('t1')]]);
  server.batchClasses.mockResolvedValue({ items: [classTotal('Spam', 3), classTotal('Ham', 0)] });
  await desk.load();
  desk.classes = [classTotal('Spam', 1), classTotal('Ham', 1)];
  server.openBatch
    .mockResolvedValueOnce(classPage('Spam'))
    .mockResolvedValueOnce(classPage('Ham', item('t9')));
  await desk.accept(1);
  expect(desk.what?.label).toBe('Ham');
  expect(desk.items.map(({ task }) => task.id)).toEqual(['t9']);
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
