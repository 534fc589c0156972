/* SPDX-License-Identifier: Apache-2.0 */
#include "media/masks.h"

#include <string.h>

#define SIZES_MAX 4 /* main and sub stream, and one of each while it changes */

struct IvMasks {
  gatomicrefcount refs;
  GMutex mutex; /* guards the rest; innermost of all locks */
  guint n;
  IvArea *areas;
  IvStencil *stencils[SIZES_MAX]; /* the newest first */
};

IvMasks *iv_masks_new(void) {
  IvMasks *masks = g_new0(IvMasks, 1);
  g_atomic_ref_count_init(&masks->refs);
  g_mutex_init(&masks->mutex);
  return masks;
}

IvMasks *iv_masks_ref(IvMasks *masks) {
  g_atomic_ref_count_inc(&masks->refs);
  return masks;
}

static void forget_stencils(IvMasks *masks) {
  for (guint i = 0; i < SIZES_MAX; i++)
    g_clear_pointer(&masks->stencils[i], iv_stencil_free);
}

void iv_masks_unref(IvMasks *masks) {
  if (!g_atomic_ref_count_dec(&masks->refs))
    return;
  forget_stencils(masks);
  g_free(masks->areas);
  g_mutex_clear(&masks->mutex);
  g_free(masks);
}

static gboolean same_area(const IvArea *a, const IvArea *b) {
  return a->n_points == b->n_points &&
         memcmp(a->polygon, b->polygon, a->n_points * sizeof *a->polygon) == 0;
}

static gboolean is_set_to(const IvMasks *masks, const IvArea *areas, guint n) {
  for (guint i = 0; i < n && n == masks->n; i++)
    if (!same_area(&areas[i], &masks->areas[i]))
      return FALSE;
  return n == masks->n;
}

gboolean iv_masks_set(IvMasks *masks, const IvArea *areas, guint n) {
  g_mutex_lock(&masks->mutex);
  gboolean changes = !is_set_to(masks, areas, n);
  if (changes) {
    forget_stencils(masks);
    g_free(masks->areas);
    masks->areas = g_memdup2(areas, n * sizeof *areas);
    masks->n = n;
  }
  g_mutex_unlock(&masks->mutex);
  return changes;
}

gboolean iv_masks_any(IvMasks *masks) {
  g_mutex_lock(&masks->mutex);
  gboolean any = masks->n > 0;
  g_mutex_unlock(&masks->mutex);
  return any;
}

static IvStencil *make_stencil(const IvMasks *masks, IvSize size) {
  IvStencil *stencil = iv_stencil_new(size);
  for (guint i = 0; i < masks->n; i++)
    iv_stencil_add(stencil, masks->areas[i].polygon, masks->areas[i].n_points);
  return stencil;
}

static IvStencil *stencil_for(IvMasks *masks, IvSize size) {
  for (guint i = 0; i < SIZES_MAX && masks->stencils[i]; i++) {
    IvSize has = iv_stencil_size(masks->stencils[i]);
    if (has.width == size.width && has.height == size.height)
      return masks->stencils[i];
  }
  g_clear_pointer(&masks->stencils[SIZES_MAX - 1], iv_stencil_free);
  memmove(masks->stencils + 1, masks->stencils, (SIZES_MAX - 1) * sizeof *masks->stencils);
  masks->stencils[0] = make_stencil(masks, size);
  return masks->stencils[0];
}

void iv_masks_paint(IvMasks *masks, const IvCanvas *picture) {
  g_mutex_lock(&masks->mutex);
  if (masks->n > 0)
    iv_stencil_fill(stencil_for(masks, picture->size), picture);
  g_mutex_unlock(&masks->mutex);
}

IvFrame *iv_masks_frame(IvMasks *masks, IvFrame *frame) {
  IvCanvas canvas;
  if (!iv_masks_any(masks))
    return frame;
  IvFrame *copy = iv_canvas_frame(frame, &canvas);
  iv_frame_unref(frame);
  if (copy)
    iv_masks_paint(masks, &canvas);
  return copy;
}
