/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* How many lanes keep the wait short: the classical formulas of queueing theory. They assume
 * arrivals by chance and service times of exponential length, which real shops meet roughly; the
 * simulator tells how roughly (docs/benchmarks.md). Pure. */

#define IV_LANES_MAX 200

typedef struct {
  double arrivals_per_hour; /* >= 0 */
  double service_s;         /* mean time at the till, > 0 */
  double target_s;          /* a wait up to this is good, >= 0 */
} IvQueueLoad;

/* Erlang C: one line for `lanes` tills (Kleinrock, Queueing Systems I, 1975, section 3.5). Chance
 * that somebody has to wait at all, 0..1; 1 when the tills cannot keep up. */
double iv_erlang_c(double offered_erlangs, guint lanes);

/* Chance of waiting no longer than the target, 0..1; 0 when the tills cannot keep up. One line for
 * all (M/M/c), or a line for each lane with the customers spread evenly (M/M/1 each). */
double iv_service_level_pooled(const IvQueueLoad *load, guint lanes);
double iv_service_level_separate(const IvQueueLoad *load, guint lanes);

/* Mean wait in seconds; INFINITY when the tills cannot keep up. */
double iv_mean_wait_pooled(const IvQueueLoad *load, guint lanes);
double iv_mean_wait_separate(const IvQueueLoad *load, guint lanes);

/* Least number of lanes whose service level is at least `level` (0..1, under 1); 0 when nobody
 * comes, IV_LANES_MAX + 1 when not even IV_LANES_MAX do. */
guint iv_lanes_needed(const IvQueueLoad *load, double level, gboolean pooled);
