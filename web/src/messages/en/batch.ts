// Batch review.
export const batch = {
  'batch.title': 'Batch review',
  'batch.classes': 'Classes',
  'batch.class_count': '{n, plural, one {# task} other {# tasks}}',
  'batch.class_wrong': 'about {n} wrong expected',
  'batch.none': 'No routine drafts wait',
  'batch.none_text':
    'Drafts that say one thing, and that people are likely to keep, come here to be accepted many at a time. Which those are shows after some fifty answers to a model’s drafts at the desk.',
  'batch.grid': 'Drafts of {label}, least certain first',
  'batch.play': 'Play',
  'batch.pause': 'Pause',
  'batch.sound_failed': 'cannot be played',
  'batch.marked': 'left to the desk',
  'batch.sure': '{percent} sure',
  'batch.accept': 'Accept {n} · about {wrong} expected wrong',
  'batch.accept_claimed': 'Accept {n} · perhaps {wrong} wrong: too few answers to tell yet',
  'batch.meaning':
    'Each task without a mark is countersigned in your name as {label}. Marked ones go to the desk.',
  'batch.meaning_several':
    'Each task without a mark is countersigned in your name as what stands above it. Marked ones go to the desk.',
  'batch.several': '{label} and {n, plural, one {# other class} other {# other classes}}',
  'batch.undo': 'Undo batch',
  'batch.said_accepted':
    '{n, plural, one {# task} other {# tasks}} accepted, {marked} left to the desk.',
  'batch.said_lost': '{n, plural, one {# task was} other {# tasks were}} taken by somebody else.',
  'batch.said_undone': 'Batch taken back: its tasks wait again.',
  'batch.said_nothing': 'Everything is marked: these tasks are left to the desk.',
  'batch.class_done': 'No more drafts of {label} for you here',
  'batch.sample': 'Review a sample…',
  'batch.sample_on': 'Go on with your sample',
  'batch.sample_title': 'Accept {n} tasks on the word of a sample',
  'batch.sample_text':
    'You look at a random sample. Only if it shows, with the confidence asked for, that few enough of all are wrong may the rest be accepted.',
  'batch.alpha': 'At most wrong, %',
  'batch.confidence': 'Confidence, %',
  'batch.allow': 'Sample for',
  'batch.allow_errors': '{n, plural, =0 {no error} one {# error} other {# errors}}: look at {size}',
  'batch.allow_none': '{n, plural, =0 {no error} one {# error} other {# errors}}: not possible',
  'batch.draw': 'Draw the sample',
  'batch.sampling': 'Sample of {sample} for {population} tasks · {remaining} to look at',
  'batch.review': 'These are right but for the marked ones ({n})',
  'batch.review_meaning':
    'Mark every draft of the sample that is wrong. The bound is stated when all of it is looked at.',
  'batch.bound':
    '{errors, plural, =0 {No error} one {# error} other {# errors}} in {sample}: with {confidence} confidence at most {most} of the {population} are wrong ({share}).',
  'batch.bound_good': 'This is within the {alpha} asked for.',
  'batch.bound_bad':
    'This is more than the {alpha} asked for: the rest must be looked at, here or at the desk.',
  'batch.rest': 'Accept the other {n} on this word',
  'batch.rest_going': 'Accepting: {n} of {of}',
  'batch.leave_sample': 'Back to batches',
  'batch.said_rest': '{n} tasks accepted on the word of the sample.',
} as const;
