// A language model on a server: set up by keyboard, its prompt looked at, a run planned and started; the server is
// killed midway, comes back, and the budget ends the run. What was drafted by then is kept, and reviewed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lib/browser.mjs';
import { primary } from './lib/desk.mjs';
import { cannot, withDesk } from './lib/scene.mjs';
import { mailSchema } from './lib/schemas.mjs';
import { standin } from './lib/standin.mjs';
import { until } from './lib/wire.mjs';

/** A server of language models without a model in it; `count()`: how often it was asked. */
async function chatServer(port = 0) {
  const words = JSON.stringify({ winner: 'Spam', meeting: 'Ham' });
  const server = await standin('chat_server.py', ['--words', words, '--port', String(port)]);
  const count = async () => (await (await fetch(`${server.url}/count`)).json()).count;
  return { ...server, count };
}

const mails = Array.from({ length: 60 }, (_, i) =>
  JSON.stringify({
    id: `m${i}`,
    text: i % 2 ? `You are winner number ${i}` : `The meeting is moved to room ${i}`,
  }),
).join('\n');

const key = 'sk-stand-in-0123456789';

test(
  'a language model is set up, planned and run; its server dies and its budget ends; the drafts stay',
  { skip: cannot(true) },
  async () => {
    let outside = await chatServer();
    const journey = async ({ page, hand, api, server, errors }) => {
      const { id } = await api.post('/projects', {
        name: 'Journey mail',
        schema: mailSchema,
        guideline: 'Mail that promises money is **Spam**.',
      });
      await api.send(`/projects/${id}/imports?raw=1&name=m.jsonl`, mails);
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.total === 60,
      );
      await page.goto(`${server.url}/projects/${id}/models`);
      await hand.choose(/^Add a model$/);
      await page.getByRole('radio', { name: /OpenAI chat/ }).waitFor();
      await hand.tabTo(/Learns|choices|text/i);
      for (let i = 0; i < 30 && !/OpenAI chat/.test(await hand.focused()); i += 1)
        await hand.press('ArrowDown');
      assert.match(await hand.focused(), /OpenAI chat/);
      const fill = async (name, text) => {
        await hand.tabTo(name);
        await hand.press('Control+a');
        await hand.type(text);
      };
      await fill(/^url/, `http://127.0.0.1:${outside.port}/v1`);
      await fill(/^model$/, 'stand-in');
      await fill(/^key/, key);
      await audit(page, 'generative-add');
      await hand.choose(/^Add a model$/);
      await page.getByRole('region', { name: /OpenAI chat/ }).waitFor();
      const [made] = (await api.get(`/projects/${id}/models`)).items.filter(
        (one) => one.kind === 'openai-chat',
      );
      assert.equal(made.enabled, false, 'nothing is sent before somebody switches it on');
      assert.equal(await outside.count(), 0);
      assert.ok(!JSON.stringify(made).includes(key), 'the key is never told again');

      // The prompt: the guideline is in it, the item apart from it.
      await hand.choose(/^Prompt workbench$/);
      await hand.choose(/^Show the prompt$/);
      await page.locator('dialog pre').first().waitFor();
      const said = await page.locator('dialog pre').allTextContents();
      assert.match(said.join('\n'), /promises money/);
      assert.match(said.join('\n'), /<item-[0-9a-f]+>/);
      await audit(page, 'generative-prompt');
      await hand.press('Escape');

      // A price and a budget that ends before the tasks do.
      await hand.choose(/^Settings$/);
      await fill(/^price in$/, '1000');
      await fill(/^price out$/, '1000');
      await hand.choose(/^Save$/);
      await page.getByText('The settings are saved.').waitFor();
      await hand.choose(/^Plan a run$/);
      await hand.choose(/^Ask about 5 tasks$/);
      await page.getByText(/From 5 questions/).waitFor();
      await audit(page, 'generative-plan');
      await hand.press('Escape');
      const { spent } = (await api.get(`/projects/${id}/models`)).items.find(
        (one) => one.id === made.id,
      );
      assert.equal(spent.calls, 5);
      const budget = Math.ceil(spent.money * 5 * 100) / 100;
      await hand.choose(/^Settings$/);
      await fill(/^budget$/, String(budget));
      await hand.choose(/^Save$/);
      await page.getByText('The settings are saved.').first().waitFor();

      // It runs, and its server dies.
      await hand.choose(/^Plan a run$/);
      await hand.choose(/^Start the run$/);
      const drafted = async () => (await api.get(`/projects/${id}/progress`)).drafted;
      await until(drafted, (n) => n >= 6);
      await outside.kill();
      const before = await drafted();
      assert.ok(before < 60);

      // It comes back, and the run goes on until the budget is used up.
      outside = await chatServer(outside.port);
      await until(
        async () => {
          const jobs = (await api.get(`/projects/${id}/jobs`)).items;
          const idle = jobs.every(({ state }) => state !== 'running' && state !== 'queued');
          const seen = (await api.get(`/projects/${id}/models`)).items.find(
            (one) => one.id === made.id,
          );
          if (idle && !/budget/.test(seen.why)) await api.post(`/models/${made.id}/draft`);
          return seen;
        },
        ({ why }) => /budget/.test(why),
      );
      const kept = await drafted();
      assert.ok(kept >= before && kept > 15 && kept < 60, `${kept} drafts were kept`);
      await page
        .getByText(/budget/i)
        .first()
        .waitFor();
      await audit(page, 'generative-budget');

      // A person reviews what there is, and passes over a blind control if one comes first.
      await page.goto(`${server.url}/projects/${id}/desk`);
      await until(
        async () => {
          const name = await primary(page);
          if (name === 'Submit') await hand.press('Space');
          return name;
        },
        (name) => name === 'Accept draft',
      );
      await hand.press('Enter');
      await until(
        () => api.get(`/projects/${id}/progress`),
        (p) => p.done === 1,
      );
      const line = String(await api.download(`/projects/${id}/export?format=jsonl&decided=1`));
      const [{ data, annotations }] = line.trim().split('\n').map(JSON.parse);
      assert.deepEqual(annotations.at(-1).regions[0].labels, [
        /winner/.test(data.text) ? 'Spam' : 'Ham',
      ]);
      assert.deepEqual(errors, []);
    };
    try {
      await withDesk(journey, ['--reach', `127.0.0.1:${outside.port}`]);
    } finally {
      await outside.kill();
    }
  },
);
