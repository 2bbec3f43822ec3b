// From a task to those that are like it: in the list, where a task is looked at, and from there on.
import type { Command } from './command';

export interface SimilarHands {
  /** Whether a task is in focus. */
  canAsk(): boolean;
  ask(): void;
}

export const similarCommands: readonly Command<SimilarHands>[] = [
  {
    id: 'similar',
    mode: 'tasks',
    group: 'Tasks',
    title: 'Similar tasks',
    keys: ['s'],
    when: (at) => at.canAsk(),
    run: (at) => at.ask(),
  },
];
