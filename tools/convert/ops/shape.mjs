// SPDX-License-Identifier: Apache-2.0
// Operations that move or cut, but compute nothing.
import { arrange, inverse } from '../layout.mjs';
import { Tensor } from '../values.mjs';

/** Costs nothing: the data stay where they are, only the order is another. */
function transpose(node, run) {
  const input = run.value(node.inputs[0]);
  const axes = run.numbers(node, 1);
  const moved = inverse(axes);
  return new Tensor(input.name, arrange(moved, input.order), arrange(input.shape, axes));
}

function pad(node, run) {
  const input = run.value(node.inputs[0]);
  const paddings = run.numbers(node, 1);
  const fill = node.inputs.length > 2 ? run.numbers(node, 2)[0] : 0;
  const before = input.shape.map((_, axis) => paddings[2 * axis]);
  const after = input.shape.map((_, axis) => paddings[2 * axis + 1]);
  const pads = run.onnx.integers([...arrange(before, input.order), ...arrange(after, input.order)], 'pads');
  const inputs = [input.name, pads, run.onnx.scalar(fill)];
  const name = run.onnx.add('Pad', inputs, { mode: 'constant' }, node.name);
  return new Tensor(name, input.order, input.shape.map((size, i) => size + before[i] + after[i]));
}

const fromEnd = (axis, rank) => (axis < 0 ? axis + rank : axis);

function concat(node, run) {
  const last = node.inputs.length - 1;
  const parts = node.inputs.slice(0, last).map((ref) => run.value(ref));
  const { order, shape } = parts[0];
  const axis = fromEnd(run.numbers(node, last)[0], shape.length);
  const names = parts.map((part) => run.inOrder(part, order));
  const name = run.onnx.add('Concat', names, { axis: inverse(order)[axis] }, node.name);
  const total = parts.reduce((sum, part) => sum + part.shape[axis], 0);
  return new Tensor(name, order, shape.with(axis, total));
}

function splitV(node, run) {
  const input = run.value(node.inputs[0]);
  const sizes = run.numbers(node, 1);
  const axis = fromEnd(run.numbers(node, 2)[0], input.shape.length);
  const names = run.onnx.addNode(
    'Split',
    [input.name, run.onnx.integers(sizes, 'sizes')],
    { axis: inverse(input.order)[axis] },
    { name: node.name, outputCount: sizes.length },
  );
  return names.map((name, i) => new Tensor(name, input.order, input.shape.with(axis, sizes[i])));
}

export const SHAPES = {
  Identity: (node, run) => run.value(node.inputs[0]),
  Transpose: transpose,
  Pad: pad,
  PadV2: pad,
  ConcatV2: concat,
  SplitV: splitV,
};
