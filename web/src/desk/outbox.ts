// Decisions on their way to the server. A decision is on the shelf before the next task is shown, and
// leaves it when the server has answered; so neither a reload, nor a crash, nor a lost network loses one.
//
// They go one after another, each with its own Idempotency-Key, however often it is tried: the server
// records it once. No network or a busy server: wait and try again. Signed out: wait for signing in.
// Refused (another person decided meanwhile, the schema changed): set aside for a person to look at.
import type { DeskReply, DeskTask, Region } from '../api/types';
import { Problem, asProblem } from '../api/problem';
import { Observers } from '../lib/observers';
import type { Shelf } from '../lib/shelf';

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
  readonly shelf: Shelf;
  readonly send: Send;
  /** Runs `work` after some milliseconds; the result calls it off. */
  readonly after: (milliseconds: number, work: () => void) => () => void;
  readonly random: () => number;
}

export type OutboxState = 'idle' | 'sending' | 'waiting' | 'signed-out';

const firstPause = 1_000;
const longestPause = 30_000;

export class Outbox {
  readonly changed = new Observers<void>();
  readonly sent = new Observers<{ decision: Decision; reply: DeskReply }>();
  readonly refusedOne = new Observers<Refused>();
  #queue: Decision[];
  #refused: Refused[];
  #state: OutboxState = 'idle';
  #failures = 0;
  #callOff: () => void = () => {};
  /** False once the browser refused to keep a decision: closing the page would lose it. */
  keptSafely = true;

  constructor(
    private readonly world: OutboxWorld,
    private readonly person: string,
  ) {
    const all = <T>(kind: string) =>
      world.shelf.names(`${kind}:${person}:`).flatMap((name) => world.shelf.get<T>(name) ?? []);
    this.#queue = all<Decision>('decision');
    this.#refused = all<Refused>('refused');
  }

  /** Not yet with the server, oldest first. */
  get waiting(): readonly Decision[] {
    return this.#queue;
  }
  get refused(): readonly Refused[] {
    return this.#refused;
  }
  get state(): OutboxState {
    return this.#state;
  }

  add(decision: Decision): void {
    this.keptSafely = this.world.shelf.set(this.#name('decision', decision), decision);
    this.#queue.push(decision);
    this.changed.tell();
    // While waiting, the timer, the network's return or a person decides when to try again.
    if (this.#state === 'idle') void this.flush();
  }

  /** Takes a decision back that no request has carried yet; false when it is too late for that. */
  takeBack(key: string): boolean {
    const at = this.#queue.findIndex((decision) => decision.key === key);
    const tried = at === 0 && (this.#state === 'sending' || this.#failures > 0);
    const decision = this.#queue[at];
    if (!decision || tried) return false;
    this.#queue.splice(at, 1);
    this.world.shelf.remove(this.#name('decision', decision));
    this.changed.tell();
    return true;
  }

  /** Sends what waits, now. Called when the network is back and after signing in. */
  async flush(): Promise<void> {
    if (this.#state === 'sending') return;
    this.#callOff();
    for (let head = this.#queue[0]; head; head = this.#queue[0]) {
      this.#become('sending');
      try {
        const reply = await this.world.send(head);
        this.#settled(head);
        this.sent.tell({ decision: head, reply });
      } catch (thrown) {
        if (!this.#failed(head, asProblem(thrown))) return;
      }
    }
    this.#become('idle');
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
    return this.#takeRefused(key)?.decision ?? null;
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
      this.#failures += 1;
      const pause = Math.min(firstPause * 2 ** (this.#failures - 1), longestPause);
      const wait = Math.max(
        (problem.retryAfter ?? 0) * 1000,
        pause * (0.75 + this.world.random() / 2),
      );
      this.#become('waiting');
      this.#callOff = this.world.after(wait, () => void this.flush());
      return false;
    }
    this.#settled(decision);
    const refused = { decision, code: problem.code, reason: problem.detail };
    this.#refused.push(refused);
    this.world.shelf.set(this.#name('refused', decision), refused);
    this.refusedOne.tell(refused);
    this.changed.tell();
    return true;
  }

  #settled(decision: Decision): void {
    this.#failures = 0;
    this.#queue = this.#queue.filter((other) => other.key !== decision.key);
    this.world.shelf.remove(this.#name('decision', decision));
    this.changed.tell();
  }

  #takeRefused(key: string): Refused | undefined {
    const refused = this.#refused.find(({ decision }) => decision.key === key);
    if (!refused) return undefined;
    this.#refused = this.#refused.filter((other) => other !== refused);
    this.world.shelf.remove(this.#name('refused', refused.decision));
    this.changed.tell();
    return refused;
  }

  #become(state: OutboxState): void {
    this.#state = state;
    this.changed.tell();
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
