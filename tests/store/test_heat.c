/* SPDX-License-Identifier: Apache-2.0 */
/* Heat maps: from events to rows, from rows to answers. */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "kpi/bucket.h"
#include "kpi/heat_map.h"
#include "ledger_fixture.h"
#include "store/kpi_heat.h"
#include "store/retention.h"

#define DAY "2026-02-10T"
#define PLAN "20x10@500"

static void put(Fixture *f, IvEvent event) {
  g_assert_cmpuint(apply(f, &event, 1), ==, 1);
}

static IvHeatAnswer ask(Fixture *f, const char *camera, const char *from, const char *to,
                        IvHeatStep step) {
  g_autoptr(GError) error = NULL;
  IvHeatAnswer answer;
  IvHeatQuery query = {.store_id = "demo",
                       .camera_id = camera,
                       .from = at(from),
                       .to = at(to),
                       .step = step,
                       .now = at("2026-02-20T00:00:00Z"),
                       .deadline = IV_TIME_NONE};
  iv_kpis_heat(f->store, &query, &answer, &error);
  g_assert_no_error(error);
  return answer;
}

static IvStoreError fail(Fixture *f, const char *camera, const char *from, const char *to,
                         IvHeatStep step) {
  g_autoptr(GError) error = NULL;
  IvHeatAnswer answer;
  IvHeatQuery query = {.store_id = "demo",
                       .camera_id = camera,
                       .from = at(from),
                       .to = at(to),
                       .step = step,
                       .now = at("2026-02-20T00:00:00Z"),
                       .deadline = IV_TIME_NONE};
  g_assert_false(iv_kpis_heat(f->store, &query, &answer, &error));
  g_assert_true(error->domain == IV_STORE_ERROR);
  return (IvStoreError)error->code;
}

static const IvHeatPeriod *nth(const IvHeatAnswer *answer, guint i) {
  g_assert_cmpuint(i, <, answer->periods->len);
  return &g_array_index(answer->periods, IvHeatPeriod, i);
}

/* ---- bytes ---- */

static void test_bytes(void) {
  const gint64 sums[] = {0, 1, 0, 0, 127, 128, 16384, 0, (gint64)1 << 40, 0};
  gint64 read[10] = {0};
  gsize n;
  g_autoptr(GBytes) bytes = iv_heat_map_to_bytes(sums, 10);
  const guint8 *data = g_bytes_get_data(bytes, &n);
  g_assert_true(iv_heat_map_add(read, 10, 1, data, n));
  g_assert_true(iv_heat_map_add(read, 10, 2, data, n));
  for (int i = 0; i < 10; i++)
    g_assert_cmpint(read[i], ==, 3 * sums[i]);
  g_assert_true(iv_heat_map_add(read, 10, -3, data, n));
  g_autoptr(GBytes) none = iv_heat_map_to_bytes(read, 10);
  g_assert_cmpuint(g_bytes_get_size(none), ==, 0);
  for (gsize cut = 1; cut < n; cut++) /* in the middle of a pair, or fewer pairs: never beyond */
    iv_heat_map_add(read, 10, 1, data, cut);
  g_assert_false(iv_heat_map_add(read, 9, 1, data, n) && iv_heat_map_add(read, 8, 1, data, n));
}

/* Damaged bytes are found out, and never touch what is not theirs. */
static void test_any_bytes(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(11);
  for (int round = 0; round < 20000; round++) {
    gint64 sums[12] = {0};
    guint8 bytes[24];
    gsize n = (gsize)g_rand_int_range(dice, 0, sizeof bytes);
    for (gsize i = 0; i < n; i++)
      bytes[i] = (guint8)(g_rand_int(dice) >> (round % 3 ? 27 : 24));
    sums[10] = sums[11] = 7;
    iv_heat_map_add(sums, 10, 1, bytes, n);
    g_assert_cmpint(sums[10] + sums[11], ==, 14);
  }
}

/* ---- rows ---- */

/* Parts of a bucket add up, a duplicate does not, a late one does, whatever batch they come in. */
static void test_merge(void) {
  Fixture f;
  fixture_set_up(&f, "UTC");
  IvTime nine = at(DAY "09:00:00Z");
  IvEvent first = make_heat("door", "32x18", nine, 40, 2.5, 1);
  put(&f, first);
  put(&f, make_heat("door", "32x18", nine, 40, 1.5, 2));
  put(&f, make_heat("door", "32x18", nine + 7 * IV_MINUTE, 41, 10, 1));
  g_assert_cmpuint(apply(&f, &first, 1), ==, 0);
  put(&f, make_heat("door", "32x18", nine + IV_MINUTE, 3, 0.1, 1)); /* late, of the same bucket */
  put(&f, make_heat("aisle", "32x18", nine, 40, 99, 1));
  g_assert_cmpint(ask_int(f.store, "SELECT count(*) FROM heatmap_cells"), ==, 3);
  g_assert_cmpint(ask_int(f.store, "SELECT count(*) FROM heatmap_hours"), ==, 2);
  g_auto(IvHeatAnswer) a = ask(&f, "door", DAY "09:00:00Z", DAY "10:00:00Z", IV_HEAT_5MIN);
  g_assert_cmpuint(a.periods->len, ==, 12);
  g_assert_cmpint(nth(&a, 0)->cells[40], ==, 40);
  g_assert_cmpint(nth(&a, 0)->cells[3], ==, 1);
  g_assert_cmpint(nth(&a, 0)->tenths, ==, 41);
  g_assert_cmpint(nth(&a, 1)->cells[41], ==, 100);
  g_assert_cmpint(a.total.tenths, ==, 141);
  g_assert_cmpint(a.total.cells[40], ==, 40);
  g_assert_cmpuint(a.grid.columns, ==, 32);
  g_assert_cmpuint(a.grid.cell_mm, ==, 0);
  fixture_tear_down(&f);
}

static void test_refused(void) {
  g_autoptr(GError) error = NULL;
  Fixture f;
  gboolean inserted[3];
  const char *refused[3];
  fixture_set_up(&f, "UTC");
  IvEvent events[3] = {make_heat("door", "32x18", at(DAY "09:00:00Z"), 1, 1, 1),
                       make_heat("door", "32x18", at(DAY "09:00:00Z"), 1, 1, 2),
                       make_heat("door", "32x18", at(DAY "09:00:00Z"), 1, 1, 3)};
  iv_event_set_text(&events[0], IV_ATTR_CELLS_1, "!");
  events[1].camera_id = (IvSlug){""};
  g_assert_true(iv_ledger_apply(f.book, events, 3, 0, inserted, refused, &error));
  g_assert_no_error(error);
  g_assert_nonnull(refused[0]);
  g_assert_nonnull(refused[1]);
  g_assert_null(refused[2]);
  g_assert_true(!inserted[0] && !inserted[1] && inserted[2]);
  g_assert_cmpint(ask_int(f.store, "SELECT count(*) FROM events"), ==, 1);
  fixture_tear_down(&f);
}

/* Many buckets on the largest grids in one batch: written as they gather, and all there. */
static void test_large_batch(void) {
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  Fixture f;
  fixture_set_up(&f, "UTC");
  for (guint i = 0; i < 60; i++) {
    IvEvent event = make_heat("floor-plan", "256x256@500", at(DAY "00:00:00Z") + i * IV_HEAT_BUCKET,
                              65000 + i % 3, 2, 1);
    g_array_append_val(events, event);
  }
  g_assert_cmpuint(apply(&f, &g_array_index(events, IvEvent, 0), events->len), ==, 60);
  g_auto(IvHeatAnswer) a =
      ask(&f, IV_FLOOR_PLAN_ID, DAY "00:00:00Z", DAY "05:00:00Z", IV_HEAT_TOTAL);
  g_assert_cmpint(a.total.tenths, ==, 1200);
  g_assert_cmpint(a.total.cells[65001], ==, 400);
  /* 288 periods of so many cells do not fit into one answer */
  g_assert_cmpint(fail(&f, IV_FLOOR_PLAN_ID, DAY "00:00:00Z", "2026-02-11T00:00:00Z", IV_HEAT_5MIN),
                  ==, IV_STORE_ERROR_LIMIT);
  fixture_tear_down(&f);
}

/* Counting again gives the same rows, also where they were spoilt, and of a part of an hour. */
static void test_recount(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) day = make_day(at(DAY "00:00:00Z"), 9);
  Fixture f;
  fixture_set_up(&f, "Asia/Kolkata");
  apply(&f, &g_array_index(day, IvEvent, 0), day->len);
  g_autofree char *before = dump_tables(f.store);
  iv_ledger_recount(f.book, "demo", at(DAY "05:20:00Z"), at(DAY "07:05:00Z"), &error);
  g_assert_no_error(error);
  g_autofree char *after = dump_tables(f.store);
  assert_same_dump(before, after);
  fixture_tear_down(&f);
}

/* ---- answers ---- */

/* Half an hour off full hours: hours are the store's, so is what is asked for. */
static void test_hours(void) {
  Fixture f;
  fixture_set_up(&f, "Asia/Kolkata"); /* 09:30Z is 15:00 */
  for (guint i = 0; i < 18; i++)
    put(&f, make_heat(IV_FLOOR_PLAN_ID, PLAN, at(DAY "09:30:00Z") + i * IV_HEAT_BUCKET, i, 10, 1));
  put(&f, make_heat(IV_FLOOR_PLAN_ID, PLAN, at("2026-02-11T09:35:00Z"), 199, 1, 1));
  g_auto(IvHeatAnswer) hours =
      ask(&f, IV_FLOOR_PLAN_ID, DAY "09:31:00Z", DAY "10:31:00Z", IV_HEAT_HOURS);
  g_assert_cmpint(hours.range.from, ==, at(DAY "09:30:00Z"));
  g_assert_cmpint(hours.range.to, ==, at(DAY "11:30:00Z"));
  g_assert_cmpuint(hours.periods->len, ==, 2);
  g_assert_cmpint(nth(&hours, 0)->tenths, ==, 1200);
  g_assert_cmpint(nth(&hours, 1)->tenths, ==, 600);
  g_assert_cmpint(nth(&hours, 1)->cells[12], ==, 100);
  g_assert_cmpuint(hours.grid.cell_mm, ==, 500);
  g_auto(IvHeatAnswer) days =
      ask(&f, IV_FLOOR_PLAN_ID, DAY "00:00:00Z", "2026-02-12T00:00:00Z", IV_HEAT_DAYS);
  g_assert_cmpuint(days.periods->len, ==, 3);
  g_assert_cmpint(nth(&days, 0)->tenths, ==, 1800);
  g_assert_cmpint(nth(&days, 1)->tenths, ==, 10);
  g_auto(IvHeatAnswer) profile =
      ask(&f, IV_FLOOR_PLAN_ID, DAY "00:00:00Z", "2026-02-12T00:00:00Z", IV_HEAT_HOURS_OF_DAY);
  g_assert_cmpuint(profile.periods->len, ==, 24);
  g_assert_cmpint(nth(&profile, 15)->tenths, ==, 1210);
  g_assert_cmpint(nth(&profile, 15)->hour, ==, 15);
  g_assert_cmpint(nth(&profile, 16)->tenths, ==, 600);
  g_assert_cmpint(profile.total.tenths, ==, 1810);
  g_assert_cmpint(profile.total.cells[199], ==, 10);
  fixture_tear_down(&f);
}

/* Nobody seen is 0 only where a camera was alive. */
static void test_known(void) {
  Fixture f;
  fixture_set_up(&f, "UTC");
  for (int i = 0; i < 60; i++)
    put(&f, make_sample("door", at(DAY "09:00:00Z") + i * IV_MINUTE, i < 30 ? 60 : 0));
  g_auto(IvHeatAnswer) a = ask(&f, "door", DAY "09:00:00Z", DAY "11:00:00Z", IV_HEAT_HOURS);
  g_assert_true(nth(&a, 0)->known);
  g_assert_cmpint(nth(&a, 0)->tenths, ==, 0);
  g_assert_cmpfloat_with_epsilon(nth(&a, 0)->coverage, .5, 1e-9);
  g_assert_false(nth(&a, 1)->known);
  g_assert_cmpfloat(nth(&a, 1)->coverage, ==, 0);
  g_assert_false(nth(&a, 1)->provisional);
  g_auto(IvHeatAnswer) profile =
      ask(&f, "door", DAY "00:00:00Z", "2026-02-11T00:00:00Z", IV_HEAT_HOURS_OF_DAY);
  g_assert_true(nth(&profile, 9)->known);
  g_assert_cmpfloat_with_epsilon(nth(&profile, 9)->coverage, .5, 1e-9);
  g_assert_false(nth(&profile, 10)->known);
  /* The plan is seen by nobody: none of the three cameras is calibrated. */
  g_auto(IvHeatAnswer) plan =
      ask(&f, IV_FLOOR_PLAN_ID, DAY "09:00:00Z", DAY "10:00:00Z", IV_HEAT_TOTAL);
  g_assert_cmpuint(plan.grid.columns, ==, 0);
  g_assert_true(isnan(plan.total.coverage));
  g_assert_false(plan.total.known);
  g_assert_cmpint(fail(&f, "cellar", DAY "09:00:00Z", DAY "10:00:00Z", IV_HEAT_TOTAL), ==,
                  IV_STORE_ERROR_NOT_FOUND);
  g_assert_cmpint(fail(&f, "door", DAY "09:00:00Z", "2026-05-10T00:00:00Z", IV_HEAT_HOURS), ==,
                  IV_STORE_ERROR_LIMIT);
  fixture_tear_down(&f);
}

/* What was measured on another grid can't be added: it is told instead. */
static void test_other_grid(void) {
  Fixture f;
  fixture_set_up(&f, "UTC");
  put(&f, make_heat(IV_FLOOR_PLAN_ID, "40x20@500", at(DAY "09:00:00Z"), 700, 5, 1));
  put(&f, make_heat(IV_FLOOR_PLAN_ID, PLAN, at(DAY "09:00:00Z"), 7, 3, 2));
  put(&f, make_heat(IV_FLOOR_PLAN_ID, PLAN, at(DAY "10:00:00Z"), 7, 1, 1));
  g_auto(IvHeatAnswer) a =
      ask(&f, IV_FLOOR_PLAN_ID, DAY "09:00:00Z", DAY "11:00:00Z", IV_HEAT_HOURS);
  g_assert_cmpuint(a.grid.columns, ==, 20);
  g_assert_cmpint(a.other_tenths, ==, 50);
  g_assert_cmpint(a.total.tenths, ==, 40);
  fixture_tear_down(&f);
}

/* Five minutes go with the samples, hours with the figures; what is gone is n/a, not 0. */
static void test_retention(void) {
  g_autoptr(GError) error = NULL;
  Fixture f;
  IvRetentionConfig keep = {
      .events = 90 * IV_DAY, .samples = 5 * IV_DAY, .kpis = 30 * IV_DAY, .sales = 0};
  fixture_set_up(&f, "UTC");
  for (int i = 0; i < 60; i++)
    put(&f, make_sample("door", at(DAY "09:00:00Z") + i * IV_MINUTE, 60));
  put(&f, make_heat("door", "32x18", at(DAY "09:00:00Z"), 1, 5, 1));
  g_assert_true(iv_retention_run(f.store, &keep, at("2026-02-20T00:00:00Z"), NULL, NULL, &error));
  g_assert_no_error(error);
  g_auto(IvHeatAnswer) fine = ask(&f, "door", DAY "09:00:00Z", DAY "10:00:00Z", IV_HEAT_5MIN);
  g_assert_false(nth(&fine, 0)->known);
  g_assert_false(fine.total.known);
  g_auto(IvHeatAnswer) hours = ask(&f, "door", DAY "09:00:00Z", DAY "10:00:00Z", IV_HEAT_HOURS);
  g_assert_true(nth(&hours, 0)->known);
  g_assert_cmpint(nth(&hours, 0)->tenths, ==, 50);
  g_assert_true(iv_retention_run(f.store, &keep, at("2026-04-20T00:00:00Z"), NULL, NULL, &error));
  g_assert_no_error(error);
  g_assert_cmpint(ask_int(f.store, "SELECT count(*) FROM heatmap_hours"), ==, 0);
  fixture_tear_down(&f);
}

/* ---- speed ---- */

#define DAYS 35
#define PLAN_COLUMNS 92 /* 46 m by 36 m: the supermarket of the yardstick */
#define PLAN_ROWS 72

static void add_cells(GArray *events, const char *camera, const IvHeatGrid *grid, IvTime ts,
                      double filled, GRand *dice) {
  g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(IvHeatCell));
  for (guint i = 0; i < grid->columns * grid->rows; i++) {
    IvHeatCell cell = {i, (guint32)g_rand_int_range(dice, 1, 40)};
    if (g_rand_double(dice) < filled)
      g_array_append_val(cells, cell);
  }
  guint part = 0;
  for (guint at = 0; at < cells->len;) {
    IvEvent event = make_heat(camera, "32x18", ts, 0, 1, ++part);
    event.n_attrs = 0;
    at +=
        iv_heat_sample_write(&event, grid, &g_array_index(cells, IvHeatCell, at), cells->len - at);
    iv_event_set_number(&event, IV_ATTR_PART, part);
    iv_event_set_id(&event, "camera");
    g_array_append_val(events, event);
  }
}

/* A day of 14 open hours: the plan, 16 cameras alive, one of them with a heat map. */
static void fill_day(Fixture *f, IvTime day, GRand *dice) {
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  IvHeatGrid plan = {PLAN_COLUMNS, PLAN_ROWS, 500}, picture = iv_heat_grid_of_picture();
  for (guint i = 0; i < 288; i++) {
    IvTime ts = day + i * IV_HEAT_BUCKET;
    for (guint camera = 0; camera < 16; camera++) {
      char name[16];
      g_snprintf(name, sizeof name, "cam-%u", camera);
      IvEvent sample = make_sample(name, ts, 60);
      g_array_append_val(events, sample);
    }
    if (i < 8 * 12 || i >= 22 * 12)
      continue;
    add_cells(events, IV_FLOOR_PLAN_ID, &plan, ts, 0.15, dice);
    add_cells(events, "cam-0", &picture, ts, 0.4, dice);
  }
  for (guint i = 0; i < events->len; i += 500)
    apply(f, &g_array_index(events, IvEvent, i), MIN(500, events->len - i));
}

static int by_size(gconstpointer a, gconstpointer b) {
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* 95 of 100 questions take no longer, ms of CPU time: others may be at work on the machine. */
static double time_question(Fixture *f, const char *camera, IvHeatStep step) {
  double ms[40];
  for (gsize i = 0; i < G_N_ELEMENTS(ms); i++) {
    clock_t start = clock();
    g_auto(IvHeatAnswer) a = ask(f, camera, "2026-01-06T00:00:00Z", "2026-02-10T00:00:00Z", step);
    ms[i] = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
    g_assert_cmpint(a.total.tenths, >, 0);
  }
  qsort(ms, G_N_ELEMENTS(ms), sizeof ms[0], by_size);
  return ms[G_N_ELEMENTS(ms) * 95 / 100 - 1];
}

static void test_speed(void) {
  static const IvHeatStep steps[] = {IV_HEAT_TOTAL, IV_HEAT_DAYS, IV_HEAT_HOURS_OF_DAY,
                                     IV_HEAT_HOURS};
  static const char *const cameras[] = {IV_FLOOR_PLAN_ID, "cam-0"};
  g_autoptr(GRand) dice = g_rand_new_with_seed(1);
  Fixture f;
  if (!g_test_perf()) {
    g_test_skip("only with -m perf");
    return;
  }
  fixture_set_up(&f, "UTC");
  for (int day = 0; day < DAYS; day++)
    fill_day(&f, at("2026-01-06T00:00:00Z") + day * IV_DAY, dice);
  g_test_message("rows: %" G_GINT64_FORMAT " of 5 minutes, %" G_GINT64_FORMAT
                 " bytes; %" G_GINT64_FORMAT " of hours, %" G_GINT64_FORMAT " bytes",
                 ask_int(f.store, "SELECT count(*) FROM heatmap_cells"),
                 ask_int(f.store, "SELECT sum(length(cells)) FROM heatmap_cells"),
                 ask_int(f.store, "SELECT count(*) FROM heatmap_hours"),
                 ask_int(f.store, "SELECT sum(length(cells)) FROM heatmap_hours"));
  for (gsize c = 0; c < G_N_ELEMENTS(cameras); c++)
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
      if (c == 0 && steps[i] == IV_HEAT_HOURS)
        continue; /* more than an answer holds */
      double p95 = time_question(&f, cameras[c], steps[i]);
      g_test_minimized_result(p95, "35 days, %s by %s: p95 %.1f ms", cameras[c],
                              iv_heat_step_name(steps[i]), p95);
    }
  fixture_tear_down(&f);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/heat/bytes", test_bytes);
  g_test_add_func("/heat/any-bytes", test_any_bytes);
  g_test_add_func("/heat/merge", test_merge);
  g_test_add_func("/heat/refused", test_refused);
  g_test_add_func("/heat/large-batch", test_large_batch);
  g_test_add_func("/heat/recount", test_recount);
  g_test_add_func("/heat/hours", test_hours);
  g_test_add_func("/heat/known", test_known);
  g_test_add_func("/heat/other-grid", test_other_grid);
  g_test_add_func("/heat/retention", test_retention);
  g_test_add_func("/heat/speed", test_speed);
  return g_test_run();
}
