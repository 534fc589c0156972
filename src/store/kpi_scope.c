/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_scope.h"

#include <string.h>

#include "kpi/bucket.h"
#include "store/rollup_spans.h"

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
                            .pulse = {iv_column_time(st, 2), iv_column_time(st, 3)},
                            .alive = NULL};
    iv_slug_set(&camera.id, iv_column_text(st, 1));
    if (camera.pulse.told_until == IV_TIME_NONE && strcmp(camera.id.text, IV_FLOOR_PLAN_ID) == 0)
      scope->plan_no = camera.no;
    g_array_append_val(scope->cameras, camera);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* A row of plan_sights; they lie in order of item and number. */
typedef struct {
  IvPlanItem item;
  gint64 item_no, camera; /* 0 = nobody sees it */
} Sight;

static gboolean read_sights(IvKpiScope *scope, GError **error) {
  g_autoptr(GError) wrong = NULL;
  Sight sight = {0};
  IvStatement *st =
      iv_sql_statement(scope->sql, "SELECT v.item, v.item_no, v.camera_no FROM plan_sights v "
                                   "LEFT JOIN cameras c ON c.camera_no = v.camera_no "
                                   "WHERE v.store_no = $1 "
                                   "ORDER BY v.item, v.item_no, c.number, v.camera_no");
  iv_bind_int(st, scope->store.no);
  while (iv_step_row(st, &wrong)) {
    while (sight.item + 1 < IV_PLAN_ITEMS &&
           strcmp(iv_plan_item_name(sight.item), iv_column_text(st, 0)) != 0)
      sight.item++; /* both are in the order of the names */
    sight.item_no = iv_column_int(st, 1);
    sight.camera = iv_column_int(st, 2);
    g_array_append_val(scope->sights, sight);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static void clear_camera(gpointer camera) {
  g_clear_pointer(&((IvScopeCamera *)camera)->alive, g_array_unref);
}

/* A row of 5 minutes. */
typedef struct {
  IvTime bucket;
  gint64 camera, alive_ms;
} Recent;

gboolean iv_kpi_scope_init(IvKpiScope *ret_scope, IvSql *sql, const IvKpiQuery *query,
                           GError **error) {
  IvKpiScope scope = {
      .sql = sql, .now = query->now, .step = query->step, .no_spreads = query->no_spreads};
  if (!iv_lookup_store(sql, query->store_id, &scope.store, error))
    return FALSE;
  scope.zone = iv_calendar_zone(scope.store.time_zone);
  if (!scope.zone) /* the system's zone files may have changed since the import checked it */
    scope.zone = g_time_zone_new_utc();
  scope.cameras = g_array_new(FALSE, TRUE, sizeof(IvScopeCamera));
  g_array_set_clear_func(scope.cameras, clear_camera);
  scope.recent = g_array_new(FALSE, FALSE, sizeof(Recent));
  scope.sights = g_array_new(FALSE, FALSE, sizeof(Sight));
  if (find_range(&scope, query, error) && read_cameras(&scope, error) &&
      (scope.plan_no == 0 || read_sights(&scope, error))) {
    *ret_scope = scope;
    return TRUE;
  }
  iv_kpi_scope_clear(&scope);
  return FALSE;
}

void iv_kpi_scope_clear(IvKpiScope *scope) {
  g_clear_pointer(&scope->zone, g_time_zone_unref);
  g_clear_pointer(&scope->cameras, g_array_unref);
  g_clear_pointer(&scope->recent, g_array_unref);
  g_clear_pointer(&scope->sights, g_array_unref);
}

const IvScopeCamera *iv_kpi_scope_camera(const IvKpiScope *scope, gint64 camera_no) {
  for (guint i = 0; i < scope->cameras->len; i++) {
    const IvScopeCamera *camera = &g_array_index(scope->cameras, IvScopeCamera, i);
    if (camera->no == camera_no)
      return camera;
  }
  return NULL;
}

/* ---- who sees the plan ---- */

static gboolean is_before(const Sight *sight, IvPlanItem item, gint64 item_no) {
  return sight->item < item || (sight->item == item && sight->item_no < item_no);
}

static guint first_sight(const IvKpiScope *scope, IvPlanItem item, gint64 item_no) {
  guint low = 0, high = scope->sights->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (is_before(&g_array_index(scope->sights, Sight, mid), item, item_no))
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

static int place_of(const GArray *camera_nos, gint64 no) {
  for (guint i = 0; i < camera_nos->len; i++)
    if (g_array_index(camera_nos, gint64, i) == no)
      return (int)i;
  return -1;
}

/* At `place` and after it; FALSE = nothing is known of the item. */
static gboolean put_seers(const IvKpiScope *scope, IvPlanItem item, gint64 item_no, guint place,
                          GArray *camera_nos) {
  guint i = first_sight(scope, item, item_no), first = i;
  for (; i < scope->sights->len; i++) {
    const Sight *sight = &g_array_index(scope->sights, Sight, i);
    if (sight->item != item || sight->item_no != item_no)
      break;
    if (sight->camera != 0 && place_of(camera_nos, sight->camera) < 0)
      g_array_insert_val(camera_nos, place++, sight->camera);
  }
  return i > first;
}

void iv_kpi_scope_see_plan(const IvKpiScope *scope, IvPlanItem item, gint64 item_no,
                           GArray *camera_nos) {
  int place = scope->plan_no ? place_of(camera_nos, scope->plan_no) : -1;
  if (place < 0)
    return;
  g_array_remove_index(camera_nos, (guint)place);
  if (!put_seers(scope, item, item_no, (guint)place, camera_nos))
    put_seers(scope, IV_PLAN_ITEM_PLAN, 0, (guint)place, camera_nos);
}

/* ---- how cameras were alive ---- */

#define READ_ALIVE(level)                                                                          \
  "SELECT bucket, alive_ms FROM " level "_camera WHERE store_no = $1 AND bucket >= $2 "            \
  "AND bucket < $3 AND camera_no = $4 ORDER BY bucket"
static const char *const read_alive[] = IV_ROLLUP_TEXTS(READ_ALIVE);

/* Five minutes have no index by camera: those of all of them are read at once. */
static gboolean read_recent(const IvKpiScope *scope, const IvRollupSpan *span, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT bucket, camera_no, alive_ms FROM kpi_5min_camera "
                  "WHERE store_no = $1 AND bucket >= $2 AND bucket < $3 ORDER BY bucket");
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, span->span.from);
  iv_bind_time(st, span->span.to);
  while (iv_step_row(st, &wrong)) {
    Recent row = {iv_column_time(st, 0), iv_column_int(st, 1), iv_column_int(st, 2)};
    g_array_append_val(scope->recent, row);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static void add_alive(GArray *alive, IvTime bucket, gint64 alive_ms) {
  IvScopeAlive row = {bucket, 0, alive_ms};
  if (alive->len > 0) {
    const IvScopeAlive *last = &g_array_index(alive, IvScopeAlive, alive->len - 1);
    row.before_ms = last->before_ms + last->alive_ms;
  }
  g_array_append_val(alive, row);
}

static void add_recent(const IvKpiScope *scope, IvPeriod span, gint64 camera, GArray *alive) {
  for (guint i = 0; i < scope->recent->len; i++) {
    const Recent *row = &g_array_index(scope->recent, Recent, i);
    if (row->camera == camera && row->bucket >= span.from && row->bucket < span.to)
      add_alive(alive, row->bucket, row->alive_ms);
  }
}

static gboolean add_rollups(const IvKpiScope *scope, const IvRollupSpan *span, gint64 camera,
                            GArray *alive, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_rollup_ask(scope, span, read_alive);
  iv_bind_int(st, camera);
  while (iv_step_row(st, &wrong))
    add_alive(alive, iv_column_time(st, 0), iv_column_int(st, 1));
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static IvScopeCamera *find_camera(const IvKpiScope *scope, gint64 camera_no) {
  return (IvScopeCamera *)iv_kpi_scope_camera(scope, camera_no);
}

/* Reads rows of 5 minutes when the first camera is watched, then each camera's rollups. */
static gboolean watch(const IvKpiScope *scope, IvScopeCamera *camera, GError **error) {
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  guint n = iv_rollup_spans(scope, scope->range, iv_rollup_level_of(scope->step), spans);
  gboolean is_first = TRUE;
  for (guint i = 0; is_first && i < scope->cameras->len; i++)
    is_first = !g_array_index(scope->cameras, IvScopeCamera, i).alive;
  for (guint i = 0; is_first && i < n; i++)
    if (spans[i].level == IV_ROLLUP_5MIN && !read_recent(scope, &spans[i], error))
      return FALSE;
  camera->alive = g_array_new(FALSE, FALSE, sizeof(IvScopeAlive));
  for (guint i = 0; i < n; i++)
    if (spans[i].level == IV_ROLLUP_5MIN)
      add_recent(scope, spans[i].span, camera->no, camera->alive);
    else if (!add_rollups(scope, &spans[i], camera->no, camera->alive, error))
      return FALSE;
  return TRUE;
}

gboolean iv_kpi_scope_watch(const IvKpiScope *scope, const GArray *camera_nos, GError **error) {
  for (guint c = 0; c < camera_nos->len; c++) {
    IvScopeCamera *camera = find_camera(scope, g_array_index(camera_nos, gint64, c));
    if (camera && !camera->alive && !watch(scope, camera, error))
      return FALSE;
  }
  return TRUE;
}

/* Alive in the rows that begin before `t`. */
static gint64 alive_before(const GArray *alive, IvTime t) {
  guint low = 0, high = alive->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (g_array_index(alive, IvScopeAlive, mid).bucket < t)
      low = mid + 1;
    else
      high = mid;
  }
  if (low == 0)
    return 0;
  const IvScopeAlive *last = &g_array_index(alive, IvScopeAlive, low - 1);
  return last->before_ms + last->alive_ms;
}

double iv_kpi_scope_coverage(const IvKpiScope *scope, IvPeriod period, const GArray *camera_nos,
                             gboolean *ret_known) {
  IvTime alive = 0, due = 0;
  gboolean beats = FALSE;
  for (guint i = 0; i < camera_nos->len; i++) {
    const IvScopeCamera *camera = iv_kpi_scope_camera(scope, g_array_index(camera_nos, gint64, i));
    if (!camera)
      continue;
    g_assert(camera->alive); /* watched: else it would look dead */
    alive +=
        (alive_before(camera->alive, period.to) - alive_before(camera->alive, period.from)) * IV_MS;
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
