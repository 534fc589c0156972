/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Groups that entered (kpis.md, K1), from sums. Who came alone is a group of one, so that groups
 * are what shops count as buying units. Pure. */

/* Groups of two and more as events tell them: at the first crossing; their people each at the own
 * one. */
typedef struct {
  gint64 groups;              /* of two and more */
  gint64 people;              /* in them */
  gint64 twos, threes, fours; /* of the groups */
} IvGroupSums;

#define IV_GROUP_SIZES 5 /* 1, 2, 3, 4, and 5 or more */

typedef struct {
  double groups;                  /* NAN = n/a, as the others */
  double mean_size;               /* NAN also without a group */
  double by_size[IV_GROUP_SIZES]; /* groups of 1, 2, 3, 4, 5 and more people */
} IvGroupFigures;

void iv_group_sums_add(IvGroupSums *sums, const IvGroupSums *more);

/* `entrants`: traffic in without turn-backs. All NAN where it is not `known`. */
IvGroupFigures iv_group_figures(const IvGroupSums *sums, gint64 entrants, gboolean known);
