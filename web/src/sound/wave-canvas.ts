// The waveform, the ruler over it and the segments, painted on canvases: two hours and thousands of
// segments cost what is in sight costs.
import type { LabelStyle } from '../desk/label-style';
import type { Level } from './peaks';
import { ticks, xOf, type TimeView } from './time-view';
import type { Lane } from './lanes';

export interface Canvas {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** A CSS colour that may be a token, as a colour that a canvas takes. */
  color(css: string): string;
}

export interface Block {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly lane: Lane;
  readonly style: LabelStyle;
  readonly text: string;
  readonly maybe: boolean;
  readonly selected: boolean;
}

/** With more in sight, no words stand on them: letters cost more than all the rest. */
const fewForWords = 240;
const leastForWords = 28;

/** Sizes the canvas to its box and the screen's pixels; null where there is none to paint on. */
export function prepared(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

/** Colours of tokens, as they are now: light and dark differ. */
export function colorsOf(element: Element): (css: string) => string {
  const style = getComputedStyle(element);
  const known = new Map<string, string>();
  return (css) => {
    let found = known.get(css);
    if (found === undefined) {
      const token = /^var\((--[\w-]+)\)$/.exec(css)?.[1];
      found = (token && style.getPropertyValue(token).trim()) || css;
      known.set(css, found);
    }
    return found;
  };
}

/** `top` and `height` of the band that the waveform fills, `loudest` of 1..127 is its half height. */
export function paintWave(
  { context, width, color }: Canvas,
  { pairs, rate }: Level,
  view: TimeView,
  band: { top: number; height: number; loudest: number },
  fill = 'var(--ink-soft)',
): void {
  const middle = band.top + band.height / 2;
  const unit = band.height / 2 / band.loudest;
  const count = pairs.length >> 1;
  const first = Math.max(0, Math.floor(view.from * rate) - 1);
  const last = Math.min(count, Math.ceil((view.from + width / view.scale) * rate) + 1);
  if (last <= first) return;
  const xs: number[] = [];
  const tops: number[] = [];
  const bottoms: number[] = [];
  const put = (x: number, from: number, to: number) => {
    let low = 127;
    let high = -128;
    for (let i = from; i < to; i += 1) {
      low = Math.min(low, pairs[2 * i]!);
      high = Math.max(high, pairs[2 * i + 1]!);
    }
    xs.push(x);
    tops.push(Math.min(middle - 0.5, middle - high * unit));
    bottoms.push(Math.max(middle + 0.5, middle - low * unit));
  };
  if (rate < view.scale) {
    for (let i = first; i < last; i += 1) put(xOf(view, (i + 0.5) / rate), i, i + 1);
  } else {
    const step = rate / view.scale;
    const start = view.from * rate;
    for (let x = 0; x < width; x += 1) {
      const from = Math.floor(start + x * step);
      if (from >= count) break;
      put(x, from, Math.min(count, Math.max(from + 1, Math.floor(start + (x + 1) * step))));
    }
  }
  context.fillStyle = color(fill);
  context.beginPath();
  xs.forEach((x, i) => context.lineTo(x, tops[i]!));
  for (let i = xs.length - 1; i >= 0; i -= 1) context.lineTo(xs[i]!, bottoms[i]!);
  context.closePath();
  context.fill();
}

export function paintRuler(
  { context, width, color }: Canvas,
  view: TimeView,
  height: number,
): void {
  context.strokeStyle = color('var(--line-strong)');
  context.fillStyle = color('var(--ink-faint)');
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  context.lineWidth = 1;
  context.beginPath();
  for (const { time, text } of ticks(view, width)) {
    const x = Math.round(xOf(view, time)) + 0.5;
    context.moveTo(x, height - 6);
    context.lineTo(x, height);
    context.fillText(text, x + 4, height / 2);
  }
  context.stroke();
}

/** Segments as tinted bands behind the waveform and as blocks in their lanes. */
export function paintSegments(
  canvas: Canvas,
  blocks: readonly Block[],
  view: TimeView,
  wave: { top: number; height: number },
): void {
  const { context, width, color } = canvas;
  const seen = blocks.filter(({ start, end }) => xOf(view, end) >= 0 && xOf(view, start) <= width);
  const writes = seen.length <= fewForWords;
  context.textBaseline = 'middle';
  context.font = '12px system-ui, sans-serif';
  /** The last pixel that is painted of each lane: what lies on it alone is not seen. */
  const painted = new Map<Lane, number>();
  for (const block of seen) {
    const left = xOf(view, block.start);
    const size = Math.max(1, xOf(view, block.end) - left);
    const right = Math.floor(left + size);
    if (!block.selected && right <= (painted.get(block.lane) ?? -1)) continue;
    painted.set(block.lane, right);
    const { top, height } = block.lane;
    const ground = color(block.style.color);
    context.fillStyle = ground;
    context.globalAlpha = block.selected ? 0.34 : 0.16;
    context.fillRect(left, wave.top, size, wave.height);
    context.globalAlpha = block.maybe ? 0.2 : block.selected ? 0.75 : 0.45;
    context.fillRect(left, top + 2, size, height - 4);
    context.globalAlpha = 1;
    if (writes || block.selected) outline(canvas, block, left, size);
    if (writes && size >= leastForWords && height >= 16) words(canvas, block, left, size);
  }
}

/** A stretch that stands out, whatever lies on it: a frame over waveform and lanes. */
export function paintPlace(
  { context, height, color }: Canvas,
  { start, end }: { start: number; end: number },
  view: TimeView,
  wave: { top: number },
): void {
  const left = Math.round(xOf(view, start));
  const size = Math.max(3, Math.round(xOf(view, end)) - left);
  context.fillStyle = color('var(--warn)');
  context.globalAlpha = 0.14;
  context.fillRect(left, wave.top, size, height - wave.top);
  context.globalAlpha = 1;
  context.strokeStyle = color('var(--warn)');
  context.lineWidth = 2;
  context.setLineDash([6, 3]);
  context.strokeRect(left, wave.top + 1, size, height - wave.top - 2);
  context.setLineDash([]);
}

function outline({ context, color }: Canvas, block: Block, left: number, size: number): void {
  const { top, height } = block.lane;
  const dash = block.maybe ? '2 5' : block.style.dash;
  context.setLineDash(dash ? dash.split(' ').map(Number) : []);
  context.lineWidth = block.selected ? 2 : 1;
  context.strokeStyle = color(block.selected ? 'var(--ink)' : block.style.color);
  context.strokeRect(left + 0.5, top + 2.5, Math.max(1, size - 1), height - 5);
  context.setLineDash([]);
}

function words({ context, width, color }: Canvas, block: Block, left: number, size: number): void {
  const { top, height } = block.lane;
  const from = Math.max(left, 0);
  const room = Math.min(left + size, width) - from - 8;
  if (room < leastForWords - 8) return;
  context.save();
  context.beginPath();
  context.rect(from + 4, top, room, height);
  context.clip();
  context.fillStyle = color('var(--ink)');
  const fits = Math.ceil(room / 4);
  context.fillText(
    `${block.style.code}  ${block.text.slice(0, fits)}`,
    from + 5,
    top + height / 2 + 1,
  );
  context.restore();
}
