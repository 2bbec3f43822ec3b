// Changes to a schema in the editor, each giving a new value: the saved one stays to compare with.
import type { Control, ControlKind, Label, Modality, Renaming, Schema } from '../../api/types';
import { factsOf } from '../../editor/kinds';

const kindsOf: Record<Modality, readonly ControlKind[]> = {
  text: ['choices', 'spans', 'relations', 'rating', 'text'],
  image: ['choices', 'boxes', 'polygons', 'keypoints', 'relations', 'rating', 'text'],
  audio: ['choices', 'segments', 'relations', 'rating', 'text'],
};
export const kindsFor = (modality: Modality): readonly ControlKind[] => kindsOf[modality];

/** Another kind: what only the old one had goes, what the new one needs is there. */
export function withKind(control: Control, kind: ControlKind): Control {
  const { points, lines, per_region: perRegion, ...rest } = control;
  const facts = factsOf(kind);
  const labels = facts.labelled && control.labels.length === 0 ? newLabels(kind) : control.labels;
  return {
    ...rest,
    kind,
    labels: facts.labelled ? labels : [],
    multiple: control.multiple && (kind === 'choices' || kind === 'text'),
    required: facts.answers && control.required,
    ...(facts.answers && perRegion && { per_region: true }),
    ...(kind === 'keypoints' && points && { points }),
    ...(kind === 'keypoints' && lines && { lines }),
  };
}

const newLabels = (kind: ControlKind): Label[] =>
  kind === 'rating' ? ['1', '2', '3', '4', '5'].map(newLabel) : [newLabel('Label')];

/** "nose, left eye" -> points; lines that no longer have both of their ends go. */
export function withPoints(control: Control, text: string): Partial<Control> {
  const points = aliasesFrom(text);
  const pairs = pairsOf(control.lines ?? []);
  return { points, lines: pairs.filter((pair) => pair.every((at) => at < points.length)).flat() };
}

const pairsOf = (flat: readonly number[]): [number, number][] =>
  Array.from({ length: flat.length >> 1 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!]);

/** Lines as people write them: "nose - left eye, left eye - left ear". */
export function linesText({ points = [], lines = [] }: Control): string {
  return pairsOf(lines)
    .map(([from, to]) => `${points[from] ?? from} - ${points[to] ?? to}`)
    .join(', ');
}

/** The other way; a line that names a point there is not is left out. */
export function linesFrom({ points = [] }: Control, text: string): number[] {
  return text.split(',').flatMap((line) => {
    const ends = line.split(' - ').map((name) => points.indexOf(name.trim()));
    return ends.length === 2 && ends.every((at) => at >= 0) ? ends : [];
  });
}

const newLabel = (name: string): Label => ({
  name,
  hotkey: '',
  color: '',
  guideline: '',
  aliases: [],
});

/** `base`, or `base 2`, `base 3`... whichever is free. */
export function freeName(base: string, taken: readonly string[]): string {
  let name = base;
  for (let n = 2; taken.includes(name); n += 1) name = `${base} ${n}`;
  return name;
}

export function moved<T>(list: readonly T[], from: number, by: -1 | 1): T[] {
  const to = from + by;
  if (to < 0 || to >= list.length) return [...list];
  const result = [...list];
  const [item] = result.splice(from, 1);
  result.splice(to, 0, item!);
  return result;
}

const replaced = <T>(list: readonly T[], at: number, item: T): T[] =>
  list.map((each, index) => (index === at ? item : each));
const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, index) => index !== at);

export const setControl = (schema: Schema, at: number, change: Partial<Control>): Schema => ({
  ...schema,
  controls: replaced(schema.controls, at, { ...schema.controls[at]!, ...change }),
});

export const addControl = (schema: Schema): Schema => {
  const kind = kindsFor(schema.modality)[0]!;
  const name = freeName(
    kind,
    schema.controls.map((control) => control.name),
  );
  const control = {
    name,
    kind,
    title: '',
    multiple: false,
    required: true,
    labels: [newLabel('Label')],
  };
  return { ...schema, controls: [...schema.controls, control] };
};

export const removeControl = (schema: Schema, at: number): Schema => ({
  ...schema,
  controls: without(schema.controls, at),
});

export const moveControl = (schema: Schema, at: number, by: -1 | 1): Schema => ({
  ...schema,
  controls: moved(schema.controls, at, by),
});

export const setLabels = (schema: Schema, at: number, labels: Label[]): Schema =>
  setControl(schema, at, { labels });

export const addLabel = (labels: readonly Label[]): Label[] => [
  ...labels,
  newLabel(
    freeName(
      'Label',
      labels.map((label) => label.name),
    ),
  ),
];
export const setLabel = (labels: readonly Label[], at: number, change: Partial<Label>): Label[] =>
  replaced(labels, at, { ...labels[at]!, ...change });
export const removeLabel = (labels: readonly Label[], at: number): Label[] => without(labels, at);

/** A label that was renamed keeps the name it was saved under: what lies under that reads as this label. */
export function withOlderName(
  label: Label,
  older: string,
  labels: readonly Label[],
): Partial<Label> {
  const aliases = label.aliases.filter((alias) => alias !== label.name);
  const isTaken = labels.some(({ name }) => name === older);
  if (isTaken || aliases.includes(older)) return { aliases };
  return { aliases: [...aliases, older] };
}

/** The schema from before a renaming; what was decided since under the new names reads as the old labels. */
export function renamedBack(before: Schema, renamings: readonly Renaming[]): Schema {
  const since = (control: Control, label: Label): string[] =>
    renamings
      .filter((one) => one.control === control.name && one.from === label.name)
      .map(({ to }) => to)
      .filter((to) => !control.labels.some(({ name }) => name === to))
      .filter((to) => !label.aliases.includes(to));
  const controls = before.controls.map((control) => ({
    ...control,
    labels: control.labels.map((label) => ({
      ...label,
      aliases: [...label.aliases, ...new Set(since(control, label))],
    })),
  }));
  return { ...before, controls };
}

/** "car, automobile" -> ["car", "automobile"] */
export const aliasesFrom = (text: string): string[] =>
  text
    .split(',')
    .map((alias) => alias.trim())
    .filter(Boolean);

/** A schema somebody typed as JSON, or a sentence that says what is wrong with it. */
export function schemaFromText(text: string): { schema: Schema } | { wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return { wrong: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  const schema = value as Partial<Schema> | null;
  if (!schema || typeof schema !== 'object' || !Array.isArray(schema.controls))
    return { wrong: 'A schema is an object with "modality", "source" and a list "controls".' };
  const controls = schema.controls.map((control) => ({
    name: control.name ?? '',
    kind: control.kind ?? 'choices',
    title: control.title ?? '',
    multiple: control.multiple ?? false,
    required: control.required ?? true,
    per_region: control.per_region ?? false,
    points: control.points ?? [],
    lines: control.lines ?? [],
    labels: (control.labels ?? []).map((label) => ({ ...newLabel(''), ...label })),
  }));
  return { schema: { modality: schema.modality ?? 'text', source: schema.source ?? '', controls } };
}
