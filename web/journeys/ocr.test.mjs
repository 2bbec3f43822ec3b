// A page: its lines drafted with what they say, one text corrected, one line added, both by keyboard; the ALTO
// and the ICDAR file hold what was on the screen.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { openTask, primary, regionsOnScreen } from './lib/desk.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { root } from './lib/server.mjs';
import { until } from './lib/wire.mjs';

const models = process.env.COUNTERSIGN_MODELS_DIR ?? join(root, 'models/cache');
const reason =
  cannot(true) ||
  (existsSync(join(models, 'pp-ocr-lines.onnx')) ? false : 'there is no reader: run models/fetch');

const printed = ['HARBOUR NOTICE', 'Boats leave at nine', 'Tickets at the gate'];

/** A page of these lines, as a browser prints it. */
async function pageOf(context, said) {
  const page = await context.newPage();
  await page.setViewportSize({ width: 900, height: 600 });
  const body = said.map((line) => `<p>${line}</p>`).join('');
  await page.setContent(
    `<style>body{margin:60px;font:44px/1.2 serif;color:#111;background:#fff}p{margin:0 0 60px}</style>${body}`,
  );
  const picture = await page.screenshot({ type: 'jpeg', quality: 95 });
  await page.close();
  return picture;
}

const textsOn = (page) =>
  page.$$eval('[data-region]', (rows) =>
    rows.map((row) => row.querySelector('.words')?.textContent ?? ''),
  );

test(
  'a page: lines and what they say are drafted, corrected and added to by keyboard, and exported',
  { skip: reason },
  () =>
    withDesk(async ({ page, hand, api, server, errors, context }) => {
      const picture = await pageOf(context, printed);
      const { items } = await api.get('/templates');
      const { schema } = items.find(({ name }) => name === 'image-text');
      // One in fifty is a blind control: of several pages one shows its draft.
      const policy = { blind_share: 0.02, show_from: 0.5, lease_minutes: 30, overlap: 1 };
      const { id } = await api.post('/projects', { name: 'Notices', schema, policy });
      const { upload } = await api.post(`/projects/${id}/uploads`);
      await api.put(`/projects/${id}/uploads/${upload}/files?name=notice.jpg`, picture);
      const other = await pageOf(context, [...printed].reverse());
      await api.put(`/projects/${id}/uploads/${upload}/files?name=other.jpg`, other);
      await api.post(`/projects/${id}/imports`, { upload, options: {} });
      await until(
        () => api.get(`/projects/${id}/progress`),
        (now) => now.total === 2 && now.drafted === 2,
      );

      await page.goto(`${server.url}/projects/${id}/desk`);
      const screens = new Map();
      let corrected = '';
      for (let task = await openTask(page); task; task = await openTask(page, task.id)) {
        await page.waitForSelector('.image img');
        const isDrafted = /draft/.test(await primary(page));
        if ((await primary(page)) === 'Show unsure draft') await hand.press('Enter');
        if (isDrafted && !corrected) {
          assert.deepEqual((await textsOn(page)).sort(), [...printed].sort());
          await audit(page, 'ocr-drafted');
          await correct({ page, hand });
          corrected = task.key;
        }
        const places = (await regionsOnScreen(page)).map(({ box }) => box);
        screens.set(task.key, { texts: await textsOn(page), places });
        await hand.press('Control+Enter');
      }
      assert.ok(corrected, 'a draft came to the desk');
      const { texts, places } = screens.get(corrected);
      assert.equal(texts.length, printed.length + 1);

      const row = await until(
        async () =>
          String(await api.download(`/projects/${id}/export?format=jsonl&decided=1`))
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line))
            .find(({ key }) => key === corrected),
        (found) => found !== undefined,
        20,
      );
      const { regions } = row.annotations.at(-1);
      assert.deepEqual(saidIn(regions), [...texts].sort());

      // Out as ALTO and as ICDAR, and in again: the same lines, a pixel more or less.
      for (const format of ['alto', 'icdar']) {
        const file = await api.download(`/projects/${id}/export?format=${format}&decided=1`);
        const again = await readBack(api, schema, format, file, {
          'notice.jpg': picture,
          'other.jpg': other,
        });
        const back = again
          .find(({ key }) => key.split('/').pop().startsWith(corrected.split('.')[0]))
          .annotations.at(-1).regions;
        assert.deepEqual(saidIn(back), [...texts].sort(), format);
        const drawn = back.filter(({ kind }) => kind !== 'text');
        assert.equal(drawn.length, places.length, format);
      }
      assert.deepEqual(errors, []);
    }),
);

const saidIn = (regions) =>
  regions
    .filter(({ kind }) => kind === 'text')
    .map(({ text }) => text)
    .sort();

/** One text is put right, and a line that nobody read is boxed and written. */
async function correct({ page, hand }) {
  await hand.press('Tab', 'e');
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await audit(page, 'ocr-writing');
  await hand.press('Control+a');
  await hand.type('Boats leave at ten');
  await hand.press('Escape');
  await hand.press('Escape', 'r', 'r');
  assert.equal((await regionsOnScreen(page)).length, printed.length + 1);
  await hand.press('Shift+ArrowRight', 'ArrowDown', 'e');
  await page.waitForFunction(() => document.activeElement?.value === '');
  await hand.type('Mind the step');
  await hand.press('Escape');
  assert.ok((await textsOn(page)).includes('Boats leave at ten'));
  assert.ok((await textsOn(page)).includes('Mind the step'));
  await audit(page, 'ocr-corrected');
}

async function ended(api, { id }) {
  const { state, error, result } = await until(
    () => api.get(`/jobs/${id}`),
    (now) => ['done', 'dead', 'cancelled'].includes(now.state),
  );
  assert.equal(state, 'done', error);
  assert.equal(result.rejected, 0, JSON.stringify(result));
}

/** The rows of a project that a file of this format and the pictures were imported to. */
async function readBack(api, schema, format, file, pictures) {
  const { id } = await api.post('/projects', { name: `read back from ${format}`, schema });
  for (const model of (await api.get(`/projects/${id}/models`)).items)
    await api.patch(`/models/${model.id}`, { enabled: false });
  const { upload } = await api.post(`/projects/${id}/uploads`);
  for (const [name, bytes] of Object.entries(pictures))
    await api.put(`/projects/${id}/uploads/${upload}/files?name=${name}`, bytes);
  await ended(api, await api.post(`/projects/${id}/imports`, { upload, options: {} }));
  await ended(api, await api.send(`/projects/${id}/imports?raw=1&name=${format}.zip`, file));
  return String(await api.download(`/projects/${id}/export?format=jsonl`))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
