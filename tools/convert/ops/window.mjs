// SPDX-License-Identifier: Apache-2.0
// Paddings and output sizes of operations that slide a window over height and width.

const HEIGHT = 1;

/** TF attributes list a number per NHWC axis; ONNX wants those of height and width. */
export function spatial(node, name) {
  const list = node.get(name) ?? [1, 1, 1, 1];
  return [list[HEIGHT] ?? 1, list[HEIGHT + 1] ?? 1];
}

/** One axis of TF's SAME rule: enough zeros for ceil(size / stride) steps, the odd one behind. */
function same(size, extent, stride) {
  const steps = Math.ceil(size / stride);
  const total = Math.max((steps - 1) * stride + extent - size, 0);
  const before = total >> 1;
  return { before, after: total - before, steps };
}

const valid = (size, extent, stride) => ({
  before: 0,
  after: 0,
  steps: Math.floor((size - extent) / stride) + 1,
});

const RULES = { SAME: same, VALID: valid };

/**
 * Pads (ONNX order: both begins, then both ends) and output sizes of a window.
 * With SAME and a stride above 1 the pads are those of the nominal size; they hold for every size
 * of the same remainder by the stride, so for all multiples of 32.
 */
export function windowOf(node, size, kernel, strides, dilations = [1, 1]) {
  const rule = RULES[node.get('padding')];
  if (!rule) throw new Error(`node ${node.name}: padding ${node.get('padding')} is not known`);
  const axes = [0, 1].map((i) => rule(size[i], (kernel[i] - 1) * dilations[i] + 1, strides[i]));
  return {
    pads: [...axes.map((axis) => axis.before), ...axes.map((axis) => axis.after)],
    size: axes.map((axis) => axis.steps),
  };
}
