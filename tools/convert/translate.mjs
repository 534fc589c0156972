// SPDX-License-Identifier: Apache-2.0
// Walks a TFJS graph from the wanted outputs back to the input and builds the ONNX graph.
//
// A value is a Constant (known now) or a Tensor (an ONNX tensor name, its axis order and the
// shape it has at the nominal input size). Nominal shapes serve only to work out paddings,
// resize scales and ranks: nothing of them but channel counts is written into the file.
import { arrange, identityOrder, inverse, sameOrder } from './layout.mjs';
import { OnnxGraph } from './onnx-graph.mjs';
import { HANDLERS } from './ops/index.mjs';
import { optimise } from './passes/index.mjs';
import { parseRef } from './tf-graph.mjs';
import { Constant } from './values.mjs';

class Translation {
  #memo = new Map();

  constructor(tf, inputName) {
    this.tf = tf;
    this.inputName = inputName;
    this.onnx = new OnnxGraph();
  }

  /** The value behind a TF reference such as "node:1". */
  value(ref) {
    const { name, index } = parseRef(ref);
    const weight = this.tf.weights.get(name);
    if (weight) return new Constant(weight.shape, weight.data);
    if (!this.#memo.has(name)) this.#memo.set(name, this.#translate(this.tf.node(name)));
    const result = this.#memo.get(name);
    return Array.isArray(result) ? result[index] : result;
  }

  #translate(node) {
    const handler = HANDLERS[node.op];
    if (!handler) {
      throw new Error(`node ${node.name}: operation ${node.op} cannot be converted; cut the graph before it`);
    }
    return handler(node, this);
  }

  values(node) {
    return node.inputs.map((ref) => this.value(ref));
  }

  /** A constant input as numbers; throws when it is only known at run time. */
  numbers(node, input) {
    const value = this.value(node.inputs[input]);
    if (value instanceof Constant) return value.numbers;
    throw new Error(`node ${node.name}: input ${input} of ${node.op} must be a constant`);
  }

  /** The tensor's name in the wanted axis order; transposes only if it lies otherwise. */
  inOrder(tensor, order) {
    if (sameOrder(tensor.order, order)) return tensor.name;
    const at = inverse(tensor.order);
    return this.onnx.add('Transpose', [tensor.name], { perm: order.map((axis) => at[axis]) });
  }

  inTfOrder(tensor) {
    return this.inOrder(tensor, identityOrder(tensor.shape.length));
  }
}

/** Batch, height and width are free in the file; channels, and what is not a picture, are fixed. */
function publicShape(name, tensor) {
  const shape = arrange(tensor.shape, tensor.order);
  if (shape.length !== 4) return ['N', ...shape.slice(1)];
  return ['N', shape[1], `${name}_height`, `${name}_width`];
}

/**
 * Converts a TFJS graph to ONNX.
 * @param {TfGraph} tf
 * @param {{outputs: Object<string,string>, input?: string}} options outputs maps ONNX names to TF
 *   references, in the order the file is to have; input names the ONNX input
 * @returns {OnnxGraph}
 */
export function translate(tf, { outputs, input = 'images' }) {
  const run = new Translation(tf, input);
  for (const [name, ref] of Object.entries(outputs)) {
    const tensor = run.value(ref);
    if (tensor instanceof Constant) throw new Error(`output ${name}: ${ref} is a constant`);
    run.onnx.addOutput(name, tensor.name, publicShape(name, tensor));
  }
  optimise(run.onnx);
  return run.onnx;
}
