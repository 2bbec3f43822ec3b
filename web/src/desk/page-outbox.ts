// What the desk keeps in this browser, and the outbox of this page: one a person, whatever screen is shown.
// Opened when somebody has signed in, so that decisions which waited are sent without going back to the desk.
import type { Api } from '../api/client';
import { browserClaims, type Claims } from '../lib/claims';
import { shelfOf, type DurableShelf } from '../lib/durable-shelf';
import { browserKeeper } from '../lib/indexed-db';
import { Scope } from '../lib/scope';
import { Outbox, type Decision } from './outbox';

/** Told by the shell when somebody signed in again in place. */
export const signedInEvent = 'countersign:signed-in';

/** A request that hangs for longer is given up and tried again: the same key gets the same reply. */
export const patience = 60_000;

export interface PageStore {
  readonly shelf: DurableShelf;
  readonly claims: Claims;
}

let store: PageStore | null = null;
let opened: { person: string; outbox: Outbox; scope: Scope } | null = null;

/** Before anybody works: what earlier visits left is read. */
export async function openPageStore(): Promise<void> {
  store ??= { shelf: await shelfOf(browserKeeper()), claims: browserClaims() };
}

export function pageStore(): PageStore {
  if (!store) throw new Error('the page has not opened its store');
  return store;
}

export function pageOutbox(api: Api, person: string): Outbox {
  if (opened?.person === person) return opened.outbox;
  opened?.scope.end();
  const scope = new Scope();
  const { shelf, claims } = pageStore();
  const outbox = new Outbox(
    {
      shelf,
      claims,
      random: Math.random,
      after: (ms, work) => scope.after(ms, work),
      send: (decision) => sendBy(api, decision),
    },
    person,
  );
  const takeOver = async () => {
    await outbox.adopt();
    // While waiting, its own timer says when to try again.
    if (outbox.state === 'idle') await outbox.flush();
  };
  scope.own(() => outbox.end());
  scope.own(claims.freed.add(() => void takeOver()));
  scope.listen(window, 'online', () => void outbox.flush());
  scope.listen(window, signedInEvent, () => void outbox.flush());
  scope.listen<BeforeUnloadEvent>(window, 'beforeunload', (event) => {
    if (!outbox.keptSafely) event.preventDefault();
  });
  opened = { person, outbox, scope };
  void takeOver();
  return outbox;
}

/** One decision as the request that carries it. */
export function sendBy(api: Pick<Api, 'submit' | 'skip'>, decision: Decision) {
  const { task, activeMs, comment, want } = decision;
  const asking = { signal: AbortSignal.timeout(patience) };
  const base = {
    assignment: task.assignment.id,
    active_ms: activeMs,
    want,
    ...(comment && { comment }),
  };
  if (decision.kind === 'skip') return api.skip(task.id, base, decision.key, asking);
  const { rejected, flagged } = decision;
  const answer = { ...base, regions: [...decision.regions], rejected, flagged };
  return api.submit(task.id, answer, decision.key, asking);
}
