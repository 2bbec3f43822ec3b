// A model that drafts over the network. No language model is on this machine: a server of OpenAI's chat API answers
// with what a real system of the shared task WNUT'17 marked in the text (UH-RiTUaL, a neural network), as quotes, and
// says so. The way is the true one (prompt, answer by schema, quotes looked up, grounding, drafts ahead of people);
// how right the drafts are is that system's.
import { createServer } from 'node:http';
import { wnut17 } from './sets.mjs';

const kept = 'uh_ritual';
const fingerprint = `answers of ${kept} that were kept; no language model`;
const signsBefore = 24;
const marked = /^<(item-[0-9a-f]+)>\n([^]*)\n<\/\1>$/;

/** What the server is to say of a text. */
function answerOf(text, regions) {
  const signs = [...text];
  return {
    names: regions.map(({ start = 0, end, labels: [label] }) => ({
      quote: signs.slice(start, end).join(''),
      before: signs.slice(Math.max(0, start - signsBefore), start).join(''),
      label,
    })),
  };
}

/** A status and a body, by OpenAI's reference of chat completions. */
function reply(answers, { model, messages }) {
  const text = marked.exec(messages.at(-1).content)?.[2];
  const answer = answers.get(text);
  if (!answer) return [404, { error: { message: 'No answer to this text was kept.', code: null } }];
  const content = JSON.stringify(answer);
  const tokens = (all) => Math.ceil(all.length / 4);
  return [
    200,
    {
      object: 'chat.completion',
      model,
      system_fingerprint: fingerprint,
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage: {
        prompt_tokens: tokens(messages.map((one) => one.content).join('')),
        completion_tokens: tokens(content),
      },
    },
  ];
}

/** `{ url, end }`. */
async function serve(answers) {
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const [status, body] = reply(answers, JSON.parse(Buffer.concat(parts).toString()));
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const end = () =>
    new Promise((ended) => {
      server.close(ended);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}/v1`, end };
}

/** The texts of `wnut17`, drafted by asking. */
export function llm(most) {
  const set = wnut17(most, kept);
  if (!set) return null;
  const rows = set.draftedTasks.trim().split('\n').map(JSON.parse);
  const answers = new Map(
    rows.map(({ data: { text }, drafts: [draft] }) => [text, answerOf(text, draft.regions)]),
  );
  return {
    ...set,
    name: 'llm',
    draftedTasks: undefined,
    serverArguments: ['--reach', '127.0.0.1'],
    /** Adds the model to a project and switches it on; gives what ends its server. */
    connect: async (api, project) => {
      const server = await serve(answers);
      const { id } = await api.post(`/projects/${project}/models`, {
        kind: 'openai-chat',
        name: 'UH-RiTUaL, asked by the chat API',
        config: { url: server.url, model: kept, confidence: 'none' },
      });
      await api.patch(`/models/${id}`, { enabled: true });
      return server.end;
    },
  };
}
