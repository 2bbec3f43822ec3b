// The disputes of a project as one specialist works through them: the next one opens at once while the
// verdict is on its way, and what the server refuses comes back to where it stood.
import type { Api } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type { Dispute, Verdict } from '../../api/types';

export type DisputeServer = Pick<
  Api,
  'disputes' | 'decideDispute' | 'takeVerdictBack' | 'sendBack'
>;

/** task: as people get them; undecided: those first whose likeliest answer is the least likely. */
export type DisputeOrder = 'task' | 'undecided';

/** How likely the likeliest answer is, none of them included; unknown ones come behind all others. */
const decidedness = ({ opinions, none_right }: Dispute): number =>
  opinions.some(({ probability }) => probability !== null)
    ? Math.max(none_right ?? 0, ...opinions.map(({ probability }) => probability ?? 0))
    : 2;

export type DisputeNews = 'decided' | 'undone' | 'sent_back' | 'refused' | 'gone';

interface Given {
  readonly dispute: Dispute;
  readonly at: number;
  /** What the server refused it with; null: it was taken. */
  readonly sent: Promise<Problem | null>;
}

const pageSize = 50;
/** So many are read at most to be put in another order. */
const mostOrdered = 500;
const mostUndone = 10;
/** Somebody else was faster: there is nothing to put back. */
const isGone = ({ code }: Problem): boolean => code === 'conflict' || code === 'not_found';

export class DisputeQueue {
  items = $state.raw<readonly Dispute[]>([]);
  open = $state.raw<Dispute | null>(null);
  loading = $state(true);
  problem = $state.raw<Problem | null>(null);
  undoing = $state(false);
  order = $state<DisputeOrder>('task');
  /** By a task: in which place it came. */
  readonly #came = new Map<string, number>();
  #given = $state.raw<readonly Given[]>([]);
  #next = $state.raw<string | null>(null);

  constructor(
    private readonly server: DisputeServer,
    private readonly project: string,
    /** After every change at the server, and for what is to be said. */
    private readonly tell: (news: DisputeNews, detail: string) => void,
  ) {}

  get canUndo(): boolean {
    return this.#given.length > 0 && !this.undoing;
  }
  get hasMore(): boolean {
    return this.#next !== null;
  }

  async load(cursor: string | null = null): Promise<void> {
    this.loading = true;
    this.problem = null;
    try {
      const page = await this.server.disputes(this.project, { cursor, limit: pageSize });
      const pending = new Set(this.#given.map(({ dispute }) => dispute.task.id));
      const known = new Set(cursor === null ? [] : this.items.map(({ task }) => task.id));
      const fresh = page.items.filter(({ task }) => !pending.has(task.id) && !known.has(task.id));
      for (const { task } of fresh)
        if (!this.#came.has(task.id)) this.#came.set(task.id, this.#came.size);
      this.items = this.#ordered(cursor === null ? fresh : [...this.items, ...fresh]);
      this.#next = page.next;
      this.open ??= this.items[0] ?? null;
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
    this.loading = false;
  }

  async loadMore(): Promise<void> {
    if (this.#next && !this.loading) await this.load(this.#next);
  }

  /** Puts the list in that order, and opens the first; odds are those that were read with each dispute. */
  async sortBy(order: DisputeOrder): Promise<void> {
    this.order = order;
    while (order === 'undecided' && this.hasMore && this.items.length < mostOrdered) {
      const before = this.items.length;
      await this.loadMore();
      if (this.problem || this.items.length === before) break;
    }
    this.items = this.#ordered(this.items);
    this.open = this.items[0] ?? null;
  }

  show(task: string): void {
    this.open = this.items.find((dispute) => dispute.task.id === task) ?? this.open;
  }

  canStep(step: 1 | -1): boolean {
    return this.items[this.#at + step] !== undefined;
  }
  step(step: 1 | -1): void {
    this.open = this.items[this.#at + step] ?? this.open;
  }

  decide(verdict: Verdict): void {
    const dispute = this.open;
    if (!dispute || this.undoing) return;
    const sent = this.server.decideDispute(dispute.task.id, verdict).then(() => null, asProblem);
    const given: Given = { dispute, at: this.#take(dispute), sent };
    this.#given = [...this.#given.slice(1 - mostUndone), given];
    void sent.then((problem) => {
      if (!problem) return this.tell('decided', '');
      this.#given = this.#given.filter((other) => other !== given);
      this.#refused(given, problem);
    });
  }

  /** Takes the last verdict back; the dispute is open again where it stood. */
  async undo(): Promise<void> {
    const given = this.#given.at(-1);
    if (!given || this.undoing) return;
    this.undoing = true;
    try {
      if ((await given.sent) === null) {
        await this.server.takeVerdictBack(given.dispute.task.id);
        this.#putBack(given);
        this.tell('undone', '');
      }
    } catch (thrown) {
      this.tell('refused', asProblem(thrown).detail);
    }
    this.#given = this.#given.filter((other) => other !== given);
    this.undoing = false;
  }

  async sendBack(comment: string): Promise<void> {
    const dispute = this.open;
    if (!dispute || this.undoing) return;
    const taken = { dispute, at: this.#take(dispute) };
    try {
      await this.server.sendBack(dispute.task.id, comment);
      this.tell('sent_back', '');
    } catch (thrown) {
      this.#refused(taken, asProblem(thrown));
    }
  }

  #ordered(items: readonly Dispute[]): readonly Dispute[] {
    const came = ({ task }: Dispute) => this.#came.get(task.id) ?? 0;
    return items.toSorted(
      (a, b) =>
        (this.order === 'undecided' ? decidedness(a) - decidedness(b) : 0) || came(a) - came(b),
    );
  }

  get #at(): number {
    return this.open ? this.items.indexOf(this.open) : -1;
  }

  #take(dispute: Dispute): number {
    const at = this.items.indexOf(dispute);
    this.items = this.items.filter((other) => other !== dispute);
    this.open = this.items[at] ?? this.items[at - 1] ?? null;
    if (this.items.length < pageSize / 2) void this.loadMore();
    return at;
  }

  #putBack({ dispute, at }: Pick<Given, 'dispute' | 'at'>): void {
    this.items = this.items.toSpliced(Math.min(at, this.items.length), 0, dispute);
    this.open = dispute;
  }

  #refused(taken: Pick<Given, 'dispute' | 'at'>, problem: Problem): void {
    if (!isGone(problem)) this.#putBack(taken);
    this.tell(isGone(problem) ? 'gone' : 'refused', problem.detail);
  }
}
