// Data out.
export const exporting = {
  'export.title': 'Export {name}',
  'export.format': 'Format',
  'export.everything': 'everything',
  'export.lossless': 'Carries everything: drafts, decisions, who and when. Can be imported again.',
  'export.carries': 'Carries {carried}; some of the provenance is left out.',
  'export.carries_without': 'Carries {carried}. Leaves out {missing} and some of the provenance.',
  'export.decided': 'Only tasks with a countersigned label',
  'export.decided_hint': '{done} of {total} tasks have one.',
  'export.drafts': 'With the drafts of models',
  'export.drafts_hint': 'In formats that have a place for predictions.',
  'export.images': 'With the images',
  'export.images_hint': 'The download is then as large as the images.',
  'export.nothing': 'No task has a label yet: the file would be empty.',
  'export.download': 'Download',
} as const;
