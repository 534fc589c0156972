/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_scope.h"

static GArray *fail(GError **error, GError *wrong) {
  g_propagate_error(error, wrong);
  return NULL;
}

GArray *iv_kpi_scope_line_cameras(const IvKpiScope *scope, const char *line_kind, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) nos = g_array_new(FALSE, FALSE, sizeof(gint64));
  IvStatement *st = iv_sql_statement(
      scope->sql,
      "SELECT c.camera_no FROM cameras c JOIN scene_lines s ON s.camera_no = c.camera_no "
      "AND s.version = c.scene_version WHERE c.store_no = $1 AND c.in_config = 1 "
      "AND c.enabled = 1 AND s.kind = $2 "
      "UNION SELECT k.camera_no FROM kpi_5min_line k JOIN scene_lines s "
      "ON s.camera_no = k.camera_no AND s.version = k.scene_version AND s.line_no = k.line_no "
      "WHERE k.store_no = $1 AND k.bucket >= $3 AND k.bucket < $4 AND s.kind = $2 ORDER BY 1");
  iv_bind_int(st, scope->store.no);
  iv_bind_text(st, line_kind);
  iv_bind_time(st, scope->range.from);
  iv_bind_time(st, scope->range.to);
  while (iv_step_row(st, &wrong)) {
    gint64 no = iv_column_int(st, 0);
    g_array_append_val(nos, no);
  }
  return wrong ? fail(error, g_steal_pointer(&wrong)) : g_steal_pointer(&nos);
}

static void read_line(const IvKpiScope *scope, IvStatement *st, IvLineTraffic *ret_line) {
  *ret_line = (IvLineTraffic){.kind = IV_LINE_INTERNAL,
                              .in = iv_column_int(st, 4),
                              .out = iv_column_int(st, 5),
                              .turn_backs = iv_column_int(st, 6),
                              .pass_bys = iv_column_int(st, 7)};
  iv_slug_set(&ret_line->line_id, iv_column_text(st, 0));
  iv_slug_set(&ret_line->camera_id, iv_column_text(st, 1));
  g_strlcpy(ret_line->name, iv_column_text(st, 2), sizeof ret_line->name);
  int kind = iv_line_kind_from_name(iv_column_text(st, 3));
  if (kind >= 0)
    ret_line->kind = (IvLineKind)kind;
  gint64 camera_no = iv_column_int(st, 8);
  g_autoptr(GArray) nos = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_array_append_val(nos, camera_no);
  ret_line->coverage = iv_kpi_scope_coverage(scope, scope->range, nos, NULL);
}

GArray *iv_kpi_scope_lines(const IvKpiScope *scope, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(IvLineTraffic));
  IvStatement *st = iv_sql_statement(
      scope->sql,
      "SELECT l.id, c.id, l.name, l.kind, coalesce(k.n_in, 0), coalesce(k.n_out, 0), "
      "coalesce(k.n_back, 0), coalesce(k.n_by, 0), c.camera_no FROM lines l "
      "JOIN cameras c ON c.camera_no = l.camera_no LEFT JOIN (SELECT line_no, "
      "sum(crossed_in) AS n_in, sum(crossed_out) AS n_out, sum(turn_backs) AS n_back, "
      "sum(pass_bys) AS n_by FROM kpi_5min_line WHERE store_no = $1 AND bucket >= $2 "
      "AND bucket < $3 GROUP BY line_no) k ON k.line_no = l.line_no "
      "WHERE l.store_no = $1 AND (k.line_no IS NOT NULL OR (c.in_config = 1 AND EXISTS "
      "(SELECT 1 FROM scene_lines s WHERE s.camera_no = c.camera_no "
      "AND s.version = c.scene_version AND s.line_no = l.line_no))) ORDER BY c.number, c.id, l.id");
  iv_bind_int(st, scope->store.no);
  iv_bind_time(st, scope->range.from);
  iv_bind_time(st, scope->range.to);
  while (iv_step_row(st, &wrong)) {
    IvLineTraffic line;
    read_line(scope, st, &line);
    g_array_append_val(lines, line);
  }
  return wrong ? fail(error, g_steal_pointer(&wrong)) : g_steal_pointer(&lines);
}
