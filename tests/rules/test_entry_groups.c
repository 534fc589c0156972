/* SPDX-License-Identifier: Apache-2.0 */
/* Who came in together: people on a plan of 10 by 10 m with the door along its lower edge, y = 9 m;
 * in is up. Each walks straight from `at` seconds on; the picture's metres are the plan's. */
#include "rules/entry_groups.h"

#include <string.h>

#include "rules/camera_rules.h"

#define STEP 0.5 /* s between sights */

typedef struct {
  guint64 id;
  double at, x;    /* crosses the line then, there */
  double across;   /* m/s to the right afterwards */
  double speed;    /* m/s inward */
  double sights;   /* is seen for so long afterwards, s */
  double out;      /* goes out again so long after, s; 0 = does not */
  guint64 visitor; /* 0 = not known */
} Person;

typedef struct {
  const char *name;
  guint n;
  Person people[6];
  const char *groups; /* "1+2 4+5": by ids */
} Story;

#define WALKS .speed = 1.2, .sights = 9

static const Story stories[] = {
    {"side by side", 2, {{1, 0, 4, WALKS}, {2, .3, 4.8, WALKS}}, "1+2"},
    {"alone", 1, {{1, 0, 4, WALKS}}, ""},
    {"one after the other, too late", 2, {{1, 0, 4, WALKS}, {2, 1.6, 4, WALKS}}, ""},
    {"one after the other, just in time", 2, {{1, 0, 4, WALKS}, {2, 1.5, 4, WALKS}}, "1+2"},
    {"in step, three looks later, as well as floats tell it",
     2,
     {{1, 0, 4, WALKS}, {2, 1.500006, 4, WALKS}},
     "1+2"},
    {"a millisecond too late", 2, {{1, 0, 4, WALKS}, {2, 1.501, 4, WALKS}}, ""},
    {"too far apart at the door", 2, {{1, 0, 4, WALKS}, {2, 0, 5.6, WALKS}}, ""},
    {"they part", 2, {{1, 0, 4, WALKS, .across = -.5}, {2, 0, 4.5, WALKS, .across = .5}}, ""},
    {"they part after 5 s",
     2,
     {{1, 0, 4, WALKS, .across = -.15}, {2, 0, 5, WALKS, .across = .14}},
     "1+2"},
    {"a chain is one group",
     3,
     {{1, 0, 2, WALKS}, {2, 1.2, 3, WALKS}, {3, 2.4, 4, WALKS}},
     "1+2+3"},
    {"two pairs at once",
     4,
     {{1, 0, 2, WALKS}, {2, .2, 2.7, WALKS}, {3, .1, 6, WALKS}, {4, .4, 6.9, WALKS}},
     "1+2 3+4"},
    {"one turns back", 2, {{1, 0, 4, WALKS}, {2, .2, 4.6, WALKS, .out = 3}}, ""},
    {"out after a while is no turning back",
     2,
     {{1, 0, 4, WALKS}, {2, .2, 4.6, WALKS, .out = 5.5}},
     "1+2"},
    {"one is out of sight at once: the door decides",
     2,
     {{1, 0, 4, WALKS}, {2, .3, 4.7, .speed = 1.2, .sights = 0}},
     "1+2"},
    {"seen long enough to part",
     2,
     {{1, 0, 4, WALKS, .across = -1.5}, {2, .2, 4.5, .speed = 1.2, .sights = 3, .across = 1}},
     ""},
    {"one visitor whose track broke",
     2,
     {{1, 0, 4, WALKS, .visitor = 7}, {2, .5, 4, WALKS, .visitor = 7}},
     ""},
    {"two visitors", 2, {{1, 0, 4, WALKS, .visitor = 7}, {2, .5, 4, WALKS, .visitor = 8}}, "1+2"},
};

static IvScene *plan(void) {
  IvLine line = {.kind = IV_LINE_ENTRANCE, .a = {1, .9f}, .b = {0, .9f}};
  iv_slug_set(&line.id, "door");
  IvScene scene = {.version = 3,
                   .image = {1000, 1000},
                   .plan = {.width_m = 10, .height_m = 10},
                   .n_lines = 1,
                   .lines = &line};
  return iv_scene_copy(&scene);
}

static IvTime us(double seconds) {
  return (IvTime)(seconds * 1e6 + .5);
}

static IvPoint place_of(const Person *p, double after) {
  return (IvPoint){(float)((p->x + p->across * after) / 10), (float)((9 - p->speed * after) / 10)};
}

static void enter(IvEntryGroups *groups, const Person *p) {
  IvEntry entry = {.tracklet_id = p->id,
                   .visitor = p->visitor,
                   .ts = us(100 + p->at),
                   .before = IV_TIME_NONE,
                   .here = us(100 + p->at),
                   .at = place_of(p, 0),
                   .height = 100};
  iv_entry_groups_enter(groups, &entry);
}

/* At time t: who crosses, then who is seen. */
static void pass(IvEntryGroups *groups, const Story *story, double t) {
  for (guint i = 0; i < story->n; i++) {
    const Person *p = &story->people[i];
    if (p->at > t - STEP && p->at <= t)
      enter(groups, p);
    if (p->out > 0 && p->at + p->out > t - STEP && p->at + p->out <= t)
      iv_entry_groups_leave(groups, 0, p->id, us(100 + p->at + p->out));
  }
  for (guint i = 0; i < story->n; i++)
    if (t > story->people[i].at && t - story->people[i].at <= story->people[i].sights)
      iv_entry_groups_see(groups, story->people[i].id, us(100 + t),
                          place_of(&story->people[i], t - story->people[i].at));
}

static void note(GString *told, const IvEntryGroup *group) {
  if (told->len > 0)
    g_string_append_c(told, ' ');
  for (guint i = 0; i < group->size; i++)
    g_string_append_printf(told, "%s%" G_GUINT64_FORMAT, i ? "+" : "", group->tracklets[i]);
}

static void test_story(gconstpointer data) {
  const Story *story = data;
  g_autoptr(IvScene) scene = plan();
  g_autoptr(IvEntryGroups) groups = iv_entry_groups_new(scene);
  g_autoptr(GString) told = g_string_new(NULL);
  IvEntryGroup group;
  for (double t = 0; t < 12; t += STEP) {
    pass(groups, story, t);
    while (iv_entry_groups_next(groups, us(100 + t), &group)) {
      g_assert_cmpint(us(100 + t) - group.last, >=, us(7.5));
      note(told, &group);
    }
  }
  g_assert_cmpstr(told->str, ==, story->groups);
  g_assert_false(iv_entry_groups_next(groups, IV_TIME_NONE, &group));
}

/* The same, but all told at the end. */
static void test_at_the_end(void) {
  g_autoptr(IvScene) scene = plan();
  g_autoptr(IvEntryGroups) groups = iv_entry_groups_new(scene);
  IvEntryGroup group;
  pass(groups, &stories[0], 0);
  pass(groups, &stories[0], .5);
  g_assert_false(iv_entry_groups_next(groups, us(101), &group));
  g_assert_true(iv_entry_groups_next(groups, IV_TIME_NONE, &group));
  g_assert_cmpuint(group.size, ==, 2);
  g_assert_cmpint(group.last - group.first, ==, us(.3));
}

/* Where the plan sees people on, what the camera saw of them is taken on. */
static void test_seen_on_the_floor(void) {
  Person left = {1, 0, 4, .speed = 1.2, .visitor = 7},
         right = {2, .2, 4.5, .speed = 1.2, .visitor = 8};
  g_autoptr(IvScene) scene = plan();
  g_autoptr(IvEntryGroups) groups = iv_entry_groups_new(scene);
  IvEntryGroup group;
  enter(groups, &left);
  enter(groups, &right);
  for (double t = .5; t < 6; t += STEP) {
    iv_entry_groups_see_on_floor(groups, 7, us(100 + t), (IvPlanPoint){4 - t, 9 - t});
    iv_entry_groups_see_on_floor(groups, 8, us(100 + t), (IvPlanPoint){4 + t, 9 - t});
  }
  g_assert_false(iv_entry_groups_next(groups, IV_TIME_NONE, &group));
}

static IvTrackPoint point(guint64 id, double t, double x, double y) {
  IvPoint at = {(float)(x / 10), (float)(y / 10)};
  return (IvTrackPoint){.tracklet_id = id,
                        .state = IV_TRACK_CONFIRMED,
                        .ts = us(t),
                        .box = {at.x, at.y, at.x, at.y},
                        .ground = at,
                        .score = 1};
}

/* Through the camera's rules: one event with everybody, under the first one's crossing. */
static void test_event(void) {
  g_autoptr(IvScene) scene = plan();
  IvRuleLimits limits = iv_rule_limits_default();
  IvRulesSource source = {.model_version = "scripted"};
  iv_slug_set(&source.camera_id, "cam");
  g_autoptr(IvCameraRules) rules = iv_camera_rules_new(&limits, &source, scene);
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  for (int i = 0; i < 30; i++) {
    double t = i * STEP, y = 10 - .6 * i;
    IvTrackPoint both[] = {point(11, t, 4, MAX(y, 3)), point(12, t, 4.6, MAX(y + .3, 3.2))};
    iv_camera_rules_update(rules, both, 2, events);
    iv_camera_rules_tick(rules, us(t), events);
  }
  const IvEvent *found = NULL;
  IvTime first_in = IV_TIME_NONE;
  for (guint i = 0; i < events->len; i++) {
    const IvEvent *event = &g_array_index(events, IvEvent, i);
    if (event->kind == IV_EVENT_LINE_CROSSED && first_in == IV_TIME_NONE)
      first_in = event->ts;
    if (event->kind != IV_EVENT_GROUP_ENTERED)
      continue;
    g_assert_null(found);
    found = event;
  }
  g_assert_nonnull(found);
  g_assert_cmpint(found->ts, ==, first_in);
  g_assert_cmpstr(found->line_id.text, ==, "door");
  g_assert_cmpuint(found->tracklet_id, ==, 11);
  g_assert_cmpfloat(iv_event_attr(found, IV_ATTR_SIZE)->number, ==, 2);
  g_assert_cmpstr(iv_event_attr(found, IV_ATTR_TRACKLETS)->text, ==, "11 12");
  g_autofree char *crossings = g_strdup_printf("0 %d", (int)((found->end_ts - found->ts) / IV_MS));
  g_assert_cmpstr(iv_event_attr(found, IV_ATTR_CROSSINGS_MS)->text, ==, crossings);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(stories); i++) {
    g_autofree char *path = g_strdup_printf("/rules/groups/%s", stories[i].name);
    g_strdelimit(path, " ", '-');
    g_test_add_data_func(path, &stories[i], test_story);
  }
  g_test_add_func("/rules/groups/at-the-end", test_at_the_end);
  g_test_add_func("/rules/groups/seen-on-the-floor", test_seen_on_the_floor);
  g_test_add_func("/rules/groups/event", test_event);
  return g_test_run();
}
