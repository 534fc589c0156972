/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_staffing.h"

#include <math.h>
#include <string.h>

#include "kpi/bucket.h"
#include "kpi/staffing.h"
#include "store/kpi_forecast.h"
#include "store/kpi_scope.h"
#include "store/rollup_spans.h"

/* What is known of a pool while it is read. */
typedef struct {
  gint64 no; /* of the group; 0 = the lanes with a line each */
  gboolean self_checkout;
  GArray *cameras;           /* of gint64 */
  double *arrivals;          /* by hour of the past */
  gint64 served, service_ms; /* of the last four weeks */
  IvStaffingPool told;
} Pool;

typedef struct {
  const IvKpiScope *scope;
  const IvStaffingWish *wish;
  GArray *past, *future; /* of IvPeriod: hours */
  GPtrArray *pools;      /* of Pool */
} Planning;

static void pool_free(gpointer pointer) {
  Pool *pool = pointer;
  g_array_unref(pool->cameras);
  g_clear_pointer(&pool->told.hours, g_array_unref);
  g_free(pool->arrivals);
  g_free(pool);
}

static gboolean fine(GError **error, GError *wrong) {
  if (!wrong)
    return TRUE;
  g_propagate_error(error, wrong);
  return FALSE;
}

static Pool *find_pool(const Planning *p, gint64 no, gboolean self_checkout) {
  for (guint i = 0; i < p->pools->len; i++) {
    Pool *pool = g_ptr_array_index(p->pools, i);
    if (pool->no == no && (no || pool->self_checkout == self_checkout))
      return pool;
  }
  return NULL;
}

static Pool *add_pool(Planning *p, gint64 no, gboolean self_checkout, const char *group_id) {
  Pool *pool = g_new0(Pool, 1);
  pool->no = no;
  pool->self_checkout = pool->told.self_checkout = self_checkout;
  pool->told.pooled = no != 0;
  iv_slug_set(&pool->told.group_id, group_id);
  pool->cameras = g_array_new(FALSE, FALSE, sizeof(gint64));
  pool->arrivals = g_new0(double, p->past->len);
  g_ptr_array_add(p->pools, pool);
  return pool;
}

/* ---- reading ---- */

static void note_camera(GArray *cameras, gint64 no) {
  for (guint i = 0; i < cameras->len; i++)
    if (g_array_index(cameras, gint64, i) == no)
      return;
  g_array_append_val(cameras, no);
}

/* Of a lane that is drawn on the camera's picture, or on the plan. */
static void note_cameras(const IvKpiScope *scope, gint64 camera_no, gint64 lane_no,
                         GArray *cameras) {
  g_autoptr(GArray) needed = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_array_append_val(needed, camera_no);
  iv_kpi_scope_see_plan(scope, IV_PLAN_ITEM_LANE, lane_no, needed);
  for (guint i = 0; i < needed->len; i++)
    note_camera(cameras, g_array_index(needed, gint64, i));
}

static gboolean read_lanes(Planning *p, GError **error) {
  GError *wrong = NULL;
  IvStatement *st = iv_sql_statement(
      p->scope->sql,
      "SELECT l.group_no, l.self_checkout, q.id, c.camera_no, l.lane_no FROM cameras c JOIN "
      "scene_lanes s "
      "ON s.camera_no = c.camera_no AND s.version = c.scene_version "
      "JOIN lanes l ON l.lane_no = s.lane_no LEFT JOIN lanes q ON q.lane_no = l.group_no "
      "WHERE c.store_no = $1 AND c.in_config = 1 AND c.enabled = 1 AND l.is_group = 0 "
      "ORDER BY l.group_no, l.self_checkout");
  iv_bind_int(st, p->scope->store.no);
  while (iv_step_row(st, &wrong)) {
    gint64 group = iv_column_int(st, 0);
    gboolean self_checkout = iv_column_int(st, 1) != 0;
    Pool *pool = find_pool(p, group, self_checkout);
    if (!pool)
      pool = add_pool(p, group, self_checkout, iv_column_text(st, 2));
    pool->told.lanes_total++;
    note_cameras(p->scope, iv_column_int(st, 3), iv_column_int(st, 4), pool->cameras);
  }
  for (guint i = 0; !wrong && i < p->pools->len; i++)
    iv_kpi_scope_watch(p->scope, ((const Pool *)p->pools->pdata[i])->cameras, &wrong);
  return fine(error, wrong);
}

static int hour_at(const GArray *hours, IvTime t) {
  guint low = 0, high = hours->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (g_array_index(hours, IvPeriod, mid).to <= t)
      low = mid + 1;
    else
      high = mid;
  }
  return low < hours->len ? (int)low : -1;
}

static void add_row(Planning *p, IvStatement *st, IvTime recent) {
  IvTime bucket = iv_column_time(st, 0);
  Pool *pool = find_pool(p, iv_column_int(st, 1), iv_column_int(st, 2) != 0);
  int hour = hour_at(p->past, bucket);
  if (!pool || hour < 0)
    return;
  pool->arrivals[hour] += (double)(iv_column_int(st, 3) + iv_column_int(st, 4));
  pool->served += bucket >= recent ? iv_column_int(st, 3) : 0;
  pool->service_ms += bucket >= recent ? iv_column_int(st, 5) : 0;
}

static gboolean read_span(Planning *p, const IvRollupSpan *span, IvTime recent, GError **error) {
#define READ_LANES(level)                                                                          \
  "SELECT k.bucket, CASE WHEN l.is_group = 1 THEN l.lane_no ELSE l.group_no END, "                 \
  "l.self_checkout, k.served, k.abandoned, k.service_ms "                                          \
  "FROM " level "_lane k JOIN lanes l ON l.lane_no = k.lane_no "                                   \
  "WHERE k.store_no = $1 AND k.bucket >= $2 AND k.bucket < $3"
  static const char *const texts[] = IV_ROLLUP_TEXTS(READ_LANES);
  GError *wrong = NULL;
  IvStatement *st = iv_rollup_ask(p->scope, span, texts);
  while (iv_step_row(st, &wrong))
    add_row(p, st, recent);
  return fine(error, wrong);
}

/* Rows of groups hold who joined and gave up, those of their lanes who was served. What is recent
 * begins within an hour where the clocks changed by less than one since: from 5 minutes there. */
static gboolean read_rows(Planning *p, GError **error) {
  IvTime recent = p->scope->range.to - IV_STAFFING_SERVICE_SPAN;
  IvPeriod range = p->scope->range;
  const IvPeriod halves[] = {{range.from, MAX(range.from, recent)},
                             {MAX(range.from, recent), range.to}};
  for (gsize h = 0; h < G_N_ELEMENTS(halves); h++) {
    IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
    guint n = halves[h].from < halves[h].to
                  ? iv_rollup_spans(p->scope, halves[h], IV_ROLLUP_HOUR, spans)
                  : 0;
    for (guint i = 0; i < n; i++)
      if (!read_span(p, &spans[i], recent, error))
        return FALSE;
  }
  return TRUE;
}

/* ---- planning ---- */

static int slot_of(GTimeZone *zone, IvTime hour) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(hour / IV_SECOND);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
  return (g_date_time_get_day_of_week(local) - 1) * 24 + g_date_time_get_hour(local);
}

static void forecast(const Planning *p, Pool *pool, IvForecast *ret_forecast) {
  const IvKpiScope *scope = p->scope;
  g_autofree IvPastHour *past = g_new(IvPastHour, MAX(p->past->len, 1));
  g_autofree int *slots = g_new(int, p->future->len);
  for (guint i = 0; i < p->past->len; i++) {
    IvPeriod hour = g_array_index(p->past, IvPeriod, i);
    double coverage = iv_kpi_scope_coverage(scope, hour, pool->cameras, NULL);
    gboolean known = coverage >= IV_FORECAST_COVERAGE;
    past[i] =
        (IvPastHour){slot_of(scope->zone, hour.from), known ? pool->arrivals[i] : (double)NAN};
    pool->told.known_hours += known ? 1 : 0;
  }
  for (guint i = 0; i < p->future->len; i++)
    slots[i] = slot_of(scope->zone, g_array_index(p->future, IvPeriod, i).from);
  iv_forecast_hours(past, p->past->len, slots, p->future->len, ret_forecast, &pool->told.quality);
}

static int lanes_for(const Pool *pool, const IvStaffingWish *wish, double arrivals,
                     gboolean pooled) {
  IvQueueLoad load = {arrivals, pool->told.service_s, wish->target_s};
  if (isnan(arrivals) || isnan(load.service_s))
    return -1;
  return (int)iv_lanes_needed(&load, wish->level, pooled);
}

static IvStaffingHour plan_hour(const Pool *pool, const IvStaffingWish *wish, IvPeriod period,
                                const IvForecast *arrivals) {
  IvStaffingHour hour = {.period = period, .arrivals = *arrivals};
  double hours = (double)(period.to - period.from) / (double)IV_HOUR;
  IvQueueLoad load = {arrivals->mean / hours, pool->told.service_s, wish->target_s};
  hour.lanes = lanes_for(pool, wish, load.arrivals_per_hour, TRUE);
  hour.lanes_high = lanes_for(pool, wish, arrivals->high / hours, TRUE);
  hour.lanes_even_split =
      pool->told.pooled ? -1 : lanes_for(pool, wish, load.arrivals_per_hour, FALSE);
  hour.service_level = hour.wait_mean_s = (double)NAN;
  if (hour.lanes < 0)
    return hour;
  hour.service_level = iv_service_level_pooled(&load, (guint)hour.lanes);
  hour.wait_mean_s = iv_mean_wait_pooled(&load, (guint)hour.lanes);
  return hour;
}

static void plan(const Planning *p, Pool *pool, IvTime now) {
  g_autofree IvForecast *arrivals = g_new(IvForecast, p->future->len);
  pool->told.served = (guint)pool->served;
  pool->told.service_s =
      pool->served >= IV_STAFFING_SERVED_MIN
          ? (double)pool->service_ms / (double)pool->served / 1000 + IV_STAFFING_CHANGEOVER_S
          : (double)NAN;
  forecast(p, pool, arrivals);
  pool->told.hours = g_array_new(FALSE, FALSE, sizeof(IvStaffingHour));
  for (guint i = 0; i < p->future->len; i++) {
    IvPeriod period = g_array_index(p->future, IvPeriod, i);
    IvStaffingHour hour = plan_hour(pool, p->wish, period, &arrivals[i]);
    if (period.to > now)
      g_array_append_val(pool->told.hours, hour);
  }
}

static void tell(const Planning *p, IvStaffingAnswer *answer) {
  g_strlcpy(answer->time_zone, p->scope->store.time_zone, sizeof answer->time_zone);
  answer->pools = g_array_new(FALSE, TRUE, sizeof(IvStaffingPool));
  for (guint i = 0; i < p->future->len; i++) {
    IvPeriod hour = g_array_index(p->future, IvPeriod, i);
    if (hour.to > p->scope->now && answer->range.to == 0)
      answer->range.from = hour.from;
    if (hour.to > p->scope->now)
      answer->range.to = hour.to;
  }
  for (guint i = 0; i < p->pools->len; i++) {
    Pool *pool = g_ptr_array_index(p->pools, i);
    plan(p, pool, p->scope->now);
    IvStaffingPool told = pool->told;
    pool->told.hours = NULL;
    g_array_append_val(answer->pools, told);
  }
}

static gboolean staff(const IvKpiScope *scope, const IvStaffingWish *wish, IvStaffingAnswer *answer,
                      GError **error) {
  IvTime end = iv_calendar_hour_end(scope->zone, scope->now + wish->days * IV_DAY - 1);
  g_autoptr(GArray) past =
      iv_calendar_cut(scope->zone, scope->range, IV_STEP_HOUR, IV_FORECAST_PAST_MAX);
  g_autoptr(GArray) future = iv_calendar_cut(scope->zone, (IvPeriod){scope->range.to, end},
                                             IV_STEP_HOUR, IV_KPI_PERIODS_MAX);
  g_autoptr(GPtrArray) pools = g_ptr_array_new_with_free_func(pool_free);
  g_assert(past && future); /* eight weeks and two fit in any zone */
  Planning planning = {scope, wish, past, future, pools};
  if (!read_lanes(&planning, error) || !read_rows(&planning, error))
    return FALSE;
  tell(&planning, answer);
  return TRUE;
}

/* As the forecast of footfall: the past ends with the last hour that is no longer provisional. */
static gboolean set_range(IvSql *sql, IvKpiQuery *query, GError **error) {
  IvStoreKey key;
  if (!iv_lookup_store(sql, query->store_id, &key, error))
    return FALSE;
  g_autoptr(GTimeZone) zone = iv_calendar_zone(key.time_zone);
  if (!zone)
    zone = g_time_zone_new_utc();
  query->step = IV_STEP_HOUR;
  query->to = iv_calendar_hour_start(zone, query->now - IV_PROVISIONAL_SPAN);
  query->from = iv_calendar_hour_start(zone, query->to - IV_STAFFING_WEEKS * 7 * IV_DAY);
  return TRUE;
}

gboolean iv_kpis_staffing(IvStore *store, const IvKpiQuery *asked, const IvStaffingWish *wish,
                          IvStaffingAnswer *ret_answer, GError **error) {
  IvKpiQuery query = *asked;
  IvStaffingAnswer answer = {0};
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query.deadline, error);
  g_auto(IvKpiScope) scope = {0};
  if (!read.sql || !set_range(read.sql, &query, error) ||
      !iv_kpi_scope_init(&scope, read.sql, &query, error) || !staff(&scope, wish, &answer, error))
    return FALSE;
  *ret_answer = answer;
  return TRUE;
}

void iv_staffing_answer_clear(IvStaffingAnswer *answer) {
  for (guint i = 0; answer->pools && i < answer->pools->len; i++)
    g_clear_pointer(&g_array_index(answer->pools, IvStaffingPool, i).hours, g_array_unref);
  g_clear_pointer(&answer->pools, g_array_unref);
}
