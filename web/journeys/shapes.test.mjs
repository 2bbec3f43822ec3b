// A photo with polygons, turned boxes and a skeleton, drawn with the keyboard alone: what the export holds
// is what was on the screen.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { photos } from './lib/data.mjs';
import { openTask, primary } from './lib/desk.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { until } from './lib/wire.mjs';

const given = photos(2);

const labels = (...names) => names.map((name) => ({ name }));
const schema = {
  modality: 'image',
  source: 'image',
  controls: [
    { name: 'things', kind: 'boxes', required: false, labels: labels('Car', 'Person') },
    { name: 'areas', kind: 'polygons', required: false, labels: labels('Road', 'Sky', 'Person') },
    {
      name: 'body',
      kind: 'keypoints',
      required: false,
      labels: labels('Body'),
      points: ['head', 'left hand', 'right hand', 'left foot', 'right foot'],
      lines: [0, 1, 0, 2, 0, 3, 0, 4],
    },
  ],
};

test(
  'polygons, turned boxes and points by keyboard, and JSON Lines hold what was on the screen',
  { skip: cannot(given) },
  () =>
    withDesk(async ({ page, hand, api, errors }) => {
      const project = await projectWith(api);
      await page.goto(`${page.url()}projects/${project}/desk`);
      let task = await openTask(page);
      await page.waitForSelector('.image img');

      // A box, turned by 15 + 1 - 1 degrees, moved and sized.
      await hand.press('r', 'r', 'Control+Shift+ArrowRight', 'Control+ArrowRight');
      await hand.press('Control+ArrowLeft', 'ArrowLeft', 'Shift+ArrowRight', '2');
      // A polygon of four corners: one more, one moved, one gone.
      await hand.press('p', 'p', 'ArrowUp', 'i', 'Alt+ArrowUp', '.', '.', 'd', '2');
      // A skeleton: a point moved, one hidden, one not there.
      await hand.press('k', 'k', 'ArrowUp', '.', 'o', '.', 'u', '.', 'ArrowDown');
      const drawn = await shapesOnScreen(page);
      assert.deepEqual(
        drawn.map(({ label }) => label),
        ['Person', 'Sky', 'Body'],
      );
      const [box, polygon, body] = drawn;
      assert.equal(box.rotation, 15);
      assert.equal(polygon.points.length, 8);
      assert.deepEqual(body.visible, [2, 1, 0, 2, 2]);
      await audit(page, 'desk-shapes');
      await hand.press('Control+z', 'Control+Shift+z');
      assert.deepEqual(await shapesOnScreen(page), drawn, 'undo and redo come back to it');

      const kept = new Map([[task.key, drawn]]);
      await hand.press('Control+Enter');
      task = await openTask(page, task.id);

      // The outline of what is in a box, found by the server, and kept as a polygon.
      await hand.press('v', 'r', 'r', ...Array(12).fill('Shift+ArrowRight'), 'w');
      await page.waitForFunction(() =>
        /Enter keeps it|No outline/.test(
          document.querySelector('[data-testid="desk-status"]').textContent,
        ),
      );
      if (/Finish/.test(await primary(page))) {
        // The cross of a correction by key, moved by the arrows.
        await hand.press('ArrowRight', 'ArrowDown');
        await page.getByTestId('aim').waitFor();
        await audit(page, 'desk-outline');
        await hand.press('Enter');
        const [outlined] = await shapesOnScreen(page);
        assert.ok(outlined.points.length >= 6, 'the box is a polygon now');
      }
      kept.set(task.key, await shapesOnScreen(page));
      await hand.press('Control+Enter');
      await openTask(page, task.id);

      await until(
        () => api.get(`/projects/${project}/progress`),
        (p) => p.done === kept.size,
      );
      const lines = String(
        await api.download(`/projects/${project}/export?format=jsonl&decided=1`),
      );
      assert.deepEqual(
        exported(lines),
        new Map([...kept].map(([key, all]) => [key, byPlace(all)])),
      );
      assert.deepEqual(errors, []);
    }),
);

/** A project with two photos in it, which no model drafts. */
async function projectWith(api) {
  const { id } = await api.post('/projects', { name: 'Journey shapes', schema });
  for (const model of (await api.get(`/projects/${id}/models`)).items)
    await api.patch(`/models/${model.id}`, { enabled: false });
  const { upload } = await api.post(`/projects/${id}/uploads`);
  for (const name of readdirSync(given.folder)) {
    const path = `/projects/${id}/uploads/${upload}/files?name=${encodeURIComponent(name)}`;
    await api.put(path, readFileSync(join(given.folder, name)));
  }
  await api.post(`/projects/${id}/imports`, { upload, options: {} });
  await until(
    () => api.get(`/projects/${id}/progress`),
    (p) => p.total === 2,
  );
  return id;
}

async function shapesOnScreen(page) {
  const rows = await page.$$eval('[data-region]', (all) =>
    all.map(({ dataset }) => ({ ...dataset })),
  );
  return rows.map(({ label, box, shape }) => {
    const [x, y, width, height] = JSON.parse(box);
    return shapeOf({ label, x, y, width, height, ...JSON.parse(shape) });
  });
}

/** What counts of a shape, with what is left out on the wire filled in. */
function shapeOf({ label, x, y, width, height, rotation, points, rings, visible }) {
  const box = [x ?? 0, y ?? 0, width ?? 0, height ?? 0];
  const all = { rotation: rotation ?? 0, points: points ?? [], rings: rings ?? [] };
  return { label, box, ...all, visible: visible ?? [] };
}

const byPlace = (shapes) => shapes.map((shape) => JSON.stringify(shape)).sort();

function exported(lines) {
  const rows = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return new Map(
    rows.map(({ key, annotations }) => [
      key,
      byPlace(annotations[0].regions.map((one) => shapeOf({ ...one, label: one.labels[0] }))),
    ]),
  );
}
