// The text form of a filter (docs/how/filters.md), as chips and as what is being typed. The server reads
// it strictly; here it is only cut into its parts, and completed.
import type { FilterField, Schema } from '../../api/types';

/** The parts of a filter, each as it stands: spaces inside quotes do not part. */
export function partsOf(text: string): string[] {
  return text.match(/(?:"(?:[^"\\]|\\.)*"?|[^\s"])+/g) ?? [];
}

export const textOf = (parts: readonly string[]): string => parts.join(' ');

/** A value as it may stand in a part: in quotes when it needs them. */
export const word = (text: string): string =>
  /^[^\s,="\\]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;

/** What was typed as a part: plain words are looked for in the texts. */
export function partFrom(typed: string): string {
  const text = typed.trim();
  if (!text) return '';
  return /^-?[a-z]+:/.test(text) ? text : `text:${word(text)}`;
}

/** What values may be offered beside those that a field names itself. */
export interface Offers {
  schema: Schema;
  people: readonly string[];
  models: readonly string[];
}

export interface Suggestion {
  /** What the box holds once it is taken. */
  text: string;
  title: string;
  meaning: string;
  /** The part is whole: it becomes a chip. */
  whole: boolean;
}

function valuesOf(field: FilterField, offers: Offers): string[] {
  if (field.kind === 'choice') return field.choices;
  if (field.kind === 'yes_no') return ['yes', 'no'];
  if (field.kind === 'label') {
    const { controls } = offers.schema;
    const labels = controls.flatMap(({ name, labels }) =>
      labels.map((label) =>
        controls.length > 1 ? `${word(name)}=${word(label.name)}` : word(label.name),
      ),
    );
    return [...new Set(labels)];
  }
  if (field.name === 'by') return ['me', ...offers.people];
  if (field.name === 'assigned') return ['me', 'anyone', ...offers.people];
  if (field.name === 'model') return offers.models.map(word);
  if (field.name === 'decided' || field.name === 'created') return ['1d..', '7d..', '30d..'];
  if (field.kind === 'number') return ['..0.5', '0.5..0.8', '0.8..'];
  return [];
}

/** How `typed` could go on: fields before the colon, values behind it or behind a comma. */
export function suggestions(
  typed: string,
  fields: readonly FilterField[],
  offers: Offers,
  most = 8,
): Suggestion[] {
  const text = typed.trimStart();
  const not = text.startsWith('-') ? '-' : '';
  const rest = text.slice(not.length);
  const colon = rest.indexOf(':');
  if (colon < 0) {
    const asked = rest.toLowerCase();
    return fields
      .filter(({ name }) => name.startsWith(asked))
      .slice(0, asked ? most : fields.length)
      .map(({ name, meaning }) => ({
        text: `${not}${name}:`,
        title: `${not}${name}:`,
        meaning,
        whole: false,
      }));
  }
  const field = fields.find(({ name }) => name === rest.slice(0, colon));
  if (!field) return [];
  const given = rest.slice(colon + 1);
  const before = given.slice(0, given.lastIndexOf(',') + 1);
  const asked = given.slice(before.length).replace(/"/g, '').toLowerCase();
  const head = `${not}${field.name}:${before}`;
  return valuesOf(field, offers)
    .filter((value) => !before.split(',').includes(value))
    .filter((value) => value.replace(/"/g, '').toLowerCase().includes(asked))
    .slice(0, most)
    .map((value) => ({ text: head + value, title: value, meaning: '', whole: true }));
}

/** A line that shows what a task is about: its text, or its key. */
export function itemLine(data: Record<string, unknown>, source: string, key: string): string {
  const item = data[source];
  return typeof item === 'string' && item.trim() ? item.replace(/\s+/g, ' ') : key;
}

export const mediaId = (media: string | { id: string } | null): string | null =>
  media === null ? null : typeof media === 'string' ? media || null : media.id;
