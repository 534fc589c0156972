/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/kpis.h"

/* The questions behind the figures that the API serves, as `inveye bench query` asks them: one row
 * for whatever a route asks of the store, over weeks and over less. */

typedef struct {
  const char *name;
  IvStep step;
  int days; /* until the newest event */
  gboolean (*ask)(IvStore *store, const IvKpiQuery *query, GError **error);
} IvBenchQuestion;

extern const IvBenchQuestion iv_bench_questions[]; /* a NULL name ends it */
