/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/frame.h"

/* The brightness of a picture on a coarse grid, whatever its size and layout: what tells movement
 * and the health of a view. About 50 µs. */
#define IV_LUMA_WIDTH 160
#define IV_LUMA_HEIGHT 90
#define IV_LUMA_CELLS (IV_LUMA_WIDTH * IV_LUMA_HEIGHT)
#define IV_LUMA_SIDE_MIN 8 /* pixels; smaller pictures have no grid */

/* `ret_cells`: IV_LUMA_CELLS levels as the picture has them (RGB: its green), row by row. */
void iv_luma_grid(const IvFrame *frame, guint8 *ret_cells);
