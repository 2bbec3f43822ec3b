// The shapes at rest, painted on one canvas: thousands of them cost a few milliseconds a frame, where an
// element each would cost the browser a new layout and paint of all. What moves is drawn apart from it.
import type { Listed } from '../editor/editor';
import { keypointsOf, linesOf } from '../editor/keypoints';
import type { Region } from '../editor/region';
import { extentOf, ringsOf, turnedBoxOf } from '../editor/shape';
import { cornersOf } from '../editor/turned-box';
import type { Control } from '../api/types';
import type { LabelStyle } from './label-style';
import type { Viewport } from './viewport';

/** How one shape is painted. */
export interface Paint {
  readonly row: Listed;
  readonly style: LabelStyle;
  readonly control: Control | undefined;
}

export interface Canvas {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** A CSS colour that may be a token, as a colour that a canvas takes. */
  color(css: string): string;
}

/**
 * With more, lines are as thin as can be, full and without a dark line under them: thousands of dashes take
 * longer to paint than a frame has. With more than a few, a code stands on those with room for it.
 */
export const fewForHalo = 400;
export const fewForTags = 40;
const leastForCode = 20;
const pointRadius = 4;

export function paintShapes(canvas: Canvas, paints: readonly Paint[], port: Viewport): void {
  const { context, width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const isDense = paints.length > fewForHalo;
  context.lineJoin = isDense ? 'bevel' : 'round';
  const seen = paints.filter(({ row }) => inSight(row.region, port, width, height));
  if (!isDense) {
    context.strokeStyle = context.fillStyle = 'rgb(0 0 0 / 0.6)';
    for (const paint of seen) {
      context.lineWidth = paint.row.maybe ? 2 : 4;
      stroke(context, paint, port, 1);
    }
  }
  context.lineWidth = isDense ? 1 : 2;
  for (const paint of seen) {
    const dash = paint.row.maybe ? '2 5' : isDense ? '' : paint.style.dash;
    context.setLineDash(dash ? dash.split(' ').map(Number) : []);
    context.strokeStyle = context.fillStyle = canvas.color(paint.style.color);
    stroke(context, paint, port, 0);
  }
  context.setLineDash([]);
  if (paints.length > fewForTags) for (const paint of seen) code(canvas, paint, port);
}

function inSight(region: Region, port: Viewport, width: number, height: number): boolean {
  const box = extentOf(region);
  const x = box.x * port.scale + port.x;
  const y = box.y * port.scale + port.y;
  const margin = 2 * pointRadius;
  return (
    x <= width + margin &&
    y <= height + margin &&
    x + box.width * port.scale >= -margin &&
    y + box.height * port.scale >= -margin
  );
}

type Context = CanvasRenderingContext2D;

function stroke(context: Context, paint: Paint, port: Viewport, more: number): void {
  const { region } = paint.row;
  if (region.kind === 'polygons') strokeRings(context, region, port);
  else if (region.kind === 'keypoints') markPoints(context, paint, port, more);
  else if (region.rotation) strokeTurned(context, region, port);
  else {
    const { x = 0, y = 0, width = 0, height = 0 } = region;
    const { scale } = port;
    context.strokeRect(x * scale + port.x, y * scale + port.y, width * scale, height * scale);
  }
}

function strokeTurned(context: Context, region: Region, port: Viewport): void {
  context.beginPath();
  for (const at of cornersOf(turnedBoxOf(region)))
    context.lineTo(at.x * port.scale + port.x, at.y * port.scale + port.y);
  context.closePath();
  context.stroke();
}

function strokeRings(context: Context, region: Region, port: Viewport): void {
  context.beginPath();
  for (const ring of ringsOf(region)) {
    for (let i = 0; i < ring.length; i += 2) {
      const x = ring[i]! * port.scale + port.x;
      const y = ring[i + 1]! * port.scale + port.y;
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.closePath();
  }
  context.stroke();
}

/** A disc for a point that is seen, a ring for one that is hidden. */
function markPoints(context: Context, { row, control }: Paint, port: Viewport, more: number): void {
  const points = keypointsOf(row.region);
  context.beginPath();
  for (const { from, to } of linesOf(control, points)) {
    context.moveTo(from.x * port.scale + port.x, from.y * port.scale + port.y);
    context.lineTo(to.x * port.scale + port.x, to.y * port.scale + port.y);
  }
  context.stroke();
  context.setLineDash([]);
  for (const { x, y, visible } of points) {
    if (visible === 0) continue;
    context.beginPath();
    context.arc(x * port.scale + port.x, y * port.scale + port.y, pointRadius + more, 0, 7);
    if (visible === 2) context.fill();
    else context.stroke();
  }
}

function code(canvas: Canvas, { row, style }: Paint, port: Viewport): void {
  const { context } = canvas;
  const box = extentOf(row.region);
  const { scale } = port;
  if (Math.min(box.width, box.height) * scale < leastForCode) return;
  const x = Math.round(box.x * scale + port.x);
  const y = Math.round(box.y * scale + port.y);
  context.font = '600 11px system-ui, sans-serif';
  context.fillStyle = 'rgb(16 18 20 / 0.82)';
  context.fillRect(x, y, style.code.length * 7 + 8, 16);
  context.fillStyle = canvas.color(style.color);
  context.fillRect(x, y, 3, 16);
  context.fillStyle = '#fff';
  context.fillText(style.code, x + 5, y + 12);
}
