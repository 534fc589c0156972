/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/frame.h"

/* Pictures for tests, in memory of their own. */

static inline IvFrame *iv_test_picture(IvPixels pixels, IvSize size) {
  IvFrame *frame = iv_frame_new();
  int cw = (size.width + 1) / 2, ch = (size.height + 1) / 2;
  gsize luma = (gsize)size.width * size.height, chroma = (gsize)cw * ch;
  guint8 *bytes = g_malloc0(pixels == IV_PIXELS_RGB ? 3 * luma : luma + 2 * chroma);
  frame->pixels = pixels;
  frame->size = size;
  frame->owner = bytes;
  frame->release = g_free;
  frame->plane[0] = bytes;
  frame->stride[0] = pixels == IV_PIXELS_RGB ? 3 * size.width : size.width;
  if (pixels != IV_PIXELS_RGB) {
    frame->plane[1] = bytes + luma;
    frame->stride[1] = pixels == IV_PIXELS_NV12 ? 2 * cw : cw;
  }
  if (pixels == IV_PIXELS_I420) {
    frame->plane[2] = bytes + luma + chroma;
    frame->stride[2] = cw;
  }
  return frame;
}

/* The picture's bytes, writable while nobody else holds it. */
static inline guint8 *iv_test_plane(IvFrame *frame, int plane) {
  return (guint8 *)frame->owner + (frame->plane[plane] - (const guint8 *)frame->owner);
}
