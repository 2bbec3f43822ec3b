// Which rows of a long list are worth drawing: those in view and some around them. All rows have one
// height, so this is arithmetic; a million rows cost what twenty cost.
export interface Window {
  first: number;
  /** One past the last row drawn. */
  end: number;
  /** Pixels of empty space above and below the drawn rows. */
  above: number;
  below: number;
}

export function windowOf(
  rows: number,
  rowHeight: number,
  scrollTop: number,
  viewHeight: number,
  around = 8,
): Window {
  const first = Math.max(0, Math.min(rows, Math.floor(scrollTop / rowHeight) - around));
  const end = Math.max(
    first,
    Math.min(rows, Math.ceil((scrollTop + viewHeight) / rowHeight) + around),
  );
  return { first, end, above: first * rowHeight, below: (rows - end) * rowHeight };
}

/** Where to scroll so that `row` is wholly in view; the same place when it is already. */
export function scrollTo(
  row: number,
  rowHeight: number,
  scrollTop: number,
  viewHeight: number,
): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + viewHeight) return top + rowHeight - viewHeight;
  return scrollTop;
}
