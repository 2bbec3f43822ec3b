// The one API object of the page.
import { makeApi } from './client';
import { Http } from './http';

export const api = makeApi(new Http());
export { Problem, asProblem } from './problem';
export { collect } from './pages';
export { ended, poll } from './poll';
export type * from './types';
