// Reads a TensorFlow.js graph model: a JSON topology, and weights in binary shards beside it.
// Weights quantised to float16 are widened to float32.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const product = (list) => list.reduce((a, b) => a * b, 1);

/** IEEE 754 binary16 -> number. */
function fromHalf(bits) {
    const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** How each stored type is read: bytes a value, the array that holds it, and one value at an offset. */
const storedTypes = {
    float16: { size: 2, array: Float32Array, at: (b, o) => fromHalf(b.readUInt16LE(o)) },
    float32: { size: 4, array: Float32Array, at: (b, o) => b.readFloatLE(o) },
    int32: { size: 4, array: Int32Array, at: (b, o) => b.readInt32LE(o) },
};

function readGroup(group, folder, weights) {
    const shard = Buffer.concat(group.paths.map((path) => readFileSync(join(folder, path))));
    let offset = 0;
    for (const entry of group.weights) {
        const stored = storedTypes[entry.quantization?.dtype ?? entry.dtype];
        if (!stored) throw Error(`weight ${entry.name} is stored as ${JSON.stringify(entry.quantization ?? entry.dtype)}, which is not read here`);
        const data = new stored.array(product(entry.shape));
        if (offset + data.length * stored.size > shard.length) throw Error(`${group.paths.join(', ')} ends inside weight ${entry.name}`);
        for (let i = 0; i < data.length; i++, offset += stored.size) data[i] = stored.at(shard, offset);
        weights.set(entry.name, { data, shape: entry.shape });
    }
    if (offset !== shard.length) throw Error(`${group.paths.join(', ')} holds ${shard.length - offset} bytes more than the weights it lists`);
}

/** Plain values of a node's attributes; numbers arrive as text and strings as base64. */
function attributeValue(raw) {
    const text = (encoded) => Buffer.from(encoded, 'base64').toString();
    if ('s' in raw) return text(raw.s);
    if ('i' in raw) return Number(raw.i);
    if ('f' in raw) return Number(raw.f);
    if ('b' in raw) return raw.b;
    if ('list' in raw) return raw.list.s ? raw.list.s.map(text) : (raw.list.i ?? []).map(Number);
    if ('shape' in raw) return raw.shape.dim.map((d) => Number(d.size));
    return raw;
}

/** {nodes: Map name -> {name, op, inputs, attributes}, weights: Map name -> {data, shape}, outputs: [name]} */
export function readGraphModel(path) {
    const model = JSON.parse(readFileSync(path, 'utf8'));
    if (model.format !== 'graph-model') throw Error(`${path} is not a TensorFlow.js graph model`);
    const weights = new Map();
    for (const group of model.weightsManifest) readGroup(group, dirname(path), weights);
    const nodes = new Map();
    for (const node of model.modelTopology.node) {
        const attributes = Object.fromEntries(Object.entries(node.attr ?? {}).map(([k, v]) => [k, attributeValue(v)]));
        const inputs = (node.input ?? []).filter((name) => !name.startsWith('^'));  // ^name: control edges
        nodes.set(node.name, { name: node.name, op: node.op, inputs, attributes });
    }
    const outputs = Object.values((model.signature ?? model.userDefinedMetadata.signature).outputs).map((output) => output.name.split(':')[0]).sort();
    return { nodes, weights, outputs };
}
