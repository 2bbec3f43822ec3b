// A command is one object with a name, keys, a title, when it can run and what it does. Buttons, the
// help overlay, the palette, the key handler and the reference page all read the same row.

/**
 * Where a key counts. The desk's modes come on top of `app`, and one of `boxes` and `choices`, or both,
 * on top of `desk`; a key may stand once among modes that can be on together.
 */
export type Mode = 'app' | 'desk' | 'boxes';

export interface Command<Hands> {
  readonly id: string;
  readonly mode: Mode;
  readonly group: string;
  readonly title: string;
  readonly keys: readonly string[];
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
  app: ['app', 'desk', 'boxes'],
  desk: ['app', 'desk', 'boxes'],
  boxes: ['app', 'desk', 'boxes'],
};
