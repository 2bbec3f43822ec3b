// The bell.
import type { Command } from './command';

export interface NotificationHands {
  /** Opens the panel, or closes it. */
  notifications(): void;
}

export const notificationCommands: readonly Command<NotificationHands>[] = [
  {
    id: 'notifications',
    mode: 'app',
    group: 'Go',
    title: 'Read your notifications',
    keys: ['Shift+n'],
    run: (at) => at.notifications(),
  },
];
