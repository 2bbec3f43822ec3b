// The filters of the task list, as they stand in the address: a filtered list is a link.
import type { Action, TaskFilter, TaskState } from '../../api/types';

const states: readonly TaskState[] = ['ready', 'leased', 'done', 'disputed'];
export const actions: readonly Action[] = ['accepted', 'edited', 'rejected', 'created', 'imported'];

const flag = (text: string | null): boolean | undefined =>
  text === '1' || text === 'true' ? true : text === '0' || text === 'false' ? false : undefined;

/** What cannot be understood is left out. */
export function filterFrom(query: URLSearchParams): TaskFilter {
  const below = Number(query.get('probability_below') || NaN);
  const all = {
    state: states.find((state) => state === query.get('state')),
    action: actions.find((action) => action === query.get('action')),
    drafted: flag(query.get('drafted')),
    flagged: flag(query.get('flagged')),
    label: query.get('label') ?? undefined,
    search: query.get('search') ?? undefined,
    probability_below: below > 0 && below <= 1 ? below : undefined,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && value !== ''),
  ) as TaskFilter;
}

/** The filter as query values: flags as 1 and 0. */
export function queryFrom(filter: TaskFilter): Record<string, string | number | undefined> {
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? (value ? 1 : 0) : (value as string | number | undefined),
    ]),
  );
}

const word = (text: string): string =>
  /^[^\s,="\\]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;

/** The filter as the server reads it. */
export function textOf(filter: TaskFilter): string {
  const yes = (flag: boolean): string => (flag ? 'yes' : 'no');
  const parts = [
    filter.state && `state:${filter.state}`,
    filter.action && `action:${filter.action}`,
    filter.drafted !== undefined && `drafted:${yes(filter.drafted)}`,
    filter.flagged !== undefined && `flagged:${yes(filter.flagged)}`,
    filter.label && `label:${word(filter.label)}`,
    filter.search && `text:${word(filter.search)}`,
    filter.probability_below !== undefined && `probability:..${filter.probability_below}`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** A line that shows what a task is about: its text, or its key. */
export function itemLine(data: Record<string, unknown>, source: string, key: string): string {
  const item = data[source];
  return typeof item === 'string' && item.trim() ? item.replace(/\s+/g, ' ') : key;
}

export const mediaId = (media: string | { id: string } | null): string | null =>
  media === null ? null : typeof media === 'string' ? media || null : media.id;
