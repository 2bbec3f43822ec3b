// What commands can do: the app and the desk implement these, the table calls them.
import type { Control } from '../api/types';
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
  /** The task was sent back, and its former answer is where one starts. */
  readonly hasFormer: boolean;
  /** The draft says something that was not sure enough to be filled in. */
  readonly hasHeldBack: boolean;
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

  /** A model answers when somebody points at something; several do. */
  readonly canAsk: boolean;
  readonly hasModels: boolean;
  /** The tool that points is in the hand. */
  readonly isPointing: boolean;

  /** Asks the model about the region in focus; without one, points at the image. */
  askModel(): void;
  nextModel(): void;
  /** A point at the cross. */
  pointHere(): void;

  accept(): void;
  submit(): void;
  showDraft(): void;
  reject(): void;
  startAfresh(): void;
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
  /** Each region of an image has a text of its own. */
  readonly canWrite: boolean;
  /** The text of the region in focus, or of the least certain one, with the picture close up. */
  write(): void;
  /** From the region in focus: what is picked next is what it is joined to. */
  join(): void;
  maybes(): void;
  escape(): void;

  /** On a recording, once its waveform's code is here. */
  readonly sound: SoundHands | null;

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

/** A recording and its segments. Times are seconds; steps are a few pixels, `fine` a hundredth of a second. */
export interface SoundHands {
  /** A segment is in focus. */
  readonly hasSegment: boolean;
  /** What is written about each segment, where the schema asks for it. */
  readonly textControl: Control | undefined;
  /** Something is written about the recording or its segments. */
  readonly hasTexts: boolean;

  play(): void;
  playSegment(): void;
  loop(): void;
  faster(step: 1 | -1): void;
  jump(seconds: number): void;
  step(by: number, fine: boolean): void;
  toEnd(side: 'start' | 'end'): void;

  zoom(step: number): void;
  fit(): void;
  zoomToSegment(): void;

  draw(): void;
  walk(step: 1 | -1): void;
  split(): void;
  merge(): void;
  edge(edge: 'start' | 'end', by: number, fine: boolean): void;
  /** One edge to the playhead. */
  edgeHere(edge: 'start' | 'end'): void;
  shift(by: number, fine: boolean): void;
  write(): void;

  /** The other segments of the voices that the person has named take their names. */
  nameVoices(): void;
  /** The words of the text in focus, or of all texts, get their times. */
  timeWords(all: boolean): void;
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
