// Money and time as a plan says them: no more digits than are known.
import { t } from '../../messages';

/** In the unit that the model's prices are in. */
export function money(amount: number): string {
  if (amount === 0) return '0';
  if (amount < 0.01) return '< 0.01';
  return amount < 100 ? amount.toFixed(2) : Math.round(amount).toLocaleString('en');
}

/** What a trial took, as a sentence. Where no prices are set, money is not counted. */
export function spentText(spent: { readonly calls: number; readonly money: number }): string {
  const { calls } = spent;
  return calls > 0 && spent.money > 0
    ? t('models.bench_cost', { calls, money: money(spent.money) })
    : t('models.bench_free', { calls });
}

export function duration(seconds: number): string {
  if (seconds < 1) return seconds === 0 ? '0 s' : '< 1 s';
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
