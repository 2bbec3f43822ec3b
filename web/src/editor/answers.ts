// What the desk holds beside what is drawn: answers about the item or about a region, and what hangs on
// what. The rules are those of the server's check_regions (core/region_check.cpp).
import type { Control, Schema } from '../api/types';
import { factsOf, isDrawn, isQuestion } from './kinds';
import type { Region } from './region';

/** A required question without an answer; `region` when it is about one. */
export interface Missing {
  readonly control: Control;
  readonly region: Region | null;
}

/** The answers to a question about the item, or about the region `parent`. */
export function answersTo(
  regions: readonly Region[],
  control: Control,
  parent = '',
): readonly Region[] {
  return regions.filter(
    (region) => region.control === control.name && (region.parent ?? '') === parent,
  );
}

/** Required questions without an answer, in the schema's order: submit would be refused. */
export function missingAnswers(schema: Schema, regions: readonly Region[]): Missing[] {
  const wanted = schema.controls.filter(
    (control) => control.required !== false && factsOf(control.kind).answers,
  );
  if (wanted.length === 0) return [];
  const answered = new Set(regions.map(({ control, parent = '' }) => `${control}\n${parent}`));
  return wanted.flatMap((control): Missing[] => {
    const lacks = (parent: string) => !answered.has(`${control.name}\n${parent}`);
    if (isQuestion(control)) return lacks('') ? [{ control, region: null }] : [];
    if (!isQuestion(control, true)) return [];
    return regions
      .filter((region) => isDrawn(region) && lacks(region.id))
      .map((region) => ({ control, region }));
  });
}

/** Those of the maybes that answer, about the item or a region that is there, what nothing answers yet. */
export function openAnswers(
  schema: Schema,
  regions: readonly Region[],
  maybes: readonly Region[],
): readonly Region[] {
  const asked = (control: string, parent = '') => `${control}\n${parent}`;
  const answered = new Set(regions.map(({ control, parent }) => asked(control, parent)));
  const there = new Set(['', ...regions.map(({ id }) => id)]);
  const questions = new Set(
    schema.controls.filter(({ kind }) => factsOf(kind).answers).map(({ name }) => name),
  );
  return maybes.filter(
    ({ control, parent = '' }) =>
      questions.has(control) && there.has(parent) && !answered.has(asked(control, parent)),
  );
}

/** `gone` and what cannot stay without it: answers about it, relations from and to it. */
export function withDependents(
  regions: readonly Region[],
  gone: readonly Region[],
): readonly Region[] {
  const ids = new Set(gone.map(({ id }) => id));
  const hangs = ({ id, parent, from, to }: Region) =>
    !ids.has(id) && [parent, from, to].some((other) => other !== undefined && ids.has(other));
  return [...gone, ...regions.filter(hangs)];
}

/** `wanted` of the maybes and what it cannot be without, or what is only about it. */
export function withCompany(maybes: readonly Region[], wanted: Region): readonly Region[] {
  const { id, parent, from, to } = wanted;
  return maybes.filter(
    (maybe) => maybe.id === id || maybe.parent === id || [parent, from, to].includes(maybe.id),
  );
}

export function inOrderOf(control: Control, labels: readonly string[]): string[] {
  return control.labels.map((label) => label.name).filter((name) => labels.includes(name));
}
