// A version's measured quality, read tolerantly: each kind of model says what it knows.
import type { ModelVersion } from '../../api/types';

/** What a version's quality is measured in, the first that it has: shares, more is better. */
export const measures = ['accuracy', 'f1', 'ap50'] as const;
export type Measure = (typeof measures)[number];

export interface Quality {
  measure: Measure;
  value: number;
  low: number;
  high: number;
  n: number;
  logLoss: number | null;
  calibrationError: number | null;
  method: string;
  scoredOn: string;
}

const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

export function qualityOf(version: Pick<ModelVersion, 'quality'> | null): Quality | null {
  const q = version?.quality;
  const measure = measures.find((name) => number(q?.[name]) !== null);
  const value = measure ? number(q?.[measure]) : null;
  if (!q || !measure || value === null) return null;
  return {
    measure,
    value,
    low: number(q[`${measure}_low`]) ?? value,
    high: number(q[`${measure}_high`]) ?? value,
    n: number(q.n) ?? 0,
    logLoss: number(q.log_loss),
    calibrationError: number(q.ece),
    method: typeof q.method === 'string' ? q.method : '',
    scoredOn: typeof q.scored_on === 'string' ? q.scored_on : '',
  };
}
