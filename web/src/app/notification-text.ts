// A notification as a sentence, and the place that it points at.
import type { Notification } from '../api/types';
import { t, tName } from '../messages';
import { pathOf } from './router';

export function notificationText(one: Notification): string {
  const by = one.by || t('told.program');
  switch (one.kind) {
    case 'mentioned':
    case 'replied':
    case 'decided_otherwise':
    case 'sent_back':
      return t(`told.${one.kind}`, { by, task: one.task_key });
    case 'taken_back':
      return one.task
        ? t('told.taken_back', { by, task: one.task_key })
        : t('told.taken_back_many', { by, n: one.number });
    case 'assigned':
      return t('told.assigned', { by, n: one.number });
    case 'job_ended': {
      const kind = tName('jobkind', one.job_kind);
      const state = one.job_state ?? '';
      if (state === 'done' || state === 'dead') return t(`told.job_${state}`, { kind });
      return state === 'cancelled'
        ? t('told.job_cancelled', { kind, by })
        : t('told.job_other', { kind });
    }
    case 'dispute_waits':
    case 'guideline_changed':
      return t(`told.${one.kind}`);
  }
}

export function notificationPlace(one: Notification): string {
  const project = { project: one.project };
  switch (one.kind) {
    case 'assigned':
    case 'guideline_changed':
    case 'taken_back':
      return pathOf('desk', project);
    case 'dispute_waits':
      return pathOf('disputes', project);
    case 'job_ended':
      return pathOf('jobs', project);
    default:
      return one.task
        ? pathOf('task', { ...project, task: one.task })
        : pathOf('overview', project);
  }
}
