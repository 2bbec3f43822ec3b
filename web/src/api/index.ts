// The one API object of the page.
import { makeApi } from './client';
import { Http } from './http';
import { ServerClock } from './server-clock';

export const api = makeApi(new Http());
export const serverClock = new ServerClock(
  () => performance.now(),
  () => Date.now(),
);
api.http.onDate = (date, asked, came) => serverClock.heard(date, asked, came);
export { Problem, asProblem } from './problem';
export { collect } from './pages';
export { ended, poll } from './poll';
export type * from './types';
