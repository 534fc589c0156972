/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_scope.h"

#include "kpi/bucket.h"

static gboolean find_range(IvKpiScope *scope, const IvKpiQuery *query, GError **error) {
  IvPeriod range = {query->from, query->to};
  if (range.from == IV_TIME_NONE && range.to == IV_TIME_NONE)
    range = (IvPeriod){iv_calendar_day_start(scope->zone, query->now),
                       iv_calendar_day_end(scope->zone, query->now)};
  if (range.from == IV_TIME_NONE || range.to == IV_TIME_NONE || range.from >= range.to) {
    g_set_error_literal(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID,
                        "from and to are given together, and from lies before to");
    return FALSE;
  }
  if (range.to - range.from > IV_KPI_RANGE_MAX) {
    g_set_error_literal(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT,
                        "the time from `from` to `to` is more than ten years; ask for less");
    return FALSE;
  }
  scope->range.from = iv_time_floor(range.from, IV_BUCKET_SPAN);
  scope->range.to = iv_time_floor(range.to + IV_BUCKET_SPAN - 1, IV_BUCKET_SPAN);
  return TRUE;
}

static gboolean read_cameras(IvKpiScope *scope, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT c.camera_no, c.id, s.told_until, "
                  "CASE WHEN s.state IN ('online', 'degraded') THEN s.ts END FROM cameras c "
                  "LEFT JOIN camera_status s ON s.camera_no = c.camera_no WHERE c.store_no = $1 "
                  "ORDER BY c.camera_no");
  iv_bind_int(st, scope->store.no);
  while (iv_step_row(st, &wrong)) {
    IvScopeCamera camera = {.no = iv_column_int(st, 0),
                            .pulse = {iv_column_time(st, 2), iv_column_time(st, 3)}};
    iv_slug_set(&camera.id, iv_column_text(st, 1));
    g_array_append_val(scope->cameras, camera);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean read_alive(IvKpiScope *scope, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT bucket, camera_no, alive_ms FROM kpi_5min_camera "
                  "WHERE store_no = $1 AND bucket >= $2 AND bucket < $3 ORDER BY bucket");
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, scope->range.from);
  iv_bind_time(st, scope->range.to);
  while (iv_step_row(st, &wrong)) {
    IvScopeAlive alive = {iv_column_time(st, 0), iv_column_int(st, 1), iv_column_int(st, 2)};
    g_array_append_val(scope->alive, alive);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

gboolean iv_kpi_scope_init(IvKpiScope *ret_scope, IvSql *sql, const IvKpiQuery *query,
                           GError **error) {
  IvKpiScope scope = {.sql = sql, .now = query->now};
  if (!iv_lookup_store(sql, query->store_id, &scope.store, error))
    return FALSE;
  scope.zone = iv_calendar_zone(scope.store.time_zone);
  if (!scope.zone) /* the system's zone files may have changed since the import checked it */
    scope.zone = g_time_zone_new_utc();
  scope.cameras = g_array_new(FALSE, TRUE, sizeof(IvScopeCamera));
  scope.alive = g_array_new(FALSE, FALSE, sizeof(IvScopeAlive));
  if (find_range(&scope, query, error) && read_cameras(&scope, error) &&
      read_alive(&scope, error)) {
    *ret_scope = scope;
    return TRUE;
  }
  iv_kpi_scope_clear(&scope);
  return FALSE;
}

void iv_kpi_scope_clear(IvKpiScope *scope) {
  g_clear_pointer(&scope->zone, g_time_zone_unref);
  g_clear_pointer(&scope->cameras, g_array_unref);
  g_clear_pointer(&scope->alive, g_array_unref);
}

const IvScopeCamera *iv_kpi_scope_camera(const IvKpiScope *scope, gint64 camera_no) {
  for (guint i = 0; i < scope->cameras->len; i++) {
    const IvScopeCamera *camera = &g_array_index(scope->cameras, IvScopeCamera, i);
    if (camera->no == camera_no)
      return camera;
  }
  return NULL;
}

static gboolean is_one_of(const GArray *nos, gint64 no) {
  for (guint i = 0; i < nos->len; i++)
    if (g_array_index(nos, gint64, i) == no)
      return TRUE;
  return FALSE;
}

/* First row at or after `t`. */
static guint first_alive(const GArray *alive, IvTime t) {
  guint low = 0, high = alive->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (g_array_index(alive, IvScopeAlive, mid).bucket < t)
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

double iv_kpi_scope_coverage(const IvKpiScope *scope, IvPeriod period, const GArray *camera_nos,
                             gboolean *ret_known) {
  IvTime alive = 0, due = 0;
  gboolean beats = FALSE;
  for (guint i = first_alive(scope->alive, period.from); i < scope->alive->len; i++) {
    const IvScopeAlive *row = &g_array_index(scope->alive, IvScopeAlive, i);
    if (row->bucket >= period.to)
      break;
    if (is_one_of(camera_nos, row->camera))
      alive += row->alive_ms * IV_MS;
  }
  for (guint i = 0; i < camera_nos->len; i++) {
    const IvScopeCamera *camera = iv_kpi_scope_camera(scope, g_array_index(camera_nos, gint64, i));
    if (!camera)
      continue;
    due += iv_coverage_due(period, &camera->pulse, scope->now);
    beats = beats || iv_pulse_beats(&camera->pulse, scope->now);
  }
  gboolean is_now = period.from <= scope->now && scope->now < period.to;
  if (ret_known)
    *ret_known = alive > 0 || (is_now && beats);
  return iv_coverage_share(alive, due);
}

gboolean iv_kpi_scope_is_provisional(const IvKpiScope *scope, IvPeriod period) {
  return period.to > scope->now - IV_PROVISIONAL_SPAN;
}
