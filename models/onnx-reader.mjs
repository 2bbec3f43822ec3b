// Reads the graph of an ONNX model, the counterpart of onnx-writer.mjs, with nothing but Node. ONNX files are
// protocol buffers (onnx.proto3 of the ONNX project); of their messages this knows what a static network of one
// graph needs. Anything else, and any length or size that does not fit the file, is refused.
import { readFileSync } from 'node:fs';

const FLOAT = 1, INT32 = 6, INT64 = 7; // TensorProto.DataType
const MOST_NUMBERS = 1 << 28;

class Message {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }
    varint() {
        let value = 0n;
        for (let shift = 0n; shift < 70n; shift += 7n) {
            if (this.at >= this.bytes.length) throw new Error('a number is cut off');
            const byte = this.bytes[this.at++];
            value |= BigInt(byte & 127) << shift;
            if (byte < 128) return BigInt.asIntN(64, value);
        }
        throw new Error('a number is longer than 64 bits');
    }
    take(count) {
        if (!(count >= 0) || count > this.bytes.length - this.at) throw new Error('a part is longer than the file');
        this.at += count;
        return this.bytes.subarray(this.at - count, this.at);
    }
    /** Every field in order, as [number, value]: a BigInt, or the bytes of a part or of a fixed-size number. */
    *fields() {
        while (this.at < this.bytes.length) {
            const key = Number(this.varint());
            const number = Math.floor(key / 8), wire = key & 7;
            if (wire === 0) yield [number, this.varint()];
            else if (wire === 1) yield [number, this.take(8)];
            else if (wire === 2) yield [number, this.take(Number(this.varint()))];
            else if (wire === 5) yield [number, this.take(4)];
            else throw new Error(`field ${number} is of an unknown kind`);
        }
    }
}

const text = (bytes) => bytes.toString('utf8');

/** Repeated integers come one a field or packed into one part. */
function integers(value) {
    if (typeof value === 'bigint') return [value];
    const part = new Message(value), out = [];
    while (part.at < part.bytes.length) out.push(part.varint());
    return out;
}

function floats(bytes) {
    if (bytes.length % 4) throw new Error('a list of numbers has a part of one');
    return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/** {name, shape, data}: a Float32Array, or a BigInt64Array of any whole numbers. */
function tensor(bytes) {
    const shape = [], whole = [], real = [];
    let type = 0, name = '', raw;
    for (const [field, value] of new Message(bytes).fields()) {
        if (field === 1) shape.push(...integers(value).map(Number));
        else if (field === 2) type = Number(value);
        else if (field === 4) real.push(...floats(value));
        else if (field === 5 || field === 7) whole.push(...integers(value));
        else if (field === 8) name = text(value);
        else if (field === 9) raw = value;
        else if (field === 13 || field === 14) throw new Error(`the numbers of "${name}" are in another file`);
    }
    const count = shape.reduce((all, size) => all * size, 1);
    if (!shape.every((size) => size >= 0) || count > MOST_NUMBERS) throw new Error(`"${name}" has no usable shape`);
    let data;
    if (type === FLOAT) data = raw ? floats(raw) : Float32Array.from(real);
    else if (type === INT64 && raw)
        data = BigInt64Array.from({ length: raw.length / 8 }, (_, i) => raw.readBigInt64LE(8 * i));
    else if (type === INT32 && raw)
        data = BigInt64Array.from({ length: raw.length / 4 }, (_, i) => BigInt(raw.readInt32LE(4 * i)));
    else if (type === INT64 || type === INT32) data = BigInt64Array.from(whole);
    else throw new Error(`"${name}" holds numbers of type ${type}`);
    if (data.length !== count) throw new Error(`"${name}" has ${data.length} numbers, its shape says ${count}`);
    return { name, shape, data };
}

/** [name, value]; a float is {float: x}, as onnx-writer.mjs takes it, a list of whole numbers an array. */
function attribute(bytes) {
    let name = '', type = 0, value;
    const list = [];
    for (const [field, part] of new Message(bytes).fields()) {
        if (field === 1) name = text(part);
        else if (field === 2) value = { float: part.readFloatLE(0) };
        else if (field === 3) value = Number(part);
        else if (field === 4) value = text(part);
        else if (field === 5) value = tensor(part);
        else if (field === 8) list.push(...integers(part).map(Number));
        else if (field === 20) type = Number(part);
        else if (field === 6 || field === 7 || field === 9) throw new Error(`attribute "${name}" is of another kind`);
    }
    return [name, type === 7 ? list : value];
}

function node(bytes) {
    const out = { op: '', inputs: [], outputs: [], attributes: {} };
    for (const [field, value] of new Message(bytes).fields()) {
        if (field === 1) out.inputs.push(text(value));
        else if (field === 2) out.outputs.push(text(value));
        else if (field === 4) out.op = text(value);
        else if (field === 5) {
            const [name, said] = attribute(value);
            out.attributes[name] = said;
        }
    }
    return out;
}

const nameOf = (bytes) => text([...new Message(bytes).fields()].find(([field]) => field === 1)[1]);

/** The graph of a model file: {opset, nodes, constants: Map of name to tensor, inputs, outputs: names}. */
export function readOnnx(path) {
    try {
        const graph = { opset: 0, nodes: [], constants: new Map(), inputs: [], outputs: [] };
        for (const [field, value] of new Message(readFileSync(path)).fields()) {
            if (field === 8)
                for (const [part, number] of new Message(value).fields())
                    if (part === 2) graph.opset = Number(number);
            if (field !== 7) continue;
            for (const [part, inside] of new Message(value).fields()) {
                if (part === 1) graph.nodes.push(node(inside));
                else if (part === 5) {
                    const constant = tensor(inside);
                    graph.constants.set(constant.name, constant);
                } else if (part === 11) graph.inputs.push(nameOf(inside));
                else if (part === 12) graph.outputs.push(nameOf(inside));
            }
        }
        if (!graph.nodes.length || !graph.outputs.length) throw new Error('it has no graph');
        graph.inputs = graph.inputs.filter((name) => !graph.constants.has(name));
        return graph;
    } catch (error) {
        throw new Error(`${path} is not an ONNX model that this can read: ${error.message}`, { cause: error });
    }
}
