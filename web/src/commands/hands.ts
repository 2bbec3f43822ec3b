// What commands can do: the app and the desk implement these, the table calls them.
import type { Tool } from '../editor/editor';

export interface AppHands {
  showHelp(): void;
  showPalette(): void;
  goToProjects(): void;
  cycleTheme(): void;
}

export interface DeskHands {
  readonly busy: boolean;
  readonly hasTask: boolean;
  /** A trusted answer is shown beside one's own. */
  readonly hasFeedback: boolean;
  readonly hasDraft: boolean;
  readonly hasSelection: boolean;
  readonly hasMaybes: boolean;
  readonly hasControls: boolean;
  readonly hasSpan: boolean;
  readonly canJoin: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly canUndoDecision: boolean;
  /** Working through a list: on without a decision, and back to what was gone past. */
  readonly canGoPast: boolean;
  readonly canGoBack: boolean;

  accept(): void;
  submit(): void;
  reject(): void;
  skip(): void;
  skipWithReason(): void;
  undoDecision(): void;
  goPast(): void;
  goBack(): void;
  undo(): void;
  redo(): void;

  flag(): void;
  comment(): void;
  guideline(): void;
  findLabel(): void;
  nextQuestion(step: 1 | -1): void;
  /** The label at this place, 0 for the first. */
  label(place: number): void;

  /** False past the ends of the list: the focus leaves it then. */
  canStep(step: 1 | -1): boolean;
  next(step: 1 | -1): void;
  keep(): void;
  drop(): void;
  /** From the region in focus: what is picked next is what it is joined to. */
  join(): void;
  maybes(): void;
  escape(): void;

  readonly shapes: ShapeHands;
  useTool(tool: Tool): void;
  /** Screen directions; `fine` for one image pixel. Without a selection the view moves. */
  move(dx: number, dy: number, fine: boolean): void;
  size(dx: number, dy: number, fine: boolean): void;
  zoom(step: number): void;
  fit(): void;
  zoomToSelection(): void;

  /** The word cursor, in reading order or by lines; `fine` by characters. */
  walk(dx: number, dy: number, how: { extend: boolean; fine: boolean }): void;
  /** One edge of the span in focus, by words or characters: 1 later, -1 earlier. */
  boundary(edge: 'start' | 'end', step: number, fine: boolean): void;
  propagate(): void;
}

/** Shapes on images, by their parts. */
export interface ShapeHands {
  /** A corner or point has the focus. */
  readonly hasSpot: boolean;
  /** An outline is on show that clicks, or the cross and its key, correct. */
  readonly isOutlining: boolean;
  /** There is a point to say something about. */
  readonly canMark: boolean;
  /** To the next or previous corner or point. */
  walk(step: 1 | -1): void;
  insertCorner(): void;
  removeCorner(): void;
  /** 1: hidden, 0: not there. */
  markPoint(visible: 0 | 1): void;
  /** Degrees clockwise. */
  turn(degrees: number): void;
  outline(): void;
}
