// SPDX-License-Identifier: Apache-2.0
// Convolutions, plain and depthwise, with the bias and activation that TF may have fused in.
import { CHANNELS_FIRST, permute } from '../layout.mjs';
import { Constant, Tensor } from '../values.mjs';
import { activate } from './elementwise.mjs';
import { spatial, windowOf } from './window.mjs';

/** TF kernels are height, width, in, out; ONNX wants out, in, height, width. */
function plainKernel({ data, shape }) {
  return { ...permute({ data, shape }, [3, 2, 0, 1]), groups: 1 };
}

/** TF's depthwise kernels are height, width, in, multiplier: one group for each input channel. */
function depthwiseKernel({ data, shape: [height, width, channels, multiplier] }) {
  const turned = permute({ data, shape: [height, width, channels, multiplier] }, [2, 3, 0, 1]);
  return { data: turned.data, shape: [channels * multiplier, 1, height, width], groups: channels };
}

function constantInput(node, run, index) {
  const value = run.value(node.inputs[index]);
  if (value instanceof Constant) return value;
  throw new Error(`node ${node.name}: input ${index} of ${node.op} must be a weight`);
}

function withFused(node, run, tensor) {
  let extra = 2;
  return node.get('fused_ops', []).reduce((value, fused) => {
    if (fused !== 'BiasAdd') return activate(fused, node, run, value);
    const bias = constantInput(node, run, extra++);
    const name = run.onnx.floats(bias.data, [1, bias.data.length, 1, 1], `${node.name}_bias`);
    return value.as(run.onnx.add('Add', [value.name, name], {}, `${node.name}_biased`));
  }, tensor);
}

function convolution(node, run, kernelOf) {
  const input = run.value(node.inputs[0]);
  const { data, shape, groups } = kernelOf(constantInput(node, run, 1));
  const kernel = shape.slice(2);
  const strides = spatial(node, 'strides');
  const dilations = spatial(node, 'dilations');
  const { pads, size } = windowOf(node, input.shape.slice(1, 3), kernel, strides, dilations);
  const weights = run.onnx.floats(data, shape, `${node.name}_weights`);
  const attributes = { kernel_shape: kernel, strides, dilations, pads, group: groups };
  const source = run.inOrder(input, CHANNELS_FIRST);
  const name = run.onnx.add('Conv', [source, weights], attributes, node.name);
  const out = new Tensor(name, CHANNELS_FIRST, [input.shape[0], ...size, shape[0]]);
  return withFused(node, run, out);
}

const plain = (node, run) => convolution(node, run, plainKernel);
const depthwise = (node, run) => convolution(node, run, depthwiseKernel);

export const CONVOLUTIONS = {
  Conv2D: plain,
  _FusedConv2D: plain,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
};
