// SPDX-License-Identifier: Apache-2.0

/** What a Pad may fill with for the window behind it to pad itself: zeros, or what never is a maximum. */
const FILLS = {
  Conv: (fill) => fill === 0,
  MaxPool: (fill) => fill <= -1e30,
};

/** Pads of height and width as a window has them, or null where batch or channels are padded. */
function windowPads(numbers) {
  const [n, c, top, left, nEnd, cEnd, bottom, right] = numbers;
  const others = [n, c, nEnd, cEnd];
  return numbers.length === 8 && others.every((x) => x === 0) ? [top, left, bottom, right] : null;
}

/** Lets convolutions and pools read what stands before a Pad and pad by themselves. */
export function foldPad(graph) {
  const producers = graph.producers();
  for (const node of graph.nodes) {
    const pad = producers.get(node.inputs[0]);
    if (pad?.op !== 'Pad' || !FILLS[node.op]) continue;
    const pads = windowPads([...graph.constants.get(pad.inputs[1]).data].map(Number));
    const [fill] = graph.constants.get(pad.inputs[2]).data;
    if (!pads || !FILLS[node.op](fill)) continue;
    node.inputs[0] = pad.inputs[0];
    node.attributes.pads = node.attributes.pads.map((own, i) => own + pads[i]);
  }
}
