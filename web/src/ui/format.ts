// Numbers, times and sizes as people read them.
const language = 'en';
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const noBreak = '\u00a0';
const oneDigit = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

export const count = (n: number): string => whole.format(n);

/** 0.123 -> "12 %"; small shares keep a digit, and only nothing is 0 and only all is 100. */
export function share(part: number, of = 1): string {
  if (!(of > 0) || !Number.isFinite(part)) return '–';
  const percent = (100 * part) / of;
  if (percent > 0 && percent < 0.1) return `< 0.1${noBreak}%`;
  if (percent < 100 && percent >= 99.95) return `99.9${noBreak}%`;
  const digits = percent < 10 || (percent > 99 && percent < 100) ? oneDigit : whole;
  return `${digits.format(percent)}${noBreak}%`;
}

export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  let value = n;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${at === 0 || value >= 100 ? whole.format(value) : oneDigit.format(value)} ${units[at]}`;
}

/** Seconds as "< 1 s", "45 s", "3 min", "2 h 5 min", "3 d 4 h". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds > 0 && seconds < 1) return `< 1${noBreak}s`;
  if (seconds < 59.5) return `${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}

export const rate = (perSecond: number): string =>
  perSecond >= 10 ? `${whole.format(perSecond)}/s` : `${oneDigit.format(perSecond)}/s`;

const dayTime = new Intl.DateTimeFormat(language, {
  dateStyle: 'medium',
  timeStyle: 'short',
  hourCycle: 'h23',
});
export const moment = (milliseconds: number): string =>
  milliseconds > 0 ? dayTime.format(milliseconds) : '–';

export function ago(milliseconds: number, now: number): string {
  if (!(milliseconds > 0)) return '–';
  const seconds = (now - milliseconds) / 1000;
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return `${duration(seconds)} ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return seconds < 7 * 86_400 ? `${Math.round(seconds / 86_400)} d ago` : moment(milliseconds);
}

/** 0.8312 -> "0.83". */
export const probability = (p: number | null | undefined): string =>
  p === null || p === undefined ? '–' : p.toFixed(2);

/** Wilson score interval (Wilson 1927) of `hits` in `n` at 95 %. */
export function wilson(hits: number, n: number): { low: number; high: number } | null {
  if (!(n > 0)) return null;
  const z = 1.959964;
  const p = hits / n;
  const centre = p + (z * z) / (2 * n);
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return {
    low: Math.max(0, (centre - spread) / scale),
    high: Math.min(1, (centre + spread) / scale),
  };
}
