// Where the answers of a dispute part: of each answer, the regions that another has otherwise, or not.
import type { Dispute, Region } from '../../api/types';

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
  return { opinions, draft };
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
