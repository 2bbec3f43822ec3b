// From a task to those like it, by keyboard: prepared by itself, walked on, filtered, and given to somebody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { press, tabTo } from './lib/reach.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { mailSchema } from './lib/schemas.mjs';
import { until } from './lib/wire.mjs';

const kinds = [
  'Where is my parcel, it should have arrived',
  'My invoice shows the wrong amount',
  'Please delete the account I opened',
];

test(
  'a person finds the tasks like one, goes on from there, and gives some to a colleague',
  { skip: cannot(true) },
  () =>
    withDesk(async ({ api, server, page, hand, errors }) => {
      const { id } = await api.post('/projects', { name: 'Journey similar', schema: mailSchema });
      const lines = Array.from({ length: 30 }, (_, n) =>
        JSON.stringify({ id: `m${n}`, text: `${kinds[n % 3]} (${n})` }),
      );
      await api.send(`/projects/${id}/imports?raw=1&name=mail.jsonl`, lines.join('\n'));
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.total === lines.length,
      );

      await page.goto(`${server.url}/projects/${id}/tasks`);
      await tabTo(page, 'row', /parcel.*\(0\)/);
      await page.keyboard.press('s');
      await page.getByRole('heading', { level: 1, name: 'Similar to m0' }).waitFor();
      const table = page.getByRole('table', { name: 'Similar to m0' });
      await table.waitFor();
      const items = () =>
        table.getByRole('row').evaluateAll((rows) => rows.slice(1).map((row) => row.textContent));
      const first = await items();
      assert.ok(first.length > 5);
      for (const text of first.slice(0, 5)) assert.match(text, /parcel/);

      // Two of them become a colleague's.
      await tabTo(page, 'row', /parcel/);
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await page.getByText('2 tasks chosen').waitFor();
      await tabTo(page, 'combobox', 'Meant for');
      await page.keyboard.press('ArrowDown');
      await press(page, 'button', 'Assign');
      await page.getByText(/^2 tasks changed/).waitFor();
      await table.getByText(/^for /).first().waitFor();

      // From a row on to what is like that, and by the palette from a task that is looked at.
      await hand.tabTo(/parcel/);
      await page.keyboard.press('End');
      await page.waitForFunction(() => document.activeElement?.getAttribute('data-row') === '28');
      await page.keyboard.press('s');
      await page
        .getByRole('heading', { level: 1, name: 'Similar to m0' })
        .waitFor({ state: 'detached' });
      await page.getByRole('heading', { level: 1, name: /^Similar to m\d+$/ }).waitFor();
      await page.getByRole('table').waitFor();
      await audit(page, 'similar');
      await page.goto(`${server.url}/projects/${id}/tasks`);
      await tabTo(page, 'row', /parcel.*\(0\)/);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'About the task' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.keyboard.type('Similar tasks');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Similar to m2' }).waitFor();

      // A filter holds; one that nothing meets says so and is cleared.
      await page.getByRole('table').waitFor();
      await page.goto(`${page.url()}?filter=text%3Ainvoice`);
      await page.getByRole('table').getByText('invoice').first().waitFor();
      await page.goto(page.url().replace('invoice', 'giraffe'));
      await page.getByRole('heading', { name: 'Nothing similar' }).waitFor();
      await audit(page, 'similar-none');
      await press(page, 'link', 'Clear');
      await page.getByRole('table').waitFor();
      assert.deepEqual(errors, []);
    }),
);
