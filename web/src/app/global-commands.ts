// The app's own commands, bound to what the shell can do.
import { dispatcher } from '../commands';
import type { Destination, GoHands } from '../commands/go';
import type { Permission } from '../api/types';
import { currentProject } from './current-project.svelte';
import { navigate, place } from './location.svelte';
import { pathOf } from './router';
import { session } from './session.svelte';
import { theme } from './theme.svelte';

export const appHands = {
  goToProjects: () => navigate(pathOf('projects')),
  cycleTheme: () => theme.next(),
};

const ofProject: Partial<Record<Destination, Permission>> = {
  desk: 'label',
  batch: 'label',
  overview: 'see_projects',
  tasks: 'see_projects',
  disputes: 'decide',
  findings: 'manage_project',
  live: 'label',
  import: 'manage_project',
  schema: 'see_projects',
  models: 'see_projects',
  jobs: 'see_projects',
  history: 'see_projects',
  settings: 'manage_project',
};
const ofAll: Partial<Record<Destination, Permission>> = {
  newProject: 'manage_project',
  people: 'see_people',
  account: 'see_projects',
};

/** Where gold is hidden from the person there are no lists to go to. */
const isHidden = (to: Destination): boolean =>
  (to === 'tasks' || to === 'live') && currentProject.project?.lists_hidden === true;

export const goHands: GoHands = {
  canGo(to) {
    if (isHidden(to)) return false;
    const inProject = ofProject[to];
    if (inProject) return place.route.params.project !== undefined && session.may(inProject);
    const anywhere = ofAll[to];
    return anywhere !== undefined && session.may(anywhere);
  },
  go: (to) => navigate(pathOf(to, place.route.params)),
  signOut: () => void session.end(),
};

export const openPalette = (): void => void dispatcher.run('palette');
export const openHelp = (): void => void dispatcher.run('help');
