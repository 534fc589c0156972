/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/jpeg.h"

/* A picture of our own to draw on and to encode: planar Y, Cb, Cr with chroma halved both ways,
 * full range (as JPEG has it), sides padded to whole 16-pixel blocks by repeating the edge. */
typedef struct {
  IvSize size;      /* pixels that count */
  guint8 *plane[3]; /* one block of memory, plane[0] owns it */
  int stride[3], rows[3];
} IvPicture;

typedef struct {
  guint8 y, cb, cr;
} IvPaint;

/* Copies `frame`, scaled down by averaging. */
void iv_picture_init(IvPicture *ret_picture, const IvFrame *frame, IvJpegScale scale);
void iv_picture_clear(IvPicture *picture);

/* 0xRRGGBB by ITU-T T.871 (JFIF). */
IvPaint iv_paint_from_rgb(guint32 rgb);

/* Fills [x0, x1) x [y0, y1), clipped to the picture. */
void iv_picture_fill(IvPicture *picture, int x0, int y0, int x1, int y1, IvPaint paint);

/* From a to b, shares of the picture; as wide as a thin box's frame. */
void iv_picture_draw_line(IvPicture *picture, IvPoint a, IvPoint b, guint32 rgb);

/* JPEG of `quality` 1..100. */
GBytes *iv_picture_encode(const IvPicture *picture, int quality);

/* Frame and number of a box, line width and digits in proportion to the picture. */
void iv_picture_draw_box(IvPicture *picture, const IvJpegBox *box);
