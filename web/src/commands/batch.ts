// Batch review by keys: move, mark, accept all but the marked.
import type { Command } from './command';

export interface BatchHands {
  readonly hasItems: boolean;
  readonly canAccept: boolean;
  readonly canUndo: boolean;
  move(by: 'left' | 'right' | 'up' | 'down' | 'first' | 'last'): void;
  toggleMark(): void;
  /** The drafts are of recordings. */
  readonly hasSound: boolean;
  play(): void;
  /** A digit of a draft's number. */
  digit(digit: string): void;
  accept(): void;
  undo(): void;
}

const group = 'Batch';
const mode = 'batch';
const moves = [
  ['left', 'Previous draft', ['ArrowLeft']],
  ['right', 'Next draft', ['ArrowRight']],
  ['up', 'Draft above', ['ArrowUp', 'k']],
  ['down', 'Draft below', ['ArrowDown', 'j']],
  ['first', 'First draft', ['Home']],
  ['last', 'Last draft', ['End']],
] as const;

export const batchCommands: readonly Command<BatchHands>[] = [
  {
    id: 'accept-batch',
    mode,
    group,
    title: 'Accept all but the marked, next batch',
    keys: ['Enter'],
    when: (at) => at.canAccept,
    run: (at) => at.accept(),
  },
  {
    id: 'mark',
    mode,
    group,
    title: 'Mark: leave this one to the desk',
    keys: ['Space', 'x'],
    when: (at) => at.hasItems,
    run: (at) => at.toggleMark(),
  },
  {
    id: 'play-draft',
    mode,
    group,
    title: 'Play the recording in focus, or pause it; going on plays the next',
    keys: ['p'],
    when: (at) => at.hasItems && at.hasSound,
    run: (at) => at.play(),
  },
  {
    id: 'undo-batch',
    mode,
    group,
    title: 'Take the last batch back',
    keys: ['Backspace'],
    when: (at) => at.canUndo,
    run: (at) => at.undo(),
  },
  ...[...'0123456789'].map((digit): Command<BatchHands> => ({
    id: `batch-digit-${digit}`,
    mode,
    group,
    title: `Mark by its number: ${digit}`,
    family: 'Mark the draft of this number',
    keys: [digit],
    keyOnly: true,
    when: (at) => at.hasItems,
    run: (at) => at.digit(digit),
  })),
  ...moves.map(([by, title, keys]): Command<BatchHands> => ({
    id: `batch-${by}`,
    mode,
    group,
    title,
    family: 'Move in the batch',
    keys,
    keyOnly: true,
    repeats: true,
    when: (at) => at.hasItems,
    run: (at) => at.move(by),
  })),
];
