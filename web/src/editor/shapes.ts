// Shapes in the making, and shapes by their parts: a polygon gets its corners one by one, a skeleton its
// points in order; then one corner or point at a time is in focus, and keys work on it.
import type { Control } from '../api/types';
import { middleOfView, type Box, type Point } from './box';
import type { Editor } from './editor';
import {
  absent,
  asFields,
  keypointsOf,
  pointCount,
  pointsIn,
  withVisibility,
  type Keypoint,
  type Visibility,
} from './keypoints';
import { leastCorners, onImage, signedArea, withCornerAfter, withoutCorner } from './polygon';
import type { Region } from './region';
import { asPoints, asRings, ringsOf, shapeOf, turnedBoxOf } from './shape';
import { turnedTo } from './turned-box';

/** What is drawn but not yet a region. */
export interface Sketch {
  readonly kind: 'polygons' | 'keypoints';
  readonly control: Control;
  readonly points: readonly Keypoint[];
}

export class Shapes {
  #sketch: Sketch | null = null;
  #spot: { region: string; at: number } | null = null;

  constructor(private readonly editor: Editor) {}

  get sketch(): Sketch | null {
    return this.#sketch;
  }

  /** Which corner or point of the selected region has the focus, counted from 0; null: all of it. */
  get spot(): number | null {
    const region = this.editor.selected;
    const spot = this.#spot;
    if (!region || spot?.region !== region.id) return null;
    return spot.at < this.#spots(region).length ? spot.at : null;
  }

  // Sketches

  /** The next corner or point. True when that finished the region. */
  add(kind: Sketch['kind'], at: Point): boolean {
    const { editor } = this;
    const control = this.#sketch?.control ?? editor.controlFor(kind);
    if (!control || !editor.image) return false;
    if (!this.#sketch) editor.select(null);
    const point: Keypoint = { ...onImage(at, editor.image), visible: 2 };
    return this.#become({ kind, control, points: [...(this.#sketch?.points ?? []), point] });
  }

  /** The point in turn is not there: the next one comes. False when none is being placed. */
  skip(): boolean {
    const sketch = this.#sketch;
    if (sketch?.kind !== 'keypoints') return false;
    this.#become({ ...sketch, points: [...sketch.points, absent] });
    return true;
  }

  /** Takes the last corner or point back. False when nothing is being drawn. */
  takeBack(): boolean {
    const sketch = this.#sketch;
    if (!sketch) return false;
    const points = sketch.points.slice(0, -1);
    this.#sketch = points.length > 0 ? { ...sketch, points } : null;
    this.editor.changed.tell();
    return true;
  }

  /** Closes a polygon, or leaves the rest of a skeleton out. False when it is no region yet. */
  finish(): boolean {
    const sketch = this.#sketch;
    if (!sketch) return false;
    if (sketch.kind === 'polygons') return this.#close(sketch.points);
    const rest = Array(pointCount(sketch.control) - sketch.points.length).fill(absent);
    return this.#place([...sketch.points, ...rest]);
  }

  abandon(): boolean {
    const had = this.#sketch !== null;
    this.#sketch = null;
    if (had) this.editor.changed.tell();
    return had;
  }

  /** A polygon of four corners in the middle of what is in view, its first corner in focus. */
  polygonInView(view: Box): Region | null {
    const { x, y, width, height } = middleOfView(view);
    const points = [x, y, x + width, y, x + width, y + height, x, y + height];
    return this.#focusFirst(this.editor.createShape('polygons', { points }));
  }

  /** All points of a skeleton, or one point, in the middle of what is in view. */
  keypointsInView(view: Box): Region | null {
    const control = this.editor.controlFor('keypoints');
    if (!control) return null;
    const points = pointsIn(middleOfView(view), pointCount(control));
    return this.#focusFirst(this.editor.createShape('keypoints', asFields(points)));
  }

  // Corners and points, one by one

  focus(spot: number | null): void {
    const region = this.editor.selected;
    this.#spot = region && spot !== null ? { region: region.id, at: spot } : null;
    this.editor.changed.tell();
  }

  /** Round and round. */
  next(step: 1 | -1): void {
    const region = this.editor.selected;
    const count = region ? this.#spots(region).length : 0;
    if (count === 0) return;
    const from = this.spot ?? (step > 0 ? -1 : count);
    this.focus((from + step + count) % count);
  }

  setSpot(id: string, spot: number, to: Point, merge?: string): void {
    const { editor } = this;
    const region = editor.selected;
    if (!region || region.id !== id || !editor.image) return;
    const geometry = shapeOf(region.kind)?.withSpotAt(region, spot, to, editor.image);
    if (geometry) editor.setGeometry(id, geometry, merge);
  }

  /** False when no corner or point has the focus. */
  moveSpotBy(dx: number, dy: number): boolean {
    const region = this.editor.selected;
    const { spot } = this;
    if (!region || spot === null) return false;
    const at = this.#spots(region)[spot];
    if (at) this.setSpot(region.id, spot, { x: at.x + dx, y: at.y + dy }, `spot:${spot}`);
    return true;
  }

  /** A corner at `at` on the edge after `corner`, or half way from the one in focus to the next. */
  insert(corner = this.spot, at?: Point): boolean {
    const region = this.editor.selected;
    if (region?.kind !== 'polygons' || corner === null) return false;
    const rings = withCornerAfter(ringsOf(region), corner, at);
    if (!rings) return false;
    this.editor.setGeometry(region.id, asRings(rings));
    this.focus(corner + 1);
    return true;
  }

  /** Takes the corner in focus away. False when it must stay: a polygon has three. */
  remove(): boolean {
    const region = this.editor.selected;
    const { spot } = this;
    if (region?.kind !== 'polygons' || spot === null) return false;
    const rings = withoutCorner(ringsOf(region), spot);
    if (!rings) return false;
    this.editor.setGeometry(region.id, asRings(rings));
    const count = this.#spots(this.editor.selected ?? region).length;
    this.focus(Math.min(spot, count - 1));
    return true;
  }

  /** The point in focus (or the last one placed) seen, hidden or not there; the same again: seen. */
  mark(visible: Visibility): boolean {
    const sketch = this.#sketch;
    if (sketch?.kind === 'keypoints') return this.#markLast(sketch, visible);
    const region = this.editor.selected;
    if (region?.kind !== 'keypoints') return false;
    const points = keypointsOf(region);
    const at = this.spot ?? 0;
    const wanted = points[at]?.visible === visible ? 2 : visible;
    const marked = withVisibility(points, at, wanted);
    if (marked) this.editor.setGeometry(region.id, asPoints(marked));
    return marked !== null;
  }

  /** Turns the selected box about its middle, degrees clockwise. */
  turnBy(degrees: number): boolean {
    const { editor } = this;
    const region = editor.selected;
    if (region?.kind !== 'boxes' || !editor.image) return false;
    const box = turnedBoxOf(region);
    const turned = turnedTo(box, box.rotation + degrees, editor.image);
    editor.setGeometry(region.id, turned, `turn:${region.id}`);
    return true;
  }

  #spots(region: Region): readonly (Point | null)[] {
    return shapeOf(region.kind)?.spots(region) ?? [];
  }

  #become(sketch: Sketch): boolean {
    this.#sketch = sketch;
    const isWhole =
      sketch.kind === 'keypoints' && sketch.points.length >= pointCount(sketch.control);
    if (isWhole) return this.#place(sketch.points);
    this.editor.changed.tell();
    return false;
  }

  #close(corners: readonly Keypoint[]): boolean {
    const points = corners
      .filter((at, i) => at.x !== corners[i - 1]?.x || at.y !== corners[i - 1]?.y)
      .flatMap(({ x, y }) => [x, y]);
    if (points.length / 2 < leastCorners || signedArea(points) === 0) return false;
    this.#sketch = null;
    return this.editor.createShape('polygons', { points }) !== null;
  }

  #place(points: readonly Keypoint[]): boolean {
    this.#sketch = null;
    const some = points.some(({ visible }) => visible > 0);
    if (some) return this.editor.createShape('keypoints', asFields(points)) !== null;
    this.editor.changed.tell();
    return false;
  }

  #markLast(sketch: Sketch, visible: Visibility): boolean {
    if (visible === 0) return this.skip();
    const last = sketch.points.at(-1);
    if (!last || last.visible === 0) return false;
    const marked = { ...last, visible: last.visible === visible ? 2 : visible } as Keypoint;
    this.#sketch = { ...sketch, points: [...sketch.points.slice(0, -1), marked] };
    this.editor.changed.tell();
    return true;
  }

  #focusFirst(region: Region | null): Region | null {
    if (region) this.focus(0);
    return region;
  }
}
