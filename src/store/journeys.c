/* SPDX-License-Identifier: Apache-2.0 */
#include "store/journeys.h"

#include <math.h>
#include <string.h>

#include "kpi/journey.h"

#define CATCH_UP_VISITORS 1000 /* in one transaction */

void iv_journeys_init(IvJourneys *journeys, IvSql *sql, gint64 store_no, GTimeZone *zone,
                      IvTime min_dwell) {
  zone = zone ? g_time_zone_ref(zone) : g_time_zone_new_utc();
  *journeys = (IvJourneys){sql, store_no, zone, min_dwell,
                           g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL)};
}

void iv_journeys_clear(IvJourneys *journeys) {
  g_clear_pointer(&journeys->touched, g_hash_table_unref);
  g_clear_pointer(&journeys->zone, g_time_zone_unref);
}

void iv_journeys_touch(IvJourneys *journeys, gint64 visitor) {
  if (visitor > 0 && !g_hash_table_contains(journeys->touched, &visitor))
    g_hash_table_add(journeys->touched, g_memdup2(&visitor, sizeof visitor));
}

static gboolean fine(GError **error, GError *wrong) {
  if (!wrong)
    return TRUE;
  g_propagate_error(error, wrong);
  return FALSE;
}

/* ---- what events tell ---- */

/* Whether the zone is one of a journey's, as it was drawn in the event's scene. */
static gboolean take_stay(IvJourneys *journeys, const IvEvent *event, const IvEventNos *nos,
                          GError **error) {
  if (!nos->zone || event->end_ts - event->ts < journeys->min_dwell)
    return TRUE;
  IvStatement *st = iv_sql_statement(
      journeys->sql, "INSERT INTO visitor_stays (store_no, visitor, ts, zone_no, kind, "
                     "end_ts) SELECT $1, $2, $3, zone_no, kind, $4 FROM scene_zones "
                     "WHERE camera_no = $5 AND version = $6 AND zone_no = $7 AND innermost "
                     "AND kind IN ('product', 'fitting', 'checkout') "
                     "ON CONFLICT (store_no, visitor, ts, zone_no) DO UPDATE SET "
                     "end_ts = max(end_ts, excluded.end_ts)"); /* seen by two cameras */
  iv_bind_int(st, journeys->store_no);
  iv_bind_int(st, (gint64)event->visitor);
  iv_bind_time(st, event->ts);
  iv_bind_time(st, event->end_ts);
  iv_bind_int(st, nos->camera);
  iv_bind_int(st, event->scene_version);
  iv_bind_int(st, nos->zone);
  if (!iv_step_done(st, error))
    return FALSE;
  if (iv_sql_changes(journeys->sql) > 0)
    iv_journeys_touch(journeys, (gint64)event->visitor);
  return TRUE;
}

static double number_of(const IvEvent *event, IvAttrKey key, double otherwise) {
  const IvAttr *attr = iv_event_attr(event, key);
  return attr ? attr->number : otherwise;
}

static gboolean take_visit(IvJourneys *journeys, const IvEvent *event, GError **error) {
  const IvAttr *cut = iv_event_attr(event, IV_ATTR_CUT);
  if (cut && cut->flag)
    return TRUE;
  IvStatement *st = iv_sql_statement(
      journeys->sql, "INSERT OR IGNORE INTO customer_visits (store_no, visitor, ts, end_ts, "
                     "duration_ms, entries) VALUES ($1, $2, $3, $4, $5, $6)");
  iv_bind_int(st, journeys->store_no);
  iv_bind_int(st, (gint64)event->visitor);
  iv_bind_time(st, event->ts);
  iv_bind_time(st, event->end_ts);
  iv_bind_int(st, llround(number_of(event, IV_ATTR_DURATION_S, 0) * 1000));
  iv_bind_int(st, llround(number_of(event, IV_ATTR_ENTRIES, 1)));
  iv_journeys_touch(journeys, (gint64)event->visitor);
  return iv_step_done(st, error);
}

gboolean iv_journeys_take(IvJourneys *journeys, const IvEvent *event, const IvEventNos *nos,
                          GError **error) {
  if (event->visitor == 0 || event->end_ts == IV_TIME_NONE)
    return TRUE;
  switch (event->kind) {
  case IV_EVENT_ZONE_VISIT:
    return take_stay(journeys, event, nos, error);
  case IV_EVENT_VISIT_CLOSED:
    return take_visit(journeys, event, error);
  case IV_EVENT_QUEUE_SERVICE:
    iv_journeys_touch(journeys, (gint64)event->visitor);
    return TRUE;
  default:
    return TRUE;
  }
}

gboolean iv_journeys_forget(IvJourneys *journeys, IvPeriod span, GError **error) {
  GError *wrong = NULL;
  IvStatement *st = iv_sql_statement(
      journeys->sql, "DELETE FROM visitor_stays WHERE store_no = $1 AND ts >= $2 AND ts < $3 "
                     "RETURNING visitor");
  iv_bind_int(st, journeys->store_no);
  iv_bind_time(st, span.from);
  iv_bind_time(st, span.to);
  while (iv_step_row(st, &wrong))
    iv_journeys_touch(journeys, iv_column_int(st, 0));
  return fine(error, wrong);
}

/* ---- paths ---- */

static gboolean path_no_of(const IvJourneys *journeys, const gint64 *steps, guint n_steps,
                           gint64 *ret_no, GError **error) {
  guint8 path[IV_JOURNEY_PATH_MAX];
  gsize n = iv_journey_path_write(steps, n_steps, path);
  IvStatement *st = iv_sql_statement(
      journeys->sql, "SELECT path_no FROM journey_paths WHERE store_no = $1 AND path = $2");
  iv_bind_int(st, journeys->store_no);
  iv_bind_blob(st, path, n);
  if (!iv_lookup_int(st, 0, ret_no, error))
    return FALSE;
  if (*ret_no)
    return TRUE;
  st =
      iv_sql_statement(journeys->sql, "INSERT INTO journey_paths (store_no, path) VALUES ($1, $2)");
  iv_bind_int(st, journeys->store_no);
  iv_bind_blob(st, path, n);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_no = iv_sql_last_row(journeys->sql);
  return TRUE;
}

/* ---- a visit ---- */

typedef struct {
  IvTime from, to;
  gint64 duration_ms, path_no; /* 0 = not counted */
  guint product_zones;
  gboolean backtracked, checkout, bought;
} Visit;

static GArray *read_visits(const IvJourneys *journeys, gint64 visitor, GError **error) {
  GError *wrong = NULL;
  g_autoptr(GArray) visits = g_array_new(FALSE, FALSE, sizeof(Visit));
  IvStatement *st = iv_sql_statement(
      journeys->sql, "SELECT ts, end_ts, duration_ms, path_no, product_zones, backtracked, "
                     "checkout, bought FROM customer_visits WHERE store_no = $1 AND visitor = $2 "
                     "ORDER BY ts");
  iv_bind_int(st, journeys->store_no);
  iv_bind_int(st, visitor);
  while (iv_step_row(st, &wrong)) {
    Visit visit = {.from = iv_column_time(st, 0),
                   .to = iv_column_time(st, 1),
                   .duration_ms = iv_column_int(st, 2),
                   .path_no = iv_column_int(st, 3),
                   .product_zones = (guint)iv_column_int(st, 4),
                   .backtracked = iv_column_int(st, 5) != 0,
                   .checkout = iv_column_int(st, 6) != 0,
                   .bought = iv_column_int(st, 7) != 0};
    g_array_append_val(visits, visit);
  }
  return fine(error, wrong) ? g_steal_pointer(&visits) : NULL;
}

static GArray *read_stays(const IvJourneys *journeys, gint64 visitor, const Visit *visit,
                          GError **error) {
  GError *wrong = NULL;
  g_autoptr(GArray) stays = g_array_new(FALSE, FALSE, sizeof(IvJourneyStay));
  IvStatement *st = iv_sql_statement(
      journeys->sql, "SELECT zone_no, kind, ts, end_ts FROM visitor_stays WHERE store_no = $1 "
                     "AND visitor = $2 AND ts >= $3 AND ts <= $4 ORDER BY ts, zone_no");
  iv_bind_int(st, journeys->store_no);
  iv_bind_int(st, visitor);
  iv_bind_time(st, visit->from);
  iv_bind_time(st, visit->to);
  while (iv_step_row(st, &wrong)) {
    int kind = iv_zone_kind_from_name(iv_column_text(st, 1));
    IvJourneyStay stay = {iv_column_int(st, 0), kind < 0 ? IV_ZONE_GENERAL : (IvZoneKind)kind,
                          iv_column_time(st, 2), iv_column_time(st, 3)};
    g_array_append_val(stays, stay);
  }
  return fine(error, wrong) ? g_steal_pointer(&stays) : NULL;
}

/* Served at a lane within the visit, and with a receipt. */
static gboolean read_services(const IvJourneys *journeys, gint64 visitor, Visit *visit,
                              GError **error) {
  GError *wrong = NULL;
  IvStatement *st = iv_sql_statement(
      journeys->sql, "SELECT count(*), count(transaction_no) FROM lane_services WHERE "
                     "store_no = $1 AND visitor = $2 AND ts >= $3 AND ts <= $4");
  iv_bind_int(st, journeys->store_no);
  iv_bind_int(st, visitor);
  iv_bind_time(st, visit->from);
  iv_bind_time(st, visit->to);
  if (iv_step_row(st, &wrong)) {
    visit->checkout = visit->checkout || iv_column_int(st, 0) > 0;
    visit->bought = iv_column_int(st, 1) > 0;
    iv_statement_reset(st);
  }
  return fine(error, wrong);
}

/* ---- the sums ---- */

static gboolean add_hour(const IvJourneys *journeys, const Visit *visit, int more, GError **error) {
  gboolean wide = visit->product_zones >= IV_JOURNEY_WIDE;
  const gint64 amounts[] = {
      1,
      visit->duration_ms,
      visit->product_zones,
      wide,
      wide && visit->backtracked,
      iv_journey_is_express(visit->product_zones, visit->checkout, visit->duration_ms * IV_MS),
      !visit->checkout && !visit->bought,
      visit->checkout,
      visit->bought,
  };
  IvStatement *st = iv_sql_statement(
      journeys->sql,
      "INSERT INTO kpi_hour_journeys AS k (store_no, bucket, visits, visit_ms, product_zones, "
      "wide, backtracked, express, browsers, checkouts, bought) VALUES ($1, $2, $3, $4, $5, $6, "
      "$7, $8, $9, $10, $11) ON CONFLICT (store_no, bucket) DO UPDATE SET "
      "visits = k.visits + excluded.visits, visit_ms = k.visit_ms + excluded.visit_ms, "
      "product_zones = k.product_zones + excluded.product_zones, wide = k.wide + excluded.wide, "
      "backtracked = k.backtracked + excluded.backtracked, "
      "express = k.express + excluded.express, browsers = k.browsers + excluded.browsers, "
      "checkouts = k.checkouts + excluded.checkouts, bought = k.bought + excluded.bought");
  iv_bind_int(st, journeys->store_no);
  iv_bind_time(st, iv_calendar_hour_start(journeys->zone, visit->from));
  for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++)
    iv_bind_int(st, more * amounts[i]);
  return iv_step_done(st, error);
}

static gboolean add_path(const IvJourneys *journeys, IvTime day, const Visit *visit, int more,
                         GError **error) {
  IvStatement *st = iv_sql_statement(
      journeys->sql, "INSERT INTO kpi_day_paths AS k (store_no, bucket, path_no, visits, visit_ms) "
                     "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (store_no, bucket, path_no) DO "
                     "UPDATE SET visits = k.visits + excluded.visits, "
                     "visit_ms = k.visit_ms + excluded.visit_ms");
  iv_bind_int(st, journeys->store_no);
  iv_bind_time(st, day);
  iv_bind_int(st, visit->path_no);
  iv_bind_int(st, more);
  iv_bind_int(st, more * visit->duration_ms);
  return iv_step_done(st, error);
}

static gboolean add_step(const IvJourneys *journeys, IvTime day, guint depth, gint64 from,
                         gint64 to, int more, GError **error) {
  IvStatement *st = iv_sql_statement(
      journeys->sql, "INSERT INTO kpi_day_steps AS k (store_no, bucket, depth, from_zone, to_zone, "
                     "visits) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (store_no, bucket, "
                     "depth, from_zone, to_zone) DO UPDATE SET visits = k.visits + "
                     "excluded.visits");
  iv_bind_int(st, journeys->store_no);
  iv_bind_time(st, day);
  iv_bind_int(st, depth);
  iv_bind_int(st, from);
  iv_bind_int(st, to);
  iv_bind_int(st, more);
  return iv_step_done(st, error);
}

/* From the way in (0) over the first steps; who goes no further goes out (0). */
static gboolean add_steps(const IvJourneys *journeys, IvTime day, const Visit *visit, int more,
                          GError **error) {
  gsize n;
  guint depth = 0;
  gint64 steps[IV_JOURNEY_DEPTH + 1] = {0};
  IvStatement *st =
      iv_sql_statement(journeys->sql, "SELECT path FROM journey_paths WHERE path_no = $1");
  iv_bind_int(st, visit->path_no);
  GError *wrong = NULL;
  if (iv_step_row(st, &wrong)) {
    const void *path = iv_column_blob(st, 0, &n);
    depth = iv_journey_path_read(path, n, steps, IV_JOURNEY_DEPTH);
    iv_statement_reset(st);
  }
  if (!fine(error, wrong))
    return FALSE;
  for (guint i = 0; i <= depth && i < IV_JOURNEY_DEPTH; i++)
    if (!add_step(journeys, day, i, i ? steps[i - 1] : 0, i < depth ? steps[i] : 0, more, error))
      return FALSE;
  return TRUE;
}

static gboolean add_visit(const IvJourneys *journeys, const Visit *visit, int more,
                          GError **error) {
  IvTime day = iv_calendar_day_start(journeys->zone, visit->from);
  return add_hour(journeys, visit, more, error) && add_path(journeys, day, visit, more, error) &&
         add_steps(journeys, day, visit, more, error);
}

/* ---- made anew ---- */

static gboolean write_visit(const IvJourneys *journeys, gint64 visitor, const Visit *visit,
                            GError **error) {
  IvStatement *st = iv_sql_statement(
      journeys->sql, "UPDATE customer_visits SET path_no = $1, product_zones = $2, "
                     "backtracked = $3, checkout = $4, bought = $5 WHERE store_no = $6 "
                     "AND visitor = $7 AND ts = $8");
  iv_bind_int(st, visit->path_no);
  iv_bind_int(st, visit->product_zones);
  iv_bind_int(st, visit->backtracked);
  iv_bind_int(st, visit->checkout);
  iv_bind_int(st, visit->bought);
  iv_bind_int(st, journeys->store_no);
  iv_bind_int(st, visitor);
  iv_bind_time(st, visit->from);
  return iv_step_done(st, error);
}

static gboolean is_same(const Visit *a, const Visit *b) {
  return a->path_no == b->path_no && a->product_zones == b->product_zones &&
         a->backtracked == b->backtracked && a->checkout == b->checkout && a->bought == b->bought;
}

static gboolean remake(const IvJourneys *journeys, gint64 visitor, const Visit *before,
                       GError **error) {
  IvJourney journey;
  g_autoptr(GArray) stays = read_stays(journeys, visitor, before, error);
  if (!stays)
    return FALSE;
  iv_journey_make((const IvJourneyStay *)stays->data, stays->len, &journey);
  Visit after = *before;
  after.product_zones = journey.product_zones;
  after.backtracked = journey.backtracked;
  after.checkout = journey.checkout;
  if (!path_no_of(journeys, journey.steps, journey.n_steps, &after.path_no, error) ||
      !read_services(journeys, visitor, &after, error))
    return FALSE;
  return is_same(before, &after) ||
         ((before->path_no == 0 || add_visit(journeys, before, -1, error)) &&
          add_visit(journeys, &after, 1, error) && write_visit(journeys, visitor, &after, error));
}

static int by_value(gconstpointer a, gconstpointer b) {
  gint64 x = **(const gint64 *const *)a, y = **(const gint64 *const *)b;
  return (x > y) - (x < y);
}

gboolean iv_journeys_finish(IvJourneys *journeys, GError **error) {
  g_autoptr(GPtrArray) visitors = g_ptr_array_new();
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, journeys->touched);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    g_ptr_array_add(visitors, key);
  g_ptr_array_sort(visitors, by_value); /* paths get their numbers in one order */
  for (guint i = 0; i < visitors->len; i++) {
    gint64 visitor = *(const gint64 *)g_ptr_array_index(visitors, i);
    g_autoptr(GArray) visits = read_visits(journeys, visitor, error);
    if (!visits)
      return FALSE;
    for (guint v = 0; v < visits->len; v++)
      if (!remake(journeys, visitor, &g_array_index(visits, Visit, v), error))
        return FALSE;
  }
  g_hash_table_remove_all(journeys->touched);
  return TRUE;
}

/* ---- what was taken over ---- */

/* Of the first store that has any. */
static gboolean next_to_count(IvSql *sql, gint64 *ret_store, GArray *visitors, GError **error) {
  GError *wrong = NULL;
  g_array_set_size(visitors, 0);
  IvStatement *st = iv_sql_statement(
      sql, "SELECT DISTINCT store_no, visitor FROM customer_visits WHERE path_no IS NULL "
           "ORDER BY store_no, visitor LIMIT $1");
  iv_bind_int(st, CATCH_UP_VISITORS);
  while (iv_step_row(st, &wrong)) {
    gint64 store_no = iv_column_int(st, 0), visitor = iv_column_int(st, 1);
    if (visitors->len > 0 && store_no != *ret_store)
      continue;
    *ret_store = store_no;
    g_array_append_val(visitors, visitor);
  }
  return fine(error, wrong);
}

static gboolean count_some(IvSql *sql, gint64 store_no, const GArray *visitors, GError **error) {
  IvStoreKey store;
  if (!iv_lookup_store_no(sql, store_no, &store, error))
    return FALSE;
  g_autoptr(GTimeZone) zone = iv_calendar_zone(store.time_zone);
  g_auto(IvJourneys) journeys = {0};
  iv_journeys_init(&journeys, sql, store_no, zone, 0);
  for (guint i = 0; i < visitors->len; i++)
    iv_journeys_touch(&journeys, g_array_index(visitors, gint64, i));
  return iv_journeys_finish(&journeys, error);
}

/* From the row on that the first visit is counted in. */
#define DELETE_SUMS(table)                                                                         \
  "DELETE FROM " table                                                                             \
  " WHERE store_no = $1 AND bucket >= coalesce((SELECT max(bucket) FROM " table                    \
  " WHERE store_no = $1 AND bucket <= $2), $2)"

gboolean iv_journeys_rezone(IvSql *sql, gint64 store_no, GError **error) {
  static const char *const texts[] = {
      DELETE_SUMS("kpi_hour_journeys"), DELETE_SUMS("kpi_day_steps"), DELETE_SUMS("kpi_day_paths"),
      "UPDATE customer_visits SET path_no = NULL WHERE store_no = $1 AND ts >= $2"};
  gint64 first, store = store_no;
  IvStatement *st =
      iv_sql_statement(sql, "SELECT min(ts) FROM customer_visits WHERE store_no = $1");
  iv_bind_int(st, store_no);
  if (!iv_lookup_int(st, 0, &first, error))
    return FALSE;
  for (gsize i = 0; first > 0 && i < G_N_ELEMENTS(texts); i++) {
    st = iv_sql_statement(sql, texts[i]);
    iv_bind_int(st, store_no);
    iv_bind_time(st, first);
    if (!iv_step_done(st, error))
      return FALSE;
  }
  g_autoptr(GArray) visitors = g_array_new(FALSE, FALSE, sizeof(gint64));
  do {
    if (!next_to_count(sql, &store, visitors, error) ||
        (visitors->len > 0 && !count_some(sql, store, visitors, error)))
      return FALSE;
  } while (visitors->len > 0);
  return TRUE;
}

gboolean iv_journeys_catch_up(IvSql *sql, GError **error) {
  g_autoptr(GArray) visitors = g_array_new(FALSE, FALSE, sizeof(gint64));
  gint64 store_no = 0;
  for (;;) {
    if (!next_to_count(sql, &store_no, visitors, error))
      return FALSE;
    if (visitors->len == 0)
      return TRUE;
    if (!iv_sql_script(sql, "BEGIN IMMEDIATE", error))
      return FALSE;
    if (!count_some(sql, store_no, visitors, error) || !iv_sql_script(sql, "COMMIT", error)) {
      if (iv_sql_in_transaction(sql))
        iv_sql_script(sql, "ROLLBACK", NULL);
      return FALSE;
    }
  }
}
