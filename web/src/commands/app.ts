// Keys that work on every page.
import type { Command } from './command';
import type { AppHands } from './hands';

export const appCommands: readonly Command<AppHands>[] = [
  {
    id: 'help',
    mode: 'app',
    group: 'Help',
    title: 'Show keys and commands',
    keys: ['?', 'F1'],
    run: (app) => app.showHelp(),
  },
  {
    id: 'palette',
    mode: 'app',
    group: 'Help',
    title: 'Find a command',
    keys: ['Ctrl+k'],
    keyOnly: true,
    run: (app) => app.showPalette(),
  },
  {
    id: 'projects',
    mode: 'app',
    group: 'Go',
    title: 'Go to the projects',
    keys: ['Alt+Home'],
    run: (app) => app.goToProjects(),
  },
  {
    id: 'theme',
    mode: 'app',
    group: 'Look',
    title: 'Switch between light, dark and the system’s colours',
    keys: [],
    run: (app) => app.cycleTheme(),
  },
];
