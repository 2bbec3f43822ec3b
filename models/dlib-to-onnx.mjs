// Reads dlib's ResNet34 (resnet34_1000_imagenet_classifier.dnn of the dlib-models project) and writes what
// is in front of its classifier as an ONNX model: a picture of 227 x 227 in, 512 numbers out. Needs nothing
// but Node. Anything that is not exactly that network is refused.
//
//     node dlib-to-onnx.mjs IN.dnn OUT.onnx NAME
//
// A .dnn file is a stream of layers from the input to the output. An integer is a byte with the count of
// the bytes that follow, least first; a text is its length and its bytes; a tensor is the integer 2, its
// four sizes, and 32-bit numbers. Of each layer only the name and the parameters count here.
import { readFileSync, writeFileSync } from 'node:fs';
import { onnxModel } from './onnx-writer.mjs';

const [input, output, name] = process.argv.slice(2);
const file = readFileSync(input);

function refuse(what) {
    throw new Error(`${input} is not dlib's ResNet34: ${what}`);
}

class Reader {
    constructor(at) {
        this.at = at;
    }
    integer() {
        const size = file[this.at++];
        if (!(size >= 1 && size <= 8)) refuse(`no number at byte ${this.at - 1}`);
        let value = 0;
        for (let i = size - 1; i >= 0; i--) value = value * 256 + file[this.at + i];
        this.at += size;
        return value;
    }
    tensor() {
        if (this.integer() !== 2) refuse(`no tensor at byte ${this.at}`);
        const count = this.integer() * this.integer() * this.integer() * this.integer();
        const end = this.at + count * 4;
        if (end > file.length) refuse('it ends too early');
        const values = new Float32Array(count);
        for (let i = 0; i < count; i++) values[i] = file.readFloatLE(this.at + i * 4);
        this.at = end;
        return values;
    }
}

/** The parameters of the next layer called `layer`, and where it ends. */
let place = 0;
function next(layer) {
    const mark = Buffer.concat([Buffer.from([1, layer.length]), Buffer.from(layer)]);
    const found = file.indexOf(mark, place);
    if (found < 0) refuse(`a layer "${layer}" is missing`);
    const reader = new Reader(found + mark.length);
    const values = reader.tensor();
    place = reader.at;
    return values;
}

const nodes = [];
const constants = [];
let made = 0;

function node(op, inputs, attributes = {}, out = `${op.toLowerCase()}_${++made}`) {
    nodes.push({ op, inputs, outputs: [out], attributes });
    return out;
}

function constant(shape, data) {
    const out = `constant_${++made}`;
    constants.push({ name: out, shape, data });
    return out;
}

/** A convolution, with the scaling behind it folded into its weights. */
function convolution(from, channels, filters, side, stride, padding) {
    const weights = next('con_4');
    const affine = next('affine_');
    const each = channels * side * side;
    if (weights.length !== filters * (each + 1)) refuse(`a convolution has ${weights.length} weights`);
    if (affine.length !== filters * 2) refuse(`a scaling has ${affine.length} numbers`);
    const kernel = new Float32Array(filters * each);
    const bias = new Float32Array(filters);
    for (let f = 0; f < filters; f++) {
        for (let i = 0; i < each; i++) kernel[f * each + i] = weights[f * each + i] * affine[f];
        bias[f] = weights[filters * each + f] * affine[f] + affine[filters + f];
    }
    return node(
        'Conv',
        [from, constant([filters, channels, side, side], kernel), constant([filters], bias)],
        { kernel_shape: [side, side], strides: [stride, stride], pads: [padding, padding, padding, padding] },
    );
}

/** Two convolutions and a way around them; `smaller` halves the sides and fills up the channels with zeros. */
function block(from, channels, filters, smaller) {
    const first = node('Relu', [convolution(from, channels, filters, 3, smaller ? 2 : 1, smaller ? 0 : 1)]);
    const second = convolution(first, filters, filters, 3, 1, 1);
    let around = from;
    if (smaller) {
        around = node('AveragePool', [from], { kernel_shape: [2, 2], strides: [2, 2] });
        const pads = BigInt64Array.from([0, 0, 0, 0, 0, filters - channels, 0, 0].map(BigInt));
        around = node('Pad', [around, constant([8], pads)], { mode: 'constant' });
    }
    return node('Relu', [node('Add', [second, around])]);
}

let at = node('Relu', [convolution('image', 3, 64, 7, 2, 0)]);
at = node('MaxPool', [at], { kernel_shape: [3, 3], strides: [2, 2] });
let channels = 64;
for (const [filters, count] of [[64, 3], [128, 4], [256, 6], [512, 3]])
    for (let i = 0; i < count; i++) {
        at = block(at, channels, filters, filters !== 64 && i === 0);
        channels = filters;
    }
if (file.indexOf(Buffer.from('con_4'), place) >= 0) refuse('it has more layers');
at = node('GlobalAveragePool', [at]);
node('Reshape', [at, constant([2], BigInt64Array.from([1n, 512n]))], {}, 'features');

writeFileSync(
    output,
    onnxModel({
        producer: 'countersign models/dlib-to-onnx.mjs',
        graphName: name,
        nodes,
        constants,
        inputs: [{ name: 'image', shape: [1, 3, 227, 227] }],
        outputs: [{ name: 'features', shape: [1, 512] }],
    }),
);
