// A folder of photos, drafted, reviewed with the keyboard alone, exported: the boxes in the COCO file are
// the boxes that were on the screen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { photos } from './lib/data.mjs';
import { openTask, primary, regionsOnScreen } from './lib/desk.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { until } from './lib/wire.mjs';

const most = 12;
const given = photos(most);

test(
  'photos: draft, review by keyboard, and the COCO file holds what was on the screen',
  { skip: cannot(given) },
  () =>
    withDesk(async ({ page, hand, api, errors }) => {
      const project = await importFolder({ page, hand, api });
      await until(
        () => api.get(`/projects/${project}/progress`),
        (p) => p.drafted === p.total,
      );

      await page.goto(page.url().replace(/\/projects\/.*/, `/projects/${project}/desk`));
      const screens = new Map();
      const note = async (task) =>
        screens.set(
          task.key,
          (await regionsOnScreen(page)).filter(({ maybe }) => !maybe),
        );
      const handsIn = async (task, ...keys) => {
        await note(task);
        await hand.press(...keys);
        return openTask(page, task.id);
      };

      let task = await openTask(page);
      await page.waitForSelector('.image img');
      await audit(page, 'desk-boxes');
      await hand.press('?');
      await audit(page, 'help');
      await hand.press('Escape', 'Control+k');
      await audit(page, 'palette');
      await hand.press('Escape');

      // One of each, in turn; a task without boxes to work on gets one drawn by keys, and the turn waits.
      const turns = ['accept', 'edit', 'draw', 'reject', 'skip', 'undo'];
      const done = { accept: 0, edit: 0, draw: 0, reject: 0, skip: 0, undo: 0 };
      while (task) {
        const drafted = (await primary(page)) === 'Accept draft';
        const some = (await regionsOnScreen(page)).length > 0;
        const suits = turns[0] === 'skip' || turns[0] === 'draw' || (drafted && some);
        const want = suits ? (turns.shift() ?? 'accept') : 'draw';
        if (want === 'skip') {
          await hand.press('Space');
          done.skip += 1;
          task = await openTask(page, task.id);
        } else if (want === 'draw') {
          await drawOne(hand);
          assert.match(await primary(page), /Submit/);
          done.draw += 1;
          task = await handsIn(task, 'Control+Enter');
        } else if (want === 'edit') {
          await editOne({ page, hand });
          done.edit += 1;
          task = await handsIn(task, 'Control+Enter');
        } else if (want === 'reject') {
          await hand.press('x');
          assert.equal((await regionsOnScreen(page)).length, 0);
          done.reject += 1;
          task = await handsIn(task, 'Control+Enter');
        } else if (want === 'undo') {
          const decided = task;
          await handsIn(task, 'Enter');
          await hand.press('Backspace');
          await page.waitForFunction(
            (id) => document.querySelector(`[data-task="${id}"]`),
            decided.id,
          );
          assert.deepEqual(
            (await regionsOnScreen(page)).filter((r) => !r.maybe),
            screens.get(decided.key),
          );
          await hand.press('Tab', 'n');
          done.undo += 1;
          task = await handsIn(decided, 'Control+Enter');
        } else {
          done.accept += 1;
          task = await handsIn(task, 'Enter');
        }
      }
      for (const [what, times] of Object.entries(done))
        assert.ok(times > 0, `nothing was done by ${what}`);
      await audit(page, 'desk-nothing');

      await until(
        () => api.get(`/projects/${project}/progress`),
        (p) => p.done >= screens.size,
      );
      const coco = JSON.parse(
        await api.download(`/projects/${project}/export?format=coco&decided=1`),
      );
      assert.deepEqual(boxesByImage(coco), asExported(screens));
      assert.deepEqual(errors, []);
    }),
);

/** By keyboard: a project from the boxes template, and a folder into it. */
async function importFolder({ page, hand, api }) {
  const url = page.url();
  const { id } = await api.post('/projects', {
    name: 'Journey photos',
    description: given.description ?? '',
    schema: given.schema,
    guideline: given.guideline ?? '',
  });
  await page.goto(`${url}projects/${id}/import`);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), hand.choose(/folder/i)]);
  await chooser.setFiles(given.folder);
  await hand.choose(/^(start|import|send)/i);
  await until(
    () => api.get(`/projects/${id}/progress`),
    (p) => p.total === most,
  );
  await page.waitForTimeout(500);
  await audit(page, 'import');
  return id;
}

async function drawOne(hand) {
  await hand.press(
    'r',
    'r',
    'Shift+ArrowRight',
    'Shift+ArrowDown',
    'ArrowLeft',
    'Alt+ArrowUp',
    '2',
    'v',
  );
}

async function editOne({ page, hand }) {
  await hand.press('Tab');
  const [before] = await regionsOnScreen(page);
  await hand.press('ArrowRight', 'Alt+ArrowDown', 'Shift+ArrowLeft');
  const [after] = await regionsOnScreen(page);
  assert.equal(after.id, before.id);
  assert.notDeepEqual(after.box, before.box, 'keys moved and sized the box');
  await hand.press('Control+z', 'Control+Shift+z');
}

const close = (number) => Math.round(number * 100) / 100;
const sorted = (boxes) => boxes.map((box) => JSON.stringify(box)).sort();

function boxesByImage(coco) {
  const names = new Map(coco.images.map((image) => [image.id, image.file_name.split('/').pop()]));
  const labels = new Map(coco.categories.map((category) => [category.id, category.name]));
  const found = new Map([...names.values()].map((name) => [name, []]));
  for (const { image_id, category_id, bbox } of coco.annotations) {
    found.get(names.get(image_id)).push([labels.get(category_id), ...bbox.map(close)]);
  }
  return Object.fromEntries([...found].sort().map(([name, boxes]) => [name, sorted(boxes)]));
}

function asExported(screens) {
  const boxes = [...screens].map(([key, regions]) => [
    key.split('/').pop(),
    sorted(regions.map(({ label, box }) => [label, ...box.map(close)])),
  ]);
  return Object.fromEntries(boxes.sort());
}
