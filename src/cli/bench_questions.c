/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/bench_questions.h"

#include "store/kpi_advice.h"
#include "store/kpi_compare.h"
#include "store/kpi_forecast.h"
#include "store/kpi_heat.h"
#include "store/kpi_journeys.h"
#include "store/kpi_sales.h"
#include "store/kpi_scope.h"
#include "store/kpi_staffing.h"

#define BASKET_SUPPORT 0.005 /* of the route, where none is asked for */
#define AHEAD_DAYS 7

/* ---- one answer each ---- */

static gboolean ask_traffic(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvTrafficAnswer) answer = {0};
  return iv_kpis_traffic(store, query, &answer, error);
}

static gboolean ask_zones(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvZoneAnswer) answer = {0};
  return iv_kpis_zones(store, query, &answer, error);
}

static gboolean ask_zone_periods(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_autoptr(GPtrArray) answers = iv_kpis_zone_periods(store, query, error);
  return answers != NULL;
}

static gboolean ask_queues(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvQueueAnswer) answer = {0};
  return iv_kpis_queues(store, query, &answer, error);
}

static gboolean ask_sales(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvSalesAnswer) answer = {0};
  return iv_kpis_sales(store, query, &answer, error);
}

static gboolean ask_baskets(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvBasketAnswer) answer = {0};
  IvBasketQuery baskets = {.range = *query, .min_support = BASKET_SUPPORT, .limit = 50};
  return iv_kpis_baskets(store, &baskets, &answer, error);
}

static gboolean ask_funnel(IvStore *store, const IvKpiQuery *query, GError **error) {
  return ask_traffic(store, query, error) && ask_sales(store, query, error);
}

static gboolean ask_journeys(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvJourneyAnswer) answer = {0};
  return iv_kpis_journeys(store, query, &answer, error);
}

/* Of every camera, period by period: what each figure asks of those it needs. */
static gboolean ask_coverage(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
  g_auto(IvKpiScope) scope = {0};
  g_autoptr(GArray) nos = g_array_new(FALSE, FALSE, sizeof(gint64));
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, query, error))
    return FALSE;
  for (guint i = 0; i < scope.cameras->len; i++)
    g_array_append_val(nos, g_array_index(scope.cameras, IvScopeCamera, i).no);
  g_autoptr(GArray) periods =
      iv_calendar_cut(scope.zone, scope.range, query->step, IV_KPI_PERIODS_MAX);
  if (!periods || !iv_kpi_scope_watch(&scope, nos, error))
    return FALSE;
  for (guint i = 0; i < periods->len; i++)
    iv_kpi_scope_coverage(&scope, g_array_index(periods, IvPeriod, i), nos, NULL);
  return TRUE;
}

/* ---- heat maps ---- */

static gboolean ask_heat(IvStore *store, const IvKpiQuery *query, const char *camera,
                         IvHeatStep step, GError **error) {
  g_auto(IvHeatAnswer) answer = {0};
  IvHeatQuery heat = {.store_id = query->store_id,
                      .camera_id = camera,
                      .from = query->from,
                      .to = query->to,
                      .step = step,
                      .now = query->now,
                      .deadline = query->deadline};
  return iv_kpis_heat(store, &heat, &answer, error);
}

static gboolean ask_plan_total(IvStore *store, const IvKpiQuery *query, GError **error) {
  return ask_heat(store, query, IV_FLOOR_PLAN_ID, IV_HEAT_TOTAL, error);
}

static gboolean ask_plan_days(IvStore *store, const IvKpiQuery *query, GError **error) {
  return ask_heat(store, query, IV_FLOOR_PLAN_ID, IV_HEAT_DAYS, error);
}

static gboolean ask_plan_hours(IvStore *store, const IvKpiQuery *query, GError **error) {
  return ask_heat(store, query, IV_FLOOR_PLAN_ID, IV_HEAT_HOURS, error);
}

static gboolean ask_plan_hours_of_day(IvStore *store, const IvKpiQuery *query, GError **error) {
  return ask_heat(store, query, IV_FLOOR_PLAN_ID, IV_HEAT_HOURS_OF_DAY, error);
}

static gboolean ask_plan_5min(IvStore *store, const IvKpiQuery *query, GError **error) {
  return ask_heat(store, query, IV_FLOOR_PLAN_ID, IV_HEAT_5MIN, error);
}

/* The camera with the most to tell. */
static gboolean ask_camera_total(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_autofree char *camera = NULL;
  {
    g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
    if (!read.sql)
      return FALSE;
    IvStatement *st = iv_sql_statement(
        read.sql, "SELECT c.id FROM cameras c WHERE c.role <> 'plan' ORDER BY (SELECT count(*) "
                  "FROM heatmap_days h WHERE h.camera_no = c.camera_no "
                  "AND h.store_no = c.store_no) DESC, c.camera_no LIMIT 1");
    if (iv_step_row(st, error))
      camera = g_strdup(iv_column_text(st, 0));
    iv_statement_reset(st);
  }
  return camera && ask_heat(store, query, camera, IV_HEAT_TOTAL, error);
}

/* ---- what is to come, what to do ---- */

static gboolean ask_forecast(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvForecastAnswer) answer = {0};
  return iv_kpis_forecast(store, query, AHEAD_DAYS, &answer, error);
}

static gboolean ask_staffing(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvStaffingAnswer) answer = {0};
  const IvStaffingWish wish = {AHEAD_DAYS, 300, 0.8};
  return iv_kpis_staffing(store, query, &wish, &answer, error);
}

static gboolean ask_advice(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvAdviceAnswer) answer = {0};
  return iv_kpis_advice(store, query, 300, &answer, error);
}

static gboolean ask_today(IvStore *store, const IvKpiQuery *query, GError **error) {
  g_auto(IvDayToDate) day = {0};
  return iv_kpis_day_to_date(store, query->store_id, query->now, query->deadline, &day, error);
}

/* ---- with the weeks before beside it, as `compare` of a route asks ---- */

typedef gboolean (*Ask)(IvStore *store, const IvKpiQuery *query, GError **error);

static gboolean ask_compared(IvStore *store, const IvKpiQuery *query, Ask ask, GError **error) {
  IvKpiComparison ranges;
  if (!ask(store, query, error) || !iv_kpi_compare(store, query, &ranges, error))
    return FALSE;
  ranges.passed.no_bands = ranges.before.no_bands = TRUE;
  ranges.passed.step = IV_STEP_WEEK; /* only its totals are told */
  return (ranges.weeks == 0 ||
          (ask(store, &ranges.passed, error) && ask(store, &ranges.before, error)));
}

static gboolean compare_traffic(IvStore *store, const IvKpiQuery *query, GError **error) {
  return ask_compared(store, query, ask_traffic, error);
}

/* Zones of a range that has passed are not asked for twice, src/api/routes/zone_parts.c. */
static gboolean compare_zones(IvStore *store, const IvKpiQuery *query, GError **error) {
  IvKpiComparison ranges;
  g_auto(IvZoneAnswer) whole = {0};
  if (!iv_kpis_zones(store, query, &whole, error) || !iv_kpi_compare(store, query, &ranges, error))
    return FALSE;
  ranges.passed.no_bands = ranges.before.no_bands = TRUE;
  return ranges.weeks == 0 ||
         ((iv_kpi_has_passed(&ranges, whole.range) || ask_zones(store, &ranges.passed, error)) &&
          ask_zones(store, &ranges.before, error));
}

/* Nor are queues, src/api/routes/queue_routes.c. */
static gboolean compare_queues(IvStore *store, const IvKpiQuery *query, GError **error) {
  IvKpiComparison ranges;
  g_auto(IvQueueAnswer) whole = {0};
  if (!iv_kpis_queues(store, query, &whole, error) || !iv_kpi_compare(store, query, &ranges, error))
    return FALSE;
  ranges.passed.step = IV_STEP_WEEK; /* only its totals are told */
  return ranges.weeks == 0 ||
         ((iv_kpi_has_passed(&ranges, whole.range) || ask_queues(store, &ranges.passed, error)) &&
          ask_queues(store, &ranges.before, error));
}

static gboolean compare_sales(IvStore *store, const IvKpiQuery *query, GError **error) {
  return ask_compared(store, query, ask_sales, error);
}

const IvBenchQuestion iv_bench_questions[] = {
    {"traffic, visits", IV_STEP_HOUR, 35, ask_traffic},
    {"traffic, visits", IV_STEP_DAY, 35, ask_traffic},
    {"traffic, visits", IV_STEP_WEEK, 35, ask_traffic},
    {"traffic, visits", IV_STEP_HOUR, 7, ask_traffic},
    {"traffic, visits", IV_STEP_HOUR, 1, ask_traffic},
    {"traffic, visits", IV_STEP_5MIN, 1, ask_traffic},
    {"traffic, compared", IV_STEP_HOUR, 7, compare_traffic},
    {"traffic, compared", IV_STEP_DAY, 35, compare_traffic},
    {"zones", IV_STEP_WEEK, 35, ask_zones},
    {"zones", IV_STEP_WEEK, 7, ask_zones},
    {"zones", IV_STEP_WEEK, 1, ask_zones},
    {"zones by period", IV_STEP_DAY, 35, ask_zone_periods},
    {"zones by period", IV_STEP_WEEK, 35, ask_zone_periods},
    {"zones by period", IV_STEP_HOUR, 1, ask_zone_periods},
    {"zones, compared", IV_STEP_WEEK, 7, compare_zones},
    {"zones, compared", IV_STEP_WEEK, 35, compare_zones},
    {"queues", IV_STEP_DAY, 35, ask_queues},
    {"queues", IV_STEP_WEEK, 35, ask_queues},
    {"queues", IV_STEP_HOUR, 7, ask_queues},
    {"queues", IV_STEP_HOUR, 1, ask_queues},
    {"queues, compared", IV_STEP_HOUR, 7, compare_queues},
    {"queues, compared", IV_STEP_DAY, 35, compare_queues},
    {"sales", IV_STEP_HOUR, 35, ask_sales},
    {"sales", IV_STEP_DAY, 35, ask_sales},
    {"sales", IV_STEP_WEEK, 35, ask_sales},
    {"sales", IV_STEP_HOUR, 7, ask_sales},
    {"sales", IV_STEP_HOUR, 1, ask_sales},
    {"sales, compared", IV_STEP_HOUR, 7, compare_sales},
    {"sales, compared", IV_STEP_DAY, 35, compare_sales},
    {"baskets", IV_STEP_WEEK, 35, ask_baskets},
    {"baskets", IV_STEP_WEEK, 7, ask_baskets},
    {"heat of the plan", IV_STEP_WEEK, 35, ask_plan_total},
    {"heat by day", IV_STEP_DAY, 35, ask_plan_days},
    {"heat by hour of day", IV_STEP_HOUR, 35, ask_plan_hours_of_day},
    {"heat by hour", IV_STEP_HOUR, 7, ask_plan_hours},
    {"heat by 5 minutes", IV_STEP_5MIN, 1, ask_plan_5min},
    {"heat of a camera", IV_STEP_WEEK, 35, ask_camera_total},
    {"coverage", IV_STEP_HOUR, 35, ask_coverage},
    {"coverage", IV_STEP_DAY, 35, ask_coverage},
    {"funnel", IV_STEP_DAY, 35, ask_funnel},
    {"funnel", IV_STEP_DAY, 7, ask_funnel},
    {"journeys", IV_STEP_DAY, 35, ask_journeys},
    {"journeys", IV_STEP_DAY, 7, ask_journeys},
    {"journeys", IV_STEP_DAY, 1, ask_journeys},
    {"forecast", IV_STEP_HOUR, 35, ask_forecast},
    {"staffing", IV_STEP_HOUR, 35, ask_staffing},
    {"advice", IV_STEP_HOUR, 14, ask_advice},
    {"today", IV_STEP_DAY, 1, ask_today},
    {0},
};
