// What people are told of, and mentions in comments.
export const notifications = {
  'told.title': 'Notifications',
  'told.bell':
    '{n, plural, =0 {Notifications} one {Notifications, # new} other {Notifications, # new}}',
  'told.many': '99+',
  'told.read_all': 'Mark all as read',
  'told.empty': 'Nothing yet. What concerns you will stand here: mentions, replies, tasks for you.',
  'told.choose': 'Choose what you are told of',
  'told.unread': 'new',
  'told.program': 'Somebody',

  'told.mentioned': '{by} mentioned you under {task}',
  'told.replied': '{by} wrote under {task}',
  'told.assigned': '{by} gave you {n, plural, one {# task} other {# tasks}}',
  'told.decided_otherwise': '{by} decided {task} otherwise than you answered it',
  'told.sent_back': '{by} asked one more person about {task}, which you answered',
  'told.dispute_waits': 'Answers differ: a dispute waits for you',
  'told.guideline_changed': 'The guideline changed',
  'told.job_done': '{kind}: finished',
  'told.job_dead': '{kind}: failed',
  'told.job_cancelled': '{kind}: cancelled by {by}',
  'told.job_other': '{kind}: runs again',
  'told.taken_back': '{by} put {task} from your desk back into the queue',

  'told.taken_back_many': '{by} put {n} tasks from your desk back into the queue',

  'told.kind.mentioned': 'Somebody mentions me',
  'told.kind.replied': 'Somebody writes under a task that I answered or commented on',
  'told.kind.assigned': 'Tasks are meant for me',
  'told.kind.decided_otherwise': 'A dispute is decided otherwise than I answered',
  'told.kind.sent_back': 'One more person is asked about a task that I answered',
  'told.kind.dispute_waits': 'A dispute waits for me',
  'told.kind.guideline_changed': 'The guideline of a project I work in changes',
  'told.kind.job_ended': 'An import or another job that I started ends',
  'told.kind.taken_back': 'A task on my desk goes back to the queue',
  'told.choices': 'What you are told of',
  'told.choices_saved': 'What you are told of is saved.',

  'mention.offer': 'People to mention',
  'mention.found':
    '{n, plural, one {One person} other {# people}}. {name}: Enter mentions them, arrows choose.',
  'mention.hint': '@ mentions somebody',
} as const;
