/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_zones.h"

#include <math.h>

#include "kpi/bucket.h"
#include "kpi/sketch.h"
#include "store/kpi_people.h"
#include "store/rollup_spans.h"

/* An edge that was killed never sends the end of a visit: after this it is taken for over. */
#define OPEN_VISIT_MAX (4 * IV_HOUR)

/* For how long a camera saw too many people in it. */
typedef struct {
  gint64 camera, ms;
} Crowded;

/* One zone in one period, as it adds up. */
typedef struct {
  gint64 no;
  GArray *cameras; /* of gint64: those that see it now, then those that have counted it, by no */
  guint n_drawn;   /* of those: that see it now */
  gint64 visits, engaged, dwell_ms, peak, open; /* visits: min_dwell or longer */
  gint64 capacity;                              /* 0 = none is drawn now */
  gint64 known, engaged_known;                  /* of those: by whom is known */
  IvSketch *dwell;                              /* NULL = none, or told already */
  double median_ms, p90_ms;                     /* once it was told */
  GArray *crowded;                              /* of Crowded; NULL = it never was */
} Sum;

static void sum_free(gpointer pointer) {
  Sum *sum = pointer;
  g_array_unref(sum->cameras);
  g_clear_pointer(&sum->dwell, iv_sketch_free);
  g_clear_pointer(&sum->crowded, g_array_unref);
  g_free(sum);
}

/* Periods that are told by themselves, in order of time. */
typedef struct {
  const IvKpiScope *scope;
  const GArray *periods; /* of IvPeriod */
  IvRollupLevel top;     /* rows that lie within one */
  GPtrArray *sums;       /* for each: table of zone_no to Sum */
  GPtrArray *spare;      /* of IvSketch, wide and empty: from periods that were told */
} Gathering;

static Sum *find_sum(GHashTable *sums, gint64 zone_no) {
  Sum *sum = g_hash_table_lookup(sums, &zone_no);
  if (sum)
    return sum;
  sum = g_new0(Sum, 1);
  sum->no = zone_no;
  sum->cameras = g_array_new(FALSE, FALSE, sizeof(gint64));
  sum->median_ms = sum->p90_ms = (double)NAN;
  g_hash_table_insert(sums, &sum->no, sum);
  return sum;
}

/* Those that are not drawn go by their number, whatever came first. */
static void note_camera(Sum *sum, gint64 camera_no) {
  guint at = sum->n_drawn;
  for (guint i = 0; i < sum->cameras->len; i++)
    if (g_array_index(sum->cameras, gint64, i) == camera_no)
      return;
  while (at < sum->cameras->len && g_array_index(sum->cameras, gint64, at) < camera_no)
    at++;
  g_array_insert_val(sum->cameras, at, camera_no);
}

static void note_drawn(Sum *sum, gint64 camera_no) {
  for (guint i = 0; i < sum->cameras->len; i++)
    if (g_array_index(sum->cameras, gint64, i) == camera_no)
      return;
  g_array_append_val(sum->cameras, camera_no);
  sum->n_drawn = sum->cameras->len;
}

static IvPeriod period_at(const Gathering *g, guint i) {
  return g_array_index(g->periods, IvPeriod, i);
}

/* The period that holds `t`; -1 = none does. */
static int place_of(const Gathering *g, IvTime t) {
  guint low = 0, high = g->periods->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (period_at(g, mid).to <= t)
      low = mid + 1;
    else
      high = mid;
  }
  return low < g->periods->len && period_at(g, low).from <= t ? (int)low : -1;
}

/* ---- reading ---- */

static gboolean drawn_now(const Gathering *g, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      g->scope->sql, "SELECT s.zone_no, c.camera_no, s.capacity FROM cameras c JOIN scene_zones s "
                     "ON s.camera_no = c.camera_no AND s.version = c.scene_version "
                     "WHERE c.store_no = $1 AND c.in_config = 1 AND c.enabled = 1 "
                     "ORDER BY c.number, c.camera_no");
  iv_bind_int(st, g->scope->store.no);
  while (iv_step_row(st, &wrong))
    for (guint i = 0; i < g->sums->len; i++) {
      Sum *sum = find_sum(g->sums->pdata[i], iv_column_int(st, 0));
      note_drawn(sum, iv_column_int(st, 1));
      sum->capacity = MAX(sum->capacity, iv_column_int(st, 2));
    }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static void add_crowded(Sum *sum, gint64 camera, gint64 ms) {
  if (ms == 0)
    return;
  if (!sum->crowded)
    sum->crowded = g_array_new(FALSE, FALSE, sizeof(Crowded));
  for (guint i = 0; i < sum->crowded->len; i++) {
    Crowded *crowded = &g_array_index(sum->crowded, Crowded, i);
    if (crowded->camera == camera) {
      crowded->ms += ms;
      return;
    }
  }
  Crowded crowded = {camera, ms};
  g_array_append_val(sum->crowded, crowded);
}

/* As the camera saw it that saw most of it: several see the same people. */
static gint64 crowded_ms(const Sum *sum) {
  gint64 most = 0;
  for (guint i = 0; sum->crowded && i < sum->crowded->len; i++)
    most = MAX(most, g_array_index(sum->crowded, Crowded, i).ms);
  return most;
}

static void add_dwell(const Gathering *g, Sum *sum, const void *bytes, gsize n) {
  if (n == 0)
    return;
  if (!sum->dwell)
    sum->dwell = g->spare->len > 0 ? g_ptr_array_steal_index_fast(g->spare, g->spare->len - 1)
                                   : iv_sketch_new_wide();
  iv_sketch_merge_bytes(sum->dwell, bytes, n);
}

/* No row of the period comes any more: what is told of its lengths is, and the next may have the
 * sketches, each of which takes more memory than all the rest. */
static void tell_lengths(const Gathering *g, guint period) {
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, g->sums->pdata[period]);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    static const double q[] = {0.5, 0.9};
    Sum *sum = value;
    double ms[G_N_ELEMENTS(q)];
    if (!sum->dwell)
      continue;
    iv_sketch_quantiles(sum->dwell, q, G_N_ELEMENTS(q), ms);
    sum->median_ms = ms[0];
    sum->p90_ms = ms[1];
    iv_sketch_empty(sum->dwell);
    g_ptr_array_add(g->spare, g_steal_pointer(&sum->dwell));
  }
}

static void add_row(const Gathering *g, IvStatement *st, Sum *sum) {
  gsize n;
  note_camera(sum, iv_column_int(st, 2));
  sum->visits += iv_column_int(st, 3);
  sum->engaged += iv_column_int(st, 4);
  sum->dwell_ms += iv_column_int(st, 5);
  sum->peak = MAX(sum->peak, iv_column_int(st, 6));
  if (!g->scope->no_spreads) {
    const void *bytes = iv_column_blob(st, 7, &n);
    add_dwell(g, sum, bytes, n);
  }
  sum->known += iv_column_int(st, 8);
  sum->engaged_known += iv_column_int(st, 9);
  add_crowded(sum, iv_column_int(st, 2), iv_column_int(st, 10));
}

/* Rows come in order of time. */
static gboolean add_rows(const Gathering *g, GError **error) {
#define READ_ZONES(level)                                                                          \
  "SELECT bucket, zone_no, camera_no, visitors, engaged, dwell_ms, peak, dwell_sketch, known, "    \
  "engaged_known, over_capacity_ms FROM " level                                                    \
  "_zone WHERE store_no = $1 AND bucket >= $2 AND bucket < $3 "                                    \
  "ORDER BY bucket"
  static const char *const texts[] = IV_ROLLUP_TEXTS(READ_ZONES);
  g_autoptr(GError) wrong = NULL;
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  int at = 0;
  guint n = iv_rollup_spans(g->scope, g->scope->range, g->top, spans);
  for (guint i = 0; !wrong && i < n; i++) {
    IvStatement *st = iv_rollup_ask(g->scope, &spans[i], texts);
    while (iv_step_row(st, &wrong)) {
      int place = place_of(g, iv_column_time(st, 0));
      if (place < 0)
        continue;
      g_assert(place >= at);
      if (place > at)
        tell_lengths(g, (guint)at);
      at = place;
      add_row(g, st, find_sum(g->sums->pdata[place], iv_column_int(st, 1)));
    }
  }
  if (g->periods->len > 0)
    tell_lengths(g, (guint)at);
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean count_open(const Gathering *g, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvStatement *st = iv_sql_statement(
      g->scope->sql, "SELECT ts, zone_no, camera_no FROM open_visits WHERE store_no = $1 "
                     "AND ts >= $2 AND ts < $3");
  iv_bind_int(st, g->scope->store.no);
  iv_bind_time(st, MAX(g->scope->range.from, g->scope->now - OPEN_VISIT_MAX));
  iv_bind_time(st, g->scope->range.to);
  while (iv_step_row(st, &wrong)) {
    int place = place_of(g, iv_column_time(st, 0));
    if (place < 0)
      continue;
    Sum *sum = find_sum(g->sums->pdata[place], iv_column_int(st, 1));
    note_camera(sum, iv_column_int(st, 2));
    sum->open++;
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean watch_cameras(const Gathering *g, GError **error) {
  for (guint i = 0; i < g->sums->len; i++) {
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, g->sums->pdata[i]);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
      const Sum *sum = value;
      iv_kpi_scope_see_plan(g->scope, IV_PLAN_ITEM_ZONE, sum->no, sum->cameras);
      if (!iv_kpi_scope_watch(g->scope, sum->cameras, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* ---- telling ---- */

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
static void tell(const IvKpiScope *scope, IvPeriod period, const Sum *sum, GHashTable *people,
                 IvZoneFigures *figures) {
  gboolean known;
  figures->coverage = iv_kpi_scope_coverage(scope, period, sum->cameras, &known);
  known = known || sum->peak > 0;
  figures->peak_occupancy = known ? (double)sum->peak : (double)NAN;
  figures->capacity = (guint)sum->capacity;
  figures->peak_share = known ? share(sum->peak, sum->capacity) : (double)NAN;
  figures->over_capacity_s =
      (known && sum->capacity > 0) || sum->crowded ? (double)crowded_ms(sum) / 1000 : (double)NAN;
  tell_people(sum, people, known, figures);
  figures->dwell_mean_s = share(sum->dwell_ms, sum->visits) / 1000;
  figures->dwell_median_s = sum->median_ms / 1000;
  figures->dwell_p90_s = sum->p90_ms / 1000;
  figures->open_visits = (guint)sum->open;
  figures->provisional = sum->open > 0 || iv_kpi_scope_is_provisional(scope, period);
  name_cameras(scope, sum, figures);
}

/* A zone of the store, by id: what is the same in all periods. */
typedef struct {
  gint64 no;
  IvZoneFigures named;
} Named;

static GArray *read_names(const IvKpiScope *scope, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(Named));
  IvStatement *st = iv_sql_statement(
      scope->sql, "SELECT zone_no, id, name, kind FROM zones WHERE store_no = $1 ORDER BY id");
  iv_bind_int(st, scope->store.no);
  while (iv_step_row(st, &wrong)) {
    Named zone = {iv_column_int(st, 0), {.kind = IV_ZONE_GENERAL}};
    iv_slug_set(&zone.named.zone_id, iv_column_text(st, 1));
    g_strlcpy(zone.named.name, iv_column_text(st, 2), sizeof zone.named.name);
    int kind = iv_zone_kind_from_name(iv_column_text(st, 3));
    zone.named.kind = kind >= 0 ? (IvZoneKind)kind : IV_ZONE_GENERAL;
    g_array_append_val(all, zone);
  }
  if (!wrong)
    return g_steal_pointer(&all);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

static GArray *tell_period(const Gathering *g, guint i, const GArray *names, GArray *ret_numbers,
                           GError **error) {
  g_autoptr(GHashTable) people = iv_kpi_people(g->scope, period_at(g, i), error);
  if (!people)
    return NULL;
  GArray *zones = g_array_sized_new(FALSE, TRUE, sizeof(IvZoneFigures), names->len);
  for (guint k = 0; k < names->len; k++) {
    const Named *zone = &g_array_index(names, Named, k);
    const Sum *sum = g_hash_table_lookup(g->sums->pdata[i], &zone->no);
    if (!sum)
      continue;
    IvZoneFigures figures = zone->named;
    tell(g->scope, period_at(g, i), sum, people, &figures);
    g_array_append_val(zones, figures);
    if (ret_numbers)
      g_array_append_val(ret_numbers, zone->no);
  }
  return zones;
}

/* ---- answers ---- */

static gboolean gather(const Gathering *g, GError **error) {
  for (guint i = 0; i < g->periods->len; i++)
    g_ptr_array_add(g->sums, g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, sum_free));
  return drawn_now(g, error) && add_rows(g, error) && count_open(g, error) &&
         watch_cameras(g, error);
}

static void set_answer(const IvKpiScope *scope, IvPeriod period, GArray *zones,
                       IvZoneAnswer *ret_answer) {
  ret_answer->range = period;
  g_strlcpy(ret_answer->time_zone, scope->store.time_zone, sizeof ret_answer->time_zone);
  ret_answer->zones = zones;
}

static void answer_free(gpointer answer) {
  iv_zone_answer_clear(answer);
  g_free(answer);
}

GPtrArray *iv_kpi_zone_answers(const IvKpiScope *scope, const GArray *periods, IvRollupLevel top,
                               GArray *ret_numbers, GError **error) {
  g_autoptr(GPtrArray) sums = g_ptr_array_new_with_free_func((GDestroyNotify)g_hash_table_unref);
  g_autoptr(GPtrArray) answers = g_ptr_array_new_with_free_func(answer_free);
  g_autoptr(GPtrArray) spare = g_ptr_array_new_with_free_func((GDestroyNotify)iv_sketch_free);
  Gathering g = {scope, periods, top, sums, spare};
  g_autoptr(GArray) names = read_names(scope, error);
  if (!names || !gather(&g, error))
    return NULL;
  for (guint i = 0; i < periods->len; i++) {
    GArray *zones = tell_period(&g, i, names, ret_numbers, error);
    if (!zones)
      return NULL;
    IvZoneAnswer *answer = g_new0(IvZoneAnswer, 1);
    set_answer(scope, period_at(&g, i), zones, answer);
    g_ptr_array_add(answers, answer);
  }
  return g_steal_pointer(&answers);
}

gboolean iv_kpis_zones(IvStore *store, const IvKpiQuery *query, IvZoneAnswer *ret_answer,
                       GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
  g_auto(IvKpiScope) scope = {0};
  IvKpiQuery whole = *query;
  whole.step = IV_STEP_DAY; /* only the whole range is told */
  if (!read.sql || !iv_kpi_scope_init(&scope, read.sql, &whole, error))
    return FALSE;
  g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(IvPeriod));
  g_array_append_val(one, scope.range);
  g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GPtrArray) answers = iv_kpi_zone_answers(&scope, one, IV_ROLLUP_DAY, numbers, error);
  if (!answers)
    return FALSE;
  IvZoneAnswer *answer = answers->pdata[0];
  if (!query->no_bands &&
      !iv_kpi_rank_zones(&scope, numbers, answer->zones, query->fixed_bands, error))
    return FALSE;
  set_answer(&scope, scope.range, g_steal_pointer(&answer->zones), ret_answer);
  return TRUE;
}

void iv_zone_answer_clear(IvZoneAnswer *answer) {
  g_clear_pointer(&answer->zones, g_array_unref);
}
