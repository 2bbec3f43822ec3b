// Where a task stands, in words.
import type { TaskRow } from '../../api/types';
import { t, tName } from '../../messages';
import { moment } from '../../ui/format';

/** Supervisors see with whom it is, and for whom it waits. */
export function stands({ task, holder, for_person }: TaskRow): string {
  if (task.state === 'leased' && holder) return t('tasks.with', { name: holder });
  if (task.state === 'ready' && for_person) return t('tasks.for', { name: for_person });
  return tName('taskstate', task.state);
}

export const until = ({ task, lease_until }: TaskRow): string | undefined =>
  task.state === 'leased' && lease_until
    ? t('tasks.until', { when: moment(lease_until) })
    : undefined;
