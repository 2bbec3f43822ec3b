import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '../../src/api/problem';
import { DeskSession } from '../../src/desk/desk-session';
import { Outbox } from '../../src/desk/outbox';
import { sendBy } from '../../src/desk/page-outbox';
import { Walk, walkFrom, walkQuery } from '../../src/desk/walk';
import { aloneClaims } from '../../src/lib/claims';
import { memoryShelf, type DurableShelf } from '../../src/lib/durable-shelf';
import { Scope } from '../../src/lib/scope';
import { FakeServer, project } from './fake-server';

beforeEach(() => void vi.useFakeTimers({ now: 1_000 }));
afterEach(() => void vi.useRealTimers());

let seed = 1;
const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
const settle = () => vi.advanceTimersByTimeAsync(0);
const topic = project.schema.controls[0]!;

async function walkThrough(
  server: FakeServer,
  shelf: DurableShelf = memoryShelf(),
  tasks: readonly string[] = [],
) {
  const scope = new Scope();
  const { api, list } = server;
  const claims = aloneClaims();
  const after = (ms: number, work: () => void) => scope.after(ms, work);
  const now = () => Date.now();
  const outbox = new Outbox(
    { shelf, claims, random, after, send: (one) => sendBy(api, one) },
    'u1',
  );
  const ask = { id: 'w1', filter: 'text:x', sort: '', tasks, title: 'x' };
  const walk = new Walk(list, shelf, 'u1', 'p1', ask, now);
  const world = { api, shelf, claims, scope, outbox, random, now, isVisible: () => true };
  const desk = new DeskSession({ ...world, steady: () => performance.now() }, project, 'u1', walk);
  const said: string[] = [];
  desk.said.add(({ what }) => said.push(what));
  await desk.start();
  return { desk, walk, shelf, scope, said, open: () => desk.current?.task.id };
}

test('every task of the list comes once, in its order, and the end says what was done', async () => {
  const server = new FakeServer(8);
  const { desk, walk } = await walkThrough(server);
  expect(walk.total).toEqual({ count: 8, more: false });
  const opened: (string | undefined)[] = [];
  while (desk.current) {
    opened.push(desk.current.task.id);
    if (opened.length === 3) desk.skip();
    else desk.submit();
    await settle();
  }
  expect(opened).toEqual(['t1', 't2', 't3', 't4', 't5', 't6', 't7', 't8']);
  expect(walk.isOver).toBe(true);
  expect([walk.decided, walk.skipped, walk.passedCount]).toEqual([7, 1, 0]);
  expect(server.requests).not.toContain('next');
});

test('what somebody else has is passed over, and counted by why', async () => {
  const server = new FakeServer(5);
  server.withOthers.add('t1').add('t4');
  const { desk, walk, said, open } = await walkThrough(server);
  expect(open()).toBe('t2');
  expect(said).toContain('passed_over');
  while (desk.current) {
    desk.submit();
    await settle();
  }
  expect(server.annotations.map(({ task }) => task)).toEqual(['t2', 't3', 't5']);
  expect(walk.passed).toEqual([['with_another', 2]]);
  expect(walk.total.count).toBe(5);
});

test('chosen tasks come in the order they are named', async () => {
  const server = new FakeServer(5);
  const { desk, walk } = await walkThrough(server, memoryShelf(), ['t4', 't2']);
  while (desk.current) {
    desk.submit();
    await settle();
  }
  expect(server.annotations.map(({ task }) => task)).toEqual(['t4', 't2']);
  expect(walk.isOver).toBe(true);
  expect(server.requests).not.toContain('tasks');
});

test('one goes past a task and back to it, and finds it as it was left', async () => {
  const server = new FakeServer(4);
  const { desk, open } = await walkThrough(server);
  desk.current?.editor.choose(topic, 'ham');
  desk.goPast();
  desk.goPast();
  expect(open()).toBe('t3');
  expect(desk.queue.behind).toBe(2);
  desk.goBack();
  expect(open()).toBe('t2');
  desk.goBack();
  expect(open()).toBe('t1');
  expect(desk.current?.editor.chosen(topic)).toEqual(['ham']);
  expect(desk.canGoBack).toBe(false);
  desk.submit();
  expect(open()).toBe('t2');
});

test('at the end one turns back to what was gone past', async () => {
  const server = new FakeServer(3);
  const { desk, walk, open } = await walkThrough(server);
  desk.goPast();
  desk.submit();
  await settle();
  desk.goPast();
  await settle();
  expect(desk.current).toBe(null);
  expect(walk.isOver).toBe(false);
  desk.turnBack();
  expect(open()).toBe('t1');
  desk.submit();
  desk.submit();
  await settle();
  expect(walk.isOver).toBe(true);
});

test('only so many tasks are gone past at once', async () => {
  const server = new FakeServer(30);
  const { desk, said } = await walkThrough(server);
  for (let i = 0; i < 25; i += 1) {
    desk.goPast();
    await settle();
  }
  expect(desk.queue.behind).toBe(20);
  expect(said).toContain('too_many_behind');
});

test('an undone decision is open again, and counts once', async () => {
  const server = new FakeServer(3);
  const { desk, walk, open } = await walkThrough(server);
  desk.submit();
  await settle();
  await desk.undoDecision();
  expect(open()).toBe('t1');
  expect(walk.decided).toBe(0);
  while (desk.current) {
    desk.submit();
    await settle();
  }
  expect(walk.decided).toBe(3);
  expect(walk.total.count).toBe(3);
});

test('a reload goes on where one was, with what was gone past behind it', async () => {
  const server = new FakeServer(6);
  const first = await walkThrough(server);
  first.desk.submit();
  await vi.advanceTimersByTimeAsync(5);
  first.desk.goPast();
  await vi.advanceTimersByTimeAsync(5);
  expect(first.open()).toBe('t3');
  first.scope.end();
  const { desk, walk, open } = await walkThrough(server, first.shelf);
  expect(open()).toBe('t3');
  expect(walk.decided).toBe(1);
  desk.goBack();
  expect(open()).toBe('t2');
});

test('with the network gone the desk works on with what it has, and nothing is lost', async () => {
  const server = new FakeServer(3);
  const { desk, walk } = await walkThrough(server);
  const gone = () => new Problem('network', 0, '', 'no connection');
  server.failures.push(gone(), gone(), gone());
  desk.submit();
  desk.submit();
  desk.submit();
  expect(desk.outbox.waiting).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.annotations.map(({ task }) => task)).toEqual(['t1', 't2', 't3']);
  expect(walk.isOver).toBe(true);
});

test('a decision that the server refuses was passed over after all', async () => {
  const server = new FakeServer(2);
  const { desk, walk } = await walkThrough(server);
  server.passedOn.add('s-t1');
  desk.submit();
  await settle();
  expect(walk.decided).toBe(0);
  expect(walk.passed).toEqual([['with_another', 1]]);
});

test('the address of a walk says what it is over', () => {
  const query = new URLSearchParams(walkQuery({ filter: 'label:cat', sort: 'key' }, 'w7'));
  expect(walkFrom(query)).toEqual({
    id: 'w7',
    filter: 'label:cat',
    sort: 'key',
    tasks: [],
    title: '',
  });
  expect(walkFrom(new URLSearchParams('filter=x'))).toBe(null);
});
