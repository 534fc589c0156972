/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/kpi_query.h"

#include <string.h>

#include "kpi/change.h"

static gboolean check_range(const IvKpiQuery *query, IvResponse **ret_problem) {
  if ((query->from == IV_TIME_NONE) != (query->to == IV_TIME_NONE))
    *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST,
                                       "Give both from and to, or none of them for today.");
  else if (query->from != IV_TIME_NONE && query->from >= query->to)
    *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST, "from must lie before to.");
  else if (query->from != IV_TIME_NONE && query->to - query->from > IV_KPI_RANGE_MAX)
    *ret_problem =
        iv_response_problem(IV_PROBLEM_BAD_REQUEST, "At most ten years can be asked for.");
  else
    return TRUE;
  return FALSE;
}

gboolean iv_kpi_query_read(const IvCall *call, IvKpiQuery *ret_query, IvResponse **ret_problem) {
  const char *step = iv_request_query(call->request, "step");
  int number = step ? iv_step_from_name(step) : IV_STEP_HOUR;
  *ret_query = (IvKpiQuery){.store_id = iv_call_store(call),
                            .from = IV_TIME_NONE,
                            .to = IV_TIME_NONE,
                            .step = IV_STEP_HOUR,
                            .now = call->now,
                            .deadline = call->deadline,
                            .fixed_bands = call->api->fixed_bands};
  if (number < 0) {
    *ret_problem =
        iv_response_problem(IV_PROBLEM_BAD_REQUEST, "step must be 5min, hour, day or week.");
    return FALSE;
  }
  ret_query->step = (IvStep)number;
  return iv_call_query_time(call, "from", &ret_query->from, ret_problem) &&
         iv_call_query_time(call, "to", &ret_query->to, ret_problem) &&
         check_range(ret_query, ret_problem);
}

gboolean iv_kpi_query_compare(const IvCall *call, gboolean *ret_compare, IvResponse **ret_problem) {
  const char *compare = iv_request_query(call->request, "compare");
  *ret_compare = compare != NULL;
  if (!compare || strcmp(compare, "week") == 0)
    return TRUE;
  *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST, "compare must be week.");
  return FALSE;
}

json_t *iv_changes_to_json(const IvFigureValue *now, const IvFigureValue *before, guint n) {
  json_t *changes = json_object();
  for (guint i = 0; i < n; i++) {
    double change = iv_change((IvMeasured){now[i].value, now[i].coverage},
                              (IvMeasured){before[i].value, before[i].coverage});
    json_object_set_new(changes, iv_figure_info(now[i].figure)->id, iv_json_number(change));
  }
  return changes;
}

json_t *iv_comparison_to_json(const IvKpiComparison *comparison) {
  return json_pack("{si so so so}", "weeks", (int)comparison->weeks, "until",
                   iv_json_time(comparison->passed.to), "from",
                   iv_json_time(comparison->before.from), "to",
                   iv_json_time(comparison->before.to));
}
