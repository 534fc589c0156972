/* SPDX-License-Identifier: Apache-2.0 */
/* parts WIDTH HEIGHT: what vision does around the network, on pictures of that size (I420, noise),
 * in CPU microseconds a picture. */
#include "base/clock.h"
#include "vision/motion.h"
#include "vision/onnx.h"
#include "vision/preprocess.h"
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 500

static IvFrame *noise(IvSize size) {
  gsize luma = (gsize)size.width * size.height, chroma = luma / 4;
  guint8 *bytes = g_malloc(luma + 2 * chroma);
  g_autoptr(GRand) rand = g_rand_new_with_seed(1);
  for (gsize i = 0; i < luma + 2 * chroma; i++)
    bytes[i] = (guint8)g_rand_int(rand);
  IvFrame *frame = iv_frame_new();
  frame->size = size;
  frame->owner = bytes;
  frame->release = g_free;
  for (int p = 0; p < 3; p++) {
    frame->plane[p] = bytes + (p == 0 ? 0 : luma + chroma * (gsize)(p - 1));
    frame->stride[p] = p == 0 ? size.width : size.width / 2;
  }
  return frame;
}

static double preprocess_us(const IvFrame *frame, IvSize input) {
  const IvInputStyle style = {.scale = {1, 1, 1}};
  g_autoptr(IvPreprocess) preprocess = iv_preprocess_new(&style, input);
  g_autofree float *planes = g_new(float, 3 * (gsize)input.width * input.height);
  IvTime start = iv_clock_process_cpu();
  for (int i = 0; i < ROUNDS; i++)
    iv_preprocess_run(preprocess, frame, planes);
  return (double)(iv_clock_process_cpu() - start) / ROUNDS;
}

static double gate_us(IvFrame *frame) {
  IvMotionConfig config = iv_motion_config_default();
  g_autoptr(IvMotionGate) gate = iv_motion_gate_new(&config);
  IvTime start = iv_clock_process_cpu();
  for (int i = 0; i < ROUNDS; i++) {
    frame->ts = i; /* well within the keep-alive: the whole comparison is made */
    iv_motion_gate_passes(gate, frame, FALSE);
  }
  return (double)(iv_clock_process_cpu() - start) / ROUNDS;
}

int main(int argc, char **argv) {
  IvSize size = {argc > 2 ? atoi(argv[1]) : 768, argc > 2 ? atoi(argv[2]) : 576};
  if (size.width < 16 || size.height < 16 || size.width % 2 || size.height % 2) {
    fprintf(stderr, "parts: WIDTH and HEIGHT must be even and 16 or more\n");
    return 2;
  }
  IvSize input = iv_onnx_size_for(size);
  g_autoptr(IvFrame) frame = noise(size);
  printf("preprocess %dx%d to %dx%d: %.0f us\nmotion gate: %.0f us\n", size.width, size.height,
         input.width, input.height, preprocess_us(frame, input), gate_us(frame));
  return 0;
}
