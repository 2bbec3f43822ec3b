// One person at one project's desk: the task that is open, the ones behind it, decisions on their way
// out, and the way back. No DOM and no framework; the screen mirrors it.
//
// Strategy: the screen never waits. A decision goes to the outbox (and on the shelf) and the next task,
// already here, is opened in the same turn. The reply brings more tasks; the queue drops doubles.
//
// The server leases to a person, not to a tab: what one tab has claimed, another neither shows nor decides.
import type { Api } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type {
  DeskReply,
  DeskTask,
  Feedback,
  NextTasks,
  Onboarding,
  Progress,
  Project,
} from '../api/types';
import { Editor } from '../editor/editor';
import { noFacts } from '../editor/change';
import { Backoff } from '../lib/backoff';
import type { Claims } from '../lib/claims';
import type { DurableShelf } from '../lib/durable-shelf';
import { Observers } from '../lib/observers';
import { randomWord } from '../lib/random-word';
import type { Scope } from '../lib/scope';
import { ActiveClock } from './active-clock';
import { Ahead } from './ahead';
import { DecisionStack } from './decision-stack';
import { claimOf, type Outbox, type Decision, type Refused } from './outbox';
import { WorkShelf, type Work } from './saved-work';
import { Saver, type OnDesk, type SavedWhere } from './saver';
import { TaskQueue } from './task-queue';
import type { Walk } from './walk';

export type DeskApi = Pick<
  Api,
  'next' | 'submit' | 'skip' | 'undo' | 'recent' | 'saveWork' | 'renew' | 'release' | 'feedback'
>;

/** The world comes in here, so that tests can bring their own. */
export interface DeskWorld {
  readonly api: DeskApi;
  readonly shelf: DurableShelf;
  readonly claims: Claims;
  readonly scope: Scope;
  /** The server's clock: leases, and which of two saved states is later. */
  readonly now: () => number;
  /** A clock that never jumps: how long somebody worked. */
  readonly steady: () => number;
  readonly random: () => number;
  readonly isVisible: () => boolean;
  /** Lives longer than the desk: what waits is sent from any screen. */
  readonly outbox: Outbox;
}

export interface OpenTask {
  readonly task: DeskTask;
  readonly editor: Editor;
  readonly clock: ActiveClock;
}

/** For role=status. */
export interface Said {
  readonly kind: 'done' | 'hint' | 'problem';
  readonly what: string;
  readonly detail?: string;
}

/** Tasks that one may go past without a decision: others wait for them. */
const mostBehind = 20;
/** What the server gives at most. */
const mostTasks = 30;
/** A question that hangs for longer is asked again. */
const patience = 60_000;
const heartbeat = 30_000;
const lookAgain = 15_000;
/** A person away for longer than this does not keep leases alive. */
const awayAfter = 10 * 60_000;

export class DeskSession {
  readonly changed = new Observers<void>();
  readonly said = new Observers<Said>();
  readonly outbox: Outbox;
  readonly stack = new DecisionStack();
  readonly queue = new TaskQueue();
  progress: Progress;
  current: OpenTask | null = null;
  /** The first tasks in a project, before any work. */
  onboarding: Onboarding | null = null;
  /** A trusted answer beside one's own: nothing goes on before it was looked at. */
  feedback: Feedback | null = null;
  problem: Problem | null = null;
  /** Busy taking a decision back. */
  undoing = false;
  /** The lease of the open task has passed on. */
  leaseLost = false;
  #works: WorkShelf;
  #saver: Saver;
  #ahead = new Ahead();
  /** Tasks of this person that other tabs hold, when last looked. */
  #elsewhere = 0;
  #nexting: Backoff;
  /** Calls off asking again; null: nobody waits to. */
  #askAgain: (() => void) | null = null;
  #asking = false;
  #asksFeedback = false;
  #answered = false;
  #undoOnceSent: string | null = null;
  #ids = 0;

  constructor(
    private readonly world: DeskWorld,
    readonly project: Project,
    readonly person: string,
    /** Works through this list instead of taking what comes next. */
    readonly walk: Walk | null = null,
  ) {
    this.progress = project.progress;
    this.#works = new WorkShelf(world.shelf, person);
    this.#nexting = new Backoff(world.random);
    this.#saver = new Saver(world, this.#works, () => this.#onDesk(), {
      changed: () => this.changed.tell(),
      lost: (assignment) => this.#lost(assignment),
    });
    this.outbox = world.outbox;
    this.#listen();
  }

  // Starting and getting tasks

  async start(): Promise<void> {
    await this.outbox.adopt();
    this.#works.tidy(this.world.now());
    for (const { task } of [
      ...this.outbox.waiting,
      ...this.outbox.refused.map((r) => r.decision),
    ]) {
      this.queue.decided(task);
    }
    const recent = this.world.api.recent(this.project.id, 10).then(
      ({ items }) => this.stack.remember(items),
      () => {},
    );
    await this.outbox.flush();
    for (const decision of this.#ownWaiting()) this.stack.push(decision);
    await this.refill();
    await recent;
    this.changed.tell();
  }

  /** Asks for tasks unless enough are here or the question is out already. */
  async refill(): Promise<void> {
    const { claims, scope, steady } = this.world;
    const hasEnough = this.current !== null && this.queue.length >= this.#ahead.count - 1;
    if (this.#asking || hasEnough || scope.ended) return;
    this.#asking = true;
    this.#askAgain?.();
    this.#askAgain = null;
    try {
      this.#elsewhere = await claims.heldElsewhere(this.#claim(''));
      const asked = steady();
      const signal = AbortSignal.timeout(patience);
      const given = await this.#ask(signal);
      this.#ahead.answered(steady() - asked);
      await this.#took(given);
      this.problem = null;
      this.#nexting.succeeded();
    } catch (thrown) {
      this.problem = asProblem(thrown);
      this.#askLater(this.problem);
    }
    this.#asking = false;
    this.#answered = true;
    this.#openNext();
    this.changed.tell();
  }

  async #ask(signal: AbortSignal): Promise<NextTasks> {
    const { walk, queue, project } = this;
    if (!walk) return this.world.api.next(project.id, this.#want(), { signal });
    const missing = this.#ahead.count - queue.length - (this.current ? 1 : 0);
    const passed = walk.passedCount;
    const given = await walk.take(Math.max(1, missing), this.progress, signal);
    if (walk.passedCount > passed) this.said.tell({ kind: 'hint', what: 'passed_over' });
    return given;
  }

  #askLater({ code, retryAfter }: Problem): void {
    if (!['network', 'aborted', 'too_many', 'unavailable'].includes(code)) return;
    const wait = this.#nexting.failed(retryAfter);
    this.#askAgain = this.world.scope.after(wait, () => void this.refill());
  }

  /** Looks by itself, unless the server asked to be left alone for a while. */
  #look(): void {
    if (!this.#askAgain) void this.refill();
  }

  /** The desk is empty, and an answer that may change that is still out: of `next`, or of a decision. */
  get loading(): boolean {
    return !this.current && (!this.#answered || this.#ownWaiting().length > 0);
  }

  #want(): number {
    const held = this.outbox.waiting.length + (this.current ? 1 : 0);
    return Math.min(mostTasks, this.#ahead.count + held + this.#elsewhere);
  }

  /** Claims what is new; what another tab has is left to it. */
  async #took({ tasks, progress, onboarding }: NextTasks): Promise<void> {
    this.progress = progress;
    this.onboarding = onboarding;
    const isOpen = ({ id }: DeskTask) => id === this.current?.task.id;
    const known = tasks.filter((task) => isOpen(task) || this.queue.knows(task));
    const fresh: DeskTask[] = [];
    for (const task of tasks) {
      if (known.includes(task) || this.world.scope.ended) continue;
      if (await this.world.claims.take(this.#claim(task.assignment.id))) fresh.push(task);
    }
    this.#elsewhere = tasks.length - known.length - fresh.length;
    for (const task of tasks)
      if (!known.includes(task) && !fresh.includes(task)) this.walk?.pass(task.id, 'tab');
    // Another tab may have worked on what is ours now, or decided it and not sent it.
    if (fresh.length > 0) await this.outbox.adopt();
    for (const task of fresh.filter(({ assignment }) => this.outbox.has(assignment.id))) {
      this.queue.decided(task);
      this.walk?.deal(task.id, 'decided');
    }
    const isFirst = !this.current && this.queue.all().length === 0;
    if (isFirst && this.walk?.resumed) this.queue.putBehind(...this.#gonePast(fresh));
    else if (isFirst && !this.walk) fresh.sort((a, b) => this.#lastOpen(b) - this.#lastOpen(a));
    this.queue.offer([...known, ...fresh], this.current?.task.id);
  }

  #claim(assignment: string): string {
    return claimOf(this.project.id, assignment);
  }

  /** Those of a list before the one that was open last: cut off from `tasks`. */
  #gonePast(tasks: DeskTask[]): DeskTask[] {
    const opened = tasks.map((task) => this.#lastOpen(task));
    const last = Math.max(0, ...opened);
    return last > 0 ? tasks.splice(0, opened.indexOf(last)) : [];
  }

  /** When a task was last on the desk, in any tab; 0: never. */
  #lastOpen({ id }: DeskTask): number {
    return this.world.shelf.get<number>(this.#openName(id)) ?? 0;
  }

  /** While people are new, each answer is sent and compared before the next task comes. */
  get #comparesFirst(): boolean {
    if (this.feedback) return true;
    if (this.onboarding?.state !== 'underway') return false;
    return this.onboarding.unseen.length > 0 || this.#ownWaiting().length > 0;
  }

  /** Asks for the trusted answer that comes next, unless one is shown. */
  async #compare(): Promise<void> {
    const annotation = this.onboarding?.unseen[0];
    if (!annotation || this.feedback || this.#asksFeedback) return;
    this.#asksFeedback = true;
    try {
      const feedback = await this.world.api.feedback(this.project.id, annotation);
      this.onboarding = feedback.onboarding;
      this.feedback = feedback;
      this.problem = null;
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
    this.#asksFeedback = false;
    this.changed.tell();
  }

  /** The trusted answer was looked at: on to the next one, or to work. */
  goOn(): void {
    if (!this.feedback) return;
    this.feedback = null;
    if (this.onboarding?.state === 'passed') this.onboarding = null;
    this.#answered = false;
    this.#openNext();
    if (!this.current) void this.refill();
    this.changed.tell();
  }

  #openNext(): void {
    if (this.current || this.world.scope.ended) return;
    if (this.#comparesFirst) return void this.#compare();
    const task = this.queue.take();
    if (task) this.#open(task, this.#works.of(task));
  }

  #open(task: DeskTask, work: Work | null): void {
    const { schema } = this.project;
    const isImage = schema.modality === 'image' && task.media;
    const image = isImage ? { width: isImage.width, height: isImage.height } : null;
    const { regions, maybes, former } = task;
    const hasDraft = task.draft !== null;
    const { now, steady } = this.world;
    // What was sent back is mended, not made anew.
    const from = work ?? (former && { regions: former.regions });
    const editor = new Editor(
      { schema, image, hasDraft, regions, maybes, work: from },
      () => this.#newId(),
      now,
    );
    const clock = new ActiveClock(steady, this.world.isVisible(), work?.activeMs ?? 0);
    this.current = { task, editor, clock };
    this.#saver.opened(work !== null);
    this.leaseLost = false;
    void this.world.shelf.set(this.#openName(task.id), now());
    void this.world.claims.take(this.#claim(task.assignment.id));
    editor.store.applied.add(() => this.#saver.edited());
  }

  // Deciding

  /** Hands in what is on the desk. The caller has checked that it may be. */
  submit(): void {
    this.#decide('submit');
  }

  skip(reason = ''): void {
    this.#decide('skip', reason);
  }

  #decide(kind: Decision['kind'], reason?: string): void {
    const open = this.current;
    if (!open || this.undoing) return;
    const { task, editor, clock } = open;
    editor.history.settle();
    this.#saver.decided(task.assignment.id);
    const { regions } = editor.toWork();
    const decision: Decision = {
      key: this.#newKey(),
      kind,
      person: this.person,
      project: this.project.id,
      task,
      regions,
      rejected: editor.facts.rejected,
      flagged: editor.facts.flagged,
      comment: reason || editor.note,
      activeMs: clock.spent,
      want: this.walk ? 0 : this.#want(),
    };
    this.walk?.deal(task.id, kind === 'skip' ? 'skipped' : 'decided');
    this.#works.drop(task.id);
    void this.world.shelf.remove(this.#openName(task.id));
    this.queue.decided(task);
    this.#ahead.decided(this.world.steady());
    this.stack.push(decision);
    this.current = null;
    this.outbox.add(decision);
    this.#openNext();
    this.said.tell({ kind: 'done', what: kind === 'skip' ? 'skipped' : 'submitted' });
    this.#answered = this.current !== null;
    if (this.walk || (!this.current && !this.#comparesFirst)) void this.refill();
    this.changed.tell();
  }

  // Going along a list

  get canGoPast(): boolean {
    return this.walk !== null && this.current !== null && !this.undoing;
  }
  get canGoBack(): boolean {
    return this.queue.behind > 0 && !this.undoing;
  }

  /** On to the next task without a decision: this one stays here as it is, behind one. */
  goPast(): void {
    if (!this.canGoPast) return;
    if (this.queue.behind >= mostBehind)
      return this.said.tell({ kind: 'hint', what: 'too_many_behind' });
    const task = this.#aside();
    if (task) this.queue.putBehind(task);
    this.#openNext();
    this.#answered = this.current !== null;
    void this.refill();
    this.changed.tell();
  }

  /** Back to the task that was gone past last. */
  goBack(): void {
    if (!this.canGoBack) return;
    this.#putAside();
    const task = this.queue.takeBehind();
    if (task) this.#open(task, this.#works.of(task));
    this.changed.tell();
  }

  /** From the end of the list to what was gone past, from the first. */
  turnBack(): void {
    this.queue.turnBack();
    this.#openNext();
    this.changed.tell();
  }

  // Taking back

  get canUndoDecision(): boolean {
    return this.stack.length > 0 && !this.undoing;
  }

  async undoDecision(): Promise<void> {
    const last = this.stack.last;
    if (!last || this.undoing) return;
    const { decision, annotation } = last;
    if (annotation) return this.#undoThere();
    if (decision && this.outbox.takeBack(decision.key)) {
      this.stack.remove(last);
      this.#reopen(decision.task, workOf(decision));
    } else if (decision) {
      this.#undoOnceSent = decision.key;
      this.said.tell({ kind: 'hint', what: 'undo_once_sent' });
    }
  }

  async #undoThere(): Promise<void> {
    const last = this.stack.last;
    if (!last?.annotation) return;
    this.undoing = true;
    this.changed.tell();
    try {
      const { task } = await this.world.api.undo(last.annotation.id);
      await this.world.shelf.refresh();
      this.undoing = false;
      this.stack.remove(last);
      const work = last.decision ? workOf(last.decision) : this.#works.of(task);
      const rejected = last.annotation.action === 'rejected';
      this.#reopen(
        task,
        work && { ...work, facts: { ...noFacts, ...work.facts, ...(rejected && { rejected }) } },
      );
    } catch (thrown) {
      this.undoing = false;
      const problem = asProblem(thrown);
      if (problem.code !== 'network') this.stack.remove(last);
      this.said.tell({ kind: 'problem', what: 'undo_failed', detail: problem.detail });
    }
    this.changed.tell();
  }

  /** Puts a task on the desk with what had been decided; the open one waits its turn. */
  #reopen(task: DeskTask, work: Work | null): void {
    this.#putAside();
    this.walk?.reopen(task.id);
    this.queue.putFirst(task);
    this.queue.take();
    this.#open(task, work);
    if (work) void this.#saver.keepHere();
    this.said.tell({ kind: 'done', what: 'undone' });
    this.changed.tell();
  }

  #putAside(): void {
    const task = this.#aside();
    if (task) this.queue.putFirst(task);
  }

  /** Takes the open task off the desk, with what was done to it. */
  #aside(): DeskTask | null {
    const open = this.#onDesk();
    if (!this.current || !open) return null;
    void this.#saver.flush();
    const { editor } = this.current;
    const touched = editor.edited || editor.facts.flagged || editor.note !== '';
    this.current = null;
    return touched ? { ...open.task, work: open.work } : open.task;
  }

  // Refused decisions

  /** Opens a refused decision on the desk again, as it was. */
  reopenRefused(key: string): void {
    const decision = this.outbox.dismiss(key);
    if (decision) this.#reopen(decision.task, workOf(decision));
  }

  // Saving as it is made

  setNote(note: string): void {
    this.current?.editor.setNote(note);
    this.#saver.edited();
  }

  /** Where the latest edit is kept. */
  get saved(): SavedWhere {
    return this.#saver.where;
  }
  /** Closing the page would lose an edit. */
  get isUnsaved(): boolean {
    return this.#saver.isUnsaved;
  }

  #onDesk(): OnDesk | null {
    if (!this.current) return null;
    const { task, editor, clock } = this.current;
    const work = { ...editor.toWork(), activeMs: clock.spent, saved: this.world.now() };
    return { task, work };
  }

  // Leases and life

  async #beat(): Promise<void> {
    const { now, isVisible } = this.world;
    if (!isVisible() || !this.current || this.current.clock.idle > awayAfter) return;
    const half = (this.project.policy.lease_minutes * 60_000) / 2;
    for (const { assignment } of [this.current.task, ...this.queue.all()]) {
      if (assignment.until - now() < half) await this.#renew(assignment.id);
    }
  }

  /** Asks whether the tasks of this desk are still its own: somebody gave one back to the queue. */
  async checkLeases(): Promise<void> {
    for (const { assignment } of [
      ...(this.current ? [this.current.task] : []),
      ...this.queue.all(),
    ])
      await this.#renew(assignment.id);
  }

  async #renew(assignment: string): Promise<void> {
    try {
      const { until } = await this.world.api.renew(assignment);
      this.queue.renewed(assignment, until);
      if (this.current?.task.assignment.id === assignment) {
        const task = { ...this.current.task, assignment: { id: assignment, until } };
        this.current = { ...this.current, task };
      }
    } catch (thrown) {
      if (asProblem(thrown).code === 'conflict') this.#lost(assignment);
    }
    this.changed.tell();
  }

  #lost(assignment: string): void {
    const gone = this.queue.all().find((task) => task.assignment.id === assignment);
    if (gone) this.walk?.pass(gone.id, 'with_another');
    this.queue.lost(assignment);
    if (this.current?.task.assignment.id === assignment) this.leaseLost = true;
    else this.world.claims.letGo(this.#claim(assignment));
  }

  /** A sign of life. */
  touch(): void {
    this.current?.clock.touch();
  }

  setVisible(visible: boolean): void {
    this.current?.clock.setVisible(visible);
    if (!visible) void this.#saver.flush();
  }

  /** Leaving the desk by a link: tasks nobody has worked on go back to the others. Not while decisions
   * wait or another tab works on: their leases are still needed. */
  async leave(): Promise<void> {
    // Work that is on its way keeps its task from being given back.
    await this.#saver.flush();
    const { claims, api } = this.world;
    const held = [...this.queue.all(), ...(this.current ? [this.current.task] : [])];
    const isNeeded =
      this.outbox.waiting.length > 0 || (await claims.heldElsewhere(this.#claim('')));
    if (!isNeeded) await api.release(this.project.id).catch(() => {});
    for (const { assignment } of held) claims.letGo(this.#claim(assignment.id));
  }

  #listen(): void {
    const { scope } = this.world;
    const { changed, sent, refusedOne } = this.outbox;
    scope.own(changed.add(() => this.changed.tell()));
    scope.own(sent.add((one) => this.#sent(one)));
    scope.own(refusedOne.add((refused) => this.#refused(refused)));
    scope.own(this.world.claims.freed.add(() => this.#look()));
    scope.every(heartbeat, () => void this.#beat());
    scope.every(lookAgain, () => {
      if (this.world.isVisible() && !this.current && !this.loading) this.#look();
    });
  }

  #sent({ decision, reply }: { decision: Decision; reply: DeskReply }): void {
    if (decision.project !== this.project.id) return;
    this.stack.sent(decision.key, reply.annotation);
    this.queue.decided(decision.task);
    void this.#tookFrom(reply);
    if (this.#undoOnceSent === decision.key) {
      this.#undoOnceSent = null;
      void this.#undoThere();
    }
    this.changed.tell();
  }

  async #tookFrom({ next, progress, onboarding }: DeskReply): Promise<void> {
    await this.#took({ tasks: next, progress, onboarding });
    this.#openNext();
    this.changed.tell();
    if (this.#elsewhere > 0) this.#look();
  }

  #refused({ decision, reason }: Refused): void {
    this.stack.refused(decision.key);
    this.walk?.refused(decision.task.id);
    this.said.tell({ kind: 'problem', what: 'refused', detail: reason });
    if (!this.current) void this.refill();
  }

  #ownWaiting(): Decision[] {
    return this.outbox.waiting.filter(({ project }) => project === this.project.id);
  }

  #openName(task: string): string {
    return `open:${this.person}:${this.project.id}:${task}`;
  }

  /** Sorts by time, and cannot be guessed to be another's. */
  #newKey(): string {
    const { now, random } = this.world;
    this.#ids += 1;
    const count = this.#ids.toString(36).padStart(4, '0');
    return `${now().toString(36).padStart(9, '0')}-${count}-${randomWord(12, random)}`;
  }

  #newId(): string {
    return `r${randomWord(9, this.world.random)}`;
  }
}

function workOf({ regions, rejected, flagged, comment, activeMs, kind }: Decision): Work {
  const facts = { ...noFacts, rejected, flagged };
  return { regions, facts, activeMs, ...(kind === 'submit' && { note: comment }) };
}
