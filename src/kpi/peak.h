/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/calendar.h"

/* Most stays that overlap at one instant, per bucket. `stays` (n of them; an end equal to another's
 * start doesn't overlap it; one of no length counts at its instant) is sorted in place.
 * `ret_peaks[i]` is for the bucket that begins at `first` + i × IV_BUCKET_SPAN. O(n log n + n ×
 * buckets touched). */
void iv_peak_occupancy(IvPeriod *stays, guint n, IvTime first, guint n_buckets, guint *ret_peaks);

/* Peak hours: those whose value is above the 90th percentile (nearest rank) of all known ones. NAN
 * = not known. Sets ret_is_peak[i]; FALSE (and nothing set) with fewer than 10 known hours. */
#define IV_PEAK_HOURS_MIN 10
gboolean iv_peak_hours(const double *values, guint n, gboolean *ret_is_peak);
