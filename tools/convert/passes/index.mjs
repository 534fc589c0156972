// SPDX-License-Identifier: Apache-2.0
// What makes the graph smaller without changing what it computes.
import { dropUnread } from './drop-unread.mjs';
import { foldAffine } from './fold-affine.mjs';
import { foldPad } from './fold-pad.mjs';

export function optimise(graph) {
  dropUnread(graph);
  foldPad(graph);
  foldAffine(graph);
  dropUnread(graph);
}
