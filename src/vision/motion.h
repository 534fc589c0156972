/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/frame.h"

/* Says which pictures are worth analysing: luma on a coarse grid (vision/luma_grid.h) is compared
 * with the last picture that was let through. Sensor noise and changes of brightness over the whole
 * picture do not count; a clump of changed cells does. About 50 µs a picture, whatever its size.
 * One thread at a time; reads no clock (frame time only). */
typedef struct IvMotionGate IvMotionGate;

typedef struct {
  IvTime keep_alive; /* a picture passes at least this often; µs of frame time, > 0 */
  int threshold;     /* grey levels by which a cell must change beyond the noise, 1..255 */
  guint min_cells;   /* changed cells (each with changed neighbours) that make motion, >= 1 */
} IvMotionConfig;

IvMotionConfig iv_motion_config_default(void); /* 2 s, 10 levels, 5 cells */

IvMotionGate *iv_motion_gate_new(const IvMotionConfig *config);
void iv_motion_gate_free(IvMotionGate *gate);

/* TRUE: analyse this picture. The first picture, one after a seam (discontinuity), one of another
 * size and one that is `watched` (somebody is being tracked) always pass. */
gboolean iv_motion_gate_passes(IvMotionGate *gate, const IvFrame *frame, gboolean watched);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvMotionGate, iv_motion_gate_free)
