// SPDX-License-Identifier: Apache-2.0
// A TFJS graph model as read from disk: nodes by name, typed attributes, weights.
import fs from 'node:fs';
import path from 'node:path';
import { decodeWeights } from './weights.mjs';

const text = (base64) => Buffer.from(base64, 'base64').toString('utf8');

/** Turns the JSON form of one attribute into a plain value. */
function plain(attribute) {
  if (attribute.s !== undefined) return text(attribute.s);
  if (attribute.i !== undefined) return Number(attribute.i);
  if (attribute.f !== undefined) return attribute.f;
  if (attribute.b !== undefined) return attribute.b;
  if (attribute.shape) return (attribute.shape.dim ?? []).map((d) => Number(d.size));
  if (attribute.list?.s) return attribute.list.s.map(text);
  if (attribute.list) return (attribute.list.i ?? []).map(Number);
  return attribute.type;
}

/** Splits "name:1" into its node and output index; a control input's "^" is dropped. */
export function parseRef(ref) {
  const [name, index = '0'] = ref.replace(/^\^/, '').split(':');
  return { name, index: Number(index) };
}

export class TfNode {
  constructor({ name, op, input = [], attr = {} }) {
    this.name = name;
    this.op = op;
    this.inputs = input.filter((ref) => !ref.startsWith('^'));
    this.attributes = attr;
  }

  /** The attribute's value, or `fallback` when the node has none of that name. */
  get(name, fallback) {
    const attribute = this.attributes[name];
    return attribute === undefined ? fallback : plain(attribute);
  }
}

export class TfGraph {
  /** @param {object} model parsed model.json  @param {Buffer} shards its weight bytes */
  constructor(model, shards) {
    this.nodes = new Map();
    for (const node of model.modelTopology.node) this.nodes.set(node.name, new TfNode(node));
    this.weights = decodeWeights(model.weightsManifest, shards);
  }

  /** Reads model.json and the shards beside it. */
  static load(file) {
    const model = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (!model.modelTopology?.node) throw new Error(`${file}: not a TFJS graph model`);
    const shards = model.weightsManifest
      .flatMap((group) => group.paths)
      .map((name) => fs.readFileSync(path.join(path.dirname(file), name)));
    return new TfGraph(model, Buffer.concat(shards));
  }

  node(name) {
    const node = this.nodes.get(name);
    if (!node) throw new Error(`the graph has no node ${name}`);
    return node;
  }
}
