// Deciding disputes by keys.
import type { Command } from './command';

export interface DisputeHands {
  readonly hasDispute: boolean;
  readonly canUndoVerdict: boolean;
  /** Whether there is an opinion at this place, 0 for the first. */
  hasOpinion(place: number): boolean;
  choose(place: number): void;
  chooseSuggested(): void;
  /** An answer of one's own, on the editor, from the one that is looked at. */
  answerOneself(): void;
  giveReason(): void;
  sendBack(): void;
  undoVerdict(): void;
  /** The list as people get tasks, or the most undecided first. */
  changeOrder(): void;
  canStep(step: 1 | -1): boolean;
  step(step: 1 | -1): void;
  /** There is a recording to be heard. */
  readonly canPlay: boolean;
  /** Plays what is shown of it, and stops. */
  play(): void;
  /** The next place where answers differ, heard; after the last, all of the recording. */
  nextPlace(): void;
  /** Shows the next answer on the item. */
  look(step: 1 | -1): void;
}

const group = 'Disputes';
const mode = 'disputes';

export const disputeCommands: readonly Command<DisputeHands>[] = [
  {
    id: 'verdict-suggested',
    mode,
    group,
    title: 'Decide for the answer that most share, next dispute',
    keys: ['Enter'],
    when: (at) => at.hasDispute,
    run: (at) => at.chooseSuggested(),
  },
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((key, place): Command<DisputeHands> => ({
    id: `verdict-${place + 1}`,
    mode,
    group,
    title: `Decide for answer ${place + 1}, next dispute`,
    family: 'Decide for this answer, next dispute',
    keys: [key],
    keyOnly: true,
    when: (at) => at.hasOpinion(place),
    run: (at) => at.choose(place),
  })),
  {
    id: 'verdict-own',
    mode,
    group,
    title: 'Answer yourself: starts from the answer that is shown on the item',
    keys: ['e'],
    when: (at) => at.hasDispute,
    run: (at) => at.answerOneself(),
  },
  {
    id: 'verdict-reason',
    mode,
    group,
    title: 'Say why, for those who answered',
    keys: ['c'],
    when: (at) => at.hasDispute,
    run: (at) => at.giveReason(),
  },
  {
    id: 'send-back',
    mode,
    group,
    title: 'Send back: one more person is asked before anybody decides',
    keys: ['b'],
    when: (at) => at.hasDispute,
    run: (at) => at.sendBack(),
  },
  {
    id: 'undo-verdict',
    mode,
    group,
    title: 'Take the last verdict back, ten deep',
    keys: ['Backspace'],
    when: (at) => at.canUndoVerdict,
    run: (at) => at.undoVerdict(),
  },
  {
    id: 'dispute-play',
    mode,
    group,
    title: 'Play what is shown of the recording, and stop',
    keys: ['p'],
    when: (at) => at.canPlay,
    run: (at) => at.play(),
  },
  {
    id: 'dispute-next-place',
    mode,
    group,
    title: 'Play the next place where answers differ; after the last, show the whole recording',
    keys: ['n'],
    when: (at) => at.canPlay,
    run: (at) => at.nextPlace(),
  },
  {
    id: 'dispute-order',
    mode,
    group,
    title: 'Most undecided first; once more: in the order of tasks',
    keys: ['o'],
    when: (at) => at.hasDispute,
    run: (at) => at.changeOrder(),
  },
  ...([1, -1] as const).map((step): Command<DisputeHands> => ({
    id: step > 0 ? 'next-dispute' : 'previous-dispute',
    mode,
    group,
    title: step > 0 ? 'Next dispute, this one stays open' : 'Previous dispute',
    keys: step > 0 ? ['j', 'ArrowDown'] : ['k', 'ArrowUp'],
    repeats: true,
    when: (at) => at.canStep(step),
    run: (at) => at.step(step),
  })),
  ...([1, -1] as const).map((step): Command<DisputeHands> => ({
    id: step > 0 ? 'look-next' : 'look-previous',
    mode,
    group,
    title: step > 0 ? 'Show the next answer on the item' : 'Show the previous answer on the item',
    keys: step > 0 ? ['ArrowRight'] : ['ArrowLeft'],
    repeats: true,
    when: (at) => at.hasDispute,
    run: (at) => at.look(step),
  })),
];
