/* SPDX-License-Identifier: Apache-2.0 */
/* Scenario tests: scripted points of tracks, expected events. The picture has 1000×1000 pixels,
 * people are 100 pixels tall, so the half-band of a line is 12 pixels (0.012 of the picture). */
#include "rules/camera_rules.h"

#include <string.h>

typedef struct {
  IvCameraRules *rules;
  GArray *events;
} Fixture;

static IvZone square_zone(void) {
  IvZone zone = {.kind = IV_ZONE_PRODUCT,
                 .n_points = 4,
                 .polygon = {{.6f, .2f}, {.9f, .2f}, {.9f, .8f}, {.6f, .8f}}};
  iv_slug_set(&zone.id, "shelf");
  return zone;
}

static void setup(Fixture *f, gconstpointer unused) {
  (void)unused;
  IvLine lines[2] = {{.kind = IV_LINE_ENTRANCE, .a = {.5f, .2f}, .b = {.5f, .8f}},
                     {.kind = IV_LINE_PASS_BY, .a = {.2f, .0f}, .b = {.2f, 1.f}}};
  iv_slug_set(&lines[0].id, "door");
  iv_slug_set(&lines[1].id, "street");
  IvZone zone = square_zone();
  IvScene scene = {.version = 3,
                   .image = {1000, 1000},
                   .n_lines = 2,
                   .lines = lines,
                   .n_zones = 1,
                   .zones = &zone};
  IvRulesSource source = {.model_version = "scripted"};
  iv_slug_set(&source.store_id, "shop");
  iv_slug_set(&source.edge_id, "edge");
  iv_slug_set(&source.camera_id, "cam");
  IvRuleLimits config = iv_rule_limits_default();
  f->rules = iv_camera_rules_new(&config, &source, &scene);
  f->events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
}

static void teardown(Fixture *f, gconstpointer unused) {
  (void)unused;
  iv_camera_rules_free(f->rules);
  g_array_unref(f->events);
}

static IvTrackPoint point(guint64 id, IvTrackState state, double t, float x, float y) {
  return (IvTrackPoint){.tracklet_id = id,
                        .state = state,
                        .ts = (IvTime)(t * 1e6),
                        .box = {x - .02f, y - .1f, x + .02f, y},
                        .ground = {x, y},
                        .score = .9f};
}

static void feed(Fixture *f, guint64 id, IvTrackState state, double t, float x, float y) {
  IvTrackPoint p = point(id, state, t, x, y);
  iv_camera_rules_update(f->rules, &p, 1, f->events);
}

static void see(Fixture *f, double t, float x, float y) {
  feed(f, 1, IV_TRACK_CONFIRMED, t, x, y);
}

static guint count(Fixture *f, IvEventKind kind) {
  guint n = 0;
  for (guint i = 0; i < f->events->len; i++)
    n += g_array_index(f->events, IvEvent, i).kind == kind;
  return n;
}

static const IvEvent *nth(Fixture *f, IvEventKind kind, guint n) {
  for (guint i = 0; i < f->events->len; i++)
    if (g_array_index(f->events, IvEvent, i).kind == kind && n-- == 0)
      return &g_array_index(f->events, IvEvent, i);
  g_assert_not_reached();
}

static const char *direction(const IvEvent *event) {
  return iv_event_attr(event, IV_ATTR_DIRECTION)->text;
}

/* The line runs down the picture; right of it is the − side (x > 0.5 gives a negative product), so
 * walking from right to left is `in`. */
static void test_crossing_in(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 0, .55f, .5f);
  see(f, 1, .45f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 1);
  const IvEvent *event = nth(f, IV_EVENT_LINE_CROSSED, 0);
  g_assert_cmpstr(direction(event), ==, "in");
  g_assert_cmpstr(event->line_id.text, ==, "door");
  g_assert_cmpint(event->scene_version, ==, 3);
  g_assert_cmpint(ABS(event->ts - IV_SECOND / 2), <=, 1000);
}

static void test_jitter_counts_once(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 0, .55f, .5f);
  for (int i = 1; i < 50; i++)
    see(f, i * .1, i % 2 ? .491f : .509f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 0);
  see(f, 5, .45f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 1);
}

static void test_round_the_end(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 0, .55f, .5f);
  see(f, 1, .55f, .9f);
  see(f, 2, .45f, .9f);
  see(f, 3, .45f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 0);
  see(f, 4, .55f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 1);
  g_assert_cmpstr(direction(nth(f, IV_EVENT_LINE_CROSSED, 0)), ==, "out");
}

static void test_turn_back(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 0, .55f, .5f);
  see(f, 1, .45f, .5f);
  see(f, 2, .55f, .5f);
  see(f, 3, .45f, .5f);
  see(f, 7, .55f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 4);
  const IvEvent *in = nth(f, IV_EVENT_LINE_CROSSED, 0), *out = nth(f, IV_EVENT_LINE_CROSSED, 1);
  g_assert_nonnull(iv_event_attr(out, IV_ATTR_TURN_BACK));
  g_assert_cmpint(iv_event_attr(out, IV_ATTR_IN_TS)->time, ==, in->ts);
  g_assert_null(iv_event_attr(nth(f, IV_EVENT_LINE_CROSSED, 3), IV_ATTR_TURN_BACK));
}

static void test_pass_by(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 0, .3f, .5f);
  see(f, 1, .1f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_PASSED_BY), ==, 0);
  feed(f, 1, IV_TRACK_ENDED, 2, .1f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_PASSED_BY), ==, 1);
}

static void test_entrant_is_no_pass_by(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 0, .55f, .5f);
  see(f, 1, .45f, .5f);
  see(f, 2, .1f, .5f);
  feed(f, 1, IV_TRACK_ENDED, 3, .1f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_PASSED_BY), ==, 0);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 2);
}

static void test_zone_visit(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 0, .55f, .5f);
  see(f, 1, .7f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_ZONE_VISIT_STARTED), ==, 1);
  g_assert_cmpuint(iv_camera_rules_occupancy(f->rules, 0), ==, 1);
  see(f, 4, .95f, .5f);
  g_assert_cmpuint(iv_camera_rules_occupancy(f->rules, 0), ==, 0);
  see(f, 5, .95f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_ZONE_VISIT), ==, 1);
  const IvEvent *visit = nth(f, IV_EVENT_ZONE_VISIT, 0);
  /* where its way goes over the zone's edges, at .6 and .9 */
  g_assert_cmpint(ABS(visit->ts - IV_SECOND / 3), <=, 10);
  g_assert_cmpint(ABS(visit->end_ts - 34 * IV_SECOND / 10), <=, 10);
  g_assert_cmpint(nth(f, IV_EVENT_ZONE_VISIT_STARTED, 0)->ts, ==, visit->ts);
  g_assert_cmpfloat_with_epsilon(iv_event_attr(visit, IV_ATTR_DWELL_S)->number, 3.4 - 1 / 3., 1e-4);
}

static void test_short_absence_goes_on(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 0, .7f, .5f);
  see(f, 1, .91f, .5f);
  see(f, 1.3, .7f, .5f);
  feed(f, 1, IV_TRACK_LOST, 2, .7f, .5f);
  g_assert_cmpuint(iv_camera_rules_occupancy(f->rules, 0), ==, 0);
  see(f, 3, .7f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_ZONE_VISIT_STARTED), ==, 1);
  feed(f, 1, IV_TRACK_LOST, 4, .7f, .5f);
  feed(f, 1, IV_TRACK_ENDED, 6, .7f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_ZONE_VISIT), ==, 1);
  g_assert_cmpint(nth(f, IV_EVENT_ZONE_VISIT, 0)->end_ts, ==, 3 * IV_SECOND);
}

static void test_tentative_never_counts(Fixture *f, gconstpointer unused) {
  (void)unused;
  feed(f, 1, IV_TRACK_TENTATIVE, 0, .55f, .5f);
  feed(f, 1, IV_TRACK_TENTATIVE, 1, .45f, .5f);
  feed(f, 1, IV_TRACK_ENDED, 2, .45f, .5f);
  g_assert_cmpuint(f->events->len, ==, 0);
}

static void test_new_scene_ends_stays(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 0, .7f, .5f);
  g_autoptr(IvScene) next = iv_scene_copy(iv_camera_rules_scene(f->rules));
  next->version = 4;
  iv_camera_rules_set_scene(f->rules, next, 5 * IV_SECOND, f->events);
  g_assert_cmpint(nth(f, IV_EVENT_ZONE_VISIT, 0)->scene_version, ==, 3);
  see(f, 6, .7f, .5f);
  g_assert_cmpint(nth(f, IV_EVENT_ZONE_VISIT_STARTED, 1)->scene_version, ==, 4);
}

/* Same input, same bytes: ids included. */
static void test_deterministic(Fixture *f, gconstpointer unused) {
  Fixture other;
  setup(&other, unused);
  Fixture *both[] = {f, &other};
  for (guint k = 0; k < 2; k++)
    for (int i = 0; i < 40; i++)
      see(both[k], i, i % 3 ? .45f : .7f, .3f + (float)(i % 5) * .1f);
  int bytes = (int)(f->events->len * sizeof(IvEvent));
  g_assert_cmpmem(f->events->data, bytes, other.events->data,
                  (int)(other.events->len * sizeof(IvEvent)));
  teardown(&other, unused);
}

/* Who it is goes into every event from then on, and does not change its id. */
static void test_visitor(Fixture *f, gconstpointer unused) {
  (void)unused;
  Fixture other;
  setup(&other, unused);
  guint64 visitor = iv_visitor_make(20535, 42);
  for (int i = 0; i < 20; i++) {
    IvTrackPoint p = point(1, IV_TRACK_CONFIRMED, i, i < 8 ? .45f : .7f, .3f + (float)i * .02f);
    iv_camera_rules_update(other.rules, &p, 1, other.events);
    p.visitor = i == 4 ? visitor : 0; /* what was told once stays */
    iv_camera_rules_update(f->rules, &p, 1, f->events);
  }
  feed(f, 1, IV_TRACK_ENDED, 20, .7f, .5f);
  feed(&other, 1, IV_TRACK_ENDED, 20, .7f, .5f);
  g_assert_cmpuint(f->events->len, >, 2);
  g_assert_cmpuint(f->events->len, ==, other.events->len);
  for (guint i = 0; i < f->events->len; i++) {
    const IvEvent *known = &g_array_index(f->events, IvEvent, i),
                  *unknown = &g_array_index(other.events, IvEvent, i);
    g_assert_cmpuint(known->visitor, ==, visitor);
    g_assert_cmpuint(unknown->visitor, ==, 0);
    g_assert_cmpmem(&known->id, sizeof known->id, &unknown->id, sizeof unknown->id);
  }
  teardown(&other, unused);
}

/* ---- tracks that break at a line ---- */

/* Lost a hand's breadth before the door, found 0.8 s later behind it as another track. */
static void test_goes_on_as_another(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 1.0, .56f, .5f);
  see(f, 1.2, .54f, .5f);
  feed(f, 1, IV_TRACK_ENDED, 1.2, .54f, .5f);
  feed(f, 2, IV_TRACK_CONFIRMED, 2.0, .485f, .5f);
  feed(f, 2, IV_TRACK_CONFIRMED, 2.2, .46f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 1);
  g_assert_cmpint(nth(f, IV_EVENT_LINE_CROSSED, 0)->tracklet_id, ==, 2);
  g_assert_cmpint(nth(f, IV_EVENT_LINE_CROSSED, 0)->ts, >, (IvTime)1.2e6);
  g_assert_cmpint(nth(f, IV_EVENT_LINE_CROSSED, 0)->ts, <, (IvTime)2.1e6);
}

/* Too far, too late, or twice as tall: somebody else. */
static void test_somebody_else(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 1.0, .54f, .5f);
  feed(f, 1, IV_TRACK_ENDED, 1.0, .54f, .5f);
  feed(f, 2, IV_TRACK_CONFIRMED, 1.8, .30f, .5f);
  feed(f, 3, IV_TRACK_CONFIRMED, 3.6, .48f, .5f);
  IvTrackPoint tall = point(4, IV_TRACK_CONFIRMED, 1.9, .48f, .5f);
  tall.box.y0 = .3f;
  iv_camera_rules_update(f->rules, &tall, 1, f->events);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 0);
}

/* The lost one comes back behind the line by itself, where the other has gone on for it: one way
 * in, counted once. */
static void test_comes_back(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 1.0, .56f, .5f);
  see(f, 1.2, .54f, .5f);
  feed(f, 2, IV_TRACK_CONFIRMED, 1.9, .48f, .5f); /* goes on for track 1: counted */
  see(f, 2.0, .475f, .5f);
  see(f, 2.4, .46f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 1);
}

/* Known to be two visitors: one goes from the door into the shop, the other stands in it. */
static void test_other_visitor(Fixture *f, gconstpointer unused) {
  (void)unused;
  IvTrackPoint p = point(1, IV_TRACK_CONFIRMED, 1.0, .54f, .5f);
  p.visitor = iv_visitor_make(20535, 42);
  iv_camera_rules_update(f->rules, &p, 1, f->events);
  feed(f, 1, IV_TRACK_ENDED, 1.0, .54f, .5f);
  for (int i = 0; i < 2; i++) {
    p = point(2, IV_TRACK_CONFIRMED, 1.8 + i * .2, .48f, .5f);
    p.visitor = iv_visitor_make(20535, 43);
    iv_camera_rules_update(f->rules, &p, 1, f->events);
  }
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 0);
}

/* Two frames a second: who was in the last one is not missed because another is told of first. */
static void test_slow_frames(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (int i = 0; i < 4; i++)
    see(f, i * .5, .54f, .5f);
  feed(f, 2, IV_TRACK_CONFIRMED, 2.0, .48f, .5f);
  see(f, 2.0, .54f, .5f);
  feed(f, 2, IV_TRACK_CONFIRMED, 2.5, .48f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 0);
}

/* ---- doorways ---- */

static void doorway_setup(Fixture *f, gconstpointer unused) {
  setup(f, unused);
  IvScene *scene = iv_scene_copy(iv_camera_rules_scene(f->rules));
  iv_camera_rules_free(f->rules);
  IvRulesSource source = {.model_version = "scripted"};
  IvRuleLimits limits = iv_rule_limits_default();
  limits.doorways = TRUE;
  f->rules = iv_camera_rules_new(&limits, &source, scene);
  iv_scene_free(scene);
}

/* Comes into sight on the line and walks in (to the left): in, when he was seen first. */
static void test_comes_in(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (int i = 0; i < 8; i++)
    see(f, 1 + i * .1, .495f - .01f * (float)i, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 1);
  g_assert_cmpstr(direction(nth(f, IV_EVENT_LINE_CROSSED, 0)), ==, "in");
  g_assert_cmpint(nth(f, IV_EVENT_LINE_CROSSED, 0)->ts, ==, (IvTime)1e6);
}

/* Walks to the line and is gone: out. Who stands there and is lost has not left. */
static void test_goes_out(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (int i = 0; i < 20; i++) {
    see(f, 1 + i * .1, .30f + .0095f * (float)i, .5f);
    feed(f, 2, IV_TRACK_CONFIRMED, 1 + i * .1, .46f, .4f);
  }
  feed(f, 1, IV_TRACK_ENDED, 2.9, .48f, .5f);
  feed(f, 2, IV_TRACK_ENDED, 2.9, .46f, .4f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 1);
  g_assert_cmpstr(direction(nth(f, IV_EVENT_LINE_CROSSED, 0)), ==, "out");
}

/* A track that begins on the doorstep where another broke off is no new visitor; nor is one that
 * begins further in, or one whose whole way was seen. */
static void test_has_not_come_in(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (int i = 0; i < 4; i++)
    see(f, i * .1, .44f + .01f * (float)i, .5f); /* from further in, to the step */
  for (int i = 0; i < 8; i++)
    feed(f, 2, IV_TRACK_CONFIRMED, 1 + i * .1, .48f - .01f * (float)i, .5f);
  for (int i = 0; i < 8; i++)
    feed(f, 3, IV_TRACK_CONFIRMED, 5 + i * .1, .40f - .01f * (float)i, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 0);
  for (int i = 0; i < 12; i++)
    feed(f, 4, IV_TRACK_CONFIRMED, 9 + i * .1, .55f - .01f * (float)i, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_LINE_CROSSED), ==, 1);
}

/* ---- zones of a floor plan ---- */

static void plan_setup(Fixture *f, gconstpointer unused) {
  setup(f, unused);
  iv_camera_rules_free(f->rules);
  IvZone zone = square_zone();
  IvScene scene = {.version = 3,
                   .image = {1000, 1000},
                   .plan = {.width_m = 10, .height_m = 10},
                   .n_zones = 1,
                   .zones = &zone};
  IvRulesSource source = {.model_version = "scripted"};
  IvRuleLimits limits = iv_rule_limits_default();
  limits.zone_band = 0.35f;
  limits.exit_grace = 3 * IV_SECOND;
  f->rules = iv_camera_rules_new(&limits, &source, &scene);
}

/* Stands half a step beside the zone, and is measured now on this side, now on that. */
static void test_stands_at_the_edge(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (int i = 0; i < 60; i++)
    see(f, i * 0.5, i / 2 % 2 ? .61f : .58f, .5f);
  feed(f, 1, IV_TRACK_ENDED, 30, .58f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_ZONE_VISIT), ==, 0);
}

/* A vague place decides nothing at once, however far beyond the edge: an exact one does. */
static void test_vague(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 0, .7f, .5f);
  for (int i = 1; i < 5; i++) {
    IvTrackPoint there = point(1, IV_TRACK_CONFIRMED, i * 0.5, i % 2 ? .5f : .7f, .5f);
    there.doubt = 0.8f;
    iv_camera_rules_update(f->rules, &there, 1, f->events);
  }
  g_assert_cmpuint(count(f, IV_EVENT_ZONE_VISIT), ==, 0);
  IvTrackPoint out = point(1, IV_TRACK_CONFIRMED, 3, .5f, .5f);
  out.doubt = 0.1f;
  iv_camera_rules_update(f->rules, &out, 1, f->events);
  g_assert_cmpuint(count(f, IV_EVENT_ZONE_VISIT), ==, 1);
}

/* Well inside, to the edge and beyond for a moment, back, and out: one stay, from edge to edge. */
static void test_one_stay(Fixture *f, gconstpointer unused) {
  (void)unused;
  see(f, 0, .5f, .5f);
  see(f, 1, .7f, .5f);
  see(f, 10, .61f, .5f);
  see(f, 11, .59f, .5f);
  see(f, 12, .7f, .5f);
  see(f, 20, .7f, .5f);
  see(f, 21, .5f, .5f);
  g_assert_cmpuint(count(f, IV_EVENT_ZONE_VISIT), ==, 1);
  const IvEvent *visit = nth(f, IV_EVENT_ZONE_VISIT, 0);
  g_assert_cmpint(visit->ts, ==, (IvTime)0.5e6);
  g_assert_cmpint(visit->end_ts, ==, (IvTime)20.5e6);
}

#define ADD(path, test) g_test_add("/rules/camera/" path, Fixture, NULL, setup, test, teardown)

/* Tracks reach the queue rules, and a new scene ends what goes on in them. */
static void test_lane(Fixture *f, gconstpointer unused) {
  (void)unused;
  IvLane lane = {.queue = {4, {{.1f, .3f}, {.3f, .3f}, {.3f, .9f}, {.1f, .9f}}},
                 .service = {4, {{.1f, .1f}, {.3f, .1f}, {.3f, .29f}, {.1f, .29f}}}};
  IvScene scene = {.version = 4, .image = {1000, 1000}, .n_lanes = 1, .lanes = &lane};
  iv_slug_set(&lane.id, "till");
  iv_camera_rules_set_scene(f->rules, &scene, 0, f->events);
  for (int i = 0; i <= 100; i++) {
    IvTrackPoint p = point(1, IV_TRACK_CONFIRMED, i * .2, .2f, .35f);
    p.visitor = i > 50 ? iv_visitor_make(20535, 7) : 0; /* known after joining */
    iv_camera_rules_update(f->rules, &p, 1, f->events);
    iv_camera_rules_tick(f->rules, i * IV_SECOND / 5, f->events);
  }
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_JOINED), ==, 1);
  g_assert_cmpint(nth(f, IV_EVENT_QUEUE_JOINED, 0)->scene_version, ==, 4);
  g_assert_cmpuint(count(f, IV_EVENT_LANE_STATE), ==, 1);
  g_assert_cmpuint(iv_queues_now(iv_camera_rules_queues(f->rules), 0).length, ==, 1);
  scene.n_lanes = 0;
  scene.version = 5;
  iv_camera_rules_set_scene(f->rules, &scene, 20 * IV_SECOND, f->events);
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_LEFT), ==, 1);
  g_assert_cmpuint(nth(f, IV_EVENT_QUEUE_JOINED, 0)->visitor, ==, 0);
  g_assert_cmpuint(nth(f, IV_EVENT_QUEUE_LEFT, 0)->visitor, ==, iv_visitor_make(20535, 7));
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_SAMPLE), ==, 1);
  g_assert_cmpint(nth(f, IV_EVENT_QUEUE_LEFT, 0)->scene_version, ==, 4);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("crossing_in", test_crossing_in);
  ADD("visitor", test_visitor);
  ADD("jitter_counts_once", test_jitter_counts_once);
  ADD("round_the_end", test_round_the_end);
  ADD("turn_back", test_turn_back);
  ADD("pass_by", test_pass_by);
  ADD("entrant_is_no_pass_by", test_entrant_is_no_pass_by);
  ADD("zone_visit", test_zone_visit);
  ADD("short_absence_goes_on", test_short_absence_goes_on);
  ADD("tentative_never_counts", test_tentative_never_counts);
  ADD("new_scene_ends_stays", test_new_scene_ends_stays);
  ADD("lane", test_lane);
  ADD("deterministic", test_deterministic);
  ADD("lines/goes-on-as-another", test_goes_on_as_another);
  ADD("lines/somebody-else", test_somebody_else);
  ADD("lines/comes-back", test_comes_back);
  ADD("lines/other-visitor", test_other_visitor);
  ADD("lines/slow-frames", test_slow_frames);
  g_test_add("/rules/camera/doorway/in", Fixture, NULL, doorway_setup, test_comes_in, teardown);
  g_test_add("/rules/camera/doorway/out", Fixture, NULL, doorway_setup, test_goes_out, teardown);
  g_test_add("/rules/camera/doorway/not-in", Fixture, NULL, doorway_setup, test_has_not_come_in,
             teardown);
  g_test_add("/rules/camera/plan/at-the-edge", Fixture, NULL, plan_setup, test_stands_at_the_edge,
             teardown);
  g_test_add("/rules/camera/plan/vague", Fixture, NULL, plan_setup, test_vague, teardown);
  g_test_add("/rules/camera/plan/one-stay", Fixture, NULL, plan_setup, test_one_stay, teardown);
  return g_test_run();
}
