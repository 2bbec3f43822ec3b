// A stand-in of a server elsewhere (tests/standins), which prints its port as its first line.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './server.mjs';

/** `{ port, url, kill }` of a script in Python. */
export async function standin(name, args = []) {
  const script = join(root, 'tests/standins', name);
  const child = spawn('python3', [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(Number(String(text).trim())));
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    kill: () =>
      new Promise((ended) => {
        if (child.exitCode !== null || child.signalCode !== null) return ended();
        child.once('exit', ended);
        child.kill('SIGKILL');
      }),
  };
}
