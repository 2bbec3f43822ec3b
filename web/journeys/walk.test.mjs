// A list is worked through in its own order, by keyboard: filtered, started by one key, a task that somebody
// else has passed over, one gone past and come back to, one undone, a reload in the middle, the network gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { enter } from './lib/people.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { mailSchema } from './lib/schemas.mjs';
import { until } from './lib/wire.mjs';

const mail = [
  { id: 'a1', text: 'Invoice 17 is due on Friday.' },
  { id: 'a2', text: 'Lunch at noon?' },
  { id: 'a3', text: 'Your invoice is attached.' },
  { id: 'a4', text: 'Win a car: open the invoice now!' },
  { id: 'a5', text: 'Minutes of the meeting.' },
  { id: 'a6', text: 'The last invoice of the year.' },
];

const onDesk = async (page, key) => {
  await page.waitForFunction(
    (wanted) => document.querySelector('.strip .key')?.textContent.trim() === wanted,
    key,
  );
};
const place = (page) => page.getByTestId('walk-place').textContent();

test(
  'a filter is worked through by keyboard, in its order, to its end',
  { skip: cannot(true) },
  () =>
    withDesk(async (seat) => {
      const { api, server, errors } = seat;
      const { id } = await api.post('/projects', { name: 'Journey list', schema: mailSchema });
      const lines = mail.map((row) => JSON.stringify(row)).join('\n');
      await api.send(`/projects/${id}/imports?raw=1&name=mail.jsonl`, lines);
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.total === mail.length,
      );
      // Cleo has the second invoice on her desk.
      const { items } = await api.get(`/projects/${id}/tasks`);
      const idOf = (key) => items.find(({ task }) => task.key === key).task.id;
      const cleo = await enter(seat, 'cleo', 'annotator');
      await cleo.page.goto(`${server.url}/projects/${id}/desk?walk=w1&tasks=${idOf('a3')}`);
      await onDesk(cleo.page, 'a3');

      const ada = await enter(seat, 'ada', 'annotator');
      const { page, hand } = ada;
      await page.goto(`${server.url}/projects/${id}/tasks`);
      await page.getByRole('row').nth(1).waitFor();
      await hand.press('/');
      await hand.type('invoice');
      await hand.press('Enter', 'Escape');
      await page.waitForFunction(() => location.search.includes('filter='));
      await page.getByRole('button', { name: 'Label these' }).waitFor();
      await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 4);
      await audit(page, 'tasks-to-label');
      await page.evaluate(() => document.activeElement.blur());
      await hand.press('l');

      await onDesk(page, 'a1');
      assert.equal(await place(page), '1 of 3');
      await hand.press('1', 'Enter');
      await onDesk(page, 'a4');
      assert.match(await page.getByTestId('passed-over').textContent(), /1 passed over/);
      assert.equal(await place(page), '2 of 3');

      // Past it, back to it, past it again; what is behind stays open.
      await hand.press(']');
      await onDesk(page, 'a6');
      await hand.press('[');
      await onDesk(page, 'a4');
      await hand.press(']');
      await onDesk(page, 'a6');
      await audit(page, 'desk-list');

      await page.reload();
      await onDesk(page, 'a6');
      assert.equal(await place(page), '3 of 3');
      await page.context().setOffline(true);
      await hand.press('2', 'Enter');
      await page.getByTestId('walk-end').waitFor();
      await page.context().setOffline(false);
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.done === 2,
      );
      await hand.press('Backspace');
      await onDesk(page, 'a6');
      await hand.press('1', 'Enter');
      await page.getByTestId('walk-end').waitFor();
      await hand.press('[');
      await onDesk(page, 'a4');
      await hand.press('Space');
      await page.getByText('You are through this list').waitFor();
      await page.getByText('2 tasks decided').waitFor();
      await page.getByText('1 skipped').waitFor();
      await page.locator('[data-why="with_another"]').waitFor();
      await audit(page, 'desk-list-end');

      const { items: done } = await api.get(`/projects/${id}/tasks?filter=state:done`);
      assert.deepEqual(
        done.map(({ task, labels }) => [task.key, labels]),
        [
          ['a1', 'Spam'],
          ['a6', 'Spam'],
        ],
      );
      await hand.tabTo(/Back to the list/);
      await hand.press('Enter');
      await page.waitForFunction(() => location.pathname.endsWith('/tasks'));
      assert.deepEqual(errors, []);
    }),
);
