// SPDX-License-Identifier: Apache-2.0
// What a TF reference stands for during translation.

/** Known now: a weight. */
export class Constant {
  constructor(shape, data) {
    this.shape = shape;
    this.data = data;
  }

  get numbers() {
    return [...this.data];
  }
}

/** Known at run time: an ONNX tensor, its axis order (see layout.mjs) and its nominal TF shape. */
export class Tensor {
  constructor(name, order, shape) {
    this.name = name;
    this.order = order;
    this.shape = shape;
  }

  /** What an operation that keeps axes and sizes makes of it. */
  as(name) {
    return new Tensor(name, this.order, this.shape);
  }
}
