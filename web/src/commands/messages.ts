// What the help overlay and the palette say. Titles of commands stand in the table.
import { chordText } from './chord';

export const helpText = {
  title: 'Keys and commands',
  close: 'Close',
  hint: 'Choose a key to change it. Changes stay in this browser; export them to carry them along.',
  press: 'press a key…',
  none: 'none',
  change: (title: string) => `Change the key of “${title}”: `,
  taken: (chord: string, title: string) =>
    `${chordText(chord)} is taken by “${title}”. Change that one first.`,
  set: (title: string, chord: string) => `“${title}” is on ${chordText(chord)} now.`,
  reset: 'Back to the defaults',
  resetDone: 'All keys are the defaults again.',
  import: 'Import keys…',
  imported: 'The keys of the file are in use.',
  export: 'Export keys',
} as const;

export const paletteText = {
  title: 'Find a command',
  nothing: 'No command has this name. Press ? for the whole list.',
} as const;
