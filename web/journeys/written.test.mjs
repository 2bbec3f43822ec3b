// Answers in writing: the key that leads to the field, and each task with what was written into it, nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTask, primary } from './lib/desk.mjs';
import { projectOf } from './lib/projects.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { tones } from './lib/sounds.mjs';
import { until } from './lib/wire.mjs';

const control = { name: 'said', kind: 'text', title: 'What is said?', required: true };
const field = '[data-control="said"] textarea';

/** The open field's text, and whether it has the keys. */
const shown = (page) =>
  page.$eval(field, (at) => ({ text: at.value, writing: at === document.activeElement }));

const sound = (hertz) => tones(1, [[0.1, 0.9, hertz]]);
const things = {
  text: { rows: ['One.', 'Two.', 'Three.'].map((text) => ({ key: text, data: { text } })) },
  audio: { files: { 'a.wav': sound(200), 'b.wav': sound(300), 'c.wav': sound(400) } },
};

for (const [modality, what] of Object.entries(things))
  test(
    `${modality}: q leads to the only field, and the next task's is empty and has not the keys`,
    { skip: cannot(true) },
    () =>
      withDesk(async ({ page, hand, api, server, errors }) => {
        const id = await projectOf(api, {
          name: `Written, ${modality}`,
          schema: { modality, source: modality, controls: [control] },
          ...what,
          count: 3,
        });
        await page.goto(`${server.url}/projects/${id}/desk`);
        const written = new Map();
        for (let task = await openTask(page); task; task = await openTask(page, task.id)) {
          await page.waitForSelector(field);
          assert.deepEqual(await shown(page), { text: '', writing: false }, task.key);
          await hand.press('q');
          await page.waitForFunction((at) => document.activeElement?.matches(at), field);
          const said = `words of ${task.key}`;
          await hand.type(said);
          assert.equal(await primary(page), 'Submit');
          written.set(task.key, said);
          await hand.press('Control+Enter');
        }
        await until(
          () => api.get(`/projects/${id}/progress`),
          ({ done }) => done === 3,
        );
        const rows = String(await api.download(`/projects/${id}/export?format=jsonl`))
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line));
        const exported = rows.map(({ key, annotations }) => [key, annotations[0].regions[0].text]);
        assert.deepEqual(new Map(exported), written);
        assert.deepEqual(errors, []);
      }),
  );
