// SPDX-License-Identifier: Apache-2.0

/** Drops nodes and constants that no output depends on. */
export function dropUnread(graph) {
  const read = new Set(graph.outputs.map((output) => output.name));
  const kept = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => read.has(name))) continue;
    kept.push(node);
    node.inputs.forEach((name) => read.add(name));
  }
  graph.nodes = kept.reverse();
  for (const name of graph.constants.keys()) if (!read.has(name)) graph.constants.delete(name);
}
