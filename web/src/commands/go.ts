// Going somewhere by name: the screens of the app as rows of the command table.
import type { Command } from './command';

export type Destination =
  | 'overview'
  | 'desk'
  | 'batch'
  | 'tasks'
  | 'disputes'
  | 'findings'
  | 'live'
  | 'import'
  | 'schema'
  | 'models'
  | 'jobs'
  | 'history'
  | 'settings'
  | 'newProject'
  | 'people'
  | 'account';

export interface GoHands {
  /** Whether the person may, and a project is open where one is needed. */
  canGo(to: Destination): boolean;
  go(to: Destination): void;
  signOut(): void;
}

const destinations: readonly (readonly [to: Destination, title: string])[] = [
  ['desk', 'Start labelling'],
  ['overview', 'Go to the project’s overview'],
  ['batch', 'Review in batches'],
  ['tasks', 'Go to the tasks'],
  ['disputes', 'Go to the disputes'],
  ['findings', 'Go to what looks wrong'],
  ['live', 'See who is at work'],
  ['import', 'Import files'],
  ['schema', 'Go to schema and guideline'],
  ['models', 'Go to the models'],
  ['jobs', 'Go to the jobs'],
  ['history', 'Go to the history'],
  ['settings', 'Go to the project’s settings'],
  ['newProject', 'Create a project'],
  ['people', 'Go to the people'],
  ['account', 'Go to your account'],
];

export const goCommands: readonly Command<GoHands>[] = [
  ...destinations.map(([to, title]): Command<GoHands> => ({
    id: `go-${to}`,
    mode: 'app',
    group: 'Go',
    title,
    keys: [],
    when: (hands) => hands.canGo(to),
    run: (hands) => hands.go(to),
  })),
  {
    id: 'sign-out',
    mode: 'app',
    group: 'Go',
    title: 'Sign out',
    keys: [],
    run: (hands) => hands.signOut(),
  },
];
