// What happened that concerns a person.
import type { JobState } from './job';

export type NotificationKind =
  | 'mentioned'
  | 'replied'
  | 'assigned'
  | 'decided_otherwise'
  | 'sent_back'
  | 'dispute_waits'
  | 'guideline_changed'
  | 'job_ended'
  | 'taken_back';

export interface Notification {
  cursor: string;
  kind: NotificationKind;
  project: string;
  project_name: string;
  task: string | null;
  task_key: string;
  /** Who did it; empty: the program. */
  by: string;
  /** The start of what was said; empty also where one may not see it yet. */
  said: string;
  number: number;
  job: string | null;
  job_kind: string;
  job_state: JobState | null;
  read: boolean;
  created: number;
}

export interface Notifications {
  items: Notification[];
  next: string | null;
  cursor: string;
  unread: number;
}

export interface NotificationChoice {
  kind: NotificationKind;
  on: boolean;
}
