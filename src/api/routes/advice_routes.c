/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "api/routes/handlers.h"
#include "api/routes/kpi_query.h"
#include "api/views.h"
#include "store/kpi_advice.h"
#include "store/kpi_sales.h"

/* --- recommendations --- */

static json_t *evidence_to_json(const IvAdvice *advice) {
  json_t *list = json_array();
  for (guint i = 0; i < advice->n_evidence; i++) {
    const IvAdviceEvidence *at = &advice->evidence[i];
    json_array_append_new(list, json_pack("{ss so ss}", "name", at->name, "value",
                                          iv_json_number(at->value), "unit", at->unit));
  }
  return list;
}

static json_t *advice_to_json(const IvAdvice *advice) {
  const IvAdviceInfo *info = iv_advice_info(advice->rule);
  json_t *subject = advice->subject.name[0] ? json_pack("{ss ss}", "id", advice->subject.id, "name",
                                                        advice->subject.name)
                                            : json_null();
  return json_pack("{ss ss ss so ss so so}", "rule", info->id, "screen", info->screen, "when",
                   info->when, "subject", subject, "text", advice->text, "at",
                   iv_json_time(advice->ts), "evidence", evidence_to_json(advice));
}

IvResponse *iv_route_list_recommendations(IvCall *call) {
  GError *error = NULL;
  IvKpiQuery query = {.store_id = iv_call_store(call),
                      .from = IV_TIME_NONE,
                      .to = IV_TIME_NONE,
                      .step = IV_STEP_HOUR,
                      .now = call->now,
                      .deadline = call->deadline};
  g_auto(IvAdviceAnswer) answer = {0};
  double target_s = (double)call->api->wait_target / (double)IV_SECOND;
  if (!iv_kpis_advice(call->api->store, &query, target_s, &answer, &error))
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < answer.advice->len; i++)
    json_array_append_new(list, advice_to_json(&g_array_index(answer.advice, IvAdvice, i)));
  return iv_response_json(200, json_pack("{so so ss so}", "from", iv_json_time(answer.range.from),
                                         "to", iv_json_time(answer.range.to), "time_zone",
                                         answer.time_zone, "recommendations", list));
}

/* --- funnel --- */

/* What cannot be known yet has no figure. `share` is of those who entered. */
static json_t *step_to_json(const char *id, int figure, double value, double entered,
                            const char *note) {
  double share = entered > 0 ? value / entered : (double)NAN;
  json_t *meaning = figure < 0 ? json_null() : iv_figure_meaning_to_json((IvFigure)figure);
  return json_pack("{ss so so sb ss so}", "step", id, "value", iv_json_number(value), "share",
                   iv_json_number(share), "same_people", strcmp(id, "entered") == 0, "note", note,
                   "figure", meaning);
}

static json_t *steps_to_json(const IvTraffic *t, const IvSalesFigures *sales) {
  double none = (double)NAN, entered = t->footfall;
  json_t *steps = json_array();
  json_array_append_new(steps, step_to_json("entered", iv_figure_footfall(t->known_share), entered,
                                            entered, "footfall"));
  json_array_append_new(steps, step_to_json("engaged", -1, none, entered,
                                            "n/a: people who were engaged in any zone are not "
                                            "told apart over zones yet"));
  json_array_append_new(
      steps, step_to_json("in_cart", -1, none, entered, "n/a: products are not seen yet"));
  json_array_append_new(steps, step_to_json("purchased", IV_FIGURE_TRANSACTIONS,
                                            sales->transactions, entered,
                                            "transactions; not the same people: a receipt is "
                                            "linked to a service, not to who entered"));
  return steps;
}

IvResponse *iv_route_get_funnel(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvKpiQuery query;
  if (!iv_kpi_query_read(call, &query, &problem))
    return problem;
  g_auto(IvTrafficAnswer) traffic = {0};
  g_auto(IvSalesAnswer) sales = {0};
  if (!iv_kpis_traffic(call->api->store, &query, &traffic, &error) ||
      !iv_kpis_sales(call->api->store, &query, &sales, &error))
    return iv_call_failed(call, error);
  const IvTraffic *t = &traffic.total;
  IvFigureView link = iv_figure_view(IV_FIGURE_LINK_RATE, sales.total.figures.link_rate,
                                     (double)NAN, sales.total.provisional);
  return iv_response_json(
      200,
      json_pack("{so so ss so so sb so}", "from", iv_json_time(traffic.range.from), "to",
                iv_json_time(traffic.range.to), "time_zone", traffic.time_zone, "steps",
                steps_to_json(t, &sales.total.figures), "coverage", iv_json_number(t->coverage),
                "provisional", t->provisional, "link_rate", iv_figure_view_to_json(&link)));
}
