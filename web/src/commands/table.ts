// The one table of commands. A row here is a button, a key, a line of help, an entry of the palette and
// a line of docs/reference/keys.md.
import type { Command } from './command';
import { batchCommands } from './batch';
import { disputeCommands } from './disputes';
import { goCommands } from './go';
import type { AppHands, DeskHands } from './hands';
import { shapeCommands, shapeTools } from './shapes';
import { discussionCommands, guidelineNewsCommands } from './talk';

type Direction = readonly [key: string, name: string, dx: number, dy: number];
const directions: readonly Direction[] = [
  ['ArrowLeft', 'left', -1, 0],
  ['ArrowRight', 'right', 1, 0],
  ['ArrowUp', 'up', 0, -1],
  ['ArrowDown', 'down', 0, 1],
];

export const appCommands: readonly Command<AppHands>[] = [
  {
    id: 'help',
    mode: 'app',
    group: 'Help',
    title: 'Show keys and commands',
    keys: ['?', 'F1'],
    run: (app) => app.showHelp(),
  },
  {
    id: 'palette',
    mode: 'app',
    group: 'Help',
    title: 'Find a command',
    keys: ['Ctrl+k'],
    keyOnly: true,
    run: (app) => app.showPalette(),
  },
  {
    id: 'projects',
    mode: 'app',
    group: 'Go',
    title: 'Go to the projects',
    keys: ['Alt+Home'],
    run: (app) => app.goToProjects(),
  },
  {
    id: 'theme',
    mode: 'app',
    group: 'Look',
    title: 'Switch between light, dark and the system’s colours',
    keys: [],
    run: (app) => app.cycleTheme(),
  },
];

const decide: readonly Command<DeskHands>[] = [
  {
    id: 'accept',
    mode: 'desk',
    group: 'Decide',
    title: 'Accept what is on the desk, next task',
    keys: ['Enter', 'a'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.accept(),
  },
  {
    id: 'submit',
    mode: 'desk',
    group: 'Decide',
    title: 'Submit what is on the desk, even if it is empty, next task',
    keys: ['Ctrl+Enter'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.submit(),
  },
  {
    id: 'reject',
    mode: 'desk',
    group: 'Decide',
    title: 'Reject the draft, start from nothing',
    keys: ['x'],
    when: (desk) => desk.hasTask && desk.hasDraft,
    run: (desk) => desk.reject(),
  },
  {
    id: 'skip',
    mode: 'desk',
    group: 'Decide',
    title: 'Skip this task',
    keys: ['Space'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.skip(),
  },
  {
    id: 'skip-reason',
    mode: 'desk',
    group: 'Decide',
    title: 'Skip this task and say why',
    keys: ['Shift+Space'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.skipWithReason(),
  },
  {
    id: 'undo-decision',
    mode: 'desk',
    group: 'Decide',
    title: 'Undo the last decision, ten deep',
    keys: ['Backspace'],
    when: (desk) => desk.canUndoDecision,
    run: (desk) => desk.undoDecision(),
  },
];

const remark: readonly Command<DeskHands>[] = [
  {
    id: 'flag',
    mode: 'desk',
    group: 'Remark',
    title: 'Flag this task, or take the flag off',
    keys: ['f'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.flag(),
  },
  {
    id: 'comment',
    mode: 'desk',
    group: 'Remark',
    title: 'Comment on this task',
    keys: ['c'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.comment(),
  },
  {
    id: 'guideline',
    mode: 'desk',
    group: 'Remark',
    title: 'Show the guideline',
    keys: ['g'],
    run: (desk) => desk.guideline(),
  },
];

const labels: readonly Command<DeskHands>[] = [
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'].map((key, place): Command<DeskHands> => ({
    id: `label-${place + 1}`,
    mode: 'desk',
    group: 'Label',
    title: `Label ${place + 1}: of the region in focus, or the choice`,
    family: 'Label of the region in focus, or the choice',
    keys: [key],
    keyOnly: true,
    when: (desk) => desk.hasTask,
    run: (desk) => desk.label(place),
  })),
  {
    id: 'find-label',
    mode: 'desk',
    group: 'Label',
    title: 'Find a label by name',
    keys: ['l'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.findLabel(),
  },
  {
    id: 'next-question',
    mode: 'desk',
    group: 'Label',
    title: 'Label keys answer the next question',
    keys: ['q'],
    when: (desk) => desk.hasTask && desk.hasControls,
    run: (desk) => desk.nextQuestion(1),
  },
  {
    id: 'previous-question',
    mode: 'desk',
    group: 'Label',
    title: 'Label keys answer the previous question',
    keys: ['Shift+q'],
    when: (desk) => desk.hasTask && desk.hasControls,
    run: (desk) => desk.nextQuestion(-1),
  },
];

const regions: readonly Command<DeskHands>[] = [
  {
    id: 'next-region',
    mode: 'regions',
    group: 'Regions',
    title: 'Next region, least certain first',
    keys: ['Tab'],
    repeats: true,
    when: (desk) => desk.canStep(1),
    run: (desk) => desk.next(1),
  },
  {
    id: 'previous-region',
    mode: 'regions',
    group: 'Regions',
    title: 'Previous region',
    keys: ['Shift+Tab'],
    repeats: true,
    when: (desk) => desk.canStep(-1),
    run: (desk) => desk.next(-1),
  },
  {
    id: 'keep',
    mode: 'regions',
    group: 'Regions',
    title: 'Keep the region in focus, go to the next',
    keys: ['y'],
    when: (desk) => desk.hasSelection,
    run: (desk) => desk.keep(),
  },
  {
    id: 'drop',
    mode: 'regions',
    group: 'Regions',
    title: 'Drop the region in focus, go to the next',
    keys: ['n', 'Delete'],
    when: (desk) => desk.hasSelection,
    run: (desk) => desk.drop(),
  },
  {
    id: 'join',
    mode: 'regions',
    group: 'Regions',
    title: 'Join the region in focus to another: Tab or a click aims, a label key or Enter joins',
    keys: ['j'],
    when: (desk) => desk.canJoin,
    run: (desk) => desk.join(),
  },
  {
    id: 'maybes',
    mode: 'desk',
    group: 'Regions',
    title: 'Show or hide the maybes: regions the model is unsure of',
    keys: ['m'],
    when: (desk) => desk.hasMaybes,
    run: (desk) => desk.maybes(),
  },
  ...directions.flatMap(([key, name, dx, dy]): Command<DeskHands>[] => [
    {
      id: `move-${name}`,
      mode: 'boxes',
      group: 'Regions',
      family: 'Move the region; without one, the view',
      title: `Move the region ${name}; without one, the view`,
      keys: [key],
      repeats: true,
      keyOnly: true,
      run: (desk) => desk.move(dx, dy, false),
    },
    {
      id: `move-${name}-1`,
      mode: 'boxes',
      group: 'Regions',
      family: 'Move the region by one pixel',
      title: `Move the region ${name} by one pixel`,
      keys: [`Alt+${key}`],
      repeats: true,
      keyOnly: true,
      run: (desk) => desk.move(dx, dy, true),
    },
    {
      id: `size-${name}`,
      mode: 'boxes',
      group: 'Regions',
      family: 'Size the region',
      title: `Move the region’s ${dx ? 'right' : 'bottom'} edge ${name}`,
      keys: [`Shift+${key}`],
      repeats: true,
      keyOnly: true,
      run: (desk) => desk.size(dx, dy, false),
    },
    {
      id: `size-${name}-1`,
      mode: 'boxes',
      group: 'Regions',
      family: 'Size the region by one pixel',
      title: `Move the region’s ${dx ? 'right' : 'bottom'} edge ${name} by one pixel`,
      keys: [`Alt+Shift+${key}`],
      repeats: true,
      keyOnly: true,
      run: (desk) => desk.size(dx, dy, true),
    },
  ]),
];

const texts: readonly Command<DeskHands>[] = [
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

const tools: readonly Command<DeskHands>[] = [
  {
    id: 'tool-select',
    mode: 'boxes',
    group: 'Tools',
    title: 'Select, move and size',
    keys: ['v'],
    run: (desk) => desk.useTool('select'),
  },
  {
    id: 'tool-box',
    mode: 'boxes',
    group: 'Tools',
    title: 'Draw boxes; once more: put one in the middle of the view',
    keys: ['r'],
    needs: ['boxes'],
    run: (desk) => desk.useTool('box'),
  },
  ...shapeTools,
  {
    id: 'tool-pan',
    mode: 'boxes',
    group: 'Tools',
    title: 'Pan the view',
    keys: ['h'],
    run: (desk) => desk.useTool('pan'),
  },
  {
    id: 'zoom-in',
    mode: 'boxes',
    group: 'Tools',
    title: 'Zoom in',
    keys: ['+', '='],
    repeats: true,
    run: (desk) => desk.zoom(1),
  },
  {
    id: 'zoom-out',
    mode: 'boxes',
    group: 'Tools',
    title: 'Zoom out',
    keys: ['-'],
    repeats: true,
    run: (desk) => desk.zoom(-1),
  },
  {
    id: 'zoom-fit',
    mode: 'boxes',
    group: 'Tools',
    title: 'Fit the image into the window',
    keys: ['z'],
    run: (desk) => desk.fit(),
  },
  {
    id: 'zoom-region',
    mode: 'boxes',
    group: 'Tools',
    title: 'Zoom to the region in focus',
    keys: ['Shift+z'],
    when: (desk) => desk.hasSelection,
    run: (desk) => desk.zoomToSelection(),
  },
];

const mend: readonly Command<DeskHands>[] = [
  {
    id: 'undo',
    mode: 'desk',
    group: 'Mend',
    title: 'Undo, inside the task',
    keys: ['Ctrl+z'],
    repeats: true,
    when: (desk) => desk.canUndo,
    run: (desk) => desk.undo(),
  },
  {
    id: 'redo',
    mode: 'desk',
    group: 'Mend',
    title: 'Redo, inside the task',
    keys: ['Ctrl+Shift+z', 'Ctrl+y'],
    repeats: true,
    when: (desk) => desk.canRedo,
    run: (desk) => desk.redo(),
  },
  {
    id: 'escape',
    mode: 'desk',
    group: 'Mend',
    title: 'Back to before the gesture; let the region go',
    keys: ['Escape'],
    keyOnly: true,
    run: (desk) => desk.escape(),
  },
];

export const deskCommands: readonly Command<DeskHands>[] = [
  ...decide,
  ...labels,
  ...regions,
  ...shapeCommands,
  ...texts,
  ...tools,
  ...mend,
  ...remark,
];

/** Every row, for those who only read names and keys. */
export const allCommands: readonly Command<never>[] = [
  ...deskCommands,
  ...appCommands,
  ...goCommands,
  ...batchCommands,
  ...disputeCommands,
  ...discussionCommands,
  ...guidelineNewsCommands,
];
