// A model made for Label Studio answers at the desk: what a person points at by keyboard comes back as a shape,
// is corrected, kept, taken back and dropped; one that is gone is named, and the work goes on by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ballPng } from './lib/balls.mjs';
import { audit } from './lib/browser.mjs';
import { openTask, primary, regionsOnScreen } from './lib/desk.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { standin } from './lib/standin.mjs';
import { until } from './lib/wire.mjs';

const labels = (...names) => names.map((name) => ({ name }));
const schema = {
  modality: 'image',
  source: 'image',
  controls: [
    { name: 'areas', kind: 'polygons', required: false, labels: labels('Ball', 'Meadow') },
    { name: 'things', kind: 'boxes', required: false, labels: labels('Ball') },
  ],
};

const status = (page) => page.getByTestId('desk-status');
const said = (page, text) => status(page).filter({ hasText: text }).waitFor();

test(
  'what is pointed at comes back as a shape to keep or drop, and a model that is gone costs nothing',
  { skip: cannot(true) },
  async () => {
    const backend = await standin('ml_backend.py');
    const journey = async ({ page, hand, api, server, errors }) => {
      const project = await projectWith(api);
      await page.goto(`${server.url}/projects/${project}/desk`);
      await openTask(page);
      await page.waitForSelector('.image img');
      await hand.press('s');
      assert.equal(await page.getByRole('button', { name: /^Ask/ }).count(), 0, 'nobody to ask');

      // Set up by keyboard on the models' page: on for people only.
      await page.goto(`${server.url}/projects/${project}/models`);
      await hand.choose(/^Add a model$/);
      await page.getByRole('radio', { name: /made for Label Studio/ }).waitFor();
      await hand.tabTo(/NanoDet|Faces|learn/i);
      for (let i = 0; i < 30 && !/Label Studio/.test(await hand.focused()); i += 1)
        await hand.press('ArrowDown');
      await hand.tabTo(/^Name/);
      await hand.type('Painter');
      await hand.tabTo(/^url/);
      await hand.press('Control+a');
      await hand.type(backend.url);
      await hand.tabTo(/^cues/);
      await hand.type('only');
      await audit(page, 'cue-add');
      await hand.choose(/^Add a model$/);
      await page.getByRole('region', { name: 'Painter' }).waitFor();
      const [model] = (await api.get(`/projects/${project}/models`)).items.filter(
        ({ name }) => name === 'Painter',
      );
      assert.equal(model.config.cues, 'only');
      await api.patch(`/models/${model.id}`, { enabled: true });

      // Pointed at in the middle of the view; a click by key takes in, one more takes out.
      await page.goto(`${server.url}/projects/${project}/desk`);
      const task = await openTask(page);
      await page.waitForSelector('.image img');
      await page.getByRole('button', { name: 'Ask Painter' }).waitFor();
      await hand.press('s');
      await said(page, 'drag a box');
      await hand.press('s');
      await said(page, 'Enter keeps');
      assert.equal(await primary(page), 'Keep suggestions');
      const [first] = await regionsOnScreen(page);
      assert.equal(first.label, 'Ball');
      assert.ok(first.maybe, 'a suggestion is no part of the answer yet');
      await audit(page, 'desk-cue');
      await hand.press('ArrowRight', 'ArrowRight', 'i');
      await until(
        () => regionsOnScreen(page),
        ([one]) => one && one.id !== first.id && one.maybe,
        20,
      );
      await audit(page, 'desk-cue-corrected');
      await hand.press('Enter');
      await said(page, 'Kept');
      const [kept] = await regionsOnScreen(page);
      assert.ok(!kept.maybe);
      await hand.press('Control+z');
      assert.deepEqual(await regionsOnScreen(page), []);
      await hand.press('Control+Shift+z');
      assert.equal((await regionsOnScreen(page)).length, 1);

      // Dropped, nothing of it stays.
      await hand.press('v', 'Escape', 's', 's');
      await said(page, 'Enter keeps');
      await hand.press('Escape');
      assert.equal((await regionsOnScreen(page)).length, 1);

      await hand.press('v', 'Control+Enter');
      await openTask(page, task.id);
      await until(
        () => api.get(`/projects/${project}/progress`),
        (p) => p.done === 1,
      );
      const lines = String(
        await api.download(`/projects/${project}/export?format=jsonl&decided=1`),
      );
      const [region] = JSON.parse(lines.trim().split('\n')[0]).annotations[0].regions;
      assert.equal(region.origin, 'model');
      assert.equal(region.meta.drafted_by, model.id);

      // The model is gone: it is named, and a box drawn by hand is asked for nothing.
      await backend.kill();
      await hand.press('r', 'r', 's');
      await said(page, '"Painter" gave no answer');
      await audit(page, 'desk-cue-failed');
      assert.equal((await regionsOnScreen(page)).length, 1, 'the box is still there');
      await hand.press('Control+Enter');
      await until(
        () => api.get(`/projects/${project}/progress`),
        (p) => p.done === 2,
      );
      assert.deepEqual(
        errors.filter((text) => !/status of 503/.test(text)),
        [],
      );
    };
    try {
      await withDesk(journey, ['--reach', '127.0.0.1']);
    } finally {
      await backend.kill().catch(() => {});
    }
  },
);

/** Two pictures of a ball, which no model drafts. */
async function projectWith(api) {
  const { id } = await api.post('/projects', { name: 'Journey cues', schema });
  for (const model of (await api.get(`/projects/${id}/models`)).items)
    await api.patch(`/models/${model.id}`, { enabled: false });
  const { upload } = await api.post(`/projects/${id}/uploads`);
  for (const i of [1, 2])
    await api.put(`/projects/${id}/uploads/${upload}/files?name=${i}.png`, ballPng(i));
  await api.post(`/projects/${id}/imports`, { upload, options: {} });
  await until(
    () => api.get(`/projects/${id}/progress`),
    (p) => p.total === 2,
  );
  return id;
}
