/* SPDX-License-Identifier: Apache-2.0 */
#include "store/evidence.h"

#include <string.h>

#include "store/lookup.h"
#include "store/segments.h"
#include "store/snapshots.h"

static const char *const state_names[IV_EVIDENCE_STATES] = {
    [IV_EVIDENCE_WAITING] = "waiting",
    [IV_EVIDENCE_READY] = "ready",
    [IV_EVIDENCE_FAILED] = "failed",
    [IV_EVIDENCE_RELEASED] = "released",
};

const char *iv_evidence_state_name(IvEvidenceState state) {
  return state_names[state];
}

static IvEvidenceState state_of(const char *name) {
  for (int i = 0; i < IV_EVIDENCE_STATES; i++)
    if (strcmp(state_names[i], name) == 0)
      return (IvEvidenceState)i;
  return IV_EVIDENCE_FAILED;
}

void iv_evidence_clear(IvEvidence *e) {
  g_clear_pointer(&e->title, g_free);
  g_clear_pointer(&e->note, g_free);
  g_clear_pointer(&e->made_by, g_free);
  g_clear_pointer(&e->trouble, g_free);
  g_clear_pointer(&e->bundle_sha256, g_free);
  g_clear_pointer(&e->released_by, g_free);
  g_clear_pointer(&e->release_reason, g_free);
}

static void clear_item(gpointer evidence) {
  iv_evidence_clear(evidence);
}

char *iv_evidence_holder(gint64 no) {
  return g_strdup_printf("evidence:%" G_GINT64_FORMAT, no);
}

/* ---- writing ---- */

static gboolean check_room(IvSql *sql, gint64 store, GError **error) {
  gint64 n = 0;
  IvStatement *st = iv_sql_statement(
      sql, "SELECT count(*) FROM evidence WHERE store_no = $1 AND state <> 'released'");
  iv_bind_int(st, store);
  if (!iv_lookup_int(st, 0, &n, error))
    return FALSE;
  if (n < IV_EVIDENCE_KEPT_MAX)
    return TRUE;
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT,
              "There are %d cases that are not released; release some first.",
              IV_EVIDENCE_KEPT_MAX);
  return FALSE;
}

gboolean iv_evidence_hold(IvSql *sql, const char *store_id, const IvEvidence *e, GError **error) {
  g_autofree char *holder = iv_evidence_holder(e->no);
  return iv_segments_hold(sql, store_id, e->camera_id.text, e->from, e->to, holder, NULL, error) &&
         iv_snapshots_hold(sql, store_id, e->camera_id.text, e->from, e->to,
                           e->has_event ? &e->event_id : NULL, holder, NULL, error);
}

gboolean iv_evidence_add(IvSql *sql, const char *store_id, IvEvidence *e, GError **error) {
  IvStoreKey store;
  gint64 camera;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !iv_lookup_camera(sql, store.no, e->camera_id.text, &camera, error) ||
      !check_room(sql, store.no, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO evidence (store_no, camera_no, title, note, event_id, from_ts, to_ts, "
           "made_ts, made_by, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting')");
  iv_bind_int(st, store.no);
  iv_bind_int(st, camera);
  iv_bind_text(st, e->title);
  iv_bind_text(st, e->note);
  if (e->has_event)
    iv_bind_blob(st, e->event_id.bytes, sizeof e->event_id.bytes);
  else
    iv_bind_null(st);
  iv_bind_time(st, e->from);
  iv_bind_time(st, e->to);
  iv_bind_time(st, e->made);
  iv_bind_text(st, e->made_by);
  if (!iv_step_done(st, error))
    return FALSE;
  e->no = iv_sql_last_row(sql);
  return iv_evidence_hold(sql, store_id, e, error);
}

static gboolean find_same(IvSql *sql, gint64 store, const IvEvidence *e, gint64 *ret_no,
                          gint64 *ret_taken, GError **error) {
  IvStatement *st = iv_sql_statement(sql, "SELECT evidence_no FROM evidence WHERE store_no = $1 "
                                          "AND made_ts = $2 AND made_by = $3");
  iv_bind_int(st, store);
  iv_bind_time(st, e->made);
  iv_bind_text(st, e->made_by);
  if (!iv_lookup_int(st, 0, ret_no, error))
    return FALSE;
  st = iv_sql_statement(sql, "SELECT count(*) FROM evidence WHERE evidence_no = $1");
  iv_bind_int(st, e->no);
  return iv_lookup_int(st, 0, ret_taken, error);
}

gboolean iv_evidence_adopt(IvSql *sql, const char *store_id, IvEvidence *e, gboolean *ret_fresh,
                           GError **error) {
  IvStoreKey store;
  gint64 camera, same = 0, taken = 0;
  if (!iv_lookup_store(sql, store_id, &store, error) ||
      !iv_lookup_camera(sql, store.no, e->camera_id.text, &camera, error) ||
      !find_same(sql, store.no, e, &same, &taken, error))
    return FALSE;
  *ret_fresh = same == 0;
  if (same) {
    e->no = same;
    return TRUE;
  }
  IvStatement *st = iv_sql_statement(
      sql,
      "INSERT INTO evidence (evidence_no, store_no, camera_no, title, note, event_id, from_ts, "
      "to_ts, made_ts, made_by, state, bundle_ts, bundle_bytes, bundle_sha256, clips, stills, "
      "events) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'ready', $11, $12, $13, $14, "
      "$15, $16)");
  if (taken || e->no <= 0)
    iv_bind_null(st);
  else
    iv_bind_int(st, e->no);
  iv_bind_int(st, store.no);
  iv_bind_int(st, camera);
  iv_bind_text(st, e->title);
  iv_bind_text(st, e->note);
  if (e->has_event)
    iv_bind_blob(st, e->event_id.bytes, sizeof e->event_id.bytes);
  else
    iv_bind_null(st);
  iv_bind_time(st, e->from);
  iv_bind_time(st, e->to);
  iv_bind_time(st, e->made);
  iv_bind_text(st, e->made_by);
  iv_bind_time(st, e->bundled);
  iv_bind_int(st, (gint64)e->bundle_bytes);
  iv_bind_text(st, e->bundle_sha256);
  iv_bind_int(st, e->clips);
  iv_bind_int(st, e->stills);
  iv_bind_int(st, e->events);
  if (!iv_step_done(st, error))
    return FALSE;
  e->no = iv_sql_last_row(sql);
  return TRUE;
}

gboolean iv_evidence_settle(IvSql *sql, const IvEvidence *e, gboolean *ret_fits, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "UPDATE evidence SET state = $1, trouble = $2, bundle_ts = $3, bundle_bytes = $4, "
           "bundle_sha256 = $5, clips = $6, stills = $7, events = $8, archive = 0 WHERE "
           "evidence_no = $9 AND state = 'waiting'");
  iv_bind_text(st, state_names[e->state]);
  iv_bind_text(st, e->trouble ? e->trouble : "");
  iv_bind_time(st, e->bundled);
  iv_bind_int(st, (gint64)e->bundle_bytes);
  iv_bind_text(st, e->bundle_sha256 ? e->bundle_sha256 : "");
  iv_bind_int(st, e->clips);
  iv_bind_int(st, e->stills);
  iv_bind_int(st, e->events);
  iv_bind_int(st, e->no);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_fits = iv_sql_changes(sql) == 1;
  return TRUE;
}

gboolean iv_evidence_again(IvSql *sql, const char *store_id, gint64 no, gboolean *ret_fits,
                           GError **error) {
  IvStoreKey store;
  if (!iv_lookup_store(sql, store_id, &store, error))
    return FALSE;
  IvStatement *st =
      iv_sql_statement(sql, "UPDATE evidence SET state = 'waiting', trouble = '' WHERE evidence_no "
                            "= $1 AND store_no = $2 AND state <> 'released'");
  iv_bind_int(st, no);
  iv_bind_int(st, store.no);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_fits = iv_sql_changes(sql) == 1;
  return TRUE;
}

gboolean iv_evidence_release(IvSql *sql, const char *store_id, gint64 no, IvTime now,
                             const char *by, const char *reason, gboolean *ret_fits,
                             GError **error) {
  IvStoreKey store;
  g_autofree char *holder = iv_evidence_holder(no);
  if (!iv_lookup_store(sql, store_id, &store, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "UPDATE evidence SET state = 'released', released_ts = $1, released_by = $2, "
           "release_reason = $3 WHERE evidence_no = $4 AND store_no = $5 AND state <> 'released'");
  iv_bind_time(st, now);
  iv_bind_text(st, by);
  iv_bind_text(st, reason);
  iv_bind_int(st, no);
  iv_bind_int(st, store.no);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_fits = iv_sql_changes(sql) == 1;
  if (!*ret_fits)
    return TRUE;
  st = iv_sql_statement(sql, "UPDATE archive_files SET doomed = 1 WHERE store_no = $1 AND kind = "
                             "'evidence' AND source_no = $2");
  iv_bind_int(st, store.no);
  iv_bind_int(st, no);
  return iv_step_done(st, error) &&
         (iv_segments_let_go(sql, holder, error) && iv_snapshots_let_go(sql, holder, error));
}

/* ---- reading ---- */

#define COLUMNS                                                                                    \
  "e.evidence_no, c.id, e.title, e.note, e.event_id, e.from_ts, e.to_ts, e.made_ts, e.made_by, "   \
  "e.state, e.trouble, e.bundle_ts, e.bundle_bytes, e.bundle_sha256, e.clips, e.stills, "          \
  "e.events, "                                                                                     \
  "e.released_ts, e.released_by, e.release_reason, e.archive = 2"
#define FROM " FROM evidence e JOIN cameras c ON c.camera_no = e.camera_no WHERE e.store_no = $1 "

static void read_row(IvStatement *st, IvEvidence *ret_row) {
  *ret_row = (IvEvidence){.no = iv_column_int(st, 0),
                          .title = g_strdup(iv_column_text(st, 2)),
                          .note = g_strdup(iv_column_text(st, 3)),
                          .from = iv_column_time(st, 5),
                          .to = iv_column_time(st, 6),
                          .made = iv_column_time(st, 7),
                          .made_by = g_strdup(iv_column_text(st, 8)),
                          .state = state_of(iv_column_text(st, 9)),
                          .trouble = g_strdup(iv_column_text(st, 10)),
                          .bundled = iv_column_time(st, 11),
                          .bundle_bytes = (guint64)iv_column_int(st, 12),
                          .bundle_sha256 = g_strdup(iv_column_text(st, 13)),
                          .clips = (guint)iv_column_int(st, 14),
                          .stills = (guint)iv_column_int(st, 15),
                          .events = (guint)iv_column_int(st, 16),
                          .released = iv_column_time(st, 17),
                          .released_by = g_strdup(iv_column_text(st, 18)),
                          .release_reason = g_strdup(iv_column_text(st, 19)),
                          .archived = iv_column_int(st, 20) != 0};
  iv_slug_set(&ret_row->camera_id, iv_column_text(st, 1));
  gsize n;
  const void *id = iv_column_blob(st, 4, &n);
  ret_row->has_event = n == sizeof ret_row->event_id.bytes;
  if (ret_row->has_event)
    memcpy(ret_row->event_id.bytes, id, n);
}

static GArray *read_rows(IvStatement *st, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(IvEvidence));
  g_array_set_clear_func(rows, clear_item);
  while (iv_step_row(st, &wrong)) {
    IvEvidence row;
    read_row(st, &row);
    g_array_append_val(rows, row);
  }
  if (!wrong)
    return g_steal_pointer(&rows);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

GArray *iv_evidence_list(IvStore *store, const char *store_id, gint64 before, gboolean waiting,
                         guint limit, IvTime deadline, GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(
      read.sql, waiting ? "SELECT " COLUMNS FROM "AND e.evidence_no < $2 AND e.state = 'waiting' "
                          "ORDER BY e.evidence_no LIMIT $3"
                        : "SELECT " COLUMNS FROM
                          "AND e.evidence_no < $2 ORDER BY e.evidence_no DESC LIMIT $3");
  iv_bind_int(st, key.no);
  iv_bind_int(st, before);
  iv_bind_int(st, CLAMP(limit, 1, IV_EVIDENCE_LIMIT_MAX));
  return read_rows(st, error);
}

GArray *iv_evidence_unarchived(IvStore *store, const char *store_id, IvTime made_before,
                               guint limit, GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT " COLUMNS FROM "AND e.state = 'ready' AND e.archive <> 2 AND e.bundle_ts "
                "< $2 ORDER BY e.bundle_ts LIMIT $3");
  iv_bind_int(st, key.no);
  iv_bind_time(st, made_before);
  iv_bind_int(st, limit);
  return read_rows(st, error);
}

gboolean iv_evidence_get(IvStore *store, const char *store_id, gint64 no, IvTime deadline,
                         IvEvidence *ret_evidence, GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(read.sql, "SELECT " COLUMNS FROM "AND e.evidence_no = $2");
  iv_bind_int(st, key.no);
  iv_bind_int(st, no);
  g_autoptr(GArray) rows = read_rows(st, error);
  if (!rows || rows->len == 0)
    return FALSE;
  *ret_evidence = g_array_index(rows, IvEvidence, 0);
  g_array_index(rows, IvEvidence, 0) = (IvEvidence){0};
  return TRUE;
}
