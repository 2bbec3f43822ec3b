// A model's configuration as a form: the kind's table of fields decides what is asked, what is left
// empty is left out, and what the form does not know stays as it is.
import type { ConfigField } from '../../api/types';

export type Config = Record<string, unknown>;
/** By field name, as it stands in the form. */
export type Draft = Record<string, string>;

/** What a field shows before anybody changed it. */
export function shown(field: ConfigField, config: Config): string {
  const value = config[field.name];
  if (value === undefined || value === null) return field.required ? plain(field.usual) : '';
  return plain(value);
}

/** What holds while a field is empty. */
export function usual(field: ConfigField): string {
  return plain(field.usual);
}

function plain(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.join(', ');
  return JSON.stringify(value);
}

/** What is wrong with a field's text, or null. */
export function fault(field: ConfigField, text: string): 'required' | 'number' | 'json' | null {
  const value = text.trim();
  if (value === '') return field.required ? 'required' : null;
  if (field.kind === 'number' || field.kind === 'whole') {
    const number = Number(value);
    if (!Number.isFinite(number) || (field.kind === 'whole' && !Number.isInteger(number)))
      return 'number';
  }
  if (field.kind === 'object') {
    try {
      const parsed: unknown = JSON.parse(value);
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'json';
    } catch {
      return 'json';
    }
  }
  return null;
}

function parsed(field: ConfigField, text: string): unknown {
  const value = text.trim();
  switch (field.kind) {
    case 'number':
    case 'whole':
      return Number(value);
    case 'flag':
      return value === 'true';
    case 'names':
      return value
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean);
    case 'object':
      return JSON.parse(value) as unknown;
    default:
      return field.name === 'instructions' ? text : value;
  }
}

/** The config that the form says; secrets are set by a route of their own. */
export function configOf(fields: readonly ConfigField[], before: Config, draft: Draft): Config {
  const config: Config = { ...before };
  for (const field of fields) {
    if (field.kind === 'secret') continue;
    const text = draft[field.name] ?? '';
    if (text.trim() === '') delete config[field.name];
    else config[field.name] = parsed(field, text);
  }
  return config;
}

/** Fields that most people fill in come first and in sight; the rest is behind "More". */
export function parts(fields: readonly ConfigField[]): {
  main: ConfigField[];
  more: ConfigField[];
} {
  const first = new Set([
    'instructions',
    'examples',
    'budget',
    'price_in',
    'price_out',
    'file',
    'reads',
    'family',
    'cues',
  ]);
  const main = fields.filter(
    (field) => field.required || field.kind === 'secret' || first.has(field.name),
  );
  return { main, more: fields.filter((field) => !main.includes(field)) };
}
