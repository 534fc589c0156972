/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/luma_grid.h"

#include <string.h>

/* Sum of four neighbouring bytes, without a loop. */
static inline guint sum_of_four(const guint8 *p) {
  guint32 v;
  memcpy(&v, p, sizeof v);
  v = (v & 0x00ff00ff) + ((v >> 8) & 0x00ff00ff);
  return (v & 0xffff) + (v >> 16);
}

static inline guint sum_of_four_green(const guint8 *p) {
  return p[1] + p[4] + p[7] + p[10];
}

/* Two rows of four pixels near each cell's middle: enough to halve the noise, and the cost does not
 * grow with the picture. */
void iv_luma_grid(const IvFrame *frame, guint8 *ret_cells) {
  int w = frame->size.width, h = frame->size.height, x_of[IV_LUMA_WIDTH];
  gboolean rgb = frame->pixels == IV_PIXELS_RGB;
  for (int x = 0; x < IV_LUMA_WIDTH; x++) {
    int middle = (2 * x + 1) * w / (2 * IV_LUMA_WIDTH);
    x_of[x] = CLAMP(middle - 2, 0, w - 4) * (rgb ? 3 : 1);
  }
  for (int y = 0; y < IV_LUMA_HEIGHT; y++, ret_cells += IV_LUMA_WIDTH) {
    int upper = (4 * y + 1) * h / (4 * IV_LUMA_HEIGHT);
    int lower = (4 * y + 3) * h / (4 * IV_LUMA_HEIGHT);
    const guint8 *a = frame->plane[0] + (gssize)frame->stride[0] * upper;
    const guint8 *b = frame->plane[0] + (gssize)frame->stride[0] * lower;
    if (rgb)
      for (int x = 0; x < IV_LUMA_WIDTH; x++)
        ret_cells[x] =
            (guint8)((sum_of_four_green(a + x_of[x]) + sum_of_four_green(b + x_of[x]) + 4) / 8);
    else
      for (int x = 0; x < IV_LUMA_WIDTH; x++)
        ret_cells[x] = (guint8)((sum_of_four(a + x_of[x]) + sum_of_four(b + x_of[x]) + 4) / 8);
  }
}
