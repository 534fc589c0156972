/* SPDX-License-Identifier: Apache-2.0 */
#include "figures_dump.h"

#include "kpi/basket.h"
#include "store/kpi_advice.h"
#include "store/kpi_compare.h"
#include "store/kpi_forecast.h"
#include "store/kpi_heat.h"
#include "store/kpi_sales.h"
#include "store/kpi_staffing.h"

static void put(GString *text, const char *name, double value) {
  g_string_append_printf(text, " %s=%.17g", name, value);
}
#define PUT(text, from, field) put(text, #field, (double)(from)->field)

static void put_period(GString *text, const char *what, IvPeriod period) {
  g_string_append_printf(text, "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ":", what, period.from,
                         period.to);
}

/* What is beyond a limit is beyond it either way. */
static gboolean went_well(GString *text, const char *what, gboolean ok, GError **error) {
  if (!ok)
    g_string_append_printf(text, "%s: %s\n", what, (*error)->message);
  g_clear_error(error);
  return ok;
}

/* ---- traffic ---- */

static void put_traffic(GString *text, const char *what, const IvTraffic *t) {
  put_period(text, what, t->period);
  PUT(text, t, footfall);
  PUT(text, t, in);
  PUT(text, t, out);
  PUT(text, t, turn_backs);
  PUT(text, t, known_share);
  PUT(text, t, visits.visitors);
  PUT(text, t, visits.begun);
  PUT(text, t, visits.mean_s);
  PUT(text, t, visits.median_s);
  PUT(text, t, visits.p90_s);
  PUT(text, t, visits.bounce_rate);
  PUT(text, t, visits.open);
  PUT(text, t, visits.provisional);
  PUT(text, t, groups.groups);
  PUT(text, t, groups.mean_size);
  for (guint i = 0; i < IV_GROUP_SIZES; i++)
    put(text, "groups.by_size", t->groups.by_size[i]);
  PUT(text, t, pass_bys);
  PUT(text, t, capture_rate);
  PUT(text, t, coverage);
  PUT(text, t, provisional);
  g_string_append_c(text, '\n');
}

static void put_lines(GString *text, const GArray *lines) {
  for (guint i = 0; i < lines->len; i++) {
    const IvLineTraffic *line = &g_array_index(lines, IvLineTraffic, i);
    g_string_append_printf(text, "line %s %s %s %d", line->line_id.text, line->camera_id.text,
                           line->name, line->kind);
    PUT(text, line, in);
    PUT(text, line, out);
    PUT(text, line, turn_backs);
    PUT(text, line, pass_bys);
    PUT(text, line, coverage);
    g_string_append_c(text, '\n');
  }
}

static void dump_traffic(GString *text, IvStore *store, const IvKpiQuery *query) {
  GError *error = NULL;
  g_auto(IvTrafficAnswer) a = {0};
  if (!went_well(text, "traffic", iv_kpis_traffic(store, query, &a, &error), &error))
    return;
  put_traffic(text, "traffic", &a.total);
  for (guint i = 0; i < a.periods->len; i++)
    put_traffic(text, "traffic of", &g_array_index(a.periods, IvTraffic, i));
  for (guint i = 0; a.peak_hours && i < a.peak_hours->len; i++)
    put_period(text, "peak", g_array_index(a.peak_hours, IvPeriod, i));
  put_lines(text, a.lines);
}

/* ---- zones ---- */

static void put_zones(GString *text, const char *what, const IvZoneAnswer *a, gboolean bands) {
  put_period(text, what, a->range);
  g_string_append_c(text, '\n');
  for (guint i = 0; i < a->zones->len; i++) {
    const IvZoneFigures *z = &g_array_index(a->zones, IvZoneFigures, i);
    g_string_append_printf(text, "zone %s %s %d", z->zone_id.text, z->name, z->kind);
    for (guint c = 0; c < z->n_cameras; c++)
      g_string_append_printf(text, " %s", z->cameras[c].text);
    PUT(text, z, visitors);
    PUT(text, z, engaged_share);
    PUT(text, z, visits);
    PUT(text, z, known_share);
    PUT(text, z, draw_rate);
    PUT(text, z, dwell_mean_s);
    PUT(text, z, dwell_median_s);
    PUT(text, z, dwell_p90_s);
    PUT(text, z, peak_occupancy);
    PUT(text, z, over_capacity_s);
    PUT(text, z, open_visits);
    PUT(text, z, coverage);
    PUT(text, z, provisional);
    if (bands)
      g_string_append_printf(text, " band=%d dead=%d", z->band, z->dead);
    g_string_append_c(text, '\n');
  }
}

static void dump_zones(GString *text, IvStore *store, const IvKpiQuery *query) {
  GError *error = NULL;
  g_auto(IvZoneAnswer) a = {0};
  if (went_well(text, "zones", iv_kpis_zones(store, query, &a, &error), &error))
    put_zones(text, "zones", &a, TRUE);
  error = NULL;
  g_autoptr(GPtrArray) periods = iv_kpis_zone_periods(store, query, &error);
  if (!went_well(text, "zones by period", periods != NULL, &error))
    return;
  for (guint i = 0; i < periods->len; i++)
    put_zones(text, "zones of", periods->pdata[i], FALSE);
}

/* ---- queues ---- */

static void put_queue(GString *text, const char *what, IvPeriod period, const IvQueueFigures *q) {
  put_period(text, what, period);
  PUT(text, q, joined);
  PUT(text, q, abandoned);
  PUT(text, q, abandonment_rate);
  PUT(text, q, service_level);
  PUT(text, q, wait_mean_s);
  PUT(text, q, wait_median_s);
  PUT(text, q, wait_p90_s);
  PUT(text, q, length_mean);
  PUT(text, q, length_max);
  PUT(text, q, served);
  PUT(text, q, service_mean_s);
  PUT(text, q, service_median_s);
  PUT(text, q, service_p90_s);
  PUT(text, q, open_hours);
  PUT(text, q, served_per_open_hour);
  PUT(text, q, lanes_open);
  PUT(text, q, linked_share);
  PUT(text, q, open_waits);
  PUT(text, q, coverage);
  PUT(text, q, provisional);
  g_string_append_c(text, '\n');
}

static void dump_queues(GString *text, IvStore *store, const IvKpiQuery *query) {
  GError *error = NULL;
  g_auto(IvQueueAnswer) a = {0};
  if (!went_well(text, "queues", iv_kpis_queues(store, query, &a, &error), &error))
    return;
  put_queue(text, "queues", a.range, &a.total);
  for (guint i = 0; i < a.rows->len; i++) {
    const IvQueueRow *row = &g_array_index(a.rows, IvQueueRow, i);
    g_string_append_printf(text, "lane %s %s %s %d %d", row->lane_id.text, row->group_id.text,
                           row->name, row->is_group, row->self_checkout);
    for (guint c = 0; c < row->n_cameras; c++)
      g_string_append_printf(text, " %s", row->cameras[c].text);
    put_queue(text, "", a.range, &row->total);
    for (guint k = 0; k < row->periods->len; k++) {
      const IvQueuePeriod *period = &g_array_index(row->periods, IvQueuePeriod, k);
      put_queue(text, "lane of", period->period, &period->figures);
    }
  }
}

/* ---- sales ---- */

static void put_sums(GString *text, const IvSalesSums *sums) {
  for (int i = 0; i < IV_SALES_MEASURES; i++)
    g_string_append_printf(text, " %" G_GINT64_FORMAT, sums->amounts[i]);
  g_string_append_printf(text, " %" G_GINT64_FORMAT "\n", sums->mapped);
}

static void put_sales(GString *text, const char *what, const IvSalesPeriod *s) {
  put_period(text, what, s->period);
  PUT(text, s, figures.transactions);
  PUT(text, s, figures.revenue);
  PUT(text, s, figures.average_value);
  PUT(text, s, figures.units_per_transaction);
  PUT(text, s, figures.refunds);
  PUT(text, s, figures.refunded);
  PUT(text, s, figures.voids);
  PUT(text, s, figures.no_sales);
  PUT(text, s, figures.conversion_rate);
  PUT(text, s, figures.sales_per_visitor);
  PUT(text, s, figures.link_rate);
  PUT(text, s, coverage);
  PUT(text, s, provisional);
  g_string_append_c(text, '\n');
}

static void dump_sales(GString *text, IvStore *store, const IvKpiQuery *query) {
  GError *error = NULL;
  g_auto(IvSalesAnswer) a = {0};
  if (!went_well(text, "sales", iv_kpis_sales(store, query, &a, &error), &error))
    return;
  put_sales(text, "sales", &a.total);
  for (guint i = 0; i < a.periods->len; i++)
    put_sales(text, "sales of", &g_array_index(a.periods, IvSalesPeriod, i));
  for (guint i = 0; i < a.terminals->len; i++) {
    const IvTerminalSales *row = &g_array_index(a.terminals, IvTerminalSales, i);
    g_string_append_printf(text, "terminal %s %s %s", row->terminal, row->name, row->lane.text);
    put_sums(text, &row->sums);
  }
  for (guint i = 0; i < a.lanes->len; i++) {
    const IvLaneSales *row = &g_array_index(a.lanes, IvLaneSales, i);
    g_string_append_printf(text, "till %s", row->lane.text);
    put_sums(text, &row->sums);
  }
  for (guint i = 0; i < a.categories->len; i++) {
    const IvCategorySales *row = &g_array_index(a.categories, IvCategorySales, i);
    g_string_append_printf(text, "category %s", row->category);
    PUT(text, row, items);
    PUT(text, row, revenue);
    PUT(text, row, refunded);
    g_string_append_c(text, '\n');
  }
  g_string_append_printf(text, "%s unmapped %" G_GINT64_FORMAT "\n", a.currency, a.unmapped);
}

static const char *sku_of(const IvBasketAnswer *a, guint32 item) {
  return g_array_index(a->products, IvBasketProduct, item).sku;
}

static void dump_baskets(GString *text, IvStore *store, const IvKpiQuery *query, double support) {
  GError *error = NULL;
  g_auto(IvBasketAnswer) a = {0};
  const char *const basket[] = {"milk", "bread", NULL};
  IvBasketQuery wish = {
      .range = *query, .min_support = support, .limit = IV_BASKET_RULES_MAX, .basket = basket};
  if (!went_well(text, "baskets", iv_kpis_baskets(store, &wish, &a, &error), &error))
    return;
  put_period(text, "baskets", a.range);
  PUT(text, &a, n_baskets);
  PUT(text, &a, known);
  PUT(text, &a, cut);
  PUT(text, &a, provisional);
  PUT(text, &a, items_per_basket);
  PUT(text, &a, average_value);
  PUT(text, &a, n_rules);
  g_string_append_printf(text, " hint=%s\n", a.hint.n_if == 0 ? "-" : sku_of(&a, a.hint.then_item));
  for (guint i = 0; i < a.rules->len; i++) {
    const IvBasketRule *rule = &g_array_index(a.rules, IvBasketRule, i);
    for (guint k = 0; k < rule->n_if; k++)
      g_string_append_printf(text, "%s + ", sku_of(&a, rule->if_items[k]));
    g_string_append_printf(text, "-> %s", sku_of(&a, rule->then_item));
    PUT(text, rule, count);
    PUT(text, rule, support);
    PUT(text, rule, confidence);
    PUT(text, rule, lift);
    g_string_append_c(text, '\n');
  }
  for (guint i = 0; i < a.products->len; i++)
    g_string_append_printf(text, "%s; ", g_array_index(a.products, IvBasketProduct, i).name);
  g_string_append_c(text, '\n');
}

/* ---- heat ---- */

static void put_heat(GString *text, const IvHeatPeriod *period, guint n_cells) {
  put_period(text, "heat of", period->period);
  PUT(text, period, hour);
  PUT(text, period, known);
  PUT(text, period, tenths);
  PUT(text, period, coverage);
  PUT(text, period, provisional);
  for (guint i = 0; i < n_cells; i++)
    if (period->cells[i])
      g_string_append_printf(text, " %u:%" G_GINT64_FORMAT, i, period->cells[i]);
  g_string_append_c(text, '\n');
}

static void dump_heat(GString *text, IvStore *store, const IvKpiQuery *query, const char *camera,
                      IvHeatStep step) {
  GError *error = NULL;
  g_auto(IvHeatAnswer) a = {0};
  IvHeatQuery wish = {.store_id = query->store_id,
                      .camera_id = camera,
                      .from = query->from,
                      .to = query->to,
                      .step = step,
                      .now = query->now,
                      .deadline = IV_TIME_NONE};
  if (!went_well(text, "heat", iv_kpis_heat(store, &wish, &a, &error), &error))
    return;
  guint n_cells = a.grid.columns * a.grid.rows;
  g_string_append_printf(text, "heat %s %s %ux%u %u", camera, iv_heat_step_name(step),
                         a.grid.columns, a.grid.rows, a.grid.cell_mm);
  PUT(text, &a, other_tenths);
  put_heat(text, &a.total, n_cells);
  for (guint i = 0; i < a.periods->len; i++)
    put_heat(text, &g_array_index(a.periods, IvHeatPeriod, i), n_cells);
}

/* ---- what is to come ---- */

static void put_forecast(GString *text, IvPeriod period, const IvForecast *f) {
  put_period(text, "hour", period);
  PUT(text, f, mean);
  PUT(text, f, low);
  PUT(text, f, high);
}

static void dump_forecast(GString *text, IvStore *store, const IvKpiQuery *query) {
  GError *error = NULL;
  g_auto(IvForecastAnswer) a = {0};
  if (!went_well(text, "forecast", iv_kpis_forecast(store, query, 7, &a, &error), &error))
    return;
  put_period(text, "forecast", a.range);
  PUT(text, &a, known_hours);
  for (guint i = 0; i < a.hours->len; i++) {
    const IvForecastHour *hour = &g_array_index(a.hours, IvForecastHour, i);
    put_forecast(text, hour->period, &hour->footfall);
  }
  g_string_append_c(text, '\n');
}

static void dump_staffing(GString *text, IvStore *store, const IvKpiQuery *query) {
  GError *error = NULL;
  g_auto(IvStaffingAnswer) a = {0};
  const IvStaffingWish wish = {7, 300, 0.8};
  if (!went_well(text, "staffing", iv_kpis_staffing(store, query, &wish, &a, &error), &error))
    return;
  for (guint i = 0; i < a.pools->len; i++) {
    const IvStaffingPool *pool = &g_array_index(a.pools, IvStaffingPool, i);
    g_string_append_printf(text, "pool %s", pool->group_id.text);
    PUT(text, pool, lanes_total);
    PUT(text, pool, served);
    PUT(text, pool, service_s);
    PUT(text, pool, known_hours);
    g_string_append_c(text, '\n');
    for (guint k = 0; k < pool->hours->len; k++) {
      const IvStaffingHour *hour = &g_array_index(pool->hours, IvStaffingHour, k);
      put_forecast(text, hour->period, &hour->arrivals);
      PUT(text, hour, lanes);
      PUT(text, hour, lanes_high);
      PUT(text, hour, lanes_even_split);
      PUT(text, hour, service_level);
      PUT(text, hour, wait_mean_s);
      g_string_append_c(text, '\n');
    }
  }
}

static void dump_advice(GString *text, IvStore *store, const IvKpiQuery *query) {
  GError *error = NULL;
  g_auto(IvAdviceAnswer) a = {0};
  if (!went_well(text, "advice", iv_kpis_advice(store, query, 300, &a, &error), &error))
    return;
  put_period(text, "advice", a.range);
  put_period(text, " before", a.before);
  for (guint i = 0; i < a.advice->len; i++) {
    const IvAdvice *advice = &g_array_index(a.advice, IvAdvice, i);
    g_string_append_printf(text, "\nadvice %d %s %s", advice->rule, advice->subject.id,
                           advice->text);
    for (guint k = 0; k < advice->n_evidence; k++)
      put(text, advice->evidence[k].name, advice->evidence[k].value);
  }
  g_string_append_c(text, '\n');
}

static void dump_today(GString *text, IvStore *store, const IvKpiQuery *query) {
  GError *error = NULL;
  g_auto(IvDayToDate) day = {0};
  if (!went_well(
          text, "today",
          iv_kpis_day_to_date(store, query->store_id, query->now, IV_TIME_NONE, &day, &error),
          &error))
    return;
  put_traffic(text, "today", &day.today);
  put_lines(text, day.lines);
}

/* ---- all ---- */

static void dump_compared(GString *text, IvStore *store, const IvKpiQuery *query) {
  GError *error = NULL;
  IvKpiComparison ranges;
  if (!went_well(text, "compared", iv_kpi_compare(store, query, &ranges, &error), &error) ||
      ranges.weeks == 0)
    return;
  g_string_append_printf(text, "compared with %u weeks before\n", ranges.weeks);
  const IvKpiQuery *both[] = {&ranges.passed, &ranges.before};
  for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
    dump_traffic(text, store, both[i]);
    dump_queues(text, store, both[i]);
    dump_sales(text, store, both[i]);
    dump_zones(text, store, both[i]);
  }
}

char *dump_figures(IvStore *store, const char *store_id, const char *const *cameras, IvTime from,
                   IvTime to, IvTime now) {
  GString *text = g_string_new(NULL);
  IvKpiQuery query = {
      .store_id = store_id, .from = from, .to = to, .now = now, .deadline = IV_TIME_NONE};
  for (int step = 0; step < IV_STEPS; step++) {
    query.step = (IvStep)step;
    g_string_append_printf(text, "---- by %s\n", iv_step_name(query.step));
    dump_traffic(text, store, &query);
    dump_queues(text, store, &query);
    dump_sales(text, store, &query);
    dump_zones(text, store, &query);
    if (step >= IV_STEP_HOUR)
      dump_compared(text, store, &query);
  }
  dump_baskets(text, store, &query, 0.005);
  dump_baskets(text, store, &query, 0.05);
  for (const char *const *camera = cameras; *camera; camera++)
    for (int step = 0; step < IV_HEAT_STEPS; step++)
      dump_heat(text, store, &query, *camera, (IvHeatStep)step);
  dump_forecast(text, store, &query);
  dump_staffing(text, store, &query);
  dump_advice(text, store, &query);
  dump_today(text, store, &query);
  return g_string_free(text, FALSE);
}
