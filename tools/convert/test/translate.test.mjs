// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { converted, node, picture, tfGraph } from './tiny.mjs';
import { translate } from '../translate.mjs';

const NHWC = picture([1, 8, 8, 3]);
const KERNEL = [[1, 1, 3, 2], [1, 2, 3, 4, 5, 6]];
const same = { strides: [1, 1, 1, 1], padding: 'SAME' };
const valid = { strides: [1, 2, 2, 1], padding: 'VALID' };

test('a convolution takes the picture as N,C,H,W and turns its kernel', () => {
  const { graph, ops, one, constant } = converted([NHWC, node('conv', 'Conv2D', ['x', 'k'], same)], { k: KERNEL }, { out: 'conv' });
  assert.deepEqual(ops, ['Conv', 'Identity']);
  assert.deepEqual(graph.inputs, [{ name: 'images', shape: ['N', 3, 'H', 'W'] }]);
  assert.deepEqual(graph.outputs, [{ name: 'out', shape: ['N', 2, 'out_height', 'out_width'] }]);
  assert.deepEqual(graph.constants.get(one('Conv').inputs[1]).shape, [2, 3, 1, 1]);
  assert.deepEqual(constant(one('Conv').inputs[1]), [1, 3, 5, 2, 4, 6]);
});

test('SAME with stride 2 on an even size puts the odd zero behind', () => {
  const pads = (k) => {
    const weights = { k: [[k, k, 3, 1], Array(k * k * 3).fill(1)] };
    const conv = node('conv', 'Conv2D', ['x', 'k'], { strides: [1, 2, 2, 1], padding: 'SAME' });
    return converted([NHWC, conv], weights, { out: 'conv' }).one('Conv').attributes.pads;
  };
  assert.deepEqual(pads(3), [0, 0, 1, 1]);
  assert.deepEqual(pads(5), [1, 1, 2, 2]);
});

test('a depthwise convolution has a group for each channel', () => {
  const weights = { k: [[1, 1, 3, 2], [1, 2, 3, 4, 5, 6]] };
  const { one, constant, graph } = converted([NHWC, node('dw', 'DepthwiseConv2dNative', ['x', 'k'], same)], weights, { out: 'dw' });
  assert.equal(one('Conv').attributes.group, 3);
  assert.deepEqual(graph.constants.get(one('Conv').inputs[1]).shape, [6, 1, 1, 1]);
  assert.deepEqual(constant(one('Conv').inputs[1]), [1, 2, 3, 4, 5, 6]);
});

test('constants added to and multiplied with a convolution go into its weights', () => {
  const nodes = [
    NHWC,
    node('conv', 'Conv2D', ['x', 'k'], same),
    node('plus', 'AddV2', ['conv', 'b']),
    node('times', 'Mul', ['plus', 'm']),
  ];
  const weights = { k: KERNEL, b: [[2], [10, 20]], m: [[], [2]] };
  const { ops, one, constant } = converted(nodes, weights, { out: 'times' });
  assert.deepEqual(ops, ['Conv', 'Identity']);
  assert.deepEqual(constant(one('Conv').inputs[1]), [2, 6, 10, 4, 8, 12]);
  assert.deepEqual(constant(one('Conv').inputs[2]), [20, 40]);
});

test('a convolution that is read twice keeps its weights', () => {
  const nodes = [NHWC, node('conv', 'Conv2D', ['x', 'k'], same), node('plus', 'AddV2', ['conv', 'b'])];
  const { ops } = converted(nodes, { k: KERNEL, b: [[2], [10, 20]] }, { a: 'conv', b: 'plus' });
  assert.deepEqual(ops.sort(), ['Add', 'Conv', 'Identity', 'Identity']);
});

test('a constant that differs within a channel stays an addition', () => {
  const nodes = [NHWC, node('conv', 'Conv2D', ['x', 'k'], same), node('plus', 'AddV2', ['conv', 'b'])];
  const { one, graph } = converted(nodes, { k: KERNEL, b: [[8, 1], [...Array(8).keys()]] }, { out: 'plus' });
  assert.deepEqual(graph.constants.get(one('Add').inputs[1]).shape, [1, 1, 1, 8]);
});

test('fused bias and activation are unfolded', () => {
  const fused = { ...same, fused_ops: ['BiasAdd', 'Relu6'] };
  const { ops, one, constant } = converted([NHWC, node('conv', '_FusedConv2D', ['x', 'k', 'b'], fused)], { k: KERNEL, b: [[2], [7, 8]] }, { out: 'conv' });
  assert.deepEqual(ops, ['Conv', 'Clip', 'Identity']);
  assert.deepEqual(constant(one('Conv').inputs[2]), [7, 8]);
  assert.deepEqual(one('Clip').inputs.slice(1).flatMap(constant), [0, 6]);
});

test('N,C,H,W inside costs no Transpose, and zeros before a window become its pads', () => {
  const nodes = [
    picture([1, 3, 8, 8]),
    node('pad', 'Pad', ['x', 'i_pads']),
    node('turn', 'Transpose', ['pad', 'i_nhwc']),
    node('conv', 'Conv2D', ['turn', 'k'], valid),
    node('back', 'Transpose', ['conv', 'i_nchw']),
    node('act', 'LeakyRelu', ['back'], { alpha: 0.1 }),
  ];
  const weights = {
    'i_pads': [[4, 2], [0, 0, 0, 0, 1, 2, 3, 4]],
    'i_nhwc': [[4], [0, 2, 3, 1]],
    'i_nchw': [[4], [0, 3, 1, 2]],
    k: [[3, 3, 3, 1], Array(27).fill(1)],
  };
  const { ops, one } = converted(nodes, weights, { out: 'act' });
  assert.deepEqual(ops, ['Conv', 'LeakyRelu', 'Identity']);
  assert.deepEqual(one('Conv').attributes.pads, [1, 3, 2, 4]);
});

test('only what never wins may be folded into a maximum', () => {
  const pool = { ksize: [1, 3, 3, 1], strides: [1, 2, 2, 1], padding: 'VALID' };
  const ops = (fill) => {
    const nodes = [NHWC, node('pad', 'PadV2', ['x', 'i_pads', 'fill']), node('pool', 'MaxPool', ['pad'], pool)];
    const weights = { 'i_pads': [[4, 2], [0, 0, 1, 0, 1, 0, 0, 0]], fill: [[], [fill]] };
    return converted(nodes, weights, { out: 'pool' }).ops;
  };
  assert.deepEqual(ops(-3.4e38), ['MaxPool', 'Identity']);
  assert.deepEqual(ops(0), ['Pad', 'MaxPool', 'Identity']);
});

test('joining and splitting count axes as they lie', () => {
  const nodes = [
    NHWC,
    node('conv', 'Conv2D', ['x', 'k'], same),
    node('join', 'ConcatV2', ['x', 'conv', 'i_axis']),
    node('split', 'SplitV', ['join', 'i_sizes', 'i_axis']),
  ];
  const weights = { k: KERNEL, 'i_axis': [[], [-1]], 'i_sizes': [[2], [1, 4]] };
  const { ops, one, constant, graph } = converted(nodes, weights, { out: 'split:1' });
  assert.deepEqual(ops, ['Conv', 'Concat', 'Split', 'Identity']);
  assert.equal(one('Concat').attributes.axis, 1);
  assert.equal(one('Split').attributes.axis, 1);
  assert.deepEqual(constant(one('Split').inputs[1]), [1, 4]);
  assert.equal(graph.outputs[0].shape[1], 4);
});

test('a resize becomes a scale that holds for any size', () => {
  const resize = (size) =>
    converted(
      [NHWC, node('up', 'ResizeBilinear', ['x', 'i_size'], { half_pixel_centers: true })],
      { 'i_size': [[2], size] },
      { out: 'up' },
    );
  const { one, constant } = resize([16, 4]);
  assert.deepEqual(constant(one('Resize').inputs[2]), [1, 1, 2, 0.5]);
  assert.equal(one('Resize').attributes.coordinate_transformation_mode, 'half_pixel');
  assert.throws(() => resize([11, 16]), /node up: resizing 8 to 11 is no whole scale/);
});

test('what cannot be converted is named', () => {
  const convert = (nodes, outputs, weights) => () => translate(tfGraph(nodes, weights), { outputs });
  assert.throws(convert([NHWC, node('w', 'Where', ['x'])], { out: 'w' }), /node w: operation Where cannot be converted; cut the graph before it/);
  assert.throws(convert([NHWC], { out: 'nothing' }), /the graph has no node nothing/);
  assert.throws(convert([picture([1, -1, -1, 3])], { out: 'x' }), /picture of fixed nominal size/);
  assert.throws(convert([NHWC], { out: 'w' }, { w: [[1], [1]] }), /output out: w is a constant/);
});
