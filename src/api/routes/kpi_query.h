/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/routes/call.h"
#include "kpi/figure.h"
#include "store/kpi_compare.h"

/* The arguments that every route of figures takes: from, to (both or none: the store's today), step
 * (hour unless given). FALSE with the problem. */
gboolean iv_kpi_query_read(const IvCall *call, IvKpiQuery *ret_query, IvResponse **ret_problem);

/* Whether compare=week was asked for; FALSE with the problem when it is something else. */
gboolean iv_kpi_query_compare(const IvCall *call, gboolean *ret_compare, IvResponse **ret_problem);

/* One figure of an answer, for comparing. */
typedef struct {
  double value, coverage;
  IvFigure figure;
} IvFigureValue;
#define IV_COMPARED_MAX 24

/* {"footfall": 0.12, "capture_rate": null}: how each of `n` figures changed (kpi/change.h). Both
 * lists hold the same figures in the same order. */
json_t *iv_changes_to_json(const IvFigureValue *now, const IvFigureValue *before, guint n);

/* {"weeks", "until", "from", "to"}; the route adds its figures. */
json_t *iv_comparison_to_json(const IvKpiComparison *comparison);
