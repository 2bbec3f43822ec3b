/** Whether every word typed begins, or stands inside, a word of the name. Case and accents do not count. */
export function matches(typed: string, name: string): boolean {
  const folded = fold(name);
  return fold(typed)
    .split(/\s+/)
    .every((word) => folded.includes(word));
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
