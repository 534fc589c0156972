// SPDX-License-Identifier: Apache-2.0
// An ONNX graph under construction: nodes in order, constants, inputs and outputs by tensor name.

/** Marks an attribute as a float; plain numbers are written as integers. */
export const float = (value) => ({ float: value });

export class OnnxGraph {
  constructor() {
    this.nodes = [];
    this.constants = new Map();
    this.inputs = [];
    this.outputs = [];
    this.names = new Set();
  }

  #unique(wish) {
    const base = wish.replace(/[^\w./]/g, '_');
    let name = base;
    for (let i = 1; this.names.has(name); i++) name = `${base}_${i}`;
    this.names.add(name);
    return name;
  }

  /**
   * Appends a node and returns the names of its outputs.
   * @param {string} op ONNX operator  @param {string[]} inputs tensor names, '' for an absent one
   */
  addNode(op, inputs, attributes = {}, { name = op, outputCount = 1 } = {}) {
    const unique = this.#unique(name);
    const outputs = Array.from({ length: outputCount }, (_, i) => (i ? `${unique}.${i}` : unique));
    this.nodes.push({ op, name: unique, inputs: [...inputs], outputs, attributes });
    return outputs;
  }

  /** Appends a node with one output and returns that output's name. */
  add(op, inputs, attributes, name) {
    return this.addNode(op, inputs, attributes, { name })[0];
  }

  floats(data, shape, name = 'const') {
    return this.#constant('float', Float32Array.from(data), shape, name);
  }

  scalar(value) {
    return this.floats([value], []);
  }

  integers(data, name = 'const') {
    return this.#constant('int64', BigInt64Array.from(data, BigInt), [data.length], name);
  }

  #constant(type, data, shape, wish) {
    const name = this.#unique(wish);
    this.constants.set(name, { type, data, shape });
    return name;
  }

  /** Declares a graph input; a dimension is a number or, when free, a name. */
  addInput(name, shape) {
    this.names.add(name);
    this.inputs.push({ name, shape });
  }

  /** Gives a tensor a public name. */
  addOutput(name, tensor, shape) {
    this.nodes.push({ op: 'Identity', name, inputs: [tensor], outputs: [name], attributes: {} });
    this.names.add(name);
    this.outputs.push({ name, shape });
  }

  producers() {
    return new Map(this.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  }

  /** Tensor name to the nodes that read it; a graph output counts as one more reader. */
  readers() {
    const readers = new Map();
    const note = (name, reader) => readers.set(name, [...(readers.get(name) ?? []), reader]);
    for (const node of this.nodes) for (const name of node.inputs) if (name) note(name, node);
    for (const output of this.outputs) note(output.name, null);
    return readers;
  }

  /** Lets every reader of `from` read `to` instead. */
  redirect(from, to) {
    for (const node of this.nodes) {
      node.inputs = node.inputs.map((name) => (name === from ? to : name));
    }
  }
}
