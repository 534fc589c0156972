/* SPDX-License-Identifier: Apache-2.0 */
#include "store/retention.h"

#include "kpi/bucket.h"
#include "kpi/link.h"
#include "model/event.h"
#include "store/lookup.h"

/* A visit or wait whose end never came (a killed edge) is of no use after this. */
#define ONGOING_KEEP (2 * IV_DAY)
#define DAY_MAX (27 * IV_HOUR) /* of a store */
#define VACUUM_PAGES "1000"

/* What is to go from one store; IV_TIME_NONE = nothing of that sort. */
typedef struct {
  gint64 store_no;
  IvTime events, samples, buckets, ongoing, receipts, paths; /* older than this */
} Horizon;

/* One chunk of rows to delete, as a job of the writer. */
typedef struct {
  const char *text;         /* store_no, [kind_no,] horizon, IV_RETENTION_ROWS */
  gint64 store_no, kind_no; /* kind_no 0 = the text has none */
  IvTime before;
  int deleted;
} Chunk;

static gboolean delete_chunk(IvSql *sql, gpointer arg, GError **error) {
  Chunk *chunk = arg;
  IvStatement *st = iv_sql_statement(sql, chunk->text);
  iv_bind_int(st, chunk->store_no);
  if (chunk->kind_no)
    iv_bind_int(st, chunk->kind_no);
  iv_bind_time(st, chunk->before);
  iv_bind_int(st, IV_RETENTION_ROWS);
  if (!iv_step_done(st, error))
    return FALSE;
  chunk->deleted = iv_sql_changes(sql);
  return TRUE;
}

static gboolean is_stopped(const gint *stop) {
  return stop && g_atomic_int_get(stop);
}

static gboolean delete_all(IvStore *store, Chunk *chunk, const gint *stop, guint64 *count,
                           GError **error) {
  do {
    if (!iv_store_write(store, delete_chunk, chunk, error))
      return FALSE;
    *count += (guint64)chunk->deleted;
  } while (chunk->deleted >= IV_RETENTION_ROWS && !is_stopped(stop));
  return TRUE;
}

/* ---- the floor ---- */

static gboolean raise_floor(IvSql *sql, gpointer arg, GError **error) {
  const Horizon *horizon = arg;
  IvStatement *st = iv_sql_statement(
      sql, "UPDATE stores SET events_from = CASE WHEN $1 > events_from THEN $1 ELSE events_from "
           "END, samples_from = CASE WHEN $2 > samples_from THEN $2 ELSE samples_from END, "
           "buckets_from = CASE WHEN $3 > buckets_from THEN $3 ELSE buckets_from END "
           "WHERE store_no = $4");
  iv_bind_time(st, horizon->events);
  iv_bind_time(st, horizon->samples);
  iv_bind_time(st, horizon->buckets);
  iv_bind_int(st, horizon->store_no);
  return iv_step_done(st, error);
}

static gboolean raise_sales_floor(IvSql *sql, gpointer arg, GError **error) {
  const Horizon *horizon = arg;
  IvStatement *st = iv_sql_statement(
      sql, "UPDATE stores SET sales_from = $1 WHERE store_no = $2 AND $1 > sales_from");
  iv_bind_time(st, horizon->receipts);
  iv_bind_int(st, horizon->store_no);
  return iv_step_done(st, error);
}

/* ---- what is deleted ---- */

/* Number and sort of each kind of event. */
typedef struct {
  gint64 no;
  gboolean sample;
} Kind;

static GArray *read_kinds(IvSql *sql, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) kinds = g_array_new(FALSE, FALSE, sizeof(Kind));
  IvStatement *st = iv_sql_statement(sql, "SELECT kind_no, name FROM event_kinds");
  while (iv_step_row(st, &wrong)) {
    IvEventKind kind = iv_event_kind_from_name(iv_column_text(st, 1));
    Kind row = {iv_column_int(st, 0), kind < IV_EVENT_KINDS && iv_event_kind_info(kind)->sample};
    g_array_append_val(kinds, row);
  }
  if (!wrong)
    return g_steal_pointer(&kinds);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

static gboolean delete_events(IvStore *store, const Horizon *horizon, const GArray *kinds,
                              const gint *stop, IvRetentionResult *result, GError **error) {
  for (guint i = 0; i < kinds->len && !is_stopped(stop); i++) {
    const Kind *kind = &g_array_index(kinds, Kind, i);
    Chunk chunk = {.text = "DELETE FROM events WHERE (store_no, ts, id) IN (SELECT store_no, ts, "
                           "id FROM events WHERE store_no = $1 AND kind_no = $2 AND ts < $3 "
                           "ORDER BY ts LIMIT $4)",
                   .store_no = horizon->store_no,
                   .kind_no = kind->no,
                   .before = kind->sample ? horizon->samples : horizon->events};
    if (chunk.before != IV_TIME_NONE && !delete_all(store, &chunk, stop, &result->events, error))
      return FALSE;
  }
  return TRUE;
}

/* Rows up to that of the last bucket of a chunk: its other rows go with it. */
#define DELETE_BUCKETS(table, column)                                                              \
  "DELETE FROM " table " WHERE store_no = $1 AND " column " < $2 AND " column                      \
  " <= coalesce((SELECT " column " FROM " table " WHERE store_no = $1 AND " column                 \
  " < $2 ORDER BY " column " LIMIT 1 OFFSET $3 - 1), $2)"

/* An hour goes when all of it is too old. */
static gboolean delete_hours(IvStore *store, const Horizon *horizon, const gint *stop,
                             IvRetentionResult *result, GError **error) {
  static const char *const texts[] = {
      DELETE_BUCKETS("kpi_hour_sales", "bucket"),    DELETE_BUCKETS("kpi_hour_category", "bucket"),
      DELETE_BUCKETS("kpi_hour_link", "bucket"),     DELETE_BUCKETS("kpi_hour_store", "bucket"),
      DELETE_BUCKETS("kpi_hour_camera", "bucket"),   DELETE_BUCKETS("kpi_hour_line", "bucket"),
      DELETE_BUCKETS("kpi_hour_zone", "bucket"),     DELETE_BUCKETS("kpi_hour_lane", "bucket"),
      DELETE_BUCKETS("kpi_hour_journeys", "bucket"),
  };
  for (gsize i = 0; horizon->buckets != IV_TIME_NONE && i < G_N_ELEMENTS(texts); i++) {
    Chunk chunk = {texts[i], horizon->store_no, 0, iv_time_floor(horizon->buckets, IV_HOUR), 0};
    if (!is_stopped(stop) && !delete_all(store, &chunk, stop, &result->buckets, error))
      return FALSE;
  }
  return TRUE;
}

/* Five minutes of heat maps stay as long as the samples they can be counted from again, their hours
 * as long as figures. Hours begin when the store's do. */
static gboolean delete_heat(IvStore *store, const Horizon *horizon, const gint *stop,
                            IvRetentionResult *result, GError **error) {
  const Chunk chunks[] = {
      {DELETE_BUCKETS("heatmap_cells", "bucket"), horizon->store_no, 0,
       MAX(horizon->samples, horizon->buckets), 0},
      {DELETE_BUCKETS("heatmap_hours", "bucket"), horizon->store_no, 0, horizon->buckets, 0}};
  for (gsize i = 0; i < G_N_ELEMENTS(chunks); i++) {
    Chunk chunk = chunks[i];
    if (chunk.before == IV_TIME_NONE)
      continue;
    chunk.before -= i ? IV_HOUR : 0;
    if (!is_stopped(stop) && !delete_all(store, &chunk, stop, &result->buckets, error))
      return FALSE;
  }
  return TRUE;
}

/* A day goes when all of it is too old. */
/* Rollups that begin before the floor are read no more (store/rollup_spans.h). */
static gboolean delete_day_rows(IvStore *store, const Horizon *horizon, const gint *stop,
                                IvRetentionResult *result, GError **error) {
  static const char *const texts[] = {
      DELETE_BUCKETS("kpi_day_store", "bucket"),    DELETE_BUCKETS("kpi_day_camera", "bucket"),
      DELETE_BUCKETS("kpi_day_line", "bucket"),     DELETE_BUCKETS("kpi_day_zone", "bucket"),
      DELETE_BUCKETS("kpi_day_lane", "bucket"),     DELETE_BUCKETS("kpi_day_sales", "bucket"),
      DELETE_BUCKETS("kpi_day_category", "bucket"), DELETE_BUCKETS("kpi_day_link", "bucket"),
      DELETE_BUCKETS("heatmap_days", "bucket"),     DELETE_BUCKETS("kpi_day_steps", "bucket"),
      DELETE_BUCKETS("kpi_day_paths", "bucket"),
  };
  for (gsize i = 0; horizon->buckets != IV_TIME_NONE && i < G_N_ELEMENTS(texts); i++) {
    Chunk chunk = {texts[i], horizon->store_no, 0, horizon->buckets, 0};
    if (!is_stopped(stop) && !delete_all(store, &chunk, stop, &result->buckets, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean delete_days(IvStore *store, const Horizon *horizon, const gint *stop,
                            IvRetentionResult *result, GError **error) {
  Chunk chunk = {DELETE_BUCKETS("kpi_day_people", "day_from"), horizon->store_no, 0, 0, 0};
  if (horizon->buckets == IV_TIME_NONE || is_stopped(stop))
    return TRUE;
  chunk.before = horizon->buckets - DAY_MAX;
  return delete_all(store, &chunk, stop, &result->buckets, error);
}

static gboolean delete_buckets(IvStore *store, const Horizon *horizon, const gint *stop,
                               IvRetentionResult *result, GError **error) {
  static const char *const texts[] = {
      DELETE_BUCKETS("kpi_5min_store", "bucket"),    DELETE_BUCKETS("kpi_5min_camera", "bucket"),
      DELETE_BUCKETS("kpi_5min_line", "bucket"),     DELETE_BUCKETS("kpi_5min_zone", "bucket"),
      DELETE_BUCKETS("kpi_5min_lane", "bucket"),     DELETE_BUCKETS("kpi_5min_sales", "bucket"),
      DELETE_BUCKETS("kpi_5min_category", "bucket"), DELETE_BUCKETS("kpi_5min_link", "bucket"),
      DELETE_BUCKETS("store_days", "to_ts"),
  };
  for (gsize i = 0; horizon->buckets != IV_TIME_NONE && i < G_N_ELEMENTS(texts); i++) {
    Chunk chunk = {texts[i], horizon->store_no, 0, horizon->buckets, 0};
    if (!is_stopped(stop) && !delete_all(store, &chunk, stop, &result->buckets, error))
      return FALSE;
  }
  if (!delete_hours(store, horizon, stop, result, error) ||
      !delete_day_rows(store, horizon, stop, result, error) ||
      !delete_days(store, horizon, stop, result, error) ||
      !delete_heat(store, horizon, stop, result, error))
    return FALSE;
  static const char *const ongoing[] = {DELETE_BUCKETS("open_visits", "ts"),
                                        DELETE_BUCKETS("open_waits", "ts"),
                                        DELETE_BUCKETS("open_store_visits", "ts")};
  guint64 not_told = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(ongoing); i++) {
    Chunk chunk = {ongoing[i], horizon->store_no, 0, horizon->ongoing, 0};
    if (!is_stopped(stop) && !delete_all(store, &chunk, stop, &not_told, error))
      return FALSE;
  }
  return TRUE;
}

/* Who went where is kept as long as the events it was made of; what it adds up to stays. A visit
 * goes before its stays, so that none is made anew without them. */
static gboolean delete_visits(IvStore *store, const Horizon *horizon, const gint *stop,
                              GError **error) {
  static const char *const texts[] = {DELETE_BUCKETS("customer_visits", "ts"),
                                      DELETE_BUCKETS("visitor_stays", "ts")};
  guint64 not_told = 0;
  for (gsize i = 0; horizon->events != IV_TIME_NONE && i < G_N_ELEMENTS(texts); i++) {
    Chunk chunk = {texts[i], horizon->store_no, 0, horizon->events, 0};
    if (!is_stopped(stop) && !delete_all(store, &chunk, stop, &not_told, error))
      return FALSE;
  }
  return TRUE;
}

/* A service goes when its receipt does, or the figures that it stands behind: it must not look like
 * one without a receipt. */
static gboolean delete_services(IvStore *store, const Horizon *horizon, const gint *stop,
                                GError **error) {
  guint64 not_told = 0;
  IvTime receipts =
      horizon->receipts == IV_TIME_NONE ? IV_TIME_NONE : horizon->receipts + 2 * IV_LINK_SLACK;
  IvTime before = MAX(receipts, horizon->buckets);
  Chunk chunk = {DELETE_BUCKETS("lane_services", "ts"), horizon->store_no, 0, before, 0};
  return before == IV_TIME_NONE || is_stopped(stop) ||
         delete_all(store, &chunk, stop, &not_told, error);
}

/* Their lines go with them. */
static gboolean delete_receipts(IvStore *store, const Horizon *horizon, const gint *stop,
                                IvRetentionResult *result, GError **error) {
  Chunk chunk = {"DELETE FROM transactions WHERE transaction_no IN (SELECT transaction_no "
                 "FROM transactions WHERE store_no = $1 AND ts < $2 ORDER BY ts LIMIT $3)",
                 horizon->store_no, 0, horizon->receipts, 0};
  Chunk packs = {DELETE_BUCKETS("basket_hours", "bucket"), horizon->store_no, 0, horizon->receipts,
                 0};
  guint64 not_told = 0;
  return horizon->receipts == IV_TIME_NONE || is_stopped(stop) ||
         (iv_store_write(store, raise_sales_floor, (gpointer)horizon, error) &&
          delete_all(store, &packs, stop, &not_told, error) &&
          delete_all(store, &chunk, stop, &result->receipts, error));
}

static gboolean delete_paths(IvStore *store, const Horizon *horizon, const gint *stop,
                             IvRetentionResult *result, GError **error) {
  Chunk chunk = {"DELETE FROM paths WHERE (camera_no, start_ts) IN (SELECT p.camera_no, p.start_ts "
                 "FROM cameras c JOIN paths p ON p.camera_no = c.camera_no WHERE c.store_no = $1 "
                 "AND p.start_ts < $2 LIMIT $3)",
                 horizon->store_no, 0, horizon->paths, 0};
  return horizon->paths == IV_TIME_NONE || is_stopped(stop) ||
         delete_all(store, &chunk, stop, &result->paths, error);
}

/* ---- the run ---- */

static IvTime horizon_of(IvTime keep, IvTime now) {
  return keep > 0 ? iv_time_floor(now - keep, IV_BUCKET_SPAN) : IV_TIME_NONE;
}

static gboolean clean_store(IvStore *store, const Horizon *horizon, const GArray *kinds,
                            const gint *stop, IvRetentionResult *result, GError **error) {
  return iv_store_write(store, raise_floor, (gpointer)horizon, error) &&
         delete_events(store, horizon, kinds, stop, result, error) &&
         delete_buckets(store, horizon, stop, result, error) &&
         delete_visits(store, horizon, stop, error) &&
         delete_services(store, horizon, stop, error) &&
         delete_receipts(store, horizon, stop, result, error) &&
         delete_paths(store, horizon, stop, result, error);
}

static gboolean give_back_pages(IvSql *sql, gpointer arg, GError **error) {
  (void)arg;
  return iv_sql_script(sql, "PRAGMA incremental_vacuum(" VACUUM_PAGES ")", error);
}

static GArray *read_stores(IvSql *sql, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) nos = g_array_new(FALSE, FALSE, sizeof(gint64));
  IvStatement *st = iv_sql_statement(sql, "SELECT store_no FROM stores ORDER BY store_no");
  while (iv_step_row(st, &wrong)) {
    gint64 no = iv_column_int(st, 0);
    g_array_append_val(nos, no);
  }
  if (!wrong)
    return g_steal_pointer(&nos);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

static gboolean read_lists(IvStore *store, GArray **ret_stores, GArray **ret_kinds,
                           GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql)
    return FALSE;
  *ret_stores = read_stores(read.sql, error);
  *ret_kinds = *ret_stores ? read_kinds(read.sql, error) : NULL;
  return *ret_kinds != NULL;
}

gboolean iv_retention_run(IvStore *store, const IvRetentionConfig *keep, IvTime now,
                          const gint *stop, IvRetentionResult *ret_result, GError **error) {
  g_autoptr(GArray) stores = NULL, kinds = NULL;
  IvRetentionResult result = {0};
  if (!read_lists(store, &stores, &kinds, error))
    return FALSE;
  for (guint i = 0; i < stores->len && !is_stopped(stop); i++) {
    Horizon horizon = {g_array_index(stores, gint64, i),
                       horizon_of(keep->events, now),
                       horizon_of(keep->samples, now),
                       horizon_of(keep->kpis, now),
                       now - ONGOING_KEEP,
                       horizon_of(keep->sales, now),
                       horizon_of(keep->trajectories, now)};
    if (!clean_store(store, &horizon, kinds, stop, &result, error))
      return FALSE;
  }
  if (result.events + result.buckets + result.receipts + result.paths > 0 &&
      !iv_store_write(store, give_back_pages, NULL, error))
    return FALSE;
  if (ret_result)
    *ret_result = result;
  return TRUE;
}
