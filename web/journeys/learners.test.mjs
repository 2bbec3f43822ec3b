// A label that no network knows: three pictures are boxed by keyboard, then the draft finds it in the next,
// and the Models screen says how well.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ballBox, ballPng } from './lib/balls.mjs';
import { audit } from './lib/browser.mjs';
import { openTask, primary, regionsOnScreen } from './lib/desk.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { root } from './lib/server.mjs';
import { until } from './lib/wire.mjs';

const models = process.env.COUNTERSIGN_MODELS_DIR ?? join(root, 'models/cache');
const noNet = !existsSync(join(models, 'nanodet.onnx')) && 'there is no NanoDet: run models/fetch';
const pictures = 40;
const firstLesson = 3;
const labels = [{ name: 'Mascot' }, { name: 'Emblem' }];
const schema = {
  modality: 'image',
  source: 'image',
  controls: [{ name: 'things', kind: 'boxes', required: false, labels }],
};

test(
  'three boxed pictures teach a label that no network knows',
  { skip: cannot(true) || noNet },
  () =>
    withDesk(async ({ page, hand, api, errors }) => {
      const home = page.url();
      const project = await projectWith(api);
      const learner = async () =>
        (await api.get(`/projects/${project}/models`)).items.find(
          ({ kind }) => kind === 'object-learner',
        );
      assert.match((await learner()).why, /3 reviewed pictures/);

      await page.goto(`${home}projects/${project}/desk`);
      let task = await openTask(page);
      for (let i = 0; i < firstLesson; i += 1) {
        await page.waitForSelector('.image img');
        await drawBall({ page, hand, task });
        await hand.press('Control+Enter');
        task = await openTask(page, task.id);
      }
      await until(
        learner,
        ({ version, state, to_draft }) => version && state === 'ready' && !to_draft,
      );

      // What was on this machine already came without drafts; a task held blind shows none either.
      let boxed = firstLesson;
      while ((await primary(page)) !== 'Accept draft') {
        assert.ok(task && boxed < pictures - 1, 'no draft came');
        await page.waitForSelector('.image img');
        await drawBall({ page, hand, task });
        boxed += 1;
        await hand.press('Control+Enter');
        task = await openTask(page, task.id);
      }
      const drafted = (await regionsOnScreen(page)).filter(({ maybe }) => !maybe);
      assert.equal(drafted.length, 1);
      assert.equal(drafted[0].label, 'Mascot');
      assert.ok(overlap(drafted[0].box, ballBox(numberOf(task))) > 0.7, 'the draft is where it is');
      await audit(page, 'desk-learned-draft');
      await hand.press('Enter');
      await openTask(page, task.id);

      await page.goto(`${home}projects/${project}/models`);
      await hand.choose(/versions and quality/i);
      await page.getByText('logistic regression on nanodet').first().waitFor();
      await audit(page, 'models-object-learner');
      assert.deepEqual(errors, []);
    }),
);

async function projectWith(api) {
  const { id } = await api.post('/projects', { name: 'Journey new objects', schema });
  const { upload } = await api.post(`/projects/${id}/uploads`);
  for (let i = 0; i < pictures; i += 1)
    await api.put(
      `/projects/${id}/uploads/${upload}/files?name=ball-${i + 100}.png`,
      ballPng(i + 100),
    );
  await api.post(`/projects/${id}/imports`, { upload, options: {} });
  await until(
    () => api.get(`/projects/${id}/progress`),
    (p) => p.total === pictures,
  );
  return id;
}

const numberOf = (task) => Number(/\d+/.exec(task.key)[0]);

/** By keyboard: a box where the ball is, good to a few pixels. */
async function drawBall({ page, hand, task }) {
  const truth = ballBox(numberOf(task));
  await hand.press('r', 'r', '1');
  const box = async () => (await regionsOnScreen(page))[0].box;
  const start = await box();
  await hand.press('ArrowRight');
  const step = Math.abs((await box())[0] - start[0]);
  assert.ok(step > 0, 'an arrow moves the box');
  const go = async (side, keys) => {
    const away = Math.round((truth[side] - (await box())[side]) / step);
    for (let i = 0; i < Math.abs(away); i += 1) await hand.press(away > 0 ? keys[1] : keys[0]);
  };
  await go(2, ['Shift+ArrowLeft', 'Shift+ArrowRight']);
  await go(3, ['Shift+ArrowUp', 'Shift+ArrowDown']);
  await go(0, ['ArrowLeft', 'ArrowRight']);
  await go(1, ['ArrowUp', 'ArrowDown']);
  assert.ok(overlap(await box(), truth) > 0.7, 'the box is where the ball is');
}

function overlap([ax, ay, aw, ah], [bx, by, bw, bh]) {
  const w = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const h = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / (aw * ah + bw * bh - w * h);
}
