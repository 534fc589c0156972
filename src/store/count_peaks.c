/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/peak.h"
#include "store/count.h"

/* No stay is longer: the receiver takes none. */
#define STAY_MAX IV_DAY

/* Stays in the zone that overlap the span (GArray of IvPeriod). The pluses keep the planner to
 * events_by_zone, which is by end_ts. */
static GArray *read_stays(const IvCounting *counting, const IvTouchedZone *zone, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) stays = g_array_new(FALSE, FALSE, sizeof(IvPeriod));
  IvStatement *st = iv_sql_statement(
      counting->sql,
      "SELECT ts, end_ts FROM events WHERE store_no = $1 AND zone_no = $2 AND end_ts >= $3 "
      "AND end_ts < $4 AND +ts < $5 AND camera_no = $6 AND scene_version = $7 "
      "AND +kind_no = (SELECT kind_no FROM event_kinds WHERE name = 'zone.visit')");
  iv_bind_int(st, counting->store_no);
  iv_bind_int(st, zone->zone);
  iv_bind_time(st, zone->span.from);
  iv_bind_time(st, zone->span.to + STAY_MAX);
  iv_bind_time(st, zone->span.to);
  iv_bind_int(st, zone->camera);
  iv_bind_int(st, zone->scene_version);
  while (iv_step_row(st, &wrong)) {
    IvPeriod stay = {iv_column_time(st, 0), iv_column_time(st, 1)};
    g_array_append_val(stays, stay);
  }
  if (!wrong)
    return g_steal_pointer(&stays);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

static gboolean write_peak(const IvCounting *counting, const IvTouchedZone *zone, IvTime bucket,
                           guint peak, GError **error) {
  iv_rollups_touch(counting->rollups, IV_ROLLUP_ZONE, bucket);
  IvStatement *st = iv_sql_statement(
      counting->sql,
      "INSERT INTO kpi_5min_zone (store_no, bucket, zone_no, camera_no, scene_version, visits, "
      "visitors, engaged, dwell_ms, peak) VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, $6) "
      "ON CONFLICT (store_no, bucket, zone_no, camera_no, scene_version) "
      "DO UPDATE SET peak = excluded.peak");
  iv_bind_int(st, counting->store_no);
  iv_bind_time(st, bucket);
  iv_bind_int(st, zone->zone);
  iv_bind_int(st, zone->camera);
  iv_bind_int(st, zone->scene_version);
  iv_bind_int(st, peak);
  return iv_step_done(st, error);
}

static gboolean find_peaks(const IvCounting *counting, const IvTouchedZone *zone, GError **error) {
  guint n = (guint)((zone->span.to - zone->span.from) / IV_BUCKET_SPAN);
  g_autoptr(GArray) stays = read_stays(counting, zone, error);
  if (!stays)
    return FALSE;
  g_autofree guint *peaks = g_new(guint, n);
  iv_peak_occupancy(&g_array_index(stays, IvPeriod, 0), stays->len, zone->span.from, n, peaks);
  for (guint i = 0; i < n; i++)
    if (peaks[i] > 0 &&
        !write_peak(counting, zone, zone->span.from + i * IV_BUCKET_SPAN, peaks[i], error))
      return FALSE;
  return TRUE;
}

gboolean iv_count_peaks(IvCounting *counting, GError **error) {
  for (guint i = 0; i < counting->touched->len; i++) {
    IvTouchedZone zone = g_array_index(counting->touched, IvTouchedZone, i);
    if (counting->only.from != counting->only.to) {
      zone.span.from = MAX(zone.span.from, counting->only.from);
      zone.span.to = MIN(zone.span.to, counting->only.to);
    }
    if (zone.span.from < zone.span.to && !find_peaks(counting, &zone, error))
      return FALSE;
  }
  g_array_set_size(counting->touched, 0);
  return TRUE;
}
