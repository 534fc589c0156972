// SPDX-License-Identifier: Apache-2.0
// Serialises an OnnxGraph as an ONNX file. Field numbers are those of onnx.proto.
import { bytesField, concat, floatField, intField } from './protobuf.mjs';

const IR_VERSION = 8;
const OPSET = 13;
const ELEMENT_TYPES = { float: 1, int64: 7 };
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, ints: 7 };

function attributeMessage(name, value) {
  const type = (kind) => intField(20, ATTRIBUTE_TYPES[kind]);
  const fields = [bytesField(1, name)];
  if (typeof value === 'string') fields.push(bytesField(4, value), type('string'));
  else if (Array.isArray(value)) fields.push(...value.map((v) => intField(8, v)), type('ints'));
  else if (typeof value === 'object') fields.push(floatField(2, value.float), type('float'));
  else fields.push(intField(3, value), type('int'));
  return concat(fields);
}

function nodeMessage({ op, name, inputs, outputs, attributes }) {
  return concat([
    ...inputs.map((input) => bytesField(1, input)),
    ...outputs.map((output) => bytesField(2, output)),
    bytesField(3, name),
    bytesField(4, op),
    ...Object.entries(attributes).map(([key, value]) => bytesField(5, attributeMessage(key, value))),
  ]);
}

function tensorMessage(name, { type, data, shape }) {
  const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return concat([
    ...shape.map((size) => intField(1, size)),
    intField(2, ELEMENT_TYPES[type]),
    bytesField(8, name),
    bytesField(9, raw),
  ]);
}

const dimension = (size) => (typeof size === 'string' ? bytesField(2, size) : intField(1, size));

function valueInfoMessage({ name, shape }) {
  const dims = concat(shape.map((size) => bytesField(1, dimension(size))));
  const tensorType = concat([intField(1, ELEMENT_TYPES.float), bytesField(2, dims)]);
  return concat([bytesField(1, name), bytesField(2, bytesField(1, tensorType))]);
}

function graphMessage(graph) {
  return concat([
    ...graph.nodes.map((node) => bytesField(1, nodeMessage(node))),
    bytesField(2, 'inveye'),
    ...[...graph.constants].map(([name, tensor]) => bytesField(5, tensorMessage(name, tensor))),
    ...graph.inputs.map((value) => bytesField(11, valueInfoMessage(value))),
    ...graph.outputs.map((value) => bytesField(12, valueInfoMessage(value))),
  ]);
}

/** @returns {Buffer} the bytes of the .onnx file */
export function serialise(graph) {
  return concat([
    intField(1, IR_VERSION),
    bytesField(2, 'inveye-convert'),
    bytesField(7, graphMessage(graph)),
    bytesField(8, concat([bytesField(1, ''), intField(2, OPSET)])),
  ]);
}
