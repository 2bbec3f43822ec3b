// How sure a draft is, as one number that agrees with those beside its parts.
import { isListed } from '../editor/kinds';
import type { Region } from '../editor/region';

/**
 * Of one region, 0 to 1. What is written counts by its words: that every single one of many is right is never
 * likely, and says little.
 */
export function sureOf({ kind, probability, confidence }: Region): number | null {
  return (kind === 'text' ? (confidence ?? probability) : (probability ?? confidence)) ?? null;
}

/** Of the least sure of what is listed, or, where nothing is, of the answers; null: nothing claims to be. */
export function leastSure(regions: readonly Region[]): number | null {
  const listed = regions.filter(isListed);
  const counted = (listed.length > 0 ? listed : regions).map(sureOf);
  const claims = counted.filter((sure) => sure !== null);
  return claims.length > 0 ? Math.min(...claims) : null;
}
