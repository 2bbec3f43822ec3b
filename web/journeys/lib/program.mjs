// The real program on a data folder of its own, for one journey.
//
// COUNTERSIGN_PROGRAM names it; without that, the newest of build/release and build/dev. It listens on
// a free port and says its address and a one-time link, which is how a person starts too.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

function programPath() {
  if (process.env.COUNTERSIGN_PROGRAM) return resolve(process.env.COUNTERSIGN_PROGRAM);
  const built = ['release', 'dev']
    .map((preset) => join(root, 'build', preset, 'countersign'))
    .filter((path) => existsSync(path));
  built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (built.length === 0) throw new Error('There is no program to start: run ./do build first.');
  return built[0];
}

/** Starts it; resolves when it answers. `uiDir` is web/dist unless the embedded desk is meant. */
export async function startProgram({ uiDir = join(root, 'web/dist'), args = [] } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'countersign-journey-'));
  const models = process.env.COUNTERSIGN_MODELS_DIR ?? join(root, 'models/cache');
  const child = spawn(
    programPath(),
    ['serve', '--data', data, '--listen', '127.0.0.1:0', '--models', models, '--link']
      .concat(uiDir ? ['--ui-dir', uiDir] : [])
      .concat(args),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  let log = '';
  child.stderr.on('data', (piece) => (log = (log + piece).slice(-20_000)));
  const ended = new Promise((done) => child.once('exit', done));
  const link = await new Promise((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`It did not start in 60 s:\n${log}`)), 60_000);
    child.once('exit', (code) => failed(new Error(`It ended with ${code}:\n${said}\n${log}`)));
    child.stdout.on('data', (piece) => {
      said += piece;
      const match = /http:\S+\/sign-in#\S+/.exec(said);
      if (!match) return;
      clearTimeout(timer);
      found(match[0]);
    });
  });
  return {
    link,
    url: new URL(link).origin,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
