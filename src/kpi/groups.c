/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/groups.h"

#include <math.h>

void iv_group_sums_add(IvGroupSums *sums, const IvGroupSums *more) {
  sums->groups += more->groups;
  sums->people += more->people;
  sums->twos += more->twos;
  sums->threes += more->threes;
  sums->fours += more->fours;
}

IvGroupFigures iv_group_figures(const IvGroupSums *sums, gint64 entrants, gboolean known) {
  gint64 alone = MAX(entrants - sums->people, 0); /* a lost crossing makes no negative people */
  gint64 larger = sums->groups - sums->twos - sums->threes - sums->fours;
  const gint64 by_size[IV_GROUP_SIZES] = {alone, sums->twos, sums->threes, sums->fours, larger};
  gint64 groups = alone + sums->groups;
  IvGroupFigures figures = {.groups = known ? (double)groups : (double)NAN,
                            .mean_size = known && groups > 0
                                             ? (double)(alone + sums->people) / (double)groups
                                             : (double)NAN};
  for (int i = 0; i < IV_GROUP_SIZES; i++)
    figures.by_size[i] = known ? (double)by_size[i] : (double)NAN;
  return figures;
}
