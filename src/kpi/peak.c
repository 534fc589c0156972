/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/peak.h"

#include <math.h>
#include <stdlib.h>

#include "kpi/bucket.h"

static int by_time(const void *a, const void *b) {
  IvTime x = *(const IvTime *)a, y = *(const IvTime *)b;
  return x < y ? -1 : x > y;
}

static int by_start(const void *a, const void *b) {
  return by_time(&((const IvPeriod *)a)->from, &((const IvPeriod *)b)->from);
}

/* Notes that `inside` people are there during [from, to]. */
static void note(guint inside, IvPeriod during, IvTime first, guint n_buckets, guint *peaks) {
  IvTime last = first + (IvTime)n_buckets * IV_BUCKET_SPAN - 1;
  if (during.to < first || during.from > last)
    return;
  guint i = (guint)((MAX(during.from, first) - first) / IV_BUCKET_SPAN);
  guint end = (guint)((MIN(during.to, last) - first) / IV_BUCKET_SPAN);
  for (; i <= end; i++)
    peaks[i] = MAX(peaks[i], inside);
}

/* Walks through starts and ends in order of time. People who leave at an instant are gone before
 * those who come at it; a stay without length leaves a moment after it came. */
void iv_peak_occupancy(IvPeriod *stays, guint n, IvTime first, guint n_buckets, guint *ret_peaks) {
  for (guint i = 0; i < n_buckets; i++)
    ret_peaks[i] = 0;
  if (n == 0)
    return;
  g_autofree IvTime *ends = g_new(IvTime, n);
  qsort(stays, n, sizeof *stays, by_start);
  for (guint i = 0; i < n; i++)
    ends[i] = MAX(stays[i].to, stays[i].from + 1);
  qsort(ends, n, sizeof *ends, by_time);
  guint come = 0, gone = 0;
  while (gone < n) {
    IvTime now = come < n ? MIN(stays[come].from, ends[gone]) : ends[gone];
    while (gone < n && ends[gone] == now)
      gone++;
    while (come < n && stays[come].from == now)
      come++;
    if (come == gone)
      continue;
    IvTime next = come < n ? MIN(stays[come].from, ends[gone]) : ends[gone];
    note(come - gone, (IvPeriod){now, next - 1}, first, n_buckets, ret_peaks);
  }
}

gboolean iv_peak_hours(const double *values, guint n, gboolean *ret_is_peak) {
  g_autofree double *known = g_new(double, n + 1);
  guint n_known = 0;
  for (guint i = 0; i < n; i++) {
    if (isnan(values[i]))
      continue;
    guint k = n_known++;
    for (; k > 0 && known[k - 1] > values[i]; k--)
      known[k] = known[k - 1];
    known[k] = values[i];
  }
  if (n_known < IV_PEAK_HOURS_MIN)
    return FALSE;
  double limit = known[(n_known * 9 + 9) / 10 - 1];
  for (guint i = 0; i < n; i++)
    ret_is_peak[i] = !isnan(values[i]) && values[i] > limit;
  return TRUE;
}
