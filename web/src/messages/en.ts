// Every English text of the screens, a file a screen. Keys are "screen.what"; names of the wire are "kind.name".
import { app } from './en/app';
import { batch } from './en/batch';
import { disputes } from './en/disputes';
import { exporting } from './en/export';
import { findings } from './en/findings';
import { gold } from './en/gold';
import { history } from './en/history';
import { importing } from './en/import';
import { jobs } from './en/jobs';
import { live } from './en/live';
import { models } from './en/models';
import { names } from './en/names';
import { notifications } from './en/notifications';
import { people } from './en/people';
import { projects } from './en/projects';
import { schema } from './en/schema';
import { settings } from './en/settings';
import { tasks } from './en/tasks';
import { webhooks } from './en/webhooks';

export const en = {
  ...app,
  ...projects,
  ...importing,
  ...exporting,
  ...tasks,
  ...batch,
  ...disputes,
  ...findings,
  ...gold,
  ...schema,
  ...models,
  ...jobs,
  ...history,
  ...settings,
  ...people,
  ...notifications,
  ...webhooks,
  ...live,
  ...names,
} as const;
