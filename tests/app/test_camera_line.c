/* SPDX-License-Identifier: Apache-2.0 */
#include "app/camera_line.h"

#include "walk.h"

#define STEPS 30

typedef struct {
  IvCameraLine *line;
  GArray *events;
  IvTime ts;
} Fixture;

static void set_up(Fixture *f, gconstpointer data) {
  (void)data;
  IvCameraLineConfig config = {.tracker = iv_tracker_config_default(),
                               .limits = iv_rule_limits_default()};
  iv_slug_set(&config.source.camera_id, "cam");
  g_autoptr(IvScene) scene = walk_scene(1);
  f->line = iv_camera_line_new(&config, scene);
  f->events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  f->ts = 1000 * IV_SECOND;
}

static void tear_down(Fixture *f, gconstpointer data) {
  (void)data;
  iv_camera_line_free(f->line);
  g_array_unref(f->events);
}

/* One picture with somebody at x, or nobody if x < 0. */
static gboolean see_at(Fixture *f, IvTime ts, float x, gboolean seam, IvSize image) {
  IvDetection person = walk_person(x);
  IvSighting sighting = {
      .ts = ts, .discontinuity = seam, .image = image, .detections = &person, .n = x >= 0};
  return iv_camera_line_take(f->line, &sighting, f->events);
}

static void see(Fixture *f, float x) {
  f->ts += WALK_STEP;
  g_assert_true(see_at(f, f->ts, x, FALSE, WALK_IMAGE));
}

static void walk(Fixture *f) {
  for (int i = 0; i < STEPS; i++)
    see(f, walk_x(i, STEPS));
}

static void test_walk(Fixture *f, gconstpointer data) {
  (void)data;
  g_assert_false(iv_camera_line_is_watched(f->line));
  walk(f);
  g_assert_true(iv_camera_line_is_watched(f->line));
  g_assert_cmpuint(iv_camera_line_people(f->line), ==, 1);
  for (int i = 0; i < 60; i++) /* longer than a lost track is kept */
    see(f, -1);
  g_assert_cmpuint(iv_camera_line_people(f->line), ==, 0);
  g_assert_false(iv_camera_line_is_watched(f->line));
  g_assert_cmpuint(walk_count(f->events, IV_EVENT_LINE_CROSSED), ==, 1);
  g_assert_cmpuint(walk_count(f->events, IV_EVENT_ZONE_VISIT_STARTED), ==, 1);
  g_assert_cmpuint(walk_count(f->events, IV_EVENT_ZONE_VISIT), ==, 1);
  const IvEvent *crossed = walk_first(f->events, IV_EVENT_LINE_CROSSED);
  g_assert_cmpstr(iv_event_attr(crossed, IV_ATTR_DIRECTION)->text, ==, "out");
  /* From x = 0.6 (step 18.1) to the last sight (step 29). */
  const IvEvent *visit = walk_first(f->events, IV_EVENT_ZONE_VISIT);
  g_assert_cmpfloat_with_epsilon(iv_event_attr(visit, IV_ATTR_DWELL_S)->number, 1.09, 0.25);
}

/* A camera whose pictures come late, in a burst: no piece ends while they are on their way, so that
 * each has its place. One that is silent for long is not waited for. */
static void take_piece(IvPathPiece *piece, gpointer user_data) {
  g_ptr_array_add(user_data, g_memdup2(piece, sizeof *piece));
}

static void piece_free(gpointer piece) {
  iv_path_piece_clear(piece);
  g_free(piece);
}

static void test_late(void) {
  g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func(piece_free);
  IvCameraLineConfig config = {.tracker = iv_tracker_config_default(),
                               .limits = iv_rule_limits_default(),
                               .on_path = take_piece,
                               .user_data = pieces};
  iv_slug_set(&config.source.camera_id, "cam");
  g_autoptr(IvScene) scene = walk_scene(1);
  Fixture f = {.line = iv_camera_line_new(&config, scene),
               .events = g_array_new(FALSE, FALSE, sizeof(IvEvent)),
               .ts = 1000 * IV_SECOND};
  IvTime begin = f.ts;
  while (f.ts < begin + 8 * IV_SECOND)
    see(&f, 0.3f);
  for (IvTime at = f.ts; at <= begin + 20 * IV_SECOND; at += IV_SECOND)
    iv_camera_line_pass(f.line, at, f.events);
  while (f.ts < begin + 25 * IV_SECOND)
    see(&f, 0.3f);
  g_assert_cmpuint(pieces->len, >=, 1);
  const IvPathPiece *first = pieces->pdata[0];
  g_assert_cmpint(first->to, >=, begin + 10 * IV_SECOND);
  g_assert_cmpint(first->to, <, begin + 11 * IV_SECOND);
  g_assert_cmpuint(first->lost, ==, 0);
  guint n = pieces->len;
  for (IvTime at = f.ts; at <= f.ts + 200 * IV_SECOND; at += IV_SECOND)
    iv_camera_line_pass(f.line, at, f.events);
  g_assert_cmpuint(pieces->len, >=, n + 2);
  iv_camera_line_free(f.line);
  g_array_unref(f.events);
}

/* Across a seam nobody goes on: who vanishes left of the line and appears right of it did not cross
 * it. Time may start anew there. */
static void test_seam(Fixture *f, gconstpointer data) {
  (void)data;
  for (int i = 0; i < STEPS; i++)
    see(f, .44f);
  g_assert_true(see_at(f, 5 * IV_SECOND, .56f, TRUE, WALK_IMAGE));
  f->ts = 5 * IV_SECOND;
  for (int i = 0; i < STEPS; i++)
    see(f, .56f);
  iv_camera_line_end(f->line, f->events);
  g_assert_cmpuint(walk_count(f->events, IV_EVENT_LINE_CROSSED), ==, 0);
}

/* The proof that test_seam can fail: the same without a seam is a crossing. */
static void test_no_seam(Fixture *f, gconstpointer data) {
  (void)data;
  for (int i = 0; i < STEPS; i++)
    see(f, .44f);
  for (int i = 0; i < STEPS; i++)
    see(f, .56f);
  g_assert_cmpuint(walk_count(f->events, IV_EVENT_LINE_CROSSED), ==, 1);
}

static void test_time_must_rise(Fixture *f, gconstpointer data) {
  (void)data;
  walk(f);
  guint n = f->events->len;
  g_assert_false(see_at(f, f->ts, .1f, FALSE, WALK_IMAGE));
  g_assert_false(see_at(f, f->ts - IV_HOUR, .1f, FALSE, WALK_IMAGE));
  g_assert_cmpuint(f->events->len, ==, n);
  g_assert_cmpuint(iv_camera_line_people(f->line), ==, 1);
}

/* Another picture size ends the tracks: open visits end at their last sight. */
static void test_new_size(Fixture *f, gconstpointer data) {
  (void)data;
  walk(f);
  g_assert_cmpuint(walk_count(f->events, IV_EVENT_ZONE_VISIT), ==, 0);
  g_assert_true(see_at(f, f->ts + WALK_STEP, -1, FALSE, (IvSize){200, 100}));
  g_assert_cmpuint(walk_count(f->events, IV_EVENT_ZONE_VISIT), ==, 1);
  g_assert_cmpint(walk_first(f->events, IV_EVENT_ZONE_VISIT)->end_ts, ==, f->ts);
  g_assert_cmpuint(iv_camera_line_people(f->line), ==, 0);
}

/* A new scene ends open visits under the old version; what follows carries the new one. */
static void test_new_scene(Fixture *f, gconstpointer data) {
  (void)data;
  g_autoptr(IvScene) second = walk_scene(2);
  walk(f);
  iv_camera_line_set_scene(f->line, second, f->events);
  g_assert_cmpint(walk_first(f->events, IV_EVENT_ZONE_VISIT)->scene_version, ==, 1);
  g_array_set_size(f->events, 0);
  for (int i = STEPS - 1; i >= 0; i--)
    see(f, walk_x(i, STEPS));
  const IvEvent *crossed = walk_first(f->events, IV_EVENT_LINE_CROSSED);
  g_assert_cmpint(crossed->scene_version, ==, 2);
  g_assert_cmpstr(iv_event_attr(crossed, IV_ATTR_DIRECTION)->text, ==, "in");
}

/* The same film gives the same events, ids and all. */
static void test_same_again(Fixture *f, gconstpointer data) {
  Fixture again;
  set_up(&again, data);
  walk(f);
  walk(&again);
  iv_camera_line_end(f->line, f->events);
  iv_camera_line_end(again.line, again.events);
  g_assert_cmpuint(f->events->len, >=, 3);
  g_assert_cmpuint(f->events->len, ==, again.events->len);
  for (guint i = 0; i < f->events->len; i++) {
    const IvEvent *a = &g_array_index(f->events, IvEvent, i);
    const IvEvent *b = &g_array_index(again.events, IvEvent, i);
    g_assert_cmpmem(&a->id, sizeof a->id, &b->id, sizeof b->id);
    g_assert_cmpint(a->end_ts, ==, b->end_ts);
  }
  tear_down(&again, data);
}

#define ADD(name, test) g_test_add("/app/camera-line/" name, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("walk", test_walk);
  ADD("seam", test_seam);
  ADD("no-seam", test_no_seam);
  ADD("time-must-rise", test_time_must_rise);
  ADD("new-size", test_new_size);
  ADD("new-scene", test_new_scene);
  ADD("same-again", test_same_again);
  g_test_add_func("/app/camera-line/late", test_late);
  return g_test_run();
}
