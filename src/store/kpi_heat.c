/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kpi_heat.h"

#include <math.h>
#include <string.h>

#include "kpi/bucket.h"
#include "kpi/heat_map.h"
#include "store/kpi_scope.h"
#include "store/rollup_spans.h"

static const char *const step_names[IV_HEAT_STEPS] = {"total", "day", "hour", "hour_of_day",
                                                      "5min"};

const char *iv_heat_step_name(IvHeatStep step) {
  return step_names[step];
}

int iv_heat_step_from_name(const char *name) {
  for (int i = 0; i < IV_HEAT_STEPS; i++)
    if (strcmp(step_names[i], name) == 0)
      return i;
  return -1;
}

/* One question on its way. */
typedef struct {
  const IvHeatQuery *query;
  IvKpiScope *scope;
  gint64 camera;   /* 0 = a plan that no event has named */
  GArray *needed;  /* gint64: cameras of the coverage */
  IvHeatAnswer *a; /* filled step by step */
} Job;

/* ---- which time ---- */

static IvStep calendar_step(IvHeatStep step) {
  switch (step) {
  case IV_HEAT_TOTAL: /* one period: whatever is longest */
  case IV_HEAT_DAYS:
    return IV_STEP_DAY;
  case IV_HEAT_5MIN:
    return IV_STEP_5MIN;
  default:
    return IV_STEP_HOUR;
  }
}

/* `range` of the scope is whole five minutes already. */
static IvPeriod whole_steps(const IvKpiScope *scope, IvHeatStep step) {
  IvPeriod range = scope->range;
  if (step == IV_HEAT_5MIN)
    return range;
  if (step == IV_HEAT_DAYS)
    return (IvPeriod){iv_calendar_day_start(scope->zone, range.from),
                      iv_calendar_day_end(scope->zone, range.to - 1)};
  return (IvPeriod){iv_calendar_hour_start(scope->zone, range.from),
                    iv_calendar_hour_end(scope->zone, range.to - 1)};
}

static gboolean too_much(GError **error) {
  g_set_error_literal(error, IV_STORE_ERROR, IV_STORE_ERROR_LIMIT,
                      "that is more than one answer can hold; ask for less time, or a larger step");
  return FALSE;
}

static void add_period(Job *job, IvPeriod period, int hour) {
  IvHeatPeriod row = {.period = period, .hour = hour};
  g_array_append_val(job->a->periods, row);
}

static gboolean cut(Job *job, GError **error) {
  IvPeriod range = job->scope->range;
  if (job->query->step == IV_HEAT_TOTAL)
    return TRUE;
  for (int hour = 0; hour < 24 && job->query->step == IV_HEAT_HOURS_OF_DAY; hour++)
    add_period(job, range, hour);
  if (job->query->step == IV_HEAT_HOURS_OF_DAY)
    return TRUE;
  g_autoptr(GArray) periods = iv_calendar_cut(job->scope->zone, range,
                                              calendar_step(job->query->step), IV_HEAT_PERIODS_MAX);
  for (guint i = 0; periods && i < periods->len; i++)
    add_period(job, g_array_index(periods, IvPeriod, i), -1);
  return periods ? TRUE : too_much(error);
}

/* ---- which camera ---- */

static gboolean is_plan(const Job *job) {
  return strcmp(job->query->camera_id, IV_FLOOR_PLAN_ID) == 0;
}

static gboolean find_camera(Job *job, GError **error) {
  const GArray *cameras = job->scope->cameras;
  for (guint i = 0; i < cameras->len; i++) {
    const IvScopeCamera *camera = &g_array_index(cameras, IvScopeCamera, i);
    if (strcmp(camera->id.text, job->query->camera_id) == 0)
      job->camera = camera->no;
  }
  if (job->camera || is_plan(job))
    return TRUE;
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND, "there is no camera \"%s\"",
              job->query->camera_id);
  return FALSE;
}

/* The plan is seen by all cameras that it knows the place of, unless whoever puts them together
 * tells how long it was alive. */
static gboolean find_needed(Job *job, GError **error) {
  if (job->camera)
    g_array_append_val(job->needed, job->camera);
  iv_kpi_scope_see_plan(job->scope, IV_PLAN_ITEM_PLAN, 0, job->needed);
  return iv_kpi_scope_watch(job->scope, job->needed, error);
}

/* ---- the rows ---- */

static IvStatement *ask(const Job *job, IvPeriod span, const char *text) {
  IvStatement *st = iv_sql_statement(job->scope->sql, text);
  iv_bind_int(st, job->scope->store.no);
  iv_bind_int(st, job->camera);
  iv_bind_time(st, span.from);
  iv_bind_time(st, span.to);
  return st;
}

/* Days are made of hours, so hours are the rows for whatever is younger than days. */
static guint spans_of(const Job *job, IvRollupSpan *ret_spans) {
  IvRollupLevel top = iv_rollup_level_of(calendar_step(job->query->step));
  if (top == IV_ROLLUP_DAY)
    return iv_rollup_spans(job->scope, job->scope->range, top, ret_spans);
  ret_spans[0] = (IvRollupSpan){top, job->scope->range};
  return 1;
}

static IvHeatGrid grid_of(IvStatement *st, int column) {
  return (IvHeatGrid){(guint)iv_column_int(st, column), (guint)iv_column_int(st, column + 1),
                      (guint)iv_column_int(st, column + 2)};
}

#define NEWEST_GRID(table)                                                                         \
  "SELECT columns, rows, cell_mm FROM " table " WHERE store_no = $1 AND camera_no = $2 "           \
  "AND bucket >= $3 AND bucket < $4 ORDER BY bucket DESC, columns, rows, cell_mm LIMIT 1"

static gboolean find_grid(Job *job, GError **error) {
  g_autoptr(GError) wrong = NULL;
  if (!is_plan(job))
    job->a->grid = iv_heat_grid_of_picture();
  IvStatement *st = ask(job, job->scope->range,
                        job->query->step == IV_HEAT_5MIN ? NEWEST_GRID("heatmap_cells")
                                                         : NEWEST_GRID("heatmap_hours"));
  if (iv_step_row(st, &wrong)) {
    job->a->grid = grid_of(st, 0);
    iv_statement_reset(st);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* The total's cells, then those of the periods. */
static gboolean make_room(Job *job, GError **error) {
  IvHeatAnswer *a = job->a;
  gsize n_cells = (gsize)a->grid.columns * a->grid.rows;
  if (n_cells * (a->periods->len + 1) > IV_HEAT_SUMS_MAX)
    return too_much(error);
  a->sums = g_new0(gint64, n_cells * (a->periods->len + 1) + 1);
  a->total.cells = a->sums;
  for (guint i = 0; i < a->periods->len; i++)
    g_array_index(a->periods, IvHeatPeriod, i).cells = a->sums + n_cells * (i + 1);
  return TRUE;
}

/* The period that a row belongs to, going on from `*i`. Without periods: the total. */
static IvHeatPeriod *period_of(const Job *job, IvTime start, guint *i) {
  const GArray *periods = job->a->periods;
  if (periods->len == 0)
    return &job->a->total;
  if (job->query->step == IV_HEAT_HOURS_OF_DAY)
    *i = (guint)iv_calendar_hour_of_day(job->scope->zone, start);
  else
    while (*i + 1 < periods->len && g_array_index(periods, IvHeatPeriod, *i).period.to <= start)
      (*i)++;
  return &g_array_index(periods, IvHeatPeriod, *i);
}

#define ROWS(table)                                                                                \
  "SELECT bucket, columns, rows, cell_mm, tenths, cells FROM " table " WHERE store_no = $1 "       \
  "AND camera_no = $2 AND bucket >= $3 AND bucket < $4 ORDER BY bucket"

static gboolean add_span(Job *job, const IvRollupSpan *span, guint *at, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvHeatAnswer *a = job->a;
  guint n_cells = a->grid.columns * a->grid.rows;
  gboolean fine = TRUE;
  gsize n;
  IvStatement *st = ask(job, span->span,
                        job->query->step == IV_HEAT_5MIN ? ROWS("heatmap_cells")
                        : span->level == IV_ROLLUP_DAY   ? ROWS("heatmap_days")
                                                         : ROWS("heatmap_hours"));
  while (iv_step_row(st, &wrong)) {
    IvHeatGrid grid = grid_of(st, 1);
    if (!iv_heat_grid_equal(&grid, &a->grid)) {
      a->other_tenths += iv_column_int(st, 4);
      continue;
    }
    IvHeatPeriod *period = period_of(job, iv_column_time(st, 0), at);
    const void *bytes = iv_column_blob(st, 5, &n);
    fine &= iv_heat_map_add(period->cells, n_cells, 1, bytes, n);
    period->tenths += iv_column_int(st, 4);
  }
  if (!wrong && !fine)
    g_set_error_literal(&wrong, IV_SQL_ERROR, IV_SQL_ERROR_CORRUPT,
                        "a stored heat map is damaged; restore a backup");
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean add_rows(Job *job, GError **error) {
  IvRollupSpan spans[IV_ROLLUP_SPANS_MAX];
  guint n = spans_of(job, spans), at = 0;
  for (guint i = 0; i < n; i++)
    if (!add_span(job, &spans[i], &at, error))
      return FALSE;
  return TRUE;
}

static gboolean add_up(Job *job, GError **error) {
  IvHeatAnswer *a = job->a;
  guint n_cells = a->grid.columns * a->grid.rows, filled = 0;
  for (guint i = 0; i < a->periods->len; i++) {
    const IvHeatPeriod *period = &g_array_index(a->periods, IvHeatPeriod, i);
    a->total.tenths += period->tenths;
    for (guint k = 0; period->tenths && k < n_cells; k++) {
      a->total.cells[k] += period->cells[k];
      filled += period->cells[k] > 0;
    }
  }
  return filled <= IV_HEAT_FILLED_MAX ? TRUE : too_much(error);
}

/* ---- how far it can be trusted ---- */

/* Five minutes before this were deleted, while it is still known that the cameras were alive. */
static IvTime kept_from(const Job *job) {
  return job->query->step == IV_HEAT_5MIN ? job->scope->store.samples_from : 0;
}

static void judge(const Job *job, IvHeatPeriod *period) {
  gboolean known;
  period->coverage = iv_kpi_scope_coverage(job->scope, period->period, job->needed, &known);
  period->known = (known || period->tenths > 0) && period->period.from >= kept_from(job);
  period->provisional = iv_kpi_scope_is_provisional(job->scope, period->period);
}

/* Of each hour of the day: the mean over those that have begun. */
static void judge_hours_of_day(const Job *job) {
  GArray *periods = job->a->periods;
  int begun[24] = {0};
  for (IvTime at = job->scope->range.from, end; at < job->scope->range.to; at = end) {
    end = iv_calendar_hour_end(job->scope->zone, at);
    IvHeatPeriod hour = {.period = {at, end}},
                 *period = &g_array_index(periods, IvHeatPeriod,
                                          iv_calendar_hour_of_day(job->scope->zone, at));
    judge(job, &hour);
    period->known |= hour.known;
    if (isnan(hour.coverage))
      continue;
    period->provisional |= hour.provisional;
    period->coverage += hour.coverage;
    begun[period->hour]++;
  }
  for (guint i = 0; i < periods->len; i++) {
    IvHeatPeriod *period = &g_array_index(periods, IvHeatPeriod, i);
    period->known |= period->tenths > 0;
    period->coverage = begun[i] > 0 ? period->coverage / begun[i] : (double)NAN;
  }
}

static void judge_all(const Job *job) {
  IvHeatAnswer *a = job->a;
  a->total.period = job->scope->range;
  a->total.hour = -1;
  judge(job, &a->total);
  if (job->query->step == IV_HEAT_HOURS_OF_DAY)
    judge_hours_of_day(job);
  else
    for (guint i = 0; i < a->periods->len; i++)
      judge(job, &g_array_index(a->periods, IvHeatPeriod, i));
}

/* ---- the answer ---- */

static gboolean answer(Job *job, GError **error) {
  job->a->range = job->scope->range;
  g_strlcpy(job->a->time_zone, job->scope->store.time_zone, sizeof job->a->time_zone);
  job->a->periods = g_array_new(FALSE, TRUE, sizeof(IvHeatPeriod));
  if (!find_camera(job, error) || !find_needed(job, error) || !cut(job, error) ||
      !find_grid(job, error) || !make_room(job, error) || !add_rows(job, error) ||
      !add_up(job, error))
    return FALSE;
  judge_all(job);
  return TRUE;
}

/* The scope of whole steps: where they reach over what was asked for, it is made anew. */
static gboolean open_scope(IvKpiScope *ret_scope, IvSql *sql, const IvHeatQuery *query,
                           GError **error) {
  IvKpiQuery asked = {.store_id = query->store_id,
                      .from = query->from,
                      .to = query->to,
                      .step = calendar_step(query->step),
                      .now = query->now,
                      .deadline = query->deadline};
  if (!iv_kpi_scope_init(ret_scope, sql, &asked, error))
    return FALSE;
  IvPeriod before = ret_scope->range, whole = whole_steps(ret_scope, query->step);
  if (whole.from == before.from && whole.to == before.to)
    return TRUE;
  iv_kpi_scope_clear(ret_scope);
  asked.from = whole.from;
  asked.to = whole.to;
  return iv_kpi_scope_init(ret_scope, sql, &asked, error);
}

gboolean iv_kpis_heat(IvStore *store, const IvHeatQuery *query, IvHeatAnswer *ret_answer,
                      GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, query->deadline, error);
  g_auto(IvKpiScope) scope = {0};
  g_auto(IvHeatAnswer) a = {0};
  if (!read.sql || !open_scope(&scope, read.sql, query, error))
    return FALSE;
  g_autoptr(GArray) needed = g_array_new(FALSE, FALSE, sizeof(gint64));
  Job job = {.query = query, .scope = &scope, .needed = needed, .a = &a};
  if (!answer(&job, error))
    return FALSE;
  *ret_answer = a;
  memset(&a, 0, sizeof a);
  return TRUE;
}

void iv_heat_answer_clear(IvHeatAnswer *answer) {
  g_clear_pointer(&answer->periods, g_array_unref);
  g_clear_pointer(&answer->sums, g_free);
}
