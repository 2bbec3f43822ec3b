// Two people answer the same tasks, by keyboard; where they differ a specialist decides by one key, takes it
// back, and decides again. The export holds the verdict.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { photos } from './lib/data.mjs';
import { openTask } from './lib/desk.mjs';
import { enter } from './lib/people.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { until } from './lib/wire.mjs';
import { label } from './lib/schemas.mjs';

const schema = {
  modality: 'text',
  source: 'text',
  controls: [
    {
      name: 'topic',
      kind: 'choices',
      title: 'What is it?',
      multiple: false,
      required: true,
      labels: ['Spam', 'Ham', 'Other'].map((name) => label(name)),
    },
  ],
};
const mail = [
  { id: 'm1', text: 'Buy now: two for the price of one, today only.' },
  { id: 'm2', text: 'The meeting is at ten, in the small room.' },
  { id: 'm3', text: 'You are receiving this because you once asked for our catalogue.' },
];

const openDispute = (page, before = '') =>
  page
    .waitForFunction((known) => {
      if (document.querySelector('[data-testid="no-disputes"]')) return { task: null };
      const task = document.querySelector('[data-dispute]')?.getAttribute('data-dispute');
      return task && task !== known ? { task } : false;
    }, before)
    .then((found) => found.jsonValue())
    .then(({ task }) => task);

test(
  'two people differ, a specialist decides by one key, undoes, decides again; the export holds it',
  { skip: cannot(true) },
  () =>
    withDesk(async (seat) => {
      const { api, server, errors } = seat;
      const { id } = await api.post('/projects', {
        name: 'Journey team',
        description: '',
        schema,
        guideline: 'Spam is what nobody asked for.',
        policy: { overlap: 2, skip_reasons: ['cannot be read', 'another language'] },
      });
      const lines = mail.map((row) => JSON.stringify(row)).join('\n');
      await api.send(`/projects/${id}/imports?raw=1&name=mail.jsonl`, lines);
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.total === mail.length,
      );

      // Ada and Bo answer at their desks; they agree about m2 only.
      const answers = { ada: { m1: 1, m2: 2, m3: 2 }, bo: { m1: 2, m2: 2, m3: 3 } };
      const people = {};
      for (const [name, said] of Object.entries(answers)) {
        const at = (people[name] = await enter(seat, name, 'annotator'));
        await at.page.goto(`${server.url}/projects/${id}/desk`);
        let task = await openTask(at.page);
        while (task) {
          await at.hand.press(String(said[task.key]), 'Enter');
          task = await openTask(at.page, task.id);
        }
      }
      const progress = () => api.get(`/projects/${id}/progress`);
      await until(progress, (p) => p.disputed === 2 && p.done === 1);

      const cleo = await enter(seat, 'cleo', 'specialist');
      await cleo.page.goto(`${server.url}/projects/${id}`);
      await cleo.page.getByRole('link', { name: 'Disputes 2' }).waitFor();
      await cleo.hand.choose(/^Disputes 2$/);
      const first = await openDispute(cleo.page);
      await cleo.page.getByRole('article', { name: 'ada' }).waitFor();
      await audit(cleo.page, 'disputes-text');

      // The second answer, by its key; the next dispute is open at once.
      await cleo.hand.press('2');
      const second = await openDispute(cleo.page, first);
      assert.ok(second, 'the next dispute is open');
      await until(progress, (p) => p.disputed === 1 && p.done === 2);

      // Taken back, it is open where it stood; decided again, with the reason, for the first answer.
      await cleo.hand.press('Backspace');
      assert.equal(await openDispute(cleo.page, second), first);
      await until(progress, (p) => p.disputed === 2);
      await cleo.hand.press('c');
      await cleo.hand.type('an offer');
      await cleo.hand.press('Enter', '1');
      assert.equal(await openDispute(cleo.page, first), second);

      // An answer of one's own, started from the one that is shown; taken back too.
      await cleo.hand.press('e');
      await cleo.page.getByRole('radio', { name: 'Ham', checked: true }).waitFor();
      await audit(cleo.page, 'disputes-own-answer');
      await cleo.hand.press('1', 'Enter');
      assert.equal(await openDispute(cleo.page, second), null);
      const own = await until(
        () => api.get(`/tasks/${second}`),
        ({ task }) => task.state === 'done',
      );
      const mine = own.annotations.find(({ person }) => person === cleo.person.id);
      assert.deepEqual(mine.regions[0].labels, ['Spam']);
      await cleo.hand.press('Backspace');
      await cleo.page.waitForSelector(`[data-dispute="${second}"]`);

      // One more person is asked about the other; nothing is disputed then.
      await cleo.hand.press('b');
      await cleo.hand.type('did they ask for it, @bo?');
      await cleo.hand.press('Enter');
      assert.equal(await openDispute(cleo.page, second), null);
      await until(progress, (p) => p.disputed === 0 && p.ready === 1 && p.done === 2);
      await audit(cleo.page, 'disputes-empty');

      const csv = String(await api.download(`/projects/${id}/export?format=csv&decided=1`));
      const row = (key) => csv.split('\n').find((line) => line.includes(key));
      assert.match(row('m1'), /Spam/);
      assert.match(row('m2'), /Ham/);
      assert.equal(row('m3'), undefined);
      const said = await api.get(`/tasks/${second}/comments`);
      assert.deepEqual(
        said.items.map(({ author, text, mentions: [whom] }) => [
          author,
          text.replace(whom.person, whom.name),
        ]),
        [['cleo', 'did they ask for it, @bo?']],
      );
      assert.deepEqual(errors, []);
    }),
);

const given = photos(2);

test('boxes that people drew otherwise stand out on the image', { skip: cannot(given) }, () =>
  withDesk(async (seat) => {
    const { api, server, errors } = seat;
    const { readdirSync, readFileSync } = await import('node:fs');
    const { join } = await import('node:path');
    const { id } = await api.post('/projects', {
      name: 'Journey boxes of two',
      description: '',
      schema: given.schema,
      guideline: '',
      policy: { overlap: 2 },
    });
    const { upload } = await api.post(`/projects/${id}/uploads`);
    for (const name of readdirSync(given.folder))
      await api.put(
        `/projects/${id}/uploads/${upload}/files?name=${name}`,
        readFileSync(join(given.folder, name)),
      );
    await api.post(`/projects/${id}/imports`, { upload, options: {} });
    await until(
      () => api.get(`/projects/${id}/progress`),
      (p) => p.total === 2,
    );
    const { name: control, labels } = given.schema.controls[0];
    const box = (id, label, x, y, width, height) => ({
      ...{ id, control, kind: 'boxes', labels: [labels[label].name] },
      ...{ x, y, width, height },
    });
    const said = {
      ada: [box('a', 0, 60, 60, 200, 160), box('b', 1, 300, 80, 120, 120)],
      bo: [
        box('a', 0, 62, 58, 200, 164),
        box('b', 2, 300, 80, 120, 120),
        box('c', 0, 20, 20, 30, 30),
      ],
    };
    for (const [name, regions] of Object.entries(said)) {
      const at = await enter(seat, name, 'annotator');
      const { tasks } = await at.api.post(`/projects/${id}/next`, { count: 1 });
      await at.api.post(
        `/tasks/${tasks[0].id}/annotations`,
        { assignment: tasks[0].assignment.id, regions, active_ms: 10 },
        { 'Idempotency-Key': name },
      );
    }
    const { page, hand } = await enter(seat, 'cleo', 'specialist');
    await page.goto(`${server.url}/projects/${id}/disputes`);
    await openDispute(page);
    const marked = (name) => page.getByRole('article', { name }).locator('.row.marked');
    assert.equal(await marked('ada').count(), 1);
    assert.equal(await marked('bo').count(), 2);
    await hand.press('ArrowRight');
    await audit(page, 'disputes-image');
    // Bo's answer without the box that only Bo drew.
    await hand.press('e');
    await page.locator('[data-region]').first().waitFor();
    assert.equal(await page.locator('[data-region]').count(), 3);
    await hand.press('Tab', 'Tab', 'Tab', 'n');
    await audit(page, 'disputes-own-boxes');
    await hand.press('Control+Enter');
    await page.getByTestId('no-disputes').waitFor();
    const decided = await until(
      () => api.get(`/projects/${id}/tasks?filter=state:done`),
      ({ items }) => items.length === 1,
    );
    const verdict = await api.get(`/tasks/${decided.items[0].task.id}`);
    assert.equal(verdict.annotations[0].regions.length, 2);
    assert.deepEqual(errors, []);
  }),
);

test(
  'at the desk: what changed in the guideline, comments, reasons to skip; tasks are assigned',
  { skip: cannot(true) },
  () =>
    withDesk(async (seat) => {
      const { api, server, errors, page, hand } = seat;
      const guideline = 'Spam is what nobody asked for.\n\nHam is the rest.';
      const { id } = await api.post('/projects', {
        name: 'Journey talk',
        description: '',
        schema,
        guideline,
        policy: { skip_reasons: ['cannot be read', 'another language'] },
      });
      const lines = mail.map((row) => JSON.stringify(row)).join('\n');
      await api.send(`/projects/${id}/imports?raw=1&name=mail.jsonl`, lines);
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.total === mail.length,
      );
      const ada = await enter(seat, 'ada', 'annotator');
      const desk = `${server.url}/projects/${id}/desk`;
      await ada.page.goto(desk);
      const first = await openTask(ada.page);
      await ada.hand.press('1', 'Enter');
      await openTask(ada.page, first.id);
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.done === 1,
      );
      const news = ada.page.getByRole('heading', { name: /guideline changed/ });
      assert.equal(await news.count(), 0);

      await api.patch(`/projects/${id}`, { guideline: `${guideline}\n\nAn offer is Spam.` });
      await ada.page.reload();
      await news.waitFor();
      await ada.hand.press('Shift+G');
      const changed = ada.page.getByRole('region', { name: 'What changed in the guideline' });
      assert.match(await changed.innerText(), /New:\s+An offer is Spam\./);
      await audit(ada.page, 'desk-guideline-news');
      await ada.hand.press('Shift+G');
      await news.waitFor({ state: 'detached' });
      await ada.page.reload();
      const second = await openTask(ada.page);
      assert.equal(await news.count(), 0);

      // A comment under the task, and a skip for one of the project's reasons.
      await ada.hand.press('Shift+C');
      await ada.hand.type('Is this one an offer, @admin?');
      await ada.hand.press('Enter');
      await ada.page.getByRole('dialog').getByText('@admin').waitFor();
      await audit(ada.page, 'desk-comments');
      await ada.hand.press('Escape', 'Shift+Space');
      await ada.page.getByRole('heading', { name: 'Skip this task' }).waitFor();
      await audit(ada.page, 'desk-skip-reasons');
      await ada.hand.press('2');
      const third = await openTask(ada.page, second.id);
      const detail = await until(
        () => api.get(`/tasks/${second.id}`),
        ({ annotations }) => annotations.length === 1,
      );
      assert.equal(detail.annotations[0].action, 'skipped');
      assert.equal(detail.annotations[0].comment, 'another language');
      const [{ text, mentions }] = detail.comments;
      assert.equal(text, `Is this one an offer, @${mentions[0].person}?`);

      // The supervisor sees who holds what, and makes the skipped one Bo's.
      const bo = await enter(seat, 'bo', 'annotator');
      await page.goto(`${server.url}/projects/${id}/tasks`);
      const rows = page.getByRole('table', { name: 'Tasks' }).getByRole('row');
      const row = (key) => rows.filter({ hasText: mail.find((one) => one.id === key).text });
      await row(third.key).getByText('with ada').waitFor();
      await ada.hand.press('Alt+Home');
      await until(
        () => api.get(`/projects/${id}/tasks?filter=state:ready`),
        ({ items }) => items.some(({ task }) => task.id === second.id),
      );
      await page.reload();
      await page.getByRole('combobox', { name: 'Meant for' }).selectOption({ label: 'bo' });
      await row(second.key).focus();
      await hand.press('Space');
      await page.getByText('1 task chosen').waitFor();
      await audit(page, 'tasks-assign');
      await hand.choose(/^Assign$/);
      await row(second.key).getByText('for bo').waitFor();
      await bo.page.goto(desk);
      assert.equal((await openTask(bo.page)).id, second.id);

      await page.goto(`${server.url}/projects/${id}/settings`);
      await page.getByRole('spinbutton', { name: 'Answers a task' }).waitFor();
      await audit(page, 'settings-team');
      assert.deepEqual(errors, []);
    }),
);
