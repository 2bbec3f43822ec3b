// A server in memory, with the API's rules that the desk leans on: leases a person holds come first,
// one answer an Idempotency-Key, a closed lease refuses.
import { Problem } from '../../src/api/problem';
import type {
  Annotation,
  DeskAnswer,
  DeskReply,
  DeskTask,
  Onboarding,
  Progress,
  TaskHead,
  TaskRow,
  Project,
  Region,
} from '../../src/api/types';
import type { DeskApi } from '../../src/desk/desk-session';
import type { WalkApi } from '../../src/desk/walk';
import { texts } from '../editor/scene';

export function taskOf(id: string, regions: Region[] = []): DeskTask {
  return {
    id,
    project: 'p1',
    key: `${id}.txt`,
    data: { text: `Text of ${id}` },
    meta: null,
    lane: 'routine',
    priority: 128,
    media: null,
    assignment: { id: `s-${id}`, until: 900_000 },
    draft: regions.length
      ? {
          id: `d-${id}`,
          model: 'learner',
          version: '1',
          confidence: 0.8,
          probability: 0.8,
          grounding: 'grounded',
          created: 0,
        }
      : null,
    regions,
    maybes: [],
    work: null,
    former: null,
  };
}

const headOf = (id: string): TaskHead => ({
  id,
  key: `${id}.txt`,
  data: { text: `Text of ${id}` },
  meta: null,
  media: null,
  state: 'done',
  lane: 'routine',
  priority: 128,
  created: 0,
});

const spam = (id: string): Region => ({
  id: `d${id}`,
  control: 'topic',
  kind: 'choices',
  labels: ['spam'],
  origin: 'model',
  probability: 0.8,
});

const numberOf = (id: string): number => Number(id.slice(1));

const rowOf = (id: string): TaskRow => ({
  task: { ...headOf(id), state: 'ready' },
  action: null,
  person: '',
  labels: '',
  probability: null,
  flagged: false,
  decided: 0,
  holder: '',
  lease_until: 0,
  for_person: '',
});

export class FakeServer {
  readonly annotations: Annotation[] = [];
  readonly replies = new Map<string, DeskReply>();
  readonly works = new Map<string, unknown>();
  /** Thrown by the next request, once each. */
  readonly failures: Problem[] = [];
  /** Assignments that somebody else holds now. */
  readonly passedOn = new Set<string>();
  requests: string[] = [];
  /** What comes before work, and what it comes to. */
  onboarding: Onboarding | null = null;
  ends: 'passed' | 'failed' = 'passed';
  #open: DeskTask[];
  #closed = new Map<string, DeskTask>();

  constructor(count: number) {
    this.#open = Array.from({ length: count }, (_, i) => taskOf(`t${i + 1}`, [spam(`t${i + 1}`)]));
  }

  /** The task that comes first. */
  get first(): DeskTask {
    return this.#open[0]!;
  }
  set first(task: DeskTask) {
    this.#open[0] = task;
  }

  get progress(): Progress {
    const done = this.annotations.filter(({ withdrawn }) => !withdrawn).length;
    const total = this.#open.length + this.#closed.size;
    const none = {
      accepted: 0,
      edited: 0,
      rejected: 0,
      created: 0,
      skipped: 0,
      imported: 0,
      flagged: 0,
      disputed: 0,
      gold: 0,
    };
    return { total, ready: total - done, leased: 0, done, drafted: total, ...none };
  }

  /** Saved work waits for this before it is kept. */
  holdWork: Promise<void> | null = null;
  /** Tasks that somebody else has. */
  readonly withOthers = new Set<string>();

  /** What a walk asks: the list is every open task, three a page, in the order of their ids. */
  readonly list: WalkApi = {
    tasks: async (_project, _which, ask) => {
      this.#arrive('tasks');
      const after = Number(ask?.cursor ?? 0);
      const open = this.#open
        .filter(({ id }) => numberOf(id) > after)
        .sort((a, b) => numberOf(a.id) - numberOf(b.id));
      const page = open.slice(0, 3);
      const items = page.map(({ id }) => rowOf(id));
      const next = open.length > 3 ? String(numberOf(page.at(-1)!.id)) : null;
      return { items, next };
    },
    countTasks: async () => ({ count: this.#open.length, more: false }),
    take: async (_project, named) => {
      this.#arrive('take');
      const passed = named
        .filter((id) => this.withOthers.has(id) || this.#closed.has(id))
        .map((task) => ({ task, why: 'with_another' as const }));
      const tasks = named
        .map((id) => this.#open.find((task) => task.id === id))
        .filter((task) => task !== undefined)
        .filter(({ id }) => !this.withOthers.has(id));
      return { tasks, passed, progress: this.progress };
    },
  };

  readonly api: DeskApi = {
    next: async (_project, count) => {
      this.#arrive('next');
      return { tasks: this.#held(count), progress: this.progress, onboarding: this.onboarding };
    },
    submit: async (task, answer, key) => this.#decide('submit', task, answer, key),
    skip: async (task, skip, key) => this.#decide('skip', task, { regions: [], ...skip }, key),
    undo: async (annotation) => {
      this.#arrive('undo');
      const found = this.annotations.find(({ id }) => id === annotation)!;
      found.withdrawn = 1;
      const task = this.#closed.get(found.task)!;
      this.#closed.delete(found.task);
      const reopened = {
        ...task,
        assignment: { id: `${task.assignment.id}'`, until: 900_000 },
        work: { regions: found.regions },
      };
      this.#open.unshift(reopened);
      return { task: reopened };
    },
    recent: async () => ({
      items: this.annotations.filter(({ withdrawn }) => !withdrawn).reverse(),
    }),
    saveWork: async (task, assignment, work, asking) => {
      this.#arrive('work');
      await this.holdWork;
      if (asking?.signal?.aborted) throw new Problem('aborted', 0, '', 'called off');
      if (this.passedOn.has(assignment)) throw new Problem('conflict', 409, '', 'passed on');
      this.works.set(task, work);
    },
    renew: async (assignment) => {
      this.#arrive('renew');
      if (this.passedOn.has(assignment)) throw new Problem('conflict', 409, '', 'passed on');
      return { until: 1_800_000 };
    },
    release: async () => this.#arrive('release'),
    feedback: async (_project, id) => {
      this.#arrive('feedback');
      const onboarding = this.onboarding!;
      const unseen = onboarding.unseen.filter((other) => other !== id);
      const over = onboarding.answered === onboarding.wanted && unseen.length === 0;
      const now = { ...onboarding, unseen, ...(over && { state: this.ends, score: 1 }) };
      this.onboarding = now.state === 'passed' ? null : now;
      const answer = this.annotations.find((annotation) => annotation.id === id)!;
      return {
        task: headOf(answer.task),
        media: null,
        answer,
        trusted: answer.regions,
        differences: [],
        score: 1,
        agreed: true,
        onboarding: now,
      };
    },
  };

  /** As the server does with a skipped task when nothing else waits. */
  giveAgain(id: string): void {
    const task = this.#closed.get(id)!;
    this.#closed.delete(id);
    const assignment = { id: `${task.assignment.id}+`, until: 900_000 };
    this.#open.push({ ...task, assignment });
  }

  #held(count: number): DeskTask[] {
    return this.#open
      .slice(0, count)
      .map((task) => ({ ...task, work: this.works.get(task.id) ?? task.work }));
  }

  async #decide(kind: string, id: string, answer: DeskAnswer, key: string): Promise<DeskReply> {
    await Promise.resolve();
    this.#arrive(kind);
    const before = this.replies.get(key);
    if (before) return before;
    const at = this.#open.findIndex((task) => task.id === id);
    const task = this.#open[at];
    if (!task || task.assignment.id !== answer.assignment || this.passedOn.has(answer.assignment)) {
      throw new Problem('conflict', 409, '', `Task ${id} is with somebody else now.`);
    }
    this.#open.splice(at, 1);
    this.#closed.set(id, task);
    const annotation: Annotation = {
      id: `a${this.annotations.length + 1}`,
      task: id,
      person: 'u1',
      draft: null,
      action: kind === 'skip' ? 'skipped' : answer.rejected ? 'rejected' : 'accepted',
      regions: answer.regions,
      edits: 0,
      active_ms: answer.active_ms,
      flagged: answer.flagged ?? false,
      comment: answer.comment ?? '',
      created: 1,
      withdrawn: 0,
    };
    this.annotations.push(annotation);
    if (this.onboarding?.state === 'underway') {
      const { answered, unseen } = this.onboarding;
      this.onboarding = {
        ...this.onboarding,
        answered: answered + 1,
        unseen: [...unseen, annotation.id],
      };
    }
    const reply = {
      annotation,
      next: this.#held(answer.want ?? 1),
      progress: this.progress,
      onboarding: this.onboarding,
    };
    this.replies.set(key, reply);
    return reply;
  }

  #arrive(request: string): void {
    this.requests.push(request);
    const failure = this.failures.shift();
    if (failure) throw failure;
  }
}

export const project: Project = {
  id: 'p1',
  name: 'Mail',
  description: '',
  schema: texts,
  schema_version: 1,
  guideline: '',
  guideline_version: 1,
  policy: {
    blind_share: 0.1,
    show_from: 0.4,
    routine_from: 0.8,
    lease_minutes: 15,
    overlap: 1,
    overlap_share: 1,
    gold_share: 0,
    onboarding: 0,
    onboarding_least: 0.8,
    skip_reasons: [],
  },
  progress: new FakeServer(0).progress,
  created: 0,
  archived: false,
  lists_hidden: false,
};
