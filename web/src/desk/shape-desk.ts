// The hands for shapes: tools that draw, corners and points one by one, turning, outlines. What they do to
// the answer is the editor's; here is what they say, and where on the screen.
import type { ShapeHands } from '../commands/hands';
import type { Box } from '../editor/box';
import type { Editor, Tool } from '../editor/editor';
import { keypointsOf, pointName } from '../editor/keypoints';
import { labelOf, type Region } from '../editor/region';
import { extentOf, shapeOf, turnedBoxOf } from '../editor/shape';
import { middleOf } from './aim';
import type { DeskKey } from './messages';
import { Outline, type Outliner } from './outline.svelte';

/** What the shapes need of the desk. */
export interface ShapeStage {
  readonly editor: Editor | null;
  readonly taskId: string | null;
  /** What is in view, in image pixels. */
  readonly inView: Box;
  tell(key: DeskKey, values?: Record<string, string | number>, kind?: 'done' | 'hint'): void;
}

type Made = (editor: Editor, view: Box) => Region | null;

/** What each tool says when it is taken, and what it makes without a mouse when it is taken again. */
const drawing: Partial<Record<Tool, { says: DeskKey; made: DeskKey; make: Made }>> = {
  box: {
    says: 'said.box_tool',
    made: 'said.box_made',
    make: (editor, view) => editor.createBoxInView(view),
  },
  polygon: {
    says: 'said.polygon_tool',
    made: 'said.polygon_made',
    make: (editor, view) => editor.shapes.polygonInView(view),
  },
  keypoints: {
    says: 'said.keypoints_tool',
    made: 'said.keypoints_made',
    make: (editor, view) => editor.shapes.keypointsInView(view),
  },
};

export class ShapeDesk implements ShapeHands {
  readonly outlining: Outline;

  constructor(
    private readonly stage: ShapeStage,
    outliner: Outliner,
  ) {
    this.outlining = new Outline(outliner, (problem) => {
      if (problem) stage.tell('said.outline_failed', { detail: problem.message }, 'hint');
      else stage.tell('said.outline_found', {}, 'hint');
    });
  }

  get hasSpot(): boolean {
    return (this.stage.editor?.shapes.spot ?? null) !== null;
  }
  get canMark(): boolean {
    const { editor } = this.stage;
    return editor?.selected?.kind === 'keypoints' || editor?.shapes.sketch?.kind === 'keypoints';
  }
  /** Something is being drawn: Enter ends it, Backspace takes a step back. */
  get isDrawing(): boolean {
    return this.outlining.shown !== null || (this.stage.editor?.shapes.sketch ?? null) !== null;
  }

  /** The tool was taken; `again`: it was in the hand already. */
  took(tool: Tool, again: boolean): void {
    const { editor } = this.stage;
    const row = drawing[tool];
    if (!editor || !row) return;
    if (!again) {
      this.stage.tell(row.says);
      return;
    }
    const region = row.make(editor, this.stage.inView);
    if (region) this.stage.tell(row.made, { label: labelOf(region) });
  }

  /** Enter: closes the polygon, leaves the other points out, keeps the outline. */
  finish(): boolean {
    const { editor } = this.stage;
    if (!editor || !this.isDrawing) return false;
    const done = this.outlining.shown ? this.outlining.keep(editor) : editor.shapes.finish();
    if (done)
      this.stage.tell('said.shape_done', {
        label: labelOf(editor.selected ?? { id: '', control: '' }),
      });
    else this.stage.tell(this.outlining.busy ? 'said.outline_busy' : 'said.shape_open', {}, 'hint');
    return true;
  }

  /** Backspace or Ctrl+Z while drawing. */
  takeBack(): boolean {
    if (this.outlining.shown) {
      if (!this.outlining.takeBack()) this.outlining.drop();
      return true;
    }
    return this.stage.editor?.shapes.takeBack() ?? false;
  }

  /** Escape. */
  abandon(): boolean {
    return this.outlining.drop() || (this.stage.editor?.shapes.abandon() ?? false);
  }

  /** Escape lets a corner or point go before its region. */
  letSpotGo(): boolean {
    if (!this.hasSpot) return false;
    this.stage.editor?.shapes.focus(null);
    return true;
  }

  walk(step: 1 | -1): void {
    this.stage.editor?.shapes.next(step);
    this.#sayWhere();
  }

  get isOutlining(): boolean {
    return this.outlining.shown !== null;
  }
  /** Moves the cross that corrects the outline; false when none is shown. */
  aimBy(dx: number, dy: number): boolean {
    const image = this.stage.editor?.image;
    const at = image ? this.outlining.aimBy(dx, dy, image) : null;
    if (at) this.stage.tell('said.outline_aim', { x: Math.round(at.x), y: Math.round(at.y) });
    return at !== null;
  }

  insertCorner(): void {
    if (this.isOutlining) {
      if (!this.outlining.correctAtAim()) this.stage.tell('said.outline_aim_first', {}, 'hint');
      return;
    }
    if (this.stage.editor?.shapes.insert()) this.#sayWhere();
  }

  removeCorner(): void {
    if (this.stage.editor?.shapes.remove()) this.#sayWhere();
    else this.stage.tell('said.corner_stays', {}, 'hint');
  }

  markPoint(visible: 0 | 1): void {
    const marked = this.stage.editor?.shapes.mark(visible);
    if (!marked) this.stage.tell('said.point_stays', {}, 'hint');
    else if (this.stage.editor?.selected) this.#sayWhere();
  }

  turn(degrees: number): void {
    const { editor } = this.stage;
    if (!editor?.shapes.turnBy(degrees) || !editor.selected) return;
    this.stage.tell('said.turned', { degrees: turnedBoxOf(editor.selected).rotation });
  }

  outline(): void {
    const { editor, taskId } = this.stage;
    if (!editor?.image || !taskId) return;
    const { selected } = editor;
    if (this.outlining.shown) return;
    if (selected?.kind === 'boxes') this.outlining.begin(taskId, extentOf(selected), selected.id);
    else if (editor.tool !== 'outline') {
      editor.useTool('outline');
      this.stage.tell('said.outline_tool');
      return;
    } else this.outlining.begin(taskId, middleOf(this.stage.inView), null);
    this.stage.tell('said.outline_busy', {}, 'hint');
  }

  /** A box was drawn with the outline tool. */
  outlineIn(box: Box): void {
    const { taskId } = this.stage;
    if (!taskId) return;
    this.outlining.begin(taskId, box, null);
    this.stage.tell('said.outline_busy', {}, 'hint');
  }

  /** Which corner or point has the focus, and where it is. */
  #sayWhere(): void {
    const { editor } = this.stage;
    const region = editor?.selected;
    const spot = editor?.shapes.spot ?? null;
    if (!editor || !region || spot === null) return;
    const spots = shapeOf(region.kind)?.spots(region) ?? [];
    const at = spots[spot];
    const values = {
      n: spot + 1,
      of: spots.length,
      x: Math.round(at?.x ?? 0),
      y: Math.round(at?.y ?? 0),
      name: pointName(editor.control, spot),
    };
    if (region.kind === 'polygons') this.stage.tell('said.corner', values);
    else this.stage.tell(seen[keypointsOf(region)[spot]?.visible ?? 2], values);
  }
}

const seen: Record<0 | 1 | 2, DeskKey> = {
  0: 'said.point_absent',
  1: 'said.point_hidden',
  2: 'said.point',
};
