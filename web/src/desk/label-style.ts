// How a label looks: a colour that colour-blind people can tell from the others (Okabe and Ito, 2008,
// without its yellow and black; darkened for text and lines on white, lightened for dark grounds in
// tokens.css), doubled by a line pattern and by a code: the key that picks it, or two letters.
import type { Label } from '../api/types';

export interface LabelStyle {
  /** A CSS colour: a token, or the schema's own. */
  readonly color: string;
  /** stroke-dasharray; empty: a full line. */
  readonly dash: string;
  /** One or two characters, unique among the labels where two letters can make it so. */
  readonly code: string;
  /** The key that picks it, or ''. */
  readonly key: string;
}

const colors = 7;
const dashes = ['', '8 4', '2 3', '10 3 2 3'];
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'];

/** Of all labels of a control, by name. */
export function labelStyles(labels: readonly Label[]): Map<string, LabelStyle> {
  const styles = new Map<string, LabelStyle>();
  const codes = new Set<string>();
  labels.forEach((label, index) => {
    const key = label.hotkey || digits[index] || '';
    const code = key.length === 1 ? key : twoLetters(label.name, codes);
    codes.add(code);
    styles.set(label.name, {
      color: label.color || `var(--label-${index % colors})`,
      dash: dashes[Math.floor(index / colors) % dashes.length] ?? '',
      code,
      key,
    });
  });
  return styles;
}

export const noLabelStyle: LabelStyle = {
  color: 'var(--ink-faint)',
  dash: '2 3',
  code: '?',
  key: '',
};

export function labelStyle(labels: readonly Label[], index: number): LabelStyle {
  return labelStyles(labels).get(labels[index]?.name ?? '') ?? noLabelStyle;
}

function twoLetters(name: string, taken: ReadonlySet<string>): string {
  const letters = [...name.replace(/[^\p{L}\p{N}]/gu, '')];
  const first = letters[0] ?? '?';
  const pairs = letters.slice(1).map((letter) => first + letter);
  return pairs.find((pair) => !taken.has(pair)) ?? pairs[0] ?? first;
}
