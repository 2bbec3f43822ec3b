// What a webhook can be told: families of events, in the order they are offered.
import { tName } from '../../messages';

export const families = [
  'annotation',
  'task',
  'tasks',
  'comment',
  'dispute',
  'batch',
  'gold',
  'onboarding',
  'lease',
  'import',
  'export',
  'model',
  'job',
  'project',
  'webhook',
] as const;

/** "Decisions, Imports"; kinds that only a script can ask for stand as they are. */
export const kindsText = (kinds: readonly string[]): string =>
  kinds.length === 0
    ? tName('webhooks', 'all')
    : kinds.map((kind) => tName('webhooks', kind)).join(', ');
