// The columns of the task list: which there are, which are shown, and in what order. What somebody chose is
// remembered for them, by view: in a view of their own on the server, else in this browser.
import { t, type MessageKey } from '../../messages';
import type { Shelf } from '../../lib/shelf';

interface Column {
  name: string;
  width: string;
  title: MessageKey;
  /** Shown when nobody chose. */
  usual?: boolean;
  supervisors?: boolean;
}

const table: readonly Column[] = [
  { name: 'state', width: '112px', title: 'tasks.state', usual: true },
  { name: 'decision', width: '96px', title: 'tasks.decision', usual: true },
  { name: 'labels', width: 'minmax(0,1fr)', title: 'tasks.labels', usual: true },
  {
    name: 'probability',
    width: '64px',
    title: 'tasks.probability',
    usual: true,
    supervisors: true,
  },
  { name: 'person', width: '112px', title: 'tasks.person', usual: true },
  { name: 'decided', width: '136px', title: 'tasks.decided', usual: true },
  { name: 'key', width: 'minmax(0,1fr)', title: 'tasks.key' },
  { name: 'lane', width: '80px', title: 'tasks.lane' },
  { name: 'priority', width: '64px', title: 'tasks.priority' },
  { name: 'created', width: '136px', title: 'tasks.created' },
];

export interface ShownColumn {
  name: string;
  width: string;
  title: string;
}

export function columnsFor(supervises: boolean): ShownColumn[] {
  return table
    .filter((column) => supervises || !column.supervisors)
    .map(({ name, width, title }) => ({ name, width, title: t(title) }));
}

export const usualColumns = (supervises: boolean): string[] =>
  table
    .filter(({ usual, supervisors }) => usual && (supervises || !supervisors))
    .map(({ name }) => name);

/** Those of `names` that there are, in their order; none: the usual ones. */
export function shownColumns(names: readonly string[], supervises: boolean): ShownColumn[] {
  const all = columnsFor(supervises);
  const find = (name: string) => all.find((column) => column.name === name);
  const shown = [...new Set(names)].flatMap((name) => find(name) ?? []);
  return shown.length > 0 ? shown : usualColumns(supervises).flatMap((name) => find(name) ?? []);
}

/** Every column for choosing: the shown ones in their order, then the others. */
export function choice(names: readonly string[], supervises: boolean) {
  const shown = shownColumns(names, supervises);
  const isShown = (name: string) => shown.some((column) => column.name === name);
  const others = columnsFor(supervises).filter(({ name }) => !isShown(name));
  return [
    ...shown.map((column) => ({ ...column, shown: true })),
    ...others.map((column) => ({ ...column, shown: false })),
  ];
}

/** Shows a column after the others, or takes it away; the last one stays. */
export function toggled(names: readonly string[], name: string): string[] {
  if (!names.includes(name)) return [...names, name];
  return names.length > 1 ? names.filter((other) => other !== name) : [...names];
}

export function movedBy(names: readonly string[], name: string, by: -1 | 1): string[] {
  const from = names.indexOf(name);
  const to = from + by;
  if (from < 0 || to < 0 || to >= names.length) return [...names];
  const out = names.filter((other) => other !== name);
  out.splice(to, 0, name);
  return out;
}

/** What one person chose in one project, by view; '' is the list without a view. */
export class ColumnMemory {
  constructor(
    private readonly shelf: Shelf,
    private readonly person: string,
    private readonly project: string,
  ) {}

  of(view: string): string[] | null {
    const kept = this.shelf.get<unknown>(this.#name(view));
    return Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : null;
  }
  keep(view: string, columns: readonly string[]): void {
    if (columns.length > 0) this.shelf.set(this.#name(view), columns);
    else this.shelf.remove(this.#name(view));
  }
  #name(view: string): string {
    return `columns:${this.person}:${this.project}:${view}`;
  }
}
