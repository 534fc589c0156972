/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_journeys.h"

#include <math.h>

#include "store/kpi_scope.h"

/* A visit may go on until the quiet hour; one of a program that was killed is never closed. */
#define OPEN_MAX (25 * IV_HOUR)

typedef struct {
  gint64 visits, visit_ms, product_zones, wide, backtracked, express, browsers, checkouts, bought;
} Sums;

/* One answer on its way. */
typedef struct {
  const IvKpiScope *scope;
  GHashTable *places; /* zone_no → place + 1 in the answer's zones */
  IvJourneyAnswer *answer;
} Job;

static gboolean fine(GError **error, GError *wrong) {
  if (!wrong)
    return TRUE;
  g_propagate_error(error, wrong);
  return FALSE;
}

static IvStatement *ask(const Job *job, const char *text) {
  IvStatement *st = iv_sql_statement(job->scope->sql, text);
  iv_bind_int(st, job->scope->store.no);
  iv_bind_time(st, job->answer->range.from);
  iv_bind_time(st, job->answer->range.to);
  return st;
}

/* ---- figures ---- */

static double share(gint64 part, gint64 whole) {
  return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

static IvJourneyFigures figures_of(const Sums *sums) {
  return (IvJourneyFigures){
      .visits = sums->visits,
      .mean_s = share(sums->visit_ms, sums->visits) / 1000,
      .zones = share(sums->product_zones, sums->visits),
      .wide = sums->wide,
      .backtracking_rate = share(sums->backtracked, sums->wide),
      .express_share = share(sums->express, sums->visits),
      .browser_share = share(sums->browsers, sums->visits),
      .checkout_share = share(sums->checkouts, sums->visits),
      .conversion = share(sums->bought, sums->visits),
      .link_rate = share(sums->bought, sums->checkouts),
  };
}

static void add(Sums *sums, IvStatement *st) {
  sums->visits += iv_column_int(st, 1);
  sums->visit_ms += iv_column_int(st, 2);
  sums->product_zones += iv_column_int(st, 3);
  sums->wide += iv_column_int(st, 4);
  sums->backtracked += iv_column_int(st, 5);
  sums->express += iv_column_int(st, 6);
  sums->browsers += iv_column_int(st, 7);
  sums->checkouts += iv_column_int(st, 8);
  sums->bought += iv_column_int(st, 9);
}

static gboolean read_hours(const Job *job, GError **error) {
  GError *wrong = NULL;
  Sums total = {0}, hours[24] = {0};
  IvStatement *st =
      ask(job, "SELECT bucket, visits, visit_ms, product_zones, wide, backtracked, express, "
               "browsers, checkouts, bought FROM kpi_hour_journeys WHERE store_no = $1 "
               "AND bucket >= $2 AND bucket < $3");
  while (iv_step_row(st, &wrong)) {
    add(&total, st);
    add(&hours[iv_calendar_hour_of_day(job->scope->zone, iv_column_time(st, 0))], st);
  }
  job->answer->total = figures_of(&total);
  for (int i = 0; i < 24; i++)
    job->answer->hours[i] = figures_of(&hours[i]);
  return fine(error, wrong);
}

/* Of receipts nobody knows anything where none was ever brought. */
static gboolean hide_sales(const Job *job, GError **error) {
  gint64 any;
  IvStatement *st =
      iv_sql_statement(job->scope->sql, "SELECT 1 FROM kpi_5min_sales WHERE store_no = $1 LIMIT 1");
  iv_bind_int(st, job->scope->store.no);
  if (!iv_lookup_int(st, 0, &any, error))
    return FALSE;
  for (int i = 0; !any && i <= 24; i++) {
    IvJourneyFigures *figures = i < 24 ? &job->answer->hours[i] : &job->answer->total;
    figures->conversion = figures->link_rate = (double)NAN;
  }
  return TRUE;
}

/* ---- zones ---- */

static gboolean read_zone(const Job *job, gint64 zone_no, IvJourneyZone *ret_zone, GError **error) {
  GError *wrong = NULL;
  IvStatement *st =
      iv_sql_statement(job->scope->sql, "SELECT id, name, kind FROM zones WHERE zone_no = $1");
  iv_bind_int(st, zone_no);
  if (iv_step_row(st, &wrong)) {
    int kind = iv_zone_kind_from_name(iv_column_text(st, 2));
    iv_slug_set(&ret_zone->id, iv_column_text(st, 0));
    g_strlcpy(ret_zone->name, iv_column_text(st, 1), sizeof ret_zone->name);
    ret_zone->kind = kind < 0 ? IV_ZONE_GENERAL : (IvZoneKind)kind;
    iv_statement_reset(st);
  }
  return fine(error, wrong);
}

/* 0 is the way in or out. */
static gboolean place_of(const Job *job, gint64 zone_no, int *ret_place, GError **error) {
  gpointer key = GSIZE_TO_POINTER((gsize)zone_no);
  *ret_place = -1;
  if (zone_no == 0)
    return TRUE;
  guint place = GPOINTER_TO_UINT(g_hash_table_lookup(job->places, key));
  if (place == 0) {
    IvJourneyZone zone = {.id = {""}};
    if (!read_zone(job, zone_no, &zone, error))
      return FALSE;
    g_array_append_val(job->answer->zones, zone);
    place = job->answer->zones->len;
    g_hash_table_insert(job->places, key, GUINT_TO_POINTER(place));
  }
  *ret_place = (int)place - 1;
  return TRUE;
}

/* ---- links and paths ---- */

static gboolean read_links(const Job *job, GError **error) {
  GError *wrong = NULL;
  IvStatement *st = ask(job, "SELECT depth, from_zone, to_zone, sum(visits) AS n FROM "
                             "kpi_day_steps WHERE store_no = $1 AND bucket >= $2 AND bucket < $3 "
                             "GROUP BY depth, from_zone, to_zone HAVING n > 0 "
                             "ORDER BY depth, n DESC, from_zone, to_zone");
  while (iv_step_row(st, &wrong)) {
    IvJourneyLink link = {.depth = (guint)iv_column_int(st, 0), .visits = iv_column_int(st, 3)};
    if (!place_of(job, iv_column_int(st, 1), &link.from, &wrong) ||
        !place_of(job, iv_column_int(st, 2), &link.to, &wrong)) {
      iv_statement_reset(st);
      break;
    }
    g_array_append_val(job->answer->links, link);
  }
  return fine(error, wrong);
}

static gboolean read_path(const Job *job, IvStatement *st, IvJourneyPath *ret_path,
                          GError **error) {
  gsize n;
  gint64 steps[IV_JOURNEY_STEPS_MAX];
  const void *path = iv_column_blob(st, 0, &n);
  ret_path->n_steps = iv_journey_path_read(path, n, steps, IV_JOURNEY_STEPS_MAX);
  ret_path->visits = iv_column_int(st, 1);
  ret_path->mean_s = share(iv_column_int(st, 2), ret_path->visits) / 1000;
  for (guint i = 0; i < ret_path->n_steps; i++)
    if (!place_of(job, steps[i], &ret_path->steps[i], error))
      return FALSE;
  return TRUE;
}

static gboolean read_paths(const Job *job, GError **error) {
  GError *wrong = NULL;
  IvStatement *st = ask(job, "SELECT p.path, d.n, d.ms FROM (SELECT path_no, sum(visits) AS n, "
                             "sum(visit_ms) AS ms FROM kpi_day_paths WHERE store_no = $1 "
                             "AND bucket >= $2 AND bucket < $3 GROUP BY path_no HAVING n > 0 "
                             "ORDER BY n DESC, path_no LIMIT $4) d "
                             "JOIN journey_paths p ON p.path_no = d.path_no "
                             "ORDER BY d.n DESC, d.path_no");
  iv_bind_int(st, IV_JOURNEY_PATHS);
  while (iv_step_row(st, &wrong)) {
    IvJourneyPath path = {.n_steps = 0};
    if (!read_path(job, st, &path, &wrong)) {
      iv_statement_reset(st);
      break;
    }
    g_array_append_val(job->answer->paths, path);
  }
  return fine(error, wrong);
}

static gboolean count_paths(const Job *job, GError **error) {
  IvStatement *st = ask(job, "SELECT count(*) FROM (SELECT 1 FROM kpi_day_paths WHERE "
                             "store_no = $1 AND bucket >= $2 AND bucket < $3 GROUP BY path_no "
                             "HAVING sum(visits) > 0)");
  return iv_lookup_int(st, 0, &job->answer->different_paths, error);
}

/* ---- the answer ---- */

static gboolean read_traffic(const Job *job, GError **error) {
  IvTraffic total;
  g_autoptr(GArray) whole = g_array_new(FALSE, FALSE, sizeof(IvPeriod));
  g_array_append_val(whole, job->answer->range);
  g_autoptr(GArray) traffic = iv_kpi_scope_traffic(job->scope, whole, &total, error);
  if (!traffic)
    return FALSE;
  job->answer->known_share = total.known_share;
  job->answer->coverage = total.coverage;
  return TRUE;
}

static gboolean count_open(const Job *job, GError **error) {
  gint64 open;
  IvStatement *st = ask(job, "SELECT count(*) FROM open_store_visits WHERE store_no = $1 "
                             "AND ts >= $2 AND ts < $3 AND ts >= $4");
  iv_bind_time(st, job->scope->now - OPEN_MAX);
  if (!iv_lookup_int(st, 0, &open, error))
    return FALSE;
  job->answer->open = (guint)open;
  job->answer->provisional =
      open > 0 || iv_kpi_scope_is_provisional(job->scope, job->answer->range);
  return TRUE;
}

static gboolean answer_journeys(const IvKpiScope *scope, IvJourneyAnswer *answer, GError **error) {
  g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
  Job job = {scope, places, answer};
  answer->range = scope->range;
  g_strlcpy(answer->time_zone, scope->store.time_zone, sizeof answer->time_zone);
  answer->zones = g_array_new(FALSE, FALSE, sizeof(IvJourneyZone));
  answer->links = g_array_new(FALSE, FALSE, sizeof(IvJourneyLink));
  answer->paths = g_array_new(FALSE, FALSE, sizeof(IvJourneyPath));
  return read_traffic(&job, error) && count_open(&job, error) && read_hours(&job, error) &&
         hide_sales(&job, error) && read_links(&job, error) && read_paths(&job, error) &&
         count_paths(&job, error);
}

/* Days of the store, whole ones. */
static gboolean widen(IvStore *store, const IvKpiQuery *query, IvKpiQuery *ret_query,
                      GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
  g_auto(IvKpiScope) scope = {0};
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, query, error))
    return FALSE;
  *ret_query = *query;
  ret_query->step = IV_STEP_DAY;
  ret_query->from = iv_calendar_day_start(scope.zone, scope.range.from);
  ret_query->to = iv_calendar_day_end(scope.zone, scope.range.to - 1);
  if (ret_query->to - ret_query->from <= IV_JOURNEY_DAYS_MAX * (IvTime)IV_DAY)
    return TRUE;
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT, "journeys are told of at most %d days",
              IV_JOURNEY_DAYS_MAX);
  return FALSE;
}

gboolean iv_kpis_journeys(IvStore *store, const IvKpiQuery *query, IvJourneyAnswer *ret_answer,
                          GError **error) {
  IvKpiQuery days;
  if (!widen(store, query, &days, error))
    return FALSE;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
  g_auto(IvKpiScope) scope = {0};
  IvJourneyAnswer answer = {0};
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, &days, error))
    return FALSE;
  if (answer_journeys(&scope, &answer, error)) {
    *ret_answer = answer;
    return TRUE;
  }
  iv_journey_answer_clear(&answer);
  return FALSE;
}

void iv_journey_answer_clear(IvJourneyAnswer *answer) {
  g_clear_pointer(&answer->zones, g_array_unref);
  g_clear_pointer(&answer->links, g_array_unref);
  g_clear_pointer(&answer->paths, g_array_unref);
}
