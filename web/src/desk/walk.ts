// Working through a list of tasks in its own order: those of a filter, or those somebody chose. The list is
// read page by page as the desk comes to it, and the next few are taken by name; what cannot be had is passed
// over, and counted by why. How far one has come lies on the shelf: a reload goes on from there.
//
// Tasks that are decided on the way fall out of the filter behind the place that was read, so that nothing is
// met twice or left out.
import type { Api } from '../api/client';
import { pathOf } from '../app/router';
import type { DeskTask, NextTasks, Progress, TaskCount, WhyPassed } from '../api/types';
import type { DurableShelf } from '../lib/durable-shelf';

export type WalkApi = Pick<Api, 'tasks' | 'countTasks' | 'take'>;

/** What stands in the address of the desk. */
export interface WalkAsk {
  /** Tells one walk from another over the same list. */
  id: string;
  filter: string;
  sort: string;
  /** Instead of a filter: these. */
  tasks: readonly string[];
  /** What people call the list: its view, or its filter. */
  title: string;
}

/** Why a task was passed over; `tab`: another tab of this browser has it. */
export type Passed = WhyPassed | 'tab';

interface Kept {
  saved: number;
  /** The next page of the list; null: the first. */
  cursor: string | null;
  /** The list was read to its end. */
  listed: boolean;
  /** Named by the list and not dealt with, in order. */
  open: string[];
  decided: number;
  skipped: number;
  passed: Partial<Record<Passed, number>>;
  /** The last ones that were decided or skipped here, to be taken back. */
  last: [task: string, how: Dealt][];
  total: TaskCount | null;
}
type Dealt = 'decided' | 'skipped';

const pageSize = 100;
const mostTaken = 30;
/** Deeper than decisions can be taken back. */
const mostLast = 20;
const keptFor = 14 * 24 * 3_600_000;

/** The most tasks that an address can name. */
export const mostChosen = 100;

export function walkFrom(query: URLSearchParams): WalkAsk | null {
  const id = query.get('walk');
  if (!id) return null;
  const filter = query.get('filter') ?? '';
  const tasks = (query.get('tasks') ?? '').split(',').filter(Boolean).slice(0, mostChosen);
  const title = query.get('title') ?? filter;
  return { id, filter, sort: query.get('sort') ?? '', tasks, title };
}

/** Where the list itself is. */
export function listPath(project: string, { filter, sort }: WalkAsk): string {
  return pathOf('tasks', { project }, { filter, sort });
}

/** The query of the desk's address for a new walk. */
export function walkQuery(list: Partial<Omit<WalkAsk, 'id'>>, id: string) {
  const { filter = '', sort = '', tasks = [], title = '' } = list;
  return { walk: id, filter, sort, tasks: tasks.join(','), title };
}

export class Walk {
  #kept: Kept;
  /** Tasks that this desk was given. */
  #given = new Set<string>();
  /** Taken up where an earlier visit left it. */
  readonly resumed: boolean;

  constructor(
    private readonly api: WalkApi,
    private readonly shelf: DurableShelf,
    private readonly person: string,
    private readonly project: string,
    readonly ask: WalkAsk,
    private readonly now: () => number,
  ) {
    this.#tidy();
    const before = shelf.get<Kept>(this.#name);
    this.resumed = before !== null;
    const named = ask.tasks.length > 0;
    this.#kept = before ?? {
      saved: now(),
      cursor: null,
      listed: named,
      open: [...ask.tasks],
      decided: 0,
      skipped: 0,
      passed: {},
      last: [],
      total: named ? { count: ask.tasks.length, more: false } : null,
    };
  }

  get decided(): number {
    return this.#kept.decided;
  }
  get skipped(): number {
    return this.#kept.skipped;
  }
  get passed(): readonly [why: Passed, n: number][] {
    return Object.entries(this.#kept.passed) as [Passed, number][];
  }
  get passedCount(): number {
    return this.passed.reduce((sum, [, n]) => sum + n, 0);
  }
  /** Tasks that are behind one, whatever became of them. */
  get dealt(): number {
    return this.decided + this.skipped + this.passedCount;
  }
  /** The list was read to its end, and every task of it dealt with. */
  get isOver(): boolean {
    return this.#kept.listed && this.#kept.open.length === 0;
  }
  /** The list has nothing more to give; what it gave may be open. */
  get isAtEnd(): boolean {
    return this.#kept.listed && this.#ahead().length === 0;
  }
  /** How many tasks the list has, as far as it is known. */
  get total(): TaskCount {
    const { listed, open, total } = this.#kept;
    const known = this.dealt + open.length;
    if (listed) return { count: known, more: false };
    return total ? { ...total, count: Math.max(total.count, known) } : { count: known, more: true };
  }

  /** Up to `want` tasks more, held from now on; fewer at the end of the list. */
  async take(want: number, progress: Progress, signal: AbortSignal): Promise<NextTasks> {
    const tasks: DeskTask[] = [];
    await this.#count(signal);
    while (tasks.length < want) {
      const named = this.#ahead().slice(0, Math.min(mostTaken, want - tasks.length));
      if (named.length === 0) {
        if (this.#kept.listed) break;
        await this.#readOn(signal);
        continue;
      }
      const taken = await this.api.take(this.project, named, { signal });
      for (const { task, why } of taken.passed) this.pass(task, why);
      for (const { id } of taken.tasks) this.#given.add(id);
      tasks.push(...taken.tasks);
      progress = taken.progress;
    }
    return { tasks, progress, onboarding: null };
  }

  #ahead(): string[] {
    return this.#kept.open.filter((task) => !this.#given.has(task));
  }

  /** Only what waits or is held can be worked on; the rest of the filter is not this walk's. */
  get #filter(): string {
    return `${this.ask.filter} state:ready,leased`.trim();
  }

  async #count(signal: AbortSignal): Promise<void> {
    if (this.#kept.total || this.#kept.listed) return;
    this.#kept.total = await this.api.countTasks(this.project, this.#filter, { signal });
  }

  async #readOn(signal: AbortSignal): Promise<void> {
    const which = { filter: this.#filter, sort: this.ask.sort };
    const { cursor } = this.#kept;
    const page = await this.api.tasks(this.project, which, { cursor, limit: pageSize, signal });
    this.#kept.open.push(...page.items.map(({ task }) => task.id));
    this.#kept.cursor = page.next;
    this.#kept.listed = page.next === null;
    this.#keep();
  }

  pass(task: string, why: Passed): void {
    if (!this.#close(task)) return;
    this.#kept.passed[why] = (this.#kept.passed[why] ?? 0) + 1;
    this.#keep();
  }

  deal(task: string, how: Dealt): void {
    if (!this.#close(task)) return;
    this.#kept[how] += 1;
    this.#kept.last = [...this.#kept.last, [task, how] as [string, Dealt]].slice(-mostLast);
    this.#keep();
  }

  /** A decision was taken back: its task is open again, before the others. */
  reopen(task: string): void {
    const at = this.#kept.last.findIndex(([id]) => id === task);
    if (at < 0) return;
    const [, how] = this.#kept.last[at]!;
    this.#kept.last.splice(at, 1);
    this.#kept[how] -= 1;
    this.#kept.open.unshift(task);
    this.#given.add(task);
    this.#keep();
  }

  /** The server did not take a decision: somebody else has its task. */
  refused(task: string): void {
    this.reopen(task);
    this.pass(task, 'with_another');
  }

  #close(task: string): boolean {
    const at = this.#kept.open.indexOf(task);
    if (at >= 0) this.#kept.open.splice(at, 1);
    return at >= 0;
  }

  #keep(): void {
    this.#kept.saved = this.now();
    void this.shelf.set(this.#name, this.#kept);
  }

  /** Forgets walks that nobody has come back to. */
  #tidy(): void {
    for (const name of this.shelf.names(`walk:${this.person}:`)) {
      const { saved = 0 } = this.shelf.get<Kept>(name) ?? {};
      if (this.now() - saved > keptFor) void this.shelf.remove(name);
    }
  }

  get #name(): string {
    return `walk:${this.person}:${this.project}:${this.ask.id}`;
  }
}
