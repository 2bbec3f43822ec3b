// What the names of the wire are called.
export const names = {
  'modality.text': 'text',
  'modality.image': 'image',
  'modality.audio': 'audio',

  'kind.choices': 'choices',
  'kind.boxes': 'boxes',
  'kind.spans': 'spans of text',
  'kind.polygons': 'polygons',
  'kind.text': 'free text',
  'kind.segments': 'time segments',
  'kind.keypoints': 'points and skeletons',
  'kind.relations': 'relations between regions',
  'kind.rating': 'rating',

  'action.accepted': 'accepted',
  'action.edited': 'edited',
  'action.rejected': 'rejected',
  'action.created': 'from nothing',
  'action.skipped': 'skipped',
  'action.imported': 'imported',

  'action_text.accepted': 'the draft as it stood',
  'action_text.edited': 'the draft, changed',
  'action_text.rejected': 'the draft thrown away',
  'action_text.created': 'labelled without a draft in sight',
  'action_text.skipped': 'left to somebody else',
  'action_text.imported': 'labels that came with the data',

  'taskstate.ready': 'in the queue',
  'taskstate.leased': 'with a person',
  'taskstate.done': 'done',
  'taskstate.disputed': 'disputed',

  'lane.routine': 'routine',
  'lane.edge': 'edge case',
  'lane.audit': 'audit',
  'lane.dispute': 'dispute',
  'lane.finding': 'finding',

  'grounding.unchecked': 'unchecked',
  'grounding.grounded': 'grounded',
  'grounding.repaired': 'repaired',
  'grounding.weak': 'weak',
  'grounding.ungrounded': 'ungrounded',

  'grounding_text.grounded': 'What the draft says is in the item.',
  'grounding_text.repaired': 'It fitted the item after a small repair, which is named.',
  'grounding_text.weak': 'Little in the item speaks for it: never pre-filled.',
  'grounding_text.ungrounded': 'It is not in the item: never pre-filled.',
} as const;
