// The live board.
export const live = {
  'live.title': 'Live',
  'live.lead':
    'Who is at work and where help is wanted. Pace differs with the tasks that people get: a slow hour is a question, not an answer.',
  'live.lead_own':
    'Your own work of the last hours, as your supervisor sees it. Nobody else’s is shown.',
  'live.people': 'At work',
  'live.nobody': 'Nobody holds a task or decided anything in the last {hours} hours.',
  'live.nobody_own': 'You hold no task and decided nothing in the last {hours} hours.',
  'live.person': 'Person',
  'live.last_5': '5 min',
  'live.last_60': '60 min',
  'live.shares': 'Of decisions in {hours} h',
  'live.n': 'n',
  'live.skipped': 'Skipped',
  'live.seen': 'Last sign',
  'live.held': 'On the desk',
  'live.none_held': 'nothing',
  'live.tasks': '{n, plural, one {# task} other {# tasks}}',
  'live.since': '{key}, since {since}, until {until}',
  'live.saved': 'work saved {when}',
  'live.stuck': 'stopped {time} ago',
  'live.stuck_help':
    'Holds tasks, and gave no sign of work for longer than a lease lasts. Perhaps they went home, perhaps they are stuck: ask first.',
  'live.give_back': 'Put back',
  'live.give_back_of': 'Put back what {name} holds',
  'live.give_back_ask': 'Put back {n, plural, one {# task} other {# tasks}} of {name}?',
  'live.give_back_text':
    'Others can take them at once. {name} is told so, and what they saved on them is kept for them.',
  'live.given_back':
    '{n, plural, one {# task is} other {# tasks are}} back in the queue; {name} is told.',
  'live.pace': 'Pace',
  'live.pace_now': '{n} in the last hour',
  'live.pace_text': 'Decisions in each whole 10 minutes of the last {hours} hours; at most {most}',
  'live.pace_table': 'Numbers',
  'live.from': 'From',
  'live.decisions': 'Decisions',
  'live.queue': 'Queue',
  'live.lane': 'Lane',
  'live.jobs': 'In the background',
  'live.no_jobs': 'No job waits or works.',
} as const;
