// Where the answers of a dispute part: of each answer, the regions that another has otherwise, or not.
import type { Dispute, Region } from '../../api/types';
import { extentOf, shapeOf } from '../../editor/shape';

/** So many decided disputes say how often such probabilities hold, as the server counts. */
export const leastVerdicts = 20;

/** differs: others say it otherwise; alone: not in every answer. */
export type Mark = 'differs' | 'alone';
export type Marks = ReadonlyMap<string, Mark>;

export interface DisputeMarks {
  /** By the ids of each opinion's regions. */
  readonly opinions: readonly Marks[];
  readonly draft: Marks;
}

const put = (marks: Map<string, Mark>, id: string, other: string): void => {
  if (id && marks.get(id) !== 'differs') marks.set(id, other ? 'differs' : 'alone');
};

/** Whether two regions say the same, as the server compares: what is drawn by label and an IoU of a half. */
function isSame(a: Region, b: Region): boolean {
  if (a.control !== b.control || a.kind !== b.kind) return false;
  if ((a.labels ?? []).join('\n') !== (b.labels ?? []).join('\n')) return false;
  if (a.kind === 'segments') {
    const [from, to, start, end] = [a.start ?? 0, a.end ?? 0, b.start ?? 0, b.end ?? 0];
    const shared = Math.max(0, Math.min(to, end) - Math.max(from, start));
    return 2 * shared >= to - from + end - start - shared;
  }
  if (!shapeOf(a.kind)) return a.start === b.start && a.end === b.end && a.text === b.text;
  const [p, q] = [extentOf(a), extentOf(b)];
  const across = Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x);
  const down = Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y);
  const both = Math.max(0, across) * Math.max(0, down);
  return 2 * both >= p.width * p.height + q.width * q.height - both;
}

export function marksOf(dispute: Dispute): DisputeMarks {
  const opinions = dispute.opinions.map(() => new Map<string, Mark>());
  const draft = new Map<string, Mark>();
  dispute.opinions.forEach(({ from_first, from_draft }, i) => {
    for (const { a, b } of from_first) {
      put(opinions[0]!, a, b);
      put(opinions[i]!, b, a);
    }
    for (const { a, b } of from_draft) put(draft, a, b);
  });
  // Differences are told against the first opinion: who shares what is disputed there is marked like it.
  const first = dispute.opinions[0]?.annotation.regions ?? [];
  const disputed = first.filter(({ id }) => opinions[0]!.has(id));
  dispute.opinions.slice(1).forEach(({ annotation }, i) => {
    const marks = opinions[i + 1]!;
    for (const region of annotation.regions) {
      const like = marks.has(region.id) ? undefined : disputed.find((a) => isSame(a, region));
      if (like) marks.set(region.id, opinions[0]!.get(like.id)!);
    }
  });
  return { opinions, draft };
}

/** Of each answer, by its regions' ids: the texts that other answers have instead. */
export interface OtherTexts {
  readonly opinions: readonly ReadonlyMap<string, readonly string[]>[];
  readonly draft: ReadonlyMap<string, readonly string[]>;
}

export function otherTexts({ opinions, draft }: Dispute): OtherTexts {
  const texts = (regions: readonly Region[] = []) =>
    new Map(
      regions.flatMap(({ id, kind, text }) => (kind === 'text' ? [[id, text ?? ''] as const] : [])),
    );
  const said = opinions.map(({ annotation }) => texts(annotation.regions));
  const drafted = texts(draft?.regions);
  const out = opinions.map(() => new Map<string, string[]>());
  const ofDraft = new Map<string, string[]>();
  // Of each disputed text of the first opinion: what each other opinion has there, by its region's id.
  const first = opinions[0]?.annotation.regions ?? [];
  for (const region of first.filter(({ id }) => said[0]!.has(id))) {
    const there = opinions.map(({ annotation, from_first }, i) => {
      if (i === 0) return region.id;
      const apart = from_first.find(({ a }) => a === region.id);
      if (apart) return apart.b;
      const met = new Set(from_first.map(({ b }) => b));
      return annotation.regions.find((b) => !met.has(b.id) && isSame(region, b))?.id ?? '';
    });
    const all = there.map((id, i) => said[i]!.get(id));
    const alike = new Set(all.flatMap((text) => text?.trim() ?? []));
    if (alike.size < 2) continue;
    there.forEach((id, i) => {
      const others = all.flatMap((text) => (text?.trim() !== all[i]?.trim() ? (text ?? []) : []));
      if (all[i] !== undefined) out[i]!.set(id, others);
    });
  }
  opinions.forEach(({ from_draft }, i) => {
    for (const { a, b } of from_draft)
      if (drafted.has(a) && said[i]!.has(b))
        ofDraft.set(a, [...(ofDraft.get(a) ?? []), said[i]!.get(b)!]);
  });
  return { opinions: out, draft: ofDraft };
}

/** What is drawn or asked of the item as a whole, with the answers about it. */
export interface Group {
  readonly region: Region;
  readonly about: readonly Region[];
}

/**
 * The regions of a control, what is disputed (or has a disputed answer about it) first, else in the order they
 * are heard or read; the answers about a region go with it.
 */
export function groupsOf(regions: readonly Region[], control: string, marks: Marks): Group[] {
  const ids = new Set(regions.map(({ id }) => id));
  const isCalm = ({ region, about }: Group) =>
    Number(!marks.has(region.id) && !about.some(({ id }) => marks.has(id)));
  return regions
    .filter((region) => region.control === control && !ids.has(region.parent ?? ''))
    .map((region) => ({
      region,
      about: regions.filter(({ parent }) => parent === region.id),
    }))
    .sort((a, b) => isCalm(a) - isCalm(b) || (a.region.start ?? 0) - (b.region.start ?? 0));
}

/** Seconds of a recording. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Where the answers to a recording part, in the order it is heard; what overlaps is one place. */
export function placesOf(dispute: Dispute, marks: DisputeMarks): Place[] {
  const answers = [
    ...dispute.opinions.map(
      ({ annotation }, i) => [annotation.regions, marks.opinions[i]!] as const,
    ),
    [dispute.draft?.regions ?? [], marks.draft] as const,
  ];
  const apart = answers.flatMap(([regions, marked]) => {
    const about = new Set(
      regions.flatMap(({ id, parent }) => (parent && marked.has(id) ? [parent] : [])),
    );
    return regions
      .filter(({ id, kind }) => kind === 'segments' && (marked.has(id) || about.has(id)))
      .map(({ start = 0, end = 0 }) => ({ start, end }));
  });
  const out: Place[] = [];
  for (const place of apart.sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && place.start < last.end)
      out[out.length - 1] = { start: last.start, end: Math.max(last.end, place.end) };
    else out.push(place);
  }
  return out;
}

/** A stretch of the item's text and the spans that lie over all of it. */
export interface Stretch {
  readonly text: string;
  readonly spans: readonly Region[];
}

/** Spans count in code points, half-open. */
export function stretches(text: string, spans: readonly Region[]): Stretch[] {
  const characters = [...text];
  const edges = new Set([0, characters.length]);
  for (const { start = 0, end = 0 } of spans)
    for (const edge of [start, end]) if (edge > 0 && edge < characters.length) edges.add(edge);
  const cuts = [...edges].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, i) => ({
    text: characters.slice(from, cuts[i + 1]).join(''),
    spans: spans.filter(({ start = 0, end = 0 }) => start <= from && end > from),
  }));
}
