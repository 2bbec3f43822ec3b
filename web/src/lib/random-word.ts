// A name that nothing else has, also where the page is not served safely and `crypto` has none to give.
export function randomWord(length: number, random: () => number = Math.random): string {
  return Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('');
}
