/* SPDX-License-Identifier: Apache-2.0 */
/* A zone for 10 people, as stories: how many are inside from which second on, and what is told. */
#include "rules/zone_capacity.h"

#include "rules/camera_rules.h"

typedef struct {
  int at;
  guint people;
} Step;

typedef struct {
  const char *name;
  guint capacity, n;
  Step steps[8];
  int began, ended; /* since when the event is told, and when it ends, s; -1 = never */
  guint most;
} Story;

static const Story stories[] = {
    {"full is not too full", 10, 1, {{0, 10}}, -1, -1, 0},
    {"too full", 10, 2, {{0, 4}, {20, 11}}, 20, -1, 11},
    {"a moment is no event", 10, 4, {{0, 11}, {9, 10}, {12, 12}, {21, 3}}, -1, -1, 0},
    {"until 90 % are inside", 10, 4, {{5, 11}, {30, 13}, {50, 10}, {60, 9}}, 5, 60, 13},
    {"the edge makes one event",
     10,
     6,
     {{0, 11}, {20, 10}, {25, 11}, {40, 10}, {45, 12}, {60, 9}},
     0,
     60,
     12},
    {"one is too many", 1, 3, {{0, 1}, {10, 2}, {40, 1}}, 10, -1, 2},
    {"and over when it is empty", 1, 3, {{0, 2}, {20, 1}, {30, 0}}, 0, 30, 2},
};

static guint people_at(const Story *story, int t) {
  guint people = 0;
  for (guint i = 0; i < story->n; i++)
    people = story->steps[i].at <= t ? story->steps[i].people : people;
  return people;
}

static void test_story(gconstpointer data) {
  const Story *story = data;
  IvZoneCrowd crowd = {0};
  int began = -1, ended = -1;
  guint most = 0;
  for (int t = 0; t < 90; t++) {
    IvCrowdChange change =
        iv_zone_crowd_look(&crowd, people_at(story, t), story->capacity, (IvTime)t * IV_SECOND);
    if (change == IV_CROWD_SAME)
      continue;
    g_assert_cmpint(change, ==, began < 0 ? IV_CROWD_BEGAN : IV_CROWD_ENDED);
    if (change == IV_CROWD_BEGAN) {
      began = (int)(crowd.since / IV_SECOND);
      g_assert_cmpint(t, ==, began + (int)(IV_CAPACITY_HOLD / IV_SECOND));
    } else {
      g_assert_cmpint(ended, ==, -1);
      ended = t;
    }
  }
  most = began < 0 ? 0 : crowd.people;
  g_assert_cmpint(began, ==, story->began);
  g_assert_cmpint(ended, ==, story->ended);
  g_assert_cmpuint(most, ==, story->most);
}

typedef struct {
  IvCameraRules *rules;
  GArray *events;
} Fixture;

static void setup(Fixture *f, gconstpointer unused) {
  (void)unused;
  IvZone zone = {.kind = IV_ZONE_PRODUCT,
                 .capacity = 2,
                 .n_points = 4,
                 .polygon = {{.5f, 0}, {1, 0}, {1, 1}, {.5f, 1}}};
  iv_slug_set(&zone.id, "bakery");
  IvScene scene = {.version = 3, .image = {1000, 1000}, .n_zones = 1, .zones = &zone};
  IvRuleLimits limits = iv_rule_limits_default();
  limits.staff_known = TRUE;
  IvRulesSource source = {.model_version = "scripted"};
  iv_slug_set(&source.camera_id, "cam");
  f->rules = iv_camera_rules_new(&limits, &source, &scene);
  f->events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
}

static void teardown(Fixture *f, gconstpointer unused) {
  (void)unused;
  iv_camera_rules_free(f->rules);
  g_array_unref(f->events);
}

/* `inside` customers and, of staff, `staff` in the zone during a second. */
static void second(Fixture *f, int t, guint inside, guint staff) {
  for (guint i = 0; i < 3; i++) {
    IvPoint at = {i < inside ? .7f : .2f, .5f};
    IvTrackPoint point = {.tracklet_id = i + 1,
                          .state = IV_TRACK_CONFIRMED,
                          .ts = t * IV_SECOND,
                          .box = {at.x, .4f, at.x, .5f},
                          .ground = at,
                          .score = 1};
    iv_camera_rules_update(f->rules, &point, 1, f->events);
  }
  for (guint i = 0; i < staff; i++)
    iv_camera_rules_see_staff(f->rules, (IvPoint){.8f, .5f}, t * IV_SECOND);
  iv_camera_rules_tick(f->rules, t * IV_SECOND, f->events);
}

static const IvEvent *one_of(const Fixture *f, IvEventKind kind) {
  const IvEvent *found = NULL;
  for (guint i = 0; i < f->events->len; i++) {
    const IvEvent *event = &g_array_index(f->events, IvEvent, i);
    if (event->kind != kind)
      continue;
    g_assert_null(found);
    found = event;
  }
  return found;
}

static void assert_crowd(const IvEvent *event, double people, IvTime since) {
  g_assert_nonnull(event);
  g_assert_cmpstr(event->zone_id.text, ==, "bakery");
  g_assert_cmpfloat(iv_event_attr(event, IV_ATTR_PEOPLE)->number, ==, people);
  g_assert_cmpfloat(iv_event_attr(event, IV_ATTR_CAPACITY)->number, ==, 2);
  g_assert_cmpint(event->ts, ==, since);
}

static void test_events(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (int t = 0; t < 40; t++)
    second(f, t, t < 5 || t >= 30 ? 1 : 3, 0);
  assert_crowd(one_of(f, IV_EVENT_ZONE_OVER_CAPACITY_STARTED), 3, 5 * IV_SECOND);
  const IvEvent *over = one_of(f, IV_EVENT_ZONE_OVER_CAPACITY);
  assert_crowd(over, 3, 5 * IV_SECOND);
  g_assert_cmpint(over->end_ts, ==, 30 * IV_SECOND);
  g_assert_null(iv_event_attr(over, IV_ATTR_REASON));
}

/* Capacity is for everybody; visits of the zone are not. */
static void test_staff_count(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (int t = 0; t < 20; t++)
    second(f, t, 2, t < 3 ? 0 : 1);
  assert_crowd(one_of(f, IV_EVENT_ZONE_OVER_CAPACITY_STARTED), 3, 3 * IV_SECOND);
  g_assert_cmpuint(iv_camera_rules_occupancy(f->rules, 0), ==, 2);
}

static void test_cut_short(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (int t = 0; t < 20; t++)
    second(f, t, 3, 0);
  g_assert_null(one_of(f, IV_EVENT_ZONE_OVER_CAPACITY));
  iv_camera_rules_finish(f->rules, f->events);
  const IvEvent *over = one_of(f, IV_EVENT_ZONE_OVER_CAPACITY);
  assert_crowd(over, 3, 0);
  g_assert_cmpint(over->end_ts, ==, 19 * IV_SECOND);
  g_assert_cmpstr(iv_event_attr(over, IV_ATTR_REASON)->text, ==, "the program was stopped");
}

/* A new drawing begins anew, also with another capacity. */
static void test_new_scene(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (int t = 0; t < 20; t++)
    second(f, t, 3, 0);
  g_autoptr(IvScene) scene = iv_scene_copy(iv_camera_rules_scene(f->rules));
  scene->version = 4;
  scene->zones[0].capacity = 3;
  iv_camera_rules_set_scene(f->rules, scene, 20 * IV_SECOND, f->events);
  const IvEvent *over = one_of(f, IV_EVENT_ZONE_OVER_CAPACITY);
  g_assert_cmpint(over->scene_version, ==, 3);
  g_assert_cmpstr(iv_event_attr(over, IV_ATTR_REASON)->text, ==, "the scene was changed");
  for (int t = 20; t < 40; t++)
    second(f, t, 3, 0);
  g_assert_nonnull(one_of(f, IV_EVENT_ZONE_OVER_CAPACITY_STARTED));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(stories); i++) {
    g_autofree char *path = g_strdup_printf("/rules/capacity/%s", stories[i].name);
    g_strdelimit(path, " ", '-');
    g_test_add_data_func(path, &stories[i], test_story);
  }
#define ADD(name, run) g_test_add("/rules/capacity/" name, Fixture, NULL, setup, run, teardown)
  ADD("events", test_events);
  ADD("staff-count", test_staff_count);
  ADD("cut-short", test_cut_short);
  ADD("new-scene", test_new_scene);
  return g_test_run();
}
