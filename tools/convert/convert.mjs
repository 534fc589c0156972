// SPDX-License-Identifier: Apache-2.0
// node tools/convert/convert.mjs MODEL.json OUT.onnx NAME=TF_REF...
// Converts one TFJS graph model (model.json with its weight shards beside it) to ONNX: opset 13,
// N,C,H,W, free batch, height and width. Each NAME=TF_REF cuts the graph there and names the output.
import fs from 'node:fs';
import { serialise } from './onnx-writer.mjs';
import { TfGraph } from './tf-graph.mjs';
import { translate } from './translate.mjs';

/** Converts a file; the result appears under its name only when it is whole. */
export function convertFile(from, to, outputs) {
  const graph = translate(TfGraph.load(from), { outputs });
  const partial = `${to}.${process.pid}.partial`;
  fs.writeFileSync(partial, serialise(graph));
  fs.renameSync(partial, to);
  return graph;
}

function main([from, to, ...cuts]) {
  const pairs = cuts.map((cut) => [cut.slice(0, cut.indexOf('=')), cut.slice(cut.indexOf('=') + 1)]);
  if (!to || pairs.length === 0 || cuts.some((cut) => !cut.includes('='))) {
    console.error('usage: node tools/convert/convert.mjs MODEL.json OUT.onnx NAME=TF_REF...');
    return 2;
  }
  try {
    convertFile(from, to, Object.fromEntries(pairs));
    return 0;
  } catch (error) {
    console.error(`convert: ${error.message}`);
    return 1;
  }
}

if (import.meta.filename === process.argv[1]) process.exitCode = main(process.argv.slice(2));
