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

/** Whether two regions say the same, as the server compares: shapes by label and an IoU of a half. */
function isSame(a: Region, b: Region): boolean {
  if (a.control !== b.control || a.kind !== b.kind) return false;
  if ((a.labels ?? []).join('\n') !== (b.labels ?? []).join('\n')) return false;
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
  const put = (into: Map<string, string[]>, id: string, text: string | undefined) => {
    if (text !== undefined) into.set(id, [...(into.get(id) ?? []), text]);
  };
  opinions.forEach(({ from_first, from_draft }, i) => {
    for (const { a, b } of from_first) {
      if (!said[0]!.has(a) || !said[i]!.has(b)) continue;
      put(out[0]!, a, said[i]!.get(b));
      put(out[i]!, b, said[0]!.get(a));
    }
    for (const { a, b } of from_draft)
      if (drafted.has(a) && said[i]!.has(b)) put(ofDraft, a, said[i]!.get(b));
  });
  return { opinions: out, draft: ofDraft };
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
