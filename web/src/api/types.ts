// The wire shapes of the HTTP API. Names are the wire's (snake_case) so that what a person reads in
// the network panel, in the API reference and here is one thing. Times are milliseconds UTC.
// A file a noun.
export type * from './types/batch';
export type * from './types/desk';
export type * from './types/dispute';
export type * from './types/finding';
export type * from './types/gold';
export type * from './types/job';
export type * from './types/live';
export type * from './types/model';
export type * from './types/notification';
export type * from './types/people';
export type * from './types/project';
export type * from './types/region';
export type * from './types/schema';
export type * from './types/similar';
export type * from './types/task';
export type * from './types/webhook';
