// Chromium as a person has it, and what must hold on every screen: no error in the console, nothing that
// axe finds, and a picture in light and dark when pictures are asked for.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Hand } from './hand.mjs';

const browsers = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const small = { width: 1280, height: 720 };
const large = { width: 1920, height: 1080 };
const shots = process.env.COUNTERSIGN_SHOTS;

export function browserPath() {
  return browsers.find((path) => path && existsSync(path)) ?? null;
}

export async function openBrowser() {
  const args = ['--no-sandbox', '--headless=new', '--disable-gpu'];
  const browser = await chromium.launch({ executablePath: browserPath(), args });
  const context = await browser.newContext({ viewport: small, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    // The first question of a page, whether somebody is signed in, may be answered with no.
    if (message.type() === 'error' && !/status of 401/.test(message.text()))
      errors.push(message.text());
  });
  return { browser, context, page, hand: new Hand(page), errors };
}

/** What axe finds on the screen as it is, light and dark; fails on any violation of WCAG 2.2 A or AA. */
export async function audit(page, name) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForTimeout(300);
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    // Through the debugger, as the page's own policy allows no foreign script.
    const found = await page.evaluate(`${axe}; axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`);
    const said = found.violations.map(({ id, help, nodes }) => {
      const where = nodes
        .slice(0, 3)
        .map(({ html, failureSummary }) => `${html}\n      ${failureSummary}`);
      return `${id}: ${help}\n    ${where.join('\n    ')}`;
    });
    assert.deepEqual(said, [], `axe on "${name}" (${colorScheme})`);
    if (shots) await picture(page, name, colorScheme);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(small);
}

async function picture(page, name, scheme) {
  mkdirSync(shots, { recursive: true });
  for (const size of [small, large]) {
    await page.setViewportSize(size);
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(shots, `${name}-${scheme}-${size.width}.png`) });
  }
  await page.setViewportSize(small);
}
