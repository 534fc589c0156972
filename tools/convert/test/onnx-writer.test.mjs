// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { float, OnnxGraph } from '../onnx-graph.mjs';
import { serialise } from '../onnx-writer.mjs';
import { varint } from '../protobuf.mjs';

/** Reads a protobuf message into [field, value] pairs; a value is a bigint or bytes. */
function read(bytes) {
  const fields = [];
  let at = 0;
  const number = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(number());
    const size = { 0: null, 2: null, 5: 4 }[tag & 7];
    if ((tag & 7) === 0) fields.push([tag >> 3, number()]);
    else {
      const length = size ?? Number(number());
      fields.push([tag >> 3, bytes.subarray(at, (at += length))]);
    }
  }
  return fields;
}

const all = (bytes, field) => read(bytes).filter(([f]) => f === field).map(([, value]) => value);

test('varints, negative ones as 64 bits', () => {
  assert.deepEqual([...varint(300)], [0xac, 0x02]);
  assert.deepEqual([...varint(-1)], [...Array(9).fill(0xff), 0x01]);
});

test('a written file reads back as it was built', () => {
  const graph = new OnnxGraph();
  graph.addInput('images', ['N', 3, 'H', 'W']);
  const act = graph.add('LeakyRelu', ['images'], { alpha: float(0.5), axes: [1, -1], mode: 'm' });
  graph.addOutput('out', act, ['N', 3, 'h', 'w']);
  graph.floats([1.5], [1]);
  const file = serialise(graph);

  const opset = all(all(file, 8)[0], 2)[0];
  assert.equal(opset, 13n);
  const body = all(file, 7)[0];
  assert.deepEqual(all(body, 1).map((each) => all(each, 4)[0].toString()), ['LeakyRelu', 'Identity']);
  const attributes = all(all(body, 1)[0], 5);
  assert.equal(all(attributes[0], 2)[0].readFloatLE(), 0.5);
  assert.deepEqual(all(attributes[1], 8).map((x) => BigInt.asIntN(64, x)), [1n, -1n]);
  assert.equal(all(attributes[2], 4)[0].toString(), 'm');
  assert.equal(all(all(body, 5)[0], 9)[0].readFloatLE(), 1.5);
  assert.equal(all(all(body, 11)[0], 1)[0].toString(), 'images');
});

const TOOL = path.join(import.meta.dirname, '..', 'convert.mjs');

function model(folder, bytes) {
  const json = {
    modelTopology: { node: [{ name: 'x', op: 'Placeholder', attr: { shape: { shape: { dim: [1, 3, 4, 4].map((size) => ({ size })) } } } }, { name: 's', op: 'Sigmoid', input: ['x'] }] },
    weightsManifest: [{ paths: ['m.bin'], weights: [] }],
  };
  fs.writeFileSync(path.join(folder, 'm.json'), JSON.stringify(json));
  fs.writeFileSync(path.join(folder, 'm.bin'), bytes);
  return path.join(folder, 'm.json');
}

test('the command converts a file, and leaves none where it fails', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'inveye-convert-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const out = path.join(folder, 'm.onnx');
  execFileSync(process.execPath, [TOOL, model(folder, Buffer.alloc(0)), out, 'p=s']);
  assert.equal(all(all(all(fs.readFileSync(out), 7)[0], 12)[0], 1)[0].toString(), 'p');
  fs.rmSync(out);
  const failed = spawnSync(process.execPath, [TOOL, model(folder, Buffer.alloc(3)), out, 'p=s'], { encoding: 'utf8' });
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /^convert: the shards hold 3 bytes, the manifest names 0\n$/);
  assert.deepEqual(fs.readdirSync(folder).sort(), ['m.bin', 'm.json']);
});
