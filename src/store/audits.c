/* SPDX-License-Identifier: Apache-2.0 */
#include "store/audits.h"

#include <string.h>

#include "store/event_row.h"
#include "store/lookup.h"
#include "store/segments.h"

#define WATCHED_MIN_PER_CENT                                                                       \
  95 /* of a bucket, below which a miss is the coverage's and not the count's */
#define GAP_MAX IV_SECOND /* between two files: the camera's clock */

static const char *const state_names[] = {
    [IV_COUNT_INTERVAL_OPEN] = "open",
    [IV_COUNT_INTERVAL_COUNTED] = "counted",
    [IV_COUNT_INTERVAL_VOID] = "void",
};

const char *iv_count_interval_state_name(IvCountIntervalState state) {
  return state_names[state];
}

void iv_count_audit_clear(IvCountAudit *audit) {
  g_clear_pointer(&audit->asked_by, g_free);
  g_clear_pointer(&audit->intervals, g_array_unref);
}

IvAuditFigures iv_count_audit_figures(const IvCountAudit *audit, guint resamples) {
  g_autoptr(GArray) counts = g_array_new(FALSE, FALSE, sizeof(IvAuditCounts));
  for (guint i = 0; i < audit->intervals->len; i++) {
    const IvCountInterval *interval = &g_array_index(audit->intervals, IvCountInterval, i);
    if (interval->state == IV_COUNT_INTERVAL_COUNTED)
      g_array_append_val(counts, interval->counts);
  }
  return iv_audit_figures((const IvAuditCounts *)(gpointer)counts->data, counts->len, resamples,
                          audit->seed);
}

static gboolean refuse(GError **error, IvStoreError code, const char *text) {
  g_set_error_literal(error, IV_STORE_ERROR, code, text);
  return FALSE;
}

/* ---- planning ---- */

typedef struct {
  gint64 store, camera, line;
} Nos;

static gboolean find_nos(IvSql *sql, const char *store_id, const IvCountAudit *audit, Nos *ret_nos,
                         GError **error) {
  IvStoreKey key;
  if (!iv_lookup_store(sql, store_id, &key, error) ||
      !iv_lookup_camera(sql, key.no, audit->camera_id.text, &ret_nos->camera, error))
    return FALSE;
  ret_nos->store = key.no;
  IvStatement *st =
      iv_sql_statement(sql, "SELECT line_no FROM lines WHERE camera_no = $1 AND id = $2");
  iv_bind_int(st, ret_nos->camera);
  iv_bind_text(st, audit->line_id.text);
  if (!iv_lookup_int(st, 0, &ret_nos->line, error))
    return FALSE;
  return ret_nos->line ? TRUE
                       : refuse(error, IV_STORE_ERROR_NOT_FOUND, "The camera has no such line.");
}

static gboolean check_room(IvSql *sql, gint64 store, GError **error) {
  gint64 all = 0, open = 0;
  IvStatement *st = iv_sql_statement(sql, "SELECT count(*) FROM count_audits WHERE store_no = $1");
  iv_bind_int(st, store);
  if (!iv_lookup_int(st, 0, &all, error))
    return FALSE;
  st = iv_sql_statement(sql, "SELECT count(DISTINCT a.audit_no) FROM count_audits a JOIN "
                             "count_audit_intervals i ON i.audit_no = a.audit_no WHERE "
                             "a.store_no = $1 AND i.state = 'open'");
  iv_bind_int(st, store);
  if (!iv_lookup_int(st, 0, &open, error))
    return FALSE;
  if (all >= IV_COUNT_AUDITS_MAX)
    return refuse(error, IV_STORE_ERROR_LIMIT, "The store has 500 audits; delete old ones.");
  return open < IV_COUNT_AUDITS_OPEN_MAX
             ? TRUE
             : refuse(error, IV_STORE_ERROR_LIMIT,
                      "20 audits have intervals to be counted; count or delete some first.");
}

/* Buckets that lie in a recorded span, with what is needed around them. */
static void add_buckets(GArray *candidates, const IvCountAudit *audit, IvTime start, IvTime end) {
  IvTime from = MAX(start + IV_AUDIT_TOLERANCE, audit->from);
  IvTime to = MIN(end - IV_AUDIT_TOLERANCE, audit->to);
  for (IvTime ts = (from + IV_AUDIT_LENGTH - 1) / IV_AUDIT_LENGTH * IV_AUDIT_LENGTH;
       ts + IV_AUDIT_LENGTH <= to; ts += IV_AUDIT_LENGTH) {
    IvAuditCandidate candidate = {.from = ts};
    g_array_append_val(candidates, candidate);
  }
}

static gboolean find_recorded(IvSql *sql, gint64 camera, const IvCountAudit *audit,
                              GArray *candidates, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvTime start = IV_TIME_NONE, end = IV_TIME_NONE;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT start_ts, end_ts FROM segments WHERE camera_no = $1 AND start_ts > $2 AND "
           "start_ts < $3 AND end_ts > $4 AND doomed = 0 ORDER BY start_ts, segment_no");
  iv_bind_int(st, camera);
  iv_bind_time(st, audit->from - IV_SEGMENT_LENGTH_MAX);
  iv_bind_time(st, audit->to + IV_AUDIT_TOLERANCE);
  iv_bind_time(st, audit->from - IV_AUDIT_TOLERANCE);
  while (iv_step_row(st, &wrong)) {
    IvTime next = iv_column_time(st, 0), until = iv_column_time(st, 1);
    if (start != IV_TIME_NONE && next - end <= GAP_MAX) {
      end = MAX(end, until);
      continue;
    }
    if (start != IV_TIME_NONE)
      add_buckets(candidates, audit, start, end);
    start = next;
    end = until;
  }
  if (start != IV_TIME_NONE)
    add_buckets(candidates, audit, start, end);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* Table of times to whole numbers: the two columns. */
static GHashTable *read_times(IvStatement *st, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GHashTable) times = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  while (iv_step_row(st, &wrong)) {
    gint64 ts = iv_column_int(st, 0), value = iv_column_int(st, 1);
    g_hash_table_insert(times, g_memdup2(&ts, sizeof ts), g_memdup2(&value, sizeof value));
  }
  if (!wrong)
    return g_steal_pointer(&times);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

static void bind_span(IvStatement *st, gint64 no, const IvCountAudit *audit) {
  iv_bind_int(st, no);
  iv_bind_time(st, audit->from);
  iv_bind_time(st, audit->to);
}

/* Keeps those that were watched and not audited yet; tells how busy they were. */
static gboolean sift(IvSql *sql, const Nos *nos, const IvCountAudit *audit, GArray *candidates,
                     GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "SELECT bucket, 1 FROM kpi_5min_camera WHERE camera_no = $1 AND bucket >= $2 AND "
           "bucket < $3 AND store_no = $4 AND alive_ms >= $5");
  bind_span(st, nos->camera, audit);
  iv_bind_int(st, nos->store);
  iv_bind_int(st, IV_AUDIT_LENGTH / IV_MS * WATCHED_MIN_PER_CENT / 100);
  g_autoptr(GHashTable) watched = read_times(st, error);
  if (!watched)
    return FALSE;
  st = iv_sql_statement(sql, "SELECT i.from_ts, 1 FROM count_audit_intervals i JOIN count_audits a "
                             "ON a.audit_no = i.audit_no WHERE a.line_no = $1 AND i.from_ts >= $2 "
                             "AND i.from_ts < $3");
  bind_span(st, nos->line, audit);
  g_autoptr(GHashTable) taken = read_times(st, error);
  if (!taken)
    return FALSE;
  st = iv_sql_statement(sql, "SELECT bucket, sum(crossed_in + crossed_out) FROM kpi_5min_line "
                             "WHERE line_no = $1 AND bucket >= $2 AND bucket < $3 AND "
                             "store_no = $4 GROUP BY bucket");
  bind_span(st, nos->line, audit);
  iv_bind_int(st, nos->store);
  g_autoptr(GHashTable) crossings = read_times(st, error);
  if (!crossings)
    return FALSE;
  guint kept = 0;
  for (guint i = 0; i < candidates->len; i++) {
    IvAuditCandidate one = g_array_index(candidates, IvAuditCandidate, i);
    const gint64 *n = g_hash_table_lookup(crossings, &one.from);
    one.crossings = n ? *n : 0;
    if (g_hash_table_contains(watched, &one.from) && !g_hash_table_contains(taken, &one.from))
      g_array_index(candidates, IvAuditCandidate, kept++) = one;
  }
  g_array_set_size(candidates, kept);
  return TRUE;
}

static char *holder_of(gint64 interval) {
  return g_strdup_printf("count-audit:%" G_GINT64_FORMAT, interval);
}

static gboolean add_interval(IvSql *sql, const char *store_id, const IvCountAudit *audit,
                             const IvAuditCandidate *pick, GError **error) {
  IvTime to = pick->from + IV_AUDIT_LENGTH;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO count_audit_intervals (audit_no, from_ts, to_ts, busy, state) "
           "VALUES ($1, $2, $3, $4, 'open')");
  iv_bind_int(st, audit->no);
  iv_bind_time(st, pick->from);
  iv_bind_time(st, to);
  iv_bind_int(st, pick->busy);
  if (!iv_step_done(st, error))
    return FALSE;
  g_autofree char *holder = holder_of(iv_sql_last_row(sql));
  return iv_segments_hold(sql, store_id, audit->camera_id.text, pick->from - IV_AUDIT_TOLERANCE,
                          to + IV_AUDIT_TOLERANCE, holder, NULL, error);
}

static gboolean add_audit(IvSql *sql, const Nos *nos, IvCountAudit *audit, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO count_audits (store_no, camera_no, line_no, scene_version, from_ts, to_ts, "
           "asked_ts, asked_by, seed) SELECT $1, $2, $3, scene_version, $4, $5, $6, $7, $8 FROM "
           "cameras WHERE camera_no = $2");
  iv_bind_int(st, nos->store);
  iv_bind_int(st, nos->camera);
  iv_bind_int(st, nos->line);
  iv_bind_time(st, audit->from);
  iv_bind_time(st, audit->to);
  iv_bind_time(st, audit->asked);
  iv_bind_text(st, audit->asked_by);
  iv_bind_int(st, (gint64)audit->seed);
  if (!iv_step_done(st, error))
    return FALSE;
  audit->no = iv_sql_last_row(sql);
  return TRUE;
}

gboolean iv_count_audits_plan(IvSql *sql, const char *store_id, IvCountAudit *audit, guint wanted,
                              GError **error) {
  Nos nos = {0};
  IvAuditCandidate picks[IV_AUDIT_INTERVALS_MAX];
  g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(IvAuditCandidate));
  if (!find_nos(sql, store_id, audit, &nos, error) || !check_room(sql, nos.store, error) ||
      !find_recorded(sql, nos.camera, audit, candidates, error) ||
      !sift(sql, &nos, audit, candidates, error))
    return FALSE;
  guint n = iv_audit_sample((IvAuditCandidate *)(gpointer)candidates->data, candidates->len,
                            MIN(wanted, IV_AUDIT_INTERVALS_MAX), audit->seed, picks);
  if (n == 0)
    return refuse(error, IV_STORE_ERROR_CONFLICT,
                  "No five minutes of this time were recorded and watched whole, and are not "
                  "audited yet. Choose another time, or switch recording on for the camera.");
  if (!add_audit(sql, &nos, audit, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!add_interval(sql, store_id, audit, &picks[i], error))
      return FALSE;
  return TRUE;
}

/* ---- settling ---- */

typedef struct {
  gint64 line;
  IvTime from, to;
} Place;

static gboolean find_place(IvSql *sql, gint64 store, const IvCountSettle *settle, Place *ret_place,
                           GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT a.line_no, i.from_ts, i.to_ts, i.state FROM count_audit_intervals i JOIN "
           "count_audits a ON a.audit_no = i.audit_no WHERE a.store_no = $1 AND a.audit_no = $2 "
           "AND i.interval_no = $3");
  iv_bind_int(st, store);
  iv_bind_int(st, settle->audit);
  iv_bind_int(st, settle->interval);
  if (!iv_step_row(st, &wrong)) {
    if (!wrong)
      return refuse(error, IV_STORE_ERROR_NOT_FOUND, "There is no such interval of this audit.");
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  gboolean open = strcmp(iv_column_text(st, 3), "open") == 0;
  *ret_place = (Place){.line = iv_column_int(st, 0), iv_column_time(st, 1), iv_column_time(st, 2)};
  iv_statement_reset(st);
  return open ? TRUE
              : refuse(error, IV_STORE_ERROR_CONFLICT,
                       "This interval is settled already, and what the system counted was shown.");
}

static GArray *read_crossings(IvSql *sql, const char *store_id, gint64 store, const Place *place,
                              GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) crossings = g_array_new(FALSE, FALSE, sizeof(IvAuditMark));
  IvStatement *st = iv_sql_statement(
      sql, IV_EVENT_ROW_SELECT "WHERE e.store_no = $1 AND k.name = 'line.crossed' AND e.ts >= $2 "
                               "AND e.ts <= $3 AND e.line_no = $4 ORDER BY e.ts, e.id");
  iv_bind_int(st, store);
  iv_bind_time(st, place->from - IV_AUDIT_TOLERANCE);
  iv_bind_time(st, place->to + IV_AUDIT_TOLERANCE);
  iv_bind_int(st, place->line);
  while (iv_step_row(st, &wrong)) {
    IvEvent event;
    iv_event_row_read(st, store_id, &event, NULL);
    const IvAttr *direction = iv_event_attr(&event, IV_ATTR_DIRECTION);
    IvAuditMark mark = {event.ts, direction && strcmp(direction->text, "out") == 0};
    g_array_append_val(crossings, mark);
  }
  if (!wrong)
    return g_steal_pointer(&crossings);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

static gboolean add_marks(IvSql *sql, const IvCountSettle *settle, GError **error) {
  for (guint i = 0; i < settle->n_marks; i++) {
    IvStatement *st = iv_sql_statement(
        sql, "INSERT INTO count_audit_marks (interval_no, place, ts, out) VALUES ($1, $2, $3, $4)");
    iv_bind_int(st, settle->interval);
    iv_bind_int(st, i);
    iv_bind_time(st, settle->marks[i].ts);
    iv_bind_int(st, settle->marks[i].out);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean put_counts(IvSql *sql, const IvCountSettle *settle, const IvAuditCounts *counts,
                           GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "UPDATE count_audit_intervals SET state = $1, settled_ts = $2, settled_by = $3, "
           "manual_in = $4, manual_out = $5, counted_in = $6, counted_out = $7, found = $8, "
           "correct = $9 WHERE interval_no = $10");
  iv_bind_text(st,
               state_names[settle->is_void ? IV_COUNT_INTERVAL_VOID : IV_COUNT_INTERVAL_COUNTED]);
  iv_bind_time(st, settle->when);
  iv_bind_text(st, settle->who);
  iv_bind_int(st, counts->manual_in);
  iv_bind_int(st, counts->manual_out);
  iv_bind_int(st, counts->counted_in);
  iv_bind_int(st, counts->counted_out);
  iv_bind_int(st, counts->found);
  iv_bind_int(st, counts->right);
  iv_bind_int(st, settle->interval);
  g_autofree char *holder = holder_of(settle->interval);
  return iv_step_done(st, error) && iv_segments_let_go(sql, holder, error);
}

gboolean iv_count_audits_settle(IvSql *sql, const char *store_id, const IvCountSettle *settle,
                                GError **error) {
  IvStoreKey key;
  Place place;
  IvAuditCounts counts = {0};
  if (!iv_lookup_store(sql, store_id, &key, error) ||
      !find_place(sql, key.no, settle, &place, error))
    return FALSE;
  for (guint i = 0; i < settle->n_marks; i++)
    if (settle->marks[i].ts < place.from - IV_AUDIT_TOLERANCE ||
        settle->marks[i].ts > place.to + IV_AUDIT_TOLERANCE)
      return refuse(error, IV_STORE_ERROR_INVALID,
                    "A mark lies more than 3 s outside the interval; send those of this one.");
  if (settle->is_void)
    return put_counts(sql, settle, &counts, error);
  if (place.from - IV_AUDIT_TOLERANCE < key.events_from)
    return refuse(error, IV_STORE_ERROR_CONFLICT,
                  "The events of this time were deleted meanwhile (retention): it can't be "
                  "compared any more. Make it void, and plan an audit of a newer time.");
  g_autoptr(GArray) crossings = read_crossings(sql, store_id, key.no, &place, error);
  if (!crossings)
    return FALSE;
  counts =
      iv_audit_match(settle->marks, settle->n_marks, (const IvAuditMark *)(gpointer)crossings->data,
                     crossings->len, place.from, place.to);
  return put_counts(sql, settle, &counts, error) && add_marks(sql, settle, error);
}

gboolean iv_count_audits_remove(IvSql *sql, const char *store_id, gint64 no, GError **error) {
  static const char *const texts[] = {
      "DELETE FROM segment_holds WHERE holder IN (SELECT 'count-audit:' || interval_no FROM "
      "count_audit_intervals WHERE audit_no = $1)",
      "DELETE FROM count_audit_marks WHERE interval_no IN (SELECT interval_no FROM "
      "count_audit_intervals WHERE audit_no = $1)",
      "DELETE FROM count_audit_intervals WHERE audit_no = $1",
      "DELETE FROM count_audits WHERE audit_no = $1"};
  IvStoreKey key;
  gint64 there = 0;
  if (!iv_lookup_store(sql, store_id, &key, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT audit_no FROM count_audits WHERE store_no = $1 AND audit_no = $2");
  iv_bind_int(st, key.no);
  iv_bind_int(st, no);
  if (!iv_lookup_int(st, 0, &there, error))
    return FALSE;
  if (!there)
    return refuse(error, IV_STORE_ERROR_NOT_FOUND, "There is no such audit.");
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    st = iv_sql_statement(sql, texts[i]);
    iv_bind_int(st, no);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  return TRUE;
}
