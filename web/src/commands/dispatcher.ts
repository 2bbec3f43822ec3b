// From a key press to a command. Screens put their commands on while they are shown; the newest come
// first. What a person types into a field is text, what they press on a button is the button's.
import { Observers } from '../lib/observers';
import { chordOf, type KeyPress } from './chord';
import type { Command, Ready } from './command';
import type { Keymap } from './keymap';

interface Active {
  /** Commands bound to the hands of the screen that put them on. */
  readonly ready: () => readonly Ready[];
  /** A chord no command answers: labels with a key of their own. True when it was taken. */
  readonly other?: ((chord: string) => boolean) | undefined;
}

export interface Press extends KeyPress {
  readonly repeat: boolean;
  readonly isComposing: boolean;
  /** Somebody took the key already. */
  readonly defaultPrevented?: boolean;
  readonly target: EventTarget | null;
  preventDefault(): void;
}

/** What has the focus, as far as keys are concerned. */
export type Focus = 'free' | 'text' | 'choice' | 'button' | 'dialog';

export class Dispatcher {
  readonly changed = new Observers<void>();
  #active: Active[] = [];

  constructor(
    readonly keymap: Keymap,
    private readonly focusOf: (target: EventTarget | null) => Focus = browserFocus,
  ) {}

  /** Puts commands on; the returned function takes them off. */
  activate<Hands>(
    commands: readonly Command<Hands>[],
    hands: Hands,
    other?: (chord: string) => boolean,
  ): () => void {
    const bind = (command: Command<Hands>): Ready => ({
      command: command as Command<never>,
      can: command.when?.(hands) ?? true,
      run: () => command.run(hands),
    });
    const active: Active = { ready: () => commands.map(bind), other };
    this.#active.unshift(active);
    this.changed.tell();
    return () => {
      this.#active = this.#active.filter((one) => one !== active);
      this.changed.tell();
    };
  }

  /** All commands that are on, newest screen first. */
  ready(): Ready[] {
    return this.#active.flatMap((active) => active.ready());
  }

  find(id: string): Ready | undefined {
    return this.ready().find(({ command }) => command.id === id);
  }

  /** Runs a command as its button would; false when it cannot run now. */
  run(id: string): boolean {
    const ready = this.find(id);
    if (!ready?.can) return false;
    ready.run();
    return true;
  }

  press(event: Press): void {
    const chord = chordOf(event);
    if (!chord || event.isComposing || event.defaultPrevented) return;
    const ready = this.ready().find(({ command }) =>
      this.keymap.keysOf(command.id).includes(chord),
    );
    const focus = this.focusOf(event.target);
    const whileWriting = ready?.command.whileWriting && chord.startsWith('Ctrl+');
    if (!mayAnswer(chord, focus) && !(focus === 'text' && whileWriting)) return;
    if (!ready) {
      if (!event.repeat && this.#active.some((active) => active.other?.(chord)))
        event.preventDefault();
      return;
    }
    // Tab past the last row leaves the list: the command says no, the browser moves the focus.
    if (!ready.can) return;
    event.preventDefault();
    if (event.repeat && !ready.command.repeats) return;
    ready.run();
  }
}

function mayAnswer(chord: string, focus: Focus): boolean {
  if (focus === 'dialog') return false;
  if (focus === 'text') return chord === 'Ctrl+Enter' || chord === 'Ctrl+k' || chord === 'F1';
  if (focus === 'choice') return !/^(Space|.*Tab|Arrow.*)$/.test(chord);
  if (focus === 'button') return chord !== 'Enter' && chord !== 'Space' && !chord.endsWith('Tab');
  return true;
}

/**
 * Rows of the region list are marked `data-keys="desk"`: their Enter and Space are the desk's, because
 * focus is what selects them.
 */
function browserFocus(target: EventTarget | null): Focus {
  if (!(target instanceof Element)) return 'free';
  // A dialog that was just closed keeps the focus until the next frame.
  if (target.closest('dialog:not([open])')) return 'free';
  if (target.closest('dialog[open], [role="dialog"]')) return 'dialog';
  if (target.closest('textarea, select, [contenteditable="true"]')) return 'text';
  if (target.closest('[data-keys="desk"]')) return 'free';
  const input = target.closest('input');
  if (input && ['radio', 'checkbox'].includes(input.type)) return 'choice';
  if (input) return ['button', 'file'].includes(input.type) ? 'button' : 'text';
  return target.closest('button, a[href], summary, [role="button"]') ? 'button' : 'free';
}
