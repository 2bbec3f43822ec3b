// By keyboard: a comment mentions a colleague who is chosen from the list; the colleague sees the bell count,
// opens the list, goes to the place, and finds the mention under the name it has by then.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { openTask } from './lib/desk.mjs';
import { enter } from './lib/people.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { mailSchema } from './lib/schemas.mjs';
import { until } from './lib/wire.mjs';

test(
  'a mention at the desk reaches the colleague by bell, by keyboard alone',
  { skip: cannot(true) },
  () =>
    withDesk(async (seat) => {
      const { api, server, errors } = seat;
      const { id } = await api.post('/projects', { name: 'Journey mentions', schema: mailSchema });
      const lines = ['m1', 'm2'].map((key) => JSON.stringify({ id: key, text: `Mail ${key}` }));
      await api.send(`/projects/${id}/imports?raw=1&name=mail.jsonl`, lines.join('\n'));
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.total === lines.length,
      );
      const ada = await enter(seat, 'ada', 'annotator');
      const bo = await enter(seat, 'bo', 'annotator');

      // Nothing yet: the list is empty and says what will stand there.
      await bo.hand.press('Shift+N');
      const panel = bo.page.getByTestId('notifications');
      await panel.getByText(/^Nothing yet/).waitFor();
      await audit(bo.page, 'notifications-empty');
      await bo.hand.press('Escape');
      await panel.waitFor({ state: 'detached' });

      // Ada asks Bo under the task on her desk; the list offers him behind the @.
      await ada.page.goto(`${server.url}/projects/${id}/desk`);
      const open = await openTask(ada.page);
      await ada.hand.press('Shift+C');
      await ada.hand.type('Is this one for you, @b');
      await ada.page.getByRole('option', { name: 'bo' }).waitFor();
      await audit(ada.page, 'mention-offer');
      await ada.hand.press('Enter');
      await ada.hand.type('?');
      await ada.hand.press('Enter');
      await ada.page.locator('dialog .mention', { hasText: '@bo' }).waitFor();
      await ada.hand.press('Escape', '1', 'Enter');
      await openTask(ada.page, open.id);

      // He has another name by now; the task is done, so that he may read what was said under it.
      await seat.api.patch(`/people/${bo.person.id}`, { display: 'Bo B.' });
      await bo.page.reload();
      await bo.page.getByTestId('unread').waitFor();
      assert.equal(await bo.page.getByTestId('unread').textContent(), '1');
      await bo.hand.press('Shift+N');
      const row = panel.locator('[data-notification="mentioned"]');
      await row.waitFor();
      assert.match(
        await row.textContent(),
        /ada mentioned you under m1.*Is this one for you, @Bo B\./s,
      );
      await audit(bo.page, 'notifications');
      await until(
        () => bo.hand.focused(),
        (name) => /ada mentioned you/.test(name),
      );
      await bo.hand.press('Enter');
      await bo.page.waitForURL(`${server.url}/projects/${id}/tasks/${open.id}`);
      await bo.page.locator('.mention', { hasText: '@Bo B.' }).waitFor();
      await bo.page.getByTestId('unread').waitFor({ state: 'detached' });

      // Whom nobody wants to hear of is switched off on the account page.
      await bo.page.goto(`${server.url}/account`);
      await bo.page.getByRole('checkbox', { name: 'Somebody mentions me' }).waitFor();
      await bo.hand.tabTo(/^Somebody mentions me/);
      await bo.hand.press('Space');
      await until(
        () => bo.api.get('/notifications/choices'),
        ({ kinds }) => kinds.find(({ kind }) => kind === 'mentioned').on === false,
      );
      await audit(bo.page, 'account-told');
      assert.deepEqual(errors, []);
    }),
);
