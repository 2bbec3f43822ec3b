// Rewrites the PP-OCRv4 networks, as PaddlePaddle's exporter left them, into ONNX models that OpenCV 4.6 loads and
// runs with the same numbers: the one that finds lines of text, and the one that reads a line of any width. Needs
// nothing but Node. A network that is not built as these two are is refused.
//
//     node paddle-to-onnx.mjs IN.onnx OUT.onnx NAME HEIGHT WIDTH
//
// What OpenCV 4.6 cannot take, and what stands in its place:
//   limits of Clip as inputs          attributes; all of them then vanish in HardSwish
//   shapes computed from a tensor's   Reshape with one free side: any width goes through one network
//   three answers cut out of one 5-D  three products of a third of the weights each
//   a mean over the last side         a product with a matrix of 1/n, which does not freeze the width
//   scale and shift of a 3-D tensor   folded into the product or the convolution behind
import { writeFileSync } from 'node:fs';
import { onnxModel } from './onnx-writer.mjs';
import { readOnnx } from './onnx-reader.mjs';

const [input, output, name, height, width] = process.argv.slice(2);
const graph = readOnnx(input);
const constants = graph.constants;
let nodes = graph.nodes;
let made = 0;

function refuse(what) {
    throw new Error(`${input} is not a PP-OCRv4 network: ${what}`);
}

const isConstant = (tensor) => constants.has(tensor);
const valuesOf = (tensor) => constants.get(tensor).data;
const isScalar = (tensor) => isConstant(tensor) && valuesOf(tensor).length === 1;
const scalar = (tensor) => Number(valuesOf(tensor)[0]);
const maker = (tensor) => nodes.find((node) => node.outputs.includes(tensor));
const readers = (tensor) => nodes.filter((node) => node.inputs.includes(tensor));

function onlyReader(tensor, op) {
    const found = readers(tensor).filter((node) => node.op !== 'Shape');
    if (found.length !== 1 || found[0].op !== op) refuse(`"${tensor}" is not read by one ${op}`);
    return found[0];
}

function constant(shape, data) {
    const called = `made_${++made}`;
    constants.set(called, { name: called, shape, data });
    return called;
}

const shapeConstant = (...sides) => constant([sides.length], BigInt64Array.from(sides, BigInt));

/** Everybody who reads `from` reads `to` instead. */
function redirect(from, to) {
    for (const node of nodes) node.inputs = node.inputs.map((tensor) => (tensor === from ? to : tensor));
    graph.outputs = graph.outputs.map((tensor) => (tensor === from ? to : tensor));
}

/** Constants become constants: Constant nodes, and casts of what is known. */
function takeConstants() {
    nodes = nodes.filter((node) => {
        const [to] = node.outputs;
        if (node.op === 'Constant') constants.set(to, { ...node.attributes.value, name: to });
        else if (node.op === 'Cast' && isConstant(node.inputs[0])) {
            const { shape, data } = constants.get(node.inputs[0]);
            constants.set(to, { name: to, shape, data: BigInt64Array.from(data, (value) => BigInt(Math.trunc(Number(value)))) });
        } else return true;
        return false;
    });
}

/** x * Clip(x + 3, 0, 6) / 6 is HardSwish of x. */
function fuseHardSwish() {
    for (const divide of nodes.filter((node) => node.op === 'Div' && isScalar(node.inputs[1]))) {
        const product = maker(divide.inputs[0]);
        const clip = product?.op === 'Mul' && maker(product.inputs[1]);
        const add = clip?.op === 'Clip' && maker(clip.inputs[0]);
        if (!add) continue;
        const limit = (at, key) => (clip.inputs[at] ? scalar(clip.inputs[at]) : clip.attributes[key]?.float);
        const [x] = product.inputs;
        if (add.op !== 'Add' || add.inputs[0] !== x || !isScalar(add.inputs[1])) refuse('a Clip is no HardSwish');
        if (scalar(add.inputs[1]) !== 3 || limit(1, 'min') !== 0 || limit(2, 'max') !== 6 || scalar(divide.inputs[1]) !== 6)
            refuse('a HardSwish has other limits');
        Object.assign(divide, { op: 'HardSwish', inputs: [x], attributes: {} });
    }
}

/** x * 1 is x; a number times or plus the result of a convolution goes into its weights. */
function foldScalars() {
    for (const node of [...nodes]) {
        if (!['Mul', 'Add'].includes(node.op)) continue;
        const at = node.inputs.findIndex(isScalar);
        if (at < 0) continue;
        const number = scalar(node.inputs[at]), from = node.inputs[1 - at];
        const convolution = maker(from);
        if (!(node.op === 'Mul' && number === 1)) {
            if (convolution?.op !== 'Conv' || readers(from).length !== 1) continue;
            const [x, weights, bias] = convolution.inputs;
            const kernel = constants.get(weights);
            const shift = bias ? valuesOf(bias) : new Float32Array(kernel.shape[0]);
            const scaled = (values) => (node.op === 'Mul' ? values.map((value) => value * number) : values);
            const moved = node.op === 'Add' ? shift.map((value) => value + number) : scaled(shift);
            convolution.inputs = [x, constant(kernel.shape, scaled(kernel.data)), constant([moved.length], moved)];
        }
        redirect(node.outputs[0], from);
        nodes.splice(nodes.indexOf(node), 1);
    }
}

/** The columns from `first` on, `count` of them, of a matrix of `rows` rows. */
function columns(data, rows, first, count) {
    const across = data.length / rows;
    const out = new Float32Array(rows * count);
    for (let row = 0; row < rows; row++)
        out.set(data.subarray(row * across + first, row * across + first + count), row * count);
    return out;
}

/** One product whose result is seen as [1, positions, 3, heads, size] and cut in three: three products. */
function splitAttention() {
    for (const view of nodes.filter((node) => node.op === 'Reshape')) {
        const shape = maker(view.inputs[1]);
        if (shape?.op !== 'Concat' || shape.inputs.length !== 5) continue;
        const [three, heads, size] = shape.inputs.slice(2).map((part) => (isConstant(part) ? scalar(part) : 0));
        const add = maker(view.inputs[0]), product = maker(add.inputs[0]);
        if (three !== 3 || product?.op !== 'MatMul' || !isConstant(add.inputs[1])) refuse('an attention is built otherwise');
        const each = heads * size, weights = constants.get(product.inputs[1]);
        if (weights.shape[1] !== 3 * each) refuse('an attention has other sizes');
        const turned = onlyReader(view.outputs[0], 'Transpose');
        for (const cut of readers(turned.outputs[0])) {
            const part = cut.attributes.starts[0];
            const [result] = onlyReader(cut.outputs[0], 'Squeeze').outputs;
            const third = constant([weights.shape[0], each], columns(weights.data, weights.shape[0], part * each, each));
            const shift = constant([each], valuesOf(add.inputs[1]).slice(part * each, (part + 1) * each));
            const step = (op, inputs, attributes = {}, to = `made_${++made}`) => {
                nodes.splice(nodes.indexOf(view), 0, { op, inputs, outputs: [to], attributes });
                return to;
            };
            const flat = step('Add', [step('MatMul', [product.inputs[0], third]), shift]);
            nodes = nodes.filter((node) => !node.outputs.includes(result));
            step('Transpose', [step('Reshape', [flat, shapeConstant(1, -1, heads, size)])], { perm: [0, 2, 1, 3] }, result);
        }
        nodes = nodes.filter((node) => node !== view);
    }
}

/** Shapes that were computed: of a known number of sides, one of them free. `depth`: numbers a position. */
function freeShapes(depth) {
    for (const node of nodes) {
        if (node.op === 'Squeeze') Object.assign(node, { op: 'Reshape', inputs: [node.inputs[0], shapeConstant(1, depth, -1)], attributes: {} });
        if (node.op !== 'Reshape' || isConstant(node.inputs[1])) continue;
        const shape = maker(node.inputs[1]);
        if (shape?.op !== 'Concat') refuse('a shape is computed otherwise');
        if (shape.inputs.length === 2) node.inputs[1] = shapeConstant(1, depth, -1);
        else if (shape.inputs.length === 3) node.inputs[1] = shapeConstant(1, -1, depth);
        else if (shape.inputs.length === 4) node.inputs[1] = shapeConstant(1, 1, -1, depth);
        else refuse(`a shape has ${shape.inputs.length} parts`);
    }
}

function freeMeans(depth) {
    const mean = constant([depth, depth], new Float32Array(depth * depth).fill(1 / depth));
    for (const node of nodes) {
        if (node.op !== 'ReduceMean') continue;
        if (node.attributes.axes?.[0] !== -1) refuse('a mean is over another side');
        Object.assign(node, { op: 'MatMul', inputs: [node.inputs[0], mean], attributes: {} });
    }
}

/** gamma * x + beta in front of x W + b is x (gamma W) + (b + beta W). */
function intoProduct(product, scale, shift) {
    const [rows, across] = constants.get(product.inputs[1]).shape, weights = valuesOf(product.inputs[1]);
    const add = onlyReader(product.outputs[0], 'Add'), bias = valuesOf(add.inputs[1]);
    const scaled = new Float32Array(rows * across), moved = Float64Array.from(bias);
    for (let row = 0; row < rows; row++)
        for (let column = 0; column < across; column++) {
            scaled[row * across + column] = scale[row] * weights[row * across + column];
            moved[column] += shift[row] * weights[row * across + column];
        }
    product.inputs[1] = constant([rows, across], scaled);
    add.inputs[1] = constant([across], Float32Array.from(moved));
}

/** The same in front of a convolution of 1 x 1. */
function intoConvolution(convolution, scale, shift) {
    const [x, weights, bias] = convolution.inputs;
    const { shape, data } = constants.get(weights);
    if (shape[2] !== 1 || shape[3] !== 1 || shape[1] !== scale.length) refuse('a normalisation leads into a wide convolution');
    const moved = new Float64Array(shape[0]);
    if (bias) moved.set(valuesOf(bias));
    for (let i = 0; i < data.length; i++) moved[Math.floor(i / shape[1])] += shift[i % shape[1]] * data[i];
    const scaled = data.map((value, i) => value * scale[i % shape[1]]);
    convolution.inputs = [x, constant(shape, scaled), constant([shape[0]], Float32Array.from(moved))];
}

function foldNormalisations(depth) {
    for (const multiply of nodes.filter((node) => node.op === 'Mul' && isConstant(node.inputs[1]) && valuesOf(node.inputs[1]).length === depth)) {
        const add = onlyReader(multiply.outputs[0], 'Add');
        const scale = valuesOf(multiply.inputs[1]), shift = valuesOf(add.inputs[1]);
        for (const reader of readers(add.outputs[0])) {
            if (reader.op === 'MatMul') intoProduct(reader, scale, shift);
            else if (reader.op === 'Reshape')
                intoConvolution(onlyReader(onlyReader(reader.outputs[0], 'Transpose').outputs[0], 'Conv'), scale, shift);
            else if (reader.op !== 'Shape') refuse(`a normalisation leads into ${reader.op}`);
        }
        redirect(add.outputs[0], multiply.inputs[0]);
    }
}

/** Only what leads to the outputs, in an order in which everything is made before it is read. */
function alive() {
    const order = [], seen = new Set();
    const visit = (tensor) => {
        const node = maker(tensor);
        if (!node || seen.has(node)) return;
        seen.add(node);
        node.inputs.forEach(visit);
        order.push(node);
    };
    graph.outputs.forEach(visit);
    return order;
}

takeConstants();
fuseHardSwish();
foldScalars();
const readsLines = nodes.some((node) => node.op === 'MatMul');
if (readsLines) {
    const depth = constants.get(nodes.find((node) => node.op === 'MatMul').inputs[1])?.shape[0] ?? refuse('its first product has no weights');
    splitAttention();
    freeShapes(depth);
    freeMeans(depth);
    foldNormalisations(depth);
}
nodes = alive();
const known = new Set(['Add', 'AveragePool', 'BatchNormalization', 'Concat', 'Conv', 'ConvTranspose', 'Div', 'GlobalAveragePool', 'HardSigmoid',
    'HardSwish', 'MatMul', 'Mul', 'Pow', 'Relu', 'Reshape', 'Resize', 'Sigmoid', 'Softmax', 'Sqrt', 'Sub', 'Transpose']);
for (const node of nodes) if (!known.has(node.op)) refuse(`the operation ${node.op} is left`);
const used = new Set(nodes.flatMap((node) => node.inputs));
writeFileSync(
    output,
    onnxModel({
        producer: 'countersign',
        graphName: name,
        opset: 14, // the first with HardSwish
        nodes,
        constants: [...constants.values()].filter((value) => used.has(value.name)),
        inputs: graph.inputs.map((called) => ({ name: called, shape: [1, 3, Number(height), Number(width)] })),
        outputs: graph.outputs.map((called) => ({ name: called, shape: readsLines ? [1, 'positions', 'characters'] : [1, 1, Number(height), Number(width)] })),
    }),
);
