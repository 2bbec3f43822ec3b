// A version's measured quality, read tolerantly: each kind of model says what it knows.
import type { ModelVersion } from '../../api/types';

export interface Quality {
  accuracy: number;
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
  const accuracy = number(q?.accuracy);
  if (!q || accuracy === null) return null;
  return {
    accuracy,
    low: number(q.accuracy_low) ?? accuracy,
    high: number(q.accuracy_high) ?? accuracy,
    n: number(q.n) ?? 0,
    logLoss: number(q.log_loss),
    calibrationError: number(q.ece),
    method: typeof q.method === 'string' ? q.method : '',
    scoredOn: typeof q.scored_on === 'string' ? q.scored_on : '',
  };
}
