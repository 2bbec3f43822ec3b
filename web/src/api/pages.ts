// Walking a list by its cursor.
import type { Page } from './types';

/** All items of a list, page after page, at most `most` of them. */
export async function collect<T>(
  ask: (cursor: string | null) => Promise<Page<T>>,
  most = 10_000,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await ask(cursor);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && items.length < most);
  return items;
}
