/* SPDX-License-Identifier: Apache-2.0 */
#include "store/count.h"

#include <string.h>

#include "kpi/sketch.h"
#include "store/days.h"
#include "store/lookup.h"

/* Key columns of each subject's table after store_no and bucket, in the order they are bound. */
static const char *const keys[IV_SUBJECTS] = {
    [IV_SUBJECT_STORE] = "",
    [IV_SUBJECT_CAMERA] = ", camera_no",
    [IV_SUBJECT_LINE] = ", line_no, camera_no, scene_version",
    [IV_SUBJECT_ZONE] = ", zone_no, camera_no, scene_version",
    [IV_SUBJECT_LANE] = ", lane_no, camera_no, scene_version",
};
static const int n_keys[IV_SUBJECTS] = {0, 1, 3, 3, 3};

/* "INSERT INTO t (...) VALUES (...) ON CONFLICT (...) DO UPDATE SET a = t.a + excluded.a, ..." */
static char *upsert_text(IvSubject subject) {
  const IvSubjectInfo *info = iv_subject_info(subject);
  g_autoptr(GString) columns = g_string_new(NULL), values = g_string_new("$1, $2");
  GString *text = g_string_new(NULL), *updates = g_string_new(NULL);
  int parameter = 2;
  for (int i = 0; i < n_keys[subject]; i++)
    g_string_append_printf(values, ", $%d", ++parameter);
  for (guint i = 0; i < info->n_measures; i++) {
    const char *c = info->measures[i].column, *t = info->table, *comma = i ? ", " : "";
    g_string_append_printf(columns, ", %s", c);
    g_string_append_printf(values, ", $%d", ++parameter);
    if (info->measures[i].is_max)
      g_string_append_printf(updates,
                             "%s%s = CASE WHEN excluded.%s > %s.%s THEN excluded.%s ELSE %s.%s END",
                             comma, c, c, t, c, c, t, c);
    else
      g_string_append_printf(updates, "%s%s = %s.%s + excluded.%s", comma, c, t, c, c);
  }
  g_string_append_printf(text,
                         "INSERT INTO %s (store_no, bucket%s%s) VALUES (%s) "
                         "ON CONFLICT (store_no, bucket%s) DO UPDATE SET %s",
                         info->table, keys[subject], columns->str, values->str, keys[subject],
                         updates->str);
  g_string_free(updates, TRUE);
  return g_string_free(text, FALSE);
}

static const char *upsert(IvSubject subject) {
  static char *texts[IV_SUBJECTS]; /* made once, kept for good */
  if (g_once_init_enter(&texts[subject]))
    g_once_init_leave(&texts[subject], upsert_text(subject));
  return texts[subject];
}

static gint64 subject_no(IvSubject subject, const IvEventNos *nos) {
  return subject == IV_SUBJECT_LINE   ? nos->line
         : subject == IV_SUBJECT_LANE ? nos->lane
                                      : nos->zone;
}

static void bind_keys(IvStatement *st, IvSubject subject, const IvEvent *event,
                      const IvEventNos *nos) {
  if (subject == IV_SUBJECT_STORE)
    return;
  if (subject != IV_SUBJECT_CAMERA)
    iv_bind_int(st, subject_no(subject, nos));
  iv_bind_int(st, nos->camera);
  if (subject != IV_SUBJECT_CAMERA)
    iv_bind_int(st, event->scene_version);
}

static gboolean is_wanted(const IvCounting *counting, IvTime bucket) {
  return counting->only.from == counting->only.to ||
         (bucket >= counting->only.from && bucket < counting->only.to);
}

static gboolean note_day(IvCounting *counting, IvTime bucket, GError **error) {
  if (!counting->zone || (bucket >= counting->known_day.from && bucket < counting->known_day.to))
    return TRUE;
  if (!iv_days_note(counting->sql, counting->store_no, counting->zone, bucket, error))
    return FALSE;
  counting->known_day = (IvPeriod){iv_calendar_day_start(counting->zone, bucket),
                                   iv_calendar_day_end(counting->zone, bucket)};
  return TRUE;
}

static gboolean add_delta(IvCounting *counting, const IvBucketDelta *delta, const IvEvent *event,
                          const IvEventNos *nos, GError **error) {
  const IvSubjectInfo *info = iv_subject_info(delta->subject);
  if (!is_wanted(counting, delta->bucket))
    return TRUE;
  IvStatement *st = iv_sql_statement(counting->sql, upsert(delta->subject));
  iv_bind_int(st, counting->store_no);
  iv_bind_time(st, delta->bucket);
  bind_keys(st, delta->subject, event, nos);
  for (guint i = 0; i < info->n_measures; i++)
    iv_bind_int(st, delta->amounts[i]);
  return iv_step_done(st, error) &&
         (delta->subject != IV_SUBJECT_STORE || note_day(counting, delta->bucket, error));
}

/* ---- the kind of a line ---- */

static gboolean find_line_kind(IvCounting *counting, const IvEvent *event, const IvEventNos *nos,
                               int *ret_kind, GError **error) {
  g_autoptr(GError) wrong = NULL;
  *ret_kind = -1;
  if (!nos->line)
    return TRUE;
  IvStatement *st =
      iv_sql_statement(counting->sql, "SELECT kind FROM scene_lines "
                                      "WHERE camera_no = $1 AND version = $2 AND line_no = $3");
  iv_bind_int(st, nos->camera);
  iv_bind_int(st, event->scene_version);
  iv_bind_int(st, nos->line);
  if (iv_step_row(st, &wrong)) {
    *ret_kind = iv_line_kind_from_name(iv_column_text(st, 0));
    iv_statement_reset(st);
  } else {
    counting->unplaced++;
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* ---- how lengths are distributed ---- */

/* Texts of one sketch column; its table has the keys of zones or of lanes. To write, the sketch is
 * bound first. */
static char *spread_text(IvSpread spread, gboolean write) {
  const IvSpreadInfo *info = iv_spread_info(spread);
  const char *table = iv_subject_info(info->subject)->table;
  const char *no = info->subject == IV_SUBJECT_LANE ? "lane_no" : "zone_no";
  int n = write ? 1 : 0;
  g_autofree char *head = write ? g_strdup_printf("UPDATE %s SET %s = $1", table, info->column)
                                : g_strdup_printf("SELECT %s FROM %s", info->column, table);
  return g_strdup_printf("%s WHERE store_no = $%d AND bucket = $%d AND %s = $%d "
                         "AND camera_no = $%d AND scene_version = $%d",
                         head, n + 1, n + 2, no, n + 3, n + 4, n + 5);
}

static const char *spread_sql(IvSpread spread, gboolean write) {
  static char *texts[IV_SPREADS][2]; /* made once, kept for good */
  char **text = &texts[spread][write ? 1 : 0];
  if (g_once_init_enter(text))
    g_once_init_leave(text, spread_text(spread, write));
  return *text;
}

static void bind_spread(IvStatement *st, const IvCounting *counting, IvSpread spread,
                        const IvEvent *event, const IvEventNos *nos) {
  iv_bind_int(st, counting->store_no);
  iv_bind_time(st, iv_time_floor(event->ts, IV_BUCKET_SPAN));
  iv_bind_int(st, subject_no(iv_spread_info(spread)->subject, nos));
  iv_bind_int(st, nos->camera);
  iv_bind_int(st, event->scene_version);
}

/* The row is there: add_delta came first. */
static gboolean add_length(IvCounting *counting, const IvEvent *event, const IvEventNos *nos,
                           GError **error) {
  gint64 length_ms;
  IvSpread spread;
  gsize n;
  if (!iv_bucket_length(event, &counting->limits, &spread, &length_ms) ||
      !is_wanted(counting, iv_time_floor(event->ts, IV_BUCKET_SPAN)))
    return TRUE;
  g_autoptr(GError) wrong = NULL;
  g_autoptr(IvSketch) sketch = NULL;
  IvStatement *st = iv_sql_statement(counting->sql, spread_sql(spread, FALSE));
  bind_spread(st, counting, spread, event, nos);
  if (iv_step_row(st, &wrong)) {
    const void *bytes = iv_column_blob(st, 0, &n);
    sketch = iv_sketch_from_bytes(bytes, n);
    iv_statement_reset(st);
  }
  if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  if (!sketch)
    sketch = iv_sketch_new();
  iv_sketch_add(sketch, length_ms);
  g_autoptr(GBytes) after = iv_sketch_to_bytes(sketch);
  const void *bytes = g_bytes_get_data(after, &n);
  st = iv_sql_statement(counting->sql, spread_sql(spread, TRUE));
  iv_bind_blob(st, bytes, n);
  bind_spread(st, counting, spread, event, nos);
  return iv_step_done(st, error);
}

/* ---- the event ---- */

static void touch_zone(IvCounting *counting, const IvEvent *event, const IvEventNos *nos) {
  IvTime end = MAX(event->end_ts, event->ts + 1) - 1;
  IvPeriod span = {iv_time_floor(event->ts, IV_BUCKET_SPAN),
                   iv_time_floor(end, IV_BUCKET_SPAN) + IV_BUCKET_SPAN};
  for (guint i = 0; i < counting->touched->len; i++) {
    IvTouchedZone *zone = &g_array_index(counting->touched, IvTouchedZone, i);
    if (zone->zone != nos->zone || zone->camera != nos->camera ||
        zone->scene_version != event->scene_version || zone->span.from > span.to ||
        zone->span.to < span.from)
      continue;
    zone->span.from = MIN(zone->span.from, span.from);
    zone->span.to = MAX(zone->span.to, span.to);
    return;
  }
  IvTouchedZone zone = {nos->zone, nos->camera, event->scene_version, span};
  g_array_append_val(counting->touched, zone);
}

gboolean iv_count_event(IvCounting *counting, const IvEvent *event, const IvEventNos *nos,
                        GError **error) {
  IvBucketDelta deltas[IV_BUCKET_DELTAS_MAX];
  int line_kind;
  if (!find_line_kind(counting, event, nos, &line_kind, error))
    return FALSE;
  guint n = iv_bucket_deltas(event, line_kind, &counting->limits, deltas);
  for (guint i = 0; i < n; i++)
    if (!add_delta(counting, &deltas[i], event, nos, error))
      return FALSE;
  if (event->kind == IV_EVENT_ZONE_VISIT)
    touch_zone(counting, event, nos);
  return add_length(counting, event, nos, error);
}
