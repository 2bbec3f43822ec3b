// Background jobs.
export const jobs = {
  'jobs.title': 'Jobs',
  'jobs.lead': 'Work in the background. It goes on when the server restarts.',
  'jobs.none': 'No jobs yet',
  'jobs.none_text': 'Imports, drafting and learning show here while they work.',
  'jobs.of': '{done} of {total}',
  'jobs.left': '{time} left',
  'jobs.took': 'took {time}',
  'jobs.attempts': 'attempt {n}',
  'jobs.stopping': 'stopping',
  'jobs.retry': 'Try again',
  'jobs.cancel_which': 'Cancel: {title}',
  'jobs.retry_which': 'Try again: {title}',
  'jobs.gave_up': 'Given up: {reason}',
  'jobs.asked': 'asked for {when}',
  'jobs.verdicts': 'verdicts',

  'jobkind.import': 'Import files',
  'jobkind.draft': 'Draft ahead of people',
  'jobkind.learn': 'Learn from what was reviewed',
  'jobkind.check': 'Look for what is wrong',

  'jobstate.queued': 'waits',
  'jobstate.running': 'works',
  'jobstate.done': 'done',
  'jobstate.cancelled': 'cancelled',
  'jobstate.dead': 'given up',
} as const;
