// Recordings: listening, and segments of them.
import type { Command } from './command';
import type { DeskHands, SoundHands } from './hands';

type Row = Omit<Command<DeskHands>, 'run' | 'when' | 'mode'> & {
  when?: (sound: SoundHands) => boolean;
  run: (sound: SoundHands) => void;
};

const listen = 'Listen';
const group = 'Segments';

const listening: readonly Row[] = [
  {
    id: 'play',
    group: listen,
    title: 'Play, pause',
    keys: ['Space', 'Ctrl+Space'],
    whileWriting: true,
    run: (sound) => sound.play(),
  },
  {
    id: 'play-segment',
    group: listen,
    title: 'Play the segment in focus, or at the playhead, once',
    keys: ['Shift+Space', 'Ctrl+Shift+Space'],
    whileWriting: true,
    run: (sound) => sound.playSegment(),
  },
  {
    id: 'loop',
    group: listen,
    title: 'Play the segment in focus again and again; once more: no longer',
    keys: ['p'],
    run: (sound) => sound.loop(),
  },
  {
    id: 'second-back',
    group: listen,
    title: 'One second back',
    keys: [',', 'Ctrl+,'],
    repeats: true,
    whileWriting: true,
    run: (sound) => sound.jump(-1),
  },
  {
    id: 'second-on',
    group: listen,
    title: 'One second on',
    keys: ['.', 'Ctrl+.'],
    repeats: true,
    whileWriting: true,
    run: (sound) => sound.jump(1),
  },
  {
    id: 'slower',
    group: listen,
    title: 'Slower, down to half the speed',
    keys: ['<'],
    run: (sound) => sound.faster(-1),
  },
  {
    id: 'faster',
    group: listen,
    title: 'Faster, up to twice the speed',
    keys: ['>'],
    run: (sound) => sound.faster(1),
  },
  ...(['Left', 'Right'] as const).flatMap((side): Row[] => {
    const by = side === 'Left' ? -1 : 1;
    const name = side.toLowerCase();
    return [
      {
        id: `playhead-${name}`,
        group: listen,
        family: 'Move the playhead by a few pixels',
        title: `Move the playhead ${name}`,
        keys: [`Arrow${side}`],
        repeats: true,
        keyOnly: true,
        run: (sound) => sound.step(by, false),
      },
      {
        id: `playhead-${name}-1`,
        group: listen,
        family: 'Move the playhead by a hundredth of a second',
        title: `Move the playhead ${name} by a hundredth of a second`,
        keys: [`Ctrl+Arrow${side}`],
        repeats: true,
        keyOnly: true,
        run: (sound) => sound.step(by, true),
      },
    ];
  }),
  {
    id: 'playhead-start',
    group: listen,
    title: 'To the start of the recording',
    keys: ['Home'],
    run: (sound) => sound.toEnd('start'),
  },
  {
    id: 'playhead-end',
    group: listen,
    title: 'To the end of the recording',
    keys: ['End'],
    run: (sound) => sound.toEnd('end'),
  },
];

const hasSegment = (sound: SoundHands) => sound.hasSegment;

const edges = (
  [
    ['Right', 'end', 1],
    ['Left', 'end', -1],
    ['Down', 'start', 1],
    ['Up', 'start', -1],
  ] as const
).flatMap(([arrow, edge, by]): Row[] => {
  const way = by > 0 ? 'later' : 'earlier';
  const row = { group, repeats: true, keyOnly: true, when: hasSegment };
  return [
    {
      ...row,
      id: `segment-${edge}-${way}`,
      family: 'Move the end (← →) or the start (↑ ↓) of the segment by a few pixels',
      title: `Move the ${edge} of the segment ${way}`,
      keys: [`Alt+Arrow${arrow}`],
      run: (sound) => sound.edge(edge, by, false),
    },
    {
      ...row,
      id: `segment-${edge}-${way}-1`,
      family: 'Move the end (← →) or the start (↑ ↓) of the segment by a hundredth of a second',
      title: `Move the ${edge} of the segment a hundredth of a second ${way}`,
      keys: [`Alt+Shift+Arrow${arrow}`],
      run: (sound) => sound.edge(edge, by, true),
    },
  ];
});

const shifts = (['Left', 'Right'] as const).flatMap((side): Row[] => {
  const by = side === 'Left' ? -1 : 1;
  const way = by > 0 ? 'later' : 'earlier';
  const row = { group, repeats: true, keyOnly: true, when: hasSegment };
  return [
    {
      ...row,
      id: `segment-${way}`,
      family: 'Move the segment by a few pixels',
      title: `Move the segment ${way}`,
      keys: [`Shift+Arrow${side}`],
      run: (sound) => sound.shift(by, false),
    },
    {
      ...row,
      id: `segment-${way}-1`,
      family: 'Move the segment by a hundredth of a second',
      title: `Move the segment a hundredth of a second ${way}`,
      keys: [`Ctrl+Shift+Arrow${side}`],
      run: (sound) => sound.shift(by, true),
    },
  ];
});

const segments: readonly Row[] = [
  {
    id: 'draw-segment',
    group,
    title: 'Start a segment at the playhead; once more: end it there',
    keys: ['r'],
    run: (sound) => sound.draw(),
  },
  {
    id: 'next-in-time',
    group,
    title: 'Next segment in time',
    keys: ['ArrowDown'],
    repeats: true,
    run: (sound) => sound.walk(1),
  },
  {
    id: 'previous-in-time',
    group,
    title: 'Previous segment in time',
    keys: ['ArrowUp'],
    repeats: true,
    run: (sound) => sound.walk(-1),
  },
  {
    id: 'split',
    group,
    title: 'Split the segment at the playhead',
    keys: ['s'],
    run: (sound) => sound.split(),
  },
  {
    id: 'merge',
    group,
    title: 'Merge the segment with the next of the same label',
    keys: ['m'],
    when: hasSegment,
    run: (sound) => sound.merge(),
  },
  {
    id: 'start-here',
    group,
    title: 'Move the start of the segment to the playhead',
    keys: ['i'],
    when: hasSegment,
    run: (sound) => sound.edgeHere('start'),
  },
  {
    id: 'end-here',
    group,
    title: 'Move the end of the segment to the playhead',
    keys: ['o'],
    when: hasSegment,
    run: (sound) => sound.edgeHere('end'),
  },
  {
    id: 'write-segment',
    group,
    title: 'Write what is said in the segment; Enter goes on to the next, Escape leaves it',
    keys: ['e'],
    when: (sound) => sound.textControl !== undefined,
    run: (sound) => sound.write(),
  },
  {
    id: 'name-voices',
    group,
    title: 'Name the other segments by the voices of those that you have named or kept',
    keys: ['v'],
    run: (sound) => sound.nameVoices(),
  },
  ...edges,
  ...shifts,
];

const writing: readonly Row[] = [
  {
    id: 'time-words',
    group: listen,
    title: 'Time the words of the text in focus, as they are written now',
    keys: ['w'],
    when: (sound) => sound.hasTexts,
    run: (sound) => sound.timeWords(false),
  },
  {
    id: 'time-all-words',
    group: listen,
    title: 'Time the words of all texts',
    keys: ['Shift+w'],
    when: (sound) => sound.hasTexts,
    run: (sound) => sound.timeWords(true),
  },
];

const view: readonly Row[] = [
  {
    id: 'wave-zoom-in',
    group: listen,
    title: 'Zoom in at the playhead',
    keys: ['+', '='],
    repeats: true,
    run: (sound) => sound.zoom(1),
  },
  {
    id: 'wave-zoom-out',
    group: listen,
    title: 'Zoom out',
    keys: ['-'],
    repeats: true,
    run: (sound) => sound.zoom(-1),
  },
  {
    id: 'wave-fit',
    group: listen,
    title: 'Fit the recording into the window',
    keys: ['z'],
    run: (sound) => sound.fit(),
  },
  {
    id: 'wave-zoom-segment',
    group: listen,
    title: 'Zoom to the segment in focus',
    keys: ['Shift+z'],
    when: hasSegment,
    run: (sound) => sound.zoomToSegment(),
  },
];

function rowOf(more: Partial<Command<DeskHands>>): (row: Row) => Command<DeskHands> {
  return ({ when, run, ...row }) => ({
    ...row,
    ...more,
    mode: 'audio',
    when: ({ sound }) => sound !== null && (when?.(sound) ?? true),
    run: ({ sound }) => sound && run(sound),
  });
}

export const soundCommands: readonly Command<DeskHands>[] = [
  ...listening.map(rowOf({})),
  ...view.map(rowOf({})),
  ...writing.map(rowOf({ needs: ['text'] })),
  ...segments.map(rowOf({ needs: ['segments'] })),
  {
    id: 'skip-recording',
    mode: 'audio',
    group: 'Decide',
    title: 'Skip this recording',
    keys: ['k'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.skip(),
  },
  {
    id: 'skip-recording-reason',
    mode: 'audio',
    group: 'Decide',
    title: 'Skip this recording and say why',
    keys: ['Shift+k'],
    when: (desk) => desk.hasTask,
    run: (desk) => desk.skipWithReason(),
  },
  {
    id: 'segment-maybes',
    mode: 'audio',
    group: 'Segments',
    title: 'Show or hide the maybes: segments the model is unsure of',
    keys: ['Shift+m'],
    when: (desk) => desk.hasMaybes,
    run: (desk) => desk.maybes(),
  },
];
