/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/band.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DEAD_SHARE 0.1

static const struct {
  IvBand band;
  const char *name;
  double rank;  /* share of zones that are better: below this */
  double least; /* fixed limit */
} bands[] = {
    {IV_BAND_HOT, "hot", 0.2, 0.80},
    {IV_BAND_HIGH, "high", 0.4, 0.65},
    {IV_BAND_MEDIUM, "medium", 0.7, 0.40},
    {IV_BAND_LOW, "low", 1.0, 0},
};

const char *iv_band_name(IvBand band) {
  return band == IV_BAND_NONE ? NULL : bands[band - IV_BAND_HOT].name;
}

/* A share of zones is a fraction of small numbers: a hair keeps 1 of 5 from being less than 0.2. */
static IvBand band_of_rank(double better) {
  for (gsize i = 0; i < G_N_ELEMENTS(bands); i++)
    if (better < bands[i].rank - 1e-9)
      return bands[i].band;
  return IV_BAND_LOW;
}

void iv_bands_rank(const double *shares, guint n, IvBand *ret_bands) {
  guint known = 0;
  for (guint i = 0; i < n; i++)
    known += !isnan(shares[i]);
  for (guint i = 0; i < n; i++) {
    guint better = 0;
    for (guint k = 0; k < n; k++)
      better += shares[k] > shares[i]; /* FALSE with NAN */
    ret_bands[i] = known < IV_BAND_ZONES_MIN || isnan(shares[i])
                       ? IV_BAND_NONE
                       : band_of_rank((double)better / known);
  }
}

IvBand iv_band_fixed(double share) {
  for (gsize i = 0; i < G_N_ELEMENTS(bands); i++)
    if (share >= bands[i].least - 1e-9)
      return bands[i].band;
  return IV_BAND_NONE; /* NAN */
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void iv_dead_zones_day(const double *visitors, guint n, gboolean *ret_dead) {
  if (n == 0)
    return;
  g_autofree double *sorted = g_memdup2(visitors, n * sizeof *visitors);
  qsort(sorted, n, sizeof *sorted, by_size);
  double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  for (guint i = 0; i < n; i++)
    ret_dead[i] = ret_dead[i] && visitors[i] < DEAD_SHARE * median;
}
