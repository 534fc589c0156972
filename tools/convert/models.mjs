// SPDX-License-Identifier: Apache-2.0
// The models that come with the project: TFJS source in the cache's tfjs/, and where the graph is
// cut, before its post-processing (src/vision decodes in C).
const NANODET = 'PartitionedCall/onnx_tf_prefix_';

export const MODELS = [
  {
    name: 'nanodet',
    outputs: {
      cls8: `${NANODET}Sigmoid_154`,
      cls16: `${NANODET}Sigmoid_165`,
      cls32: `${NANODET}Sigmoid_176`,
      reg8: `${NANODET}Split_153:1`,
      reg16: `${NANODET}Split_164:1`,
      reg32: `${NANODET}Split_175:1`,
    },
  },
];
