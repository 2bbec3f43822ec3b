// Chromium on a profile that outlives it, as a person has it: it can be killed and started again.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { browserPath } from './browser.mjs';
import { Hand } from './hand.mjs';

/** `{ start, kill, remove }`: `start()` gives `{ context, page, hand }`, `kill` ends it without a word. */
export function profile() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-profile-'));
  let child = null;
  let ended = null;
  const start = async () => {
    const args = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run'];
    const flags = [
      ...args,
      '--remote-debugging-port=0',
      `--user-data-dir=${folder}`,
      'about:blank',
    ];
    child = spawn(browserPath(), flags, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    ended = new Promise((resolve) => child.on('exit', resolve));
    const address = await new Promise((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (text) => {
        said += text;
        const found = /DevTools listening on (ws:\S+)/.exec(said);
        if (found) resolve(found[1]);
      });
      child.on('exit', () => reject(new Error(`Chromium ended:\n${said}`)));
    });
    const browser = await chromium.connectOverCDP(address);
    const [context] = browser.contexts();
    const page = await context.newPage();
    return { context, page, hand: new Hand(page) };
  };
  const kill = async () => {
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  const remove = async () => {
    if (child.exitCode === null && child.signalCode === null) await kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return { start, kill, remove };
}
