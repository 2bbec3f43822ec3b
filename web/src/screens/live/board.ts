// What the board says, worked out from what the server counts.
import type { LiveBoard, LivePerson } from '../../api/types';
import type { Cell } from '../../ui/csv';

/** Decisions of a person since the history starts; skips are none. */
export const decisions = (one: LivePerson): number =>
  one.accepted + one.edited + one.rejected + one.created;

export const hours = ({ history }: LiveBoard): number =>
  Math.round((history.decisions.length * history.width) / 3_600_000);

/** A line through the counts, in a box of the given size; the last stretch, which goes on, is left out. */
export function sparkline(counts: readonly number[], width: number, height: number): string {
  const whole = counts.slice(0, -1);
  const most = Math.max(1, ...whole);
  const step = whole.length > 1 ? width / (whole.length - 1) : 0;
  return whole
    .map(
      (count, at) =>
        `${at ? 'L' : 'M'}${round(at * step)} ${round(height - (count / most) * height)}`,
    )
    .join('');
}
const round = (n: number): number => Math.round(n * 10) / 10;

/** Stretches in which somebody decided something, newest first. */
export function paceRows({ history }: LiveBoard): { from: number; decisions: number }[] {
  return history.decisions
    .map((n, at) => ({ from: history.from + at * history.width, decisions: n }))
    .filter(({ decisions: n }) => n > 0)
    .reverse();
}

export function boardRows(board: LiveBoard): Cell[][] {
  return board.people.map((one) => [
    one.display,
    one.last_5,
    one.last_60,
    one.accepted,
    one.edited,
    one.rejected,
    one.created,
    one.skipped,
    one.held.length,
  ]);
}
