import { expect, test } from 'vitest';
import { looks, tilesOf, withTiles } from '../../src/screens/models/tiles';

test('a kind without tiles has no such setting; another is off until its config says otherwise', () => {
  expect(tilesOf('text-learner', { tiles: 'auto' })).toBeNull();
  expect(tilesOf('blazeface', null)).toBe('off');
  expect(tilesOf('blazeface', { tiles: 3 })).toBe('3');
  expect(tilesOf('blazeface', { tiles: 'auto' })).toBe('auto');
  expect(tilesOf('blazeface', { tiles: 'many' })).toBe('off');
});

test('saving keeps the rest of the config', () => {
  expect(withTiles({ map: { face: 'Face' } }, '4')).toEqual({ map: { face: 'Face' }, tiles: 4 });
  expect(withTiles({ tiles: 4 }, 'auto')).toEqual({ tiles: 'auto' });
});

test('what it costs is counted in looks at a picture', () => {
  expect(looks('blazeface', 'off', 4000, 3000)).toBe(1);
  expect(looks('blazeface', '2', 640, 480)).toBe(1 + 4);
  expect(looks('blazeface', 'auto', 300, 200)).toBe(1);
  expect(looks('blazeface', 'auto', 4000, 3000)).toBe(looks('blazeface', '8', 4000, 3000));
  expect(looks('blazeface', 'auto', 4000, 3000)).toBe(1 + 8 * 6 + 4 * 3 + 2 * 2);
  expect(looks('blazeface', '3', 1000, 100)).toBe(1 + 3);
});
