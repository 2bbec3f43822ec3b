// The outbox of this page: one a person, whatever screen is shown. Opened when somebody has signed in, so
// that decisions which waited for the network are sent without going back to the desk.
import type { Api } from '../api/client';
import { browserShelf } from '../lib/shelf';
import { Scope } from '../lib/scope';
import { Outbox, type Decision } from './outbox';

/** Told by the shell when somebody signed in again in place. */
export const signedInEvent = 'countersign:signed-in';

let opened: { person: string; outbox: Outbox; scope: Scope } | null = null;

export function pageOutbox(api: Api, person: string): Outbox {
  if (opened?.person === person) return opened.outbox;
  opened?.scope.end();
  const scope = new Scope();
  const outbox = new Outbox(
    {
      shelf: browserShelf(),
      random: Math.random,
      after: (ms, work) => scope.after(ms, work),
      send: (decision) => sendBy(api, decision),
    },
    person,
  );
  scope.own(() => outbox.end());
  scope.listen(window, 'online', () => void outbox.flush());
  scope.listen(window, signedInEvent, () => void outbox.flush());
  scope.listen<BeforeUnloadEvent>(window, 'beforeunload', (event) => {
    if (!outbox.keptSafely && outbox.waiting.length > 0) event.preventDefault();
  });
  opened = { person, outbox, scope };
  void outbox.flush();
  return outbox;
}

/** One decision as the request that carries it. */
export function sendBy(api: Pick<Api, 'submit' | 'skip'>, decision: Decision) {
  const { task, activeMs, comment, want } = decision;
  const base = {
    assignment: task.assignment.id,
    active_ms: activeMs,
    want,
    ...(comment && { comment }),
  };
  if (decision.kind === 'skip') return api.skip(task.id, base, decision.key);
  const { rejected, flagged } = decision;
  const answer = { ...base, regions: [...decision.regions], rejected, flagged };
  return api.submit(task.id, answer, decision.key);
}
