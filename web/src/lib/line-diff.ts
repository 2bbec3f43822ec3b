// Two texts compared by lines: a longest common subsequence, after what both begin and end with is set
// aside. Quadratic in what is left, which is small where people edit; above a bound it is all replaced.

export interface DiffLine {
  /** gap: `count` unchanged lines that are left out. */
  readonly kind: 'same' | 'removed' | 'added' | 'gap';
  readonly text: string;
  readonly count?: number;
}

const mostCells = 4_000_000;

export function diffLines(before: string, after: string): DiffLine[] {
  return diffLists(linesOf(before), linesOf(after));
}

/** The same of any two lists: of words, where texts are one line. */
export function diffLists(a: readonly string[], b: readonly string[]): DiffLine[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail += 1;
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  return [
    ...a.slice(0, head).map(same),
    ...between(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
}

/** Only what changed, with `context` lines around it; what is left out is a gap. */
export function changesOnly(lines: readonly DiffLine[], context = 1): DiffLine[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - context), at + context + 1).some(({ kind }) => kind !== 'same'),
  );
  const out: DiffLine[] = [];
  lines.forEach((line, at) => {
    const last = out.at(-1);
    if (near[at]) out.push(line);
    else if (last?.kind === 'gap') out[out.length - 1] = { ...last, count: last.count! + 1 };
    else out.push({ kind: 'gap', text: '', count: 1 });
  });
  return out;
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.split(/\r?\n/));

function between(a: readonly string[], b: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: 'removed', text });
  const added = (text: string): DiffLine => ({ kind: 'added', text });
  if (a.length * b.length > mostCells) return [...a.map(removed), ...b.map(added)];
  const width = b.length + 1;
  // common[i * width + j]: lines that a from i and b from j have in common, in order.
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  const out: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const isBoth = i < a.length && j < b.length && a[i] === b[j];
    const isRemoved =
      j === b.length ||
      (i < a.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!);
    if (isBoth) out.push({ kind: 'same', text: a[i]! });
    else out.push(isRemoved ? removed(a[i]!) : added(b[j]!));
    if (isBoth || isRemoved) i += 1;
    if (isBoth || !isRemoved) j += 1;
  }
  return out;
}
