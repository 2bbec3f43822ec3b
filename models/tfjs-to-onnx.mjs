#!/usr/bin/env node
// Converts a TensorFlow.js graph model to ONNX, for the operations that NanoDet-g and BlazeFace use; it stops at any other.
//
//     node models/tfjs-to-onnx.mjs model.json model.onnx NAME
//
// TensorFlow convolves over NHWC, ONNX over NCHW, and the exported graph is full of Transposes that go
// back and forth. So a TensorFlow tensor is carried as a *view* of an ONNX tensor:
//
//     {name, layout, shape}    axis i of the TensorFlow tensor is axis layout[i] of the ONNX tensor `name`;
//                              `shape` is the TensorFlow tensor's
//
// A Transpose then only permutes the layout and emits nothing; a real one is written only where the bytes
// have to be in order (Reshape, outputs). Two more things keep the result small and quick:
//
//   - a Pad is carried with the view ({..., padding}) and becomes the pads of the convolution or pooling
//     that reads it; it is written as a node only when something else reads it;
//   - an Add of one number per channel becomes the bias of the convolution before it.
//
// TensorFlow's SAME padding is computed from the sizes: out = ceil(in / stride), what is missing is padded
// half before and half after, the odd one after.
//
// Every shape is known, so all padding and all sizes are computed here and none at run time.

import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { onnxModel } from './onnx-writer.mjs';
import { readGraphModel } from './tfjs-reader.mjs';

const NHWC_OF_NCHW = [0, 2, 3, 1];
const range = (n) => [...Array(n).keys()];
const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
const product = (list) => list.reduce((a, b) => a * b, 1);
const isConstant = (value) => value.data !== undefined;
const axisOf = (value, rank) => (value.data[0] + rank) % rank;

class Converter {
    constructor(model) {
        this.model = model;
        this.values = new Map();   // TensorFlow node name -> its value, or list of values
        this.nodes = [];           // ONNX nodes in order of execution
        this.producers = new Map();  // ONNX tensor name -> the ONNX node that makes it
        this.constants = [];
        this.inputs = [];
        this.transposed = new Map();
        this.readers = new Map();  // TensorFlow node name -> how many inputs read it
        for (const node of model.nodes.values())
            for (const input of node.inputs) {
                const [name] = input.split(':');
                this.readers.set(name, (this.readers.get(name) ?? 0) + 1);
            }
    }

    // ---- writing ONNX

    emit(op, inputs, attributes = {}, outputs = [`${op}_${this.nodes.length}`]) {
        const node = { op, inputs, outputs, attributes };
        this.nodes.push(node);
        for (const name of outputs) this.producers.set(name, node);
        return outputs[0];
    }

    constant(data, shape) {
        const name = `constant_${this.constants.length}`;
        this.constants.push({ name, shape, data });
        return name;
    }
    floats(list, shape) { return this.constant(Float32Array.from(list), shape); }
    integers(list) { return this.constant(BigInt64Array.from(list, BigInt), [list.length]); }

    /** The view with its padding written out as a node. */
    padded(view) {
        if (!view.padding) return view;
        const { of, amounts, value } = view.padding, rank = amounts.length, pads = Array(2 * rank).fill(0);
        amounts.forEach(([before, after], axis) => {
            pads[of.layout[axis]] = before;
            pads[rank + of.layout[axis]] = after;
        });
        return { name: this.emit('Pad', [of.name, this.integers(pads), this.floats([value], [])]), layout: of.layout, shape: view.shape };
    }

    /** The name of an ONNX tensor that holds the view in `layout`. */
    inLayout(view, layout) {
        const { name, layout: from } = this.padded(view);
        if (same(from, layout)) return name;
        const id = `${name} ${from} ${layout}`;
        if (!this.transposed.has(id)) {
            const perm = range(layout.length).map((axis) => from[layout.indexOf(axis)]);
            this.transposed.set(id, this.emit('Transpose', [name], { perm }));
        }
        return this.transposed.get(id);
    }

    // ---- reading TensorFlow

    value(reference) {
        const [name, index] = reference.split(':');
        if (!this.values.has(name)) {
            const node = this.model.nodes.get(name), convert = operations[node.op];
            if (!convert) throw Error(`operation ${node.op} (node ${name}) is not converted here`);
            this.values.set(name, convert(this, node, node.inputs.map((input) => this.value(input))));
        }
        const value = this.values.get(name);
        return Array.isArray(value) ? value[Number(index ?? 0)] : value;
    }

    /** Where a window of `size` goes over the two middle axes: ONNX `pads`, and the sizes that come out. */
    window(node, view, size, ignoredPadding) {
        const strides = node.attributes.strides.slice(1, 3), { padding } = node.attributes;
        if (padding !== 'VALID' && padding !== 'SAME') throw Error(`node ${node.name}: padding ${padding} is not converted here`);
        if (node.attributes.data_format !== 'NHWC') throw Error(`node ${node.name}: data format ${node.attributes.data_format} is not converted here`);
        if ((node.attributes.dilations ?? []).some((d) => d !== 1)) throw Error(`node ${node.name}: dilation is not converted here`);
        const folds = padding === 'VALID' && view.padding && ignoredPadding(view.padding.value);
        const read = folds ? view.padding.of : view;
        const around = folds ? view.padding.amounts.slice(1, 3) : [0, 1].map((i) => (padding === 'SAME' ? samePadding(view.shape[i + 1], size[i], strides[i]) : [0, 0]));
        const out = [0, 1].map((i) => Math.floor((read.shape[i + 1] + around[i][0] + around[i][1] - size[i]) / strides[i]) + 1);
        return { read, strides, out, pads: [around[0][0], around[1][0], around[0][1], around[1][1]] };
    }

    convert() {
        const outputs = this.model.outputs.map((name) => {
            const view = this.value(name);
            this.emit('Identity', [this.inLayout(view, range(view.shape.length))], {}, [name]);
            return { name, shape: view.shape };
        });
        return { nodes: this.nodes, constants: this.constants, inputs: this.inputs, outputs };
    }
}

/** What TensorFlow pads before and after an axis so that ceil(length / stride) windows fit. */
function samePadding(length, size, stride) {
    const missing = Math.max((Math.ceil(length / stride) - 1) * stride + size - length, 0), before = Math.floor(missing / 2);
    return [before, missing - before];
}

/** HWIO -> OIHW. */
function convolutionKernel({ data, shape: [height, width, input, output] }) {
    const turned = new Float32Array(data.length);
    for (let h = 0, from = 0; h < height; h++)
        for (let w = 0; w < width; w++)
            for (let i = 0; i < input; i++)
                for (let o = 0; o < output; o++) turned[((o * input + i) * height + h) * width + w] = data[from++];
    return turned;
}

/** The convolution that makes `view` and that nothing else reads, when it still has no bias. */
function convolutionBefore(converter, node, view) {
    const made = converter.producers.get(view.name);
    const alone = converter.readers.get(node.inputs[0].split(':')[0]) === 1;
    return made?.op === 'Conv' && made.inputs.length === 2 && alone && same(view.layout, NHWC_OF_NCHW) ? made : null;
}

function add(c, node, [a, b]) {
    if (isConstant(a) && isConstant(b)) {
        if (b.data.length !== 1 && b.data.length !== a.data.length) throw Error(`node ${node.name}: these constants are not added here`);
        return { data: a.data.map((x, i) => x + b.data[b.data.length === 1 ? 0 : i]), shape: a.shape };
    }
    if (isConstant(b)) {
        const convolution = b.shape.length === 1 && convolutionBefore(c, node, a);
        if (!convolution) throw Error(`node ${node.name}: a constant is added to something other than a convolution`);
        convolution.inputs.push(c.floats(b.data, b.shape));
        return a;
    }
    if (isConstant(a)) throw Error(`node ${node.name}: a constant is expected second`);
    const left = c.padded(a);
    return { ...left, name: c.emit('Add', [left.name, c.inLayout(b, left.layout)]) };
}

/** Operation that works on each number: the view keeps its layout. */
const elementwise = (op, attributesOf = () => ({})) => (c, node, [x]) => {
    const view = c.padded(x);
    return { ...view, name: c.emit(op, [view.name], attributesOf(node.attributes)) };
};

const pad = (c, node, [x, { data }, fill]) => {
    const amounts = x.shape.map((_, axis) => [data[2 * axis], data[2 * axis + 1]]);
    const shape = x.shape.map((size, axis) => size + amounts[axis][0] + amounts[axis][1]);
    return { layout: x.layout, shape, padding: { of: c.padded(x), amounts, value: fill ? fill.data[0] : 0 } };
};

const operations = {
    Const: (c, node) => c.model.weights.get(node.name),
    Identity: (c, node, [x]) => x,
    // A picture is asked for as 1 x 3 x height x width, whichever way TensorFlow wants it.
    Placeholder(c, node) {
        const { shape } = node.attributes, picture = shape.length === 4 && shape[3] === 3;
        const layout = picture ? NHWC_OF_NCHW : range(shape.length);
        c.inputs.push({ name: node.name, shape: range(shape.length).map((axis) => shape[layout.indexOf(axis)]) });
        return { name: node.name, layout, shape };
    },

    // Only ever "no positions are set" in the exported graphs: a constant filled with the default value.
    SparseToDense(c, node, [positions, shape, , fill]) {
        if (positions.data.length) throw Error(`node ${node.name}: a SparseToDense with positions is not converted here`);
        return { data: new Int32Array(product([...shape.data])).fill(fill.data[0]), shape: [...shape.data] };
    },

    Pad: pad,
    PadV2: pad,
    Transpose(c, node, [x, { data }]) {
        const order = [...data], turn = (list) => order.map((axis) => list[axis]);
        const turned = (view) => ({ ...view, layout: turn(view.layout), shape: turn(view.shape) });
        const view = turned(x);
        if (x.padding) view.padding = { ...x.padding, of: turned(x.padding.of), amounts: turn(x.padding.amounts) };
        return view;
    },

    Conv2D(c, node, [x, kernel]) {
        const [height, width, input, output] = kernel.shape, size = [height, width];
        if (input !== x.shape[3]) throw Error(`node ${node.name}: a grouped convolution is not converted here`);
        const { read, strides, out, pads } = c.window(node, x, size, (value) => value === 0);
        const weights = c.constant(convolutionKernel(kernel), [output, input, height, width]);
        const name = c.emit('Conv', [c.inLayout(read, NHWC_OF_NCHW), weights], { kernel_shape: size, strides, pads });
        return { name, layout: NHWC_OF_NCHW, shape: [x.shape[0], ...out, output] };
    },
    // A convolution with its bias, and the activation after it.
    _FusedConv2D(c, node, [x, kernel, bias]) {
        const [first, activation, ...more] = node.attributes.fused_ops;
        if (first !== 'BiasAdd' || more.length || !['Relu', undefined].includes(activation))
            throw Error(`node ${node.name}: ${node.attributes.fused_ops.join(', ')} is not converted here`);
        const made = operations.Conv2D(c, node, [x, kernel]);
        c.producers.get(made.name).inputs.push(c.floats(bias.data, bias.shape));
        return activation ? { ...made, name: c.emit(activation, [made.name]) } : made;
    },
    // Each channel by itself: kernel height x width x channels x 1 is read as ... x 1 x channels.
    DepthwiseConv2dNative(c, node, [x, { data, shape: [height, width, channels, each] }]) {
        const size = [height, width];
        if (each !== 1) throw Error(`node ${node.name}: several kernels a channel are not converted here`);
        const { read, strides, out, pads } = c.window(node, x, size, (value) => value === 0);
        const weights = c.constant(convolutionKernel({ data, shape: [height, width, 1, channels] }), [channels, 1, height, width]);
        const name = c.emit('Conv', [c.inLayout(read, NHWC_OF_NCHW), weights], { kernel_shape: size, strides, pads, group: channels });
        return { name, layout: NHWC_OF_NCHW, shape: [x.shape[0], ...out, channels] };
    },
    MaxPool(c, node, [x]) {
        const size = node.attributes.ksize.slice(1, 3);
        const { read, strides, out, pads } = c.window(node, x, size, (value) => value < -1e30);
        const name = c.emit('MaxPool', [c.inLayout(read, NHWC_OF_NCHW)], { kernel_shape: size, strides, pads });
        return { name, layout: NHWC_OF_NCHW, shape: [x.shape[0], ...out, x.shape[3]] };
    },
    ResizeBilinear(c, node, [x, size]) {
        if (!node.attributes.half_pixel_centers || node.attributes.align_corners) throw Error(`node ${node.name}: only half-pixel centres are converted here`);
        const [batch, , , channels] = x.shape, [height, width] = size.data, none = c.floats([], [0]);
        const name = c.emit('Resize', [c.inLayout(x, NHWC_OF_NCHW), none, none, c.integers([batch, channels, height, width])],
            { mode: 'linear', coordinate_transformation_mode: 'half_pixel' });
        return { name, layout: NHWC_OF_NCHW, shape: [batch, height, width, channels] };
    },

    LeakyRelu: elementwise('LeakyRelu', ({ alpha }) => ({ alpha: { float: alpha } })),
    Sigmoid: elementwise('Sigmoid'),
    Relu: elementwise('Relu'),
    Add: add,
    AddV2: add,

    ConcatV2(c, node, inputs) {
        const parts = inputs.slice(0, -1), rank = parts[0].shape.length, axis = axisOf(inputs.at(-1), rank);
        const { layout } = c.padded(parts[0]), shape = [...parts[0].shape];
        shape[axis] = parts.reduce((sum, part) => sum + part.shape[axis], 0);
        return { name: c.emit('Concat', parts.map((part) => c.inLayout(part, layout)), { axis: layout[axis] }), layout, shape };
    },
    SplitV(c, node, [x, { data }, axisValue]) {
        const sizes = [...data], axis = axisOf(axisValue, x.shape.length), view = c.padded(x);
        const outputs = sizes.map((_, i) => `Split_${c.nodes.length}_${i}`);
        c.emit('Split', [view.name], { axis: view.layout[axis], split: sizes }, outputs);
        return outputs.map((name, i) => ({ name, layout: view.layout, shape: x.shape.map((n, j) => (j === axis ? sizes[i] : n)) }));
    },
    Reshape(c, node, [x, { data }]) {
        const known = product([...data].filter((n) => n !== -1));
        const shape = [...data].map((n) => (n === -1 ? product(x.shape) / known : n));
        return { name: c.emit('Reshape', [c.inLayout(x, range(x.shape.length)), c.integers(shape)]), layout: range(shape.length), shape };
    },
};

/** Writes `target`; returns {inputs, outputs, nodes: count}. */
export function convertFile(source, target, graphName) {
    const graph = new Converter(readGraphModel(source)).convert();
    writeFileSync(target, onnxModel({ producer: 'countersign tfjs-to-onnx', graphName, ...graph }));
    return { inputs: graph.inputs, outputs: graph.outputs, nodes: graph.nodes.length };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
    const [source, target, name] = process.argv.slice(2);
    if (!name) {
        console.error('usage: tfjs-to-onnx.mjs model.json model.onnx NAME');
        process.exit(2);
    }
    const { nodes, inputs, outputs } = convertFile(source, target, name);
    const shapes = (list) => list.map((t) => `${t.name} ${t.shape.join('x')}`).join(', ');
    console.log(`${name}: ${nodes} nodes, ${shapes(inputs)} -> ${shapes(outputs)}`);
}
