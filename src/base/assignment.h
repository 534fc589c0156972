/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* The assignment problem: which row goes with which column at the least total cost, each at most
 * once. Exact; shortest augmenting paths with potentials (the Hungarian method as Jonker and
 * Volgenant, Computing 38, 1987, arrange it). The same input gives the same output. */
typedef struct IvAssignment IvAssignment; /* working memory, kept between calls; one thread */

IvAssignment *iv_assignment_new(void);
void iv_assignment_free(IvAssignment *assignment);

#define IV_ASSIGNMENT_COST_MAX 1e12

/* `cost` is row-major, rows x columns. A pair whose cost is not below `limit`, is NaN or is under
 * -IV_ASSIGNMENT_COST_MAX is never made, and leaving a row and a column alone costs as much as a
 * pair at `limit`: pairs are made so that the sum of (cost − limit) is least. `ret_column_of_row`
 * gets a column or -1 per row. Returns the number of pairs. O(n²·m) with n the shorter side;
 * allocates only when it grows. */
guint iv_assignment_solve(IvAssignment *assignment, const double *cost, guint rows, guint columns,
                          double limit, int *ret_column_of_row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvAssignment, iv_assignment_free)
