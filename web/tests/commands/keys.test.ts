import { expect, test, vi } from 'vitest';
import { chordOf, chordText } from '../../src/commands/chord';
import type { Command } from '../../src/commands/command';
import { Dispatcher, type Focus, type Press } from '../../src/commands/dispatcher';
import { clashes, Keymap } from '../../src/commands/keymap';
import { matches } from '../../src/commands/match';
import { allCommands } from '../../src/commands/table';
import { memoryShelf } from '../../src/lib/shelf';

const keymap = () => new Keymap(allCommands, memoryShelf());

function press(keys: string, more: Partial<Press> = {}): Press {
  const parts = keys.split('+');
  return {
    key: parts.at(-1) || '+',
    ctrlKey: parts.includes('Ctrl'),
    altKey: parts.includes('Alt'),
    shiftKey: parts.includes('Shift'),
    metaKey: false,
    repeat: false,
    isComposing: false,
    target: null,
    preventDefault: vi.fn(),
    ...more,
  };
}

test('no key runs two commands in one mode', () => {
  const map = keymap();
  expect(clashes(allCommands, (id) => map.keysOf(id))).toEqual([]);
});

test('every command has a name of its own, and says what it does', () => {
  const ids = allCommands.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { title } of allCommands) expect(title).not.toBe('');
});

test('keys that the table names are keys that a press can be', () => {
  for (const { keys } of allCommands) {
    for (const chord of keys) {
      const parts = chord === '+' ? ['+'] : chord.split('+');
      const name = parts.at(-1)!;
      const event = { ...press(''), key: name === 'Space' ? ' ' : name };
      const held = {
        ctrlKey: parts.includes('Ctrl'),
        altKey: parts.includes('Alt'),
        shiftKey: parts.includes('Shift'),
      };
      expect(chordOf({ ...event, ...held })).toBe(chord);
    }
  }
});

test('Shift counts with letters and named keys, not where it makes the character', () => {
  expect(chordOf(press('Shift+?'))).toBe('?');
  expect(chordOf(press('Ctrl+Shift+Z'))).toBe('Ctrl+Shift+z');
  expect(chordOf(press('Shift+Tab'))).toBe('Shift+Tab');
  expect(chordOf({ ...press('k'), metaKey: true })).toBe('Ctrl+k');
  expect(chordOf(press('Shift'))).toBeNull();
  expect(chordText('Ctrl+Shift+z')).toBe('Ctrl+Shift+Z');
  expect(chordText('Shift+ArrowLeft')).toBe('Shift+←');
});

function deskWith(focus: Focus = 'free') {
  const ran: string[] = [];
  const rows: Command<string[]>[] = [
    {
      id: 'accept',
      mode: 'desk',
      group: '',
      title: '',
      keys: ['Enter', 'a'],
      run: (to) => to.push('accept'),
    },
    {
      id: 'move-left',
      mode: 'boxes',
      group: '',
      title: '',
      keys: ['ArrowLeft'],
      repeats: true,
      run: (to) => to.push('move'),
    },
    {
      id: 'reject',
      mode: 'desk',
      group: '',
      title: '',
      keys: ['x'],
      when: () => false,
      run: (to) => to.push('reject'),
    },
    {
      id: 'submit',
      mode: 'desk',
      group: '',
      title: '',
      keys: ['Ctrl+Enter'],
      run: (to) => to.push('submit'),
    },
    {
      id: 'play',
      mode: 'audio',
      group: '',
      title: '',
      keys: ['Space', 'Ctrl+Space'],
      whileWriting: true,
      run: (to) => to.push('play'),
    },
  ];
  const dispatcher = new Dispatcher(
    new Keymap(rows as unknown as Command<never>[], memoryShelf()),
    () => focus,
  );
  const off = dispatcher.activate(rows, ran);
  return { dispatcher, ran, off };
}

test('a held key does not repeat a decision, but goes on moving', () => {
  const { dispatcher, ran } = deskWith();
  dispatcher.press(press('a'));
  dispatcher.press(press('a', { repeat: true }));
  dispatcher.press(press('ArrowLeft'));
  dispatcher.press(press('ArrowLeft', { repeat: true }));
  expect(ran).toEqual(['accept', 'move', 'move']);
});

test('what is typed into a field is text; Ctrl+Enter still submits', () => {
  const { dispatcher, ran } = deskWith('text');
  for (const keys of ['a', 'Enter', 'ArrowLeft', 'Ctrl+Enter']) dispatcher.press(press(keys));
  expect(ran).toEqual(['submit']);
});

test('what is heard can be played from a field, by its key with Ctrl alone', () => {
  const { dispatcher, ran } = deskWith('text');
  for (const key of [' ', 'a']) dispatcher.press({ ...press(''), key });
  dispatcher.press({ ...press(''), key: ' ', ctrlKey: true });
  expect(ran).toEqual(['play']);
});

test('Enter on a button is the button’s, and in a dialog nothing is the desk’s', () => {
  const button = deskWith('button');
  button.dispatcher.press(press('Enter'));
  button.dispatcher.press(press('a'));
  expect(button.ran).toEqual(['accept']);
  const radio = deskWith('choice');
  for (const keys of ['ArrowLeft', 'Enter']) radio.dispatcher.press(press(keys));
  expect(radio.ran).toEqual(['accept']);
  const dialog = deskWith('dialog');
  dialog.dispatcher.press(press('Ctrl+Enter'));
  expect(dialog.ran).toEqual([]);
});

test('a command that cannot run leaves the key to the browser', () => {
  const { dispatcher, ran } = deskWith();
  const event = press('x');
  dispatcher.press(event);
  expect(ran).toEqual([]);
  expect(event.preventDefault).not.toHaveBeenCalled();
});

test('commands are off once their screen is gone', () => {
  const { dispatcher, ran, off } = deskWith();
  off();
  dispatcher.press(press('a'));
  expect(ran).toEqual([]);
});

test('keys can be changed, kept, carried over, and a clash is refused by name', () => {
  const shelf = memoryShelf();
  const map = new Keymap(allCommands, shelf);
  expect(map.setKeys('accept', ['b'])).toBeNull();
  expect(new Keymap(allCommands, shelf).keysOf('accept')).toEqual(['b']);
  expect(map.setKeys('accept', ['f'])?.key).toBe('f');
  expect(map.keysOf('accept')).toEqual(['b']);

  const other = keymap();
  expect(other.import(map.exported())).toBeNull();
  expect(other.keysOf('accept')).toEqual(['b']);
  expect(other.import('{"changes":{"accept":["f"]}}')).toContain('f');
  expect(other.import('nonsense')).toContain('not JSON');
  other.reset();
  expect(other.keysOf('accept')).toEqual(['Enter', 'a']);
});

test('a command is found by parts of its words, without accents or case', () => {
  expect(matches('und dec', 'Undo the last decision')).toBe(true);
  expect(matches('cafe', 'Café')).toBe(true);
  expect(matches('xyz', 'Café')).toBe(false);
});
