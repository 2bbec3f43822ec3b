// Decisions on their way to the server. A decision goes to the shelf as the next task is shown, and leaves it
// when the server has answered; so neither a reload, nor a crash, nor a lost network loses one.
//
// They go one after another, each with its own Idempotency-Key, however often it is tried: the server
// records it once. No network or a busy server: wait and try again. Signed out: wait for signing in.
// Refused (another person decided meanwhile, the schema changed): set aside for a person to look at.
//
// Each tab sends its own. What a tab left behind when it was closed or killed, the next one to look sends.
import type { DeskReply, DeskTask, Region } from '../api/types';
import { Problem, asProblem } from '../api/problem';
import { Backoff } from '../lib/backoff';
import type { Claims } from '../lib/claims';
import type { DurableShelf } from '../lib/durable-shelf';
import { Observers } from '../lib/observers';

export interface Decision {
  /** The Idempotency-Key. Sorts by time. */
  readonly key: string;
  readonly kind: 'submit' | 'skip';
  readonly person: string;
  readonly project: string;
  /** The task as it came, to take the decision back or to open it again. */
  readonly task: DeskTask;
  readonly regions: readonly Region[];
  readonly rejected: boolean;
  readonly flagged: boolean;
  readonly comment: string;
  readonly activeMs: number;
  /** How many tasks the reply should hold. */
  readonly want: number;
}

export interface Refused {
  readonly decision: Decision;
  readonly code: string;
  /** The server's sentence. */
  readonly reason: string;
}

export type Send = (decision: Decision) => Promise<DeskReply>;

export interface OutboxWorld {
  readonly shelf: DurableShelf;
  readonly claims: Claims;
  readonly send: Send;
  /** Runs `work` after some milliseconds; the result calls it off. */
  readonly after: (milliseconds: number, work: () => void) => () => void;
  readonly random: () => number;
}

export type OutboxState = 'idle' | 'sending' | 'waiting' | 'signed-out';

/** An answer that takes longer than this is worth a word. */
export const slowAfter = 2_500;

/** What tabs share out: an assignment is worked on, decided and sent by one of them. */
export const claimOf = (project: string, assignment: string): string =>
  `task:${project}:${assignment}`;
const claimFor = ({ project, task }: Decision): string => claimOf(project, task.assignment.id);

export class Outbox {
  readonly changed = new Observers<void>();
  readonly sent = new Observers<{ decision: Decision; reply: DeskReply }>();
  readonly refusedOne = new Observers<Refused>();
  #queue: Decision[] = [];
  #refused: Refused[] = [];
  #state: OutboxState = 'idle';
  #backoff: Backoff;
  #callOff: () => void = () => {};
  #unkept = new Set<string>();
  /** The server takes long to answer. */
  slow = false;

  constructor(
    private readonly world: OutboxWorld,
    private readonly person: string,
  ) {
    this.#backoff = new Backoff(world.random);
  }

  /** Takes what lies on the shelf and no other tab works on: of an earlier visit, or of a tab that is gone. */
  async adopt(): Promise<void> {
    const { shelf, claims } = this.world;
    await shelf.refresh();
    for (const { decision } of this.#onShelf()) {
      const claim = claimFor(decision);
      const isOurs = claims.holds(claim);
      if (this.#has(decision.key) || !(await claims.take(claim))) continue;
      // Read once more: the tab that let it go may have sent it, or this one taken it back.
      await shelf.refresh();
      const left = this.#onShelf().find((one) => one.decision.key === decision.key);
      if (left?.refused) this.#refused.push(left.refused);
      else if (left && !this.#has(decision.key)) this.#queue.push(decision);
      else if (!left && !isOurs) claims.letGo(claim);
    }
    this.changed.tell();
  }

  #onShelf(): { decision: Decision; refused?: Refused }[] {
    const { shelf } = this.world;
    const all = <T>(kind: string) =>
      shelf.names(`${kind}:${this.person}:`).flatMap((name) => shelf.get<T>(name) ?? []);
    return [
      ...all<Decision>('decision').map((decision) => ({ decision })),
      ...all<Refused>('refused').map((refused) => ({ decision: refused.decision, refused })),
    ];
  }

  #has(key: string): boolean {
    return (
      this.#queue.some((decision) => decision.key === key) ||
      this.#refused.some(({ decision }) => decision.key === key)
    );
  }

  /** Not yet with the server, oldest first. */
  get waiting(): readonly Decision[] {
    return this.#queue;
  }
  get refused(): readonly Refused[] {
    return this.#refused;
  }
  /** Whether this assignment was decided, and waits here or was refused. */
  has(assignment: string): boolean {
    const isIt = ({ task }: Decision) => task.assignment.id === assignment;
    return this.#queue.some(isIt) || this.#refused.some(({ decision }) => isIt(decision));
  }
  get state(): OutboxState {
    return this.#state;
  }
  /** The last try of the first one failed. */
  get isFailing(): boolean {
    return this.#backoff.failures > 0;
  }
  /** False once the browser refused to keep a decision: closing the page would lose it. */
  get keptSafely(): boolean {
    return this.#unkept.size === 0;
  }

  add(decision: Decision): void {
    void this.#keep('decision', decision, decision);
    this.#queue.push(decision);
    this.changed.tell();
    // While waiting, the timer, the network's return or a person decides when to try again.
    if (this.#state === 'idle') void this.flush();
  }

  /** Takes a decision back that no request has carried yet; false when it is too late for that. */
  takeBack(key: string): boolean {
    const at = this.#queue.findIndex((decision) => decision.key === key);
    const tried = at === 0 && (this.#state === 'sending' || this.#backoff.failures > 0);
    const decision = this.#queue[at];
    if (!decision || tried) return false;
    this.#queue.splice(at, 1);
    void this.#forget('decision', decision);
    this.changed.tell();
    return true;
  }

  /** Sends what waits, now. Called when the network is back and after signing in. */
  async flush(): Promise<void> {
    if (this.#state === 'sending') return;
    this.#callOff();
    for (let head = this.#queue[0]; head; head = this.#queue[0]) {
      this.#become('sending');
      const callOffSlow = this.world.after(slowAfter, () => this.#isSlow(true));
      try {
        const reply = await this.world.send(head);
        this.#leaves(head);
        void this.#forget('decision', head).then(() => this.world.claims.letGo(claimFor(head)));
        this.sent.tell({ decision: head, reply });
      } catch (thrown) {
        if (!this.#failed(head, asProblem(thrown))) return;
      } finally {
        callOffSlow();
      }
    }
    this.#isSlow(false);
    this.#become('idle');
  }

  #isSlow(slow: boolean): void {
    this.slow = slow;
    this.changed.tell();
  }

  /** Sends a refused decision once more, as it is. */
  retry(key: string): void {
    const refused = this.#takeRefused(key);
    if (!refused) return;
    this.add(refused.decision);
    void this.flush();
  }

  /** Lets a refused decision go, or hands it over to be opened again. */
  dismiss(key: string): Decision | null {
    const refused = this.#takeRefused(key);
    if (refused) this.world.claims.letGo(claimFor(refused.decision));
    return refused?.decision ?? null;
  }

  end(): void {
    this.#callOff();
  }

  /** True: go on with the next one. */
  #failed(decision: Decision, problem: Problem): boolean {
    if (problem.code === 'unauthenticated') {
      this.#become('signed-out');
      return false;
    }
    if (isPassing(problem)) {
      const wait = this.#backoff.failed(problem.retryAfter);
      this.#become('waiting');
      this.#callOff = this.world.after(wait, () => void this.flush());
      return false;
    }
    this.#leaves(decision);
    const refused = { decision, code: problem.code, reason: problem.detail };
    this.#refused.push(refused);
    void this.#keep('refused', decision, refused).then(() => this.#forget('decision', decision));
    this.refusedOne.tell(refused);
    this.changed.tell();
    return true;
  }

  #leaves(decision: Decision): void {
    this.#backoff.succeeded();
    this.#queue = this.#queue.filter((other) => other.key !== decision.key);
    this.changed.tell();
  }

  #takeRefused(key: string): Refused | undefined {
    const refused = this.#refused.find(({ decision }) => decision.key === key);
    if (!refused) return undefined;
    this.#refused = this.#refused.filter((other) => other !== refused);
    void this.#forget('refused', refused.decision);
    this.changed.tell();
    return refused;
  }

  #become(state: OutboxState): void {
    this.#state = state;
    this.changed.tell();
  }

  async #keep(kind: string, decision: Decision, value: Decision | Refused): Promise<void> {
    await this.world.claims.take(claimFor(decision));
    const name = this.#name(kind, decision);
    const isWanted = () => this.#has(decision.key);
    if (!isWanted() || (await this.world.shelf.set(name, value)) || !isWanted()) return;
    this.#unkept.add(name);
    this.changed.tell();
  }

  #forget(kind: string, decision: Decision): Promise<void> {
    const name = this.#name(kind, decision);
    this.#unkept.delete(name);
    return this.world.shelf.remove(name);
  }

  #name(kind: string, decision: Decision): string {
    return `${kind}:${this.person}:${decision.key}`;
  }
}

/** Worth trying again as it is. A session whose CSRF token is stale counts as signed out elsewhere. */
function isPassing(problem: Problem): boolean {
  return (
    ['network', 'aborted', 'too_many', 'unavailable', 'internal'].includes(problem.code) ||
    problem.status >= 500
  );
}
