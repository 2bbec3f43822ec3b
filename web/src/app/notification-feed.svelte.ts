// What the person is told of: how many wait unread, kept up to date by a poll that costs the server one
// look when nothing happened, and rests while the page is hidden. The list itself is read when it is opened.
import { asProblem, type Problem } from '../api';
import type { Notification, Notifications } from '../api/types';
import { sleep, whenVisible, type Sleep } from '../api/poll';

export interface NotificationServer {
  notifications(cursor: string | null): Promise<Notifications>;
  notificationsSince(
    after: string,
    etag: string,
    asking: { signal: AbortSignal },
  ): Promise<{ value: Notifications; etag: string } | null>;
  readNotifications(which: { up_to: string } | { only: string }): Promise<{ unread: number }>;
}

const pause = 15_000;
const longestPause = 120_000;

export class NotificationFeed {
  unread = $state(0);
  items = $state.raw<readonly Notification[]>([]);
  next = $state.raw<string | null>(null);
  loading = $state(false);
  problem = $state.raw<Problem | null>(null);
  #cursor = '';
  #etag = '';

  constructor(
    private readonly server: NotificationServer,
    /** Told of what came while the page was open, oldest first. */
    private readonly arrived: (items: readonly Notification[]) => void = () => {},
  ) {}

  /** Follows the list until the signal ends it. */
  async follow(signal: AbortSignal, wait: Sleep = sleep): Promise<void> {
    let rest = pause;
    while (!signal.aborted) {
      await whenVisible(signal);
      if (signal.aborted) return;
      try {
        await this.#ask(signal);
        rest = pause;
      } catch (thrown) {
        // A server that cannot be reached or a session that ended is told elsewhere.
        const after = asProblem(thrown).retryAfter ?? 0;
        rest = Math.min(Math.max(rest * 2, after * 1000), longestPause);
      }
      await wait(rest, signal);
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    if (!this.#cursor) {
      const { cursor, unread } = await this.server.notifications(null);
      if (signal.aborted) return;
      this.#cursor = cursor;
      this.unread = unread;
      return;
    }
    const found = await this.server.notificationsSince(this.#cursor, this.#etag, { signal });
    if (!found || signal.aborted) return;
    const { items, cursor, unread } = found.value;
    this.#etag = cursor === this.#cursor ? found.etag : '';
    this.#cursor = cursor;
    this.unread = unread;
    if (items.length === 0) return;
    if (this.items.length > 0) this.items = [...items.toReversed(), ...this.items];
    this.arrived(items);
  }

  /** Reads the newest, or what comes behind those that are there. */
  async load(more = false): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    this.problem = null;
    try {
      const page = await this.server.notifications(more ? this.next : null);
      this.items = more ? [...this.items, ...page.items] : page.items;
      this.next = page.next;
      this.unread = page.unread;
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
    this.loading = false;
  }

  readAll(): Promise<void> {
    const newest = this.items[0];
    return newest ? this.#read({ up_to: newest.cursor }) : Promise.resolve();
  }
  read(one: Notification): Promise<void> {
    return one.read ? Promise.resolve() : this.#read({ only: one.cursor });
  }

  async #read(which: { up_to: string } | { only: string }): Promise<void> {
    const before = this.items;
    this.items = before.map((item) =>
      'up_to' in which || item.cursor === which.only ? { ...item, read: true } : item,
    );
    try {
      this.unread = (await this.server.readNotifications(which)).unread;
    } catch (thrown) {
      this.items = before;
      this.problem = asProblem(thrown);
    }
  }
}
