// Usage: bench/effort/run [SET...] [--tasks N] — how much of a person's work real drafts save, for each set.
import { replay } from './desk.mjs';
import { seconds, secondsToRead, works } from './klm.mjs';
import { banking77, coco128, voc100, wnut17 } from './sets.mjs';

const sets = { voc100, coco128, banking77, wnut17 };
const target = 70;

const asked = process.argv.slice(2);
const at = asked.indexOf('--tasks');
const tasks = at < 0 ? 50 : Number(asked.splice(at, 2)[1]);
const names = asked.length ? asked : Object.keys(sets);

const counted = [...Object.keys(seconds), ...Object.keys(secondsToRead)];
const line = (name, value, unit, rest = '') =>
  console.log(`${name} ${value.toFixed(unit === 's' ? 2 : 1)} ${unit}${rest && ` ${rest}`}`);

let wrong = 0;
for (const name of names) {
  const set = sets[name]?.(tasks);
  if (!set) {
    console.error(
      `effort: ${name}: ${sets[name] ? 'its data is not there (COUNTERSIGN_DATA)' : 'no such set'}`,
    );
    continue;
  }
  const nothing = await replay(set, false);
  const drafts = await replay(set, true);
  for (const [arm, { tally, faults }] of Object.entries({ nothing, drafts })) {
    for (const what of counted) line(`effort_${name}_${arm}_${what}`, tally[what], 'n');
    for (const work of works)
      line(`effort_${name}_${arm}_${work}_seconds_per_task`, tally.spent[work] / tally.tasks, 's');
    line(`effort_${name}_${arm}_seconds_per_task`, tally.acting / tally.tasks, 's');
    line(`effort_${name}_${arm}_reading_per_task`, tally.reading / tally.tasks, 's');
    for (const fault of faults) console.error(`effort: ${name} (${arm}): ${fault}`);
    wrong += faults.length;
  }
  const saved = (a, b) => 100 * (1 - b / a);
  const [before, after] = [nothing.tally, drafts.tally];
  line(`effort_${name}_tasks`, after.tasks, 'n');
  line(`effort_${name}_undrafted`, drafts.undrafted, 'n');
  line(
    `effort_${name}_saved_with_reading_percent`,
    saved(before.acting + before.reading, after.acting + after.reading),
    '%',
  );
  const known = new Set(set.items.map(({ key }) => key));
  const routine = drafts.routine.filter((key) => known.has(key));
  const spent = ({ times }) => routine.reduce((sum, key) => sum + times.get(key), 0);
  line(`effort_${name}_routine_tasks`, routine.length, 'n');
  if (routine.length > 0)
    line(`effort_${name}_routine_saved_percent`, saved(spent(nothing), spent(drafts)), '%');
  const percent = saved(before.acting, after.acting);
  line(
    `effort_${name}_saved_percent`,
    percent,
    '%',
    `>=${target} ${percent >= target ? 'ok' : 'short'}`,
  );
}
process.exit(wrong ? 1 : 0);
