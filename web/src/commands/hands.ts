// What commands can do: the app and the desk implement these, the table calls them.

export interface AppHands {
  showHelp(): void;
  showPalette(): void;
  goToProjects(): void;
  cycleTheme(): void;
}

export interface DeskHands {
  readonly busy: boolean;
  readonly hasTask: boolean;
  readonly hasDraft: boolean;
  readonly hasSelection: boolean;
  readonly hasMaybes: boolean;
  readonly hasControls: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly canUndoDecision: boolean;

  accept(): void;
  submit(): void;
  reject(): void;
  skip(): void;
  skipWithReason(): void;
  undoDecision(): void;
  undo(): void;
  redo(): void;

  flag(): void;
  comment(): void;
  guideline(): void;
  findLabel(): void;
  nextQuestion(): void;
  /** The label at this place, 0 for the first. */
  label(place: number): void;

  /** False past the ends of the list: the focus leaves it then. */
  canStep(step: 1 | -1): boolean;
  next(step: 1 | -1): void;
  keep(): void;
  drop(): void;
  maybes(): void;
  escape(): void;

  useTool(tool: 'select' | 'box' | 'pan'): void;
  /** Screen directions; `fine` for one image pixel. Without a selection the view moves. */
  move(dx: number, dy: number, fine: boolean): void;
  size(dx: number, dy: number, fine: boolean): void;
  zoom(step: number): void;
  fit(): void;
  zoomToSelection(): void;
}
