// Hands on a text: the word cursor, what is selected, and the spans made of it. The stage shows it and
// brings the pointer; commands bring the keys.
import type { Control } from '../api/types';
import type { Editor } from '../editor/editor';
import type { Region } from '../editor/region';
import { createSpan, moveSpan, rangeOf, spreadSpan, unlabelled } from '../editor/spans';
import { TextDocument, type Range } from '../editor/text-document';
import { on, selectedBy, walked, withEdge, type Cursor, type Walk } from '../editor/word-cursor';

/** What the stage knows and the text does not: lines, and what is in sight. */
export interface Lines {
  /** The word above or below. */
  across(from: Range, step: 1 | -1): Range | null;
  /** Where the text in sight starts, in units. */
  top(): number;
}

/** The desk, as far as a text needs it. */
interface Desk {
  readonly editor: Editor | null;
  readonly source: string;
}

export class TextHand {
  #cursor = $state.raw<Cursor | null>(null);
  lines: Lines | null = null;
  /** Ends what the pointer is doing; false when it does nothing. */
  stopDrag: () => boolean = () => false;
  #text = $state.raw('');
  readonly document: TextDocument = $derived(new TextDocument(this.#text));

  constructor(private readonly desk: Desk) {}

  /** Another task: nothing is selected. */
  show(data: Record<string, unknown> | undefined): void {
    const value = data?.[this.desk.source];
    this.#text = typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value);
    this.#cursor = null;
  }

  /** What the cursor stands on or has selected, while no region is. */
  get range(): Range | null {
    return this.#cursor && !this.desk.editor?.selected ? selectedBy(this.#cursor) : null;
  }
  get span(): Region | undefined {
    const region = this.desk.editor?.selected;
    return region?.kind === 'spans' ? region : undefined;
  }
  /** How many more places read as the span in focus does. */
  get others(): number {
    const { editor } = this.desk;
    return editor && this.span ? unlabelled(editor, this.document, this.span).length : 0;
  }

  /** What the pointer is selecting, while it does. */
  sweep(range: Range): void {
    if (this.#control) this.#stand(on(range));
  }

  /** Selects what the pointer drew; an armed label makes the span at once. */
  drew(range: Range): void {
    const { editor } = this.desk;
    const control = this.#control;
    if (!editor || !control) return;
    this.#stand(on(range));
    if (editor.armed) this.make(editor.labelFor(control));
  }

  /** False when there is nothing selected to make a span of. */
  make(label: string): boolean {
    const { editor } = this.desk;
    const { range } = this;
    const control = this.#control;
    if (!editor || !range || !control) return false;
    this.#cursor = null;
    createSpan(editor, this.document, control, range, label);
    return true;
  }

  walk(dx: number, dy: number, how: Walk): void {
    const from = this.#from();
    const step = dx + dy > 0 ? 1 : -1;
    if (!from) {
      const first = this.document.wordFrom(this.lines?.top() ?? 0);
      if (first) this.#stand(on(first));
      return;
    }
    if (dy === 0) return this.#stand(walked(this.document, from, step, how));
    const word = this.lines?.across(from.focus, step);
    if (word) this.#stand(how.extend ? { ...from, focus: word } : on(word));
  }

  /** One edge of the span in focus a word or a character later or earlier. */
  boundary(edge: 'start' | 'end', step: number, fine: boolean): void {
    const { span } = this;
    if (!span) return;
    const range = rangeOf(this.document, span);
    this.move(span.id, withEdge(this.document, range, edge, step, fine), `edge:${span.id}`);
  }

  move(id: string, range: Range, merge?: string): void {
    if (this.desk.editor) moveSpan(this.desk.editor, this.document, id, range, merge);
  }

  /** How many spans were made. */
  spread(): number {
    const { editor } = this.desk;
    return editor && this.span ? spreadSpan(editor, this.document, this.span) : 0;
  }

  /** True when there was something to let go. */
  letGo(): boolean {
    const had = this.#cursor !== null;
    this.#cursor = null;
    return had;
  }

  /** Where a walk starts: at the span in focus, else where the cursor is. */
  #from(): Cursor | null {
    return this.span ? on(rangeOf(this.document, this.span)) : this.#cursor;
  }

  #stand(cursor: Cursor): void {
    const { editor } = this.desk;
    const control = this.#control;
    this.#cursor = cursor;
    if (editor && control && (editor.selected || editor.control !== control))
      editor.ask({ control, parent: '' });
  }

  get #control(): Control | undefined {
    return this.desk.editor?.controlFor('spans');
  }
}
