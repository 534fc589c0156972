/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "api/routes/handlers.h"
#include "api/routes/kpi_query.h"
#include "api/views.h"
#include "kpi/basket.h"
#include "store/kpi_sales.h"

#define MIN_SUPPORT_DEFAULT 0.005
#define RULES_DEFAULT 100

static json_t *text_or_null(const char *text) {
  return text[0] ? json_string(text) : json_null();
}

/* --- sales --- */

/* The figures of one period in the order of the document; the first N_OWN need no footfall. */
enum { N_OWN = 9, N_ALL = 12 };
static const IvFigure columns[N_ALL] = {
    IV_FIGURE_REVENUE,
    IV_FIGURE_TRANSACTIONS,
    IV_FIGURE_AVERAGE_VALUE,
    IV_FIGURE_UNITS_PER_TRANSACTION,
    IV_FIGURE_REFUNDS,
    IV_FIGURE_REFUNDED,
    IV_FIGURE_VOIDS,
    IV_FIGURE_NO_SALES,
    IV_FIGURE_LINK_RATE,
    IV_FIGURE_CONVERSION_RATE,
    IV_FIGURE_SALES_PER_VISITOR,
    IV_FIGURE_GROUP_CONVERSION,
};

static void list_values(const IvSalesFigures *f, double ret_values[N_ALL]) {
  const double values[N_ALL] = {
      f->revenue,
      f->transactions,
      f->average_value,
      f->units_per_transaction,
      f->refunds,
      f->refunded,
      f->voids,
      f->no_sales,
      f->link_rate,
      f->conversion_rate,
      f->sales_per_visitor,
      f->group_conversion,
  };
  for (int i = 0; i < N_ALL; i++)
    ret_values[i] = values[i];
}

static void set_values(json_t *json, const IvSalesFigures *figures, int n) {
  double values[N_ALL];
  list_values(figures, values);
  for (int i = 0; i < n; i++)
    json_object_set_new(json, iv_figure_info(columns[i])->id, iv_json_number(values[i]));
}

static json_t *totals_to_json(const IvSalesPeriod *total) {
  double values[N_ALL];
  json_t *json = json_object();
  list_values(&total->figures, values);
  for (int i = 0; i < N_ALL; i++) {
    IvFigureView view = iv_figure_view(
        columns[i], values[i], i < N_OWN ? (double)NAN : total->coverage, total->provisional);
    json_object_set_new(json, iv_figure_info(columns[i])->id, iv_figure_view_to_json(&view));
  }
  return json;
}

static json_t *bucket_to_json(const IvSalesPeriod *period) {
  json_t *json = json_pack("{so so so sb}", "start", iv_json_time(period->period.from), "end",
                           iv_json_time(period->period.to), "coverage",
                           iv_json_number(period->coverage), "provisional", period->provisional);
  set_values(json, &period->figures, N_ALL);
  return json;
}

static void set_sums(json_t *json, const IvSalesSums *sums) {
  IvSalesFigures figures = iv_sales_figures(sums, TRUE, (double)NAN, (double)NAN);
  set_values(json, &figures, N_OWN);
}

static json_t *terminal_to_json(const IvTerminalSales *row) {
  json_t *json = json_pack("{ss ss so}", "terminal_id", row->terminal, "name", row->name, "lane_id",
                           text_or_null(row->lane.text));
  set_sums(json, &row->sums);
  return json;
}

static json_t *lane_to_json(const IvLaneSales *row) {
  json_t *json = json_pack("{so}", "lane_id", text_or_null(row->lane.text));
  set_sums(json, &row->sums);
  return json;
}

static json_t *category_to_json(const IvCategorySales *row) {
  return json_pack("{so sI sI sI}", "category", text_or_null(row->category), "revenue_minor",
                   (json_int_t)(row->revenue - row->refunded), "refunds_minor",
                   (json_int_t)row->refunded, "items", (json_int_t)row->items);
}

#define LIST(array, Type, to_json)                                                                 \
  ({                                                                                               \
    json_t *list_ = json_array();                                                                  \
    for (guint i_ = 0; i_ < (array)->len; i_++)                                                    \
      json_array_append_new(list_, to_json(&g_array_index(array, Type, i_)));                      \
    list_;                                                                                         \
  })

static json_t *sales_to_json(const IvSalesAnswer *answer, IvStep step) {
  return json_pack("{so so ss ss so si so so so so so sI}", "from",
                   iv_json_time(answer->range.from), "to", iv_json_time(answer->range.to), "step",
                   iv_step_name(step), "time_zone", answer->time_zone, "currency",
                   text_or_null(answer->currency), "minor_digits",
                   iv_currency_digits(answer->currency), "totals", totals_to_json(&answer->total),
                   "buckets", LIST(answer->periods, IvSalesPeriod, bucket_to_json), "terminals",
                   LIST(answer->terminals, IvTerminalSales, terminal_to_json), "lanes",
                   LIST(answer->lanes, IvLaneSales, lane_to_json), "categories",
                   LIST(answer->categories, IvCategorySales, category_to_json), "unmapped_receipts",
                   (json_int_t)answer->unmapped);
}

static void compared_of(const IvSalesPeriod *total, IvFigureValue *ret_values) {
  double values[N_ALL];
  list_values(&total->figures, values);
  for (int i = 0; i < N_ALL; i++)
    ret_values[i] =
        (IvFigureValue){values[i], i < N_OWN ? (double)NAN : total->coverage, columns[i]};
}

/* null while nothing of the range has passed; NULL with an error. */
static json_t *compare_sales(const IvCall *call, const IvKpiQuery *query, GError **error) {
  IvKpiComparison ranges;
  g_auto(IvSalesAnswer) passed = {0}, before = {0};
  IvFigureValue values[2][IV_COMPARED_MAX];
  if (!iv_kpi_compare(call->api->store, query, &ranges, error))
    return NULL;
  if (ranges.weeks == 0)
    return json_null();
  ranges.passed.step = IV_STEP_WEEK; /* only its totals are told */
  if (!iv_kpis_sales(call->api->store, &ranges.passed, &passed, error) ||
      !iv_kpis_sales(call->api->store, &ranges.before, &before, error))
    return NULL;
  compared_of(&passed.total, values[0]);
  compared_of(&before.total, values[1]);
  json_t *json = iv_comparison_to_json(&ranges);
  json_object_set_new(json, "totals", totals_to_json(&before.total));
  json_object_set_new(json, "changes", iv_changes_to_json(values[0], values[1], N_ALL));
  json_object_set_new(json, "buckets", LIST(before.periods, IvSalesPeriod, bucket_to_json));
  return json;
}

IvResponse *iv_route_get_sales(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvKpiQuery query;
  gboolean compare;
  if (!iv_kpi_query_read(call, &query, &problem) || !iv_kpi_query_compare(call, &compare, &problem))
    return problem;
  g_auto(IvSalesAnswer) answer = {0};
  if (!iv_kpis_sales(call->api->store, &query, &answer, &error))
    return iv_call_failed(call, error);
  json_t *comparison = compare ? compare_sales(call, &query, &error) : NULL;
  if (compare && !comparison)
    return iv_call_failed(call, error);
  json_t *json = sales_to_json(&answer, query.step);
  if (compare)
    json_object_set_new(json, "comparison", comparison);
  return iv_response_json(200, json);
}

/* --- baskets --- */

static json_t *product_to_json(const IvBasketAnswer *answer, guint place) {
  const IvBasketProduct *product = &g_array_index(answer->products, IvBasketProduct, place);
  return json_pack("{ss so}", "sku", product->sku, "name", text_or_null(product->name));
}

static json_t *rule_to_json(const IvBasketAnswer *answer, const IvBasketRule *rule) {
  json_t *condition = json_array();
  for (guint i = 0; i < rule->n_if; i++)
    json_array_append_new(condition, product_to_json(answer, rule->if_items[i]));
  return json_pack("{so so si sf sf sf}", "if", condition, "then",
                   product_to_json(answer, rule->then_item), "baskets", (int)rule->count, "support",
                   rule->support, "confidence", rule->confidence, "lift", rule->lift);
}

static json_t *figure(const IvBasketAnswer *answer, IvFigure which, double value) {
  IvFigureView view = iv_figure_view(which, value, (double)NAN, answer->provisional);
  return iv_figure_view_to_json(&view);
}

static json_t *baskets_to_json(const IvBasketAnswer *answer) {
  json_t *rules = json_array();
  for (guint i = 0; i < answer->rules->len; i++)
    json_array_append_new(rules,
                          rule_to_json(answer, &g_array_index(answer->rules, IvBasketRule, i)));
  json_t *figures = json_pack("{so so so}", "support", iv_figure_meaning_to_json(IV_FIGURE_SUPPORT),
                              "confidence", iv_figure_meaning_to_json(IV_FIGURE_CONFIDENCE), "lift",
                              iv_figure_meaning_to_json(IV_FIGURE_LIFT));
  return json_pack(
      "{so so ss so si so sb so so so si so so}", "from", iv_json_time(answer->range.from), "to",
      iv_json_time(answer->range.to), "time_zone", answer->time_zone, "currency",
      text_or_null(answer->currency), "minor_digits", iv_currency_digits(answer->currency),
      "baskets", answer->known ? json_integer(answer->n_baskets) : json_null(), "cut", answer->cut,
      "items_per_basket", figure(answer, IV_FIGURE_ITEMS_PER_BASKET, answer->items_per_basket),
      "basket_value_minor", figure(answer, IV_FIGURE_BASKET_VALUE, answer->average_value),
      "figures", figures, "rules_found", (int)answer->n_rules, "rules", rules, "hint",
      answer->hint.n_if > 0 ? rule_to_json(answer, &answer->hint) : json_null());
}

static gboolean read_support(const IvCall *call, double *ret_support, IvResponse **ret_problem) {
  const char *text = iv_request_query(call->request, "min_support");
  char *end = NULL;
  *ret_support = text ? g_ascii_strtod(text, &end) : MIN_SUPPORT_DEFAULT;
  if (!text || (end != text && *end == '\0' && *ret_support > 0 && *ret_support <= 1))
    return TRUE;
  *ret_problem =
      iv_response_problem(IV_PROBLEM_BAD_REQUEST, "min_support must be a number above 0, up to 1.");
  return FALSE;
}

/* sku=a&sku=b */
static gboolean read_basket(const IvCall *call, GPtrArray *skus, IvResponse **ret_problem) {
  for (guint i = 0; i < call->request->query->len; i++) {
    const char *argument = call->request->query->pdata[i];
    if (g_str_has_prefix(argument, "sku="))
      g_ptr_array_add(skus, (gpointer)(argument + 4));
  }
  if (skus->len > IV_BASKET_HINT_MAX) {
    *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST, "At most %d products can be given.",
                                       IV_BASKET_HINT_MAX);
    return FALSE;
  }
  g_ptr_array_add(skus, NULL);
  return TRUE;
}

IvResponse *iv_route_get_baskets(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  gint64 limit = RULES_DEFAULT;
  IvBasketQuery query = {.limit = 0};
  g_autoptr(GPtrArray) skus = g_ptr_array_new();
  if (!iv_kpi_query_read(call, &query.range, &problem) ||
      !read_support(call, &query.min_support, &problem) || !read_basket(call, skus, &problem) ||
      !iv_call_query_int(call, "limit", 1, IV_BASKET_RULES_MAX, &limit, &problem))
    return problem;
  query.limit = (guint)limit;
  query.basket = (const char *const *)skus->pdata;
  g_auto(IvBasketAnswer) answer = {0};
  if (!iv_kpis_baskets(call->api->store, &query, &answer, &error))
    return iv_call_failed(call, error);
  return iv_response_json(200, baskets_to_json(&answer));
}
