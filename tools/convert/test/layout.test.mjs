// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange, broadcast, CHANNELS_FIRST, inverse, permute } from '../layout.mjs';

test('permute copies into the new axis order', () => {
  const nhwc = { shape: [1, 2, 2, 3], data: Float32Array.from([...Array(12).keys()]) };
  const nchw = permute(nhwc, CHANNELS_FIRST);
  assert.deepEqual(nchw.shape, [1, 3, 2, 2]);
  assert.deepEqual([...nchw.data], [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
});

test('an order and its inverse cancel', () => {
  assert.deepEqual(arrange(inverse(CHANNELS_FIRST), CHANNELS_FIRST), [0, 1, 2, 3]);
});

test('broadcasting widens ones and aligns at the end', () => {
  assert.deepEqual(broadcast([1, 4, 1, 3], [5, 1]), [1, 4, 5, 3]);
});
