// Writes a language model that knows nothing: llama's architecture, one layer, weights from a seed,
// a token a byte. It is a true GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md),
// version 3, about 300 kB, and the same bytes every time.
import { writeFileSync } from 'node:fs';

const width = 64;
const hidden = 128;
const heads = 4;
const context = 16384;
const alignment = 32;
const types = { u32: 4, f32: 6, text: 8, list: 9, i32: 5, bool: 7 };

/** Numbers of a normal distribution, from a seed: mulberry32, then Box and Muller's method. */
function normal(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** The sign that stands for each byte in vocabularies of GPT-2's kind. */
function byteSigns() {
  const plain = (b) => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, b) => String.fromCodePoint(plain(b) ? b : next++));
}

class Bytes {
  parts = [];
  size = 0;
  add(buffer) {
    this.parts.push(buffer);
    this.size += buffer.length;
    return this;
  }
  u32(value) {
    const b = Buffer.alloc(4);
    b.writeUInt32LE(value);
    return this.add(b);
  }
  u64(value) {
    const b = Buffer.alloc(8);
    b.writeBigUInt64LE(BigInt(value));
    return this.add(b);
  }
  f32(value) {
    const b = Buffer.alloc(4);
    b.writeFloatLE(value);
    return this.add(b);
  }
  text(value) {
    const b = Buffer.from(value, 'utf8');
    return this.u64(b.length).add(b);
  }
  value(type, value) {
    if (type === 'u32' || type === 'i32') return this.u32(value);
    if (type === 'bool') return this.add(Buffer.from([value ? 1 : 0]));
    return type === 'f32' ? this.f32(value) : this.text(value);
  }
  list(type, values) {
    this.u32(types[type]).u64(values.length);
    for (const value of values) this.value(type, value);
    return this;
  }
  pad() {
    return this.add(Buffer.alloc((alignment - (this.size % alignment)) % alignment));
  }
  all() {
    return Buffer.concat(this.parts);
  }
}

export function writeModel(path, seed = 7) {
  const tokens = [...byteSigns(), '<|end|>'];
  const end = 256;
  const facts = [
    ['general.architecture', 'text', 'llama'],
    ['general.name', 'text', 'knows nothing'],
    ['general.alignment', 'u32', alignment],
    ['llama.context_length', 'u32', context],
    ['llama.embedding_length', 'u32', width],
    ['llama.block_count', 'u32', 1],
    ['llama.feed_forward_length', 'u32', hidden],
    ['llama.attention.head_count', 'u32', heads],
    ['llama.attention.head_count_kv', 'u32', heads],
    ['llama.attention.layer_norm_rms_epsilon', 'f32', 1e-5],
    ['llama.rope.dimension_count', 'u32', width / heads],
    ['llama.vocab_size', 'u32', tokens.length],
    ['tokenizer.ggml.model', 'text', 'gpt2'],
    ['tokenizer.ggml.pre', 'text', 'gpt-2'],
    ['tokenizer.ggml.tokens', 'list', ['text', tokens]],
    ['tokenizer.ggml.token_type', 'list', ['i32', tokens.map((_, i) => (i < end ? 1 : 3))]],
    ['tokenizer.ggml.merges', 'list', ['text', []]],
    ['tokenizer.ggml.eos_token_id', 'u32', end],
    ['tokenizer.ggml.add_bos_token', 'bool', false],
  ];
  const tensors = [
    ['token_embd.weight', [width, tokens.length]],
    ['output.weight', [width, tokens.length]],
    ['output_norm.weight', [width]],
    ['blk.0.attn_norm.weight', [width]],
    ['blk.0.ffn_norm.weight', [width]],
    ...['q', 'k', 'v', 'output'].map((name) => [`blk.0.attn_${name}.weight`, [width, width]]),
    ['blk.0.ffn_gate.weight', [width, hidden]],
    ['blk.0.ffn_up.weight', [width, hidden]],
    ['blk.0.ffn_down.weight', [hidden, width]],
  ];

  const head = new Bytes();
  head.add(Buffer.from('GGUF')).u32(3).u64(tensors.length).u64(facts.length);
  for (const [name, type, value] of facts) {
    head.text(name).u32(types[type]);
    if (type === 'list') head.list(...value);
    else head.value(type, value);
  }
  const next = normal(seed);
  const data = new Bytes();
  for (const [name, shape] of tensors) {
    head.text(name).u32(shape.length);
    for (const side of shape) head.u64(side);
    head.u32(0).u64(data.size);
    const numbers = new Float32Array(shape.reduce((a, b) => a * b));
    // So scaled that the next token is neither certain nor anybody's guess.
    const scale = name === 'output.weight' ? 2 / Math.sqrt(width) : 1 / Math.sqrt(width);
    for (let i = 0; i < numbers.length; ++i) numbers[i] = shape.length === 1 ? 1 : next() * scale;
    data.add(Buffer.from(numbers.buffer)).pad();
  }
  writeFileSync(path, Buffer.concat([head.pad().all(), data.all()]));
}
