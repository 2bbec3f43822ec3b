// A supervisor sees who holds what and how fast it goes, and puts a task back by keyboard; the person at the desk
// learns it without asking, and sees their own line alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { openTask } from './lib/desk.mjs';
import { enter } from './lib/people.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { mailSchema } from './lib/schemas.mjs';
import { until } from './lib/wire.mjs';

test(
  'a supervisor sees who is at work and puts a task back; the desk learns it by itself',
  { skip: cannot(true) },
  () =>
    withDesk(async (seat) => {
      const { api, server, page, hand, errors } = seat;
      const { id } = await api.post('/projects', { name: 'Journey live', schema: mailSchema });
      const lines = [1, 2, 3, 4, 5, 6, 7, 8].map((n) =>
        JSON.stringify({ id: `m${n}`, text: `Mail number ${n}` }),
      );
      await api.send(`/projects/${id}/imports?raw=1&name=mail.jsonl`, lines.join('\n'));
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.total === lines.length,
      );
      const ada = await enter(seat, 'ada', 'annotator');
      await ada.page.goto(`${server.url}/projects/${id}/desk`);
      const first = await openTask(ada.page);
      await ada.hand.press('1', 'Enter');
      const second = await openTask(ada.page, first.id);
      await ada.hand.press('2', 'Enter');
      const open = await openTask(ada.page, second.id);
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.done === 2,
      );

      await page.goto(`${server.url}/projects/${id}`);
      await page.getByRole('link', { name: 'Live' }).waitFor();
      await hand.choose(/^Live$/);
      const line = page.locator(`[data-person="${ada.person.id}"]`);
      await line.waitFor();
      assert.match(await line.locator('td').first().textContent(), /^2$/);
      await audit(page, 'live');

      await hand.choose(/^Put back what ada holds$/);
      await page.getByRole('dialog').waitFor();
      await audit(page, 'live-put-back');
      await hand.choose(/^Put back$/);
      await page.getByText(/back in the queue; ada is told/).waitFor();
      await until(
        () => api.get(`/projects/${id}/live`),
        (board) => board.people.every(({ held }) => held.length === 0),
      );

      // She is told at her desk, and keeps what she had.
      await ada.page.getByText(/no longer held for you/).waitFor();
      await ada.page.getByTestId('unread').waitFor();
      assert.equal(await ada.page.locator('[data-task]').getAttribute('data-task'), open.id);
      await audit(ada.page, 'live-told-at-the-desk');

      await ada.page.goto(`${server.url}/projects/${id}/live`);
      await ada.page.locator(`[data-person="${ada.person.id}"]`).waitFor();
      await ada.page.getByText(/as your supervisor sees it/).waitFor();
      assert.equal(await ada.page.getByRole('button', { name: /^Put back/ }).count(), 0);
      await audit(ada.page, 'live-own-line');
      assert.deepEqual(errors, []);
    }),
);
