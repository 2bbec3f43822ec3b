import { expect, test, vi } from 'vitest';
import type { Notification, Notifications } from '../../src/api/types';
import { NotificationFeed } from '../../src/app/notification-feed.svelte';
import { notificationPlace, notificationText } from '../../src/app/notification-text';

const note = (cursor: string, more: Partial<Notification> = {}): Notification => ({
  cursor,
  kind: 'mentioned',
  project: 'p1',
  project_name: 'Mail',
  task: 't1',
  task_key: 'm1',
  by: 'Bo',
  said: '',
  number: 0,
  job: null,
  job_kind: '',
  job_state: null,
  read: false,
  created: 0,
  ...more,
});
const page = (items: Notification[], cursor: string, unread = items.length): Notifications => ({
  items,
  next: null,
  cursor,
  unread,
});

/** A server that answers one poll after the other; the feed ends when it has no answer left. */
function scene(...answers: (Notifications | null | Error)[]) {
  const ending = new AbortController();
  const asked: string[] = [];
  const server = {
    notifications: vi.fn(async () => page([note('z1')], 'z1')),
    notificationsSince: vi.fn(async (after: string, etag: string) => {
      asked.push(`${after} ${etag}`.trim());
      const answer = answers.shift();
      if (answers.length === 0) ending.abort();
      if (answer instanceof Error) throw answer;
      return answer ? { value: answer, etag: `e-${after}` } : null;
    }),
    readNotifications: vi.fn(async () => ({ unread: 0 })),
  };
  const came: string[] = [];
  const feed = new NotificationFeed(server, (items) =>
    came.push(...items.map(({ cursor }) => cursor)),
  );
  const waits: number[] = [];
  const follow = () =>
    feed.follow(ending.signal, async (milliseconds) => void waits.push(milliseconds));
  return { feed, server, asked, came, waits, follow };
}

test('each poll goes on behind the last, with the mark of an ask that found nothing', async () => {
  const at = scene(page([], 'z1', 1), null, page([note('z2')], 'z2', 2), page([], 'z2', 2), null);
  await at.follow();
  expect(at.asked).toEqual(['z1', 'z1 e-z1', 'z1 e-z1', 'z2', 'z2 e-z2']);
  expect(at.came).toEqual(['z2']);
  expect(at.feed.unread).toBe(2);
});

test('a server that cannot be reached is asked less often, and as before when it is back', async () => {
  const at = scene(new Error('gone'), new Error('gone'), null, null);
  await at.follow();
  const [first, second, third, fourth] = at.waits;
  expect(second).toBe(first! * 2);
  expect(third).toBe(first! * 4);
  expect(fourth).toBe(first);
});

test('reading one or all shows at once, and comes back when the server refuses', async () => {
  const { feed, server } = scene(null);
  server.notifications.mockResolvedValue(page([note('z3'), note('z2')], 'z3'));
  await feed.load();
  await feed.read(feed.items[1]!);
  expect(server.readNotifications).toHaveBeenLastCalledWith({ only: 'z2' });
  expect(feed.items.map(({ read }) => read)).toEqual([false, true]);
  await feed.readAll();
  expect(server.readNotifications).toHaveBeenLastCalledWith({ up_to: 'z3' });
  expect(feed.unread).toBe(0);
  await feed.load();
  server.readNotifications.mockRejectedValueOnce(new Error('no'));
  await feed.readAll();
  expect(feed.items.every(({ read }) => !read)).toBe(true);
  expect(feed.problem).not.toBeNull();
});

test('every kind is a sentence and has a place', () => {
  expect(notificationText(note('z'))).toBe('Bo mentioned you under m1');
  expect(notificationText(note('z', { kind: 'assigned', number: 1 }))).toBe('Bo gave you 1 task');
  const job = note('z', { kind: 'job_ended', job_kind: 'import', by: '', task: null });
  expect(notificationText({ ...job, job_state: 'dead' })).toBe('Import files: failed');
  expect(notificationText({ ...job, job_state: 'running' })).toBe('Import files: runs again');
  expect(notificationText(note('z', { kind: 'sent_back', by: '' }))).toMatch(/^Somebody asked/);
  expect(notificationPlace(note('z'))).toBe('/projects/p1/tasks/t1');
  expect(notificationPlace(job)).toBe('/projects/p1/jobs');
  expect(notificationPlace(note('z', { kind: 'dispute_waits' }))).toBe('/projects/p1/disputes');
  expect(notificationPlace(note('z', { kind: 'taken_back' }))).toBe('/projects/p1/desk');
});
