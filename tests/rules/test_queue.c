/* SPDX-License-Identifier: Apache-2.0 */
/* Scenario tests: people walk and stand by script, events are expected. The picture has 1000×1000
 * pixels and people are 100 tall, so a metre is 59 pixels, 0.059 of the picture. The line of the
 * lane "till" goes down from the head at y = 0.33; the service area is above it. */
#include "rules/queue.h"

#include <math.h>
#include <string.h>

#define HEAD .33f
#define STEP .047f /* 0.8 m: from one place in line to the next */
#define PLACE(n) (HEAD + STEP * (float)((n)-1))
#define X .2f

typedef struct {
  double t;
  float x, y;
} Stop;

/* Walks from stop to stop in straight lines; there from the first to the last. */
typedef struct {
  guint64 id;
  guint n;
  Stop stops[12];
} Actor;

typedef struct {
  IvScene scene;
  IvLane lanes[3];
  IvQueues *queues;
  GArray *events;
  double rate;  /* pictures a second */
  float height; /* of people, pixels */
  float blur;   /* places are so far off, share of the picture */
  guint n_seen;
  gboolean gone[64];
} Fixture;

static IvArea box(float x0, float y0, float x1, float y1) {
  return (IvArea){4, {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}};
}

static void begin(Fixture *f, IvTime long_wait) {
  IvRulesSource source = {.model_version = "scripted"};
  IvRuleLimits limits = iv_rule_limits_default();
  g_autoptr(GError) error = NULL;
  iv_slug_set(&source.store_id, "shop");
  iv_slug_set(&source.edge_id, "edge");
  iv_slug_set(&source.camera_id, "cam");
  if (long_wait)
    limits.long_wait = long_wait;
  iv_scene_check(&f->scene, &error);
  g_assert_no_error(error);
  f->queues = iv_queues_new(&limits, &source, &f->scene);
}

static void setup(Fixture *f, gconstpointer unused) {
  (void)unused;
  f->scene = (IvScene){.version = 3, .image = {1000, 1000}, .n_lanes = 1, .lanes = f->lanes};
  f->lanes[0] = (IvLane){.queue = box(.1f, .3f, .3f, .9f),
                         .service = box(.1f, .15f, .3f, .3f),
                         .staff = box(.35f, .15f, .45f, .3f)};
  iv_slug_set(&f->lanes[0].id, "till");
  f->events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  f->rate = 5;
  f->height = 100;
  begin(f, 0);
}

/* Two more lanes beside the first, and the line of the first for all three. */
static void make_group(Fixture *f) {
  f->scene.n_lanes = 3;
  for (guint i = 0; i < 3; i++) {
    char id[8];
    if (i > 0)
      f->lanes[i] = (IvLane){.service = box(.1f + .3f * (float)i, .15f, .3f + .3f * (float)i, .3f)};
    g_snprintf(id, sizeof id, "till%u", i + 1);
    iv_slug_set(&f->lanes[i].id, id);
    iv_slug_set(&f->lanes[i].group, "tills");
  }
  f->lanes[0].staff = (IvArea){0};
  f->lanes[2].self_checkout = TRUE;
  iv_queues_free(f->queues);
  begin(f, 0);
}

static void teardown(Fixture *f, gconstpointer unused) {
  (void)unused;
  iv_queues_free(f->queues);
  g_array_unref(f->events);
}

/* ---- running a script ---- */

static gboolean place_at(const Actor *actor, double t, IvPoint *ret_at) {
  const Stop *stops = actor->stops;
  for (guint i = 1; i < actor->n; i++) {
    if (t < stops[i - 1].t || t > stops[i].t)
      continue;
    float share = (float)((t - stops[i - 1].t) / MAX(stops[i].t - stops[i - 1].t, 1e-6));
    *ret_at = (IvPoint){stops[i - 1].x + share * (stops[i].x - stops[i - 1].x),
                        stops[i - 1].y + share * (stops[i].y - stops[i - 1].y)};
    return TRUE;
  }
  return FALSE;
}

static void see(Fixture *f, guint64 id, double t, IvPoint at) {
  const float turn = 2.4f * (float)f->n_seen++; /* every way, never twice the same */
  at.x += f->blur * cosf(turn);
  at.y += f->blur * sinf(turn);
  IvTrackPoint point = {
      .tracklet_id = id, .state = IV_TRACK_CONFIRMED, .ts = (IvTime)llround(t * 1e6), .ground = at};
  iv_queues_see(f->queues, &point, f->height, f->events);
}

static void tick(Fixture *f, double t) {
  iv_queues_tick(f->queues, (IvTime)llround(t * 1e6), f->events);
}

static void run(Fixture *f, const Actor *actors, guint n, double from, double to) {
  for (guint frame = 0; from + frame / f->rate <= to; frame++) {
    double t = from + frame / f->rate;
    for (guint i = 0; i < n; i++) {
      IvPoint at;
      if (place_at(&actors[i], t, &at))
        see(f, actors[i].id, t, at);
      else if (t > actors[i].stops[actors[i].n - 1].t && !f->gone[actors[i].id]) {
        iv_queues_end(f->queues, actors[i].id, f->events);
        f->gone[actors[i].id] = TRUE;
      }
    }
    tick(f, t);
  }
}

static guint count(const Fixture *f, IvEventKind kind) {
  guint n = 0;
  for (guint i = 0; i < f->events->len; i++)
    n += g_array_index(f->events, IvEvent, i).kind == kind;
  return n;
}

static const IvEvent *nth(const Fixture *f, IvEventKind kind, guint n) {
  for (guint i = 0; i < f->events->len; i++)
    if (g_array_index(f->events, IvEvent, i).kind == kind && n-- == 0)
      return &g_array_index(f->events, IvEvent, i);
  g_assert_not_reached();
}

static double number(const IvEvent *event, IvAttrKey key) {
  const IvAttr *attr = iv_event_attr(event, key);
  g_assert_nonnull(attr);
  return attr->number;
}

static const char *text(const IvEvent *event, IvAttrKey key) {
  const IvAttr *attr = iv_event_attr(event, key);
  return attr ? attr->text : NULL;
}

#define assert_near(value, wanted, off) g_assert_cmpfloat(fabs((double)(value) - (wanted)), <=, off)
#define assert_time(ts, wanted) assert_near((double)(ts) / 1e6, wanted, 1.0)
#define assert_counts(f, joined, waits, abandoned, left, services)                                 \
  do {                                                                                             \
    g_assert_cmpuint(count(f, IV_EVENT_QUEUE_JOINED), ==, joined);                                 \
    g_assert_cmpuint(count(f, IV_EVENT_QUEUE_WAIT), ==, waits);                                    \
    g_assert_cmpuint(count(f, IV_EVENT_QUEUE_ABANDONED), ==, abandoned);                           \
    g_assert_cmpuint(count(f, IV_EVENT_QUEUE_LEFT), ==, left);                                     \
    g_assert_cmpuint(count(f, IV_EVENT_QUEUE_SERVICE), ==, services);                              \
  } while (0)

/* Comes from below at 1.2 m/s, stands at the n-th place from `t` on. */
#define COMES(id, t, n)                                                                            \
  {(t) - (.95 - (double)PLACE(n)) / .07, X, .95f}, {                                               \
    t, X, PLACE(n)                                                                                 \
  }

/* ---- one customer ---- */

static void test_wait_and_service(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor one = {
      7, 6, {COMES(7, 20, 1), {50, X, HEAD}, {51.5, X, .22f}, {75, X, .22f}, {77, X, .02f}}};
  run(f, &one, 1, 0, 120);
  assert_counts(f, 1, 1, 0, 0, 1);
  const IvEvent *joined = nth(f, IV_EVENT_QUEUE_JOINED, 0);
  assert_time(joined->ts, 20);
  g_assert_cmpstr(joined->lane_id.text, ==, "till");
  g_assert_cmpint(joined->scene_version, ==, 3);
  g_assert_cmpfloat(number(joined, IV_ATTR_POSITION), ==, 1);
  const IvEvent *wait = nth(f, IV_EVENT_QUEUE_WAIT, 0);
  g_assert_cmpint(wait->ts, ==, joined->ts);
  g_assert_cmpuint(wait->tracklet_id, ==, 7);
  assert_time(wait->end_ts, 50.5);
  assert_near(number(wait, IV_ATTR_WAIT_S), 30.5, 1);
  g_assert_null(iv_event_attr(wait, IV_ATTR_LANE));
  const IvEvent *service = nth(f, IV_EVENT_QUEUE_SERVICE, 0);
  g_assert_cmpint(service->ts, ==, wait->end_ts);
  assert_time(service->end_ts, 75.7);
}

/* A calibrated camera needs nobody's height to tell metres. */
static void test_calibrated(Fixture *f, gconstpointer data) {
  f->height = 0;
  f->scene.has_homography = TRUE;
  f->scene.homography = (IvHomography){{16.95, 0, 0, 0, 16.95, 0, 0, 0, 1}};
  iv_queues_free(f->queues);
  begin(f, 0);
  test_wait_and_service(f, data);
}

static void test_plan(Fixture *f, gconstpointer data) {
  f->height = 0;
  f->scene.plan.width_m = f->scene.plan.height_m = 16.95;
  iv_slug_set(&f->scene.camera_id, IV_FLOOR_PLAN_ID);
  iv_queues_free(f->queues);
  begin(f, 0);
  test_wait_and_service(f, data);
}

/* At half a picture a second it is the same, but for the times. */
static void test_slow_camera(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor one = {
      7, 6, {COMES(7, 20, 1), {50, X, HEAD}, {51.5, X, .22f}, {75, X, .22f}, {77, X, .02f}}};
  f->rate = .5;
  run(f, &one, 1, 0, 120);
  assert_counts(f, 1, 1, 0, 0, 1);
  assert_near(number(nth(f, IV_EVENT_QUEUE_WAIT, 0), IV_ATTR_WAIT_S), 30.5, 4);
}

/* Stands in line for hardly 5 s; the way to the till does not count for those 5 s, but the wait
 * goes on to the start of the service. */
static void test_short_wait(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor one = {
      7, 6, {COMES(7, 20, 1), {25.6, X, HEAD}, {27.3, X, .22f}, {45, X, .22f}, {48, X, .02f}}};
  Actor shorter = {
      8, 6, {COMES(8, 60, 1), {64.4, X, HEAD}, {66.5, X, .22f}, {75, X, .22f}, {78, X, .02f}}};
  Actor actors[] = {one, shorter};
  run(f, actors, 2, 0, 120);
  assert_counts(f, 1, 1, 0, 0, 2);
  assert_time(nth(f, IV_EVENT_QUEUE_WAIT, 0)->ts, 20);
  assert_near(number(nth(f, IV_EVENT_QUEUE_WAIT, 0), IV_ATTR_WAIT_S), 6.3, 1);
}

/* Twice a second. One moves up in the fifth second and is still in the area at its end, another has
 * left the area by then: nobody sees when they were called. */
static void test_fifth_second(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor inside = {7,
                  7,
                  {COMES(7, 20, 2),
                   {24, X, PLACE(2)},
                   {25, X, HEAD},
                   {26.5, X, .22f},
                   {45, X, .22f},
                   {48, X, .02f}}};
  Actor outside = {
      8, 6, {COMES(8, 60, 1), {64.5, X, HEAD}, {65, X, .28f}, {75, X, .22f}, {78, X, .02f}}};
  Actor actors[] = {inside, outside};
  f->rate = 2;
  run(f, actors, 2, 0, 120);
  assert_counts(f, 1, 1, 0, 0, 2);
  g_assert_cmpuint(nth(f, IV_EVENT_QUEUE_JOINED, 0)->tracklet_id, ==, 7);
}

static void test_no_queue_no_wait(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor direct = {1, 4, {{0, X, .95f}, {10.4, X, .22f}, {40, X, .22f}, {43, X, .02f}}};
  run(f, &direct, 1, 0, 60);
  assert_counts(f, 0, 0, 0, 0, 1);
}

/* ---- people who only walk ---- */

static void test_walk_through(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor across = {1, 2, {{1, .02f, .6f}, {11, .7f, .6f}}};
  Actor past_service = {2, 2, {{1, .02f, .22f}, {11, .7f, .22f}}};
  Actor actors[] = {across, past_service};
  run(f, actors, 2, 0, 60);
  assert_counts(f, 0, 0, 0, 0, 0);
}

/* Past a line of three, half a metre beside it and along its whole length. */
static void test_walk_along(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor actors[] = {{1, 3, {COMES(1, 12, 1), {100, X, PLACE(1)}}},
                    {2, 3, {COMES(2, 14, 2), {100, X, PLACE(2)}}},
                    {3, 3, {COMES(3, 16, 3), {100, X, PLACE(3)}}},
                    {4, 3, {{40, X + .03f, .95f}, {51, X + .03f, .31f}, {54, .6f, .31f}}}};
  run(f, actors, 4, 0, 90);
  assert_counts(f, 3, 0, 0, 0, 0);
  g_assert_cmpuint(iv_queues_now(f->queues, 0).length, ==, 3);
}

/* Down beside the line to where its end was, round, and up to where it is now: whoever turns gets
 * nowhere for a moment, but does not stand. */
static const Actor turner = {
    7,
    5,
    {{0, .095f, .74f}, {10, .095f, .40f}, {12, .15f, .46f}, {40, .15f, .46f}, {44, .15f, .95f}}};

static void test_turns_round(Fixture *f, gconstpointer unused) {
  (void)unused;
  f->rate = 2;
  run(f, &turner, 1, 0, 70);
  assert_counts(f, 1, 0, 1, 0, 0);
  g_assert_cmpint(nth(f, IV_EVENT_QUEUE_JOINED, 0)->ts, ==, 12 * IV_SECOND);
}

/* The same in a picture, every place some centimetres off. */
static void test_turns_round_blurred(Fixture *f, gconstpointer unused) {
  (void)unused;
  f->blur = .003f;
  run(f, &turner, 1, 0, 70);
  assert_counts(f, 1, 0, 1, 0, 0);
  assert_near((double)nth(f, IV_EVENT_QUEUE_JOINED, 0)->ts / 1e6, 12, .5);
}

/* ---- a line ---- */

/* Three come one after another; the line moves up as each is served. */
static void test_line_moves_up(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor actors[] = {
      {1, 6, {COMES(1, 12, 1), {30, X, HEAD}, {31.5, X, .22f}, {60, X, .22f}, {63, X, .02f}}},
      {2,
       8,
       {COMES(2, 18, 2),
        {31, X, PLACE(2)},
        {32.5, X, PLACE(1)},
        {63, X, PLACE(1)},
        {64.5, X, .22f},
        {90, X, .22f},
        {93, X, .02f}}},
      {3,
       10,
       {COMES(3, 24, 3),
        {32, X, PLACE(3)},
        {33.5, X, PLACE(2)},
        {64, X, PLACE(2)},
        {65.5, X, PLACE(1)},
        {93, X, PLACE(1)},
        {94.5, X, .22f},
        {120, X, .22f},
        {123, X, .02f}}}};
  run(f, actors, 3, 0, 180);
  assert_counts(f, 3, 3, 0, 0, 3);
  for (guint i = 0; i < 3; i++) {
    const IvEvent *joined = nth(f, IV_EVENT_QUEUE_JOINED, i);
    g_assert_cmpuint(joined->tracklet_id, ==, i + 1);
    g_assert_cmpfloat(number(joined, IV_ATTR_POSITION), ==, i + 1);
    assert_time(joined->ts, 12. + 6 * i);
  }
  assert_near(number(nth(f, IV_EVENT_QUEUE_WAIT, 0), IV_ATTR_WAIT_S), 18.5, 1.5);
  assert_near(number(nth(f, IV_EVENT_QUEUE_WAIT, 1), IV_ATTR_WAIT_S), 45.5, 1.5);
  assert_near(number(nth(f, IV_EVENT_QUEUE_WAIT, 2), IV_ATTR_WAIT_S), 69.5, 1.5);
}

/* Comes from the side to the second place, between two who stand there. */
static void test_joins_from_the_side(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor actors[] = {{1, 3, {COMES(1, 12, 1), {80, X, PLACE(1)}}},
                    {2, 3, {COMES(2, 16, 3), {80, X, PLACE(3)}}},
                    {3, 3, {{30, .6f, PLACE(2)}, {36, X, PLACE(2)}, {80, X, PLACE(2)}}}};
  run(f, actors, 3, 0, 80);
  assert_counts(f, 3, 0, 0, 0, 0);
  const IvEvent *side = nth(f, IV_EVENT_QUEUE_JOINED, 2);
  g_assert_cmpuint(side->tracklet_id, ==, 3);
  g_assert_cmpfloat(number(side, IV_ATTR_POSITION), ==, 2);
  assert_time(side->ts, 36);
}

/* A line that bends: first along the counter, then down. Who stands last is near the till. */
static void test_bent_line(Fixture *f, gconstpointer unused) {
  (void)unused;
  IvLane *lane = &f->lanes[0];
  lane->queue = box(.1f, .3f, .9f, .9f);
  lane->n_path = 3;
  lane->path[0] = (IvPoint){.8f, .35f};
  lane->path[1] = (IvPoint){.8f, .8f};
  lane->path[2] = (IvPoint){.15f, .8f};
  lane->service = box(.1f, .15f, .9f, .3f);
  iv_queues_free(f->queues);
  begin(f, 0);
  Actor actors[] = {{1, 3, {{0, .8f, .95f}, {9, .8f, .4f}, {80, .8f, .4f}}},
                    {2, 3, {{10, .5f, .95f}, {13, .5f, .8f}, {80, .5f, .8f}}},
                    {3, 3, {{20, .2f, .95f}, {23, .2f, .8f}, {80, .2f, .8f}}},
                    {4, 3, {{30, .98f, .6f}, {34, .8f, .6f}, {80, .8f, .6f}}}};
  run(f, actors, 4, 0, 80);
  assert_counts(f, 4, 0, 0, 0, 0);
  g_assert_cmpfloat(number(nth(f, IV_EVENT_QUEUE_JOINED, 2), IV_ATTR_POSITION), ==, 3);
  g_assert_cmpfloat(number(nth(f, IV_EVENT_QUEUE_JOINED, 3), IV_ATTR_POSITION), ==, 2);
}

/* ---- leaving ---- */

static void test_abandons(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor actors[] = {{1, 4, {COMES(1, 12, 1), {60, X, PLACE(1)}, {66, .7f, PLACE(1)}}},
                    {2, 4, {COMES(2, 14, 2), {21, X, PLACE(2)}, {27, .7f, PLACE(2)}}}};
  run(f, actors, 2, 0, 120);
  assert_counts(f, 2, 0, 1, 1, 0);
  const IvEvent *abandoned = nth(f, IV_EVENT_QUEUE_ABANDONED, 0);
  g_assert_cmpuint(abandoned->tracklet_id, ==, 1);
  assert_time(abandoned->ts, 12);
  assert_time(abandoned->end_ts, 60);
  g_assert_cmpuint(nth(f, IV_EVENT_QUEUE_LEFT, 0)->tracklet_id, ==, 2);
}

/* A step out of the area and back is no abandonment. */
static void test_steps_aside(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor one = {
      1, 6, {COMES(1, 12, 1), {40, X, HEAD}, {43, .34f, HEAD}, {52, .34f, HEAD}, {55, X, HEAD}}};
  Actor rest = {1, 4, {{55, X, HEAD}, {70, X, HEAD}, {71.5, X, .22f}, {90, X, .22f}}};
  run(f, &one, 1, 0, 55);
  f->gone[1] = FALSE;
  run(f, &rest, 1, 55.2, 90);
  assert_counts(f, 1, 1, 0, 0, 0);
  assert_near(number(nth(f, IV_EVENT_QUEUE_WAIT, 0), IV_ATTR_WAIT_S), 58.5, 1);
}

/* ---- tracks that break ---- */

static void test_lost_and_found(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor actors[] = {{1, 3, {COMES(1, 12, 1), {30, X, PLACE(1)}}},
                    {2, 4, {{42, X + .02f, HEAD}, {60, X, HEAD}, {61.5, X, .22f}, {80, X, .22f}}}};
  run(f, actors, 2, 0, 80);
  assert_counts(f, 1, 1, 0, 0, 0);
  const IvEvent *wait = nth(f, IV_EVENT_QUEUE_WAIT, 0);
  g_assert_cmpuint(wait->tracklet_id, ==, 1);
  assert_near(number(wait, IV_ATTR_WAIT_S), 48.5, 1);
}

/* Lost on the way to the till, found there: one service, one wait. */
static void test_lost_on_the_way(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor actors[] = {{1, 4, {COMES(1, 12, 1), {30, X, HEAD}, {30.6, X, .31f}}},
                    {2, 3, {{33, X, .22f}, {50, X, .22f}, {53, X, .02f}}}};
  run(f, actors, 2, 0, 100);
  assert_counts(f, 1, 1, 0, 0, 1);
  assert_time(nth(f, IV_EVENT_QUEUE_WAIT, 0)->end_ts, 33);
}

static void test_lost_for_good(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor one = {1, 3, {COMES(1, 12, 1), {40, X, PLACE(1)}}};
  run(f, &one, 1, 0, 65);
  assert_counts(f, 1, 0, 0, 0, 0);
  run(f, &one, 1, 65.2, 80);
  assert_counts(f, 1, 0, 0, 1, 0);
  const IvEvent *left = nth(f, IV_EVENT_QUEUE_LEFT, 0);
  g_assert_cmpstr(text(left, IV_ATTR_REASON), ==, "lost from sight");
  assert_time(left->end_ts, 40);
}

/* Track 1 waits; track 2 walks by; they swap: 1 walks on, 2 stands where 1 stood. */
static void test_swap(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor actors[] = {{1, 4, {COMES(1, 12, 1), {40, X, HEAD}, {46, .7f, HEAD}}},
                    {2,
                     6,
                     {{36, .02f, HEAD},
                      {40, X, HEAD},
                      {60, X, HEAD},
                      {61.5, X, .22f},
                      {80, X, .22f},
                      {83, X, .02f}}}};
  run(f, actors, 2, 0, 100);
  assert_counts(f, 1, 1, 0, 0, 1);
  assert_near(number(nth(f, IV_EVENT_QUEUE_WAIT, 0), IV_ATTR_WAIT_S), 48.5, 1);
}

/* The same where tracks are known to be people: one gave up, another came. */
static void test_no_swap(Fixture *f, gconstpointer unused) {
  (void)unused;
  IvRulesSource source = {.model_version = "scripted"};
  IvRuleLimits limits = iv_rule_limits_default();
  limits.people_known = TRUE;
  iv_queues_free(f->queues);
  f->queues = iv_queues_new(&limits, &source, &f->scene);
  Actor actors[] = {
      {1, 4, {COMES(1, 12, 1), {40, X, HEAD}, {46, .7f, HEAD}}},
      {2, 5, {{36, .02f, HEAD}, {40, X, HEAD}, {60, X, HEAD}, {61.5, X, .22f}, {80, X, .22f}}}};
  run(f, actors, 2, 0, 100);
  assert_counts(f, 2, 1, 1, 0, 1);
  g_assert_cmpuint(nth(f, IV_EVENT_QUEUE_ABANDONED, 0)->tracklet_id, ==, 1);
  g_assert_cmpuint(nth(f, IV_EVENT_QUEUE_WAIT, 0)->tracklet_id, ==, 2);
}

/* Two who wait swap their tracks: nothing is to be seen of it. */
static void test_swap_in_line(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor actors[] = {
      {1, 4, {COMES(1, 12, 1), {40, X, PLACE(1)}, {40.2, X, PLACE(2)}}},
      {2, 4, {COMES(2, 16, 2), {40, X, PLACE(2)}, {40.2, X, PLACE(1)}}},
  };
  actors[0].stops[actors[0].n++] = (Stop){60, X, PLACE(2)};
  actors[1].stops[actors[1].n++] = (Stop){60, X, PLACE(1)};
  run(f, actors, 2, 0, 60);
  assert_counts(f, 2, 0, 0, 0, 0);
  g_assert_cmpuint(iv_queues_now(f->queues, 0).length, ==, 2);
}

/* ---- the clock ---- */

static void test_gap(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor before = {1, 3, {COMES(1, 12, 1), {40, X, HEAD}}};
  Actor after = {2, 4, {{58, X, HEAD}, {70, X, HEAD}, {71.5, X, .22f}, {80, X, .22f}}};
  run(f, &before, 1, 0, 40);
  iv_queues_end(f->queues, 1, f->events);
  run(f, &after, 1, 58, 80);
  iv_queues_finish(f->queues, "over", f->events);
  assert_counts(f, 1, 1, 0, 0, 1);
  double looked = 0;
  for (guint i = 0; i < count(f, IV_EVENT_QUEUE_SAMPLE); i++)
    looked += number(nth(f, IV_EVENT_QUEUE_SAMPLE, i), IV_ATTR_N);
  g_assert_cmpfloat(looked, ==, 40 + 22); /* the 18 s between count for nothing */
}

static void test_clock_set_back(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor late = {1, 3, {{1000, X, .95f}, {1010, X, HEAD}, {1040, X, HEAD}}};
  Actor early = {2, 3, {COMES(2, 20, 1), {40, X, HEAD}}};
  run(f, &late, 1, 1000, 1040);
  tick(f, 1038); /* a little is nothing */
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_LEFT), ==, 0);
  run(f, &early, 1, 0, 40);
  assert_counts(f, 2, 0, 0, 1, 0);
  g_assert_cmpuint(iv_queues_now(f->queues, 0).length, ==, 1);
}

/* ---- lanes ---- */

/* A couple is two in line, and one customer at the till. */
static void test_couple(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor actors[] = {
      {1, 6, {COMES(1, 12, 1), {40, X, HEAD}, {41.5, X, .22f}, {60, X, .22f}, {62, .6f, .1f}}},
      {2,
       6,
       {COMES(2, 12.4, 2),
        {40.4, X, PLACE(2)},
        {42.4, .22f, .24f},
        {60, .22f, .24f},
        {62, .62f, .1f}}}};
  run(f, actors, 2, 0, 90);
  assert_counts(f, 2, 2, 0, 0, 1);
}

static void test_group(Fixture *f, gconstpointer unused) {
  (void)unused;
  make_group(f);
  Actor actors[] = {
      {1, 5, {COMES(1, 12, 1), {30, X, HEAD}, {31.5, X, .22f}, {80, X, .22f}}},
      {2,
       6,
       {COMES(2, 18, 2), {33, X, PLACE(2)}, {44, .5f, .22f}, {70, .5f, .22f}, {72, .5f, .02f}}}};
  run(f, actors, 2, 0, 79);
  assert_counts(f, 2, 2, 0, 0, 1);
  g_assert_cmpuint(iv_queues_n(f->queues), ==, 1);
  g_assert_cmpstr(nth(f, IV_EVENT_QUEUE_JOINED, 0)->lane_id.text, ==, "tills");
  g_assert_cmpstr(text(nth(f, IV_EVENT_QUEUE_WAIT, 0), IV_ATTR_LANE), ==, "till1");
  g_assert_cmpstr(text(nth(f, IV_EVENT_QUEUE_WAIT, 1), IV_ATTR_LANE), ==, "till2");
  g_assert_cmpstr(nth(f, IV_EVENT_QUEUE_SERVICE, 0)->lane_id.text, ==, "till2");
  IvLaneNow first = iv_queues_lane_now(f->queues, 0), third = iv_queues_lane_now(f->queues, 2);
  g_assert_true(first.open && first.serving);
  g_assert_true(third.open && !third.serving);
  g_assert_cmpstr(third.queue.text, ==, "tills");
}

static void test_lane_states(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor customer = {1, 4, {{10, X, .95f}, {20.4, X, .22f}, {40, X, .22f}, {43, X, .02f}}};
  run(f, &customer, 1, 0, 400);
  g_assert_cmpuint(count(f, IV_EVENT_LANE_STATE), ==, 3);
  g_assert_cmpstr(text(nth(f, IV_EVENT_LANE_STATE, 0), IV_ATTR_STATE), ==, "closed");
  assert_time(nth(f, IV_EVENT_LANE_STATE, 1)->ts, 22);
  g_assert_cmpstr(text(nth(f, IV_EVENT_LANE_STATE, 2), IV_ATTR_STATE), ==, "closed");
  assert_time(nth(f, IV_EVENT_LANE_STATE, 2)->ts, 220.8);
  g_array_set_size(f->events, 0);
  Actor staff = {2, 3, {{401, .6f, .2f}, {403, .4f, .2f}, {500, .4f, .2f}}};
  run(f, &staff, 1, 401, 480);
  g_assert_cmpuint(count(f, IV_EVENT_LANE_STATE), ==, 1);
  g_assert_true(iv_queues_lane_now(f->queues, 0).open);
  assert_counts(f, 0, 0, 0, 0, 0);
}

/* Whether somebody stays is known late: the seconds are those of being there all the same. */
static void test_open_seconds(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor staff = {2, 2, {{30, .4f, .2f}, {140, .4f, .2f}}};
  run(f, &staff, 1, 0, 300);
  double open = 0;
  for (guint i = 0; i < count(f, IV_EVENT_QUEUE_SAMPLE); i++)
    open += number(nth(f, IV_EVENT_QUEUE_SAMPLE, i), IV_ATTR_OPEN_S);
  g_assert_cmpfloat(open, ==, 110);
}

static void test_staff_walks_past(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor staff = {2, 2, {{1, .6f, .2f}, {10, .31f, .2f}}};
  run(f, &staff, 1, 0, 40);
  g_assert_cmpuint(count(f, IV_EVENT_LANE_STATE), ==, 1);
}

/* The cashier who comes round the counter is no customer. */
static void test_staff_at_the_till(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor staff = {2, 4, {{1, .4f, .2f}, {20, .4f, .2f}, {24, X, .22f}, {60, X, .22f}}};
  run(f, &staff, 1, 0, 60);
  assert_counts(f, 0, 0, 0, 0, 0);
}

/* ---- samples ---- */

/* The join is known 5 s late and the end seconds late: samples hold the true seconds all the same.
 */
static void test_samples(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor one = {
      7, 6, {COMES(7, 20, 1), {50, X, HEAD}, {51.5, X, .22f}, {75, X, .22f}, {77, X, .02f}}};
  run(f, &one, 1, 0, 159);
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_SAMPLE), ==, 1); /* minute 0 can't change any more */
  run(f, &one, 1, 159.2, 180);
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_SAMPLE), ==, 2);
  const IvEvent *sample = nth(f, IV_EVENT_QUEUE_SAMPLE, 0);
  const IvEvent *wait = nth(f, IV_EVENT_QUEUE_WAIT, 0);
  g_assert_cmpint(sample->ts, ==, IV_SECOND); /* the first whole second after the start */
  g_assert_cmpint(sample->end_ts, ==, IV_MINUTE);
  g_assert_cmpfloat(number(sample, IV_ATTR_N), ==, 59);
  g_assert_cmpfloat(number(sample, IV_ATTR_SUM), ==,
                    floor((double)(wait->end_ts - 1) / 1e6) - ceil((double)wait->ts / 1e6) + 1);
  g_assert_cmpfloat(number(sample, IV_ATTR_MAX), ==, 1);
  g_assert_cmpfloat(number(nth(f, IV_EVENT_QUEUE_SAMPLE, 1), IV_ATTR_N), ==, 60);
  g_assert_cmpfloat(number(nth(f, IV_EVENT_QUEUE_SAMPLE, 1), IV_ATTR_OPEN_S), ==, 60);
}

static void test_group_samples(Fixture *f, gconstpointer unused) {
  (void)unused;
  make_group(f);
  run(f, NULL, 0, 0, 100);
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_SAMPLE), ==, 4);
  const IvEvent *lane = nth(f, IV_EVENT_QUEUE_SAMPLE, 2), *group = nth(f, IV_EVENT_QUEUE_SAMPLE, 3);
  g_assert_cmpstr(lane->lane_id.text, ==, "till3");
  g_assert_null(iv_event_attr(lane, IV_ATTR_SUM));
  g_assert_cmpfloat(number(lane, IV_ATTR_OPEN_S), >=, 58);
  g_assert_cmpstr(group->lane_id.text, ==, "tills");
  g_assert_cmpfloat(number(group, IV_ATTR_SUM), ==, 0);
}

/* ---- long queues ---- */

static void test_long(Fixture *f, gconstpointer unused) {
  (void)unused;
  iv_queues_free(f->queues);
  begin(f, IV_MINUTE);
  Actor one = {1, 5, {COMES(1, 10, 1), {200, X, HEAD}, {201.5, X, .22f}, {230, X, .22f}}};
  run(f, &one, 1, 0, 90);
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_LONG_STARTED), ==, 0);
  run(f, &one, 1, 90.2, 110);
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_LONG_STARTED), ==, 1);
  g_assert_true(iv_queues_now(f->queues, 0).is_long);
  run(f, &one, 1, 110.2, 230);
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_LONG), ==, 1);
  const IvEvent *started = nth(f, IV_EVENT_QUEUE_LONG_STARTED, 0);
  const IvEvent *over = nth(f, IV_EVENT_QUEUE_LONG, 0);
  g_assert_cmpint(over->ts, ==, started->ts);
  assert_time(over->ts, 70);
  assert_near((double)over->end_ts / 1e6, 203, 2);
  assert_near(number(over, IV_ATTR_WAIT_S), 193, 3);
  g_assert_false(iv_queues_now(f->queues, 0).is_long);
}

/* Nobody has waited long yet, but five do and each takes a minute. */
static void test_estimate(Fixture *f, gconstpointer unused) {
  (void)unused;
  iv_queues_free(f->queues);
  begin(f, 3 * IV_MINUTE);
  Actor served = {1, 4, {{0, X, .95f}, {10.4, X, .22f}, {70, X, .22f}, {73, X, .02f}}};
  g_assert_true(isnan(iv_queues_now(f->queues, 0).estimated_s));
  run(f, &served, 1, 0, 80);
  Actor actors[5];
  for (guint i = 0; i < 5; i++)
    actors[i] = (Actor){i + 2, 3, {COMES(i + 2, 95 + i, i + 1), {180, X, PLACE(i + 1)}}};
  run(f, actors, 5, 80.2, 150);
  assert_near(iv_queues_now(f->queues, 0).estimated_s, 5 * 61, 10);
  g_assert_cmpint(iv_queues_now(f->queues, 0).present_wait, <, IV_MINUTE);
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_LONG_STARTED), ==, 1);
  g_assert_cmpstr(text(nth(f, IV_EVENT_QUEUE_LONG_STARTED, 0), IV_ATTR_REASON), ==,
                  "estimated wait");
}

/* ---- the end ---- */

static void test_finish(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor actors[] = {{1, 3, {COMES(1, 12, 1), {60, X, HEAD}}},
                    {2, 3, {{0, X, .95f}, {10.4, X, .22f}, {60, X, .22f}}}};
  run(f, actors, 2, 0, 50);
  iv_queues_finish(f->queues, "the program was stopped", f->events);
  assert_counts(f, 1, 0, 0, 1, 1);
  g_assert_cmpstr(text(nth(f, IV_EVENT_QUEUE_LEFT, 0), IV_ATTR_REASON), ==,
                  "the program was stopped");
  g_assert_cmpuint(count(f, IV_EVENT_QUEUE_SAMPLE), ==, 1);
  g_assert_cmpuint(iv_queues_now(f->queues, 0).length, ==, 0);
}

/* The same points give the same events, with the same ids; no two events have the same. */
static void test_replay(Fixture *f, gconstpointer unused) {
  (void)unused;
  Actor actors[] = {
      {1, 6, {COMES(1, 12, 1), {30, X, HEAD}, {31.5, X, .22f}, {60, X, .22f}, {63, X, .02f}}},
      {2, 4, {COMES(2, 18, 2), {60, X, PLACE(2)}, {66, .7f, PLACE(2)}}}};
  run(f, actors, 2, 0, 200);
  g_autoptr(GArray) first = g_array_copy(f->events);
  iv_queues_free(f->queues);
  g_array_set_size(f->events, 0);
  memset(f->gone, 0, sizeof f->gone);
  begin(f, 0);
  run(f, actors, 2, 0, 200);
  g_assert_cmpuint(f->events->len, ==, first->len);
  g_assert_cmpuint(first->len, >, 6);
  for (guint i = 0; i < first->len; i++) {
    const IvEvent *a = &g_array_index(first, IvEvent, i);
    g_assert_cmpmem(a, sizeof *a, &g_array_index(f->events, IvEvent, i), sizeof *a);
    for (guint k = 0; k < i; k++)
      g_assert_cmpint(memcmp(&a->id, &g_array_index(first, IvEvent, k).id, sizeof a->id), !=, 0);
  }
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    void (*run)(Fixture *f, gconstpointer unused);
  } tests[] = {
      {"wait-and-service", test_wait_and_service},
      {"calibrated", test_calibrated},
      {"plan", test_plan},
      {"slow-camera", test_slow_camera},
      {"short-wait", test_short_wait},
      {"fifth-second", test_fifth_second},
      {"no-queue-no-wait", test_no_queue_no_wait},
      {"walk-through", test_walk_through},
      {"walk-along", test_walk_along},
      {"turns-round", test_turns_round},
      {"turns-round-blurred", test_turns_round_blurred},
      {"line-moves-up", test_line_moves_up},
      {"joins-from-the-side", test_joins_from_the_side},
      {"bent-line", test_bent_line},
      {"abandons", test_abandons},
      {"steps-aside", test_steps_aside},
      {"lost-and-found", test_lost_and_found},
      {"lost-on-the-way", test_lost_on_the_way},
      {"lost-for-good", test_lost_for_good},
      {"swap", test_swap},
      {"no-swap", test_no_swap},
      {"swap-in-line", test_swap_in_line},
      {"gap", test_gap},
      {"clock-set-back", test_clock_set_back},
      {"couple", test_couple},
      {"group", test_group},
      {"lane-states", test_lane_states},
      {"open-seconds", test_open_seconds},
      {"staff-walks-past", test_staff_walks_past},
      {"staff-at-the-till", test_staff_at_the_till},
      {"samples", test_samples},
      {"group-samples", test_group_samples},
      {"long", test_long},
      {"estimate", test_estimate},
      {"finish", test_finish},
      {"replay", test_replay},
  };
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strdup_printf("/rules/queue/%s", tests[i].name);
    g_test_add(path, Fixture, NULL, setup, tests[i].run, teardown);
  }
  return g_test_run();
}
