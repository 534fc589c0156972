// SPDX-License-Identifier: Apache-2.0
// node tools/convert/cached.mjs CACHE
// Brings the converted models in the cache up to date: a model is converted again when its source
// or this converter has changed, which a stamp beside it tells.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { convertFile } from './convert.mjs';
import { MODELS } from './models.mjs';

function converterFiles() {
  return fs
    .readdirSync(import.meta.dirname, { recursive: true })
    .filter((name) => name.endsWith('.mjs') && !name.startsWith('test'))
    .sort()
    .map((name) => path.join(import.meta.dirname, name));
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(fs.readFileSync(file));
  return hash.digest('hex');
}

const readOr = (file, otherwise) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : otherwise);

function bringUpToDate(cache, { name, outputs }) {
  const source = path.join(cache, 'tfjs', `${name}.json`);
  const target = path.join(cache, 'models', `${name}.onnx`);
  const stamp = path.join(cache, '.stamps', `model-${name}`);
  const key = digest([source, path.join(cache, 'tfjs', `${name}.bin`), ...converterFiles()]);
  if (fs.existsSync(target) && readOr(stamp, '') === key) return;
  console.error(`set-up: converting the model ${name}`);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  convertFile(source, target, outputs);
  fs.writeFileSync(stamp, key);
}

try {
  for (const model of MODELS) bringUpToDate(process.argv[2], model);
} catch (error) {
  console.error(`set-up: converting the models failed: ${error.message}`);
  process.exitCode = 1;
}
