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

/** `{ url, link, stop }`: `link` signs the first admin in, once. */
export async function startServer() {
  const data = mkdtempSync(join(tmpdir(), 'countersign-journey-'));
  const models = process.env.COUNTERSIGN_MODELS_DIR ?? join(root, 'models/cache');
  const args = ['serve', '--data', data, '--models', models, '--listen', '127.0.0.1:0', '--link'];
  if (process.env.COUNTERSIGN_UI_DIR) args.push('--ui-dir', process.env.COUNTERSIGN_UI_DIR);
  const child = spawn(program(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (text) => (log += text));
  const link = await new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (text) => {
      out += text;
      const found = /Sign in once with (\S+)/.exec(out);
      if (found) resolve(found[1]);
    });
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}:\n${log}`)));
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { url: new URL(link).origin, link, stop, log: () => log };
}
