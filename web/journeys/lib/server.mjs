// A real server on a data directory of its own, gone with the journey.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

const programs = [
  process.env.COUNTERSIGN_PROGRAM,
  'build/release/countersign',
  'build/dev/countersign',
];

/** The program to drive, or null: say `./do build`. */
export function program() {
  const found = programs.find((path) => path && existsSync(join(root, path)));
  return process.env.COUNTERSIGN_PROGRAM ?? (found ? join(root, found) : null);
}

/** The program on `data` and `listen`, with `more` arguments; `{ link, end }` once it serves, `end(signal)` once it is gone. */
async function serve(data, listen, more = []) {
  const models = process.env.COUNTERSIGN_MODELS_DIR ?? join(root, 'models/cache');
  const args = ['serve', '--data', data, '--models', models, '--listen', listen, '--link', ...more];
  if (process.env.COUNTERSIGN_UI_DIR) args.push('--ui-dir', process.env.COUNTERSIGN_UI_DIR);
  const child = spawn(program(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (text) => (log += text));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const link = await new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (text) => {
      out += text;
      const found = /Sign in once with (\S+)/.exec(out);
      if (found) resolve(found[1]);
    });
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}:\n${log}`)));
  });
  const end = async (signal) => {
    child.kill(signal);
    await ended;
  };
  return { link, end, log: () => log };
}

/**
 * `{ url, link, stop, kill, again }`: `link` signs the first admin in, once. `kill` ends it as a power cut
 * would, `again` starts it on the same data and address.
 */
export async function startServer(more = []) {
  const data = mkdtempSync(join(tmpdir(), 'countersign-journey-'));
  let now = await serve(data, '127.0.0.1:0', more);
  const { link } = now;
  const { origin, host } = new URL(link);
  return {
    url: origin,
    link,
    log: () => now.log(),
    kill: () => now.end('SIGKILL'),
    again: async () => {
      now = await serve(data, host, more);
    },
    stop: async () => {
      await now.end('SIGTERM');
      rmSync(data, { recursive: true, force: true });
    },
  };
}
