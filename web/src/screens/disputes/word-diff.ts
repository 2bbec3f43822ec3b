// Where two texts part, word by word: what people heard otherwise in one recording.

/** A run of a text; `differs`: some other text does not have these words here. */
export interface Run {
  readonly text: string;
  readonly differs: boolean;
}

/** Beyond this many pairs of words all between the first and the last difference is marked. */
const mostPairs = 1_000_000;

/** Of each word of `a`, whether `b` has it too, in the same order (a longest common subsequence). */
function shared(a: readonly string[], b: readonly string[]): boolean[] {
  const out = a.map(() => true);
  let from = 0;
  while (from < a.length && from < b.length && a[from] === b[from]) from += 1;
  let [aEnd, bEnd] = [a.length, b.length];
  while (aEnd > from && bEnd > from && a[aEnd - 1] === b[bEnd - 1])
    [aEnd, bEnd] = [aEnd - 1, bEnd - 1];
  const [rows, columns] = [aEnd - from, bEnd - from];
  out.fill(false, from, aEnd);
  if (rows * columns > mostPairs) return out;
  const width = columns + 1;
  const length = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i -= 1)
    for (let j = columns - 1; j >= 0; j -= 1)
      length[i * width + j] =
        a[from + i] === b[from + j]
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
  for (let i = 0, j = 0; i < rows && j < columns;)
    if (a[from + i] === b[from + j]) {
      out[from + i] = true;
      i += 1;
      j += 1;
    } else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) i += 1;
    else j += 1;
  return out;
}

const wordsOf = (text: string): string[] => text.match(/\S+/gu) ?? [];

/** The text in runs; joined they are the text. White space goes with the words around it. */
export function differingRuns(text: string, others: readonly string[]): Run[] {
  const words = wordsOf(text);
  const same = words.map(() => true);
  for (const other of others)
    shared(words, wordsOf(other)).forEach((is, i) => (same[i] = same[i]! && is));
  const runs: { text: string; differs: boolean }[] = [];
  let at = 0;
  for (const part of text.match(/\s+|\S+/gu) ?? []) {
    const isSpace = /^\s/u.test(part);
    const last = runs.at(-1);
    const differs = isSpace
      ? (last?.differs ?? false) && at < words.length && !same[at]
      : !same[at];
    if (!isSpace) at += 1;
    if (last?.differs === differs) last.text += part;
    else runs.push({ text: part, differs });
  }
  return runs;
}
