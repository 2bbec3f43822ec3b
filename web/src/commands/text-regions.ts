// Spans and words of a text.
import type { Command } from './command';
import { directions } from './directions';
import type { DeskHands } from './hands';

export const texts: readonly Command<DeskHands>[] = [
  ...directions.flatMap(([key, name, dx, dy]): Command<DeskHands>[] => {
    const unit = dx === 0 ? 'line' : 'word';
    const edge = dx === 0 ? 'start' : 'end';
    const way = dx + dy > 0 ? 'later' : 'earlier';
    const rows: Command<DeskHands>[] = [
      {
        id: `word-${name}`,
        mode: 'text',
        group: 'Text',
        family: 'Go to the next word or line',
        title: `Go one ${unit} ${name}`,
        keys: [key],
        run: (desk) => desk.walk(dx, dy, { extend: false, fine: false }),
      },
      {
        id: `extend-${name}`,
        mode: 'text',
        group: 'Text',
        family: 'Select further by words or lines; a label key makes the span',
        title: `Select one ${unit} further ${name}`,
        keys: [`Shift+${key}`],
        run: (desk) => desk.walk(dx, dy, { extend: true, fine: false }),
      },
      {
        id: `boundary-${name}`,
        mode: 'text',
        group: 'Text',
        family: 'Move the end (← →) or the start (↑ ↓) of the span by a word',
        title: `Move the ${edge} of the span one word ${way}`,
        keys: [`Alt+${key}`],
        when: (desk) => desk.hasSpan,
        run: (desk) => desk.boundary(edge, dx + dy, false),
      },
      {
        id: `boundary-${name}-1`,
        mode: 'text',
        group: 'Text',
        family: 'Move the end (← →) or the start (↑ ↓) of the span by a character',
        title: `Move the ${edge} of the span one character ${way}`,
        keys: [`Alt+Shift+${key}`],
        when: (desk) => desk.hasSpan,
        run: (desk) => desk.boundary(edge, dx + dy, true),
      },
    ];
    if (dx !== 0)
      rows.push(
        {
          id: `character-${name}`,
          mode: 'text',
          group: 'Text',
          family: 'Go to the next character',
          title: `Go one character ${name}`,
          keys: [`Ctrl+${key}`],
          run: (desk) => desk.walk(dx, dy, { extend: false, fine: true }),
        },
        {
          id: `extend-${name}-1`,
          mode: 'text',
          group: 'Text',
          family: 'Select further by characters',
          title: `Select one character further ${name}`,
          keys: [`Ctrl+Shift+${key}`],
          run: (desk) => desk.walk(dx, dy, { extend: true, fine: true }),
        },
      );
    return rows.map((row) => ({ ...row, repeats: true, keyOnly: true }));
  }),
  {
    id: 'propagate',
    mode: 'text',
    group: 'Text',
    title: 'Label the other occurrences of the span in focus too',
    keys: ['o'],
    when: (desk) => desk.hasSpan,
    run: (desk) => desk.propagate(),
  },
];
