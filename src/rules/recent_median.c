/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recent_median.h"

/* Takes `value`'s place in the order for the next one. */
static void replace(float *sorted, guint n, float value, float by) {
  guint i = 0;
  while (i + 1 < n && sorted[i] != value)
    i++;
  for (; i > 0 && sorted[i - 1] > by; i--)
    sorted[i] = sorted[i - 1];
  for (; i + 1 < n && sorted[i + 1] < by; i++)
    sorted[i] = sorted[i + 1];
  sorted[i] = by;
}

void iv_recent_median_add(IvRecentMedian *recent, float value) {
  if (recent->n < IV_RECENT_MEDIAN_N) {
    guint i = recent->n++;
    for (; i > 0 && recent->sorted[i - 1] > value; i--)
      recent->sorted[i] = recent->sorted[i - 1];
    recent->sorted[i] = value;
  } else if (recent->ring[recent->next] != value) {
    replace(recent->sorted, recent->n, recent->ring[recent->next], value);
  }
  recent->ring[recent->next] = value;
  recent->next = (recent->next + 1) % IV_RECENT_MEDIAN_N;
}

float iv_recent_median(const IvRecentMedian *recent) {
  return recent->n > 0 ? recent->sorted[recent->n / 2] : 0;
}
