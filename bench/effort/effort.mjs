// Usage: bench/effort/run [SET...] [--tasks N] — how much of a person's work real drafts save, for each set.
import { replay } from './desk.mjs';
import { seconds, secondsToLook, works } from './klm.mjs';
import { llm } from './llm.mjs';
import { banking77, coco128, voc100, wnut17 } from './sets.mjs';
import { audio } from './speech.mjs';

const sets = { voc100, coco128, banking77, wnut17, llm, audio };
/** Batches pay when there are several drafts of a class: 77 topics need that many questions. */
const mostTasks = { voc100: 100, coco128: 128, banking77: 400, wnut17: 200, llm: 200, audio: 100 };
const target = 70;

const asked = process.argv.slice(2);
const at = asked.indexOf('--tasks');
const tasks = at < 0 ? Infinity : Number(asked.splice(at, 2)[1]);
const names = asked.length ? asked : Object.keys(sets);

const counted = [...Object.keys(seconds), 'regions', 'words'];
const saved = (before, after) => 100 * (1 - after / before);

/** A figure of one set. A value that is no number could not be measured. */
const printer = (set) => (name, value, unit, rest) => {
  const shown = Number.isFinite(value) ? value.toFixed(unit === 's' ? 2 : 1) : 'unmeasured';
  const verdict = rest ? ` ${rest}` : '';
  console.log(`effort_${set}_${name} ${shown} ${unit}${verdict}`);
};

/** Wilson's interval of a share at 95 %, in percent. */
function interval(part, whole) {
  const z = 1.96;
  const p = part / whole;
  const middle = p + z ** 2 / (2 * whole);
  const half = z * Math.sqrt((p * (1 - p)) / whole + z ** 2 / (4 * whole ** 2));
  return [middle - half, middle + half].map((end) => (100 * end) / (1 + z ** 2 / whole));
}

function printArm(print, { tally, faults, left }) {
  for (const what of counted) print(what, tally[what], 'n');
  for (const work of works) print(`${work}_seconds_per_task`, tally.spent[work] / tally.tasks, 's');
  print('look_seconds_per_task', tally.looking / tally.tasks, 's');
  print('seconds_per_task', tally.effort / tally.tasks, 's');
  print('reading_per_task', tally.reading / tally.tasks, 's');
  print('wrong_in_the_end', faults.length + left.length, 'n');
}

/** Of the drafts that the server called routine, and what they saved. */
function printRoutine(print, set, nothing, drafts) {
  const keys = [...drafts.batched.keys()];
  const isWrong = (key) => drafts.batched.get(key).marked || drafts.left.some((one) => one.key === key);
  const wrong = keys.filter(isWrong).length;
  const [low, high] = interval(wrong, keys.length);
  print('routine_tasks', keys.length, 'n');
  print('routine_share', (100 * keys.length) / set.items.length, '%');
  print('routine_drafts_wrong', (100 * wrong) / keys.length, '%');
  print('routine_drafts_wrong_low', low, '%');
  print('routine_drafts_wrong_high', high, '%');
  const spent = ({ times }) => keys.reduce((sum, key) => sum + times.get(key), 0);
  const [before, after] = [spent(nothing), spent(drafts)];
  const strict = keys.length * (seconds.decisions - secondsToLook);
  print('routine_saved_if_each_cell_were_a_decision', saved(before, after + strict), '%');
  const percent = saved(before, after);
  print('routine_saved', percent, '%', `>=${target} ${percent >= target ? 'ok' : 'short'}`);
}

let wrong = 0;
for (const name of names) {
  const set = sets[name]?.(Math.min(tasks, mostTasks[name]));
  if (!set) {
    console.error(
      `effort: ${name}: ${sets[name] ? 'its data is not there (COUNTERSIGN_DATA)' : 'no such set'}`,
    );
    continue;
  }
  const print = printer(name);
  const nothing = await replay(set, false);
  const drafts = await replay(set, true);
  for (const [arm, one] of Object.entries({ nothing, drafts })) {
    printArm((what, ...rest) => print(`${arm}_${what}`, ...rest), one);
    for (const fault of one.faults) console.error(`effort: ${name} (${arm}): ${fault}`);
    for (const { key, fault } of one.left)
      console.error(`effort: ${name}: no cell shows that ${key} is wrong: ${fault}`);
    wrong += one.faults.length;
  }
  const [before, after] = [nothing.tally, drafts.tally];
  print('tasks', after.tasks, 'n');
  print('undrafted', drafts.undrafted, 'n');
  printRoutine(print, set, nothing, drafts);
  const withReading = ({ effort, reading }) => effort + reading;
  print('saved_with_reading', saved(withReading(before), withReading(after)), '%');
  print('saved', saved(before.effort, after.effort), '%');
}
process.exit(wrong ? 1 : 0);
