/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rollup_spans.h"

static GArray *fail(GError **error, GError *wrong) {
  g_propagate_error(error, wrong);
  return NULL;
}

static void note_camera(GArray *nos, gint64 no) {
  guint i = 0;
  while (i < nos->len && g_array_index(nos, gint64, i) < no)
    i++;
  if (i == nos->len || g_array_index(nos, gint64, i) != no)
    g_array_insert_val(nos, i, no);
}

/* Columns: camera, line. */
static gboolean note_cameras(const IvKpiScope *scope, IvLineCameras *cameras, IvStatement *st,
                             GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) seers = g_array_new(FALSE, FALSE, sizeof(gint64));
  while (iv_step_row(st, &wrong)) {
    gint64 no = iv_column_int(st, 0);
    note_camera(cameras->drawn, no);
    g_array_set_size(seers, 0);
    g_array_append_val(seers, no);
    iv_kpi_scope_see_plan(scope, IV_PLAN_ITEM_LINE, iv_column_int(st, 1), seers);
    for (guint i = 0; i < seers->len; i++)
      note_camera(cameras->needed, g_array_index(seers, gint64, i));
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* Whatever the step: only what is in the range at all is asked for. */
static guint whole_spans(const IvKpiScope *scope, IvRollupSpan *ret_spans) {
  return iv_rollup_spans(scope, scope->range, IV_ROLLUP_DAY, ret_spans);
}

void iv_line_cameras_clear(IvLineCameras *cameras) {
  g_clear_pointer(&cameras->drawn, g_array_unref);
  g_clear_pointer(&cameras->needed, g_array_unref);
}

gboolean iv_kpi_scope_line_cameras(const IvKpiScope *scope, const char *line_kind,
                                   IvLineCameras *ret_cameras, GError **error) {
#define COUNTED(level)                                                                             \
  "SELECT DISTINCT k.camera_no, k.line_no FROM " level "_line k JOIN scene_lines s "               \
  "ON s.camera_no = k.camera_no AND s.version = k.scene_version AND s.line_no = k.line_no "        \
  "WHERE k.store_no = $1 AND k.bucket >= $2 AND k.bucket < $3 AND s.kind = $4"
  static const char *const texts[] = IV_ROLLUP_TEXTS(COUNTED);
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  g_auto(IvLineCameras) cameras = {g_array_new(FALSE, FALSE, sizeof(gint64)),
                                   g_array_new(FALSE, FALSE, sizeof(gint64))};
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT c.camera_no, s.line_no FROM cameras c JOIN scene_lines s "
                  "ON s.camera_no = c.camera_no AND s.version = c.scene_version "
                  "WHERE c.store_no = $1 AND c.in_config = 1 AND c.enabled = 1 AND s.kind = $2");
  iv_bind_int(st, scope->store.no);
  iv_bind_text(st, line_kind);
  if (!note_cameras(scope, &cameras, st, error))
    return FALSE;
  guint n = whole_spans(scope, spans);
  for (guint i = 0; i < n; i++) {
    st = iv_rollup_ask(scope, &spans[i], texts);
    iv_bind_text(st, line_kind);
    if (!note_cameras(scope, &cameras, st, error))
      return FALSE;
  }
  *ret_cameras = cameras;
  cameras = (IvLineCameras){0};
  return TRUE;
}

/* ---- each line ---- */

typedef struct {
  gint64 in, out, turn_backs, pass_bys;
} LineCounts;

/* Table of line_no (gint64) to LineCounts. */
static GHashTable *read_counts(const IvKpiScope *scope, GError **error) {
#define SUMS(level)                                                                                \
  "SELECT line_no, sum(crossed_in), sum(crossed_out), sum(turn_backs), sum(pass_bys) "             \
  "FROM " level "_line WHERE store_no = $1 AND bucket >= $2 AND bucket < $3 GROUP BY line_no"
  static const char *const texts[] = IV_ROLLUP_TEXTS(SUMS);
  GError *wrong = NULL;
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  g_autoptr(GHashTable) counts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  guint n = whole_spans(scope, spans);
  for (guint i = 0; !wrong && i < n; i++) {
    IvStatement *st = iv_rollup_ask(scope, &spans[i], texts);
    while (iv_step_row(st, &wrong)) {
      gint64 no = iv_column_int(st, 0);
      LineCounts *line = g_hash_table_lookup(counts, &no);
      if (!line) {
        line = g_new0(LineCounts, 1);
        g_hash_table_insert(counts, g_memdup2(&no, sizeof no), line);
      }
      line->in += iv_column_int(st, 1);
      line->out += iv_column_int(st, 2);
      line->turn_backs += iv_column_int(st, 3);
      line->pass_bys += iv_column_int(st, 4);
    }
  }
  if (!wrong)
    return g_steal_pointer(&counts);
  g_propagate_error(error, wrong);
  return NULL;
}

static gboolean read_line(const IvKpiScope *scope, IvStatement *st, const LineCounts *counts,
                          IvLineTraffic *ret_line, GError **error) {
  *ret_line = (IvLineTraffic){.kind = IV_LINE_INTERNAL};
  if (counts) {
    ret_line->in = counts->in;
    ret_line->out = counts->out;
    ret_line->turn_backs = counts->turn_backs;
    ret_line->pass_bys = counts->pass_bys;
  }
  iv_slug_set(&ret_line->line_id, iv_column_text(st, 0));
  iv_slug_set(&ret_line->camera_id, iv_column_text(st, 1));
  g_strlcpy(ret_line->name, iv_column_text(st, 2), sizeof ret_line->name);
  int kind = iv_line_kind_from_name(iv_column_text(st, 3));
  if (kind >= 0)
    ret_line->kind = (IvLineKind)kind;
  gint64 camera_no = iv_column_int(st, 4);
  g_autoptr(GArray) nos = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_array_append_val(nos, camera_no);
  iv_kpi_scope_see_plan(scope, IV_PLAN_ITEM_LINE, iv_column_int(st, 5), nos);
  if (!iv_kpi_scope_watch(scope, nos, error))
    return FALSE;
  ret_line->coverage = iv_kpi_scope_coverage(scope, scope->range, nos, &ret_line->known);
  ret_line->known |= counts && (counts->in > 0 || counts->out > 0);
  return TRUE;
}

GArray *iv_kpi_scope_lines(const IvKpiScope *scope, GError **error) {
  GError *wrong = NULL;
  g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(IvLineTraffic));
  g_autoptr(GHashTable) counts = read_counts(scope, error);
  if (!counts)
    return NULL;
  IvStatement *st = iv_sql_statement(
      scope->sql,
      "SELECT l.id, c.id, l.name, l.kind, c.camera_no, l.line_no, c.in_config = 1 AND EXISTS "
      "(SELECT 1 FROM scene_lines s WHERE s.camera_no = c.camera_no "
      "AND s.version = c.scene_version AND s.line_no = l.line_no) FROM lines l "
      "JOIN cameras c ON c.camera_no = l.camera_no "
      "WHERE l.store_no = $1 ORDER BY c.number, c.id, l.id");
  iv_bind_int(st, scope->store.no);
  while (!wrong && iv_step_row(st, &wrong)) {
    IvLineTraffic line;
    gint64 no = iv_column_int(st, 5);
    const LineCounts *of_line = g_hash_table_lookup(counts, &no);
    if ((of_line || iv_column_int(st, 6)) && read_line(scope, st, of_line, &line, &wrong))
      g_array_append_val(lines, line);
  }
  if (!wrong)
    return g_steal_pointer(&lines);
  iv_statement_reset(st);
  return fail(error, wrong);
}
