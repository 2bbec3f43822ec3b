// The open task, saved as it is worked on: on the shelf of this browser at once, on the server a moment later.
// Knows where the latest edit is kept, and so what closing the page would lose.
import type { Api } from '../api/client';
import { asProblem } from '../api/problem';
import type { DeskTask } from '../api/types';
import { Backoff } from '../lib/backoff';
import type { Scope } from '../lib/scope';
import type { Work, WorkShelf } from './saved-work';

export type SavedWhere = 'clean' | 'nowhere' | 'here' | 'there';

interface SaverWorld {
  readonly api: Pick<Api, 'saveWork'>;
  readonly scope: Scope;
  readonly random: () => number;
}

export interface OnDesk {
  readonly task: DeskTask;
  readonly work: Work;
}

/** Whoever shows what is saved. */
interface Told {
  changed(): void;
  /** The server says that the task is no longer held. */
  lost(assignment: string): void;
}

const saveHereAfter = 150;
const saveThereAfter = 1_000;

export class Saver {
  where: SavedWhere = 'clean';
  #keptHere = true;
  #unsavedThere = false;
  #callOff: (() => void)[] = [];
  #backoff: Backoff;
  /** The last request with work, until it is answered. */
  #flight: { assignment: string; done: Promise<void>; callOff: AbortController } | null = null;
  /** Counts the tasks that came onto the desk: an answer about another one says nothing about this. */
  #turn = 0;

  constructor(
    private readonly world: SaverWorld,
    private readonly works: WorkShelf,
    private readonly onDesk: () => OnDesk | null,
    private readonly told: Told,
  ) {
    this.#backoff = new Backoff(world.random);
  }

  /** Another task is on the desk, with earlier work or without. */
  opened(hasWork: boolean): void {
    this.#turn += 1;
    this.where = hasWork ? 'there' : 'clean';
    this.#unsavedThere = false;
    this.#keptHere = true;
  }

  edited(): void {
    this.where = 'clean';
    this.#unsavedThere = true;
    this.stop();
    const { scope } = this.world;
    this.#callOff = [
      scope.after(saveHereAfter, () => void this.keepHere()),
      scope.after(saveThereAfter, () => void this.#saveThere()),
    ];
  }

  stop(): void {
    for (const callOff of this.#callOff) callOff();
    this.#callOff = [];
  }

  /** The task is answered: there is nothing left to save of it, and a save under way is called off. */
  decided(assignment: string): void {
    this.#turn += 1;
    this.#unsavedThere = false;
    this.stop();
    if (this.#flight?.assignment === assignment) this.#flight.callOff.abort();
  }

  /** What waits to be saved is saved now: the page goes, or another task comes. Ends with the last save. */
  async flush(): Promise<void> {
    if (this.#callOff.length > 0) {
      this.stop();
      void this.keepHere();
      void this.#saveThere();
    }
    await this.#flight?.done;
  }

  /** Closing the page would lose an edit: neither this browser nor the server has it. */
  get isUnsaved(): boolean {
    return this.onDesk() !== null && this.#unsavedThere && !this.#keptHere;
  }

  async keepHere(): Promise<void> {
    const open = this.onDesk();
    const turn = this.#turn;
    if (!open) return;
    const isKept = await this.works.keep(open.task.id, open.work);
    if (turn !== this.#turn) return;
    this.#keptHere = isKept;
    this.#sayWhere();
  }

  #saveThere(): Promise<void> {
    const open = this.onDesk();
    if (!open) return Promise.resolve();
    const callOff = new AbortController();
    const done = this.#send(open, callOff.signal);
    const flight = (this.#flight = { assignment: open.task.assignment.id, done, callOff });
    void done.then(() => {
      if (this.#flight === flight) this.#flight = null;
    });
    return done;
  }

  async #send({ task, work }: OnDesk, signal: AbortSignal): Promise<void> {
    const turn = this.#turn;
    this.#unsavedThere = false;
    try {
      await this.world.api.saveWork(task.id, task.assignment.id, work, { signal });
      this.#backoff.succeeded();
      if (turn === this.#turn && !this.#unsavedThere) this.where = 'there';
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.#unsavedThere = true;
      const { code, retryAfter } = asProblem(thrown);
      const wait = this.#backoff.failed(retryAfter);
      if (code === 'conflict') this.told.lost(task.assignment.id);
      else if (!['invalid', 'not_found', 'too_large'].includes(code)) this.#saveThereIn(wait);
      this.#sayWhere();
    }
    this.told.changed();
  }

  #saveThereIn(wait: number): void {
    this.#callOff.push(this.world.scope.after(wait, () => void this.#saveThere()));
  }

  #sayWhere(): void {
    if (!this.#unsavedThere) return;
    // The server has it a moment later: that this browser keeps nothing is news only where it does not.
    if (this.#keptHere) this.where = 'here';
    else if (this.#backoff.failures > 0) this.where = 'nowhere';
    this.told.changed();
  }
}
