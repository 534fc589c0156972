/* SPDX-License-Identifier: Apache-2.0 */
/* The heat rule: time goes to the cells on the way and to the buckets it lies in. */
#include "rules/heat.h"

#include <math.h>
#include <string.h>

#include "rules/camera_rules.h"

#define T0 (5000000 * IV_HEAT_BUCKET)
#define AT(seconds) (T0 + (IvTime)((seconds) * (double)IV_SECOND))

typedef struct {
  IvHeat *heat;
  GArray *events;
} Fixture;

static void begin(Fixture *f, double width_m, double height_m) {
  IvRulesSource source = {.model_version = "scripted"};
  IvHeatFloor floor = iv_heat_floor_picture();
  iv_slug_set(&source.store_id, "shop");
  iv_slug_set(&source.camera_id, "cam");
  g_assert_true(width_m == 0 || iv_heat_floor_plan(width_m, height_m, &floor));
  f->heat = iv_heat_new(&floor, &source);
  f->events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
}

static void clear(Fixture *f) {
  iv_heat_free(f->heat);
  g_array_unref(f->events);
}

/* Tenths of all samples in a cell, of a bucket (its number from T0) or of all (-1). */
static guint tenths(const Fixture *f, int bucket, guint cell) {
  guint sum = 0;
  g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(IvHeatCell));
  for (guint i = 0; i < f->events->len; i++) {
    const IvEvent *event = &g_array_index(f->events, IvEvent, i);
    IvHeatGrid grid;
    g_assert_null(iv_heat_sample_read(event, &grid, cells));
    if (bucket >= 0 && event->ts / IV_HEAT_BUCKET != T0 / IV_HEAT_BUCKET + bucket)
      continue;
    for (guint k = 0; k < cells->len; k++)
      if (cell == G_MAXUINT || g_array_index(cells, IvHeatCell, k).cell == cell)
        sum += g_array_index(cells, IvHeatCell, k).tenths;
  }
  return sum;
}

static guint all_tenths(const Fixture *f, int bucket) {
  return tenths(f, bucket, G_MAXUINT);
}

static const IvEvent *nth(const Fixture *f, guint n) {
  g_assert_cmpuint(n, <, f->events->len);
  return &g_array_index(f->events, IvEvent, n);
}

/* Along the top row of a plan of 10 x 5 m: 20 cells a row. From 0.25 m to 1.75 m in 3 s: half a
 * second in the first cell, a whole one in the next two, half a one in the last. */
static void test_straight_way(void) {
  Fixture f;
  begin(&f, 10, 5);
  iv_heat_walk(f.heat, (IvPoint){.025f, .05f}, AT(10), (IvPoint){.175f, .05f}, AT(13));
  iv_heat_tick(f.heat, AT(400), 2, f.events);
  g_assert_cmpuint(f.events->len, ==, 1);
  const guint want[] = {5, 10, 10, 5, 0};
  for (guint i = 0; i < G_N_ELEMENTS(want); i++)
    g_assert_cmpuint(tenths(&f, 0, i), ==, want[i]);
  const IvEvent *event = nth(&f, 0);
  g_assert_cmpstr(event->kind_name, ==, "heat.sample");
  g_assert_cmpint(event->ts, ==, AT(10)); /* it began to look then */
  g_assert_cmpint(event->end_ts, ==, T0 + IV_HEAT_BUCKET);
  g_assert_cmpint(event->scene_version, ==, 2);
  g_assert_cmpstr(iv_event_attr(event, IV_ATTR_GRID)->text, ==, "20x10@500");
  clear(&f);
}

/* Backwards, downwards and slantwise the same time is shared out, whatever cells lie on the way. */
static void test_time_is_kept(void) {
  static const IvPoint ways[][2] = {{{.1f, .1f}, {.9f, .9f}},  {{.9f, .2f}, {.1f, .7f}},
                                    {{.5f, .9f}, {.5f, .1f}},  {{.25f, .5f}, {.25f, .5f}},
                                    {{.3f, .3f}, {.31f, .3f}}, {{.05f, .1f}, {.1f, .05f}}};
  for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
    Fixture f;
    begin(&f, 10, 5);
    for (int k = 0; k < 100; k++)
      iv_heat_walk(f.heat, ways[i][0], AT(k * 2), ways[i][1], AT(k * 2 + 1));
    iv_heat_tick(f.heat, AT(400), 1, f.events);
    g_assert_cmpfloat_with_epsilon(all_tenths(&f, 0), 1000, 20); /* half a tenth a cell */
    clear(&f);
  }
}

/* The slant through a corner: the cells beside it get nothing. */
static void test_through_a_corner(void) {
  Fixture f;
  begin(&f, 10, 10);
  iv_heat_walk(f.heat, (IvPoint){0, 0}, AT(0), (IvPoint){.1f, .1f}, AT(2));
  iv_heat_tick(f.heat, AT(400), 1, f.events);
  g_assert_cmpuint(tenths(&f, 0, 0), ==, 10);
  g_assert_cmpuint(tenths(&f, 0, 21), ==, 10);
  g_assert_cmpuint(tenths(&f, 0, 1) + tenths(&f, 0, 20), ==, 0);
  clear(&f);
}

/* From 4 s before the end of a bucket to 6 s after: where the way is at the end it is cut. */
static void test_cut_at_the_bucket(void) {
  Fixture f;
  begin(&f, 10, 5);
  iv_heat_tick(f.heat, T0 - IV_HOUR, 1, f.events);
  iv_heat_walk(f.heat, (IvPoint){0, 0}, AT(296), (IvPoint){.5f, 0}, AT(306));
  iv_heat_tick(f.heat, AT(400), 1, f.events);
  g_assert_cmpuint(all_tenths(&f, 0), ==, 40);
  g_assert_cmpuint(tenths(&f, 0, 3), ==, 10);
  g_assert_cmpuint(tenths(&f, 0, 4), ==, 0);
  g_assert_cmpint(nth(&f, 0)->ts, ==, T0); /* it had looked on */
  iv_heat_tick(f.heat, AT(700), 1, f.events);
  g_assert_cmpuint(all_tenths(&f, 1), ==, 60);
  g_assert_cmpuint(tenths(&f, 1, 4), ==, 10);
  clear(&f);
}

/* A bucket is told once it is over and nothing more is likely to come, in parts if it must be. */
static void test_parts(void) {
  Fixture f;
  begin(&f, 100, 50);
  iv_heat_tick(f.heat, T0, 1, f.events);
  for (int i = 0; i < 100; i++)
    iv_heat_walk(f.heat, (IvPoint){0, (float)i / 100}, AT(0), (IvPoint){.2f, (float)i / 100},
                 AT(40));
  iv_heat_tick(f.heat, AT(300), 1, f.events);
  g_assert_cmpuint(f.events->len, ==, 0);
  iv_heat_tick(f.heat, AT(310), 1, f.events);
  g_assert_cmpuint(f.events->len, >, 5);
  g_assert_cmpuint(all_tenths(&f, 0), ==, 40000);
  for (guint i = 0; i < f.events->len; i++) {
    g_assert_cmpfloat(iv_event_attr(nth(&f, i), IV_ATTR_PART)->number, ==, i + 1);
    for (guint k = 0; k < i; k++)
      g_assert_cmpint(memcmp(&nth(&f, i)->id, &nth(&f, k)->id, sizeof(IvUuid)), !=, 0);
  }
  clear(&f);
}

/* Somebody walks by at every minute and is a twentieth of a second in each cell: no bucket can tell
 * less than a tenth, and still nothing is lost over an hour. */
static void test_rounding_carries_over(void) {
  Fixture f;
  begin(&f, 10, 5);
  for (int minute = 0; minute < 60; minute++)
    iv_heat_walk(f.heat, (IvPoint){0, 0}, AT(minute * 60), (IvPoint){1, 0}, AT(minute * 60 + .4));
  iv_heat_tick(f.heat, AT(4000), 1, f.events);
  g_assert_cmpuint(tenths(&f, -1, 7), ==, 12); /* 60 * 0.02 s */
  g_assert_cmpuint(all_tenths(&f, -1), ==, 240);
  clear(&f);
}

/* Feet below the picture count at its edge; nobody is counted off the plan. */
static void test_edges(void) {
  Fixture f;
  begin(&f, 0, 0);
  iv_heat_walk(f.heat, (IvPoint){.5f, 1.02f}, AT(0), (IvPoint){.5f, 1.03f}, AT(1));
  iv_heat_walk(f.heat, (IvPoint){-.1f, -.1f}, AT(1), (IvPoint){-.1f, -.1f}, AT(2));
  iv_heat_walk(f.heat, (IvPoint){(float)NAN, 0}, AT(1), (IvPoint){0, 0}, AT(2));
  iv_heat_walk(f.heat, (IvPoint){1e30f, 0}, AT(1), (IvPoint){0, 0}, AT(2));
  iv_heat_tick(f.heat, AT(400), 1, f.events);
  g_assert_cmpuint(tenths(&f, 0, 17 * 32 + 16), ==, 10);
  g_assert_cmpuint(tenths(&f, 0, 0), ==, 10);
  g_assert_cmpuint(all_tenths(&f, 0), ==, 20);
  clear(&f);
  begin(&f, 10, 5);
  iv_heat_walk(f.heat, (IvPoint){-.1f, .01f}, AT(0), (IvPoint){.1f, .01f}, AT(2));
  iv_heat_tick(f.heat, AT(400), 1, f.events);
  g_assert_cmpuint(all_tenths(&f, 0), ==, 10);
  clear(&f);
}

/* Points that come after their bucket was told make another sample of it; so does a clock that goes
 * back, and a program that goes on after it has told everything. */
static void test_late_points(void) {
  Fixture f;
  const IvPoint p = {.1f, .1f};
  begin(&f, 10, 5);
  iv_heat_tick(f.heat, T0, 1, f.events);
  iv_heat_walk(f.heat, p, AT(10), p, AT(11));
  iv_heat_tick(f.heat, AT(310), 1, f.events);
  iv_heat_walk(f.heat, p, AT(20), p, AT(22));
  iv_heat_tick(f.heat, AT(311), 1, f.events);
  g_assert_cmpuint(f.events->len, ==, 2);
  iv_heat_walk(f.heat, p, AT(320), p, AT(321));
  iv_heat_tick(f.heat, AT(-600), 1, f.events); /* tells all it knows first */
  g_assert_cmpuint(f.events->len, ==, 3);
  g_assert_cmpint(nth(&f, 2)->end_ts, ==, AT(321));
  iv_heat_walk(f.heat, p, AT(0), p, AT(5));
  iv_heat_finish(f.heat, 1, f.events);
  iv_heat_walk(f.heat, p, AT(6), p, AT(7));
  iv_heat_walk(f.heat, p, AT(330), p, AT(331));
  iv_heat_finish(f.heat, 1, f.events);
  g_assert_cmpuint(f.events->len, ==, 6);
  g_assert_cmpuint(all_tenths(&f, 0), ==, 10 + 20 + 50 + 10);
  g_assert_cmpuint(all_tenths(&f, 1), ==, 20);
  for (guint i = 0; i < f.events->len; i++)
    for (guint k = 0; k < i; k++)
      g_assert_cmpint(memcmp(&nth(&f, i)->id, &nth(&f, k)->id, sizeof(IvUuid)), !=, 0);
  clear(&f);
}

/* ---- within the rules of a camera ---- */

static void see(IvCameraRules *rules, GArray *events, guint64 id, IvTrackState state, double t) {
  IvTrackPoint point = {.tracklet_id = id,
                        .state = state,
                        .ts = AT(t),
                        .box = {.4f, .2f, .5f, .6f},
                        .ground = {.46f, .62f},
                        .score = 1};
  iv_camera_rules_update(rules, &point, 1, events);
}

/* Only confirmed tracks; a gap that is too long counts nothing, a short one does. */
static void test_tracks(void) {
  Fixture f = {.events = g_array_new(FALSE, FALSE, sizeof(IvEvent))};
  IvRulesSource source = {.model_version = "scripted"};
  IvRuleLimits limits = iv_rule_limits_default();
  IvScene scene = {.version = 1, .image = {1000, 1000}};
  g_autoptr(IvCameraRules) rules = iv_camera_rules_new(&limits, &source, &scene);
  for (int i = 0; i < 20; i++)
    see(rules, f.events, 9, IV_TRACK_TENTATIVE, i);
  see(rules, f.events, 1, IV_TRACK_CONFIRMED, 0);
  see(rules, f.events, 1, IV_TRACK_CONFIRMED, 1);
  see(rules, f.events, 1, IV_TRACK_LOST, 2);
  see(rules, f.events, 1, IV_TRACK_CONFIRMED, 5);
  see(rules, f.events, 1, IV_TRACK_LOST, 6);
  see(rules, f.events, 1, IV_TRACK_CONFIRMED, 11); /* 6 s: nobody knows */
  see(rules, f.events, 1, IV_TRACK_CONFIRMED, 12);
  see(rules, f.events, 1, IV_TRACK_ENDED, 12);
  see(rules, f.events, 2, IV_TRACK_CONFIRMED, 13); /* another one */
  g_assert_cmpuint(f.events->len, ==, 0);
  iv_camera_rules_tick(rules, AT(400), f.events);
  g_assert_cmpuint(f.events->len, ==, 1);
  g_assert_cmpuint(tenths(&f, 0, 11 * 32 + 14), ==, 60);
  g_assert_cmpuint(all_tenths(&f, 0), ==, 60);
  g_array_unref(f.events);
}

/* A new scene ends the sample under the old one, and the end of the program tells what there is. */
static void test_scene_and_end(void) {
  Fixture f = {.events = g_array_new(FALSE, FALSE, sizeof(IvEvent))};
  IvRulesSource source = {.model_version = "scripted"};
  IvRuleLimits limits = iv_rule_limits_default();
  IvScene scene = {.version = 1, .image = {1000, 500}, .plan = {.width_m = 10, .height_m = 5}};
  g_autoptr(IvCameraRules) rules = iv_camera_rules_new(&limits, &source, &scene);
  see(rules, f.events, 1, IV_TRACK_CONFIRMED, 0);
  see(rules, f.events, 1, IV_TRACK_CONFIRMED, 2);
  scene.version = 2;
  iv_camera_rules_set_scene(rules, &scene, AT(2), f.events);
  see(rules, f.events, 1, IV_TRACK_CONFIRMED, 3);
  iv_camera_rules_finish(rules, f.events);
  g_assert_cmpuint(f.events->len, ==, 2);
  g_assert_cmpint(nth(&f, 0)->scene_version, ==, 1);
  g_assert_cmpint(nth(&f, 1)->scene_version, ==, 2);
  g_assert_cmpuint(tenths(&f, 0, 6 * 20 + 9), ==, 30);
  g_array_unref(f.events);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rules/heat/straight-way", test_straight_way);
  g_test_add_func("/rules/heat/time-is-kept", test_time_is_kept);
  g_test_add_func("/rules/heat/through-a-corner", test_through_a_corner);
  g_test_add_func("/rules/heat/cut-at-the-bucket", test_cut_at_the_bucket);
  g_test_add_func("/rules/heat/parts", test_parts);
  g_test_add_func("/rules/heat/rounding-carries-over", test_rounding_carries_over);
  g_test_add_func("/rules/heat/edges", test_edges);
  g_test_add_func("/rules/heat/late-points", test_late_points);
  g_test_add_func("/rules/heat/tracks", test_tracks);
  g_test_add_func("/rules/heat/scene-and-end", test_scene_and_end);
  return g_test_run();
}
