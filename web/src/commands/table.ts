// The one table of commands. A row here is a button, a key, a line of help, an entry of the palette and
// a line of docs/reference/keys.md.
import { appCommands } from './app';
import { cueCommands } from './cue';
import { batchCommands } from './batch';
import type { Command } from './command';
import { decide, remark } from './decide';
import { disputeCommands } from './disputes';
import { findingCommands, foundCommands } from './findings';
import { goCommands } from './go';
import type { DeskHands } from './hands';
import { notificationCommands } from './notifications';
import { labels, mend, regions, tools } from './regions';
import { shapeCommands } from './shapes';
import { similarCommands } from './similar';
import { soundCommands } from './sound';
import { taskListCommands } from './task-list';
import { discussionCommands, guidelineNewsCommands } from './talk';
import { texts } from './text-regions';

export { appCommands };

export const deskCommands: readonly Command<DeskHands>[] = [
  ...decide,
  ...labels,
  ...regions,
  ...shapeCommands,
  ...texts,
  ...soundCommands,
  ...tools,
  ...cueCommands,
  ...mend,
  ...remark,
];

/** Every row, for those who only read names and keys. */
export const allCommands: readonly Command<never>[] = [
  ...deskCommands,
  ...appCommands,
  ...goCommands,
  ...notificationCommands,
  ...batchCommands,
  ...disputeCommands,
  ...findingCommands,
  ...foundCommands,
  ...taskListCommands,
  ...similarCommands,
  ...discussionCommands,
  ...guidelineNewsCommands,
];
