// What looks wrong.
export const findings = {
  'findings.title': 'Findings',
  'findings.list': 'Findings, worst first',
  'findings.kinds': 'Kinds of findings',
  'findings.all': 'All kinds',
  'findings.count': '{n, plural, =0 {none open} one {# open} other {# open}}',
  'findings.listed': '{n, plural, =0 {Nothing listed} one {# finding} other {# findings}}',
  'findings.listed_more': '{n} findings and more',
  'findings.often_wrong': 'Often wrong so far, shown last',

  'findings.right': '{percent} right',
  'findings.right_text':
    'Of {n} that people decided, {percent} were right: probably between {low} and {high} of all of this kind.',
  'findings.too_few':
    '{n, plural, =0 {None decided yet} one {# decided} other {# decided}}: how often this kind is right shows from five on.',
  'findings.decided': '{fixed} mended, {dismissed} dismissed',

  'findings.state': 'Show',
  'findings.state_open': 'Open',
  'findings.state_waiting': 'With people again',
  'findings.state_fixed': 'Mended',
  'findings.state_dismissed': 'Dismissed',

  'findings.checked': 'Checked {when}',
  'findings.never': 'Never checked',
  'findings.not_done':
    '{n, plural, one {One thing was} other {# things were}} not looked for in that check',
  'findings.check': 'Check now',
  'findings.checking': 'Checking',

  'findings.level_error': 'error',
  'findings.level_warning': 'likely wrong',
  'findings.level_note': 'worth a look',
  'findings.score': 'Score {score}: {means}',
  'findings.score_certain': 'Certain: no guess',
  'findings.of_task': 'Task {name}',
  'findings.whole': 'About the project as a whole',
  'findings.person': 'To help {name}',
  'findings.person_text':
    'Supervisors alone see this. It is a reason to talk and to look at a few items together, not a verdict.',
  'findings.somebody': 'a colleague',
  'findings.do': 'What to do',
  'findings.evidence': 'Compare with',
  'findings.answers': 'What was answered',
  'findings.no_answers': 'Nobody has answered this task yet.',
  'findings.regions_more': '{n, plural, one {# more} other {# more}}',
  'findings.draft_of': 'Draft of {model}',
  'findings.here': 'here',
  'findings.item': 'The item, with the place marked',
  'findings.no_text': 'This item has no text under “{source}”.',
  'findings.crop': 'Part of {key} around the place of the finding',
  'findings.whole_image': 'Where in {key} it is',
  'findings.play': 'Play the place',
  'findings.place_time': '{start} to {end} s',
  'findings.reason_was': 'Dismissed by {who}, {when}: {reason}',
  'findings.waiting_was':
    'Sent back by {who}, {when}: a check decides it when the task has a new label.',
  'findings.fixed_was': 'Mended, as {who} said {when}',
  'findings.fixed_found': 'Mended: a later check no longer found it',

  'findings.mend': 'Mend it',
  'findings.relabel': 'Send back',
  'findings.fixed': 'Mended',
  'findings.fixed_person': 'Talked about',
  'findings.dismiss': 'Dismiss…',
  'findings.reopen': 'Open again',
  'findings.desk': 'Label it now',
  'findings.task': 'Task',
  'findings.undo': 'Undo',
  'findings.mark': 'Mark',
  'findings.marked': '{n} marked',
  'findings.mark_all': 'Mark all',
  'findings.unmark': 'Unmark',
  'findings.mend_n': 'Mend {n}',
  'findings.relabel_n': 'Send {n} back',
  'findings.fixed_n': '{n} mended',
  'findings.dismiss_n': 'Dismiss {n}…',
  'findings.reopen_n': 'Open {n} again',

  'findings.dismiss_title':
    '{n, plural, one {Why is it fine as it is?} other {Why are these # fine as they are?}}',
  'findings.dismiss_field': 'Another reason',
  'findings.dismiss_act': 'Dismiss',
  'findings.because_right': 'The label is right',
  'findings.because_guideline': 'The guideline says so',
  'findings.because_unclear': 'It cannot be decided from the item',
  'findings.because_small': 'Too small to matter',
  'findings.because_known': 'Known, and wanted so',

  'findings.said_relabel': '{n, plural, one {Sent back} other {# sent back}}: people label again.',
  'findings.said_mended': '{n, plural, one {Mended} other {# mended}}, in your name.',
  'findings.said_fixed': '{n, plural, one {Noted as mended.} other {# noted as mended.}}',
  'findings.said_dismissed':
    '{n, plural, one {Dismissed: it is not told again.} other {# dismissed: they are not told again.}}',
  'findings.said_undone': '{n, plural, one {It is open again.} other {# are open again.}}',
  'findings.said_marked': '{n, plural, one {# marked} other {# marked}}.',
  'findings.said_refused': '{n, plural, one {Not decided} other {# not decided}}: {detail}',
  'findings.said_checked':
    'Checked. {n, plural, =0 {Nothing is open.} one {# is open.} other {# are open.}}',

  'findings.none_never': 'Nothing was checked yet',
  'findings.none_never_text':
    'Checks look for spans that cut words, doubled boxes, equal items with different labels, labels that the other items contradict, and more. They run in the background; what they find comes here, worst first.',
  'findings.none_tasks':
    'There is nothing to check: this project has no items. Import some, with their labels if they have any.',
  'findings.none': 'Nothing looks wrong',
  'findings.none_text':
    'Everything that the checks found is decided. They look again when labels change, and when you ask.',
  'findings.none_kind': 'Nothing of this kind is open',
  'findings.none_kind_text': 'Go on with another kind (] and [), or with all of them.',
  'findings.none_decided': 'None of these',
  'findings.none_decided_text':
    'Findings that you decide so are listed here, and can be opened again.',
} as const;
