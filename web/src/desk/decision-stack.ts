// The last decisions of this person in this project, to be taken back in turn: those of this session, and
// before them those that the server remembers.
import type { Annotation } from '../api/types';
import type { Decision } from './outbox';

export const deepest = 10;

export interface Decided {
  /** Known for decisions of this session. */
  readonly decision: Decision | null;
  /** Known once the server has it. */
  readonly annotation: Annotation | null;
}

export class DecisionStack {
  #stack: Decided[] = [];

  get length(): number {
    return this.#stack.length;
  }
  get last(): Decided | undefined {
    return this.#stack.at(-1);
  }

  /** The server's own, newest first, below what is here already. */
  remember(recent: readonly Annotation[]): void {
    const known = new Set(this.#stack.map(({ annotation }) => annotation?.id));
    const older = recent
      .filter((annotation) => annotation.withdrawn === 0 || !annotation.withdrawn)
      .filter((annotation) => annotation.action !== 'imported' && !known.has(annotation.id))
      .map((annotation): Decided => ({ decision: null, annotation }))
      .reverse();
    this.#stack = [...older, ...this.#stack].slice(-deepest);
  }

  push(decision: Decision): void {
    this.#stack = [...this.#stack, { decision, annotation: null }].slice(-deepest);
  }

  sent(key: string, annotation: Annotation): void {
    this.#stack = this.#stack.map((decided) =>
      decided.decision?.key === key ? { ...decided, annotation } : decided,
    );
  }

  remove(decided: Decided | undefined): void {
    this.#stack = this.#stack.filter((other) => other !== decided);
  }

  /** A decision that the server refused cannot be taken back. */
  refused(key: string): void {
    this.#stack = this.#stack.filter(({ decision }) => decision?.key !== key);
  }
}
