import type { Finding } from '../../api/types';
import { t } from '../../messages';
import { probability } from '../../ui/format';

/** "Score 0.87: overlap of the two regions"; what is certain has no number. */
export function scoreText({ score, score_means }: Pick<Finding, 'score' | 'score_means'>): string {
  if (/^1: /.test(score_means)) return t('findings.score_certain');
  return t('findings.score', { score: probability(score), means: score_means });
}
