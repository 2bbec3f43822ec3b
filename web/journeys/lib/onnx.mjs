// A small ONNX file for journeys: a classifier of 1 x 3 x 8 x 8 whose logits are the means of red, green and
// blue, in the wire format of Protocol Buffers (onnx.proto of github.com/onnx/onnx, fields by number).

function varint(number) {
  const out = [];
  let left = number;
  for (; left >= 0x80; left = Math.floor(left / 128)) out.push((left % 128) | 0x80);
  return Buffer.from([...out, left]);
}
const bytes = (field, value) => {
  const body = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
};
const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);

function tensor(name, shape) {
  const sizes = Buffer.concat(shape.map((size) => bytes(1, number(1, size))));
  const type = bytes(1, Buffer.concat([number(1, 1), bytes(2, sizes)]));
  return Buffer.concat([bytes(1, name), bytes(2, type)]);
}
const node = (operation, input, output) =>
  bytes(
    1,
    Buffer.concat([
      bytes(1, input),
      bytes(2, output),
      bytes(3, `${output}_node`),
      bytes(4, operation),
    ]),
  );
const note = (key, text) => bytes(14, Buffer.concat([bytes(1, key), bytes(2, text)]));

/** With the names of its three labels in it. */
export function colourClassifier() {
  const graph = Buffer.concat([
    node('GlobalAveragePool', 'images', 'means'),
    node('Flatten', 'means', 'logits'),
    bytes(11, tensor('images', [1, 3, 8, 8])),
    bytes(12, tensor('logits', [1, 3])),
    bytes(2, 'graph'),
  ]);
  const opset = bytes(8, Buffer.concat([bytes(1, ''), number(2, 12)]));
  const names = note('names', "{0: 'red', 1: 'green', 2: 'blue'}");
  return Buffer.concat([number(1, 7), opset, bytes(7, graph), names]);
}
