// Every screen of the desk, visited by keyboard alone in light and dark, on the real program.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { audit as look, browserPath, openBrowser } from './lib/browser.mjs';
import { press, tabTo, typeInto } from './lib/reach.mjs';
import { program as programPath, startServer } from './lib/server.mjs';

let program;
let seat;
let page;
let project;
const files = mkdtempSync(join(tmpdir(), 'countersign-files-'));
const password = 'a long password';

// 40 rows, one of which has no text: a verdict to look at.
const topics = ['My invoice is wrong', 'Where is my parcel', 'This is a scandal', 'Thank you all'];
const rows = Array.from(
  { length: 40 },
  (_, at) => `${at},${at === 7 ? '' : `${topics[at % 4]} (${at})`}`,
);
writeFileSync(join(files, 'messages.csv'), ['id,text', ...rows].join('\n'));

const skip =
  (!programPath() && 'there is no program: run ./do build') ||
  (!browserPath() && 'there is no Chromium: install the package chromium');

before(async () => {
  if (skip) return;
  program = await startServer();
  seat = await openBrowser();
  page = seat.page;
});

after(async () => {
  await seat?.browser.close();
  await program?.stop();
  rmSync(files, { recursive: true, force: true });
});

/** Another person, with cookies of their own. */
async function openOther() {
  const context = await seat.browser.newContext({ viewport: { width: 1280, height: 720 } });
  return { context, page: await context.newPage() };
}

const heading = (name) => page.getByRole('heading', { level: 1, name }).waitFor();
const idle = () => page.waitForLoadState('networkidle').catch(() => {});

test(
  'a page of somebody who is not signed in asks for it, and refuses a wrong password by name',
  { skip },
  async () => {
    await page.goto(`${program.url}/people`);
    await heading('Sign in');
    await look(page, 'sign-in');
    await typeInto(page, 'textbox', 'Name', 'nobody');
    await tabTo(page, 'textbox', 'Password');
    await page.keyboard.type('wrong password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    assert.equal(new URL(page.url()).pathname, '/people');
  },
);

test('a one-time link signs in once, and does not stay in the address', { skip }, async () => {
  await page.goto(program.link);
  await heading('Projects');
  assert.equal(new URL(page.url()).hash, '');
  const second = await openOther();
  await second.page.goto(program.link);
  await second.page.getByRole('alert').waitFor();
  await second.context.close();
});

test('without projects the page leads to the first one', { skip }, async () => {
  await look(page, 'projects-empty');
  await press(page, 'link', 'Create the first project');
  await heading('New project');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
  await look(page, 'new-project');
  await tabTo(page, 'radio', /.*/);
  await typeInto(page, 'textbox', 'Name', 'Customer messages');
  await page.keyboard.press('Enter');
  await heading('Import');
  project = new URL(page.url()).pathname.split('/')[2];
});

test('a table comes in with a verdict for each row', { skip }, async () => {
  await look(page, 'import');
  const choosing = page.waitForEvent('filechooser');
  await press(page, 'button', 'Choose files');
  await (await choosing).setFiles(join(files, 'messages.csv'));
  await page.getByRole('heading', { name: /^1 file/ }).waitFor();
  await look(page, 'import-chosen');
  await press(page, 'button', 'Import 1 file');
  await page.getByText('39 new tasks').first().waitFor({ timeout: 60_000 });
  await page
    .getByRole('table', { name: /repaired or rejected/ })
    .getByText('rejected')
    .waitFor();
  await look(page, 'import-done');
  const saving = page.waitForEvent('download');
  await press(page, 'button', 'Download as CSV');
  const saved = readFileSync(await (await saving).path(), 'utf8');
  assert.match(saved, /^row,source,verdict,reason\r\n/);
  assert.match(saved, /rejected/);
});

test(
  'a dropped folder is walked to the bottom, without what the system left in it',
  { skip },
  async () => {
    const folder = join(files, 'dropped');
    mkdirSync(join(folder, 'deep'), { recursive: true });
    for (const name of ['b.csv', 'deep/a.csv', '.DS_Store'])
      writeFileSync(join(folder, name), 'text');
    await page.goto(`${program.url}/projects/${project}/import`);
    const zone = await page.getByRole('group', { name: /^Drop files/ }).boundingBox();
    const at = { x: zone.x + zone.width / 2, y: zone.y + 16 };
    // The hand of the operating system: no page can make such a drop by itself.
    const system = await seat.context.newCDPSession(page);
    const data = { items: [], files: [folder], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'])
      await system.send('Input.dispatchDragEvent', { type, ...at, data });
    await page.getByRole('heading', { name: /^2 files/ }).waitFor();
    await page.getByRole('cell', { name: 'dropped/deep/a.csv', exact: true }).waitFor();
    await page.getByText('1 file of the operating system was left out.').waitFor();
  },
);

test(
  'every screen of the project has its heading, title and link, and breaks no rule',
  { skip },
  async () => {
    const screens = [
      ['', 'Customer messages', 'overview'],
      ['/tasks', 'Tasks', 'tasks'],
      ['/schema', 'Schema and guideline', 'schema'],
      ['/models', 'Models', 'models'],
      ['/live', 'Live', 'live'],
      ['/jobs', 'Jobs', 'jobs'],
      ['/history', 'History', 'history'],
      ['/settings', 'Settings', 'settings'],
    ];
    const titles = new Set();
    for (const [path, title, name] of screens) {
      await page.goto(`${program.url}/projects/${project}${path}`);
      await heading(title);
      await idle();
      titles.add(await page.title());
      await look(page, name);
    }
    assert.equal(titles.size, screens.length);
    for (const [path, title, name] of [
      ['/', 'Projects', 'projects'],
      ['/people', 'People', 'people'],
      ['/account', 'Your account', 'account'],
      ['/nowhere', 'There is no such page', 'not-found'],
      ['/projects/p0000000000', 'This project cannot be opened', 'no-project'],
    ]) {
      await page.goto(program.url + path);
      await heading(title);
      await look(page, name);
    }
  },
);

test('a page at rest asks the server a few times a second at most', { skip }, async () => {
  for (const path of [
    '',
    '/tasks',
    '/models',
    '/live',
    '/jobs',
    '/history',
    '/schema',
    '/settings',
  ]) {
    await page.goto(`${program.url}/projects/${project}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await idle();
    let asked = 0;
    const count = () => (asked += 1);
    page.on('request', count);
    await page.waitForTimeout(2000);
    page.off('request', count);
    assert.ok(asked <= 12, `${path}: ${asked} requests in two seconds`);
  }
});

test('tasks are filtered, walked with the arrow keys and opened with Enter', { skip }, async () => {
  await page.goto(`${program.url}/projects/${project}/tasks`);
  await page.getByRole('heading', { name: 'Tasks' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('invoice');
  await page.keyboard.press('Enter');
  await page.getByText('10 tasks', { exact: true }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('filter'), 'text:invoice');
  // Completed by arrow and Enter, field and value; kept as a view, which reload brings back.
  await page.keyboard.type('sta');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Change state:ready' }).waitFor();
  await page.getByRole('heading', { name: 'Tasks' }).click();
  await page.keyboard.press('Shift+S');
  await page.getByRole('textbox', { name: 'Name of the view' }).waitFor();
  await page.keyboard.type('Open invoices');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Open invoices/ }).waitFor();
  await look(page, 'task-filter');
  await page.keyboard.press('[');
  await page.getByRole('button', { name: 'Change state:ready' }).waitFor({ state: 'detached' });
  await page.keyboard.press(']');
  await page.getByRole('button', { name: 'Change state:ready' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Change state:ready' }).waitFor();
  // Columns are chosen and moved by keyboard, and stay with the view.
  const titles = () => page.getByRole('columnheader').allTextContents();
  await page.keyboard.press('c');
  await page.getByRole('checkbox', { name: 'Priority' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Alt+ArrowUp');
  await look(page, 'task-columns');
  await page.keyboard.press('Escape');
  assert.deepEqual((await titles()).slice(-2), ['Priority', 'Decided']);
  await page.keyboard.press('[');
  await page.getByRole('button', { name: 'Change state:ready' }).waitFor({ state: 'detached' });
  assert.equal((await titles()).includes('Priority'), false);
  await page.keyboard.press(']');
  await page.getByRole('columnheader', { name: 'Priority' }).waitFor();
  await tabTo(page, 'button', 'Remove state:ready');
  await page.keyboard.press('Enter');
  await page.getByText('10 tasks', { exact: true }).waitFor();
  await tabTo(page, 'row', /\(0\)/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'About the task' }).waitFor();
  await page.getByText('My invoice is wrong (8)').first().waitFor();
  await typeInto(page, 'textbox', 'Add a comment', 'Which invoice?');
  await press(page, 'button', 'Comment');
  await page.getByText('Which invoice?').waitFor();
  await look(page, 'task');
});

test(
  'a label gets a name, a key and a guideline, moves by keyboard, and makes a new version',
  { skip },
  async () => {
    await page.goto(`${program.url}/projects/${project}/schema`);
    await page.getByText('Schema version 1').waitFor();
    await typeInto(page, 'textbox', 'Name of label 1', 'Billing');
    await page.keyboard.press('Alt+ArrowDown');
    assert.equal(
      await page.getByRole('textbox', { name: 'Name of label 2' }).inputValue(),
      'Billing',
    );
    await press(page, 'button', 'More about Billing: other names, guideline');
    await typeInto(page, 'textbox', 'Other names for it', 'invoice, payment');
    await press(page, 'button', 'Save');
    await page.getByText('Schema version 2').first().waitFor();
    await tabTo(page, 'tab', 'Controls and labels');
    await page.keyboard.press('ArrowRight');
    await typeInto(
      page,
      'textbox',
      'Guideline',
      '# Billing\n\n<script>alert(1)</script> **money**',
    );
    await page.getByText('<script>alert(1)</script>').last().waitFor();
    await look(page, 'guideline');
    await tabTo(page, 'tab', 'Guideline');
    await page.keyboard.press('ArrowRight');
    await look(page, 'schema-json');
    await press(page, 'button', 'Save');
    await page.getByText('guideline version 2').first().waitFor();
  },
);

test('the palette goes anywhere, and the help lists the keys', { skip }, async () => {
  await page.goto(`${program.url}/projects/${project}`);
  await heading('Customer messages');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await look(page, 'palette');
  await page.keyboard.type('history');
  await page.keyboard.press('Enter');
  await heading('History');
  await press(page, 'button', 'Verify the history');
  await page.getByText(/checked: hashes, order and signatures hold/).waitFor();
  await page.keyboard.press('F1');
  await page.getByRole('dialog').waitFor();
  await look(page, 'help');
  await page.keyboard.press('Escape');
});

test('an export says what it carries and downloads as a stream', { skip }, async () => {
  await page.goto(`${program.url}/projects/${project}`);
  await press(page, 'button', 'Export');
  await page.getByRole('radio').first().waitFor();
  await look(page, 'export');
  await tabTo(page, 'checkbox', /^Only tasks/);
  await page.keyboard.press('Space');
  const saving = page.waitForEvent('download');
  await press(page, 'link', 'Download');
  const lines = readFileSync(await (await saving).path(), 'utf8')
    .trim()
    .split('\n');
  assert.ok(lines.length >= 39, `${lines.length} lines`);
});

test('settings are saved, and stand there after a reload', { skip }, async () => {
  await page.goto(`${program.url}/projects/${project}/settings`);
  await typeInto(page, 'spinbutton', 'Blind controls (%)', '20');
  await press(page, 'button', 'Save');
  await page.getByText('The settings are saved.').waitFor();
  await page.reload();
  assert.equal(
    await page.getByRole('spinbutton', { name: 'Blind controls (%)' }).inputValue(),
    '20',
  );
});

test('somebody who is added comes in by a link, in a role that opens less', { skip }, async () => {
  await page.goto(`${program.url}/people`);
  await press(page, 'button', 'Add a person');
  await typeInto(page, 'textbox', 'Sign-in name', 'grace');
  await page.keyboard.press('Enter');
  const link = await page.getByRole('textbox', { name: 'One-time link' }).inputValue();
  await look(page, 'person-link');
  await page.keyboard.press('Escape');
  const other = await openOther();
  await other.page.goto(link);
  await other.page.getByRole('heading', { level: 1, name: 'Projects' }).waitFor();
  await other.page.goto(`${program.url}/projects/${project}/settings`);
  await other.page.getByText('Your role does not open this page').waitFor();
  assert.equal(await other.page.getByRole('link', { name: 'Import', exact: true }).count(), 0);
  await look(other.page, 'not allowed');
  await other.context.close();
});

test('a session that ends under somebody’s hands is opened again in place', { skip }, async () => {
  await page.goto(`${program.url}/account`);
  await typeInto(page, 'textbox', 'New password', password);
  await typeInto(page, 'textbox', 'Once more', password);
  await press(page, 'button', 'Set the password');
  await page.getByText('Your password is set.').waitFor();
  await seat.context.clearCookies();
  await typeInto(page, 'textbox', 'Shown as', 'Ada');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  await look(page, 'sign-in-again');
  await typeInto(page, 'textbox', 'Password', password);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor({ state: 'hidden' });
  assert.equal(await page.getByRole('textbox', { name: 'Shown as' }).inputValue(), 'Ada');
  await press(page, 'button', 'Save');
  await page.getByText('Your name is saved.').waitFor();
});

test('an API token is shown once', { skip }, async () => {
  await typeInto(page, 'textbox', 'What for', 'nightly export');
  await press(page, 'button', 'Make a token');
  const secret = await page.getByRole('textbox', { name: /^Token/ }).inputValue();
  assert.ok(secret.length > 20);
  await look(page, 'tokens');
  await page.reload();
  await page.getByRole('cell', { name: 'nightly export', exact: true }).waitFor();
  assert.equal((await page.content()).includes(secret), false);
});

test('the first load is below 300 kB, compressed', { skip }, async () => {
  const fresh = await openOther();
  const client = await fresh.context.newCDPSession(fresh.page);
  await client.send('Network.enable');
  let bytes = 0;
  client.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await fresh.page.goto(program.url);
  await fresh.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await fresh.page.waitForLoadState('networkidle');
  await fresh.context.close();
  assert.ok(bytes > 10_000 && bytes < 300_000, `${bytes} bytes`);
});

test('no page complained in the console', { skip }, () => {
  // The browser logs the status of each refusal by itself; refusals are part of this journey.
  const said = seat.errors.filter((error) => !/Failed to load resource/.test(error));
  assert.deepEqual(said, []);
});
