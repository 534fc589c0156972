// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { MODELS } from '../models.mjs';
import { TfGraph } from '../tf-graph.mjs';
import { translate } from '../translate.mjs';

const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'inveye');

for (const { name, outputs } of MODELS) {
  const source = path.join(cache, 'tfjs', `${name}.json`);
  const skip = fs.existsSync(source) ? false : `${source} is not there; make setup fetches it`;
  test(`${name} needs no Transpose and no Pad`, { skip }, () => {
    const graph = translate(TfGraph.load(source), { outputs });
    assert.deepEqual(graph.outputs.map((output) => output.name), Object.keys(outputs));
    const ops = new Set(graph.nodes.map((node) => node.op));
    assert.ok(!ops.has('Transpose') && !ops.has('Pad'), [...ops].join(' '));
  });
}
