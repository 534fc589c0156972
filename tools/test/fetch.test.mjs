// SPDX-License-Identifier: Apache-2.0
// tools/fetch against a registry of our own on loopback.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const FETCH = path.join(import.meta.dirname, '..', 'fetch');

/** A package "thing" 1.0.0 with two files, a registry that serves it, and an empty cache. */
async function world(t, { sha256 } = {}) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'inveye-fetch-'));
  fs.mkdirSync(path.join(root, 'package/sub'), { recursive: true });
  fs.writeFileSync(path.join(root, 'package/one'), 'first');
  fs.writeFileSync(path.join(root, 'package/sub/two'), 'second');
  execFileSync('tar', ['-czf', 'thing.tgz', 'package'], { cwd: root });
  const archive = fs.readFileSync(path.join(root, 'thing.tgz'));
  const asked = [];
  const server = http.createServer((request, response) => {
    if (request.method === 'GET') asked.push(request.url);
    response.end(request.url === '/@a/thing/-/thing-1.0.0.tgz' ? archive : '');
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  t.after(() => {
    server.close();
    fs.rmSync(root, { recursive: true });
  });
  const pins = path.join(root, 'pins.tsv');
  const digest = sha256 ?? createHash('sha256').update(archive).digest('hex');
  const rows = [
    ['npm', 'any', '@a/thing', '1.0.0', '1', digest],
    ['file', 'any', 'package/one', 'kept/one'],
    ['file', 'any', 'package/sub', 'kept/sub'],
    ['npm', 'any', 'elsewhere', '2.0.0', '1', digest],
    ['file', 'no-such-machine', 'package/one', 'never'],
  ];
  fs.writeFileSync(pins, rows.map((row) => row.join('\t')).join('\n'));
  const env = {
    ...process.env,
    XDG_CACHE_HOME: path.join(root, 'cache'),
    INVEYE_PINS: pins,
    INVEYE_NPM_REGISTRY: `http://127.0.0.1:${server.address().port}`,
    no_proxy: '127.0.0.1',
  };
  return { cache: path.join(root, 'cache/inveye'), env, asked, server, pins };
}

function run({ env }) {
  const child = spawn(FETCH, { env });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  return new Promise((done) => child.on('close', (status) => done({ status, said })));
}

const visible = (folder) => fs.readdirSync(folder).filter((name) => !name.startsWith('.'));

test('an empty cache is filled, a complete one asks nobody', async (t) => {
  const all = await world(t);
  assert.equal((await run(all)).status, 0);
  assert.equal(fs.readFileSync(path.join(all.cache, 'kept/one'), 'utf8'), 'first');
  assert.equal(fs.readFileSync(path.join(all.cache, 'kept/sub/two'), 'utf8'), 'second');
  assert.deepEqual(all.asked, ['/@a/thing/-/thing-1.0.0.tgz']);
  assert.deepEqual(await run(all), { status: 0, said: '' });
  assert.equal(all.asked.length, 1);
});

test('a lost file and another choice of files are fetched again', async (t) => {
  const all = await world(t);
  await run(all);
  fs.rmSync(path.join(all.cache, 'kept/sub'), { recursive: true });
  assert.equal((await run(all)).status, 0);
  assert.deepEqual(visible(path.join(all.cache, 'kept')), ['one', 'sub']);
  fs.writeFileSync(all.pins, fs.readFileSync(all.pins, 'utf8').replace('kept/one', 'kept/uno'));
  assert.equal((await run(all)).status, 0);
  assert.equal(all.asked.length, 3);
});

test('an archive with another sha256 is not used', async (t) => {
  const all = await world(t, { sha256: '0'.repeat(64) });
  const { status, said } = await run(all);
  assert.equal(status, 1);
  assert.match(said, /@a\/thing 1\.0\.0 has sha256 \w+ but .* says 0{64}; it was not used/);
  assert.deepEqual(visible(all.cache), []);
});

test('without a network it says what is missing and how to get it', async (t) => {
  const all = await world(t);
  all.env.INVEYE_NPM_REGISTRY = 'http://127.0.0.1:1';
  const { status, said } = await run(all);
  assert.equal(status, 1);
  assert.match(said, /^fetch: missing: @a\/thing 1\.0\.0 \(curl: .*\); connect to the network, or name a registry.*\n$/);
  assert.ok(!fs.existsSync(all.cache));
});
