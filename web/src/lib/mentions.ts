// Mentions in a text: "@ada" while it is written, "@u000000001k" as the server keeps it.
import type { Mention } from '../api/types';

export interface Piece {
  text: string;
  /** The person the piece stands for. */
  person?: Mention;
}

/** A kept text in pieces, each mention one of them. */
export function mentionPieces(text: string, mentions: readonly Mention[]): Piece[] {
  const people = new Map(mentions.map((mention) => [mention.person, mention]));
  return text
    .split(/(@u[0-9a-z]{10})/)
    .filter(Boolean)
    .map((piece) => {
      const person = piece.startsWith('@') ? people.get(piece.slice(1)) : undefined;
      return person ? { text: `@${person.display}`, person } : { text: piece };
    });
}

/** The mention that is being written at the caret: where its @ stands, and what is behind it so far. */
export function mentionAt(text: string, caret: number): { from: number; start: string } | null {
  const found = /(?:^|[^A-Za-z0-9._@-])@([\p{L}0-9._-]{0,40})$/u.exec(text.slice(0, caret));
  if (!found) return null;
  const start = found[1]!;
  return { from: caret - start.length - 1, start };
}

/** The text with the mention at `from` completed to `name`, and where the caret is then. */
export function completeMention(
  text: string,
  from: number,
  caret: number,
  name: string,
): { text: string; caret: number } {
  const behind = text.slice(caret);
  const mention = `@${name}${/^\s/.test(behind) ? '' : ' '}`;
  return { text: text.slice(0, from) + mention + behind, caret: from + mention.length };
}
