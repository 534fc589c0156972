// SPDX-License-Identifier: Apache-2.0
// Builds made-up TFJS graphs, small enough to work out by hand.
import { TfGraph } from '../tf-graph.mjs';
import { translate } from '../translate.mjs';

const base64 = (text) => Buffer.from(text).toString('base64');

/** A plain value in the JSON form that TFJS gives attributes. */
function attribute(value) {
  if (typeof value === 'string') return { s: base64(value) };
  if (typeof value === 'boolean') return { b: value };
  if (typeof value === 'number') return { f: value };
  if (value.shape) return { shape: { dim: value.shape.map((size) => ({ size: String(size) })) } };
  if (typeof value[0] === 'string') return { list: { s: value.map(base64) } };
  return { list: { i: value.map(String) } };
}

export const node = (name, op, input, attr = {}) => ({
  name,
  op,
  input,
  attr: Object.fromEntries(Object.entries(attr).map(([key, value]) => [key, attribute(value)])),
});

export const picture = (shape) => node('x', 'Placeholder', [], { shape: { shape } });

/** @param weights name to [shape, numbers]; kept as int32 where the name starts with "i_" */
export function tfGraph(nodes, weights = {}) {
  const entries = Object.entries(weights).map(([name, [shape, numbers]]) => ({
    name,
    shape,
    numbers,
    dtype: name.startsWith('i_') ? 'int32' : 'float32',
  }));
  const bytes = entries.map(({ dtype, numbers }) => {
    const data = dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers);
    return Buffer.from(data.buffer);
  });
  const manifest = entries.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
  const model = { modelTopology: { node: nodes }, weightsManifest: [{ weights: manifest }] };
  return new TfGraph(model, Buffer.concat(bytes));
}

/** Converts and returns the graph with every node by the operation it does. */
export function converted(nodes, weights, outputs) {
  const graph = translate(tfGraph(nodes, weights), { outputs });
  const all = (op) => graph.nodes.filter((each) => each.op === op);
  const constant = (name) => [...graph.constants.get(name).data].map(Number);
  return { graph, all, one: (op) => all(op)[0], constant, ops: graph.nodes.map((each) => each.op) };
}
