/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_advice.h"

#include <math.h>
#include <stdlib.h>

#include "kpi/basket.h"
#include "kpi/staffing.h"
#include "store/kpi_forecast.h"
#include "store/kpi_sales.h"
#include "store/kpi_scope.h"

/* What the figures are gathered with. */
typedef struct {
  IvStore *store;
  IvKpiQuery week, before; /* steps of an hour */
  GTimeZone *zone;
  double target_s;
  IvAdviceFigures *figures;
} Gathering;

static void set_name(IvAdviceName *ret_name, const char *id, const char *name) {
  g_strlcpy(ret_name->id, id, sizeof ret_name->id);
  g_strlcpy(ret_name->name, name[0] ? name : id, sizeof ret_name->name);
}

static double or_zero(double value) {
  return isnan(value) ? 0 : value;
}

/* ---- traffic and sales ---- */

static gboolean add_rates(const Gathering *g, const IvKpiQuery *week, guint place, GError **error) {
  IvKpiQuery query = *week;
  query.step = IV_STEP_WEEK; /* only totals are looked at */
  g_auto(IvTrafficAnswer) traffic = {0};
  g_auto(IvSalesAnswer) sales = {0};
  if (!iv_kpis_traffic(g->store, &query, &traffic, error) ||
      !iv_kpis_sales(g->store, &query, &sales, error))
    return FALSE;
  const IvTraffic *t = &traffic.total;
  g->figures->conversion[place] =
      (IvAdviceShare){sales.total.figures.conversion_rate, t->footfall, t->coverage};
  /* Who passed where people who walk past are counted: in + past, and in / that is the rate. */
  double passed = t->capture_rate < 1 ? t->pass_bys / (1 - t->capture_rate) : t->in;
  g->figures->capture[place] = (IvAdviceShare){t->capture_rate, passed, t->coverage};
  if (place == 0) {
    g->figures->transactions = sales.total.figures.transactions;
    g->figures->link_rate = sales.total.figures.link_rate;
  }
  return TRUE;
}

/* ---- zones ---- */

static int by_value(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median_of_kind(const GArray *zones, IvZoneKind kind) {
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(double));
  for (guint i = 0; i < zones->len; i++) {
    const IvZoneFigures *zone = &g_array_index(zones, IvZoneFigures, i);
    if (zone->kind == kind && !isnan(zone->visitors))
      g_array_append_val(all, zone->visitors);
  }
  g_array_sort(all, by_value);
  return all->len ? g_array_index(all, double, all->len / 2) : (double)NAN;
}

static gboolean add_zones(const Gathering *g, GError **error) {
  g_auto(IvZoneAnswer) answer = {0};
  if (!iv_kpis_zones(g->store, &g->week, &answer, error))
    return FALSE;
  for (guint i = 0; i < answer.zones->len; i++) {
    const IvZoneFigures *at = &g_array_index(answer.zones, IvZoneFigures, i);
    IvAdviceZone zone = {.visitors = at->visitors,
                         .coverage = or_zero(at->coverage),
                         .kind_median = median_of_kind(answer.zones, at->kind),
                         .dead = at->dead == IV_DEAD_YES};
    set_name(&zone.zone, at->zone_id.text, at->name);
    g_array_append_val(g->figures->zones, zone);
  }
  return TRUE;
}

/* ---- queues ---- */

/* The hour of the day of each period, which are the same in all rows; asking the calendar takes
 * longer than all the adding. */
static int *hours_of_day(const Gathering *g, const IvQueueAnswer *queues) {
  guint n = queues->rows->len ? g_array_index(queues->rows, IvQueueRow, 0).periods->len : 0;
  int *hour_of = g_new(int, n + 1);
  for (guint i = 0; i < n; i++)
    hour_of[i] = iv_calendar_hour_of_day(
        g->zone, g_array_index(g_array_index(queues->rows, IvQueueRow, 0).periods, IvQueuePeriod, i)
                     .period.from);
  return hour_of;
}

/* Lines at an hour of the day add up; their coverage is the least of theirs. */
static void add_line_hours(const Gathering *g, const IvQueueRow *row, const int *hour_of) {
  for (guint i = 0; i < row->periods->len; i++) {
    const IvQueuePeriod *at = &g_array_index(row->periods, IvQueuePeriod, i);
    double joined = or_zero(at->figures.joined);
    if (joined <= 0)
      continue;
    IvAdviceHour *hour = &g->figures->hours[hour_of[i]];
    double coverage = or_zero(at->figures.coverage);
    hour->coverage = hour->joined > 0 ? MIN(hour->coverage, coverage) : coverage;
    hour->joined += joined;
    hour->in_target += or_zero(at->figures.service_level) * joined;
  }
}

static gboolean has_line(const IvQueueRow *row) {
  return iv_slug_is_none(&row->group_id);
}

static void add_lines(const Gathering *g, const IvQueueAnswer *queues) {
  g_autofree int *hour_of = hours_of_day(g, queues);
  for (guint i = 0; i < queues->rows->len; i++) {
    const IvQueueRow *row = &g_array_index(queues->rows, IvQueueRow, i);
    if (!has_line(row))
      continue;
    IvAdviceLine line = {.joined = row->total.joined,
                         .abandonment = row->total.abandonment_rate,
                         .coverage = or_zero(row->total.coverage)};
    set_name(&line.line, row->lane_id.text, row->name);
    g_array_append_val(g->figures->lines, line);
    add_line_hours(g, row, hour_of);
  }
}

/* The period of the row that holds `t`, NULL = none does. They are in order. */
static const IvQueuePeriod *period_at(const IvQueueRow *row, IvTime t) {
  guint low = 0, high = row->periods->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (g_array_index(row->periods, IvQueuePeriod, mid).period.to <= t)
      low = mid + 1;
    else
      high = mid;
  }
  if (low == row->periods->len)
    return NULL;
  const IvQueuePeriod *at = &g_array_index(row->periods, IvQueuePeriod, low);
  return at->period.from <= t ? at : NULL;
}

/* Lanes open on average in the hour a week before `ts`; NAN = not known. */
static double lanes_open_at(const Gathering *g, const IvQueueAnswer *queues, IvTime ts) {
  double open = (double)NAN;
  IvTime then = iv_calendar_weeks_before(g->zone, ts, 1);
  for (guint i = 0; i < queues->rows->len; i++) {
    const IvQueueRow *row = &g_array_index(queues->rows, IvQueueRow, i);
    const IvQueuePeriod *at = row->is_group ? NULL : period_at(row, then);
    if (at && !isnan(at->figures.lanes_open))
      open = or_zero(open) + at->figures.lanes_open;
  }
  return open;
}

static gboolean is_pooled(const IvQueueAnswer *queues) {
  for (guint i = 0; i < queues->rows->len; i++)
    if (g_array_index(queues->rows, IvQueueRow, i).is_group)
      return TRUE;
  return FALSE;
}

/* The forecast of footfall becomes customers at the tills as it did in the last week. */
static gboolean add_tomorrow(const Gathering *g, const IvQueueAnswer *queues, GError **error) {
  g_auto(IvForecastAnswer) forecast = {0};
  const IvQueueFigures *total = &queues->total;
  double footfall = g->figures->conversion[0].n;
  g->figures->served = or_zero(total->served);
  if (!(footfall > 0) || !(total->service_mean_s > 0) || !(total->coverage >= IV_ADVICE_COVERAGE) ||
      !(g->figures->conversion[0].coverage >= IV_ADVICE_COVERAGE))
    return TRUE;
  if (!iv_kpis_forecast(g->store, &g->week, IV_ADVICE_DAYS, &forecast, error))
    return FALSE;
  for (guint i = 0; i < forecast.hours->len; i++) {
    const IvForecastHour *at = &g_array_index(forecast.hours, IvForecastHour, i);
    if (isnan(at->footfall.mean))
      continue;
    IvQueueLoad load = {MAX(at->footfall.mean, 0) * total->served / footfall, total->service_mean_s,
                        g->target_s};
    IvAdviceTomorrow hour = {at->period.from, at->footfall.mean,
                             iv_lanes_needed(&load, IV_ADVICE_SERVICE_LEVEL, is_pooled(queues)),
                             lanes_open_at(g, queues, at->period.from)};
    g_array_append_val(g->figures->tomorrow, hour);
  }
  return TRUE;
}

static gboolean add_queues(const Gathering *g, GError **error) {
  g_auto(IvQueueAnswer) queues = {0};
  if (!iv_kpis_queues(g->store, &g->week, &queues, error))
    return FALSE;
  add_lines(g, &queues);
  return add_tomorrow(g, &queues, error);
}

/* ---- products ---- */

static const char *product_name(const IvBasketAnswer *baskets, guint32 item) {
  const IvBasketProduct *product = &g_array_index(baskets->products, IvBasketProduct, item);
  return product->name[0] ? product->name : product->sku;
}

/* A rule of two products comes in both directions: one will do. */
static gboolean add_pairs(const Gathering *g, GError **error) {
  g_auto(IvBasketAnswer) baskets = {0};
  IvBasketQuery query = {
      .range = g->week, .min_support = IV_ADVICE_SUPPORT, .limit = IV_BASKET_RULES_MAX};
  g_autoptr(GError) wrong = NULL;
  if (!iv_kpis_baskets(g->store, &query, &baskets, &wrong)) {
    if (g_error_matches(wrong, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT))
      return TRUE; /* too many sets to tell any: not worth failing for */
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  for (guint i = 0; i < baskets.rules->len; i++) {
    const IvBasketRule *rule = &g_array_index(baskets.rules, IvBasketRule, i);
    if (rule->n_if != 1 || rule->if_items[0] > rule->then_item)
      continue;
    IvAdvicePair pair = {.baskets = rule->count, .lift = rule->lift, .support = rule->support};
    g_strlcpy(pair.first, product_name(&baskets, rule->if_items[0]), sizeof pair.first);
    g_strlcpy(pair.second, product_name(&baskets, rule->then_item), sizeof pair.second);
    g_array_append_val(g->figures->pairs, pair);
  }
  return TRUE;
}

/* ---- cameras ---- */

/* Those in use that told something within the two weeks: a camera that is new or gone is another
 * matter. */
static gboolean add_cameras(const Gathering *g, GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(g->store, g->week.deadline, error);
  g_auto(IvKpiScope) scope = {0};
  g_autoptr(GError) wrong = NULL;
  IvKpiQuery whole = g->week;
  whole.step = IV_STEP_DAY;
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, &whole, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT c.camera_no, c.id, c.name FROM cameras c WHERE c.store_no = $1 "
                "AND c.in_config = 1 AND c.enabled = 1 AND EXISTS (SELECT 1 FROM kpi_5min_camera k "
                "WHERE k.store_no = c.store_no AND k.camera_no = c.camera_no AND k.bucket >= $2 "
                "AND k.bucket < $3 AND k.alive_ms > 0) ORDER BY c.number, c.camera_no");
  iv_bind_int(st, scope.store.no);
  iv_bind_time(st, g->before.from);
  iv_bind_time(st, g->before.from + 2 * IV_DAY); /* it was there when the two weeks began */
  while (iv_step_row(st, &wrong)) {
    gint64 no = iv_column_int(st, 0);
    g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_array_append_val(one, no);
    if (!iv_kpi_scope_watch(&scope, one, &wrong)) {
      iv_statement_reset(st);
      break;
    }
    IvAdviceCamera camera = {.coverage = iv_kpi_scope_coverage(&scope, scope.range, one, NULL)};
    set_name(&camera.camera, iv_column_text(st, 1), iv_column_text(st, 2));
    g_array_append_val(g->figures->cameras, camera);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* ---- all of it ---- */

static gboolean find_weeks(Gathering *g, const IvKpiQuery *query, IvAdviceAnswer *answer,
                           GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(g->store, query->deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, query->store_id, &key, error))
    return FALSE;
  g->zone = iv_calendar_zone(key.time_zone);
  if (!g->zone)
    g->zone = g_time_zone_new_utc();
  IvTime today = iv_calendar_day_start(g->zone, query->now);
  answer->range = (IvPeriod){iv_calendar_weeks_before(g->zone, today, 1), today};
  answer->before = (IvPeriod){iv_calendar_weeks_before(g->zone, today, 2), answer->range.from};
  g_strlcpy(answer->time_zone, key.time_zone, sizeof answer->time_zone);
  g->week = g->before = *query;
  g->week.step = g->before.step = IV_STEP_HOUR;
  g->week.no_spreads = g->before.no_spreads = TRUE; /* no advice is about a quantile */
  g->week.from = answer->range.from;
  g->week.to = answer->range.to;
  g->before.from = answer->before.from;
  g->before.to = answer->before.to;
  return TRUE;
}

gboolean iv_kpis_advice(IvStore *store, const IvKpiQuery *query, double target_s,
                        IvAdviceAnswer *ret_answer, GError **error) {
  g_auto(IvAdviceFigures) figures = {0};
  IvAdviceAnswer answer = {0};
  Gathering g = {.store = store, .target_s = target_s, .figures = &figures};
  iv_advice_figures_init(&figures);
  gboolean ok = find_weeks(&g, query, &answer, error) && add_rates(&g, &g.week, 0, error) &&
                add_rates(&g, &g.before, 1, error) && add_zones(&g, error) &&
                add_queues(&g, error) && add_pairs(&g, error) && add_cameras(&g, error);
  g_clear_pointer(&g.zone, g_time_zone_unref);
  if (!ok)
    return FALSE;
  answer.advice = iv_advice_find(&figures);
  *ret_answer = answer;
  return TRUE;
}

void iv_advice_answer_clear(IvAdviceAnswer *answer) {
  g_clear_pointer(&answer->advice, g_array_unref);
}
