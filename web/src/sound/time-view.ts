// Which part of a recording is in sight: x = (time - from) * scale. Seconds and CSS pixels; values only.
import { clamp } from '../editor/box';

export interface TimeView {
  /** Seconds at the left edge. */
  readonly from: number;
  /** Pixels a second. */
  readonly scale: number;
}

export interface Tick {
  readonly time: number;
  readonly text: string;
}

export const zoomStep = 1.5;
/** Pixels a second at most: a period of a low voice is some ten pixels wide. */
const greatest = 2000;
const tickSteps = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
];

export function fittedTime(seconds: number, width: number): TimeView {
  return { from: 0, scale: leastScale(seconds, width) };
}

/** Zooms so that what is at pixel `x` stays there. */
export function zoomedTime(
  view: TimeView,
  x: number,
  factor: number,
  seconds: number,
  width: number,
): TimeView {
  const least = leastScale(seconds, width);
  const scale = clamp(view.scale * factor, least, Math.max(least, greatest));
  return held({ scale, from: timeAt(view, x) - x / scale }, seconds, width);
}

/** Moved to the right by pixels. */
export function pannedTime(view: TimeView, by: number, seconds: number, width: number): TimeView {
  return held({ ...view, from: view.from + by / view.scale }, seconds, width);
}

/** The view that shows the stretch with a quarter of the width on each side. */
export function zoomedToTime(
  { start, end }: { start: number; end: number },
  seconds: number,
  width: number,
): TimeView {
  const least = leastScale(seconds, width);
  const scale = clamp(width / (2 * Math.max(0.01, end - start)), least, Math.max(least, greatest));
  return held({ scale, from: (start + end) / 2 - width / 2 / scale }, seconds, width);
}

/** The same view where it shows `time` already, else one with it an eighth from the left. */
export function showing(view: TimeView, time: number, seconds: number, width: number): TimeView {
  const x = xOf(view, time);
  if (x >= 0 && x <= width) return view;
  return held({ ...view, from: time - width / 8 / view.scale }, seconds, width);
}

export const xOf = (view: TimeView, time: number): number => (time - view.from) * view.scale;
export const timeAt = (view: TimeView, x: number): number => view.from + x / view.scale;

/** Marks of the ruler, at least `apart` pixels from one to the next. */
export function ticks(view: TimeView, width: number, apart = 84): Tick[] {
  const step = tickSteps.find((each) => each * view.scale >= apart) ?? tickSteps.at(-1)!;
  const digits = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  const marks: Tick[] = [];
  for (let n = Math.ceil(view.from / step); xOf(view, n * step) <= width; n += 1)
    marks.push({ time: n * step, text: clockText(n * step, digits) });
  return marks;
}

/** "0:07.250", "1:02:03": hours only where there are any. */
export function clockText(seconds: number, digits = 0): string {
  const unit = 10 ** digits;
  const all = Math.round(Math.max(0, seconds) * unit);
  const rest = all % (60 * unit);
  const minutes = Math.floor(all / (60 * unit));
  const tail = (rest / unit).toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, '0');
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes}:${tail}`;
  return `${hours}:${String(minutes % 60).padStart(2, '0')}:${tail}`;
}

function leastScale(seconds: number, width: number): number {
  return Math.max(1, width) / Math.max(0.01, seconds);
}

function held(view: TimeView, seconds: number, width: number): TimeView {
  return { ...view, from: clamp(view.from, 0, Math.max(0, seconds - width / view.scale)) };
}
