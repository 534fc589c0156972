/* SPDX-License-Identifier: Apache-2.0 */
#include "app/analyst.h"

#include <string.h>

#include "../identity/world.h"
#include "walk.h"

#define CAMERAS 2
#define PLAN CAMERAS /* its number in the live view */
#define STEPS 30
#define ARRIVED 42 /* of every picture */
#define DEADLINE (20 * G_TIME_SPAN_SECOND)

typedef struct {
  IvLive *live;
  IvAnalyst *analyst;
  IvTime ts;
  GMutex mutex; /* guards the rest, written by the analyst's thread */
  GCond changed;
  GArray *events;
  guint views[CAMERAS + 1];
  gboolean watched[CAMERAS];
} Fixture;

/* What follows from a picture carries the time at which that picture came. */
static void on_events(const IvEvent *events, guint n, IvTime arrived, gpointer user_data) {
  Fixture *f = user_data;
  for (guint i = 0; i < n; i++)
    if (events[i].kind == IV_EVENT_LINE_CROSSED)
      g_assert_cmpint(arrived, ==, ARRIVED);
  g_mutex_lock(&f->mutex);
  g_array_append_vals(f->events, events, n);
  g_cond_broadcast(&f->changed);
  g_mutex_unlock(&f->mutex);
}

static void on_view(guint camera, gpointer user_data) {
  Fixture *f = user_data;
  g_mutex_lock(&f->mutex);
  f->views[camera]++;
  g_cond_broadcast(&f->changed);
  g_mutex_unlock(&f->mutex);
}

static void on_watched(guint camera, gboolean watched, gpointer user_data) {
  Fixture *f = user_data;
  g_mutex_lock(&f->mutex);
  g_assert_cmpint(f->watched[camera], !=, watched); /* told on change only */
  f->watched[camera] = watched;
  g_cond_broadcast(&f->changed);
  g_mutex_unlock(&f->mutex);
}

static void get_counts(guint camera, IvFrameCounts *ret_counts, gpointer user_data) {
  Fixture *f = user_data;
  g_mutex_lock(&f->mutex);
  *ret_counts = (IvFrameCounts){.due = 2 * f->views[camera], .skipped = f->views[camera]};
  g_mutex_unlock(&f->mutex);
}

/* Camera "left" hangs 3 m high at (5, 0) and looks down the plan of 10 m x 8 m: walkers of 1.7 m
 * pass it at 3.2 m, towards smaller x. */
static IvScene *calibrated(void) {
  static const Lens lens = {
      .x = 5, .height = 3, .yaw = G_PI / 2, .pitch = .48, .hfov = .8727, .image = WALK_IMAGE};
  IvScene *scene = walk_scene(5);
  scene->n_pairs = 6;
  scene->pairs = g_new0(IvPointPair, 6);
  scene->camera_height_m = lens.height;
  for (guint i = 0; i < 6; i++) {
    scene->pairs[i].plan = (IvPlanPoint){i % 2 ? 4.2 : 5.8, 3 + i / 2};
    g_assert_true(
        lens_project(&lens, scene->pairs[i].plan.x, 3 + i / 2, 0, &scene->pairs[i].image));
  }
  g_assert_true(iv_scene_calibrate(scene, NULL));
  return scene;
}

static IvFloorStage *new_floor(const IvScene *left) {
  g_autoptr(IvScene) right = walk_scene(5), no_plan = g_new0(IvScene, 1);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  IvFloorStageConfig config = {.limits = iv_rule_limits_default(), .zone = utc};
  iv_slug_set(&config.source.store_id, "shop");
  const IvScene *scenes[CAMERAS] = {left, right};
  return iv_floor_stage_new(&config, no_plan, scenes, CAMERAS);
}

/* The half of the plan into which they walk. */
static IvScene *plan_scene(void) {
  IvZone zone = {
      .kind = IV_ZONE_PRODUCT, .n_points = 4, .polygon = {{0, 0}, {.5f, 0}, {.5f, 1}, {0, 1}}};
  iv_slug_set(&zone.id, "half");
  IvScene scene = {.version = 2,
                   .image = iv_plan_picture_size(10, 8),
                   .n_zones = 1,
                   .zones = &zone,
                   .plan = {.width_m = 10, .height_m = 8}};
  return iv_scene_copy(&scene);
}

/* `with_floor`: not NULL = there is a plan, which is not drawn yet. */
static void set_up(Fixture *f, gconstpointer with_floor) {
  static const IvAnalystEvents events = {on_events, NULL, on_view, on_watched, get_counts, NULL};
  static const char *const ids[CAMERAS] = {"left", "right"};
  g_autoptr(IvScene) scene = with_floor ? calibrated() : walk_scene(5);
  IvAnalystCamera cameras[CAMERAS] = {0};
  memset(f, 0, sizeof *f);
  for (guint i = 0; i < CAMERAS; i++) {
    IvCameraLineConfig line = {.tracker = iv_tracker_config_default(),
                               .limits = iv_rule_limits_default()};
    iv_slug_set(&line.source.store_id, "shop");
    iv_slug_set(&line.source.camera_id, ids[i]);
    g_strlcpy(line.source.model_version, "scripted", sizeof line.source.model_version);
    cameras[i] = (IvAnalystCamera){.line = line, .scene = scene};
  }
  g_mutex_init(&f->mutex);
  g_cond_init(&f->changed);
  f->events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  f->ts = 1000 * IV_SECOND;
  f->live = iv_live_new(CAMERAS + 1);
  f->analyst = iv_analyst_new(cameras, CAMERAS, f->live, &events, f);
  if (with_floor)
    iv_analyst_set_floor(f->analyst, new_floor(scene));
  iv_analyst_start(f->analyst);
}

static void tear_down(Fixture *f, gconstpointer data) {
  (void)data;
  g_clear_pointer(&f->analyst, iv_analyst_free);
  iv_live_free(f->live);
  g_array_unref(f->events);
  g_cond_clear(&f->changed);
  g_mutex_clear(&f->mutex);
}

static IvFrame *grey_frame(IvTime ts) {
  static guint8 pixels[100 * 100 * 3];
  IvFrame *frame = iv_frame_new();
  frame->pixels = IV_PIXELS_RGB;
  frame->size = WALK_IMAGE;
  frame->plane[0] = pixels;
  frame->stride[0] = 300;
  frame->ts = ts;
  frame->arrived = ARRIVED;
  return frame;
}

/* One picture with somebody at x, or nobody if x < 0. */
static void see(Fixture *f, guint camera, float x) {
  IvDetection person = walk_person(x);
  f->ts += WALK_STEP;
  g_autoptr(IvFrame) frame = grey_frame(f->ts);
  iv_analyst_see(f->analyst, camera, frame, FALSE, &person, x >= 0);
}

static void walk(Fixture *f, guint camera) {
  for (int i = 0; i < STEPS; i++)
    see(f, camera, walk_x(i, STEPS));
}

/* The last thing that is told of a camera that has gone. */
static void wait_until_unwatched(Fixture *f, guint camera) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  g_mutex_lock(&f->mutex);
  while (f->views[camera] < STEPS || f->watched[camera])
    g_assert_true(g_cond_wait_until(&f->changed, &f->mutex, until));
  g_mutex_unlock(&f->mutex);
}

static void wait_for_views(Fixture *f, guint camera, guint n) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  g_mutex_lock(&f->mutex);
  while (f->views[camera] < n)
    g_assert_true(g_cond_wait_until(&f->changed, &f->mutex, until));
  g_mutex_unlock(&f->mutex);
}

static guint count_of(const Fixture *f, const char *camera, IvEventKind kind) {
  guint n = 0;
  for (guint i = 0; i < f->events->len; i++) {
    const IvEvent *event = &g_array_index(f->events, IvEvent, i);
    n += event->kind == kind && strcmp(event->camera_id.text, camera) == 0;
  }
  return n;
}

/* Sum over the camera's samples: one, or two when a minute of the wall clock has just ended. */
static double sampled(const Fixture *f, const char *camera, IvAttrKey key) {
  double sum = 0;
  g_assert_cmpuint(count_of(f, camera, IV_EVENT_CAMERA_SAMPLE), >, 0);
  for (guint i = 0; i < f->events->len; i++) {
    const IvEvent *event = &g_array_index(f->events, IvEvent, i);
    if (event->kind == IV_EVENT_CAMERA_SAMPLE && strcmp(event->camera_id.text, camera) == 0)
      sum += iv_event_attr(event, key)->number;
  }
  return sum;
}

/* Ending hands out all that is still open; every event says where it comes from. */
static void test_all_comes_out(Fixture *f, gconstpointer data) {
  (void)data;
  walk(f, 0);
  g_clear_pointer(&f->analyst, iv_analyst_free);
  g_assert_cmpuint(f->views[0], ==, STEPS);
  g_assert_cmpuint(count_of(f, "left", IV_EVENT_LINE_CROSSED), ==, 1);
  g_assert_cmpuint(count_of(f, "left", IV_EVENT_ZONE_VISIT), ==, 1);
  g_assert_cmpuint(count_of(f, "right", IV_EVENT_LINE_CROSSED), ==, 0);
  g_assert_cmpfloat(sampled(f, "left", IV_ATTR_FRAMES_DUE), ==, 2 * STEPS);
  g_assert_cmpfloat(sampled(f, "left", IV_ATTR_FRAMES_SKIPPED), ==, STEPS);
  g_assert_cmpfloat(sampled(f, "left", IV_ATTR_PEOPLE_N), ==, STEPS);
  g_assert_cmpfloat(sampled(f, "right", IV_ATTR_FRAMES_DUE), ==, 0);
  g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < f->events->len; i++) {
    const IvEvent *event = &g_array_index(f->events, IvEvent, i);
    char *id = iv_uuid_to_text(&event->id, g_malloc(IV_UUID_TEXT_MAX));
    g_test_queue_free(id);
    g_assert_cmpstr(event->store_id.text, ==, "shop");
    g_assert_cmpstr(event->model_version, ==, "scripted");
    g_assert_cmpint(event->scene_version, ==, 5);
    g_assert_true(g_hash_table_add(ids, id));
  }
}

/* A camera that goes ends its visits and shows nobody, but keeps its last picture; the other one
 * goes on. A state is told once. */
static void test_offline(Fixture *f, gconstpointer data) {
  (void)data;
  IvGlance view;
  iv_analyst_health(f->analyst, 0, IV_CAMERA_ONLINE, "");
  walk(f, 0);
  walk(f, 1);
  iv_analyst_health(f->analyst, 0, IV_CAMERA_OFFLINE, "no video for 3 s");
  iv_analyst_health(f->analyst, 0, IV_CAMERA_OFFLINE, "connection refused");
  wait_until_unwatched(f, 0);
  g_autoptr(IvFrame) picture = iv_live_frame(f->live, 0, &view);
  g_assert_nonnull(picture);
  g_assert_cmpuint(view.people + view.n_tracks + view.occupancy[0], ==, 0);
  iv_live_get(f->live, 1, &view);
  g_assert_cmpuint(view.people, ==, 1);
  g_assert_cmpuint(view.occupancy[0], ==, 1);
  g_mutex_lock(&f->mutex);
  g_assert_true(f->watched[1]);
  g_assert_cmpuint(count_of(f, "left", IV_EVENT_ZONE_VISIT), ==, 1);
  g_assert_cmpuint(count_of(f, "right", IV_EVENT_ZONE_VISIT), ==, 0);
  g_mutex_unlock(&f->mutex);
  g_clear_pointer(&f->analyst, iv_analyst_free);
  g_assert_cmpuint(walk_count(f->events, IV_EVENT_CAMERA_STATE), ==, 2);
}

/* Sees both cameras walked by, with what they show; then ends. */
static void walk_both(Fixture *f, IvViewState left, IvViewState right) {
  iv_analyst_view(f->analyst, 0, left);
  iv_analyst_view(f->analyst, 0, left); /* is told once */
  iv_analyst_view(f->analyst, 1, right);
  walk(f, 0);
  walk(f, 1);
  g_clear_pointer(&f->analyst, iv_analyst_free);
}

/* Pictures that show nothing do not count as covered time. */
static void test_blind(Fixture *f, gconstpointer data) {
  (void)data;
  walk_both(f, IV_VIEW_COVERED, IV_VIEW_BLACK);
  g_assert_cmpuint(walk_count(f->events, IV_EVENT_CAMERA_VIEW), ==, 2);
  const IvEvent *event = walk_first(f->events, IV_EVENT_CAMERA_VIEW);
  g_assert_cmpstr(event->camera_id.text, ==, "left");
  g_assert_cmpstr(iv_event_attr(event, IV_ATTR_STATE)->text, ==, "covered");
  g_assert_cmpfloat(sampled(f, "left", IV_ATTR_ALIVE_S), ==, 0);
  g_assert_cmpfloat(sampled(f, "right", IV_ATTR_ALIVE_S), ==, 0);
}

/* Black everywhere is a store at night; blurred pictures still show people. */
static void test_night(Fixture *f, gconstpointer data) {
  (void)data;
  walk_both(f, IV_VIEW_BLACK, IV_VIEW_BLACK);
  g_assert_cmpfloat(sampled(f, "left", IV_ATTR_ALIVE_S), >, 0);
  g_assert_cmpfloat(sampled(f, "right", IV_ATTR_ALIVE_S), >, 0);
}

static void test_blurred(Fixture *f, gconstpointer data) {
  (void)data;
  walk_both(f, IV_VIEW_DEFOCUSED, IV_VIEW_GOOD);
  g_assert_cmpuint(walk_count(f->events, IV_EVENT_CAMERA_VIEW), ==, 1);
  g_assert_cmpfloat(sampled(f, "left", IV_ATTR_ALIVE_S), >, 0);
}

/* A new drawing shows at once, without a picture, and closes what the old one had open. */
static void test_new_scene(Fixture *f, gconstpointer data) {
  (void)data;
  IvGlance view;
  walk(f, 0);
  g_autoptr(IvScene) scene = walk_scene(6);
  iv_analyst_set_scene(f->analyst, 0, scene);
  wait_for_views(f, 0, STEPS + 1);
  iv_live_get(f->live, 0, &view);
  g_assert_cmpint(view.scene_version, ==, 6);
  g_assert_cmpint(view.ts, ==, f->ts);
  g_mutex_lock(&f->mutex);
  g_assert_cmpint(walk_first(f->events, IV_EVENT_ZONE_VISIT)->scene_version, ==, 5);
  g_mutex_unlock(&f->mutex);
}

/* A plan that is drawn while the store is open: from then on it counts, beside the cameras. */
static void test_floor(Fixture *f, gconstpointer data) {
  (void)data;
  IvGlance view;
  g_autoptr(IvScene) plan = plan_scene();
  walk(f, 0);
  iv_analyst_set_scene(f->analyst, PLAN, plan);
  wait_for_views(f, PLAN, 1);
  for (int i = 0; i < 50; i++)
    see(f, 0, -1);
  walk(f, 0);
  wait_for_views(f, PLAN, 10);
  iv_live_get(f->live, PLAN, &view);
  g_assert_cmpint(view.scene_version, ==, 2);
  g_clear_pointer(&f->analyst, iv_analyst_free);
  g_assert_cmpuint(count_of(f, "left", IV_EVENT_ZONE_VISIT), ==, 2);
  g_assert_cmpuint(count_of(f, IV_FLOOR_PLAN_ID, IV_EVENT_ZONE_VISIT), ==, 1);
  g_assert_cmpuint(count_of(f, IV_FLOOR_PLAN_ID, IV_EVENT_CAMERA_SAMPLE), ==, 0);
}

/* Where no camera is left, nobody knows who is on the floor. */
static void test_dark_floor(Fixture *f, gconstpointer data) {
  (void)data;
  IvGlance view;
  g_autoptr(IvScene) plan = plan_scene();
  iv_analyst_set_scene(f->analyst, PLAN, plan);
  walk(f, 0);
  wait_for_views(f, PLAN, 3);
  iv_live_get(f->live, PLAN, &view);
  g_assert_cmpuint(view.n_zones, ==, 1);
  iv_analyst_health(f->analyst, 0, IV_CAMERA_OFFLINE, "no video for 3 s");
  iv_analyst_health(f->analyst, 1, IV_CAMERA_OFFLINE, "no video for 3 s"); /* is not on the plan */
  wait_for_views(f, 1, 1);
  iv_live_get(f->live, PLAN, &view);
  g_assert_cmpint(view.ts, ==, IV_TIME_NONE);
  g_assert_cmpuint(view.n_zones, ==, 0);
}

/* A camera that leaves hands out what is open and is forgotten; another may come to its place. */
static void test_places(Fixture *f, gconstpointer data) {
  (void)data;
  IvGlance view;
  g_autoptr(IvScene) scene = walk_scene(9);
  IvAnalystCamera other = {
      .line = {.tracker = iv_tracker_config_default(), .limits = iv_rule_limits_default()},
      .scene = scene};
  iv_slug_set(&other.line.source.camera_id, "other");
  iv_slug_set(&other.line.source.store_id, "shop");
  iv_analyst_health(f->analyst, 0, IV_CAMERA_ONLINE, "");
  walk(f, 0);
  iv_analyst_close(f->analyst, 0);
  g_mutex_lock(&f->mutex);
  g_assert_false(f->watched[0]);
  g_assert_cmpuint(count_of(f, "left", IV_EVENT_ZONE_VISIT), ==, 1);
  g_assert_cmpuint(count_of(f, "left", IV_EVENT_CAMERA_STATE), ==, 2);
  g_assert_cmpuint(count_of(f, "left", IV_EVENT_CAMERA_SAMPLE), >, 0);
  guint told = count_of(f, "left", IV_EVENT_CAMERA_SAMPLE);
  g_mutex_unlock(&f->mutex);
  g_assert_null(iv_live_frame(f->live, 0, &view));
  g_assert_cmpint(view.ts, ==, IV_TIME_NONE);
  g_assert_cmpuint(view.n_zones, ==, 0);
  walk(f, 1); /* goes on */
  iv_analyst_open(f->analyst, 0, &other);
  walk(f, 0);
  g_clear_pointer(&f->analyst, iv_analyst_free);
  g_assert_cmpuint(count_of(f, "left", IV_EVENT_ZONE_VISIT), ==, 1);
  g_assert_cmpuint(count_of(f, "left", IV_EVENT_CAMERA_SAMPLE), ==, told);
  g_assert_cmpuint(count_of(f, "right", IV_EVENT_ZONE_VISIT), ==, 1);
  g_assert_cmpuint(count_of(f, "other", IV_EVENT_ZONE_VISIT), ==, 1);
  g_assert_cmpuint(count_of(f, "other", IV_EVENT_CAMERA_SAMPLE), >, 0);
}

/* A camera that is not analysed has a state, but is never alive, and its drawing shows nothing. */
static void test_unanalysed(Fixture *f, gconstpointer data) {
  (void)data;
  IvGlance view;
  g_autoptr(IvScene) scene = walk_scene(9);
  IvAnalystCamera other = {
      .line = {.tracker = iv_tracker_config_default(), .limits = iv_rule_limits_default()},
      .scene = scene,
      .unanalysed = TRUE};
  iv_slug_set(&other.line.source.camera_id, "other");
  iv_slug_set(&other.line.source.store_id, "shop");
  iv_analyst_close(f->analyst, 0);
  iv_analyst_open(f->analyst, 0, &other);
  iv_analyst_health(f->analyst, 0, IV_CAMERA_ONLINE, "");
  iv_analyst_set_scene(f->analyst, 0, scene);
  walk(f, 1);
  g_clear_pointer(&f->analyst, iv_analyst_free);
  iv_live_get(f->live, 0, &view);
  g_assert_cmpint(view.ts, ==, IV_TIME_NONE);
  g_assert_cmpuint(view.n_zones, ==, 0); /* not known, instead of empty */
  for (guint i = 0; i < f->events->len; i++) {
    const IvEvent *event = &g_array_index(f->events, IvEvent, i);
    if (strcmp(event->camera_id.text, "other") != 0)
      continue;
    const IvAttr *state = iv_event_attr(event, IV_ATTR_STATE);
    const IvAttr *alive = iv_event_attr(event, IV_ATTR_ALIVE_S);
    g_assert_true(!state || strcmp(state->text, "unanalysed") == 0);
    g_assert_true(!alive || alive->number <= 0);
    g_assert_cmpint(event->kind, !=, IV_EVENT_ZONE_VISIT);
  }
  g_assert_cmpuint(count_of(f, "other", IV_EVENT_CAMERA_STATE), ==, 1);
}

/* The floor goes on without a camera that leaves, and with one that comes. */
static void test_floor_places(Fixture *f, gconstpointer data) {
  (void)data;
  IvGlance view;
  g_autoptr(IvScene) plan = plan_scene(), scene = calibrated();
  IvAnalystCamera again = {
      .line = {.tracker = iv_tracker_config_default(), .limits = iv_rule_limits_default()},
      .scene = scene};
  iv_slug_set(&again.line.source.camera_id, "left");
  iv_analyst_set_scene(f->analyst, PLAN, plan);
  walk(f, 0);
  iv_analyst_close(f->analyst, 0);
  iv_live_get(f->live, PLAN, &view);
  g_assert_cmpint(view.ts, ==, IV_TIME_NONE); /* nobody looks at it now */
  iv_analyst_open(f->analyst, 0, &again);
  for (int i = 0; i < 50; i++)
    see(f, 0, -1);
  walk(f, 0);
  wait_for_views(f, PLAN, 10);
  g_clear_pointer(&f->analyst, iv_analyst_free);
  g_assert_cmpuint(count_of(f, IV_FLOOR_PLAN_ID, IV_EVENT_ZONE_VISIT), ==, 2);
}

#define ADD_FLOOR(name, test)                                                                      \
  g_test_add("/app/analyst/" name, Fixture, "floor", set_up, test, tear_down)
#define ADD(name, test) g_test_add("/app/analyst/" name, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("all-comes-out", test_all_comes_out);
  ADD("offline", test_offline);
  ADD("new-scene", test_new_scene);
  ADD("blind", test_blind);
  ADD("night", test_night);
  ADD("blurred", test_blurred);
  ADD_FLOOR("floor", test_floor);
  ADD_FLOOR("dark-floor", test_dark_floor);
  ADD("places", test_places);
  ADD("unanalysed", test_unanalysed);
  ADD_FLOOR("floor-places", test_floor_places);
  return g_test_run();
}
