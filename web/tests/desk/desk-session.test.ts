import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '../../src/api/problem';
import { DeskSession } from '../../src/desk/desk-session';
import { Outbox } from '../../src/desk/outbox';
import { sendBy } from '../../src/desk/page-outbox';
import { Scope } from '../../src/lib/scope';
import { aloneClaims, type Claims } from '../../src/lib/claims';
import { memoryKeeper, memoryShelf, shelfOf, type DurableShelf } from '../../src/lib/durable-shelf';
import { FakeLocks } from '../lib/fake-locks';
import { FakeServer, project } from './fake-server';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const network = () => new Problem('network', 0, '', 'no connection');
const topic = project.schema.controls[0]!;
let seed = 1;
const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;

async function sitDown(
  server: FakeServer,
  shelf: DurableShelf = memoryShelf(),
  claims: Claims = aloneClaims(),
) {
  const scope = new Scope();
  const { api } = server;
  const after = (ms: number, work: () => void) => scope.after(ms, work);
  const outbox = new Outbox(
    { shelf, claims, random, after, send: (one) => sendBy(api, one) },
    'u1',
  );
  const desk = new DeskSession(
    {
      ...{ api, shelf, claims, scope, outbox, random },
      now: () => Date.now(),
      steady: () => performance.now(),
      isVisible: () => true,
    },
    project,
    'u1',
  );
  const said: string[] = [];
  desk.said.add(({ what }) => said.push(what));
  await desk.start();
  return { desk, shelf, scope, said, open: () => desk.current?.task.id };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

test('accepting opens the next task in the same turn, before the server has answered', async () => {
  const server = new FakeServer(5);
  const { desk, open } = await sitDown(server);
  expect(open()).toBe('t1');
  desk.submit();
  expect(open()).toBe('t2');
  expect(server.annotations).toHaveLength(0);
  await settle();
  expect(server.annotations).toMatchObject([{ task: 't1', regions: [{ labels: ['spam'] }] }]);
});

test('every task is decided once and in order, though replies name tasks that were decided', async () => {
  const server = new FakeServer(12);
  const { desk } = await sitDown(server);
  while (desk.current) {
    desk.submit();
    if (desk.progress.done % 3 === 0) await settle();
    if (!desk.current) await settle();
  }
  expect(server.annotations.map(({ task }) => task)).toEqual(
    Array.from({ length: 12 }, (_, i) => `t${i + 1}`),
  );
});

test('a desk that was emptied faster than the server answers is getting tasks, not done', async () => {
  const server = new FakeServer(9);
  const { desk, open } = await sitDown(server);
  while (desk.current) {
    desk.submit();
    expect(desk.loading).toBe(!desk.current);
  }
  await settle();
  expect(open()).toBe('t4');
  while (desk.current) {
    desk.submit();
    await settle();
  }
  expect(desk.loading).toBe(false);
});

test('with the network gone the desk works on with what it has, and sends it once when it is back', async () => {
  const server = new FakeServer(3);
  const { desk, open } = await sitDown(server);
  server.failures.push(network(), network(), network(), network());
  desk.submit();
  desk.submit();
  expect(open()).toBe('t3');
  expect(desk.outbox.waiting).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.annotations.map(({ task }) => task)).toEqual(['t1', 't2']);
  expect(desk.outbox.waiting).toEqual([]);
});

test('an answer that got through though its reply was lost is recorded once', async () => {
  const server = new FakeServer(3);
  const { desk } = await sitDown(server);
  const submit = server.api.submit;
  let lost = false;
  server.api.submit = async (...asked) => {
    const reply = await submit(...asked);
    if (lost) return reply;
    lost = true;
    throw network();
  };
  desk.submit();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(server.annotations).toHaveLength(1);
  expect(desk.outbox.waiting).toEqual([]);
});

test('edits are kept here at once and on the server a moment later', async () => {
  const server = new FakeServer(2);
  const { desk, shelf } = await sitDown(server);
  desk.current?.editor.choose(topic, 'ham');
  await vi.advanceTimersByTimeAsync(200);
  expect(shelf.names('work:u1:')).toEqual(['work:u1:t1']);
  expect(desk.saved).toBe('here');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.works.get('t1')).toMatchObject({ regions: [{ labels: ['ham'] }] });
  expect(desk.saved).toBe('there');
});

test('a reload brings the desk back as it was: the same task, the same edits', async () => {
  const server = new FakeServer(4);
  const first = await sitDown(server);
  first.desk.submit();
  await settle();
  first.desk.current?.editor.choose(topic, 'ham');
  first.desk.setNote('sarcasm');
  first.desk.setVisible(false);
  first.scope.end();
  const again = await sitDown(server, first.shelf);
  expect(again.open()).toBe('t2');
  expect(again.desk.current?.editor.chosen(topic)).toEqual(['ham']);
  expect(again.desk.current?.editor.note).toBe('sarcasm');
});

test('undo brings the decision back as it was, and the open task waits its turn', async () => {
  const server = new FakeServer(4);
  const { desk, open, said } = await sitDown(server);
  desk.current?.editor.choose(topic, 'ham');
  desk.submit();
  await settle();
  desk.current?.editor.choose(topic, 'ham');
  await desk.undoDecision();
  expect(open()).toBe('t1');
  expect(desk.current?.editor.chosen(topic)).toEqual(['ham']);
  desk.submit();
  expect(open()).toBe('t2');
  expect(desk.current?.editor.chosen(topic)).toEqual(['ham']);
  await settle();
  expect(server.annotations.filter(({ withdrawn }) => !withdrawn)).toHaveLength(1);
  expect(said).toContain('undone');
});

test('ten decisions can be undone, one after the other, after a reload too', async () => {
  const server = new FakeServer(14);
  const first = await sitDown(server);
  for (let i = 0; i < 12; i += 1) {
    first.desk.submit();
    await settle();
  }
  first.scope.end();
  const { desk, open } = await sitDown(server, first.shelf);
  const opened: (string | undefined)[] = [];
  for (let i = 0; i < 11; i += 1) {
    await desk.undoDecision();
    opened.push(open());
  }
  expect(opened.slice(0, 10)).toEqual([
    't12',
    't11',
    't10',
    't9',
    't8',
    't7',
    't6',
    't5',
    't4',
    't3',
  ]);
  expect(desk.canUndoDecision).toBe(false);
});

test('a decision that has not been sent is taken back without the server', async () => {
  const server = new FakeServer(4);
  const { desk, open } = await sitDown(server);
  server.failures.push(network());
  desk.submit();
  await settle();
  desk.submit();
  await settle();
  await desk.undoDecision();
  expect(open()).toBe('t2');
  expect(server.requests).not.toContain('undo');
});

test('a decision on its way is undone as soon as it has arrived', async () => {
  const server = new FakeServer(4);
  const { desk, open, said } = await sitDown(server);
  server.failures.push(network());
  desk.submit();
  await settle();
  await desk.undoDecision();
  expect(said).toContain('undo_once_sent');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(open()).toBe('t1');
  expect(server.annotations[0]?.withdrawn).toBe(1);
});

test('a conflict loses nothing: the answer is set aside and can be opened again', async () => {
  const server = new FakeServer(3);
  const { desk, open, said } = await sitDown(server);
  desk.current?.editor.choose(topic, 'ham');
  server.passedOn.add('s-t1');
  desk.submit();
  await settle();
  expect(said).toContain('refused');
  const refused = desk.outbox.refused[0]!;
  expect(refused.reason).toContain('somebody else');
  desk.reopenRefused(refused.decision.key);
  expect(open()).toBe('t1');
  expect(desk.current?.editor.chosen(topic)).toEqual(['ham']);
});

test('leases are renewed while a person works, and the desk says when one has passed on', async () => {
  const server = new FakeServer(3);
  const { desk } = await sitDown(server);
  server.passedOn.add('s-t2');
  for (let minute = 0; minute < 9; minute += 1) {
    await vi.advanceTimersByTimeAsync(60_000);
    desk.touch();
  }
  expect(server.requests).toContain('renew');
  expect(desk.queue.all().map(({ id }) => id)).not.toContain('t2');
  server.passedOn.add('s-t1');
  desk.current?.editor.choose(topic, 'ham');
  await vi.advanceTimersByTimeAsync(1_500);
  expect(desk.leaseLost).toBe(true);
  expect(desk.current?.editor.chosen(topic)).toEqual(['ham']);
});

test('a person who walked away does not hold tasks for ever', async () => {
  const server = new FakeServer(3);
  await sitDown(server);
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  const renewed = server.requests.filter((request) => request === 'renew').length;
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(server.requests.filter((request) => request === 'renew')).toHaveLength(renewed);
});

test('time counts while a person is there; a long pause counts as thirty seconds', async () => {
  const server = new FakeServer(3);
  const { desk } = await sitDown(server);
  await vi.advanceTimersByTimeAsync(4_000);
  desk.touch();
  await vi.advanceTimersByTimeAsync(300_000);
  desk.touch();
  await vi.advanceTimersByTimeAsync(1_000);
  desk.submit();
  await settle();
  expect(server.annotations[0]?.active_ms).toBe(35_000);
});

test('an empty desk looks again by itself', async () => {
  const server = new FakeServer(1);
  const { desk, open } = await sitDown(server);
  desk.submit();
  await settle();
  expect(open()).toBeUndefined();
  const before = server.requests.length;
  await vi.advanceTimersByTimeAsync(16_000);
  expect(server.requests.length).toBeGreaterThan(before);
});

test('a task that was skipped comes back when the server gives it again, under a new assignment', async () => {
  const server = new FakeServer(2);
  const { desk, open } = await sitDown(server);
  desk.skip();
  await settle();
  expect(open()).toBe('t2');
  server.giveAgain('t1');
  desk.submit();
  await settle();
  expect(open()).toBe('t1');
});

test('two tabs of one person share the tasks out, and each is decided once', async () => {
  const server = new FakeServer(8);
  const browser = new FakeLocks();
  const keeper = memoryKeeper();
  const one = await sitDown(server, await shelfOf(keeper), browser.tab('a').claims);
  const other = await sitDown(server, await shelfOf(keeper), browser.tab('b').claims);
  const heldBy = ({ desk }: typeof one) =>
    [desk.current!.task, ...desk.queue.all()].map((t) => t.id);
  expect(heldBy(one)).toEqual(['t1', 't2', 't3']);
  expect(heldBy(other)).toEqual(['t4', 't5', 't6']);
  while (one.desk.current || other.desk.current) {
    if (one.desk.current) one.desk.submit();
    if (other.desk.current) other.desk.submit();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(server.annotations.map(({ task }) => task).sort()).toEqual(
    Array.from({ length: 8 }, (_, i) => `t${i + 1}`),
  );
});

test('a tab that is closed hands its tasks on, with what was done on them', async () => {
  const server = new FakeServer(3);
  const browser = new FakeLocks();
  const keeper = memoryKeeper();
  const closed = browser.tab('a');
  const one = await sitDown(server, await shelfOf(keeper), closed.claims);
  const other = await sitDown(server, await shelfOf(keeper), browser.tab('b').claims);
  expect(other.open()).toBeUndefined();
  one.desk.current?.editor.choose(topic, 'ham');
  one.desk.setVisible(false);
  await settle();
  one.scope.end();
  closed.close();
  await vi.advanceTimersByTimeAsync(100);
  expect(other.open()).toBe('t1');
  expect(other.desk.current?.editor.chosen(topic)).toEqual(['ham']);
});

test('what a closed tab had decided and not sent is sent, and not asked again', async () => {
  const server = new FakeServer(3);
  const browser = new FakeLocks();
  const keeper = memoryKeeper();
  const closed = browser.tab('a');
  const one = await sitDown(server, await shelfOf(keeper), closed.claims);
  const other = await sitDown(server, await shelfOf(keeper), browser.tab('b').claims);
  server.failures.push(network());
  one.desk.submit();
  await settle();
  one.scope.end();
  closed.close();
  await vi.advanceTimersByTimeAsync(100);
  await other.desk.outbox.flush();
  while (other.desk.current) {
    expect(other.open()).not.toBe('t1');
    other.desk.submit();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(server.annotations.map(({ task }) => task).sort()).toEqual(['t1', 't2', 't3']);
});

test('leaving the desk in one tab does not take the tasks from under another', async () => {
  const server = new FakeServer(8);
  const browser = new FakeLocks();
  const one = await sitDown(server, memoryShelf(), browser.tab('a').claims);
  await sitDown(server, memoryShelf(), browser.tab('b').claims);
  await one.desk.leave();
  expect(server.requests).not.toContain('release');
});

test('an edit that neither this browser nor the server has is told, until one of them has it', async () => {
  const server = new FakeServer(2);
  const put = () => Promise.reject(new Error('full'));
  const { desk } = await sitDown(server, await shelfOf({ ...memoryKeeper(), put }));
  server.failures.push(network(), network());
  desk.current?.editor.choose(topic, 'ham');
  await vi.advanceTimersByTimeAsync(1_100);
  expect(desk.saved).toBe('nowhere');
  expect(desk.isUnsaved).toBe(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(desk.saved).toBe('there');
  expect(desk.isUnsaved).toBe(false);
});

test('a busy server is asked again no sooner than it said', async () => {
  const server = new FakeServer(2);
  server.failures.push(new Problem('unavailable', 503, '', 'busy', 20));
  const { open } = await sitDown(server);
  await vi.advanceTimersByTimeAsync(19_000);
  expect(server.requests).toEqual(['next']);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(open()).toBe('t1');
});

test('first tasks are compared one by one before the next opens, and work comes when they are passed', async () => {
  const server = new FakeServer(4);
  server.onboarding = {
    state: 'underway',
    round: 1,
    answered: 0,
    wanted: 2,
    least: 0.8,
    score: null,
    unseen: [],
    starved: false,
  };
  const { desk, open } = await sitDown(server);
  expect(open()).toBe('t1');
  desk.submit();
  expect(open()).toBeUndefined();
  await settle();
  expect(desk.feedback?.answer.task).toBe('t1');
  expect(open()).toBeUndefined();
  desk.goOn();
  await settle();
  expect(open()).toBe('t2');
  desk.submit();
  await settle();
  expect(desk.feedback?.onboarding.state).toBe('passed');
  desk.goOn();
  await settle();
  expect(open()).toBe('t3');
  expect(desk.onboarding).toBeNull();
  desk.submit();
  expect(open()).toBe('t4');
});

test('a trusted answer that was not looked at before the page closed is shown when it opens', async () => {
  const server = new FakeServer(3);
  server.onboarding = {
    state: 'underway',
    round: 1,
    answered: 0,
    wanted: 1,
    least: 0.8,
    score: null,
    unseen: [],
    starved: false,
  };
  server.ends = 'failed';
  await server.api.submit('t1', { assignment: 's-t1', regions: [], active_ms: 1 }, 'k');
  const { desk, open } = await sitDown(server);
  await settle();
  expect(open()).toBeUndefined();
  expect(desk.feedback?.onboarding.state).toBe('failed');
});

test('a save that is under way when its task is decided is called off, and says nothing', async () => {
  const server = new FakeServer(1);
  const { desk, said } = await sitDown(server);
  let letGo = () => {};
  server.holdWork = new Promise((resolve) => (letGo = resolve));
  desk.current!.editor.choose(topic, 'ham');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.requests.filter((call) => call === 'work')).toHaveLength(1);
  desk.submit();
  letGo();
  await settle();
  expect(server.works.size).toBe(0);
  expect(server.annotations).toMatchObject([{ task: 't1', regions: [{ labels: ['ham'] }] }]);
  expect(desk.leaseLost).toBe(false);
  expect(said).toEqual(['submitted']);
});

test('work on a task that has passed on is told, as nobody has decided it here', async () => {
  const server = new FakeServer(2);
  const { desk } = await sitDown(server);
  server.passedOn.add(desk.current!.task.assignment.id);
  desk.current!.editor.choose(topic, 'ham');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(desk.leaseLost).toBe(true);
});

test('tasks are given back only once work that is on its way has arrived', async () => {
  const server = new FakeServer(2);
  const { desk } = await sitDown(server);
  let letGo = () => {};
  server.holdWork = new Promise((resolve) => (letGo = resolve));
  desk.current!.editor.choose(topic, 'ham');
  const left = desk.leave();
  await settle();
  expect(server.requests).not.toContain('release');
  letGo();
  await left;
  expect(server.works.get('t1')).toBeDefined();
  expect(server.requests.slice(-2)).toEqual(['work', 'release']);
});

test('a task that was sent back opens with its former answer, and afresh with its draft', async () => {
  const server = new FakeServer(1);
  const task = server.first;
  const ham = { ...task.regions[0]!, labels: ['ham'] };
  server.first = { ...task, former: { own: true, created: 1, regions: [ham] } };
  const { desk } = await sitDown(server);
  const { editor } = desk.current!;
  expect(editor.store.all()).toMatchObject([{ labels: ['ham'] }]);
  expect(editor.edited).toBe(true);
  expect(desk.saved).toBe('clean');
  editor.startAfresh();
  expect(editor.store.all()).toMatchObject([{ labels: ['spam'] }]);
  expect(editor.edited).toBe(false);
  editor.history.undo();
  expect(editor.store.all()).toMatchObject([{ labels: ['ham'] }]);
});

test('work that was saved since is where a task that was sent back goes on', async () => {
  const server = new FakeServer(1);
  const task = server.first;
  const labelled = (label: string) => [{ ...task.regions[0]!, labels: [label] }];
  server.first = {
    ...task,
    work: { regions: labelled('spam'), saved: 5 },
    former: { own: false, created: 1, regions: labelled('ham') },
  };
  const { desk } = await sitDown(server);
  expect(desk.current!.editor.store.all()).toMatchObject([{ labels: ['spam'] }]);
});
