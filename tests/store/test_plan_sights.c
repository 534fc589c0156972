/* SPDX-License-Identifier: Apache-2.0 */
/* What is counted on the floor plan needs the cameras that see it there. */
#include <math.h>

#include "../model/floor_lens.h"
#include "ledger_fixture.h"
#include "store/kpi_heat.h"

#define HOUR "2026-05-01T09:00:00Z"
#define NEXT "2026-05-01T10:00:00Z"
#define LATER "2026-05-02T00:00:00Z"

/* 30 m by 10 m, one camera at each end: `west` sees what is left, `east` what is right, both the
 * middle, and nobody the corner. */
#define AREA(x0, y0, x1, y1)                                                                       \
  "{polygon: [[" #x0 ", " #y0 "], [" #x1 ", " #y0 "], [" #x1 ", " #y1 "], [" #x0 ", " #y1 "]]}"
#define LEFT AREA(0.1, 0.4, 0.2, 0.6)
#define RIGHT AREA(0.8, 0.4, 0.9, 0.6)
#define MIDDLE AREA(0.45, 0.4, 0.55, 0.6)
#define CORNER AREA(0, 0, 0.04, 0.1)

static const char yaml[] =
    "store: {id: demo, name: Demo store, time_zone: UTC}\n"
    "floor_plan:\n"
    "  width_m: 30\n"
    "  height_m: 10\n"
    "  scene:\n"
    "    zones:\n"
    "      - {id: left, polygon: [[0.1, 0.4], [0.2, 0.4], [0.2, 0.6], [0.1, 0.6]]}\n"
    "      - {id: right, polygon: [[0.8, 0.4], [0.9, 0.4], [0.9, 0.6], [0.8, 0.6]]}\n"
    "      - {id: middle, polygon: [[0.45, 0.4], [0.55, 0.4], [0.55, 0.6], [0.45, 0.6]]}\n"
    "      - {id: corner, polygon: [[0, 0], [0.04, 0], [0.04, 0.1], [0, 0.1]]}\n"
    "    lines:\n"
    "      - {id: door, kind: entrance, a: [0.8, 0.4], b: [0.8, 0.6]}\n"
    "      - {id: hidden, kind: internal, a: [0.01, 0], b: [0.01, 0.1]}\n"
    "    lanes:\n"
    "      - {id: till, queue: " MIDDLE ", service: " RIGHT "}\n"
    "      - {id: blind, queue: " LEFT ", service: " CORNER "}\n"
    "      - {id: sco-a, group: sco, queue: " RIGHT ", service: " LEFT "}\n"
    "      - {id: sco-b, group: sco, service: " CORNER "}\n"
    "cameras:\n"
    "  - id: west\n"
    "    number: 1\n"
    "    enabled: %s\n"
    "    url: rtsp://127.0.0.1/west\n"
    "    scene: {image: {w: 1280, h: 720}, calibration: {pairs: [%s]}}\n"
    "  - id: east\n"
    "    number: 2\n"
    "    url: rtsp://127.0.0.1/east\n"
    "    scene: {image: {w: 1280, h: 720}, calibration: {pairs: [%s]}}\n"
    "  - id: loose\n"
    "    number: 3\n"
    "    url: rtsp://127.0.0.1/loose\n";

static char *pairs_text(double x, double y, double yaw) {
  IvPointPair pairs[LENS_PAIRS];
  GString *text = g_string_new(NULL);
  lens_pairs(x, y, yaw, pairs);
  for (guint i = 0; i < LENS_PAIRS; i++)
    g_string_append_printf(text, "%s{image: [%.7f, %.7f], plan: [%.6f, %.6f]}", i ? ", " : "",
                           (double)pairs[i].image.x, (double)pairs[i].image.y, pairs[i].plan.x,
                           pairs[i].plan.y);
  return g_string_free(text, FALSE);
}

static void import(Fixture *f, const char *west_enabled) {
  g_autoptr(GError) error = NULL;
  g_autofree char *west = pairs_text(0, 5, 0), *east = pairs_text(30, 5, 180);
  g_autofree char *text = g_strdup_printf(yaml, west_enabled, west, east);
  g_autoptr(IvConfig) config = fixture_config_from(text);
  iv_catalog_import(f->store, config, at("2026-01-02T00:00:00Z"), NULL, &error);
  g_assert_no_error(error);
}

/* All of it as text. */
static char *sights(Fixture *f) {
  g_autoptr(GError) error = NULL;
  GString *text = g_string_new(NULL);
  g_auto(IvStoreRead) read = iv_store_read_begin(f->store, IV_TIME_NONE, &error);
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT v.item, coalesce(z.id, l.id, n.id, '-'), coalesce(c.id, 'nobody') "
                "FROM plan_sights v LEFT JOIN cameras c ON c.camera_no = v.camera_no "
                "LEFT JOIN zones z ON v.item = 'zone' AND z.zone_no = v.item_no "
                "LEFT JOIN lines l ON v.item = 'line' AND l.line_no = v.item_no "
                "LEFT JOIN lanes n ON v.item = 'lane' AND n.lane_no = v.item_no "
                "ORDER BY 1, 2, c.number");
  while (iv_step_row(st, &error))
    g_string_append_printf(text, "%s %s: %s\n", iv_column_text(st, 0), iv_column_text(st, 1),
                           iv_column_text(st, 2));
  g_assert_no_error(error);
  return g_string_free(text, FALSE);
}

static const char both_there[] =
    "lane blind: nobody\nlane sco: west\nlane sco: east\nlane sco-a: west\nlane sco-a: east\n"
    "lane sco-b: nobody\nlane till: west\nlane till: east\n"
    "line door: east\nline hidden: nobody\nplan -: west\nplan -: east\n"
    "zone corner: nobody\nzone left: west\nzone middle: west\nzone middle: east\n"
    "zone right: east\n";
static const char east_alone[] =
    "lane blind: nobody\nlane sco: nobody\nlane sco-a: nobody\nlane sco-b: nobody\n"
    "lane till: east\nline door: east\nline hidden: nobody\nplan -: east\n"
    "zone corner: nobody\nzone left: nobody\nzone middle: east\nzone right: east\n";

/* West was alive all the hour, east for its first half. */
static void set_up(Fixture *f) {
  fixture_set_up(f, "UTC");
  import(f, "true");
  for (int i = 0; i < 60; i++) {
    IvEvent samples[] = {make_sample("west", at(HOUR) + i * IV_MINUTE, 60),
                         make_sample("east", at(HOUR) + i * IV_MINUTE, i < 30 ? 60 : 0)};
    apply(f, samples, 2);
  }
}

static IvKpiQuery the_hour(void) {
  return (IvKpiQuery){.store_id = "demo",
                      .from = at(HOUR),
                      .to = at(NEXT),
                      .step = IV_STEP_HOUR,
                      .now = at(LATER),
                      .deadline = IV_TIME_NONE};
}

static IvZoneFigures zone(Fixture *f, const char *id) {
  g_autoptr(GError) error = NULL;
  g_auto(IvZoneAnswer) answer = {0};
  IvKpiQuery query = the_hour();
  iv_kpis_zones(f->store, &query, &answer, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < answer.zones->len; i++)
    if (strcmp(g_array_index(answer.zones, IvZoneFigures, i).zone_id.text, id) == 0)
      return g_array_index(answer.zones, IvZoneFigures, i);
  g_error("no zone %s", id);
}

static void assert_zone(Fixture *f, const char *id, double coverage, const char *cameras) {
  IvZoneFigures figures = zone(f, id);
  GString *named = g_string_new(NULL);
  for (guint i = 0; i < figures.n_cameras; i++)
    g_string_append_printf(named, "%s%s", i ? " " : "", figures.cameras[i].text);
  g_assert_cmpstr(named->str, ==, cameras);
  g_string_free(named, TRUE);
  g_assert_true(isnan(coverage) == isnan(figures.coverage));
  if (!isnan(coverage))
    g_assert_cmpfloat_with_epsilon(figures.coverage, coverage, 1e-9);
  g_assert_true(isnan(coverage) == isnan(figures.visitors)); /* nobody came: 0 where looked at */
}

static void test_import(void) {
  Fixture f;
  set_up(&f);
  g_autofree char *first = sights(&f);
  g_assert_cmpstr(first, ==, both_there);
  import(&f, "true");
  g_autofree char *again = sights(&f);
  g_assert_cmpstr(again, ==, both_there);
  import(&f, "false"); /* west is switched off */
  g_autofree char *off = sights(&f);
  g_assert_cmpstr(off, ==, east_alone);
  fixture_tear_down(&f);
}

static void test_zones(void) {
  Fixture f;
  set_up(&f);
  assert_zone(&f, "left", 1, "west");
  assert_zone(&f, "right", .5, "east");
  assert_zone(&f, "middle", .75, "west east");
  assert_zone(&f, "corner", (double)NAN, "");
  /* What was counted is told all the same. */
  IvEvent visit = make_visit(IV_FLOOR_PLAN_ID, "corner", at(HOUR), IV_MINUTE, 7);
  apply(&f, &visit, 1);
  IvZoneFigures corner = zone(&f, "corner");
  g_assert_cmpfloat(corner.visitors, ==, 1);
  g_assert_true(isnan(corner.coverage));
  fixture_tear_down(&f);
}

/* A zone that is no longer drawn needs whatever the plan was seen by. */
static void test_gone(void) {
  Fixture f;
  set_up(&f);
  IvEvent visit = make_visit(IV_FLOOR_PLAN_ID, "right", at(HOUR), IV_MINUTE, 7);
  apply(&f, &visit, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(IvScene) plan =
      iv_scenes_get(f.store, "demo", IV_FLOOR_PLAN_ID, 0, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  plan->zones[1] = plan->zones[--plan->n_zones];
  IvScenePut put = {"demo", IV_FLOOR_PLAN_ID, plan, -1, "mia", at(LATER)};
  g_autoptr(IvScene) saved = iv_scenes_put(f.store, &put, &error);
  g_assert_no_error(error);
  g_assert_nonnull(saved);
  assert_zone(&f, "right", .75, "west east");
  fixture_tear_down(&f);
}

static IvQueueAnswer queues(Fixture *f) {
  g_autoptr(GError) error = NULL;
  IvKpiQuery query = the_hour();
  IvQueueAnswer answer = {0};
  iv_kpis_queues(f->store, &query, &answer, &error);
  g_assert_no_error(error);
  return answer;
}

static const IvQueueRow *lane(const IvQueueAnswer *answer, const char *id) {
  for (guint i = 0; i < answer->rows->len; i++)
    if (strcmp(g_array_index(answer->rows, IvQueueRow, i).lane_id.text, id) == 0)
      return &g_array_index(answer->rows, IvQueueRow, i);
  g_error("no lane %s", id);
}

/* Who waits where somebody looks and is served where nobody does would seem to have given up. */
static void test_lanes(void) {
  Fixture f;
  set_up(&f);
  g_auto(IvQueueAnswer) answer = queues(&f);
  const IvQueueRow *till = lane(&answer, "till"), *blind = lane(&answer, "blind");
  g_assert_cmpfloat_with_epsilon(till->total.coverage, .75, 1e-9);
  g_assert_cmpfloat(till->total.joined, ==, 0);
  g_assert_cmpuint(till->n_cameras, ==, 2);
  g_assert_cmpstr(till->cameras[0].text, ==, "west");
  g_assert_true(isnan(blind->total.coverage));
  g_assert_true(isnan(blind->total.joined) && isnan(blind->total.served));
  g_assert_cmpuint(blind->n_cameras, ==, 0);
  /* A group is told by those of its lanes that are seen. */
  g_assert_cmpfloat_with_epsilon(lane(&answer, "sco")->total.coverage, .75, 1e-9);
  g_assert_cmpfloat(lane(&answer, "sco")->total.joined, ==, 0);
  g_assert_cmpfloat(lane(&answer, "sco-a")->total.served, ==, 0);
  g_assert_true(isnan(lane(&answer, "sco-b")->total.served));
  fixture_tear_down(&f);
}

static void test_traffic(void) {
  g_autoptr(GError) error = NULL;
  g_auto(IvTrafficAnswer) answer = {0};
  IvKpiQuery query = the_hour();
  Fixture f;
  set_up(&f);
  iv_kpis_traffic(f.store, &query, &answer, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat_with_epsilon(answer.total.coverage, .5, 1e-9);
  g_assert_cmpfloat(answer.total.footfall, ==, 0);
  g_assert_cmpuint(answer.lines->len, ==, 2);
  const IvLineTraffic *door = &g_array_index(answer.lines, IvLineTraffic, 0);
  const IvLineTraffic *hidden = &g_array_index(answer.lines, IvLineTraffic, 1);
  g_assert_cmpstr(door->camera_id.text, ==, IV_FLOOR_PLAN_ID);
  g_assert_cmpfloat_with_epsilon(door->coverage, .5, 1e-9);
  g_assert_true(door->known);
  g_assert_true(isnan(hidden->coverage));
  g_assert_false(hidden->known);
  fixture_tear_down(&f);
}

static IvHeatAnswer heat(Fixture *f) {
  g_autoptr(GError) error = NULL;
  IvHeatAnswer answer = {0};
  IvHeatQuery query = {"demo",        IV_FLOOR_PLAN_ID, at(HOUR),    at(NEXT),
                       IV_HEAT_TOTAL, at(LATER),        IV_TIME_NONE};
  iv_kpis_heat(f->store, &query, &answer, &error);
  g_assert_no_error(error);
  return answer;
}

static void test_heat(void) {
  Fixture f;
  set_up(&f);
  g_auto(IvHeatAnswer) answer = heat(&f);
  g_assert_cmpfloat_with_epsilon(answer.total.coverage, .75, 1e-9);
  g_assert_true(answer.total.known);
  fixture_tear_down(&f);
}

/* East is turned round, to where west looks. */
static void test_calibration(void) {
  g_autoptr(GError) error = NULL;
  Fixture f;
  set_up(&f);
  g_autoptr(IvScene) east = iv_scenes_get(f.store, "demo", "east", 0, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  lens_pairs(0, 5, 0, east->pairs);
  g_assert_true(iv_scene_calibrate(east, &error));
  IvScenePut put = {"demo", "east", east, -1, "mia", at(LATER)};
  g_autoptr(IvScene) saved = iv_scenes_put(f.store, &put, &error);
  g_assert_no_error(error);
  g_assert_nonnull(saved);
  assert_zone(&f, "left", .75, "west east");
  assert_zone(&f, "right", (double)NAN, "");
  fixture_tear_down(&f);
}

/* A simulated store tells how long its plan was alive: that stands for itself. */
static void test_told(void) {
  Fixture f;
  set_up(&f);
  for (int i = 0; i < 60; i++) {
    IvEvent sample = make_sample(IV_FLOOR_PLAN_ID, at(HOUR) + i * IV_MINUTE, i < 15 ? 60 : 0);
    apply(&f, &sample, 1);
  }
  assert_zone(&f, "corner", .25, IV_FLOOR_PLAN_ID);
  assert_zone(&f, "left", .25, IV_FLOOR_PLAN_ID);
  g_auto(IvQueueAnswer) answer = queues(&f);
  g_assert_cmpfloat_with_epsilon(lane(&answer, "blind")->total.coverage, .25, 1e-9);
  g_auto(IvHeatAnswer) map = heat(&f);
  g_assert_cmpfloat_with_epsilon(map.total.coverage, .25, 1e-9);
  fixture_tear_down(&f);
}

/* Without a plan there is nothing to see. */
static void test_no_plan(void) {
  Fixture f;
  fixture_set_up(&f, "UTC");
  g_assert_cmpint(ask_int(f.store, "SELECT count(*) FROM plan_sights"), ==, 0);
  g_auto(IvHeatAnswer) answer = heat(&f);
  g_assert_true(isnan(answer.total.coverage));
  g_assert_false(answer.total.known);
  fixture_tear_down(&f);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/plan-sights/import", test_import);
  g_test_add_func("/store/plan-sights/zones", test_zones);
  g_test_add_func("/store/plan-sights/gone", test_gone);
  g_test_add_func("/store/plan-sights/lanes", test_lanes);
  g_test_add_func("/store/plan-sights/traffic", test_traffic);
  g_test_add_func("/store/plan-sights/heat", test_heat);
  g_test_add_func("/store/plan-sights/calibration", test_calibration);
  g_test_add_func("/store/plan-sights/told", test_told);
  g_test_add_func("/store/plan-sights/no-plan", test_no_plan);
  return g_test_run();
}
