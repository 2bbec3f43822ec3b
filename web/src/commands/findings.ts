// What looks wrong, by keys: go through the queue, decide one or many, take it back.
import type { Command } from './command';

export interface FindingHands {
  readonly hasFinding: boolean;
  readonly hasTask: boolean;
  /** It waits for a decision, or others that are marked do. */
  readonly canDecide: boolean;
  /** What it is about can be mended without a person's judgement. */
  readonly canMend: boolean;
  /** A decided one is open: it can be opened again. */
  readonly canReopen: boolean;
  readonly canUndo: boolean;
  readonly canCheck: boolean;
  readonly canPlay: boolean;
  readonly marked: number;
  canStep(step: 1 | -1): boolean;
  step(step: 1 | -1): void;
  stepKind(step: 1 | -1): void;
  relabel(): void;
  mend(): void;
  fix(): void;
  dismiss(): void;
  reopen(): void;
  undo(): void;
  openAtDesk(): void;
  openTask(): void;
  toggleMark(): void;
  markAll(): void;
  unmarkAll(): void;
  play(): void;
  check(): void;
}

/** What checks found in the task that is open at the desk. */
export interface FoundHands {
  mend(): void;
}

const group = 'Findings';
const mode = 'findings';

export const findingCommands: readonly Command<FindingHands>[] = [
  {
    id: 'finding-relabel',
    mode,
    group,
    title: 'Send the task back: people label it again',
    keys: ['b'],
    when: (at) => at.canDecide,
    run: (at) => at.relabel(),
  },
  {
    id: 'finding-mend',
    mode,
    group,
    title: 'Mend the label at once, where that is safe: white space, what sticks out, copies',
    keys: ['m'],
    when: (at) => at.canMend,
    run: (at) => at.mend(),
  },
  {
    id: 'finding-fixed',
    mode,
    group,
    title: 'It was right, and somebody has seen to it',
    keys: ['f'],
    when: (at) => at.canDecide,
    run: (at) => at.fix(),
  },
  {
    id: 'finding-dismiss',
    mode,
    group,
    title: 'It is fine as it is: dismiss with a reason, never told again',
    keys: ['d'],
    when: (at) => at.canDecide,
    run: (at) => at.dismiss(),
  },
  {
    id: 'finding-desk',
    mode,
    group,
    title: 'Label it yourself now, at the desk',
    keys: ['e'],
    when: (at) => at.hasTask,
    run: (at) => at.openAtDesk(),
  },
  {
    id: 'finding-task',
    mode,
    group,
    title: 'All that is known of the task',
    keys: ['o'],
    when: (at) => at.hasTask,
    run: (at) => at.openTask(),
  },
  {
    id: 'finding-play',
    mode,
    group,
    title: 'Play the place, and stop',
    keys: ['p'],
    when: (at) => at.canPlay,
    run: (at) => at.play(),
  },
  {
    id: 'finding-undo',
    mode,
    group,
    title: 'Take the last decision on findings back, ten deep',
    keys: ['Backspace'],
    when: (at) => at.canUndo,
    run: (at) => at.undo(),
  },
  {
    id: 'finding-reopen',
    mode,
    group,
    title: 'Open a decided finding again',
    keys: ['u'],
    when: (at) => at.canReopen,
    run: (at) => at.reopen(),
  },
  ...([1, -1] as const).map((step): Command<FindingHands> => ({
    id: step > 0 ? 'next-finding' : 'previous-finding',
    mode,
    group,
    title: step > 0 ? 'Next finding, this one stays open' : 'Previous finding',
    keys: step > 0 ? ['j', 'ArrowDown'] : ['k', 'ArrowUp'],
    repeats: true,
    when: (at) => at.canStep(step),
    run: (at) => at.step(step),
  })),
  ...([1, -1] as const).map((step): Command<FindingHands> => ({
    id: step > 0 ? 'next-finding-kind' : 'previous-finding-kind',
    mode,
    group,
    title: step > 0 ? 'Next kind of findings' : 'Previous kind of findings',
    keys: step > 0 ? [']'] : ['['],
    run: (at) => at.stepKind(step),
  })),
  {
    id: 'finding-mark',
    mode,
    group,
    title: 'Mark, to decide many at a time',
    keys: ['x', 'Space'],
    when: (at) => at.hasFinding,
    run: (at) => at.toggleMark(),
  },
  {
    id: 'finding-mark-all',
    mode,
    group,
    title: 'Mark all that are listed',
    keys: ['Shift+a'],
    when: (at) => at.hasFinding,
    run: (at) => at.markAll(),
  },
  {
    id: 'finding-unmark',
    mode,
    group,
    title: 'Take all marks off',
    keys: ['Escape'],
    when: (at) => at.marked > 0,
    run: (at) => at.unmarkAll(),
  },
  {
    id: 'finding-check',
    mode,
    group,
    title: 'Check the whole project now',
    keys: ['Shift+r'],
    when: (at) => at.canCheck,
    run: (at) => at.check(),
  },
];

export const foundCommands: readonly Command<FoundHands>[] = [
  {
    id: 'found-mend',
    mode: 'desk',
    group,
    title: 'At the desk: mend what checks found, where that is safe',
    keys: ['Shift+f'],
    run: (at) => at.mend(),
  },
];
