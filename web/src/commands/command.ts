// A command is one object with a name, keys, a title, when it can run and what it does. Buttons, the
// help overlay, the palette, the key handler and the reference page all read the same row.
import type { ControlKind } from '../api/types';

/**
 * Where a key counts. The desk's modes come on top of `app`: `regions` where anything is drawn, `boxes` on
 * images, `text` on texts and `audio` on recordings, `still` on all that does not play; `tasks` are lists of tasks and one of them; a key may stand once among modes that can be on together.
 */
export type Mode =
  | 'app'
  | 'desk'
  | 'still'
  | 'regions'
  | 'boxes'
  | 'text'
  | 'audio'
  | 'disputes'
  | 'batch'
  | 'findings'
  | 'tasks';

export interface Command<Hands> {
  readonly id: string;
  readonly mode: Mode;
  readonly group: string;
  readonly title: string;
  readonly keys: readonly string[];
  /** On only where the project has one of these kinds of control. */
  readonly needs?: readonly ControlKind[];
  /** A held key runs it again and again: only for small, undoable steps, never for a decision. */
  readonly repeats?: boolean;
  /** Its keys with Ctrl count in a field too, where everything else is text. */
  readonly whileWriting?: boolean;
  /** Rows of one family share a line of the help, under this title. */
  readonly family?: string;
  /** Not offered in the palette: it only makes sense as a key. */
  readonly keyOnly?: boolean;
  when?(hands: Hands): boolean;
  run(hands: Hands): void;
}

/** A command with the hands it works on, for those who only list and run. */
export interface Ready {
  readonly command: Command<never>;
  readonly can: boolean;
  run(): void;
}

/** Modes that can be on at the same time as `mode`. */
export const together: Record<Mode, readonly Mode[]> = {
  app: [
    'app',
    'desk',
    'still',
    'regions',
    'boxes',
    'text',
    'audio',
    'batch',
    'disputes',
    'findings',
    'tasks',
  ],
  desk: ['app', 'desk', 'still', 'regions', 'boxes', 'text', 'audio'],
  still: ['app', 'desk', 'still', 'regions', 'boxes', 'text'],
  regions: ['app', 'desk', 'still', 'regions', 'boxes', 'text', 'audio'],
  boxes: ['app', 'desk', 'still', 'regions', 'boxes'],
  text: ['app', 'desk', 'still', 'regions', 'text'],
  audio: ['app', 'desk', 'regions', 'audio'],
  disputes: ['app', 'disputes'],
  batch: ['app', 'batch'],
  findings: ['app', 'findings'],
  tasks: ['app', 'tasks'],
};
