// The list of tasks: its filter and its views.
import type { Command } from './command';

export interface TaskListHands {
  /** Puts the cursor into the filter. */
  filter(): void;
  clear(): void;
  saveView(): void;
  renameView(): void;
  deleteView(): void;
  stepView(by: 1 | -1): void;
  columns(): void;
  readonly canWalk: boolean;
  /** To the desk, over the tasks of the list in its order. */
  walk(): void;
}

const mode = 'tasks';
const group = 'Tasks';

export const taskListCommands: readonly Command<TaskListHands>[] = [
  {
    id: 'task-filter',
    mode,
    group,
    title: 'Filter the tasks',
    keys: ['/'],
    run: (at) => at.filter(),
  },
  {
    id: 'task-filter-clear',
    mode,
    group,
    title: 'Clear the filter',
    keys: ['Alt+Backspace'],
    run: (at) => at.clear(),
  },
  {
    id: 'task-walk',
    mode,
    group,
    title: 'Label the tasks of the list, or the chosen ones, in this order',
    keys: ['l'],
    when: (at) => at.canWalk,
    run: (at) => at.walk(),
  },
  {
    id: 'view-next',
    mode,
    group,
    title: 'Next view',
    keys: [']'],
    run: (at) => at.stepView(1),
  },
  {
    id: 'view-previous',
    mode,
    group,
    title: 'Previous view',
    keys: ['['],
    run: (at) => at.stepView(-1),
  },
  {
    id: 'task-columns',
    mode,
    group,
    title: 'Choose and order the columns',
    keys: ['c'],
    run: (at) => at.columns(),
  },
  {
    id: 'view-save',
    mode,
    group,
    title: 'Save filter and order as a view',
    keys: ['Shift+s'],
    run: (at) => at.saveView(),
  },
  {
    id: 'view-rename',
    mode,
    group,
    title: 'Rename the view',
    keys: ['F2'],
    run: (at) => at.renameView(),
  },
  {
    id: 'view-delete',
    mode,
    group,
    title: 'Delete the view',
    keys: [],
    run: (at) => at.deleteView(),
  },
];
