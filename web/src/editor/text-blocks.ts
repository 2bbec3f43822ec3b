// A text in pieces that a browser can lay out and measure one by one: a paragraph a line, and in long
// lines a chunk every thousand characters, cut where a space is.

export interface Chunk {
  /** In UTF-16 units of the whole text. */
  readonly start: number;
  readonly text: string;
}

export interface Paragraph {
  readonly start: number;
  /** Without the line's end. */
  readonly end: number;
  readonly chunks: readonly Chunk[];
}

const chunkLength = 1000;

export function paragraphs(text: string): Paragraph[] {
  let start = 0;
  return text.split('\n').map((line) => {
    const paragraph = { start, end: start + line.length, chunks: chunksOf(line, start) };
    start += line.length + 1;
    return paragraph;
  });
}

function chunksOf(line: string, start: number): Chunk[] {
  const chunks: Chunk[] = [];
  let from = 0;
  while (from < line.length) {
    const space = line.indexOf(' ', from + chunkLength);
    const to = space < 0 ? line.length : space + 1;
    chunks.push({ start: start + from, text: line.slice(from, to) });
    from = to;
  }
  return chunks;
}
