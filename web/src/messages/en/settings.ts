// A project’s settings.
export const settings = {
  'settings.title': 'Settings',
  'settings.saved': 'The settings are saved.',
  'settings.policy': 'Policy',
  'settings.blind': 'Blind controls (%)',
  'settings.blind_hint':
    'Share of tasks whose draft is hidden, 2 to 100. They measure what drafts do to people’s decisions; below 2 nothing can be measured.',
  'settings.show': 'Show regions from (%)',
  'settings.show_hint':
    'Regions with a lower calibrated probability are not pre-filled; a key brings them up. 0 to 100.',
  'settings.routine': 'Batch drafts from (%)',
  'settings.routine_hint':
    'How likely people must be to keep a draft as it stands for a batch to hold it. The others come to the desk. 0 to 100.',
  'settings.lease': 'A task is held for (minutes)',
  'settings.lease_hint':
    'Without a sign of life for so long, it goes to somebody else; its work is kept. 1 to 1,440.',
  'settings.team': 'Several people on one task',
  'settings.overlap': 'Answers a task',
  'settings.overlap_hint':
    'How many people answer a task, none of them seeing the others’ answers first. When more than half agree it is done; else a specialist decides, under Disputes. 1 to 10.',
  'settings.overlap_share': 'Share of tasks (%)',
  'settings.overlap_share_hint':
    'Drawn at random, before anybody opens them; the other tasks need one answer. 0 to 100.',
  'settings.gold': 'Gold tasks and onboarding',
  'settings.gold_text':
    '{n, plural, =0 {No task has a trusted answer yet.} one {# task has a trusted answer.} other {# tasks have a trusted answer.}}',
  'settings.gold_link': 'See them, and how people fare on them',
  'settings.gold_share': 'Gold among the work (%)',
  'settings.gold_share_hint':
    'Share of the tasks people get whose answer is known. They look like any other. 0 to 50.',
  'settings.onboarding': 'First tasks of a new annotator',
  'settings.onboarding_hint':
    'Gold tasks that come before any work, each compared with the trusted answer. As many must exist. 0 to 100.',
  'settings.least': 'Score that passes (%)',
  'settings.least_hint': 'Mean score on the first tasks that opens the work. 0 to 100.',
  'settings.skip_reasons': 'Reasons to skip',
  'settings.skip_reasons_hint':
    'One a line. The desk offers the first nine by number when somebody skips and says why (Shift+Space); other words stay possible.',
  'settings.archive': 'Archive the project',
  'settings.archive_text': 'It leaves the lists and takes no more labels. Nothing is deleted.',
  'settings.archive_ask': '“{name}” leaves the lists and takes no more labels. Nothing is deleted.',
  'settings.unarchive': 'Bring the project back',
  'settings.unarchive_text': 'It is listed again and takes labels.',
  'settings.archived': 'The project is archived.',
  'settings.unarchived': 'The project is back.',
} as const;
