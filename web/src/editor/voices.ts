// Segments named by their voices: what is asked of the server, and what its answer does to the desk. The
// person's own segments teach; only the others, a draft's or a file's, take a name.
import type { VoicesAsk, VoicesReply } from '../api/types';
import { noChange } from './change';
import type { Editor } from './editor';
import { labelOf, type Region } from './region';

/**
 * The person set its label, or looked at it and kept it. Of what a hand has changed no claim is left (byHand); files
 * may name nobody as who made their drafts.
 */
export function isOwn(region: Region, checked: readonly string[]): boolean {
  const { origin = 'person', id, confidence, probability } = region;
  if (checked.includes(id)) return true;
  const isClaimed = confidence !== undefined || probability !== undefined;
  return (origin === 'person' || origin === 'edited') && !isClaimed;
}

/** The question, and the segments that may take a name as they are now; null without a control of segments. */
export function voicesAsk(editor: Editor): { ask: VoicesAsk; open: readonly Region[] } | null {
  const control = editor.controlFor('segments');
  if (!control) return null;
  const all = editor.store
    .all()
    .filter((region) => region.kind === 'segments' && region.control === control.name);
  const { checked } = editor.facts;
  const wire = (region: Region) => ({
    id: region.id,
    start: region.start ?? 0,
    end: region.end ?? 0,
    label: labelOf(region),
  });
  const open = all.filter((region) => !isOwn(region, checked));
  const labelled = all.filter((region) => isOwn(region, checked)).map(wire);
  return { ask: { control: control.name, labelled, segments: open.map(wire) }, open };
}

/**
 * Gives the segments their names, in one step; those that a hand has changed since they were asked about stay.
 * How many have another name now, and how many have the one they had.
 */
export function nameVoices(
  editor: Editor,
  open: readonly Region[],
  { segments }: VoicesReply,
): { changed: number; same: number } {
  const asked = new Map(open.map((region) => [region.id, region]));
  const updated: { before: Region; after: Region }[] = [];
  let changed = 0;
  for (const { id, label, confidence } of segments) {
    const before = editor.store.get(id);
    const isKept = before && isOwn(before, editor.facts.checked);
    if (!before || isKept || before !== asked.get(id)) continue;
    // What was known of the label before is not known of this one.
    const { probability: _p, grounding: _g, reason: _r, ...rest } = before;
    updated.push({ before, after: { ...rest, labels: [label], confidence } });
    if (labelOf(before) !== label) changed += 1;
  }
  if (updated.length > 0) editor.change({ ...noChange, updated });
  return { changed, same: updated.length - changed };
}
