// The page's commands: one table, one keymap, one dispatcher.
import { browserShelf } from '../lib/shelf';
import { Dispatcher } from './dispatcher';
import { Keymap } from './keymap';
import { allCommands } from './table';

export const keymap = new Keymap(allCommands, browserShelf());
export const dispatcher = new Dispatcher(keymap);

export { appCommands, deskCommands } from './table';
export { goCommands } from './go';
export { similarCommands, type SimilarHands } from './similar';
export { taskListCommands, type TaskListHands } from './task-list';
export type { Command } from './command';
export type { AppHands, DeskHands } from './hands';
