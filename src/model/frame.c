/* SPDX-License-Identifier: Apache-2.0 */
#include "model/frame.h"

IvFrame *iv_frame_new(void) {
  IvFrame *frame = g_new0(IvFrame, 1);
  g_atomic_ref_count_init(&frame->refs);
  return frame;
}

IvFrame *iv_frame_ref(IvFrame *frame) {
  g_atomic_ref_count_inc(&frame->refs);
  return frame;
}

void iv_frame_unref(IvFrame *frame) {
  if (!g_atomic_ref_count_dec(&frame->refs))
    return;
  if (frame->release)
    frame->release(frame->owner);
  g_free(frame);
}
