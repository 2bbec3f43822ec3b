import { expect, test } from 'vitest';
import { en } from '../../src/messages/en';
import { families, kindsText } from '../../src/screens/settings/webhook-kinds';

test('a webhook says what it is told: everything, families by their names, kinds as they are', () => {
  expect(kindsText([])).toBe('Everything');
  expect(kindsText(['annotation', 'import.finished'])).toBe('Decisions, import.finished');
});

test('every family that is offered has a name', () => {
  for (const family of families) expect(en).toHaveProperty([`webhooks.${family}`]);
});
