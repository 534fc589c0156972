/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/frame.h"

/* Pictures for pages and incidents: a frame as JPEG, straight from its planes. Thread-safe (no
 * state); about 2 ms for 720p at quality 80 on one core. */

typedef struct {
  IvBox box;     /* shares of the picture */
  guint32 rgb;   /* 0xRRGGBB */
  guint32 label; /* digits above the box; 0 = none */
  gboolean thin; /* one of many */
} IvJpegBox;

typedef enum {
  IV_JPEG_FULL = 1,
  IV_JPEG_HALF = 2,
  IV_JPEG_QUARTER = 4,
} IvJpegScale;

#define IV_JPEG_BOXES_MAX 512  /* more are not drawn */
#define IV_JPEG_SIDE_MAX 65500 /* pixels */

/* `quality` 1..100; boxes are drawn on a copy, the frame is not changed. `n_boxes` 0 draws nothing.
 * NULL only when the frame is larger than JPEG allows (65500 pixels a side). */
GBytes *iv_jpeg_encode(const IvFrame *frame, IvJpegScale scale, int quality, const IvJpegBox *boxes,
                       guint n_boxes);

/* The smallest scale whose picture is still at least `width` pixels wide; FULL for width <= 0. */
IvJpegScale iv_jpeg_scale_for(IvSize picture, int width);
