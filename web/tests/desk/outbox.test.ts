import { expect, test } from 'vitest';
import { Problem } from '../../src/api/problem';
import type { DeskReply } from '../../src/api/types';
import { Outbox, slowAfter, type Decision } from '../../src/desk/outbox';
import { aloneClaims } from '../../src/lib/claims';
import { memoryKeeper, memoryShelf, shelfOf, type Keeper } from '../../src/lib/durable-shelf';
import { FakeLocks } from '../lib/fake-locks';
import { taskOf } from './fake-server';

const decision = (key: string): Decision => ({
  key,
  kind: 'submit',
  person: 'u1',
  project: 'p1',
  task: taskOf(`t${key}`),
  regions: [],
  rejected: false,
  flagged: false,
  comment: '',
  activeMs: 1,
  want: 3,
});
const network = () => new Problem('network', 0, '', 'no connection');
const reply = {} as DeskReply;

function post(answers: (() => DeskReply)[], shelf = memoryShelf(), claims = aloneClaims()) {
  const sent: string[] = [];
  const timers: { ms: number; work: () => void }[] = [];
  const slow: typeof timers = [];
  const outbox = new Outbox(
    {
      shelf,
      claims,
      random: () => 0.5,
      after: (ms, work) => {
        (ms === slowAfter ? slow : timers).push({ ms, work });
        return () => {};
      },
      send: async ({ key }) => {
        sent.push(key);
        const answer = answers.shift();
        return answer ? answer() : reply;
      },
    },
    'u1',
  );
  return { outbox, sent, timers, slow, shelf };
}
const settle = () => new Promise((resolve) => setTimeout(resolve));
const fail = (problem: Problem) => () => {
  throw problem;
};

test('a decision is on the shelf before it is sent, and off it when the server has answered', async () => {
  const { outbox, shelf, sent } = post([]);
  outbox.add(decision('1'));
  expect(sent).toEqual(['1']);
  await settle();
  expect(sent).toEqual(['1']);
  expect(shelf.names('decision:')).toEqual([]);
  expect(outbox.state).toBe('idle');
});

test('without a network decisions wait, longer each time, and go in order with their own keys', async () => {
  const { outbox, sent, timers } = post([fail(network()), fail(network())]);
  outbox.add(decision('1'));
  await settle();
  outbox.add(decision('2'));
  await settle();
  expect(outbox.waiting.map(({ key }) => key)).toEqual(['1', '2']);
  timers[0]?.work();
  await settle();
  expect(timers.map(({ ms }) => ms)).toEqual([1000, 2000]);
  timers[1]?.work();
  await settle();
  expect(sent).toEqual(['1', '1', '1', '2']);
  expect(outbox.waiting).toEqual([]);
});

test('a reload sends what waited, with the same key', async () => {
  const first = post([fail(network())]);
  first.outbox.add(decision('1'));
  await settle();
  const second = post([], first.shelf);
  await second.outbox.adopt();
  expect(second.outbox.waiting).toHaveLength(1);
  await second.outbox.flush();
  expect(second.sent).toEqual(['1']);
});

test('another person’s decisions are not sent in this person’s name', async () => {
  const first = post([fail(network())]);
  first.outbox.add({ ...decision('1'), person: 'u1' });
  await settle();
  const other = new Outbox(
    {
      shelf: first.shelf,
      claims: aloneClaims(),
      random: () => 0,
      after: () => () => {},
      send: async () => reply,
    },
    'u2',
  );
  await other.adopt();
  expect(other.waiting).toEqual([]);
});

test('signed out: nothing is lost, and signing in sends it', async () => {
  const { outbox, sent } = post([fail(new Problem('unauthenticated', 401, '', ''))]);
  outbox.add(decision('1'));
  await settle();
  expect(outbox.state).toBe('signed-out');
  await outbox.flush();
  expect(sent).toEqual(['1', '1']);
  expect(outbox.waiting).toEqual([]);
});

test('a refused decision is set aside with the reason, and the next one goes on', async () => {
  const { outbox, sent, shelf } = post([
    fail(new Problem('conflict', 409, '', 'Bo holds it now.')),
  ]);
  outbox.add(decision('1'));
  outbox.add(decision('2'));
  await settle();
  expect(sent).toEqual(['1', '2']);
  expect(outbox.refused).toMatchObject([{ reason: 'Bo holds it now.', decision: { key: '1' } }]);
  expect(shelf.names('refused:')).toHaveLength(1);
  outbox.retry('1');
  await settle();
  expect(sent).toEqual(['1', '2', '1']);
  expect(outbox.refused).toEqual([]);
});

test('a decision can be taken back only before a request has carried it', async () => {
  const { outbox } = post([fail(network())]);
  outbox.add(decision('1'));
  await settle();
  outbox.add(decision('2'));
  await settle();
  expect(outbox.takeBack('2')).toBe(true);
  expect(outbox.takeBack('1')).toBe(false);
});

test('the server’s own wait is kept to, and not by everybody in the same moment', async () => {
  const { outbox, timers } = post([fail(new Problem('too_many', 429, '', '', 12))]);
  outbox.add(decision('1'));
  await settle();
  expect(timers[0]?.ms).toBe(12_500);
});

test('a server that takes long is worth a word, until it has answered', async () => {
  let answer = (_: DeskReply) => {};
  const { outbox, slow } = post([]);
  const other = new Outbox(
    {
      shelf: memoryShelf(),
      claims: aloneClaims(),
      random: () => 0,
      after: (ms, work) => {
        slow.push({ ms, work });
        return () => {};
      },
      send: () => new Promise((resolve) => (answer = resolve)),
    },
    'u1',
  );
  expect(outbox.slow).toBe(false);
  other.add(decision('1'));
  slow.at(-1)?.work();
  expect(other.slow).toBe(true);
  answer(reply);
  await settle();
  expect(other.slow).toBe(false);
});

const full: Keeper = {
  ...memoryKeeper(),
  put: () => Promise.reject(new DOMException('full', 'QuotaExceededError')),
};

test('a browser that keeps nothing is owned up to until the server has the decision', async () => {
  const { outbox } = post([fail(network())], await shelfOf(full));
  outbox.add(decision('1'));
  await settle();
  expect(outbox.keptSafely).toBe(false);
  expect(outbox.waiting).toHaveLength(1);
  await outbox.flush();
  expect(outbox.waiting).toEqual([]);
  expect(outbox.keptSafely).toBe(true);
});

test('a decision that was sent, or taken back, while it was looked at is not sent again', async () => {
  const first = post([fail(network())]);
  first.outbox.add(decision('1'));
  first.outbox.add(decision('2'));
  await settle();
  const looking = first.outbox.adopt();
  first.outbox.takeBack('2');
  await first.outbox.flush();
  await looking;
  expect(first.outbox.waiting).toEqual([]);
  expect(first.sent).toEqual(['1', '1']);
});

test('what another tab is sending is left to it, and taken over when that tab is gone', async () => {
  const browser = new FakeLocks();
  const keeper = memoryKeeper();
  const [one, other] = [browser.tab('a'), browser.tab('b')];
  const first = post([fail(network())], await shelfOf(keeper), one.claims);
  first.outbox.add(decision('1'));
  await settle();
  const second = post([], await shelfOf(keeper), other.claims);
  await second.outbox.adopt();
  expect(second.outbox.waiting).toEqual([]);
  one.close();
  await second.outbox.adopt();
  await second.outbox.flush();
  expect(second.sent).toEqual(['1']);
  expect(await keeper.all()).toEqual([]);
});
