// The desk by fingers alone, as on a tablet: through the debugger, which the browser takes for a screen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { photoFolder } from './lib/data.mjs';
import { openTask, regionsOnScreen } from './lib/desk.mjs';
import { Fingers } from './lib/fingers.mjs';
import { projectWithPhotos } from './lib/photos.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { until } from './lib/wire.mjs';
import { label } from './lib/schemas.mjs';

const schema = {
  ...{ modality: 'image', source: 'image' },
  controls: [
    {
      ...{ name: 'boxes', kind: 'boxes', title: 'Boxes', multiple: false, required: false },
      labels: ['Car', 'Person', 'Sign'].map((name) => label(name)),
    },
  ],
};

test(
  'by fingers: draw, pinch, move the view, a rest to relabel, and submit',
  { skip: cannot(photoFolder()) },
  () =>
    withDesk(async ({ browser, context, api, server }) => {
      const project = await projectWithPhotos(api, schema, 2);
      const tablet = await browser.newContext({
        ...{ viewport: { width: 1180, height: 820 }, hasTouch: true },
        storageState: await context.storageState(),
      });
      const page = await tablet.newPage();
      page.setDefaultTimeout(30_000);
      await page.goto(`${server.url}/projects/${project}/desk`);
      const task = await openTask(page);
      const fingers = await Fingers.on(page);
      await page.waitForSelector('.image img');
      const stage = await page.locator('.stage').boundingBox();
      const at = (x, y) => ({ x: stage.x + stage.width * x, y: stage.y + stage.height * y });
      const scale = async () => parseInt(await page.locator('.strip .zoom').innerText(), 10);

      // What fingers touch is large enough for them.
      const small = await page.$$eval('.desk button', (all) =>
        all
          .map((one) => ({ text: one.innerText, ...one.getBoundingClientRect().toJSON() }))
          .filter(({ height, width }) => width > 0 && height < 36),
      );
      assert.deepEqual(small, []);

      // One finger draws with the box tool in hand, and moves what it drew.
      const tool = (name) => middleOf(page.locator('.tools').getByRole('button', { name }));
      await fingers.tap(await tool(/box/i));
      await fingers.drag(at(0.35, 0.35), at(0.5, 0.55));
      const [drawn] = await regionsOnScreen(page);
      assert.equal(drawn.label, 'Car');
      await fingers.tap(await tool(/select/i));
      await fingers.drag(at(0.42, 0.45), at(0.47, 0.45));
      const [moved] = await regionsOnScreen(page);
      assert.ok(moved.box[0] > drawn.box[0], 'it was moved to the right');
      assert.equal(Math.round(moved.box[2]), Math.round(drawn.box[2]), 'and is as wide as it was');

      // Two fingers zoom and move the view, and no shape.
      const before = await scale();
      await fingers.pinch([at(0.45, 0.45), at(0.55, 0.55)], [at(0.3, 0.3), at(0.7, 0.7)]);
      assert.ok((await scale()) > before * 1.5, 'it is larger now');
      assert.deepEqual(await regionsOnScreen(page), [moved]);
      await fingers.pinch([at(0.3, 0.3), at(0.7, 0.7)], [at(0.45, 0.45), at(0.55, 0.55)]);

      // A finger that rests on a shape asks for its label.
      await fingers.rest(at(0.47, 0.45));
      await fingers.tap(
        await middleOf(page.locator('dialog').getByRole('option', { name: 'Sign' })),
      );
      await page.waitForFunction(() => !document.querySelector('dialog[open]'));
      assert.equal((await regionsOnScreen(page))[0].label, 'Sign');
      await audit(page, 'desk-touch');

      await fingers.tap(await middleOf(page.getByTestId('primary')));
      await openTask(page, task.id);
      await until(
        () => api.get(`/projects/${project}/progress`),
        (p) => p.done === 1,
      );
      await tablet.close();
    }),
);

async function middleOf(locator) {
  const box = await locator.boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
