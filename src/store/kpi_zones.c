/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "kpi/bucket.h"
#include "kpi/sketch.h"
#include "store/kpi_people.h"
#include "store/kpi_scope.h"

/* An edge that was killed never sends the end of a visit: after this it is taken for over. */
#define OPEN_VISIT_MAX (4 * IV_HOUR)

/* One zone, as it adds up. */
typedef struct {
  gint64 no;
  GArray *cameras;                              /* of gint64 */
  gint64 visits, engaged, dwell_ms, peak, open; /* visits: min_dwell or longer */
  gint64 known, engaged_known;                  /* of those: by whom is known */
  IvSketch *dwell;
} Sum;

static void sum_free(gpointer pointer) {
  Sum *sum = pointer;
  g_array_unref(sum->cameras);
  iv_sketch_free(sum->dwell);
  g_free(sum);
}

static Sum *find_sum(GHashTable *sums, gint64 zone_no) {
  Sum *sum = g_hash_table_lookup(sums, &zone_no);
  if (sum)
    return sum;
  sum = g_new0(Sum, 1);
  sum->no = zone_no;
  sum->cameras = g_array_new(FALSE, FALSE, sizeof(gint64));
  sum->dwell = iv_sketch_new();
  g_hash_table_insert(sums, &sum->no, sum);
  return sum;
}

static void note_camera(Sum *sum, gint64 camera_no) {
  for (guint i = 0; i < sum->cameras->len; i++)
    if (g_array_index(sum->cameras, gint64, i) == camera_no)
      return;
  g_array_append_val(sum->cameras, camera_no);
}

static gboolean drawn_now(const IvKpiScope *scope, GHashTable *sums, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT s.zone_no, c.camera_no FROM cameras c JOIN scene_zones s "
                  "ON s.camera_no = c.camera_no AND s.version = c.scene_version "
                  "WHERE c.store_no = $1 AND c.in_config = 1 AND c.enabled = 1 "
                  "ORDER BY c.number, c.camera_no");
  iv_bind_int(st, scope->store.no);
  while (iv_step_row(st, &wrong))
    note_camera(find_sum(sums, iv_column_int(st, 0)), iv_column_int(st, 1));
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static void add_row(IvStatement *st, Sum *sum) {
  gsize n;
  note_camera(sum, iv_column_int(st, 1));
  sum->visits += iv_column_int(st, 2);
  sum->engaged += iv_column_int(st, 3);
  sum->dwell_ms += iv_column_int(st, 4);
  sum->peak = MAX(sum->peak, iv_column_int(st, 5));
  const void *bytes = iv_column_blob(st, 6, &n);
  g_autoptr(IvSketch) sketch = n > 0 ? iv_sketch_from_bytes(bytes, n) : NULL;
  if (sketch)
    iv_sketch_merge(sum->dwell, sketch);
  sum->known += iv_column_int(st, 7);
  sum->engaged_known += iv_column_int(st, 8);
}

static gboolean add_rows(const IvKpiScope *scope, GHashTable *sums, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT zone_no, camera_no, visitors, engaged, dwell_ms, peak, dwell_sketch, "
                  "known, engaged_known FROM kpi_5min_zone WHERE store_no = $1 AND bucket >= $2 "
                  "AND bucket < $3");
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, scope->range.from);
  iv_bind_time(st, scope->range.to);
  while (iv_step_row(st, &wrong))
    add_row(st, find_sum(sums, iv_column_int(st, 0)));
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean count_open(const IvKpiScope *scope, GHashTable *sums, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT zone_no, camera_no, count(*) FROM open_visits WHERE store_no = $1 "
                  "AND ts >= $2 AND ts < $3 GROUP BY zone_no, camera_no");
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, MAX(scope->range.from, scope->now - OPEN_VISIT_MAX));
  iv_bind_time(st, scope->range.to);
  while (iv_step_row(st, &wrong)) {
    Sum *sum = find_sum(sums, iv_column_int(st, 0));
    note_camera(sum, iv_column_int(st, 1));
    sum->open += iv_column_int(st, 2);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static double share(gint64 part, gint64 whole) {
  return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

static void name_cameras(const IvKpiScope *scope, const Sum *sum, IvZoneFigures *figures) {
  for (guint i = 0; i < sum->cameras->len && figures->n_cameras < IV_ZONE_CAMERAS_MAX; i++) {
    const IvScopeCamera *camera =
        iv_kpi_scope_camera(scope, g_array_index(sum->cameras, gint64, i));
    if (camera)
      figures->cameras[figures->n_cameras++] = camera->id;
  }
}

/* People, each once; of whom is not known who it was, each visit. Shares of store visitors are of
 * those who are known. */
static void tell_people(const Sum *sum, GHashTable *people, gboolean known,
                        IvZoneFigures *figures) {
  IvHeads heads = iv_kpi_heads(people, sum->no), store = iv_kpi_heads(people, 0);
  gint64 visitors = sum->visits - sum->known + heads.visitors;
  figures->visits = known ? (double)sum->visits : (double)NAN;
  figures->known_share = sum->visits > 0 ? (double)sum->known / (double)sum->visits : (double)NAN;
  figures->visitors = known ? (double)visitors : (double)NAN;
  figures->engaged_share = share(sum->engaged - sum->engaged_known + heads.engaged, visitors);
  figures->draw_rate = known && (sum->visits == 0 || sum->known > 0)
                           ? share(heads.visitors, store.visitors)
                           : (double)NAN;
}

/* Figures that need no name. */
static void tell(const IvKpiScope *scope, const Sum *sum, GHashTable *people,
                 IvZoneFigures *figures) {
  gboolean known;
  figures->coverage = iv_kpi_scope_coverage(scope, scope->range, sum->cameras, &known);
  known = known || sum->peak > 0;
  figures->peak_occupancy = known ? (double)sum->peak : (double)NAN;
  tell_people(sum, people, known, figures);
  figures->dwell_mean_s = share(sum->dwell_ms, sum->visits) / 1000;
  figures->dwell_median_s = iv_sketch_quantile(sum->dwell, 0.5) / 1000;
  figures->dwell_p90_s = iv_sketch_quantile(sum->dwell, 0.9) / 1000;
  figures->open_visits = (guint)sum->open;
  figures->provisional = sum->open > 0 || iv_kpi_scope_is_provisional(scope, scope->range);
  name_cameras(scope, sum, figures);
}

static GArray *tell_all(const IvKpiScope *scope, GHashTable *sums, GHashTable *people,
                        GArray *ret_numbers, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) zones = g_array_new(FALSE, TRUE, sizeof(IvZoneFigures));
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT zone_no, id, name, kind FROM zones WHERE store_no = $1 ORDER BY id");
  iv_bind_int(st, scope->store.no);
  while (iv_step_row(st, &wrong)) {
    gint64 no = iv_column_int(st, 0);
    const Sum *sum = g_hash_table_lookup(sums, &no);
    if (!sum)
      continue;
    IvZoneFigures figures = {.kind = IV_ZONE_GENERAL};
    iv_slug_set(&figures.zone_id, iv_column_text(st, 1));
    g_strlcpy(figures.name, iv_column_text(st, 2), sizeof figures.name);
    int kind = iv_zone_kind_from_name(iv_column_text(st, 3));
    figures.kind = kind >= 0 ? (IvZoneKind)kind : IV_ZONE_GENERAL;
    tell(scope, sum, people, &figures);
    g_array_append_val(ret_numbers, no);
    g_array_append_val(zones, figures);
  }
  if (!wrong)
    return g_steal_pointer(&zones);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

gboolean iv_kpis_zones(IvStore *store, const IvKpiQuery *query, IvZoneAnswer *ret_answer,
                       GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
  g_auto(IvKpiScope) scope = {0};
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, query, error))
    return FALSE;
  g_autoptr(GHashTable) sums = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, sum_free);
  if (!drawn_now(&scope, sums, error) || !add_rows(&scope, sums, error) ||
      !count_open(&scope, sums, error))
    return FALSE;
  g_autoptr(GHashTable) people = iv_kpi_people(&scope, scope.range, error);
  g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) zones = people ? tell_all(&scope, sums, people, numbers, error) : NULL;
  if (!zones || !iv_kpi_rank_zones(&scope, numbers, zones, query->fixed_bands, error))
    return FALSE;
  ret_answer->range = scope.range;
  g_strlcpy(ret_answer->time_zone, scope.store.time_zone, sizeof ret_answer->time_zone);
  ret_answer->zones = g_steal_pointer(&zones);
  return TRUE;
}

void iv_zone_answer_clear(IvZoneAnswer *answer) {
  g_clear_pointer(&answer->zones, g_array_unref);
}
