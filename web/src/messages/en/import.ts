// Data in: uploads, imports and their reports.
export const importing = {
  'import.title': 'Import',
  'import.lead_text':
    'Texts as lines, CSV or TSV, JSONL, or files of other tools. Every row gets a verdict: accepted, repaired or rejected.',
  'import.lead_image':
    'Photos as files, folders, a zip or a list of URLs; labels as COCO, YOLO, VOC, Label Studio or JSONL. Every row gets a verdict: accepted, repaired or rejected.',
  'import.lead_audio':
    'Recordings as files, folders or a zip; labels as JSONL or files of other tools. Every row gets a verdict: accepted, repaired or rejected.',
  'import.drop': 'Drop files, folders or a zip here',
  'import.drop_text': '.txt, .csv, .tsv, .jsonl, .json, .zip',
  'import.drop_image':
    '.jpg, .png, .webp, with .json, .xml, .txt or .csv labels; or a .zip of them',
  'import.drop_audio':
    '.wav, .flac, .mp3, .m4a, .ogg, .opus, .webm, the sound of videos; with .jsonl labels; or a .zip of them',
  'import.choose_files': 'Choose files',
  'import.choose_folder': 'Choose a folder',
  'import.looking': 'Reading the folder: {n, plural, one {# file} other {# files}} so far…',
  'import.found_none': 'There was no file in what you dropped. Drop files, folders or a zip.',
  'import.unreadable':
    'The browser could not read what you dropped. Choose the folder with the button.',
  'import.chosen': '{n, plural, one {# file} other {# files}}, {size}',
  'import.left_out':
    '{n, plural, one {# file of the operating system was} other {# files of the operating system were}} left out.',
  'import.too_large':
    '“{name}” is larger than the server takes ({limit}). Split it, or raise its limit.',
  'import.clear': 'Remove all',
  'import.remove': 'Remove {name}',
  'import.files': 'Files to import',
  'import.file': 'File',
  'import.size': 'Size',
  'import.state': 'State',
  'import.format': 'Format',
  'import.format_hint': 'Choose one only if it is read as something else.',
  'import.recognised': 'Recognised from the files',
  'import.labels_are_drafts': 'Labels in the files become drafts to review',
  'import.labels_are_drafts_hint':
    'Off: they count as countersigned, and their tasks as done. Predictions of models are drafts in any case.',
  'import.fetch_media': 'Fetch images from their URLs',
  'import.fetch_media_hint':
    'For a list of URLs, and for files that name their images by http:// or https://. The server asks public places only.',
  'import.labels_are_gold': 'Labels are trusted answers: their tasks become gold',
  'import.labels_are_gold_hint':
    'They are no work: they come to people to see how well they do, in the share the settings say.',
  'import.text_column': 'Column with the text',
  'import.label_column': 'Column with the label',
  'import.id_column': 'Column with a unique id',
  'import.guessed': 'Empty: guessed from the header.',
  'import.guessed_id': 'Empty: guessed, or made from the content.',
  'import.start': 'Import {n, plural, one {# file} other {# files}}',
  'import.sending': 'Sending files',
  'import.not_all_sent': 'Not all files were sent',
  'import.go_on': 'Import the {n} that were sent',
  'import.send_again': 'Send the rest',
  'import.sent': '{sent} of {total} files, {bytes} of {of}',
  'import.failed': '{n, plural, one {# file failed} other {# files failed}}',
  'import.job': 'The import',
  'import.leave': 'It goes on if you leave this page; you find it under Jobs.',
  'import.more': 'Import more',
  'import.to_overview': 'To the overview',
  'import.verdicts': 'Rows that were repaired or rejected',
  'import.verdict': 'Verdict',
  'import.rows': 'Rows',
  'import.means': 'What it means',
  'import.row': 'Row',
  'import.source': 'Where',
  'import.reason': 'Why',

  'upload.waiting': 'waits',
  'upload.sending': 'is sent',
  'upload.sent': 'sent',
  'upload.failed': 'failed',

  'verdict.accepted': 'accepted',
  'verdict.repaired': 'repaired',
  'verdict.rejected': 'rejected',

  'verdict_text.accepted': 'Taken as they stood.',
  'verdict_text.repaired': 'Taken after a repair; the list says which.',
  'verdict_text.rejected': 'Not taken; the list says why and what to do.',

  'report.added': '{n, plural, one {# new task} other {# new tasks}}',
  'report.unchanged': '{n, plural, one {# was} other {# were}} there already',
  'report.repaired': '{n, plural, one {# row} other {# rows}} repaired',
  'report.rejected': '{n, plural, one {# row} other {# rows}} rejected',
  'report.drafts': '{n, plural, one {# draft} other {# drafts}}',
  'report.labels': '{n, plural, one {# label} other {# labels}}',
} as const;
