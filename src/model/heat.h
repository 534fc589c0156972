/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"

/* Heat maps as events carry them: person-seconds per cell of a grid, in buckets of 5 minutes. Pure.
 *
 * Texts cells_1 to cells_8 of a heat.sample, put together, are pairs of numbers: how many cells lie
 * between this one and the one before (of the first: its index), and its tenths of person-seconds
 * less 1. A number is written in digits of 5 bits, the lowest first, each a character of
 * A-Z a-z 0-9 - _ of which bit 5 says that another follows. Cells are numbered row by row from the
 * top left, from 0. */

#define IV_HEAT_BUCKET (5 * IV_MINUTE)
#define IV_HEAT_PICTURE_COLUMNS 32
#define IV_HEAT_PICTURE_ROWS 18
#define IV_HEAT_CELL_MM 500     /* side of a cell of the floor plan, unless the plan is too large */
#define IV_HEAT_CELLS_MAX 65536 /* of a grid: 128 m by 128 m in cells of 0.5 m */
#define IV_HEAT_TENTHS_MAX ((1u << 20) - 1) /* of one cell in one event */

typedef struct {
  guint columns, rows;
  guint cell_mm; /* side of a cell on the floor; 0 = the grid lies on a camera's picture */
} IvHeatGrid;

IvHeatGrid iv_heat_grid_of_picture(void);

/* Cells of 0.5 m over a plan of this size, the first at its top left corner; the last column and
 * row may reach over its edge. A plan that is too large for them gets cells of twice the side, and
 * so on. FALSE unless both sides are over 0 and at most 10 km. */
gboolean iv_heat_grid_of_plan(double width_m, double height_m, IvHeatGrid *ret_grid);

gboolean iv_heat_grid_equal(const IvHeatGrid *a, const IvHeatGrid *b);

typedef struct {
  guint32 cell;   /* row * columns + column */
  guint32 tenths; /* of person-seconds; 1 to IV_HEAT_TENTHS_MAX */
} IvHeatCell;

/* Writes grid and cells (rising; n > 0) into a heat.sample, as many as fit; returns how many. */
guint iv_heat_sample_write(IvEvent *event, const IvHeatGrid *grid, const IvHeatCell *cells,
                           guint n);

/* Reads them back into `ret_cells` (GArray of IvHeatCell; emptied first; may be NULL to check
 * only). NULL when all is well, else a static text that says what is wrong with the event; then
 * outputs are not to be used. Takes whatever comes: bounded by the event's size. */
const char *iv_heat_sample_read(const IvEvent *event, IvHeatGrid *ret_grid, GArray *ret_cells);
