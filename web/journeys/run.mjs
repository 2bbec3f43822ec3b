// Runs the journeys; `--shots` also leaves a picture of each screen in build/shots.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const asked = process.argv.slice(2);
const names = asked.filter((name) => !name.startsWith('--'));
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => names.length === 0 || names.some((part) => name.includes(part)))
  .map((name) => join(here, name));
if (files.length === 0) {
  console.error(`no journey is called ${names.join(' or ')}`);
  process.exit(1);
}
const env = { ...process.env };
if (asked.includes('--shots')) env.COUNTERSIGN_SHOTS = join(here, '../../build/shots');
const run = spawnSync(process.execPath, ['--test', '--test-concurrency=1', ...files], {
  stdio: 'inherit',
  env,
});
process.exit(run.status ?? 1);
