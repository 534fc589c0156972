/* SPDX-License-Identifier: Apache-2.0 */
/* Reading audits of counts: the audits, what was marked, and what state that leaves lines in. */
#include <string.h>

#include "store/audits.h"
#include "store/lookup.h"

#define AUDITS_SELECT                                                                              \
  "SELECT a.audit_no, c.id, l.id, a.scene_version, a.from_ts, a.to_ts, a.asked_ts, a.asked_by, "   \
  "a.seed FROM count_audits a JOIN cameras c ON c.camera_no = a.camera_no "                        \
  "JOIN lines l ON l.line_no = a.line_no "

static void clear_interval(gpointer interval) {
  g_clear_pointer(&((IvCountInterval *)interval)->settled_by, g_free);
}

static void clear_audit(gpointer audit) {
  iv_count_audit_clear(audit);
}

static IvCountAudit read_audit(IvStatement *st) {
  IvCountAudit audit = {.no = iv_column_int(st, 0),
                        .scene_version = (int)iv_column_int(st, 3),
                        .from = iv_column_time(st, 4),
                        .to = iv_column_time(st, 5),
                        .asked = iv_column_time(st, 6),
                        .asked_by = g_strdup(iv_column_text(st, 7)),
                        .seed = (guint64)iv_column_int(st, 8),
                        .intervals = g_array_new(FALSE, TRUE, sizeof(IvCountInterval))};
  iv_slug_set(&audit.camera_id, iv_column_text(st, 1));
  iv_slug_set(&audit.line_id, iv_column_text(st, 2));
  g_array_set_clear_func(audit.intervals, clear_interval);
  return audit;
}

static gboolean read_intervals(IvSql *sql, IvCountAudit *audit, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT interval_no, from_ts, to_ts, busy, state, settled_ts, settled_by, manual_in, "
           "manual_out, counted_in, counted_out, found, correct FROM count_audit_intervals WHERE "
           "audit_no = $1 ORDER BY from_ts");
  iv_bind_int(st, audit->no);
  while (iv_step_row(st, &wrong)) {
    const char *state = iv_column_text(st, 4);
    IvCountInterval interval = {
        .no = iv_column_int(st, 0),
        .from = iv_column_time(st, 1),
        .to = iv_column_time(st, 2),
        .busy = iv_column_int(st, 3) != 0,
        .state = IV_COUNT_INTERVAL_VOID,
        .settled = iv_column_is_null(st, 5) ? IV_TIME_NONE : iv_column_time(st, 5),
        .settled_by = g_strdup(iv_column_text(st, 6)),
        .counts = {iv_column_int(st, 7), iv_column_int(st, 8), iv_column_int(st, 9),
                   iv_column_int(st, 10), iv_column_int(st, 11), iv_column_int(st, 12)}};
    for (int i = IV_COUNT_INTERVAL_OPEN; i <= IV_COUNT_INTERVAL_COUNTED; i++)
      if (strcmp(state, iv_count_interval_state_name((IvCountIntervalState)i)) == 0)
        interval.state = (IvCountIntervalState)i;
    g_array_append_val(audit->intervals, interval);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* All that the statement gives, with their intervals. */
static GArray *read_audits(IvSql *sql, IvStatement *st, GError **error) {
  GError *wrong = NULL;
  g_autoptr(GArray) audits = g_array_new(FALSE, TRUE, sizeof(IvCountAudit));
  g_array_set_clear_func(audits, clear_audit);
  while (iv_step_row(st, &wrong)) {
    IvCountAudit audit = read_audit(st);
    g_array_append_val(audits, audit);
  }
  for (guint i = 0; !wrong && i < audits->len; i++)
    read_intervals(sql, &g_array_index(audits, IvCountAudit, i), &wrong);
  if (!wrong)
    return g_steal_pointer(&audits);
  g_propagate_error(error, wrong);
  return NULL;
}

GArray *iv_count_audits_list(IvStore *store, const char *store_id, IvTime deadline,
                             GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(read.sql, AUDITS_SELECT "WHERE a.store_no = $1 ORDER BY "
                                                             "a.audit_no DESC");
  iv_bind_int(st, key.no);
  return read_audits(read.sql, st, error);
}

gboolean iv_count_audits_get(IvStore *store, const char *store_id, gint64 no, IvTime deadline,
                             IvCountAudit *ret_audit, GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  IvStatement *st =
      iv_sql_statement(read.sql, AUDITS_SELECT "WHERE a.store_no = $1 AND a.audit_no = $2");
  iv_bind_int(st, key.no);
  iv_bind_int(st, no);
  if (!iv_step_row(st, error))
    return FALSE;
  g_auto(IvCountAudit) audit = read_audit(st);
  iv_statement_reset(st);
  if (!read_intervals(read.sql, &audit, error))
    return FALSE;
  *ret_audit = audit;
  audit = (IvCountAudit){0};
  return TRUE;
}

GArray *iv_count_audits_marks(IvStore *store, gint64 interval, IvTime deadline, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql)
    return NULL;
  g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(IvAuditMark));
  IvStatement *st = iv_sql_statement(read.sql, "SELECT ts, out FROM count_audit_marks WHERE "
                                               "interval_no = $1 ORDER BY place");
  iv_bind_int(st, interval);
  while (iv_step_row(st, &wrong)) {
    IvAuditMark mark = {iv_column_time(st, 0), iv_column_int(st, 1) != 0};
    g_array_append_val(marks, mark);
  }
  if (!wrong)
    return g_steal_pointer(&marks);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

/* ---- states of lines ---- */

static gboolean is_over(const IvCountAudit *audit) {
  for (guint i = 0; i < audit->intervals->len; i++)
    if (g_array_index(audit->intervals, IvCountInterval, i).state == IV_COUNT_INTERVAL_OPEN)
      return FALSE;
  return TRUE;
}

/* Whoever could stop once it looks well would pass too often: only whole audits count. Bounds of
 * the net error are for the one that is shown. */
static void judge(const GArray *audits, IvLineAudit *line, int scene_version) {
  const IvCountAudit *last = NULL;
  g_autoptr(GArray) figures = g_array_new(FALSE, FALSE, sizeof(IvAuditFigures));
  for (guint i = 0; i < audits->len; i++) {
    const IvCountAudit *audit = &g_array_index(audits, IvCountAudit, i);
    IvAuditFigures one = iv_count_audit_figures(audit, 0);
    if (strcmp(audit->camera_id.text, line->camera_id.text) != 0 ||
        strcmp(audit->line_id.text, line->line_id.text) != 0 || one.intervals == 0 ||
        !is_over(audit))
      continue;
    g_array_append_val(figures, one);
    line->audited = audit->to;
    last = audit;
    line->redrawn = audit->scene_version != scene_version;
  }
  if (last)
    line->figures = iv_count_audit_figures(last, IV_AUDIT_RESAMPLES);
  line->state = iv_audit_state((const IvAuditFigures *)(gpointer)figures->data, figures->len);
}

GArray *iv_count_audits_lines(IvStore *store, const char *store_id, IvTime deadline,
                              GError **error) {
  IvStoreKey key;
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(read.sql, AUDITS_SELECT
                                     "WHERE a.store_no = $1 ORDER BY a.to_ts, a.audit_no");
  iv_bind_int(st, key.no);
  g_autoptr(GArray) audits = read_audits(read.sql, st, error);
  if (!audits)
    return NULL;
  g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(IvLineAudit));
  st = iv_sql_statement(
      read.sql,
      "SELECT c.id, l.id, c.scene_version, s.kind FROM lines l JOIN cameras c ON c.camera_no = "
      "l.camera_no JOIN scene_lines s ON s.camera_no = c.camera_no AND s.version = "
      "c.scene_version AND s.line_no = l.line_no WHERE l.store_no = $1 AND c.in_config = 1 "
      "ORDER BY c.number, c.id, l.id");
  iv_bind_int(st, key.no);
  while (iv_step_row(st, &wrong)) {
    IvLineAudit line = {.audited = IV_TIME_NONE, .figures = iv_audit_figures(NULL, 0, 0, 0)};
    iv_slug_set(&line.camera_id, iv_column_text(st, 0));
    iv_slug_set(&line.line_id, iv_column_text(st, 1));
    int kind = iv_line_kind_from_name(iv_column_text(st, 3));
    line.kind = kind >= 0 ? (IvLineKind)kind : IV_LINE_INTERNAL;
    judge(audits, &line, (int)iv_column_int(st, 2));
    g_array_append_val(lines, line);
  }
  if (!wrong)
    return g_steal_pointer(&lines);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

gboolean iv_count_audits_of_kind(const GArray *lines, IvLineKind kind, IvAuditState *ret_state) {
  /* From the best to the worst. */
  static const int rank[] = {
      [IV_AUDIT_STATE_PASSED] = 0, [IV_AUDIT_STATE_UNDECIDED] = 1, [IV_AUDIT_STATE_NEVER] = 2,
      [IV_AUDIT_STATE_FAILED] = 3, [IV_AUDIT_STATE_DRIFTED] = 4,
  };
  gboolean any = FALSE;
  *ret_state = IV_AUDIT_STATE_PASSED;
  for (guint i = 0; i < lines->len; i++) {
    const IvLineAudit *line = &g_array_index(lines, IvLineAudit, i);
    IvAuditState state = line->state == IV_AUDIT_STATE_PASSED && line->redrawn
                             ? IV_AUDIT_STATE_UNDECIDED
                             : line->state;
    if (line->kind != kind)
      continue;
    any = TRUE;
    if (rank[state] > rank[*ret_state])
      *ret_state = state;
  }
  return any;
}
