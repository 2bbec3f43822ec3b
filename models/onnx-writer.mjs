// Writes an ONNX model as bytes. ONNX files are protocol buffers (onnx.proto3 of the ONNX project); this
// writes the few messages that a static float network needs, with nothing but Node. The same calls give
// the same bytes, so that a converted model can be pinned by its sha256.

const FLOAT = 1, INT64 = 7; // TensorProto.DataType
const IR_VERSION = 7;

/** A base-128 number, as protocol buffers write integers; negative ones as 64-bit two's complement. */
function varint(value) {
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes = [];
    do {
        const low = Number(rest & 127n);
        rest >>= 7n;
        bytes.push(rest ? low | 128 : low);
    } while (rest);
    return Buffer.from(bytes);
}

const key = (field, wireType) => varint(field * 8 + wireType);
const integer = (field, value) => Buffer.concat([key(field, 0), varint(value)]);
const bytes = (field, value) => {
    const body = Buffer.from(value);
    return Buffer.concat([key(field, 2), varint(body.length), body]);
};
const float = (field, value) => {
    const body = Buffer.alloc(4);
    body.writeFloatLE(value);
    return Buffer.concat([key(field, 5), body]);
};

/** AttributeProto. A JavaScript number is an int; write `{float: x}` for a float. */
function attribute(name, value) {
    const field = { name: 1, f: 2, i: 3, s: 4, ints: 8, type: 20 };
    const type = { float: 1, int: 2, string: 3, ints: 7 };
    const parts = [bytes(field.name, name)];
    if (Array.isArray(value)) {
        for (const v of value) parts.push(integer(field.ints, v));
        parts.push(integer(field.type, type.ints));
    } else if (typeof value === 'string') {
        parts.push(bytes(field.s, value), integer(field.type, type.string));
    } else if (typeof value === 'object') {
        parts.push(float(field.f, value.float), integer(field.type, type.float));
    } else {
        parts.push(integer(field.i, value), integer(field.type, type.int));
    }
    return Buffer.concat(parts);
}

/** NodeProto of {op, inputs, outputs, attributes}. */
function node({ op, inputs, outputs, attributes }) {
    return Buffer.concat([
        ...inputs.map((name) => bytes(1, name)),
        ...outputs.map((name) => bytes(2, name)),
        bytes(3, outputs[0]),
        bytes(4, op),
        ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
    ]);
}

/** TensorProto of {name, shape, data}; data is a Float32Array or a BigInt64Array. */
function tensor({ name, shape, data }) {
    return Buffer.concat([
        ...shape.map((size) => integer(1, size)),
        integer(2, data instanceof Float32Array ? FLOAT : INT64),
        bytes(8, name),
        bytes(9, Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
    ]);
}

/** ValueInfoProto of a float tensor {name, shape}; a side that is a text is free. */
function valueInfo({ name, shape }) {
    const dimensions = Buffer.concat(shape.map((size) => bytes(1, typeof size === 'string' ? bytes(2, size) : integer(1, size))));
    const tensorType = Buffer.concat([integer(1, FLOAT), bytes(2, dimensions)]);
    return Buffer.concat([bytes(1, name), bytes(2, bytes(1, tensorType))]);
}

/** ModelProto of one graph. */
export function onnxModel({ producer, graphName, opset = 12, nodes, constants, inputs, outputs }) {
    const graph = Buffer.concat([
        ...nodes.map((n) => bytes(1, node(n))),
        bytes(2, graphName),
        ...constants.map((c) => bytes(5, tensor(c))),
        ...inputs.map((i) => bytes(11, valueInfo(i))),
        ...outputs.map((o) => bytes(12, valueInfo(o))),
    ]);
    const operators = Buffer.concat([bytes(1, ''), integer(2, opset)]);
    return Buffer.concat([integer(1, IR_VERSION), bytes(2, producer), bytes(7, graph), bytes(8, operators)]);
}
