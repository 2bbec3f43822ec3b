// Scenes for tests, drawn: a character map is an image, each letter the corners of one box, and ten
// pixels are one character.
import type { Region } from '../../src/editor/region';
import { Editor, type EditorTask } from '../../src/editor/editor';
import type { Schema } from '../../src/api/types';

const cell = 10;

export const labels = (...names: string[]) =>
  names.map((name) => ({ name, hotkey: '', color: '', guideline: '', aliases: [] }));

export const photos: Schema = {
  modality: 'image',
  source: 'image',
  controls: [
    {
      name: 'boxes',
      kind: 'boxes',
      title: 'Objects',
      multiple: false,
      required: false,
      labels: labels('cat', 'dog', 'bird'),
    },
  ],
};

export const texts: Schema = {
  modality: 'text',
  source: 'text',
  controls: [
    {
      name: 'topic',
      kind: 'choices',
      title: 'Topic',
      multiple: false,
      required: true,
      labels: labels('spam', 'ham'),
    },
  ],
};

/** `drawn`: "a..\n..a" is a box whose corners are the two cells with an a, both inside. */
export function boxesIn(drawn: string, certainty: Record<string, number> = {}): Region[] {
  const lines = drawn.split('\n').map((line) => line.trim());
  const letters = [...new Set(drawn.replace(/[^a-z]/g, ''))].sort();
  return letters.map((letter) => {
    const at = lines.flatMap((line, y) =>
      [...line].flatMap((c, x) => (c === letter ? [{ x, y }] : [])),
    );
    const xs = at.map(({ x }) => x);
    const ys = at.map(({ y }) => y);
    const x = Math.min(...xs) * cell;
    const y = Math.min(...ys) * cell;
    return {
      id: letter,
      control: 'boxes',
      kind: 'boxes',
      labels: ['cat'],
      x,
      y,
      width: (Math.max(...xs) + 1) * cell - x,
      height: (Math.max(...ys) + 1) * cell - y,
      origin: 'model',
      probability: certainty[letter] ?? 0.9,
    };
  });
}

/** The way back: what lies on the desk as a map of `columns` by `rows` cells. */
export function drawn(regions: readonly Region[], columns: number, rows: number): string {
  const map = Array.from({ length: rows }, () => Array.from({ length: columns }, () => '.'));
  const put = (x: number, y: number, letter: string) => {
    const row = map[Math.round(y / cell)];
    if (row) row[Math.round(x / cell)] = letter;
  };
  for (const { id, x = 0, y = 0, width = 0, height = 0 } of regions) {
    put(x, y, id);
    put(x + width - cell, y + height - cell, id);
  }
  return map.map((row) => row.join('')).join('\n');
}

export function editorOf(task: Partial<EditorTask>, now = () => 0): Editor {
  let ids = 0;
  const whole: EditorTask = {
    schema: photos,
    image: { width: 100, height: 60 },
    hasDraft: true,
    regions: [],
    maybes: [],
    ...task,
  };
  return new Editor(whole, () => `n${(ids += 1)}`, now);
}

export const map = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
