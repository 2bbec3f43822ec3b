// A decision about the task on the desk, and what one says about it.
import type { Command } from './command';
import type { DeskHands } from './hands';

export const decide: readonly Command<DeskHands>[] = [
  {
    id: 'accept',
    mode: 'desk',
    group: 'Decide',
    title: 'Accept what is on the desk, next task',
    keys: ['Enter', 'a'],
    when: (desk) => desk.hasTask || desk.hasFeedback,
    run: (desk) => desk.accept(),
  },
  {
    id: 'submit',
    mode: 'desk',
    group: 'Decide',
    title: 'Submit what is on the desk, even if it is empty, next task',
    keys: ['Ctrl+Enter'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.submit(),
  },
  {
    id: 'reject',
    mode: 'desk',
    group: 'Decide',
    title: 'Reject the draft, start from nothing',
    keys: ['x'],
    when: (desk) => desk.hasTask && desk.hasDraft,
    run: (desk) => desk.reject(),
  },
  {
    id: 'skip',
    mode: 'desk',
    group: 'Decide',
    title: 'Skip this task',
    keys: ['Space'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.skip(),
  },
  {
    id: 'skip-reason',
    mode: 'desk',
    group: 'Decide',
    title: 'Skip this task and say why',
    keys: ['Shift+Space'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.skipWithReason(),
  },
  {
    id: 'undo-decision',
    mode: 'desk',
    group: 'Decide',
    title: 'Undo the last decision, ten deep',
    keys: ['Backspace'],
    when: (desk) => desk.canUndoDecision,
    run: (desk) => desk.undoDecision(),
  },
];

export const remark: readonly Command<DeskHands>[] = [
  {
    id: 'flag',
    mode: 'desk',
    group: 'Remark',
    title: 'Flag this task, or take the flag off',
    keys: ['f'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.flag(),
  },
  {
    id: 'comment',
    mode: 'desk',
    group: 'Remark',
    title: 'Comment on this task',
    keys: ['c'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.comment(),
  },
  {
    id: 'guideline',
    mode: 'desk',
    group: 'Remark',
    title: 'Show the guideline',
    keys: ['g'],
    run: (desk) => desk.guideline(),
  },
];
