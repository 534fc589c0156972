/* SPDX-License-Identifier: Apache-2.0 */
/* Two cameras that look at one aisle from its ends, their trackers, and the plan on which a zone is
 * drawn in the middle: what happened is known. */
#include "app/floor_stage.h"

#include "../identity/world.h"
#include "model/visitor.h"

#define FPS 10
#define LENGTH 12.0 /* metres, of the plan; the aisle is 6 m wide */
#define WIDTH 6.0
#define SPEED 1.0                                         /* metres a second */
#define START (G_GINT64_CONSTANT(1767261600) * IV_SECOND) /* 2026-01-01 10:00 UTC */

static const Lens lenses[2] = {
    {.x = 0, .y = 3, .height = 3, .yaw = 0, .pitch = .45, .hfov = 1.4, .image = {640, 480}},
    {.x = LENGTH, .y = 3, .height = 3, .yaw = G_PI, .pitch = .45, .hfov = 1.4, .image = {640, 480}},
};

typedef struct {
  IvFloorStage *stage;
  IvTracker *trackers[2];
  IvTime ts;
  GArray *events;
} Fixture;

/* Calibrated by points of the floor that it sees. */
static IvScene *camera_scene(guint camera, gboolean calibrated) {
  const Lens *lens = &lenses[camera];
  IvPointPair pairs[6];
  for (guint i = 0; i < 6; i++) {
    double away = 3.0 + i / 2;
    pairs[i].plan = (IvPlanPoint){camera ? LENGTH - away : away, i % 2 ? 2 : 4};
    g_assert_true(lens_project(lens, pairs[i].plan.x, pairs[i].plan.y, 0, &pairs[i].image));
  }
  IvScene scene = {.version = 1, .image = lens->image, .camera_height_m = lens->height};
  scene.n_pairs = calibrated ? 6 : 0;
  scene.pairs = pairs;
  iv_slug_set(&scene.camera_id, camera ? "east" : "west");
  IvScene *made = iv_scene_copy(&scene);
  if (calibrated)
    g_assert_true(iv_scene_calibrate(made, NULL));
  return made;
}

/* Metres `from` to `to` of the aisle are a zone. */
static IvScene *plan_scene(int version, double from, double to) {
  float a = (float)(from / LENGTH), b = (float)(to / LENGTH);
  IvZone zone = {.kind = IV_ZONE_PRODUCT,
                 .n_points = 4,
                 .polygon = {{a, .05f}, {b, .05f}, {b, .95f}, {a, .95f}}};
  iv_slug_set(&zone.id, "middle");
  IvScene scene = {.version = version,
                   .image = iv_plan_picture_size(LENGTH, WIDTH),
                   .n_zones = 1,
                   .zones = &zone,
                   .plan = {.width_m = LENGTH, .height_m = WIDTH}};
  iv_slug_set(&scene.camera_id, IV_FLOOR_PLAN_ID);
  return iv_scene_copy(&scene);
}

static IvFloorStage *new_stage(const IvScene *plan, gboolean calibrated) {
  g_autoptr(IvScene) west = camera_scene(0, calibrated), east = camera_scene(1, calibrated);
  const IvScene *cameras[] = {west, east};
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
  IvFloorStageConfig config = {.limits = iv_rule_limits_default(), .zone = zone};
  iv_slug_set(&config.source.store_id, "shop");
  return iv_floor_stage_new(&config, plan, cameras, 2);
}

static void set_up(Fixture *f, gconstpointer data) {
  (void)data;
  g_autoptr(IvScene) plan = plan_scene(1, 4, 8);
  *f = (Fixture){.ts = START, .stage = new_stage(plan, TRUE)};
  for (guint i = 0; i < 2; i++)
    f->trackers[i] = iv_tracker_new(NULL, lenses[i].image);
  f->events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
}

static void tear_down(Fixture *f, gconstpointer data) {
  (void)data;
  iv_floor_stage_free(f->stage);
  for (guint i = 0; i < 2; i++)
    iv_tracker_free(f->trackers[i]);
  g_array_unref(f->events);
}

/* Both cameras' pictures of somebody at `x`, or of nobody if x < 0. */
static void see(Fixture *f, double x, gboolean staff) {
  f->ts += IV_SECOND / FPS;
  for (guint i = 0; i < 2; i++) {
    IvDetection person = {.score = .9f};
    gboolean there = x >= 0 && lens_box(&lenses[i], x, 3, 1.7, 0, &person.box);
    iv_tracker_update(f->trackers[i], f->ts, &person, NULL, there);
    iv_floor_stage_see(f->stage, i, f->trackers[i]);
    guint n;
    const IvTrackPoint *points = iv_tracker_points(f->trackers[i], &n);
    for (guint k = 0; k < n; k++)
      iv_floor_stage_vote_staff(f->stage, i, points[k].tracklet_id, f->ts, staff);
  }
  iv_floor_stage_advance(f->stage, f->ts, f->events);
}

static void walk(Fixture *f, double from, double to, gboolean staff) {
  int n = (int)(fabs(to - from) / SPEED * FPS);
  for (int i = 0; i <= n; i++)
    see(f, from + (to - from) * i / n, staff);
}

static void wait_s(Fixture *f, int seconds) {
  for (int i = 0; i < seconds * FPS; i++)
    see(f, -1, FALSE);
}

static const IvEvent *visit(const Fixture *f, guint which) {
  for (guint i = 0; i < f->events->len; i++) {
    const IvEvent *event = &g_array_index(f->events, IvEvent, i);
    if (event->kind == IV_EVENT_ZONE_VISIT && which-- == 0)
      return event;
  }
  return NULL;
}

static guint n_visits(const Fixture *f) {
  guint n = 0;
  while (visit(f, n))
    n++;
  return n;
}

static double dwell(const IvEvent *event) {
  return iv_event_attr(event, IV_ATTR_DWELL_S)->number;
}

/* Seen by both cameras, one after the other and at once, somebody is there once. */
static void test_walk(Fixture *f, gconstpointer data) {
  (void)data;
  g_assert_true(iv_floor_stage_is_active(f->stage));
  walk(f, 2, 10, FALSE);
  walk(f, 10, 8.5, FALSE);
  IvTrackPoint here[4];
  g_assert_cmpuint(iv_floor_stage_people(f->stage, 4, here), ==, 1);
  g_assert_cmpuint(iv_floor_stage_people(f->stage, 0, here), ==, 0);
  wait_s(f, 30);
  g_assert_cmpuint(iv_floor_stage_people(f->stage, 4, here), ==, 0);
  g_assert_cmpuint(n_visits(f), ==, 1);
  const IvEvent *event = visit(f, 0);
  g_assert_cmpstr(event->camera_id.text, ==, IV_FLOOR_PLAN_ID);
  g_assert_cmpfloat_with_epsilon(dwell(event), 4 / SPEED, 0.6);
  g_assert_cmpint(ABS(event->ts - (START + 2 * IV_SECOND)), <, IV_SECOND);
  g_assert_cmpuint(iv_visitor_day(event->visitor), ==, 20454); /* days since 1970 */
}

/* The same people, one after the other, are two visitors, before and after a start too. */
static void test_visitors(Fixture *f, gconstpointer data) {
  Fixture again;
  walk(f, 2, 10, FALSE);
  wait_s(f, 30);
  set_up(&again, data);
  again.ts = f->ts;
  walk(&again, 2, 10, FALSE);
  wait_s(&again, 30);
  g_assert_cmpuint(visit(f, 0)->visitor, !=, 0);
  g_assert_cmpuint(visit(&again, 0)->visitor, >, visit(f, 0)->visitor);
  tear_down(&again, data);
}

static void test_staff(Fixture *f, gconstpointer data) {
  (void)data;
  IvTrackPoint here[4];
  walk(f, 2, 10, TRUE);
  g_assert_cmpuint(iv_floor_stage_people(f->stage, 4, here), ==, 0);
  wait_s(f, 30);
  g_assert_cmpuint(n_visits(f), ==, 0);
}

/* Under the new version the zone lies elsewhere: who was there has left the old one. */
static void test_new_plan(Fixture *f, gconstpointer data) {
  (void)data;
  g_autoptr(IvScene) second = plan_scene(2, 6.5, 8.5);
  walk(f, 2, 6, FALSE);
  iv_floor_stage_set_plan(f->stage, second, f->events);
  g_assert_cmpuint(n_visits(f), ==, 1);
  g_assert_cmpint(visit(f, 0)->scene_version, ==, 1);
  walk(f, 6, 10, FALSE);
  wait_s(f, 30);
  g_assert_cmpuint(n_visits(f), ==, 2);
  g_assert_cmpint(visit(f, 1)->scene_version, ==, 2);
  g_assert_cmpuint(visit(f, 1)->tracklet_id, >, visit(f, 0)->tracklet_id);
}

/* A plan that is drawn, taken away and drawn again while people are there. */
static void test_no_plan(Fixture *f, gconstpointer data) {
  (void)data;
  g_autoptr(IvScene) none = g_new0(IvScene, 1), plan = plan_scene(3, 4, 8);
  walk(f, 2, 6, FALSE);
  iv_floor_stage_set_plan(f->stage, none, f->events);
  g_assert_false(iv_floor_stage_is_active(f->stage));
  g_assert_null(iv_floor_stage_rules(f->stage));
  guint before = f->events->len;
  walk(f, 6, 10, FALSE);
  g_assert_cmpuint(f->events->len, ==, before);
  iv_floor_stage_set_plan(f->stage, plan, f->events);
  walk(f, 10, 2, FALSE);
  wait_s(f, 30);
  g_assert_cmpint(visit(f, n_visits(f) - 1)->scene_version, ==, 3);
}

/* Without a calibrated camera the plan stands still; one is enough to move it. */
static void test_calibrations(Fixture *f, gconstpointer data) {
  (void)data;
  g_autoptr(IvScene) plan = plan_scene(1, 4, 8), west = camera_scene(0, TRUE);
  iv_floor_stage_free(f->stage);
  f->stage = new_stage(plan, FALSE);
  g_assert_false(iv_floor_stage_is_active(f->stage));
  walk(f, 2, 10, FALSE);
  wait_s(f, 30);
  g_assert_cmpuint(f->events->len, ==, 0);
  iv_floor_stage_set_camera(f->stage, 0, west, f->events);
  g_assert_true(iv_floor_stage_has_camera(f->stage, 0));
  g_assert_false(iv_floor_stage_has_camera(f->stage, 1));
  walk(f, 2, 10, FALSE);
  wait_s(f, 30);
  g_assert_cmpuint(n_visits(f), ==, 1);
}

/* What comes when its time was told already is counted as lost. */
static void test_late(Fixture *f, gconstpointer data) {
  (void)data;
  walk(f, 2, 4, FALSE);
  g_assert_cmpuint(iv_floor_stage_late(f->stage), ==, 0);
  iv_floor_stage_advance(f->stage, f->ts + IV_MINUTE, f->events);
  see(f, 4.1, FALSE);
  g_assert_cmpuint(iv_floor_stage_late(f->stage), >, 0);
}

#define ADD(name, test) g_test_add("/app/floor-stage/" name, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("walk", test_walk);
  ADD("visitors", test_visitors);
  ADD("staff", test_staff);
  ADD("new-plan", test_new_plan);
  ADD("no-plan", test_no_plan);
  ADD("calibrations", test_calibrations);
  ADD("late", test_late);
  return g_test_run();
}
