// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWeights, halfToNumber } from '../weights.mjs';

const manifest = (...weights) => [{ weights }];

test('half floats: zero, subnormal, normal, infinite', () => {
  assert.equal(halfToNumber(0x3c00), 1);
  assert.equal(halfToNumber(0xc500), -5);
  assert.equal(halfToNumber(0x0001), 2 ** -24);
  assert.equal(halfToNumber(0xfc00), -Infinity);
  assert.ok(Number.isNaN(halfToNumber(0x7e00)));
});

test('weights follow each other in the shards, each in its own element type', () => {
  const bytes = Buffer.alloc(4 + 4 + 2);
  bytes.writeInt32LE(-7, 0);
  bytes.writeUInt16LE(0x3c00, 4);
  bytes.writeUInt16LE(0x4000, 6);
  bytes.set([0, 10], 8);
  const weights = decodeWeights(
    manifest(
      { name: 'axis', shape: [], dtype: 'int32' },
      { name: 'half', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
      { name: 'byte', shape: [1, 2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
    ),
    bytes,
  );
  assert.deepEqual([...weights.get('axis').data], [-7]);
  assert.deepEqual([...weights.get('half').data], [1, 2]);
  assert.deepEqual([...weights.get('byte').data], [-1, 4]);
  assert.deepEqual(weights.get('byte').shape, [1, 2]);
});

test('shards that are cut off, too long or of an unknown type say so', () => {
  const four = manifest({ name: 'w', shape: [4], dtype: 'float32' });
  assert.throws(() => decodeWeights(four, Buffer.alloc(15)), /weight w: the shards end at byte 15, it needs 16/);
  assert.throws(() => decodeWeights(four, Buffer.alloc(17)), /the shards hold 17 bytes, the manifest names 16/);
  const odd = manifest({ name: 'w', shape: [1], dtype: 'complex64' });
  assert.throws(() => decodeWeights(odd, Buffer.alloc(8)), /weight w: element type complex64 is not known/);
});
