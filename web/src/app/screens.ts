// Which component shows a route. Each is its own chunk: the first load holds the shell only.
import type { Component } from 'svelte';
import type { RouteName } from './router';

// Each screen has its own props.
type Screen = { default: Component<any> };

interface ScreenRow {
  load: () => Promise<Screen>;
  /** Gets `project` and lives below the project's own navigation. */
  inProject?: boolean;
  /** Fills the window below the top bar and scrolls by itself. */
  whole?: boolean;
}

export const screens: Record<Exclude<RouteName, 'signIn'>, ScreenRow> = {
  projects: { load: () => import('../screens/projects/projects.svelte') },
  newProject: { load: () => import('../screens/projects/new-project.svelte') },
  overview: { load: () => import('../screens/overview/overview.svelte'), inProject: true },
  desk: { load: () => import('../desk/desk.svelte'), inProject: true, whole: true },
  batch: { load: () => import('../screens/batch/batch.svelte'), inProject: true },
  import: { load: () => import('../screens/import/import.svelte'), inProject: true },
  tasks: { load: () => import('../screens/tasks/tasks.svelte'), inProject: true },
  task: { load: () => import('../screens/tasks/task.svelte'), inProject: true },
  similar: { load: () => import('../screens/tasks/similar.svelte'), inProject: true },
  disputes: { load: () => import('../screens/disputes/disputes.svelte'), inProject: true },
  findings: { load: () => import('../screens/findings/findings.svelte'), inProject: true },
  live: { load: () => import('../screens/live/live.svelte'), inProject: true },
  gold: { load: () => import('../screens/gold/gold.svelte'), inProject: true },
  schema: { load: () => import('../screens/schema/schema.svelte'), inProject: true },
  models: { load: () => import('../screens/models/models.svelte'), inProject: true },
  jobs: { load: () => import('../screens/jobs/jobs.svelte'), inProject: true },
  history: { load: () => import('../screens/history/history.svelte'), inProject: true },
  settings: { load: () => import('../screens/settings/settings.svelte'), inProject: true },
  people: { load: () => import('../screens/people/people.svelte') },
  account: { load: () => import('../screens/account/account.svelte') },
};
