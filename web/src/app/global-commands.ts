// The app's own commands, bound to what the shell can do.
import { dispatcher } from '../commands';
import { navigate } from './location.svelte';
import { pathOf } from './router';
import { theme } from './theme.svelte';

export const appHands = {
  goToProjects: () => navigate(pathOf('projects')),
  cycleTheme: () => theme.next(),
};

export const openPalette = (): void => void dispatcher.run('palette');
export const openHelp = (): void => void dispatcher.run('help');
