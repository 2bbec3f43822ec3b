// Text for people. One table a language; a message may hold values and plurals, in the syntax of ICU
// MessageFormat as far as it is needed: {name} and {n, plural, one {# task} other {# tasks}}.
import { en } from './en';

export type MessageKey = keyof typeof en;
export type Values = Record<string, string | number>;

const language = 'en';
const rules = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

const shown = (value: string | number): string =>
  typeof value === 'number' ? numbers.format(value) : value;

function plural(forms: string, n: number): string {
  const found = new Map<string, string>();
  for (const form of forms.matchAll(/(=?\w+)\s*\{([^{}]*)\}/g)) found.set(form[1]!, form[2]!);
  const text = found.get(`=${n}`) ?? found.get(rules.select(n)) ?? found.get('other') ?? '';
  return text.replaceAll('#', shown(n));
}

export function fill(message: string, values: Values = {}): string {
  return message.replace(
    /\{(\w+)(?:,\s*plural,\s*((?:=?\w+\s*\{[^{}]*\}\s*)+))?\}/g,
    (whole, name: string, forms: string | undefined) => {
      const value = values[name];
      if (value === undefined) return whole;
      return forms ? plural(forms, Number(value)) : shown(value);
    },
  );
}

export function t(key: MessageKey, values?: Values): string {
  return fill(en[key], values);
}

/** A message whose key is built from a wire name ("role." + role): the wire name when there is none. */
export function tName(prefix: string, name: string): string {
  return (en as Record<string, string>)[`${prefix}.${name}`] ?? name;
}
