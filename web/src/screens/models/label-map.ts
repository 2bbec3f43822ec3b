// The label map of a model that knows names of its own: each of them stands for a label, or for none.
type Config = Record<string, unknown>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

export interface MapRow {
  name: string;
  /** '': dropped. */
  label: string;
}

/** Rows by name, mapped ones first; null when this kind of model has no map. */
export function mapRows(config: Config | null): MapRow[] | null {
  if (!config || !isRecord(config.map)) return null;
  const mapped = Object.entries(config.map).map(([name, label]) => ({
    name,
    label: String(label),
  }));
  const known = new Set(mapped.map(({ name }) => name));
  const dropped = texts(config.dropped)
    .filter((name) => !known.has(name))
    .map((name) => ({ name, label: '' }));
  const byName = (a: MapRow, b: MapRow): number => a.name.localeCompare(b.name, 'en');
  return [...mapped.sort(byName), ...dropped.sort(byName)];
}

export function withMap(
  config: Config,
  rows: readonly MapRow[],
  labels: readonly string[],
): Config {
  const mapped = rows.filter(({ label }) => label !== '');
  return {
    ...config,
    map: Object.fromEntries(mapped.map(({ name, label }) => [name, label])),
    dropped: rows.filter(({ label }) => label === '').map(({ name }) => name),
    undrafted: labels.filter((label) => !mapped.some((row) => row.label === label)),
  };
}
