// What the tabs of one browser share out among themselves. A name is claimed by one tab at a time; the
// browser ends the claims of a tab that is closed, crashes or is killed, and the others are told.
import { Observers } from './observers';

export interface Claims {
  /** True: this tab holds it, and no other can until it lets go or is gone. */
  take(name: string): Promise<boolean>;
  holds(name: string): boolean;
  letGo(name: string): void;
  /** How many names with this beginning other tabs hold. */
  heldElsewhere(prefix: string): Promise<number>;
  /** Another tab let something go, or is gone. */
  readonly freed: Observers<void>;
}

/** Every name is ours: for what no other tab can see, and for browsers without Web Locks. The server's leases
 * still hold there: of two tabs that decide one task, the second is refused and keeps its answer. */
export function aloneClaims(): Claims {
  const held = new Set<string>();
  return {
    take: async (name) => held.add(name).has(name),
    holds: (name) => held.has(name),
    letGo: (name) => void held.delete(name),
    heldElsewhere: async () => 0,
    freed: new Observers(),
  };
}

/** The part of `navigator.locks` that is needed. */
export interface Locks {
  request(
    name: string,
    options: { ifAvailable?: boolean },
    work: (lock: unknown) => Promise<void> | void,
  ): Promise<void>;
  query(): Promise<{ held?: { name?: string }[] }>;
}

/** The part of a BroadcastChannel that is needed. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** `tab` is a name no other tab has. */
export function sharedClaims(locks: Locks, channel: Channel, tab: string): Claims {
  const held = new Map<string, () => void>();
  const watched = new Set([tab]);
  const freed = new Observers<void>();
  const lifeOf = (other: string) => `tab:${other}`;

  /** Waits for what `other` holds as long as it lives. */
  function watch(other: string): void {
    if (watched.has(other)) return;
    watched.add(other);
    void locks
      .request(lifeOf(other), {}, () => {
        watched.delete(other);
        freed.tell();
      })
      .catch(() => {});
  }

  void locks
    .request(lifeOf(tab), {}, () => {
      channel.postMessage({ here: tab });
      return new Promise<void>(() => {});
    })
    .catch(() => {});
  void locks
    .query()
    .then(({ held: all = [] }) => {
      for (const { name = '' } of all) if (name.startsWith('tab:')) watch(name.slice(4));
    })
    .catch(() => {});
  channel.onmessage = ({ data }) => {
    const { here } = data as { here?: string };
    if (here === undefined) freed.tell();
    else watch(here);
  };

  return {
    freed,
    holds: (name) => held.has(name),
    take(name) {
      if (held.has(name)) return Promise.resolve(true);
      return new Promise((resolve) => {
        locks
          .request(name, { ifAvailable: true }, (lock) => {
            resolve(lock !== null);
            if (lock === null) return;
            return new Promise<void>((end) => held.set(name, end));
          })
          // A page that is being closed gets no more locks, and will show nothing more.
          .catch(() => resolve(false));
      });
    },
    letGo(name) {
      const end = held.get(name);
      if (!end) return;
      held.delete(name);
      end();
      channel.postMessage({});
    },
    async heldElsewhere(prefix) {
      const { held: all = [] } = await locks.query();
      return all.filter(({ name = '' }) => name.startsWith(prefix) && !held.has(name)).length;
    },
  };
}

export function browserClaims(): Claims {
  const { locks } = window.navigator as { locks?: LockManager };
  if (!locks) return aloneClaims();
  const channel = new BroadcastChannel('countersign:claims');
  return sharedClaims(locks as unknown as Locks, channel, crypto.randomUUID());
}
