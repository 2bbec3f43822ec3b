// What people tell each other at the desk: comments on a task, and a guideline that changed.
import type { Command } from './command';

export interface DiscussionHands {
  readonly hasTask: boolean;
  discuss(): void;
}

export const discussionCommands: readonly Command<DiscussionHands>[] = [
  {
    id: 'discuss',
    mode: 'desk',
    group: 'Remark',
    title: 'Read and write comments under this task',
    keys: ['Shift+c'],
    when: (at) => at.hasTask,
    run: (at) => at.discuss(),
  },
];

export interface GuidelineNewsHands {
  readonly hasNews: boolean;
  /** Shows what changed; once more: it is understood. */
  news(): void;
}

export const guidelineNewsCommands: readonly Command<GuidelineNewsHands>[] = [
  {
    id: 'guideline-news',
    mode: 'desk',
    group: 'Remark',
    title: 'Show what changed in the guideline; once more: understood',
    keys: ['Shift+g'],
    when: (at) => at.hasNews,
    run: (at) => at.news(),
  },
];
