// Spans of a text: made, moved, spread to the other places that read the same, and stacked where they
// overlap. A region keeps code points; everything here speaks UTF-16 units.
import type { Control } from '../api/types';
import { noChange } from './change';
import type { Editor } from './editor';
import { labelOf, type Region } from './region';
import type { Range, TextDocument } from './text-document';

export function rangeOf(text: TextDocument, region: Region): Range {
  return {
    start: text.points.toUnits(region.start ?? 0),
    end: text.points.toUnits(region.end ?? 0),
  };
}

function placed(text: TextDocument, range: Range): Pick<Region, 'start' | 'end' | 'text'> {
  return {
    start: text.points.toPoints(range.start),
    end: text.points.toPoints(range.end),
    text: text.slice(range),
  };
}

/** A span that is there already with this label is only selected. */
export function createSpan(
  editor: Editor,
  text: TextDocument,
  control: Control,
  range: Range,
  label = editor.labelFor(control),
): Region {
  const place = placed(text, range);
  const region = twin(editor, control, place, label) ?? made(editor, control, place, label);
  if (!editor.store.get(region.id)) editor.change({ ...noChange, created: [region] });
  editor.select(region.id);
  return region;
}

export function moveSpan(
  editor: Editor,
  text: TextDocument,
  id: string,
  range: Range,
  merge?: string,
): void {
  editor.revise(id, placed(text, range), merge);
}

/** Other places that read the same and are not labelled by the control yet. */
export function unlabelled(editor: Editor, text: TextDocument, region: Region): Range[] {
  const taken = new Set(
    editor.store
      .all()
      .filter(({ control }) => control === region.control)
      .map(({ start, end }) => `${start} ${end}`),
  );
  return text.occurrences(rangeOf(text, region)).filter((range) => {
    const { start, end } = placed(text, range);
    return !taken.has(`${start} ${end}`);
  });
}

/** Labels them all as `region` is, in one step of undo; says how many. */
export function spreadSpan(editor: Editor, text: TextDocument, region: Region): number {
  const control = editor.schema.controls.find(({ name }) => name === region.control);
  if (!control) return 0;
  const created = unlabelled(editor, text, region).map((range) =>
    made(editor, control, placed(text, range), labelOf(region)),
  );
  editor.change({ ...noChange, created: [...editor.keptFor(region.id), ...created] });
  return created.length;
}

/**
 * A lane for each span, 0 next to the text, so that spans which overlap lie in different ones and the
 * shorter of two lies nearer to its words. O(n log n) and, where spans overlap, the product of those.
 */
export function lanes(spans: readonly { id: string; range: Range }[]): Map<string, number> {
  const length = ({ range }: { range: Range }) => range.end - range.start;
  const shortFirst = [...spans].sort(
    (a, b) => length(a) - length(b) || a.range.start - b.range.start,
  );
  const lanes = new Map<string, number>();
  const taken: Range[][] = [];
  for (const { id, range } of shortFirst) {
    let lane = 0;
    while (taken[lane]?.some((other) => other.start < range.end && range.start < other.end))
      lane += 1;
    (taken[lane] ??= []).push(range);
    lanes.set(id, lane);
  }
  return lanes;
}

function made(editor: Editor, control: Control, place: Partial<Region>, label: string): Region {
  const { name } = control;
  return {
    id: editor.newId(),
    control: name,
    kind: 'spans',
    labels: [label],
    ...place,
    origin: 'person',
  };
}

function twin(editor: Editor, control: Control, place: Partial<Region>, label: string) {
  return editor.store
    .all()
    .find(
      (region) =>
        region.control === control.name &&
        region.start === place.start &&
        region.end === place.end &&
        labelOf(region) === label,
    );
}
