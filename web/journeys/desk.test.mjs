// What must not happen at the desk: waiting. Figures only.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { photos } from './lib/data.mjs';
import { openTask, regionsOnScreen } from './lib/desk.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { until } from './lib/wire.mjs';

const pictures = photos(24);

test(
  'the next task is painted while the last is on its way: p95 of Enter to the next image',
  { skip: cannot(pictures) },
  () =>
    withDesk(async ({ page, hand, api, server }) => {
      const { id } = await api.post('/projects', {
        name: 'Speed',
        description: '',
        schema: pictures.schema,
        guideline: '',
        policy: { blind_share: 0.02, show_from: 0.4, lease_minutes: 15, overlap: 1 },
      });
      await page.goto(`${server.url}/projects/${id}/import`);
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        hand.choose(/folder/i),
      ]);
      await chooser.setFiles(pictures.folder);
      await hand.choose(/^(start|import|send)/i);
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.total >= 20 && p.drafted === p.total,
      );
      await page.goto(`${server.url}/projects/${id}/desk`);
      let task = await openTask(page);
      await page.evaluate(watchPaints);
      while (task) {
        await page.waitForTimeout(700);
        if (await page.$('[data-saved]')) await regionsOnScreen(page);
        await hand.press('Control+Enter');
        task = await openTask(page, task.id);
      }
      const times = (await page.evaluate(() => window.paints)).sort((a, b) => a - b);
      const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
      console.log(`figure accept_to_painted_p50_ms ${at(0.5).toFixed(1)} ms -`);
      console.log(`figure accept_to_painted_p95_ms ${at(0.95).toFixed(1)} ms <50`);
      assert.ok(times.length >= 15, 'enough decisions to tell');
    }),
);

/** In the page: milliseconds from the key to the frame in which the next image stands decoded. */
function watchPaints() {
  window.paints = [];
  const taskNow = () => document.querySelector('[data-task]')?.getAttribute('data-task');
  window.addEventListener(
    'keydown',
    ({ key, timeStamp }) => {
      if (key !== 'Enter') return;
      const before = taskNow();
      const look = () =>
        requestAnimationFrame(() => {
          const image = document.querySelector('.image img');
          const isNext = taskNow() && taskNow() !== before;
          if (!document.querySelector('[data-testid="nothing"]') && !(isNext && image?.complete))
            return look();
          if (!isNext) return;
          // A message comes after the frame's paint.
          const channel = new MessageChannel();
          channel.port1.onmessage = () =>
            window.paints.push(Math.round(performance.now() - timeStamp));
          channel.port2.postMessage(0);
        });
      look();
    },
    true,
  );
}
