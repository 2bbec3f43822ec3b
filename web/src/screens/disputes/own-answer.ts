// A specialist's own answer to a dispute, on the desk's editor: a desk session whose one task is the dispute
// and whose one decision is the verdict. Nothing is leased and nothing is kept; the queue sends it.
import { DeskSession, type DeskApi } from '../../desk/desk-session';
import { nobodyToAsk } from '../../desk/cue.svelte';
import { DeskView } from '../../desk/desk-view.svelte';
import { Outbox, type Decision } from '../../desk/outbox';
import type { Outliner } from '../../desk/outline.svelte';
import type { Annotation, DeskTask, Dispute, Project, Region } from '../../api/types';
import type { Scope } from '../../lib/scope';
import { aloneClaims } from '../../lib/claims';
import { memoryShelf } from '../../lib/durable-shelf';

export interface OwnAnswer {
  readonly regions: Region[];
  readonly reason: string;
  readonly active_ms: number;
}

export interface OwnWorld {
  readonly scope: Scope;
  readonly outliner: Outliner;
  readonly isVisible: () => boolean;
  given(answer: OwnAnswer): void;
  leave(): void;
}

const anHour = 3_600_000;

function deskTask(project: Project, { task, media }: Dispute, start: readonly Region[]): DeskTask {
  return {
    ...{ id: task.id, project: project.id, key: task.key, data: task.data, meta: task.meta },
    ...{ lane: task.lane, priority: task.priority, media, draft: null },
    assignment: { id: '', until: Date.now() + anHour },
    regions: structuredClone([...start]),
    maybes: [],
    work: null,
    former: null,
  };
}

/** Where the desk takes the last decision back, this goes back to the answers. */
class OwnView extends DeskView {
  constructor(
    session: DeskSession,
    outliner: Outliner,
    private readonly leave: () => void,
  ) {
    super(session, outliner, nobodyToAsk);
  }
  override get canUndoDecision(): boolean {
    return true;
  }
  override undoDecision(): void {
    if (!this.shapes.takeBack()) this.leave();
  }
}

/** The view of a desk that holds only this dispute, started from `start`. */
export function ownAnswer(
  project: Project,
  dispute: Dispute,
  start: readonly Region[],
  person: string,
  world: OwnWorld,
): OwnView {
  let tasks = [deskTask(project, dispute, start)];
  const annotation = { id: '', task: dispute.task.id, regions: [] } as unknown as Annotation;
  const { progress } = project;
  const reply = async () => ({ annotation, next: [], progress, onboarding: null });
  const api: DeskApi = {
    next: async () => {
      const all = tasks;
      tasks = [];
      return { tasks: all, progress, onboarding: null };
    },
    submit: reply,
    skip: reply,
    undo: async () => ({ task: deskTask(project, dispute, start) }),
    recent: async () => ({ items: [] }),
    saveWork: async () => undefined,
    renew: async () => ({ until: Date.now() + anHour }),
    release: async () => undefined,
    feedback: () => Promise.reject(new Error('A dispute has no first tasks.')),
  };
  const send = async ({ regions, comment, activeMs }: Decision) => {
    world.given({ regions: [...regions], reason: comment, active_ms: activeMs });
    return reply();
  };
  const store = { shelf: memoryShelf(), claims: aloneClaims() };
  const after = (ms: number, work: () => void) => world.scope.after(ms, work);
  const outbox = new Outbox({ ...store, send, after, random: Math.random }, person);
  const session = new DeskSession(
    {
      ...{ api, ...store, outbox, scope: world.scope, isVisible: world.isVisible },
      now: () => Date.now(),
      steady: () => performance.now(),
      random: Math.random,
    },
    project,
    person,
  );
  world.scope.own(() => outbox.end());
  return new OwnView(session, world.outliner, () => world.leave());
}
