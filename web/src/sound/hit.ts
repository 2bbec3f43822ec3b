// What the pointer is over: an edge of a segment, a segment, a lane, the waveform, or the ruler.
import type { Block } from './wave-canvas';
import type { Lane } from './lanes';
import { xOf, type TimeView } from './time-view';

export type Hit =
  | { readonly on: 'edge'; readonly id: string; readonly edge: 'start' | 'end' }
  | { readonly on: 'segment'; readonly id: string; readonly inLane: boolean }
  | { readonly on: 'lane'; readonly label: string }
  | { readonly on: 'wave' }
  | { readonly on: 'ruler' };

export interface Stage {
  readonly blocks: readonly Block[];
  readonly lanes: readonly Lane[];
  readonly view: TimeView;
  /** Pixels from the top to the waveform, which is above the lanes. */
  readonly ruler: number;
}

const near = 6;

/**
 * The selected segment first, then the shortest of those under the pointer; `reach` is how much further a
 * finger reaches than a mouse.
 */
export function hitAt(stage: Stage, x: number, y: number, reach = 1): Hit {
  const { blocks, lanes, view, ruler } = stage;
  if (y < ruler) return { on: 'ruler' };
  const lane = lanes.find(({ top, height }) => y >= top && y < top + height);
  const over = blocks.filter((block) => !lane || block.lane === lane);
  const far = near * reach;
  const edge = edgeAt(over, view, x, far, !lane);
  if (edge) return edge;
  const under = over
    .filter(({ start, end }) => xOf(view, start) <= x && x < xOf(view, end))
    .sort((a, b) => Number(b.selected) - Number(a.selected) || length(a) - length(b))[0];
  if (under) return { on: 'segment', id: under.id, inLane: lane !== undefined };
  return lane ? { on: 'lane', label: lane.label } : { on: 'wave' };
}

/** On the waveform only the selected one has edges to take, so that others can be drawn close by. */
function edgeAt(
  blocks: readonly Block[],
  view: TimeView,
  x: number,
  far: number,
  onlySelected: boolean,
): Hit | null {
  let best: Hit | null = null;
  let least = far;
  for (const { id, start, end, selected } of blocks) {
    if (onlySelected && !selected) continue;
    for (const [edge, time] of [
      ['start', start],
      ['end', end],
    ] as const) {
      const away = Math.abs(xOf(view, time) - x) - (selected ? 1 : 0);
      if (away >= least) continue;
      least = away;
      best = { on: 'edge', id, edge };
    }
  }
  return best;
}

const length = ({ start, end }: Block): number => end - start;
