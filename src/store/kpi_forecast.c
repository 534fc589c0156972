/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_forecast.h"

#include <math.h>

#include "kpi/bucket.h"
#include "store/kpi_scope.h"

/* Place of an hour in the store's week: weekday · 24 + hour, Monday 0. */
static int slot_of(GTimeZone *zone, IvTime hour) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(hour / IV_SECOND);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
  return (g_date_time_get_day_of_week(local) - 1) * 24 + g_date_time_get_hour(local);
}

static gboolean taught(const IvTraffic *hour) {
  return !isnan(hour->footfall) && hour->coverage >= IV_FORECAST_COVERAGE;
}

static IvPastHour *past_hours(GTimeZone *zone, const GArray *periods, guint *ret_known) {
  IvPastHour *past = g_new(IvPastHour, MAX(periods->len, 1));
  *ret_known = 0;
  for (guint i = 0; i < periods->len; i++) {
    const IvTraffic *hour = &g_array_index(periods, IvTraffic, i);
    gboolean known = taught(hour);
    past[i] = (IvPastHour){slot_of(zone, hour->period.from), known ? hour->footfall : (double)NAN};
    *ret_known += known ? 1 : 0;
  }
  return past;
}

/* Hours from `from` on: first those that have passed but are still provisional, then the wanted. */
static GArray *cut_future(GTimeZone *zone, IvTime from, IvTime now, guint days) {
  IvTime end = iv_calendar_hour_end(zone, now + days * IV_DAY - 1);
  return iv_calendar_cut(zone, (IvPeriod){from, end}, IV_STEP_HOUR, IV_KPI_PERIODS_MAX);
}

static void fill(IvForecastAnswer *answer, GTimeZone *zone, const GArray *past, const GArray *cut,
                 IvTime now) {
  g_autofree IvPastHour *hours = past_hours(zone, past, &answer->known_hours);
  g_autofree int *slots = g_new(int, cut->len);
  g_autofree IvForecast *forecast = g_new(IvForecast, cut->len);
  for (guint i = 0; i < cut->len; i++)
    slots[i] = slot_of(zone, g_array_index(cut, IvPeriod, i).from);
  iv_forecast_hours(hours, past->len, slots, cut->len, forecast, &answer->quality);
  answer->hours = g_array_new(FALSE, FALSE, sizeof(IvForecastHour));
  for (guint i = 0; i < cut->len; i++) {
    IvForecastHour hour = {g_array_index(cut, IvPeriod, i), forecast[i]};
    if (hour.period.to > now)
      g_array_append_val(answer->hours, hour);
  }
  answer->range = (IvPeriod){g_array_index(answer->hours, IvForecastHour, 0).period.from,
                             g_array_index(cut, IvPeriod, cut->len - 1).to};
}

static gboolean foretell(IvKpiScope *scope, guint days, IvForecastAnswer *answer, GError **error) {
  g_autoptr(GArray) periods =
      iv_calendar_cut(scope->zone, scope->range, IV_STEP_HOUR, IV_FORECAST_PAST_MAX);
  g_autoptr(GArray) cut = cut_future(scope->zone, scope->range.to, scope->now, days);
  g_assert(periods && cut); /* twelve weeks and two fit in any zone */
  IvTraffic total;
  g_autoptr(GArray) past = iv_kpi_scope_traffic(scope, periods, &total, error);
  if (!past)
    return FALSE;
  g_strlcpy(answer->time_zone, scope->store.time_zone, sizeof answer->time_zone);
  fill(answer, scope->zone, past, cut, scope->now);
  return TRUE;
}

/* The past ends with the last hour of the store that is no longer provisional. */
static gboolean set_range(IvSql *sql, IvKpiQuery *query, GError **error) {
  IvStoreKey key;
  if (!iv_lookup_store(sql, query->store_id, &key, error))
    return FALSE;
  g_autoptr(GTimeZone) zone = iv_calendar_zone(key.time_zone);
  if (!zone) /* as in the scope */
    zone = g_time_zone_new_utc();
  query->step = IV_STEP_HOUR;
  query->to = iv_calendar_hour_start(zone, query->now - IV_PROVISIONAL_SPAN);
  query->from = iv_calendar_hour_start(zone, query->to - IV_FORECAST_WEEKS * 7 * IV_DAY);
  return TRUE;
}

gboolean iv_kpis_forecast(IvStore *store, const IvKpiQuery *asked, guint days,
                          IvForecastAnswer *ret_answer, GError **error) {
  IvKpiQuery query = *asked;
  IvForecastAnswer answer = {0};
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query.deadline, error);
  g_auto(IvKpiScope) scope = {0};
  if (!read.sql || !set_range(read.sql, &query, error) ||
      !iv_kpi_scope_init(&scope, read.sql, &query, error) ||
      !foretell(&scope, days, &answer, error))
    return FALSE;
  *ret_answer = answer;
  return TRUE;
}

void iv_forecast_answer_clear(IvForecastAnswer *answer) {
  g_clear_pointer(&answer->hours, g_array_unref);
}
