// Trusted answers come with a file; a new annotator answers some of them first, by keyboard, sees each beside
// the trusted answer, fails, and is let pass by the supervisor; a gold task is made work again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { openTask } from './lib/desk.mjs';
import { enter } from './lib/people.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { label, mailSchema } from './lib/schemas.mjs';
import { until } from './lib/wire.mjs';

const [topic] = mailSchema.controls;
const labels = [
  label('Spam', 'Spam is what **nobody asked for**.'),
  label('Ham', 'Ham is wanted.'),
];
const schema = { ...mailSchema, controls: [{ ...topic, labels }] };
const gold = [
  { id: 'g1', text: 'Buy now: two for the price of one, today only.', label: 'Spam' },
  { id: 'g2', text: 'The meeting is at ten, in the small room.', label: 'Ham' },
];
const work = [{ id: 'm1', text: 'Your parcel is waiting at the gate.' }];
const lines = (rows) => rows.map((row) => JSON.stringify(row)).join('\n');

test(
  'a newcomer is compared with trusted answers, fails, is let pass, and works',
  { skip: cannot(true) },
  () =>
    withDesk(async (seat) => {
      const { api, server, page, hand, errors } = seat;
      const { id } = await api.post('/projects', {
        name: 'Journey gold',
        description: '',
        schema,
        guideline: 'Spam is what nobody asked for.',
        policy: {},
      });
      await api.send(
        `/projects/${id}/imports?raw=1&name=gold.jsonl&labels_are_gold=1`,
        lines(gold),
      );
      await api.send(`/projects/${id}/imports?raw=1&name=work.jsonl`, lines(work));
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.gold === 2 && p.ready === 1,
      );

      // The supervisor asks for two first tasks, by keyboard.
      await page.goto(`${server.url}/projects/${id}/settings`);
      await page.getByLabel('First tasks of a new annotator').waitFor();
      await audit(page, 'settings-gold');
      await hand.tabTo(/^First tasks of a new annotator/);
      await hand.press('Control+a');
      await hand.type('2');
      await hand.choose(/^Save/);
      await until(
        () => api.get(`/projects/${id}`),
        (p) => p.policy.onboarding === 2,
      );

      // Ada answers Spam to both: one of them is wrong.
      const ada = await enter(seat, 'ada', 'annotator');
      await ada.page.goto(`${server.url}/projects/${id}/desk`);
      for (let n = 1; n <= 2; n += 1) {
        const task = await openTask(ada.page);
        assert.ok(['g1', 'g2'].includes(task.key), 'gold comes first');
        await ada.hand.press('1', 'Enter');
        const feedback = ada.page.getByTestId('feedback');
        await feedback.waitFor();
        const says = await feedback.innerText();
        assert.match(says, task.key === 'g1' ? /As the trusted answer has it/ : /is different/);
        if (task.key === 'g2') {
          assert.match(says, /Ham is wanted/, 'the guideline of the label is at hand');
          await audit(ada.page, 'onboarding-feedback');
        }
        await ada.hand.press('Enter');
        await feedback.waitFor({ state: 'hidden' });
      }
      await ada.page.locator('[data-why="failed"]').waitFor();
      await audit(ada.page, 'onboarding-failed');

      // The supervisor sees where she stands, and lets her pass.
      await page.goto(`${server.url}/projects/${id}/gold`);
      await page.getByText('failed, 50 % of 80 %').waitFor();
      await audit(page, 'gold');
      await hand.choose(/^Let pass$/);
      await page.getByText('ada goes on to work.').waitFor();

      await ada.page.reload();
      const first = await openTask(ada.page);
      assert.equal(first.key, 'm1');
      await ada.hand.press('2', 'Enter');
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.done === 1,
      );

      // A gold task is made work again, with a reason.
      await hand.tabTo(/Buy now: two/);
      await hand.press('Space');
      await page.getByText('1 gold task chosen').waitFor();
      await page.getByLabel('Why its answer is not to be trusted').focus();
      await hand.type('ambiguous');
      await hand.press('Enter');
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.gold === 1,
      );
      assert.deepEqual(errors, []);
    }),
);
