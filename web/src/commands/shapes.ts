// Commands for shapes on images, each only where the schema has the kind.
import type { Command } from './command';
import type { DeskHands } from './hands';

const spots: readonly Command<DeskHands>[] = [
  {
    id: 'next-spot',
    mode: 'boxes',
    group: 'Shapes',
    title: 'Next corner or point of the region; arrows move it',
    keys: ['.'],
    needs: ['polygons', 'keypoints'],
    repeats: true,
    when: (desk) => desk.hasSelection,
    run: ({ shapes }) => shapes.walk(1),
  },
  {
    id: 'previous-spot',
    mode: 'boxes',
    group: 'Shapes',
    title: 'Previous corner or point of the region',
    keys: [','],
    needs: ['polygons', 'keypoints'],
    repeats: true,
    when: (desk) => desk.hasSelection,
    run: ({ shapes }) => shapes.walk(-1),
  },
  {
    id: 'insert-corner',
    mode: 'boxes',
    group: 'Shapes',
    title: 'Insert a corner after the one in focus; correct an outline, or point, at the cross',
    keys: ['i'],
    needs: ['polygons', 'boxes', 'keypoints'],
    when: ({ shapes, isPointing }) => shapes.hasSpot || shapes.isOutlining || isPointing,
    run: (desk) => (desk.isPointing ? desk.pointHere() : desk.shapes.insertCorner()),
  },
  {
    id: 'remove-corner',
    mode: 'boxes',
    group: 'Shapes',
    title: 'Remove the corner in focus',
    keys: ['d'],
    needs: ['polygons'],
    when: ({ shapes }) => shapes.hasSpot,
    run: ({ shapes }) => shapes.removeCorner(),
  },
  {
    id: 'point-hidden',
    mode: 'boxes',
    group: 'Shapes',
    title: 'The point in focus is hidden; once more: seen',
    keys: ['o'],
    needs: ['keypoints'],
    when: ({ shapes }) => shapes.canMark,
    run: ({ shapes }) => shapes.markPoint(1),
  },
  {
    id: 'point-absent',
    mode: 'boxes',
    group: 'Shapes',
    title: 'The point in focus, or the next to place, is not there; once more: seen',
    keys: ['u'],
    needs: ['keypoints'],
    when: ({ shapes }) => shapes.canMark,
    run: ({ shapes }) => shapes.markPoint(0),
  },
];

const turns: readonly (readonly [key: string, degrees: number, title: string])[] = [
  ['Ctrl+ArrowRight', 1, 'Turn the box clockwise by one degree'],
  ['Ctrl+ArrowLeft', -1, 'Turn the box anticlockwise by one degree'],
  ['Ctrl+Shift+ArrowRight', 15, 'Turn the box clockwise by fifteen degrees'],
  ['Ctrl+Shift+ArrowLeft', -15, 'Turn the box anticlockwise by fifteen degrees'],
];

const turning = turns.map(([key, degrees, title]): Command<DeskHands> => ({
  id: `turn-${degrees}`.replace('--', '-back-'),
  mode: 'boxes',
  group: 'Shapes',
  family:
    Math.abs(degrees) === 1 ? 'Turn the box by one degree' : 'Turn the box by fifteen degrees',
  title,
  keys: [key],
  needs: ['boxes'],
  repeats: true,
  keyOnly: true,
  when: (desk) => desk.hasSelection,
  run: ({ shapes }) => shapes.turn(degrees),
}));

export const shapeTools: readonly Command<DeskHands>[] = [
  {
    id: 'tool-polygon',
    mode: 'boxes',
    group: 'Tools',
    title: 'Draw polygons corner by corner; once more: put one in the middle of the view',
    keys: ['p'],
    needs: ['polygons'],
    run: (desk) => desk.useTool('polygon'),
  },
  {
    id: 'outline',
    mode: 'boxes',
    group: 'Tools',
    title: 'Outline what is in the box in focus; without one, in a box to draw',
    keys: ['w'],
    needs: ['polygons'],
    when: (desk) => desk.hasTask,
    run: ({ shapes }) => shapes.outline(),
  },
  {
    id: 'tool-keypoints',
    mode: 'boxes',
    group: 'Tools',
    title: 'Place points in turn; once more: put all in the middle of the view',
    keys: ['k'],
    needs: ['keypoints'],
    run: (desk) => desk.useTool('keypoints'),
  },
];

export const shapeCommands: readonly Command<DeskHands>[] = [...spots, ...turning];
