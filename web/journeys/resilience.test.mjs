// What must not happen at the desk, whatever happens to the network, the server, the browser or the clock: a
// lost edit, a lost decision, one that is recorded twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { chosen, openTask } from './lib/desk.mjs';
import { Hand } from './lib/hand.mjs';
import { arrived, decide, notesDesk } from './lib/notes.mjs';
import { profile } from './lib/profile.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { startServer } from './lib/server.mjs';
import { until, wire } from './lib/wire.mjs';

const skip = cannot(true);

const waiting = (page) => page.waitForSelector('[data-testid="waiting"]');
const sent = (page) =>
  page.waitForFunction(() => !document.querySelector('[data-testid="waiting"]'));

test(
  'without a network the desk works on, says so, and sends each decision once when it is back',
  { skip },
  () =>
    withDesk(async (seat) => {
      const { page, hand, api, context } = seat;
      const { id, task } = await notesDesk(seat);
      await context.setOffline(true);
      const second = await decide(seat, task, 1);
      const third = await decide(seat, second, 2);
      await hand.press('3', 'Enter');
      await waiting(page);
      const said = await page.locator('[data-testid="waiting"]').innerText();
      assert.match(said, /3 decisions waiting/);
      await audit(page, 'desk-offline');
      await context.setOffline(false);
      await arrived(api, id, [
        [task.key, 1],
        [second.key, 2],
        [third.key, 3],
      ]);
      await sent(page);
      assert.ok(await openTask(page, third.id), 'the desk goes on');
    }),
);

test('an answer that is lost on its way back is not a second decision', { skip }, () =>
  withDesk(async (seat) => {
    const { page, api } = seat;
    const { id, task } = await notesDesk(seat);
    const keys = [];
    await page.route('**/annotations', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      await route.fetch();
      await (keys.length < 3 ? route.abort() : route.continue());
    });
    const second = await decide(seat, task, 1);
    await until(
      () => keys.length,
      (tries) => tries === 3,
    );
    await sent(page);
    await arrived(api, id, [[task.key, 1]]);
    assert.equal(new Set(keys).size, 1, 'it was sent again under the same key');
    await decide(seat, second, 2);
    await arrived(api, id, [
      [task.key, 1],
      [second.key, 2],
    ]);
  }),
);

test('a server that is killed and started again finds every decision once', { skip }, () =>
  withDesk(async (seat) => {
    const { page, hand, api, server } = seat;
    const { id, task } = await notesDesk(seat);
    const second = await decide(seat, task, 1);
    await server.kill();
    const third = await decide(seat, second, 2);
    await hand.press('3');
    await waiting(page);
    await server.again();
    await hand.press('Enter');
    await arrived(api, id, [
      [task.key, 1],
      [second.key, 2],
      [third.key, 3],
    ]);
  }),
);

test(
  'a reload brings the desk back as it was, and what was decided can still be undone',
  { skip },
  () =>
    withDesk(async (seat) => {
      const { page, hand, errors } = seat;
      const { task } = await notesDesk(seat);
      const second = await decide(seat, task, 1);
      await hand.press('2', 'f');
      await page.waitForSelector('[data-saved="there"]');
      await page.reload();
      assert.equal((await openTask(page)).key, second.key);
      assert.deepEqual(await chosen(page), ['Sport']);
      await page.waitForSelector('button[aria-pressed="true"]:has-text("Flagged")');
      await hand.press('Backspace');
      await page.waitForFunction((id) => document.querySelector(`[data-task="${id}"]`), task.id);
      assert.deepEqual(await chosen(page), ['News'], 'what was chosen is on the desk again');
      assert.deepEqual(errors, []);
    }),
);

test(
  'a browser that is killed loses neither the decisions that wait nor the edit at hand',
  { skip },
  async () => {
    const server = await startServer();
    const kept = profile();
    try {
      const before = await kept.start();
      await before.page.goto(server.link);
      await before.page.waitForURL(`${server.url}/`);
      const api = await wire(before.context, server.url);
      const cookies = await before.context.cookies();
      const { id, task } = await notesDesk({ ...before, api, server });
      await server.kill();
      const second = await decide(before, task, 1);
      const third = await decide(before, second, 2);
      await before.hand.press('3');
      await before.page.waitForSelector('[data-saved="here"]');
      await waiting(before.page);
      await kept.kill();
      await server.again();
      const { context, page, hand } = await kept.start();
      // A browser may forget a cookie of the last seconds; signing in again is another journey.
      await context.addCookies(cookies);
      await page.goto(`${server.url}/projects/${id}/desk`);
      assert.equal((await openTask(page)).key, third.key);
      assert.deepEqual(await chosen(page), ['Science']);
      const now = await wire(context, server.url);
      await arrived(now, id, [
        [task.key, 1],
        [second.key, 2],
      ]);
      await hand.press('Enter');
      await arrived(now, id, [
        [task.key, 1],
        [second.key, 2],
        [third.key, 3],
      ]);
    } finally {
      await kept.remove();
      await server.stop();
    }
  },
);

/** Another tab of the same browser, at the same desk. */
async function anotherTab({ context, server }, id) {
  const page = await context.newPage();
  await page.goto(`${server.url}/projects/${id}/desk`);
  return { page, hand: new Hand(page) };
}

test(
  'two tabs share the tasks out, and what one waits to send the other leaves alone',
  { skip },
  () =>
    withDesk(async (seat) => {
      const { api, context } = seat;
      const { id, task } = await notesDesk(seat, 8);
      const other = await anotherTab(seat, id);
      let [here, there] = [task, await openTask(other.page)];
      assert.notEqual(here.id, there.id);
      await context.setOffline(true);
      const decided = new Map();
      for (const n of [1, 2]) {
        decided.set(here.key, n).set(there.key, n);
        here = await decide(seat, here, n);
        there = await decide(other, there, n);
        assert.notEqual(here.id, there.id);
      }
      assert.equal(decided.size, 4, 'no task is in both');
      await waiting(other.page);
      await context.setOffline(false);
      await arrived(api, id, [...decided]);
      // The rest, in both tabs. An answer of the server may be on its way while the other tab decides a task
      // that it names: then both show it, and of the two decisions the server takes one.
      while (here || there) {
        if (here) decided.set(here.key, 3);
        if (here) here = await decide(seat, here, 3);
        if (there) decided.set(there.key, 3);
        if (there) there = await decide(other, there, 3);
      }
      assert.equal(decided.size, 8);
      await arrived(api, id, [...decided]);
    }),
);

test('a tab that is closed hands on its tasks, its edit and what it had not sent', { skip }, () =>
  withDesk(async (seat) => {
    const { page, api, hand } = seat;
    // Three tasks: the first tab holds them all.
    const { id, task } = await notesDesk(seat, 3);
    const other = await anotherTab(seat, id);
    await other.page.waitForSelector('[data-testid="nothing"]');
    await page.route('**/annotations', (route) => route.abort());
    const second = await decide(seat, task, 1);
    await waiting(page);
    await hand.press('2', 'f');
    await page.waitForSelector('[data-saved="there"]');
    await page.close();
    const found = await other.page.waitForFunction(() =>
      document.querySelector('[data-task]')?.getAttribute('data-task'),
    );
    assert.equal(await found.jsonValue(), second.id);
    assert.deepEqual(await chosen(other.page), ['Sport']);
    await arrived(api, id, [[task.key, 1]]);
    const third = await decide(other, second, 2);
    await decide(other, third, 3);
    await arrived(api, id, [
      [task.key, 1],
      [second.key, 2],
      [third.key, 3],
    ]);
  }),
);

const password = 'a long enough password';

/** The person has a password from now on; the old session ends with that. */
async function withPassword({ api, context, page, server }, password) {
  const { person } = await api.get('/session');
  await api.patch(`/people/${person.id}`, { password });
  await context.request.post(`${server.url}/api/v1/session`, {
    data: { name: person.name, password },
  });
  await page.reload();
  return wire(context, server.url);
}

test('a session that ends in the middle of an edit is opened again over it', { skip }, () =>
  withDesk(async (seat) => {
    const { page, hand, context, server } = seat;
    const api = await withPassword(seat, password);
    const { id, task } = await notesDesk({ ...seat, api });
    await context.clearCookies();
    const second = await decide(seat, task, 1);
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.waitFor();
    assert.equal(await page.locator('[data-task]').getAttribute('data-task'), second.id);
    await dialog.getByRole('textbox', { name: 'Password' }).focus();
    await hand.type(password);
    await hand.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    const now = await wire(context, server.url);
    await arrived(now, id, [[task.key, 1]]);
    await decide(seat, second, 2);
    await arrived(now, id, [
      [task.key, 1],
      [second.key, 2],
    ]);
  }),
);

const hour = 3_600_000;
for (const [how, skew] of [
  ['ahead', 3 * hour],
  ['behind', -3 * hour],
])
  test(`a clock three hours ${how} loses nothing and counts no time that was not`, { skip }, () =>
    withDesk(async (seat) => {
      const { page, hand, api, context } = seat;
      await context.addInitScript((by) => {
        const Real = Date;
        const now = () => Real.now() + by;
        globalThis.Date = class extends Real {
          constructor(...given) {
            if (given.length === 0) super(now());
            else super(...given);
          }
          static now() {
            return now();
          }
        };
      }, skew);
      const renewed = [];
      page.on(
        'request',
        (request) => /\/renew$/.test(request.url()) && renewed.push(request.url()),
      );
      const { id, task } = await notesDesk(seat);
      assert.ok(
        Math.abs((await page.evaluate(() => Date.now())) - Date.now() - skew) < hour / 10,
        'the page has the wrong clock',
      );
      const second = await decide(seat, task, 1);
      await hand.press('2');
      await page.waitForSelector('[data-saved="there"]');
      await page.reload();
      assert.equal((await openTask(page)).key, second.key);
      assert.deepEqual(await chosen(page), ['Sport'], 'the later edit is the one that is kept');
      await hand.press('3');
      await page.waitForSelector('[data-saved="there"]');
      await page.reload();
      await openTask(page);
      assert.deepEqual(await chosen(page), ['Science']);
      await decide(seat, second, 3);
      await arrived(api, id, [
        [task.key, 1],
        [second.key, 3],
      ]);
      assert.deepEqual(renewed, [], 'no lease looked as if it ran out');
      const { items } = await api.get(`/projects/${id}/recent?limit=10`);
      for (const { active_ms } of items) assert.ok(active_ms >= 0 && active_ms < hour / 10);
    }),
  );

test('on a slow network the desk works ahead and says what is on its way', { skip }, () =>
  withDesk(async (seat) => {
    const { page, api, context } = seat;
    const { id, task } = await notesDesk(seat);
    const client = await context.newCDPSession(page);
    const throttle = (latency) =>
      client.send('Network.emulateNetworkConditions', {
        ...{ offline: false, latency },
        ...{ downloadThroughput: 50_000, uploadThroughput: 50_000 },
      });
    await client.send('Network.enable');
    await throttle(4_000);
    const second = await decide(seat, task, 1);
    await page.waitForSelector('[data-testid="on-its-way"]');
    const third = await decide(seat, second, 2);
    await throttle(0);
    await arrived(api, id, [
      [task.key, 1],
      [second.key, 2],
    ]);
    await decide(seat, third, 3);
    await arrived(api, id, [
      [task.key, 1],
      [second.key, 2],
      [third.key, 3],
    ]);
    await page.waitForFunction(() => !document.querySelector('[data-testid="on-its-way"]'));
  }),
);

test(
  'a browser without room says what closing the page would lose, and loses nothing',
  { skip },
  () =>
    withDesk(async (seat) => {
      const { page, hand, api, context, server } = seat;
      const client = await context.newCDPSession(page);
      await client.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 1 });
      const { id, task } = await notesDesk(seat);
      await context.setOffline(true);
      const second = await decide(seat, task, 1);
      await page.getByText('keep this page open').waitFor();
      await hand.press('2');
      await page.waitForSelector('[data-saved="nowhere"]');
      await audit(page, 'desk-no-room');
      await context.setOffline(false);
      await page.waitForSelector('[data-saved="there"]');
      await arrived(api, id, [[task.key, 1]]);
      await sent(page);
      await decide(seat, second, 2);
      await arrived(api, id, [
        [task.key, 1],
        [second.key, 2],
      ]);
    }),
);
