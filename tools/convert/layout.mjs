// SPDX-License-Identifier: Apache-2.0
// Axis orders. TFJS works on NHWC, ONNX on NCHW; instead of transposing at every border a value
// remembers its order: order[i] is the TF axis that lies at ONNX axis i.

export const identityOrder = (rank) => [...Array(rank).keys()];

/** The order of a picture tensor: TF's N,H,W,C stored as N,C,H,W. */
export const CHANNELS_FIRST = [0, 3, 1, 2];

export const sameOrder = (a, b) => a.length === b.length && a.every((axis, i) => axis === b[i]);

export const isIdentity = (order) => order.every((axis, i) => axis === i);

/** inverse(order)[tfAxis] is the ONNX axis it lies at. */
export function inverse(order) {
  const positions = Array(order.length);
  order.forEach((axis, i) => {
    positions[axis] = i;
  });
  return positions;
}

/** Rearranges a per-TF-axis list into ONNX axes. */
export const arrange = (perAxis, order) => order.map((axis) => perAxis[axis]);

function stridesOf(shape) {
  const strides = Array(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/** Copies a dense array of `shape` into the given axis order. */
export function permute({ data, shape }, order) {
  const outShape = arrange(shape, order);
  const steps = arrange(stridesOf(shape), order);
  const out = new data.constructor(data.length);
  const index = Array(order.length).fill(0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from];
    for (let axis = order.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < outShape[axis]) break;
      from -= steps[axis] * outShape[axis];
      index[axis] = 0;
    }
  }
  return { data: out, shape: outShape };
}

/** The shape of two broadcast operands. */
export function broadcast(a, b) {
  const rank = Math.max(a.length, b.length);
  const at = (shape, i) => shape[shape.length - rank + i] ?? 1;
  return identityOrder(rank).map((i) => (at(a, i) === 1 ? at(b, i) : at(a, i)));
}

/** Prepends ones until the shape has `rank` axes. */
export const padRank = (shape, rank) => [...Array(rank - shape.length).fill(1), ...shape];
