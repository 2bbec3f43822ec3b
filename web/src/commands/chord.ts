// A key press as a word: "a", "Ctrl+Enter", "Shift+Tab", "Alt+ArrowLeft", "?".
//
// Modifiers stand in the order Ctrl, Alt, Shift; Command on a Mac counts as Ctrl. Shift is left out
// where it is what makes the character ("?", "+"), since keyboards differ in where those are.

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const alone = new Set([
  'Control',
  'Shift',
  'Alt',
  'Meta',
  'AltGraph',
  'CapsLock',
  'Dead',
  'Process',
]);

/** Null for a modifier by itself. */
export function chordOf(press: KeyPress): string | null {
  if (alone.has(press.key)) return null;
  const isLetter = /^\p{L}$/u.test(press.key);
  const isCharacter = press.key.length === 1 && press.key !== ' ';
  const key = press.key === ' ' ? 'Space' : isLetter ? press.key.toLowerCase() : press.key;
  const parts: string[] = [];
  if (press.ctrlKey || press.metaKey) parts.push('Ctrl');
  if (press.altKey) parts.push('Alt');
  if (press.shiftKey && (isLetter || !isCharacter)) parts.push('Shift');
  return [...parts, key].join('+');
}

const names: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** For people: "Ctrl+Shift+Z", "Shift+←". */
export function chordText(chord: string): string {
  return chordParts(chord).join('+');
}

export function chordParts(chord: string): string[] {
  const parts = chord === '+' ? ['+'] : chord.split('+').map((part) => part || '+');
  const withModifier = parts.length > 1;
  return parts.map(
    (part) => names[part] ?? (withModifier && part.length === 1 ? part.toUpperCase() : part),
  );
}
