// The findings of a project as one supervisor goes through them, worst first: the next one opens at once
// while a decision is on its way, many are decided at a time, and what is decided can be taken back.
import type { Api } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type {
  Finding,
  FindingKindSummary,
  FindingState,
  FindingsDecided,
  FindingSummary,
  FindingVerdict,
} from '../../api/types';

export type FindingServer = Pick<
  Api,
  'findings' | 'findingSummary' | 'decideFindings' | 'mendFindings' | 'undoFindings'
>;

export type FindingNews =
  | { kind: FindingVerdict | 'mended' | 'undone' | 'marked'; n: number }
  | { kind: 'refused'; detail: string; n: number };

/** What was taken out of the list, and where it stood. */
interface Taken {
  readonly finding: Finding;
  readonly at: number;
}
interface Given {
  readonly taken: readonly Taken[];
  /** Ids that the server took. */
  readonly sent: Promise<ReadonlySet<string>>;
}

const pageSize = 50;
const mostUndone = 10;
/** Findings that one request decides at most. */
const mostAtOnce = 500;
/** Findings that are marked at a time at most. */
const mostMarked = 5000;

const chunks = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / mostAtOnce) }, (_, i) =>
    ids.slice(i * mostAtOnce, (i + 1) * mostAtOnce),
  );

/** Kinds that were often wrong stand last; the others as the server has them, those with open ones first. */
export function inOrder(kinds: readonly FindingKindSummary[]): FindingKindSummary[] {
  const rank = ({ open, is_shown_less }: FindingKindSummary) =>
    (is_shown_less ? 2 : 0) + (open > 0 ? 0 : 1);
  return [...kinds].sort((a, b) => rank(a) - rank(b));
}

export class FindingQueue {
  items = $state.raw<readonly Finding[]>([]);
  open = $state.raw<Finding | null>(null);
  marked = $state.raw<ReadonlySet<string>>(new Set());
  /** Empty: all kinds. */
  kind = $state('');
  state = $state<FindingState>('open');
  summary = $state.raw<FindingSummary | null>(null);
  loading = $state(true);
  /** Undoing, or reading on to mark all. */
  working = $state(false);
  problem = $state.raw<Problem | null>(null);
  readonly kinds: readonly FindingKindSummary[] = $derived(inOrder(this.summary?.kinds ?? []));
  readonly openCount: number = $derived(this.kinds.reduce((sum, { open }) => sum + open, 0));
  #given = $state.raw<readonly Given[]>([]);
  #next = $state.raw<string | null>(null);
  /** The last list that was asked for; answers to others come too late. */
  #asked = 0;

  constructor(
    private readonly server: FindingServer,
    private readonly project: string,
    private readonly tell: (news: FindingNews) => void,
  ) {}

  get hasMore(): boolean {
    return this.#next !== null;
  }
  get canUndo(): boolean {
    return this.#given.length > 0 && !this.working;
  }
  get canDecide(): boolean {
    return this.state === 'open' && this.targets.length > 0 && !this.working;
  }
  /** What a decision is about: all that are marked, else the open one. */
  get targets(): readonly Finding[] {
    if (this.marked.size > 0) return this.items.filter(({ id }) => this.marked.has(id));
    return this.open ? [this.open] : [];
  }
  /** Of those, the ones that can be mended without a person's judgement. */
  get mendable(): readonly Finding[] {
    return this.canDecide ? this.targets.filter(({ is_repaired }) => is_repaired) : [];
  }
  /** The next one, to be fetched before it is asked for. */
  get ahead(): Finding | null {
    return this.items[this.#at + 1] ?? null;
  }

  async loadSummary(): Promise<void> {
    try {
      this.hear(await this.server.findingSummary(this.project));
    } catch (thrown) {
      if (!this.summary) this.problem = asProblem(thrown);
    }
  }
  /** How it stands now; a list that was empty is read again when there is something. */
  hear(summary: FindingSummary): void {
    const before = this.summary?.checked_at;
    this.summary = summary;
    const isNew = before !== undefined && summary.checked_at > before;
    if (isNew && this.state === 'open' && this.marked.size === 0) void this.load();
  }

  /** The list anew; the open one stays open while it is in it. */
  async load(): Promise<void> {
    await this.#read(null);
  }
  async loadMore(): Promise<void> {
    if (this.#next && !this.loading) await this.#read(this.#next);
  }
  async #read(after: string | null): Promise<void> {
    const asked = (this.#asked += 1);
    this.loading = true;
    this.problem = null;
    try {
      const { kind, state } = this;
      const ask = { state, after, limit: pageSize, ...(kind && { kind }) };
      const page = await this.server.findings(this.project, ask);
      if (asked !== this.#asked) return;
      const known = new Set(after === null ? [] : this.items.map(({ id }) => id));
      for (const { taken } of this.state === 'open' ? this.#given : [])
        for (const { finding } of taken) known.add(finding.id);
      const fresh = page.findings.filter(({ id }) => !known.has(id));
      this.items = after === null ? fresh : [...this.items, ...fresh];
      this.#next = page.next;
      const { open } = this;
      this.open = this.items.find(({ id }) => id === open?.id) ?? this.items[0] ?? null;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.problem = asProblem(thrown);
    }
    this.loading = false;
  }

  async choose(kind: string, state: FindingState = this.state): Promise<void> {
    if (kind === this.kind && state === this.state) return;
    this.kind = kind;
    this.state = state;
    this.items = [];
    this.open = null;
    this.marked = new Set();
    this.#next = null;
    await this.load();
  }
  stepKind(step: 1 | -1): void {
    const names = ['', ...this.kinds.map(({ kind }) => kind)];
    const at = names.indexOf(this.kind);
    void this.choose(names[(at + step + names.length) % names.length] ?? '');
  }

  show(id: string): void {
    this.open = this.items.find((finding) => finding.id === id) ?? this.open;
  }
  canStep(step: 1 | -1): boolean {
    return this.items[this.#at + step] !== undefined;
  }
  step(step: 1 | -1): void {
    this.open = this.items[this.#at + step] ?? this.open;
    if (this.items.length - this.#at < pageSize / 4) void this.loadMore();
  }

  toggleMark(id = this.open?.id): void {
    if (!id) return;
    const marked = new Set(this.marked);
    if (!marked.delete(id)) marked.add(id);
    this.marked = marked;
  }
  /** Reads the list to its end, or to as many as are decided at a time. */
  async markAll(): Promise<void> {
    if (this.working) return;
    this.working = true;
    while (this.hasMore && this.items.length < mostMarked && !this.problem)
      await this.#read(this.#next);
    this.working = false;
    this.marked = new Set(this.items.slice(0, mostMarked).map(({ id }) => id));
    this.tell({ kind: 'marked', n: this.marked.size });
  }
  unmarkAll(): void {
    this.marked = new Set();
  }

  decide(verdict: FindingVerdict, reason = ''): void {
    if (!this.canDecide) return;
    this.#decideAs(verdict, this.targets, (ids) =>
      this.server.decideFindings(this.project, ids, verdict, reason),
    );
  }
  /** Corrects the labels at once; those that need a person stay as they are. */
  mend(): void {
    const { mendable } = this;
    if (mendable.length === 0) return;
    this.#decideAs('mended', mendable, (ids) => this.server.mendFindings(this.project, ids));
  }

  #decideAs(
    as: FindingVerdict | 'mended',
    targets: readonly Finding[],
    ask: (ids: string[]) => Promise<FindingsDecided>,
  ): void {
    const taken = this.#take(targets);
    const sent = this.#send(taken, ask);
    const given: Given = { taken, sent };
    this.#given = [...this.#given.slice(1 - mostUndone), given];
    void sent.then((done) => {
      if (done.size === 0) this.#given = this.#given.filter((other) => other !== given);
      else this.tell({ kind: as, n: done.size });
      void this.loadSummary();
    });
  }

  async #send(
    taken: readonly Taken[],
    ask: (ids: string[]) => Promise<FindingsDecided>,
  ): Promise<ReadonlySet<string>> {
    const left = new Map(taken.map((one) => [one.finding.id, one]));
    const done = new Set<string>();
    const refused: Taken[] = [];
    let why = '';
    for (const ids of chunks([...left.keys()])) {
      try {
        const answer = await ask(ids);
        for (const { id, reason } of answer.refused) {
          refused.push(left.get(id)!);
          why ||= `${left.get(id)?.finding.name ?? id}: ${reason}`;
        }
        const not = new Set(answer.refused.map(({ id }) => id));
        for (const id of ids) if (!not.has(id)) done.add(id);
      } catch (thrown) {
        why ||= asProblem(thrown).detail;
        refused.push(...ids.map((id) => left.get(id)!));
      }
    }
    if (refused.length > 0) {
      this.#putBack(refused);
      this.tell({ kind: 'refused', detail: why, n: refused.length });
    }
    return done;
  }

  /** Takes the last decision back, of however many; they are open again where they stood. */
  async undo(): Promise<void> {
    const given = this.#given.at(-1);
    if (!given || this.working) return;
    this.working = true;
    const done = await given.sent;
    const back = given.taken.filter(({ finding }) => done.has(finding.id));
    await this.#takeBack(back, this.state === 'open' && this.#isShown(back));
    this.#given = this.#given.filter((other) => other !== given);
    // A list that was asked for before does not have them yet.
    if (this.loading) void this.load();
    this.working = false;
  }
  /** Of the decided ones that are listed: opened again. */
  async reopen(): Promise<void> {
    if (this.state === 'open' || this.working) return;
    this.working = true;
    await this.#takeBack(this.#take(this.targets), false);
    this.working = false;
  }
  async #takeBack(back: readonly Taken[], shows: boolean): Promise<void> {
    try {
      const refused = new Set<string>();
      let why = '';
      for (const ids of chunks(back.map(({ finding }) => finding.id))) {
        const answer = await this.server.undoFindings(this.project, ids);
        for (const { id, reason } of answer.refused) {
          refused.add(id);
          why ||= reason;
        }
      }
      const undone = back.filter(({ finding }) => !refused.has(finding.id));
      if (shows && undone.length > 0) this.#putBack(undone);
      if (refused.size > 0) this.tell({ kind: 'refused', detail: why, n: refused.size });
      if (undone.length > 0) this.tell({ kind: 'undone', n: undone.length });
    } catch (thrown) {
      this.tell({ kind: 'refused', detail: asProblem(thrown).detail, n: back.length });
    }
    // Nothing waits for it: the next key counts.
    void this.loadSummary();
  }
  #isShown(back: readonly Taken[]): boolean {
    return back.every(({ finding }) => !this.kind || finding.kind === this.kind);
  }

  get #at(): number {
    return this.open ? this.items.indexOf(this.open) : -1;
  }

  #take(findings: readonly Finding[]): Taken[] {
    const gone = new Set(findings);
    const at = this.#at;
    const taken = this.items.flatMap((finding, at) => (gone.has(finding) ? [{ finding, at }] : []));
    const { open } = this;
    const after = this.items.slice(Math.max(0, at)).find((finding) => !gone.has(finding));
    this.items = this.items.filter((finding) => !gone.has(finding));
    this.open = open && !gone.has(open) ? open : (after ?? this.items.at(-1) ?? null);
    this.marked = new Set();
    if (this.items.length < pageSize / 2) void this.loadMore();
    return taken;
  }

  #putBack(taken: readonly Taken[]): void {
    const items = [...this.items];
    for (const { finding, at } of taken) items.splice(Math.min(at, items.length), 0, finding);
    this.items = items;
    this.open = taken[0]?.finding ?? this.open;
  }
}
