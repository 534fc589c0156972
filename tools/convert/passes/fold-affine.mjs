// SPDX-License-Identifier: Apache-2.0

/** The constant as one number for each channel, or null where it varies within a channel. */
function perChannel({ data, shape }, channels) {
  if (data.length === 1) return Array(channels).fill(data[0]);
  const axis = shape.length - 3;
  return data.length === channels && shape[axis] === channels ? [...data] : null;
}

function biasOf(graph, conv, channels) {
  if (!conv.inputs[2]) conv.inputs[2] = graph.floats(Array(channels).fill(0), [channels], 'bias');
  return graph.constants.get(conv.inputs[2]).data;
}

function addToBias(graph, conv, numbers) {
  const bias = biasOf(graph, conv, numbers.length);
  numbers.forEach((x, channel) => (bias[channel] += x));
}

function scaleKernel(graph, conv, numbers) {
  const bias = biasOf(graph, conv, numbers.length);
  const { data } = graph.constants.get(conv.inputs[1]);
  const size = data.length / numbers.length;
  numbers.forEach((x, channel) => {
    bias[channel] *= x;
    for (let i = channel * size; i < (channel + 1) * size; i++) data[i] *= x;
  });
}

const FOLDS = { Add: addToBias, Mul: scaleKernel };

/** Splits a node's inputs into its convolution and its constant, where it has just those two. */
function operandsOf(graph, node, producers) {
  const conv = node.inputs.map((name) => producers.get(name)).find((p) => p?.op === 'Conv');
  const constant = node.inputs.map((name) => graph.constants.get(name)).find(Boolean);
  return { conv, constant };
}

/** Moves constants that are added to or multiplied with a convolution's result into its weights. */
export function foldAffine(graph) {
  const producers = graph.producers();
  const readers = graph.readers();
  for (const node of graph.nodes.filter(({ op }) => FOLDS[op])) {
    const { conv, constant } = operandsOf(graph, node, producers);
    if (!conv || !constant || readers.get(conv.outputs[0]).length > 1) continue;
    const channels = graph.constants.get(conv.inputs[1]).shape[0];
    const numbers = perChannel(constant, channels);
    if (!numbers) continue;
    FOLDS[node.op](graph, conv, numbers);
    // The convolution takes the node's place, so that a further constant finds it.
    producers.set(node.outputs[0], conv);
    readers.set(conv.outputs[0], readers.get(node.outputs[0]));
    graph.redirect(node.outputs[0], conv.outputs[0]);
    node.inputs = [];
  }
}
