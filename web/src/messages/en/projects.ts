// The list of projects and a project’s overview.
export const projects = {
  'progress.done': 'Tasks with a countersigned label',
  'progress.of': 'Progress of {name}',
  'progress.short': '{done} of {total}',

  'projects.title': 'Projects',
  'projects.show_archived': 'Archived',
  'projects.new': 'New project',
  'projects.none': 'No projects yet',
  'projects.none_archived': 'No archived projects',
  'projects.none_text':
    'A project is one set of items, one schema of what is asked about them, and the people who answer. Start from a template, then drop your files in.',
  'projects.none_text_annotator':
    'There is nothing to label yet. A supervisor creates projects; they appear here.',
  'projects.first': 'Create the first project',
  'projects.created': 'created {when}',
  'projects.no_tasks': 'No tasks yet',
  'projects.progress': '{done} of {total} done ({share})',
  'projects.drafted': '{n, plural, one {# drafted} other {# drafted}}',
  'projects.flagged': '{n, plural, one {# flag} other {# flags}}',
  'projects.disputes': '{n, plural, one {# dispute} other {# disputes}}',
  'projects.findings': '{n, plural, one {# finding} other {# findings}}',
  'projects.archived': 'Archived',
  'projects.import_into': 'Import into {name}',
  'projects.label_in': 'Label in {name}',

  'newproject.title': 'New project',
  'newproject.lead': 'Choose what people will do with each item. Everything can be changed later.',
  'newproject.template': 'Template',
  'newproject.name': 'Name',
  'newproject.description': 'Description',
  'newproject.description_hint': 'Shown in the list of projects.',
  'newproject.preview': 'What the template asks',
  'newproject.asks': 'About each item ({item}) people are asked:',
  'newproject.later': 'Labels, keys, colours and the guideline are yours to change under Schema.',
  'newproject.create': 'Create the project',
  'newproject.made': '“{name}” is there. Now bring in the items.',

  'overview.start': 'Start labelling',
  'overview.empty': 'No items yet',
  'overview.empty_text':
    'Bring in a folder of photos, a table of texts, or a file of another tool with its labels and predictions.',
  'overview.empty_text_annotator':
    'A supervisor imports the items; you can label as soon as they are in.',
  'overview.import': 'Import items',
  'overview.progress': 'Progress',
  'overview.of': 'of {total} tasks countersigned ({share})',
  'overview.queue':
    '{ready, plural, one {# waits} other {# wait}} in the queue, {leased, plural, one {# is} other {# are}} with a person',
  'overview.left': 'about {time} left at the present pace',
  'overview.finished': 'Every task has a countersigned label.',
  'overview.drafted': 'Tasks with a draft',
  'overview.drafts': '{drafted} of {total} tasks have a draft',
  'overview.running': 'Working in the background',
  'overview.decisions': 'Decisions',
  'overview.no_decisions': 'None yet. The first one is a key away: start labelling.',
  'overview.flagged': '{n, plural, one {# decision is} other {# decisions are}} flagged',
  'overview.controls':
    'Some tasks ({share}, drawn at random) hide the draft, to measure the effect that drafts have on people. They look like tasks without one.',
  'overview.asked': 'What is asked',
  'overview.no_guideline':
    'No guideline yet. Write down how to decide the cases people will ask about.',
} as const;
