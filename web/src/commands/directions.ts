// The four ways an arrow key moves something.
export type Direction = readonly [key: string, name: string, dx: number, dy: number];
export const directions: readonly Direction[] = [
  ['ArrowLeft', 'left', -1, 0],
  ['ArrowRight', 'right', 1, 0],
  ['ArrowUp', 'up', 0, -1],
  ['ArrowDown', 'down', 0, 1],
];
