// SPDX-License-Identifier: Apache-2.0
// Operations that act on each element: arithmetic with broadcasting, and activations.
import { broadcast, identityOrder, isIdentity, padRank, permute } from '../layout.mjs';
import { float } from '../onnx-graph.mjs';
import { Constant, Tensor } from '../values.mjs';

/** The order in which the operands cost least: that of a tensor which is already turned. */
function commonOrder(operands, rank) {
  const tensors = operands.filter((v) => v instanceof Tensor && v.shape.length === rank);
  const turned = tensors.find((v) => !isIdentity(v.order));
  return turned?.order ?? identityOrder(rank);
}

function operandName(node, run, operand, order) {
  if (operand instanceof Constant) {
    const shape = padRank(operand.shape, order.length);
    const turned = permute({ data: operand.data, shape }, order);
    return run.onnx.floats(turned.data, turned.shape, `${node.name}_const`);
  }
  if (operand.shape.length === order.length) return run.inOrder(operand, order);
  if (isIdentity(order)) return run.inTfOrder(operand);
  throw new Error(`node ${node.name}: operands of ranks ${operand.shape.length} and ${order.length} lie in different orders`);
}

const arithmetic = (op) => (node, run) => {
  const operands = run.values(node);
  const rank = Math.max(...operands.map((v) => v.shape.length));
  const order = commonOrder(operands, rank);
  const names = operands.map((operand) => operandName(node, run, operand, order));
  const shape = operands.map((v) => v.shape).reduce(broadcast);
  return new Tensor(run.onnx.add(op, names, {}, node.name), order, shape);
};

/** Activations by TF name: given (node, onnx graph, tensor name), the name of the result. */
const ACTIVATIONS = {
  Relu: (node, onnx, x) => onnx.add('Relu', [x], {}, node.name),
  Relu6: (node, onnx, x) => onnx.add('Clip', [x, onnx.scalar(0), onnx.scalar(6)], {}, node.name),
  LeakyRelu: (node, onnx, x) =>
    onnx.add('LeakyRelu', [x], { alpha: float(node.get('alpha', 0.2)) }, node.name),
  Sigmoid: (node, onnx, x) => onnx.add('Sigmoid', [x], {}, node.name),
};

/** Applies an activation by its TF name; also what convolutions have fused in. */
export function activate(kind, node, run, tensor) {
  const activation = ACTIVATIONS[kind];
  if (!activation) throw new Error(`node ${node.name}: activation ${kind} is not known`);
  return tensor.as(activation(node, run.onnx, tensor.name));
}

const activation = (kind) => (node, run) => activate(kind, node, run, run.value(node.inputs[0]));

export const ELEMENTWISE = {
  Add: arithmetic('Add'),
  AddV2: arithmetic('Add'),
  BiasAdd: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Mul: arithmetic('Mul'),
  Minimum: arithmetic('Min'),
  Maximum: arithmetic('Max'),
  ...Object.fromEntries(Object.keys(ACTIVATIONS).map((kind) => [kind, activation(kind)])),
};
