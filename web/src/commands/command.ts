// A command is one object with a name, keys, a title, when it can run and what it does. Buttons, the
// help overlay, the palette, the key handler and the reference page all read the same row.
import type { ControlKind } from '../api/types';

/**
 * Where a key counts. The desk's modes come on top of `app`: `regions` where anything is drawn, `boxes` on
 * images and `text` on texts; `tasks` are lists of tasks and one of them; a key may stand once among modes that can be on together.
 */
export type Mode = 'app' | 'desk' | 'regions' | 'boxes' | 'text' | 'disputes' | 'batch' | 'tasks';

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
  app: ['app', 'desk', 'regions', 'boxes', 'text', 'batch', 'disputes', 'tasks'],
  desk: ['app', 'desk', 'regions', 'boxes', 'text'],
  regions: ['app', 'desk', 'regions', 'boxes', 'text'],
  boxes: ['app', 'desk', 'regions', 'boxes'],
  text: ['app', 'desk', 'regions', 'text'],
  disputes: ['app', 'disputes'],
  batch: ['app', 'batch'],
  tasks: ['app', 'tasks'],
};
