// SPDX-License-Identifier: Apache-2.0
// The input picture, pooling and resizing.
import { CHANNELS_FIRST, identityOrder } from '../layout.mjs';
import { Tensor } from '../values.mjs';
import { spatial, windowOf } from './window.mjs';

const COLOURS = 3;

/** A TFJS model takes N,H,W,C or N,C,H,W; the ONNX file always takes N,C,H,W. */
function placeholder(node, run) {
  const shape = node.get('shape');
  if (shape?.length !== 4 || shape.slice(1).some((size) => size < 1)) {
    throw new Error(`node ${node.name}: the input must be a picture of fixed nominal size, not [${shape}]`);
  }
  const order = shape[1] === COLOURS ? identityOrder(4) : CHANNELS_FIRST;
  run.onnx.addInput(run.inputName, ['N', COLOURS, 'H', 'W']);
  return new Tensor(run.inputName, order, shape);
}

function maxPool(node, run) {
  const input = run.value(node.inputs[0]);
  const kernel = spatial(node, 'ksize');
  const strides = spatial(node, 'strides');
  const { pads, size } = windowOf(node, input.shape.slice(1, 3), kernel, strides);
  const attributes = { kernel_shape: kernel, strides, pads };
  const name = run.onnx.add('MaxPool', [run.inOrder(input, CHANNELS_FIRST)], attributes, node.name);
  return new Tensor(name, CHANNELS_FIRST, [input.shape[0], ...size, input.shape[3]]);
}

/** The exported model names a size; a whole ratio to its input makes it a scale for any size. */
function scaleOf(node, to, from) {
  const scale = to / from;
  if (Number.isInteger(scale) || Number.isInteger(1 / scale)) return scale;
  throw new Error(`node ${node.name}: resizing ${from} to ${to} is no whole scale, so it would not hold for other picture sizes`);
}

function resizeBilinear(node, run) {
  const input = run.value(node.inputs[0]);
  const [batch, height, width, channels] = input.shape;
  const size = run.numbers(node, 1);
  if (node.get('align_corners', false)) throw new Error(`node ${node.name}: align_corners is not known`);
  const scales = [1, 1, scaleOf(node, size[0], height), scaleOf(node, size[1], width)];
  const attributes = {
    mode: 'linear',
    coordinate_transformation_mode: node.get('half_pixel_centers', false) ? 'half_pixel' : 'asymmetric',
  };
  const inputs = [run.inOrder(input, CHANNELS_FIRST), '', run.onnx.floats(scales, [4], 'scales')];
  const name = run.onnx.add('Resize', inputs, attributes, node.name);
  return new Tensor(name, CHANNELS_FIRST, [batch, ...size, channels]);
}

export const PICTURES = {
  Placeholder: placeholder,
  MaxPool: maxPool,
  ResizeBilinear: resizeBilinear,
};
