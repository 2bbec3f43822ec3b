// Boxes as [x, y, width, height] in pixels of the image, and when one is as good as another.

/** Boxes that people draw of one object differ by about this much. */
export const goodOverlap = 0.75;
/** A tiny box is good when each edge is within this many pixels of the screen. */
export const goodEdge = 2;

export function overlap([ax, ay, aw, ah], [bx, by, bw, bh]) {
  const w = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const h = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / (aw * ah + bw * bh - w * h);
}

/** `scale`: screen pixels an image pixel. */
export function isGood(box, gold, scale = 1) {
  if (overlap(box, gold) >= goodOverlap) return true;
  const edges = ([x, y, w, h]) => [x, y, x + w, y + h];
  const [a, b] = [edges(box), edges(gold)];
  return a.every((edge, i) => Math.abs(edge - b[i]) * scale <= goodEdge);
}

/** Pairs of the most overlap first, each box once: [{ row, gold }]; `least` overlap makes a pair. */
export function pairs(rows, golds, least) {
  const found = [];
  for (const row of rows)
    for (const gold of golds) {
      const score = overlap(row.box, gold.box) + (row.label === gold.label ? 0.25 : 0);
      if (overlap(row.box, gold.box) >= least) found.push({ row, gold, score });
    }
  found.sort((a, b) => b.score - a.score);
  const taken = new Set();
  return found.filter(({ row, gold }) => {
    const free = !taken.has(row) && !taken.has(gold);
    if (free) taken.add(row).add(gold);
    return free;
  });
}
