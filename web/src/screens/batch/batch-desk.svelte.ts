// A person at batches: a class is open, its drafts are held, some are marked. What is accepted can be taken
// back, batch by batch. A sample that is to answer for very many is reviewed in the same grid.
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

/** Drafts on the screen at once. */
export const pageSize = 48;

const isSame = (a: ItemClass | null, b: ItemClass): boolean =>
  a?.control === b.control && a.label === b.label;

export class BatchDesk {
  classes = $state.raw<readonly ClassTotal[]>([]);
  what = $state.raw<ItemClass | null>(null);
  items = $state.raw<readonly BatchItem[]>([]);
  at = $state(0);
  marked = $state.raw<ReadonlySet<string>>(new Set());
  /** The sample that is reviewed; null: a plain batch. */
  sampled = $state.raw<BatchStand | null>(null);
  /** A sample of the open class that was begun and is not finished. */
  unfinished = $state.raw<BatchStand | null>(null);
  loading = $state(true);
  working = $state(false);
  problem = $state.raw<Problem | null>(null);
  #undoable = $state.raw<readonly BatchStand[]>([]);

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

  move(to: number): void {
    this.at = Math.max(0, Math.min(this.items.length - 1, to));
  }
  toggleMark(at = this.at): void {
    const task = this.items[at]?.task.id;
    if (!task || this.working) return;
    this.at = at;
    const marked = new Set(this.marked);
    if (!marked.delete(task)) marked.add(task);
    this.marked = marked;
  }

  async accept(active: number): Promise<void> {
    const { what, sampled } = this;
    if (!what || !this.canAccept) return;
    const answer: BatchAnswer = {
      tasks: this.items.map(({ task, assignment }) => ({ task: task.id, assignment })),
      marked: [...this.marked],
      active_ms: active,
    };
    await this.#try(async () => {
      if (sampled) {
        this.sampled = await this.server.reviewSample(sampled.id, answer);
        this.#remember(this.sampled);
        this.heard(this.sampled.progress);
        await this.#openSample(this.sampled.id);
        return;
      }
      const stand = await this.server.acceptBatch(this.project, what, answer, this.newKey());
      this.#remember(stand);
      this.heard(stand.progress);
      this.tell({ kind: 'accepted', stand });
      await this.#open(what);
    });
  }

  /** Takes the last batch back, however large; its class is open again. */
  async undo(): Promise<void> {
    const last = this.#undoable.at(-1);
    if (!last || this.working) return;
    await this.#try(async () => {
      const forget = () => (this.#undoable = this.#undoable.slice(0, -1));
      try {
        let stand = await this.server.undoBatch(last.id);
        while (stand.remaining > 0) stand = await this.server.undoBatch(last.id);
        this.heard(stand.progress);
      } catch (thrown) {
        // Somebody decided since: it never can be taken back.
        if (asProblem(thrown).code === 'conflict') forget();
        throw thrown;
      }
      forget();
      this.tell({ kind: 'undone' });
      this.sampled = null;
      await this.#open(last);
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
      this.#remember(stand);
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

  async #open({ control, label }: ItemClass): Promise<void> {
    this.what = { control, label };
    const page = await this.server.openBatch(this.project, this.what, pageSize);
    this.unfinished = page.sample;
    this.#show(page.items);
    // Counting every class reads all that waits: only this one changed.
    const others = this.classes.filter((one) => !isSame(one, page.total));
    this.classes = [...others, page.total].sort((one, two) => two.count - one.count);
  }
  #remember(stand: BatchStand): void {
    const others = this.#undoable.filter(({ id }) => id !== stand.id);
    this.#undoable = [...others.slice(-9), stand];
  }
  async #openSample(batch: string): Promise<void> {
    const { batch: stand, items } = await this.server.sampleItems(batch);
    this.sampled = stand;
    this.#show(items);
  }
  #show(items: readonly BatchItem[]): void {
    this.items = items;
    this.marked = new Set();
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
