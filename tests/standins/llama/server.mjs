#!/usr/bin/env node
// A true llama.cpp that speaks OpenAI's chat completions, for tests: its model knows nothing (model.mjs),
// but its tokens are sampled one by one, under a grammar made from the request's JSON schema, with the
// probabilities that they had. It is one model, one question at a time.
//
//   POST /v1/chat/completions   messages, response_format (text, json_object, json_schema), max_tokens,
//                               temperature, seed, stop, logprobs; usage in the answer
//   GET  /v1/models, /health
//
// node server.mjs [--port N] [--answers N]: with --answers it is gone after that many, in the middle of
// the next one. The first line that it prints is its port.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Unknown, grammarOf } from './grammar.mjs';
import { writeModel } from './model.mjs';

const { values: options } = parseArgs({
  options: { port: { type: 'string' }, answers: { type: 'string' } },
});
const contextSize = 16384;
const batchSize = 512;

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}
const demand = (holds, message) => {
  if (!holds) throw new Refused(400, message);
};

// ---------------------------------------------------------------------------------------- llama.cpp

const libraries = fileURLToPath(
  new URL('./node_modules/@node-llama-cpp/linux-x64/bins/linux-x64/', import.meta.url),
);
const llama = createRequire(import.meta.url)(join(libraries, 'llama-addon.node'));
llama.markLoaded();
llama.setLogger(() => {});
llama.loadBackends();
if (llama.getGpuType() == null) llama.loadBackends(libraries);
await llama.init();
const folder = mkdtempSync(join(tmpdir(), 'llama-'));
writeModel(join(folder, 'model.gguf'));
const model = new llama.AddonModel(join(folder, 'model.gguf'), {
  addonExports: llama,
  gpuLayers: 0,
  useMmap: false,
});
if (!(await model.init())) throw new Error('llama.cpp does not load the model');
rmSync(folder, { recursive: true });
const context = new llama.AddonContext(model, { contextSize, batchSize, sequences: 1, threads: 1 });
if (!(await context.init())) throw new Error('llama.cpp makes no context');

/** The bytes of a token: the vocabulary writes each byte as a sign of its own. */
const byteOfSign = new Map();
for (let byte = 0, next = 256; byte < 256; ++byte) {
  const plain = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  byteOfSign.set(String.fromCodePoint(plain ? byte : next++), byte);
}
const bytesOf = (token) => [...model.getTokenString(token)].map((sign) => byteOfSign.get(sign));

/** Tokens with their probabilities until the model ends, a stop is said or `most` are there. */
async function generate(text, grammarText, { most, temperature, seed, stops }) {
  const prompt = model.tokenize(text, false);
  demand(prompt.length + most <= contextSize, `the context has only ${contextSize} tokens`);
  context.disposeSequence(0);
  let filled = 0;
  const feed = async (tokens) => {
    let where;
    for (let at = 0; at < tokens.length; at += batchSize) {
      const part = tokens.slice(at, at + batchSize);
      const asked = at + part.length === tokens.length ? [part.length - 1] : [];
      context.initBatch(part.length);
      where = context.addToBatch(0, filled, Uint32Array.from(part), Uint32Array.from(asked));
      await context.decodeBatch();
      filled += part.length;
    }
    return where[0];
  };
  const config = { temperature, minP: 0, topK: temperature > 0 ? 0 : 1, topP: 1, seed };
  if (grammarText !== undefined)
    config.grammarEvaluationState = new llama.AddonGrammarEvaluationState(
      model,
      new llama.AddonGrammar(grammarText, { addonExports: llama, rootRuleName: 'root' }),
    );
  const sampler = new llama.AddonSampler(model);
  const tokens = [];
  const bytes = [];
  let reason = 'length';
  let where = await feed(prompt);
  while (tokens.length < most) {
    sampler.applyConfig(config);
    const [token, , probability] = await context.sampleToken(where, sampler, false, true);
    if (token === -1 || model.isEogToken(token)) {
      reason = 'stop';
      break;
    }
    const own = bytesOf(token);
    tokens.push({ bytes: own, logprob: Math.log(probability) });
    bytes.push(...own);
    const said = Buffer.from(bytes).toString();
    if (stops.some((stop) => said.endsWith(stop))) {
      reason = 'stop';
      break;
    }
    where = await feed([token]);
  }
  sampler.dispose();
  return { text: Buffer.from(bytes).toString(), tokens, reason, read: prompt.length };
}

// --------------------------------------------------------------------------------------- the protocol

function textOf(content) {
  if (typeof content === 'string') return content;
  demand(Array.isArray(content), 'content must be a text or a list of parts');
  for (const part of content) demand(part.type === 'text', `this model takes no ${part.type}`);
  return content.map((part) => part.text).join('\n');
}

function grammarFor(format) {
  if (format === undefined || format.type === 'text') return undefined;
  if (format.type === 'json_object') return grammarOf({ type: 'object' });
  demand(format.type === 'json_schema', `response_format ${format.type} is not known`);
  demand(typeof format.json_schema?.schema === 'object', 'json_schema has no schema');
  try {
    return grammarOf(format.json_schema.schema);
  } catch (why) {
    if (why instanceof Unknown) throw new Refused(400, why.message);
    throw why;
  }
}

let asked = 0;
async function complete(body) {
  const { messages, max_tokens = 512, temperature = 1, stop = [] } = body;
  demand(Array.isArray(messages) && messages.length > 0, 'messages must not be empty');
  for (const name of ['tools', 'functions', 'stream'])
    demand(!body[name], `${name} is not supported by this server`);
  demand(Number.isInteger(max_tokens) && max_tokens > 0, 'max_tokens must be a whole number over 0');
  demand(typeof temperature === 'number' && temperature >= 0, 'temperature must be 0 or more');
  const text = messages
    .map(({ role, content }) => {
      demand(['system', 'user', 'assistant'].includes(role), `role ${role} is not known`);
      return `${role}: ${textOf(content)}\n`;
    })
    .join('');
  const grammar = grammarFor(body.response_format);
  ++asked;
  const said = await generate(`${text}assistant: `, grammar, {
    most: max_tokens,
    temperature,
    seed: body.seed ?? asked,
    stops: typeof stop === 'string' ? [stop] : stop,
  });
  const logprobs = body.logprobs
    ? {
        content: said.tokens.map(({ bytes, logprob }) => ({
          token: Buffer.from(bytes).toString(),
          logprob,
          bytes,
          top_logprobs: [],
        })),
      }
    : null;
  return {
    id: `chatcmpl-${asked}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: body.model ?? 'knows-nothing',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: said.text },
        finish_reason: said.reason,
        logprobs,
      },
    ],
    usage: {
      prompt_tokens: said.read,
      completion_tokens: said.tokens.length,
      total_tokens: said.read + said.tokens.length,
    },
  };
}

let turn = Promise.resolve();
const inTurn = (work) => (turn = turn.then(work, work));

const server = createServer(async (request, response) => {
  const reply = (status, value) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  try {
    const path = request.url.split('?')[0];
    if (request.method === 'GET' && path === '/health') return reply(200, { status: 'ok' });
    if (request.method === 'GET' && path === '/v1/models')
      return reply(200, { object: 'list', data: [{ id: 'knows-nothing', object: 'model' }] });
    if (request.method !== 'POST' || path !== '/v1/chat/completions')
      throw new Refused(404, 'File Not Found');
    const parts = [];
    for await (const part of request) parts.push(part);
    let body;
    try {
      body = JSON.parse(Buffer.concat(parts).toString());
    } catch {
      throw new Refused(400, 'the body is no JSON');
    }
    const answer = await inTurn(() => complete(body));
    if (options.answers !== undefined && asked > Number(options.answers)) process.exit(1);
    reply(200, answer);
  } catch (why) {
    const status = why instanceof Refused ? why.status : 500;
    reply(status, { error: { code: status, message: why.message, type: 'invalid_request_error' } });
  }
});
server.listen(Number(options.port ?? 0), '127.0.0.1', () => console.log(server.address().port));
