/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/kpi_query.h"

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
                            .deadline = call->deadline};
  if (number < 0) {
    *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST, "step must be 5min, hour or day.");
    return FALSE;
  }
  ret_query->step = (IvStep)number;
  return iv_call_query_time(call, "from", &ret_query->from, ret_problem) &&
         iv_call_query_time(call, "to", &ret_query->to, ret_problem) &&
         check_range(ret_query, ret_problem);
}
