// The fewest steps by which an honest hand makes the boxes on the desk those of the truth.
//
// Boxes that are good enough stay. Others are moved or sized by keys, pulled by one corner, or dropped and
// drawn anew, whichever the model says is quickest; if throwing the draft away is quicker still, that.
import { isGood, pairs } from './geometry.mjs';
import { seconds } from './klm.mjs';

const drag = 2 * seconds.pointings + 2 * seconds.buttons;
const step = 8; // screen pixels that an arrow key moves; the desk's own
const mostPresses = 12;

/** One task from what is on the desk to what is true, and accepted. `golds`: [{ label, box }]. */
export async function doBoxes(hand, golds, hasDraft) {
  const { tally } = hand;
  const rows = await hand.rows();
  const { scale } = await hand.view();
  tally.lookAt(Math.max(golds.length, rows.length));
  let plan = planFor(hand, rows, golds, scale);
  if (hasDraft && rows.length > 0 && plan.cost > costOfDrawing(hand, golds) + seconds.keys) {
    await tally.at('undraft', async () => {
      tally.decide();
      await hand.press('x');
    });
    plan = planFor(hand, [], golds, scale);
  } else if (plan.draw.length > 0) {
    plan = (await planWithMaybes(hand, golds, scale, plan.cost)) ?? plan;
  }
  await mend(hand, plan);
  await tally.at('draw', () => draw(hand, plan.draw));
  tally.decide();
  await hand.press(golds.length === 0 ? 'Control+Enter' : 'Enter');
}

/** Calls up the maybes where they save drawing; the hand knows beforehand, so that a look is not counted. */
async function planWithMaybes(hand, golds, scale, without) {
  const { page, tally } = hand;
  if (!(await page.$('button.maybes[aria-pressed="false"]'))) return null;
  await page.keyboard.press('m');
  await hand.frame();
  const rows = await hand.rows();
  const plan = planFor(hand, rows, golds, scale);
  if (plan.cost + seconds.keys + seconds.decisions >= without) {
    await page.keyboard.press('m');
    await hand.frame();
    return null;
  }
  tally.decide();
  tally.key();
  tally.lookAt(rows.filter(({ maybe }) => maybe).length);
  return plan;
}

/** `{ fixes: [{ id, what, ... }], draw: [gold], cost }` */
function planFor(hand, rows, golds, scale) {
  const fixes = [];
  const draw = [];
  const paired = new Map(pairs(rows, golds, 0.2).map(({ row, gold }) => [row, gold]));
  const left = new Set(golds);
  for (const row of rows) {
    const gold = paired.get(row);
    const ways = gold ? waysFrom(hand, row, gold, scale) : [];
    const dropped = {
      what: row.maybe ? 'leave' : 'drop',
      cost: row.maybe ? 0 : seconds.keys,
    };
    const anew = dropped.cost + (gold ? costOfOne(hand, gold) : 0);
    const best = ways.sort((a, b) => a.cost - b.cost)[0];
    if (best && best.cost <= anew) {
      left.delete(gold);
      fixes.push({ id: row.id, gold, ...best });
    } else fixes.push({ id: row.id, ...dropped });
  }
  draw.push(...left);
  const busy = fixes.filter(({ what }) => what !== 'leave');
  const cost = busy.reduce((total, fix) => total + fix.cost + seconds.decisions, 0);
  const steps = busy.length ? rows.length * seconds.keys : 0;
  return { fixes: busy, draw, cost: cost + steps + costOfDrawing(hand, draw) };
}

/** How a region on the desk can become this gold box; each `{ what, cost, ... }`. */
function waysFrom(hand, row, gold, scale) {
  const label = row.label === gold.label ? 0 : hand.keysOf(gold.label) * seconds.keys;
  const kept = row.maybe ? seconds.keys : 0;
  if (isGood(row.box, gold.box, scale)) {
    if (!label && !kept) return [{ what: 'leave', cost: 0 }];
    return [{ what: 'settle', cost: label + kept }];
  }
  if (row.maybe) return [];
  const ways = [];
  const arrows = arrowsFor(row.box, gold.box, scale);
  if (arrows)
    ways.push({
      what: 'arrows',
      arrows,
      cost: arrows.presses * seconds.keys + label,
    });
  const corner = cornerFor(row.box, gold.box, scale);
  if (corner)
    ways.push({
      what: 'corner',
      corner,
      cost: drag + 2 * seconds.homings + label,
    });
  return ways;
}

/** The fewest presses of arrows (moved) and Shift+arrows (right and bottom edge) that make it good. */
function arrowsFor([x, y, w, h], gold, scale) {
  const by = Math.max(1, Math.round(step / scale));
  let best = null;
  const near = (distance) => {
    const whole = Math.trunc(distance / by);
    return [...new Set([0, whole, whole + Math.sign(distance), Math.trunc(whole / 2)])];
  };
  for (const mx of near(gold[0] - x))
    for (const my of near(gold[1] - y))
      for (const sx of near(gold[2] - w))
        for (const sy of near(gold[3] - h)) {
          const sizes = Math.abs(sx) + Math.abs(sy);
          const presses = Math.abs(mx) + Math.abs(my) + sizes + (sizes > 0 ? 1 : 0);
          const box = [x + mx * by, y + my * by, w + sx * by, h + sy * by];
          if (presses > mostPresses || (best && presses >= best.presses)) continue;
          if (box[2] < 3 || box[3] < 3 || box[0] < 0 || box[1] < 0) continue;
          if (isGood(box, gold, scale)) best = { mx, my, sx, sy, presses };
        }
  return best;
}

/** A corner whose pulling alone makes the box good: `{ from, to }` in image pixels. */
function cornerFor(box, gold, scale) {
  const edges = ([x, y, w, h]) => ({ x: [x, x + w], y: [y, y + h] });
  const [a, b] = [edges(box), edges(gold)];
  for (const i of [0, 1])
    for (const j of [0, 1]) {
      const [x0, x1] = i ? [a.x[0], b.x[1]] : [b.x[0], a.x[1]];
      const [y0, y1] = j ? [a.y[0], b.y[1]] : [b.y[0], a.y[1]];
      if (x1 - x0 > 3 && y1 - y0 > 3 && isGood([x0, y0, x1 - x0, y1 - y0], gold, scale))
        return { from: [a.x[i], a.y[j]], to: [b.x[i], b.y[j]] };
    }
  return null;
}

const costOfOne = (hand, gold) => drag + seconds.decisions + hand.keysOf(gold.label) * seconds.keys;

/** Boxes of a label are drawn one after the other, so that the label is picked once. */
function costOfDrawing(hand, golds) {
  const labels = [...new Set(golds.map(({ label }) => label))];
  const picking = labels.reduce((total, label) => total + hand.keysOf(label) * seconds.keys, 0);
  const each = golds.length * (drag + seconds.decisions) + labels.length * seconds.decisions;
  return each + picking + (golds.length ? seconds.keys + 2 * labels.length * seconds.homings : 0);
}

/** Down the list once, with Tab; each region that is not right is put right there. */
async function mend(hand, { fixes }) {
  const open = new Map(fixes.map((fix) => [fix.id, fix]));
  while (open.size > 0) {
    let id = await hand.selectedId();
    if (!open.has(id)) {
      await hand.tally.at('find', () => hand.press('Tab'));
      const next = await hand.selectedId();
      if (next === id) throw new Error('Tab does not reach the regions that are left');
      id = next;
    }
    const fix = open.get(id);
    if (!fix) continue;
    open.delete(id);
    await hand.tally.at(workOf(fix.what), async () => {
      hand.tally.decide();
      await mendOne(hand, fix);
    });
  }
}

const workOf = (what) => ({ drop: 'drop', settle: 'label' })[what] ?? 'place';

async function mendOne(hand, fix) {
  if (fix.what === 'drop') return hand.press('n');
  const row = (await hand.rows()).find(({ id }) => id === fix.id);
  if (fix.what === 'arrows') {
    const { mx, my, sx, sy } = fix.arrows;
    await hand.repeat(mx > 0 ? 'ArrowRight' : 'ArrowLeft', Math.abs(mx));
    await hand.repeat(my > 0 ? 'ArrowDown' : 'ArrowUp', Math.abs(my));
    if (sx) await hand.repeat(sx > 0 ? 'Shift+ArrowRight' : 'Shift+ArrowLeft', Math.abs(sx));
    if (sy) await hand.repeat(sy > 0 ? 'Shift+ArrowDown' : 'Shift+ArrowUp', Math.abs(sy));
  } else if (fix.what === 'corner') {
    const { at } = await hand.view();
    await hand.drag(at(fix.corner.from), at(fix.corner.to));
  }
  if (row.label !== fix.gold.label) await hand.pick(fix.gold.label);
  if (row.maybe) await hand.press('y');
}

async function draw(hand, golds) {
  if (golds.length === 0) return;
  await hand.press('r');
  const labels = [...new Set(golds.map(({ label }) => label))];
  for (const label of labels) {
    hand.tally.decide();
    for (const gold of golds.filter((one) => one.label === label)) {
      hand.tally.decide();
      await drawOne(hand, gold);
    }
  }
}

/** From a corner that is no handle of the box in focus, so that a new box begins. */
async function drawOne(hand, { label, box: [x, y, w, h] }) {
  const { at } = await hand.view();
  const before = await hand.rows();
  const focus = before.find(({ selected }) => selected);
  const ends = [
    [
      [x, y],
      [x + w, y + h],
    ],
    [
      [x + w, y + h],
      [x, y],
    ],
    [
      [x + w, y],
      [x, y + h],
    ],
    [
      [x, y + h],
      [x + w, y],
    ],
  ];
  const free = ends.find(([from]) => !focus || !isNearHandle(at, from, focus.box));
  if (!free) await hand.press('Escape');
  const [from, to] = free ?? ends[0];
  await hand.drag(at(from), at(to));
  const known = new Set(before.map(({ id }) => id));
  const made = (await hand.rows()).find(({ id }) => !known.has(id));
  if (!made) throw new Error(`no box was drawn for ${label} at ${[x, y, w, h]}`);
  if (made.label !== label) await hand.pick(label);
}

function isNearHandle(at, point, [x, y, w, h]) {
  const { x: px, y: py } = at(point);
  return [x, x + w / 2, x + w].some((hx) =>
    [y, y + h / 2, y + h].some((hy) => {
      const handle = at([hx, hy]);
      return Math.hypot(handle.x - px, handle.y - py) < 16;
    }),
  );
}

/** Why what was exported is not the truth, or null. */
export function faultOfBoxes(exported, golds, scale = 1) {
  const found = pairs(exported, golds, 0.01).filter(
    ({ row, gold }) => row.label === gold.label && isGood(row.box, gold.box, scale),
  );
  const right = exported.length === golds.length && found.length === golds.length;
  return right
    ? null
    : `${exported.length} boxes, ${golds.length} true, ${found.length} of them good`;
}
