// A person at batches: a class is open, its drafts are held, some are marked; where it has few, the next classes
// stand below it. What is accepted can be taken back, page by page. A sample that is to answer for very many is reviewed in the same grid.
import type { Api } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type {
  BatchAnswer,
  BatchItem,
  BatchStand,
  ClassTotal,
  ItemClass,
  Progress,
} from '../../api/types';

export type BatchServer = Pick<
  Api,
  | 'batchClasses'
  | 'openBatch'
  | 'acceptBatch'
  | 'undoBatch'
  | 'sampleItems'
  | 'reviewSample'
  | 'acceptRest'
>;

export type BatchNews =
  | { kind: 'accepted' | 'rest'; stand: BatchStand }
  | { kind: 'undone' }
  | { kind: 'refused'; detail: string };

/** Drafts of one class on the page. */
export interface Section {
  readonly what: ItemClass;
  readonly items: readonly BatchItem[];
}

/** Drafts on the screen at once. */
export const pageSize = 48;

const isSame = (a: ItemClass | null, b: ItemClass): boolean =>
  a?.control === b.control && a.label === b.label;

const classOf = ({ control, label }: ItemClass): ItemClass => ({ control, label });

/** The batches of one page as one: how many went through, were left, were lost. */
function summed(stands: readonly BatchStand[]): BatchStand {
  const [first, ...others] = stands;
  if (!first) throw new Error('a page without a batch was accepted');
  return others.reduce(
    (sum, { accepted, marked, lost, progress }) => ({
      ...sum,
      progress,
      accepted: sum.accepted + accepted,
      marked: sum.marked + marked,
      lost: sum.lost + lost,
    }),
    first,
  );
}

export class BatchDesk {
  classes = $state.raw<readonly ClassTotal[]>([]);
  what = $state.raw<ItemClass | null>(null);
  sections = $state.raw<readonly Section[]>([]);
  readonly items: readonly BatchItem[] = $derived(this.sections.flatMap(({ items }) => items));
  at = $state(0);
  /** Digits of a number that is not whole yet. */
  typed = $state('');
  marked = $state.raw<ReadonlySet<string>>(new Set());
  /** The sample that is reviewed; null: a plain batch. */
  sampled = $state.raw<BatchStand | null>(null);
  /** A sample of the open class that was begun and is not finished. */
  unfinished = $state.raw<BatchStand | null>(null);
  loading = $state(true);
  working = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** The batches of a page go back together. */
  #undoable = $state.raw<readonly (readonly BatchStand[])[]>([]);

  constructor(
    private readonly server: BatchServer,
    private readonly project: string,
    private readonly tell: (news: BatchNews) => void,
    private readonly heard: (progress: Progress) => void,
    private readonly newKey: () => string,
  ) {}

  get total(): ClassTotal | null {
    return this.classes.find((one) => isSame(this.what, one)) ?? null;
  }
  get accepting(): readonly BatchItem[] {
    return this.items.filter(({ task }) => !this.marked.has(task.id));
  }
  /** Of those that would be accepted: the sum of what is missing to certainty. */
  get expectedWrong(): number {
    return this.accepting.reduce((sum, { probability }) => sum + 1 - probability, 0);
  }
  get isClaimed(): boolean {
    return this.accepting.some(({ calibrated }) => !calibrated);
  }
  get canAccept(): boolean {
    return this.items.length > 0 && !this.working && !this.loading;
  }
  get canUndo(): boolean {
    return this.#undoable.length > 0 && !this.working;
  }

  async load(): Promise<void> {
    await this.#try(async () => {
      this.classes = (await this.server.batchClasses(this.project)).items;
      const first = this.classes[0];
      if (!this.what && first) await this.#open(first);
    });
    this.loading = false;
  }

  async choose(what: ItemClass): Promise<void> {
    if (this.working) return;
    await this.#try(async () => {
      this.sampled = null;
      await this.#open(what);
    });
  }

  /** The number of the draft at this place, as it is typed. */
  numberOf(at: number): string {
    return String(at + 1).padStart(String(this.items.length).length, '0');
  }
  /** The last digit of a number marks its draft. */
  type(digit: string): void {
    const typed = this.typed + digit;
    const at = Number(typed) - 1;
    const isWhole = typed.length >= String(this.items.length).length;
    if (isWhole && at >= 0 && at < this.items.length) this.toggleMark(at);
    this.typed = isWhole ? '' : typed;
  }
  move(to: number): void {
    this.typed = '';
    this.at = Math.max(0, Math.min(this.items.length - 1, to));
  }
  toggleMark(at = this.at): void {
    const task = this.items[at]?.task.id;
    if (!task || this.working) return;
    this.at = at;
    const marked = new Set(this.marked);
    if (!marked.delete(task)) marked.add(task);
    this.marked = marked;
    this.typed = '';
  }

  async accept(active: number): Promise<void> {
    const { what, sampled } = this;
    if (!what || !this.canAccept) return;
    const share = active / this.items.length;
    await this.#try(async () => {
      if (sampled) {
        const answer = this.#answer(this.items, share);
        this.sampled = await this.server.reviewSample(sampled.id, answer);
        this.#remember([this.sampled]);
        this.heard(this.sampled.progress);
        await this.#openSample(this.sampled.id);
        return;
      }
      const stands: BatchStand[] = [];
      try {
        for (const section of this.sections) stands.push(await this.#acceptOne(section, share));
      } finally {
        // What went through can be taken back, whatever became of the others.
        if (stands.length > 0) this.#remember(stands);
        this.sections = this.sections.slice(stands.length);
      }
      this.tell({ kind: 'accepted', stand: summed(stands) });
      await this.#open(what);
    });
  }
  async #acceptOne({ what, items }: Section, share: number): Promise<BatchStand> {
    const answer = this.#answer(items, share);
    const stand = await this.server.acceptBatch(this.project, what, answer, this.newKey());
    this.heard(stand.progress);
    this.classes = this.classes.map((one) =>
      isSame(one, what) ? { ...one, count: Math.max(0, one.count - items.length) } : one,
    );
    return stand;
  }
  #answer(items: readonly BatchItem[], share: number): BatchAnswer {
    return {
      tasks: items.map(({ task, assignment }) => ({ task: task.id, assignment })),
      marked: items.flatMap(({ task }) => (this.marked.has(task.id) ? [task.id] : [])),
      active_ms: Math.round(share * items.length),
    };
  }

  /** Takes back what the last Enter accepted, however much; its class is open again. */
  async undo(): Promise<void> {
    const last = this.#undoable.at(-1);
    if (!last || this.working) return;
    await this.#try(async () => {
      for (const one of [...last].reverse()) {
        try {
          let stand = await this.server.undoBatch(one.id);
          while (stand.remaining > 0) stand = await this.server.undoBatch(one.id);
          this.heard(stand.progress);
        } catch (thrown) {
          // Somebody decided since: it never can be taken back.
          if (asProblem(thrown).code === 'conflict') this.#forget(one);
          throw thrown;
        }
        this.#forget(one);
      }
      this.tell({ kind: 'undone' });
      this.sampled = null;
      this.classes = (await this.server.batchClasses(this.project)).items;
      if (last[0]) await this.#open(last[0]);
    });
  }

  async startSample(stand: BatchStand): Promise<void> {
    await this.#try(async () => {
      this.what = { control: stand.control, label: stand.label };
      await this.#openSample(stand.id);
    });
  }
  async leaveSample(): Promise<void> {
    if (this.what) await this.choose(this.what);
  }

  /** Accepts what the sample answers for, step by step. */
  async acceptRest(): Promise<void> {
    const { sampled } = this;
    if (!sampled || this.working) return;
    await this.#try(async () => {
      let stand = await this.server.acceptRest(sampled.id);
      this.#remember([stand]);
      for (;;) {
        this.sampled = stand;
        this.heard(stand.progress);
        if (stand.remaining === 0) break;
        stand = await this.server.acceptRest(sampled.id);
      }
      this.tell({ kind: 'rest', stand });
      this.sampled = null;
      await this.#open(stand);
    });
  }

  /** The class, and below it the next ones until the page is full. */
  async #open({ control, label }: ItemClass): Promise<void> {
    const what = { control, label };
    const page = await this.server.openBatch(this.project, what, pageSize);
    // Counting every class reads all that waits: only this one changed.
    const others = this.classes.filter((one) => !isSame(one, page.total));
    this.classes = [...others, page.total].sort((one, two) => two.count - one.count);
    this.unfinished = page.sample;
    const sections = [{ what, items: page.items }];
    let room = pageSize - page.items.length;
    for (const other of this.classes) {
      if (room <= 0) break;
      if (isSame(other, what) || other.count === 0) continue;
      const { items } = await this.server.openBatch(this.project, classOf(other), room);
      sections.push({ what: classOf(other), items });
      room -= items.length;
    }
    const filled = sections.filter(({ items }) => items.length > 0);
    this.what = filled[0]?.what ?? what;
    this.#show(filled);
  }
  #remember(stands: readonly BatchStand[]): void {
    const ids = new Set(stands.map(({ id }) => id));
    const others = this.#undoable.filter((page) => !page.some(({ id }) => ids.has(id)));
    this.#undoable = [...others.slice(-9), stands];
  }
  #forget({ id }: BatchStand): void {
    this.#undoable = this.#undoable
      .map((page) => page.filter((one) => one.id !== id))
      .filter((page) => page.length > 0);
  }
  async #openSample(batch: string): Promise<void> {
    const { batch: stand, items } = await this.server.sampleItems(batch);
    this.sampled = stand;
    this.#show([{ what: classOf(stand), items }]);
  }
  #show(sections: readonly Section[]): void {
    this.sections = sections;
    this.marked = new Set();
    this.typed = '';
    this.at = 0;
  }

  async #try(step: () => Promise<void>): Promise<void> {
    this.working = true;
    this.problem = null;
    try {
      await step();
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (this.items.length === 0 && this.classes.length === 0) this.problem = problem;
      else this.tell({ kind: 'refused', detail: problem.detail });
    }
    this.working = false;
  }
}

/** Whether the bound that a sample showed is the one asked for. */
export const isGoodEnough = ({ most_wrong, alpha, population }: BatchStand): boolean =>
  most_wrong >= 0 && most_wrong <= alpha * population + 1e-9;
