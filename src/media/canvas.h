/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/frame.h"

/* A picture that is changed: planes of I420 or NV12 that nobody else reads. Pure; not thread-safe.
 */
typedef struct {
  IvPixels pixels; /* not RGB */
  IvSize size;
  guint8 *plane[3];
  int stride[3]; /* bytes */
  gboolean full_range;
} IvCanvas;

/* A copy of the frame that may be painted on as long as nobody else has a reference to it: times
 * and numbers are kept, `ret_canvas` shows its planes. NULL for RGB. Cost: one copy of the planes.
 */
IvFrame *iv_canvas_frame(const IvFrame *frame, IvCanvas *ret_canvas);

/* Black: the colour of masks, and of what must not be seen at all. */
void iv_canvas_black(const IvCanvas *canvas);

/* The picture in squares of `cell` pixels (>= 2, made even), each of its mean colour in coarse
 * steps. The squares lie on a grid of the picture, not of the box, so that who moves is not seen
 * through many grids. `box` in shares of the picture; whatever it touches is covered. */
void iv_canvas_mosaic(const IvCanvas *canvas, const IvBox *box, int cell);

/* Polygons made into rows once, for pictures of one size; filling them is then some memset. */
typedef struct IvStencil IvStencil;

/* Every pixel that a polygon touches belongs to it, and every pair of pixels that shares a colour
 * with one. Corners outside of the picture are allowed. */
IvStencil *iv_stencil_new(IvSize size);
void iv_stencil_free(IvStencil *stencil);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvStencil, iv_stencil_free)

/* `polygon` in shares of the picture, n >= 3. */
void iv_stencil_add(IvStencil *stencil, const IvPoint *polygon, guint n);

IvSize iv_stencil_size(const IvStencil *stencil);

/* Whether the pixel is covered. */
gboolean iv_stencil_has(const IvStencil *stencil, int x, int y);

/* Covers the canvas, which must have the stencil's size, in black. */
void iv_stencil_fill(IvStencil *stencil, const IvCanvas *canvas);
