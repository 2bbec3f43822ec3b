// A text project: thirty texts answered by keys, the learner's drafts appear while the person works, and
// the export holds the answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { texts } from './lib/data.mjs';
import { chosen, openTask, primary } from './lib/desk.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { until } from './lib/wire.mjs';

const given = texts();
const reviewed = 30;

test(
  'texts: thirty answers by keyboard, then drafts of the learner, then the export',
  { skip: cannot(given) },
  () =>
    withDesk(async ({ page, hand, api, server, errors }) => {
      const { id } = await api.post('/projects', {
        name: 'Journey texts',
        description: '',
        schema: given.schema,
        guideline: given.guideline ?? '',
      });
      await api.send(`/projects/${id}/imports?raw=1&name=texts.jsonl`, given.lines);
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.total === given.truth.size,
      );

      await page.goto(`${server.url}/projects/${id}/desk`);
      let task = await openTask(page);
      await audit(page, 'desk-text');

      const labels = given.schema.controls[0].labels.map(({ name }) => name);
      const answers = new Map();
      const answer = async () => {
        const label = given.truth.get(task.key);
        assert.ok(label, `the truth knows ${task.key}`);
        await hand.press(String(labels.indexOf(label) + 1));
        assert.deepEqual(await chosen(page), [label]);
        answers.set(task.key, label);
        await hand.press('Enter');
        task = await openTask(page, task.id);
      };
      while (answers.size < reviewed) await answer();

      // Drafts come to tasks nobody has opened; those at hand may be without.
      let drafted = false;
      for (let more = 0; more < 40 && !drafted; more += 1) {
        drafted = (await primary(page)) === 'Accept draft';
        if (drafted) break;
        await page.waitForTimeout(500);
        await answer();
      }
      assert.ok(drafted, 'a draft of the learner is on the desk');
      await audit(page, 'desk-text-drafted');

      const [label] = await chosen(page);
      answers.set(task.key, label);
      await hand.press('a');
      await openTask(page, task.id);
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.done === answers.size,
      );

      const lines = String(await api.download(`/projects/${id}/export?format=csv&decided=1`));
      for (const [key, said] of answers) {
        const line = lines.split('\n').find((row) => row.includes(key));
        assert.ok(line?.includes(said), `${key} is ${said} in: ${line}`);
      }
      assert.deepEqual(errors, []);
    }),
);
