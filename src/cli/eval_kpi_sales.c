/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/eval_kpi_sales.h"

#include <math.h>
#include <string.h>

#include "cli/eval_kpi_rows.h"
#include "kpi/basket.h"
#include "store/kpi_sales.h"

#define CENTS 100 /* the truth speaks of whole currency units with two decimals */

static double cents(const json_t *truth, const char *key) {
  return round(iv_eval_number(truth, key) * CENTS);
}

static void compare_period(json_t *figures, const char *subject, const json_t *truth,
                           const IvSalesFigures *value) {
  const struct {
    const char *kpi;
    double truth, value;
  } rows[] = {
      {"transactions", iv_eval_number(truth, "transactions"), value->transactions},
      {"revenue", cents(truth, "revenue"), value->revenue},
      {"average_value", iv_eval_number(truth, "average_value") * CENTS, value->average_value},
      {"units_per_transaction", iv_eval_number(truth, "units_per_transaction"),
       value->units_per_transaction},
      {"refunds", iv_eval_number(truth, "refunds"), value->refunds},
      {"refunded", cents(truth, "refunded"), value->refunded},
      {"voids", iv_eval_number(truth, "voids"), value->voids},
      {"no_sales", iv_eval_number(truth, "no_sales"), value->no_sales},
      {"conversion_rate", iv_eval_number(truth, "conversion_rate"), value->conversion_rate},
      {"sales_per_visitor", iv_eval_number(truth, "sales_per_visitor") * CENTS,
       value->sales_per_visitor},
      {"link_rate", iv_eval_number(truth, "link_rate"), value->link_rate},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    iv_eval_add_share(figures, rows[i].kpi, subject, rows[i].truth, rows[i].value);
}

static gboolean compare_days(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                             json_t *figures, GError **error) {
  IvKpiQuery by_day = *query;
  g_auto(IvSalesAnswer) answer = {0};
  by_day.step = IV_STEP_DAY;
  if (!iv_kpis_sales(store, &by_day, &answer, error))
    return FALSE;
  const json_t *days = json_object_get(truth, "days");
  compare_period(figures, "store", json_object_get(truth, "total"), &answer.total.figures);
  for (guint i = 0; i < answer.periods->len && i < json_array_size(days); i++) {
    char name[24];
    g_snprintf(name, sizeof name, "day %u", i + 1);
    compare_period(figures, name, json_array_get(days, i),
                   &g_array_index(answer.periods, IvSalesPeriod, i).figures);
  }
  return TRUE;
}

static double or_none(double value) {
  return isnan(value) ? 0 : value;
}

static gboolean compare_hours(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                              json_t *figures, GError **error) {
  IvKpiQuery by_hour = *query;
  g_auto(IvSalesAnswer) answer = {0};
  by_hour.step = IV_STEP_HOUR;
  if (!iv_kpis_sales(store, &by_hour, &answer, error))
    return FALSE;
  const json_t *hours = json_object_get(truth, "hours");
  double wrong = 0, all = cents(json_object_get(truth, "total"), "revenue");
  double wrong_sales = 0, sales = iv_eval_number(json_object_get(truth, "total"), "transactions");
  for (guint i = 0; i < answer.periods->len && i < json_array_size(hours); i++) {
    const IvSalesFigures *hour = &g_array_index(answer.periods, IvSalesPeriod, i).figures;
    const json_t *true_hour = json_array_get(hours, i);
    wrong += fabs(or_none(hour->revenue) - cents(true_hour, "revenue"));
    wrong_sales += fabs(or_none(hour->transactions) - iv_eval_number(true_hour, "transactions"));
  }
  iv_eval_add(figures, "transactions_by_hour", "store", sales, sales - wrong_sales,
              sales > 0 ? wrong_sales / sales : wrong_sales);
  iv_eval_add(figures, "revenue_by_hour", "store", all, all - wrong, all > 0 ? wrong / all : wrong);
  return TRUE;
}

/* ---- pairs ---- */

static const char *sku_of(const IvBasketAnswer *answer, guint32 place) {
  return g_array_index(answer->products, IvBasketProduct, place).sku;
}

static const IvBasketRule *find_rule(const IvBasketAnswer *answer, const json_t *skus) {
  const char *a = json_string_value(json_array_get(skus, 0));
  const char *b = json_string_value(json_array_get(skus, 1));
  for (guint i = 0; i < answer->rules->len; i++) {
    const IvBasketRule *rule = &g_array_index(answer->rules, IvBasketRule, i);
    if (rule->n_if == 1 && strcmp(sku_of(answer, rule->if_items[0]), a) == 0 &&
        strcmp(sku_of(answer, rule->then_item), b) == 0)
      return rule;
  }
  return NULL;
}

typedef struct {
  double truth, value, error;
} Worst;

static void note_worst(Worst *worst, double truth, double value) {
  double error = fabs(value - truth) / truth;
  if (error >= worst->error)
    *worst = (Worst){truth, value, error};
}

static double least_support(const json_t *pairs) {
  const json_t *last = json_array_get(pairs, json_array_size(pairs) - 1);
  return iv_eval_number(last, "support") * 0.999;
}

/* An answer has the rules of the highest lift; where there are more, of the others nothing is told.
 */
static gboolean is_told(const IvBasketAnswer *answer, const json_t *pair) {
  guint n = answer->rules->len;
  return answer->n_rules <= n ||
         iv_eval_number(pair, "lift") > g_array_index(answer->rules, IvBasketRule, n - 1).lift;
}

static void compare_pairs(json_t *figures, const json_t *pairs, const IvBasketAnswer *answer) {
  Worst support = {0}, confidence = {0}, lift = {0};
  double found = 0, told = 0;
  gsize i;
  const json_t *pair;
  json_array_foreach(pairs, i, pair) {
    if (!is_told(answer, pair))
      continue;
    told++;
    const IvBasketRule *rule = find_rule(answer, json_object_get(pair, "skus"));
    if (!rule || (double)rule->count != iv_eval_number(pair, "count"))
      continue;
    found++;
    note_worst(&support, iv_eval_number(pair, "support"), rule->support);
    note_worst(&confidence, iv_eval_number(pair, "confidence"), rule->confidence);
    note_worst(&lift, iv_eval_number(pair, "lift"), rule->lift);
  }
  iv_eval_add_share(figures, "basket_pairs", "store", told, found);
  iv_eval_add(figures, "basket_support", "store", support.truth, support.value, support.error);
  iv_eval_add(figures, "basket_confidence", "store", confidence.truth, confidence.value,
              confidence.error);
  iv_eval_add(figures, "basket_lift", "store", lift.truth, lift.value, lift.error);
}

static gboolean compare_baskets(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                                json_t *figures, GError **error) {
  const json_t *pairs = json_object_get(truth, "pairs");
  if (json_array_size(pairs) == 0)
    return TRUE;
  IvBasketQuery baskets = {
      .range = *query, .min_support = least_support(pairs), .limit = IV_BASKET_RULES_MAX};
  g_auto(IvBasketAnswer) answer = {0};
  if (!iv_kpis_baskets(store, &baskets, &answer, error))
    return FALSE;
  iv_eval_add_share(figures, "baskets", "store", iv_eval_number(truth, "baskets"),
                    answer.n_baskets);
  iv_eval_add_share(figures, "items_per_basket", "store", iv_eval_number(truth, "items_per_basket"),
                    answer.items_per_basket);
  iv_eval_add_share(figures, "basket_value", "store", iv_eval_number(truth, "basket_value") * CENTS,
                    answer.average_value);
  compare_pairs(figures, pairs, &answer);
  return TRUE;
}

gboolean iv_eval_kpi_sales(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                           json_t *figures, GError **error) {
  return compare_days(store, query, truth, figures, error) &&
         compare_hours(store, query, truth, figures, error) &&
         compare_baskets(store, query, truth, figures, error);
}
