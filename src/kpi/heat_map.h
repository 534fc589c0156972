/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Tenths of person-seconds per cell as the store keeps them: of one camera and one span of time, in
 * few bytes. Pairs of numbers, for each cell that is not 0: how many cells lie between it and the
 * one before (of the first: its index), and its tenths; each in bytes of 7 bits, the lowest first,
 * whose bit 7 says that another follows. Sums are whole numbers, so the order of adding changes
 * nothing. Pure. */

/* Adds them `times` (1, or -1 to take them away) to sums[0..n_cells). FALSE, with the sums spoilt,
 * when they are no such bytes or go beyond the cells. O(bytes). */
gboolean iv_heat_map_add(gint64 *sums, guint n_cells, gint64 times, const void *bytes, gsize n);

/* Cells of 0 or less are left out. */
GBytes *iv_heat_map_to_bytes(const gint64 *sums, guint n_cells);
