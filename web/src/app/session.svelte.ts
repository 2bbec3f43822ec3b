// Who is signed in on this page.
//
// A session that ends under somebody's hands (`expired`) keeps every screen as it is: a dialog asks to
// sign in again, and what waited is sent then. Signing out by choice leaves for the sign-in page.
import { api, asProblem, Problem } from '../api';
import type { Permission, Session } from '../api/types';
import { openPageStore, pageOutbox, signedInEvent } from '../desk/page-outbox';
import { may } from './permissions';

class SessionState {
  /** undefined: not asked yet; null: signed out. */
  current = $state.raw<Session | null | undefined>(undefined);
  expired = $state(false);
  problem = $state.raw<Problem | null>(null);

  async start(): Promise<void> {
    this.problem = null;
    const opening = openPageStore();
    try {
      const found = await api.session();
      await opening;
      this.opened(found);
    } catch (thrown) {
      await opening;
      const problem = asProblem(thrown);
      if (problem.code === 'unauthenticated') this.current = null;
      else this.problem = problem;
    }
  }

  opened(session: Session): void {
    const before = this.current;
    if (this.expired && before && before.person.id !== session.person.id) {
      // Somebody else: nothing of the screens behind the dialog is theirs.
      window.location.reload();
      return;
    }
    const again = this.expired;
    this.current = session;
    this.expired = false;
    // Decisions that waited for the network are sent from whatever screen comes up.
    pageOutbox(api, session.person.id);
    if (again) window.dispatchEvent(new Event(signedInEvent));
  }

  async end(): Promise<void> {
    await api.signOut();
    this.current = null;
  }

  may(permission: Permission): boolean {
    return this.current ? may(this.current.person.role, permission) : false;
  }
}

export const session = new SessionState();
api.http.onSignedOut = () => {
  session.expired = true;
};
