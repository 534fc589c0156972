// SPDX-License-Identifier: Apache-2.0
// TF operation to its translation. A handler takes (node, translation) and returns a value, or an
// array of them for a node with several outputs.
import { CONVOLUTIONS } from './convolution.mjs';
import { ELEMENTWISE } from './elementwise.mjs';
import { PICTURES } from './picture.mjs';
import { SHAPES } from './shape.mjs';

export const HANDLERS = { ...SHAPES, ...CONVOLUTIONS, ...PICTURES, ...ELEMENTWISE };
