import type { Job } from '../../api/types';

const tones = {
  queued: 'plain',
  running: 'accent',
  done: 'good',
  cancelled: 'warn',
  dead: 'bad',
} as const;

export const toneOf = (job: Job): (typeof tones)[Job['state']] => tones[job.state];
