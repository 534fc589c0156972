// SPDX-License-Identifier: Apache-2.0
// docs/features.md names every feature once, in a state that it can show.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const ROOT = path.join(import.meta.dirname, '../..');
const COUNTS = { A: 12, V: 13, S: 14, K: 18, L: 8, D: 14, P: 11, T: 5 };

const rows = fs
  .readFileSync(path.join(ROOT, 'docs/features.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [A-Z]\d+ /.test(line))
  .map((line) => line.slice(1, -1).split('|').map((cell) => cell.trim()))
  .map(([id, what, state, where, proof]) => ({ id, what, state, where, proof }));

test('every id has one row, in order', () => {
  const ids = Object.entries(COUNTS).flatMap(([letter, n]) => Array.from({ length: n }, (_, i) => `${letter}${i + 1}`));
  assert.deepEqual(rows.map((row) => row.id), ids);
});

test('what is done has a place and a test, what is partly done says what is missing', () => {
  for (const { id, state, where, proof } of rows) {
    assert.match(state, /^(done|partly: .+|not yet(: .+)?)$/, id);
    assert.equal(!state.startsWith('not yet'), where !== '' && proof !== '', `${id}: ${state}`);
  }
});

test('the places and tests are there', () => {
  for (const { id, where, proof } of rows) {
    for (const [, name] of `${where} ${proof}`.matchAll(/`([^`]+)`/g)) {
      assert.ok(fs.existsSync(path.join(ROOT, name)), `${id}: there is no ${name}`);
    }
  }
});
