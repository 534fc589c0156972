/* SPDX-License-Identifier: Apache-2.0 */
/* Visits of the store, as stories: what the cameras tell, in which order, and what follows. */
#include "rules/visits.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DAY 20535 /* 2026-03-23 */

static const char *const words[] = {"in",   "out",    "in-b", "out-b", "back",    "street",
                                    "stay", "linger", "see",  "tick",  "day-end", "end"};
typedef enum {
  IN,      /* by door a */
  OUT,     /* by door a */
  IN_B,    /* by door b */
  OUT_B,   /* by door b */
  BACK,    /* out by door a; the camera tells that it is a turn-back */
  STREET,  /* in over the pass-by line of door a */
  STAY,    /* at the shelf until t, for `length` */
  LINGER,  /* in the lobby, likewise */
  SEE,     /* only seen */
  TICK,    /* only the time */
  DAY_END, /* the quiet hour */
  END,     /* the program stops */
} What;

typedef struct {
  double t; /* s */
  What what;
  guint32 who;   /* 0 = not known */
  double length; /* s */
} Step;

typedef struct {
  IvVisits *visits;
  GArray *events;
  double now;
} Fixture;

static IvLine entrance(const char *id, IvLineKind kind) {
  IvLine line = {.kind = kind, .a = {.1f, .5f}, .b = {.9f, .5f}};
  iv_slug_set(&line.id, id);
  return line;
}

static IvZone zone_of(const char *id, IvZoneKind kind) {
  IvZone zone = {.kind = kind, .n_points = 3, .polygon = {{0, 0}, {1, 0}, {0, 1}}};
  iv_slug_set(&zone.id, id);
  return zone;
}

static void setup(Fixture *f) {
  IvVisitLimits limits = iv_visit_limits_default();
  IvLine lines[] = {entrance("door", IV_LINE_ENTRANCE), entrance("street", IV_LINE_PASS_BY)};
  IvZone zones[] = {zone_of("shelf", IV_ZONE_PRODUCT), zone_of("lobby", IV_ZONE_ENTRANCE)};
  IvScene scene = {.version = 3,
                   .image = {100, 100},
                   .n_lines = 2,
                   .lines = lines,
                   .n_zones = 2,
                   .zones = zones};
  *f = (Fixture){iv_visits_new(&limits), g_array_new(FALSE, FALSE, sizeof(IvEvent)), -1e9};
  iv_slug_set(&scene.camera_id, "a");
  iv_visits_set_scene(f->visits, &scene);
  scene.n_zones = 0;
  iv_slug_set(&scene.camera_id, "b");
  iv_visits_set_scene(f->visits, &scene);
}

static void teardown(Fixture *f) {
  iv_visits_free(f->visits);
  g_array_unref(f->events);
}

static IvTime us(double t) {
  return (IvTime)llround(t * 1e6);
}

static IvEvent begin(IvEventKind kind, const char *camera, double t, guint32 who) {
  IvEvent event;
  iv_event_init(&event, kind, us(t));
  iv_slug_set(&event.store_id, "shop");
  iv_slug_set(&event.edge_id, "edge");
  iv_slug_set(&event.camera_id, camera);
  event.tracklet_id = 1000 + who;
  event.scene_version = 3;
  event.visitor = who ? iv_visitor_make(DAY, who) : 0;
  return event;
}

static IvEvent crossing(const Step *s) {
  gboolean b = s->what == IN_B || s->what == OUT_B;
  gboolean in = s->what == IN || s->what == IN_B || s->what == STREET;
  IvEvent event = begin(IV_EVENT_LINE_CROSSED, b ? "b" : "a", s->t, s->who);
  iv_slug_set(&event.line_id, s->what == STREET ? "street" : "door");
  iv_event_set_text(&event, IV_ATTR_DIRECTION, in ? "in" : "out");
  if (s->what == BACK)
    iv_event_set_flag(&event, IV_ATTR_TURN_BACK, TRUE);
  return event;
}

static IvEvent stay(const Step *s) {
  IvEvent event = begin(IV_EVENT_ZONE_VISIT, "a", s->t - s->length, s->who);
  event.end_ts = us(s->t);
  iv_slug_set(&event.zone_id, s->what == STAY ? "shelf" : "lobby");
  return event;
}

/* Time passes second by second, as it does in the program. */
static void pass(Fixture *f, double until) {
  for (double t = MAX(f->now + 1, 0); t < until; t++)
    iv_visits_tick(f->visits, us(t), f->events);
  f->now = MAX(f->now, until);
  iv_visits_tick(f->visits, us(f->now), f->events);
}

static void act(Fixture *f, const Step *s) {
  IvEvent event;
  switch (s->what) {
  case TICK:
    pass(f, s->t);
    return;
  case SEE:
    iv_visits_see(f->visits, iv_visitor_make(DAY, s->who), us(s->t));
    return;
  case DAY_END:
    iv_visits_end_day(f->visits, f->events);
    return;
  case END:
    iv_visits_finish(f->visits, f->events);
    return;
  case STAY:
  case LINGER:
    event = stay(s);
    break;
  default:
    event = crossing(s);
    break;
  }
  iv_visits_take(f->visits, &event);
}

static void act_all(Fixture *f, const char *text) {
  g_auto(GStrv) steps = g_strsplit(text, ", ", -1);
  for (guint i = 0; steps[i]; i++) {
    char what[16] = "";
    Step s = {0};
    guint w = 0;
    g_assert_cmpint(sscanf(steps[i], "%lf %15s %u %lf", &s.t, what, &s.who, &s.length), >=, 2);
    while (w < G_N_ELEMENTS(words) && strcmp(words[w], what) != 0)
      w++;
    g_assert_cmpuint(w, <, G_N_ELEMENTS(words));
    s.what = (What)w;
    act(f, &s);
  }
}

/* "started 0", "reentered 900 away 800", "turned_back 0", "closed 0-950 150 s 2 ways engaged";
 * "#2" before it where it is not visitor 1. */
static void put(GString *text, const IvEvent *event) {
  if (text->len > 0)
    g_string_append(text, "; ");
  if (iv_visitor_number(event->visitor) != 1)
    g_string_append_printf(text, "#%u ", iv_visitor_number(event->visitor));
  g_string_append_printf(text, "%s %g", event->kind_name + strlen("visit."),
                         (double)event->ts / 1e6);
  if (event->kind == IV_EVENT_VISIT_REENTERED)
    g_string_append_printf(text, " away %g", iv_event_attr(event, IV_ATTR_AWAY_S)->number);
  if (event->kind != IV_EVENT_VISIT_CLOSED)
    return;
  g_string_append_printf(text, "-%g %g s %g ways%s%s", (double)event->end_ts / 1e6,
                         iv_event_attr(event, IV_ATTR_DURATION_S)->number,
                         iv_event_attr(event, IV_ATTR_ENTRIES)->number,
                         iv_event_attr(event, IV_ATTR_ENGAGED)->flag ? " engaged" : "",
                         iv_event_attr(event, IV_ATTR_CUT) ? " cut" : "");
}

static char *told(const GArray *events) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < events->len; i++)
    put(text, &g_array_index(events, IvEvent, i));
  return g_string_free(text, FALSE);
}

typedef struct {
  const char *name;
  const char *steps; /* "seconds what visitor length, ..." */
  const char *told;
} Story;

static const Story stories[] = {
    {"in-and-out", "0 in 1, 300 out 1, 3600 tick", "started 0; closed 0-300 300 s 1 ways"},
    {"told-when-it-is-no-turn-back", "100 in 1, 111.9 tick", ""},
    {"told-when-it-is-no-turn-back-2", "100 in 1, 112 tick", "started 100"},
    /* in, out, back within 15 min, out; back after 20 min */
    {"comes-back", "0 in 1, 100 out 1, 900 in 1, 950 out 1, 2150 in 1, 2200 out 1, 4000 tick",
     "started 0; reentered 900 away 800; closed 0-950 150 s 2 ways; started 2150; "
     "closed 2150-2200 50 s 1 ways"},
    {"back-after-just-15-min", "0 in 1, 100 out 1, 1000 in 1, 1020 tick",
     "started 0; reentered 1000 away 900"},
    {"back-after-more-than-15-min", "0 in 1, 100 out 1, 1000.5 in 1, 1020 tick",
     "started 0; closed 0-100 100 s 1 ways; started 1000.5"},
    {"closed-no-earlier", "0 in 1, 100 out 1, 1010 tick", "started 0"},
    {"turns-back", "0 in 1, 1.5 back 1, 3600 tick", ""},
    {"turns-back-at-2-s", "0 in 1, 2 back 1, 3600 tick", ""},
    {"does-not-turn-back", "0 in 1, 2.1 out 1, 3600 tick", "started 0; closed 0-2.1 2.1 s 1 ways"},
    {"turns-back-untold", "0 in 1, 1.5 out-b 1, 3600 tick", "turned_back 0"},
    /* The absence goes on: the second look is no way in of the visit. */
    {"turns-back-in-an-absence",
     "0 in 1, 100 out 1, 400 in 1, 401 back 1, 999 in 1, 1100 out 1, 3600 tick",
     "started 0; reentered 999 away 899; closed 0-1100 201 s 2 ways"},
    {"turn-back-does-not-prolong", "0 in 1, 100 out 1, 900 in 1, 901 back 1, 1500 in 1, 1520 tick",
     "started 0; closed 0-100 100 s 1 ways; started 1500"},
    {"two-doors", "0 in 1, 60 out-b 1, 90 in-b 1, 200 out 1, 3600 tick",
     "started 0; reentered 90 away 30; closed 0-200 170 s 2 ways"},
    /* Two lines one behind the other, as in a porch: one visit, not two. */
    {"porch", "0 in 1, 3 in-b 1, 300 out-b 1, 303 out 1, 3600 tick",
     "started 0; reentered 3 away 0; closed 0-303 300 s 2 ways"},
    {"out-of-order", "100 out 1, 0 in 1, 105 tick, 3600 tick",
     "started 0; closed 0-100 100 s 1 ways"},
    {"out-of-order-re-entry", "0 in 1, 200 in 1, 205 tick, 100 out 1, 300 out 1, 3600 tick",
     "started 0; reentered 200 away 100; closed 0-300 200 s 2 ways"},
    {"twice",
     "0 in 1, 0 in 1, 60 tick, 0 in 1, 100 out 1, 100 out 1, 200 tick, 0 in 1, 100 out 1, 3600 "
     "tick",
     "started 0; closed 0-100 100 s 1 ways"},
    /* Later than anybody can wait: still the same visit. */
    {"too-late", "100 in 1, 200 tick, 50 in 1, 60 out 1, 220 tick",
     "started 100; reentered 50 away 0"},
    {"nobody-known", "0 in 0, 100 out 0, 3600 tick", ""},
    {"other-lines", "0 street 1, 3600 tick", ""},
    {"out-only", "0 out 1, 3600 tick", ""},
    {"out-twice", "0 in 1, 100 out 1, 130 out-b 1, 3600 tick",
     "started 0; closed 0-130 100 s 1 ways"},
    {"two-people", "0 in 1, 1 in 2, 50 out 2, 60 out 1, 200 in 2, 210 out 2, 3600 tick",
     "started 0; #2 started 1; #2 reentered 200 away 150; closed 0-60 60 s 1 ways; "
     "#2 closed 1-210 59 s 2 ways"},
    {"engaged", "0 in 1, 40 stay 1 15, 50 out 1, 3600 tick",
     "started 0; closed 0-50 50 s 1 ways engaged"},
    {"not-engaged", "0 in 1, 40 stay 1 14.9, 49 linger 1 49, 50 out 1, 3600 tick",
     "started 0; closed 0-50 50 s 1 ways"},
    {"engaged-in-the-visit-before",
     "0 in 1, 40 stay 1 20, 50 out 1, 2000 in 1, 2030 out 1, 4000 tick",
     "started 0; closed 0-50 50 s 1 ways engaged; started 2000; closed 2000-2030 30 s 1 ways"},
    /* Nobody saw the way out: over at the last sight. */
    {"vanishes", "0 in 1, 500 stay 1 100, 8609 tick", "started 0"},
    {"vanishes-2", "0 in 1, 500 stay 1 100, 8611 tick",
     "started 0; closed 0-500 500 s 1 ways engaged"},
    {"stays-long",
     "0 in 1, 7000 tick, 7000 see 1, 14000 tick, 14000 see 1, 20000 tick, 20000 out 1, 22000 tick",
     "started 0; closed 0-20000 20000 s 1 ways"},
    {"day-ends",
     "0 in 1, 0 in 2, 50 out 2, 60 stay 1 5, 100 tick, 100 day-end, 150 out 1, 3600 tick",
     "started 0; #2 started 0; closed 0-60 60 s 1 ways; #2 closed 0-50 50 s 1 ways"},
    /* Who is inside then stayed for nobody knows how long; a way in is judged as it is. */
    {"program-ends", "0 in 1, 0 in 2, 50 out 2, 90 stay 1 5, 100 tick, 101 in 3, 101 end",
     "started 0; #2 started 0; closed 0-90 90 s 1 ways cut; #2 closed 0-50 50 s 1 ways; "
     "#3 started 101; #3 closed 101-101 0 s 1 ways cut"},
    /* Days and clocks of the store are nothing to a visit: midnight UTC, and an hour that comes
     * twice (Lisbon, 25 October 2026, 00:00 to 01:00 UTC). */
    {"over-midnight", "86000 in 1, 86300 out 1, 86500 in 1, 87000 out 1, 90000 tick",
     "started 86000; reentered 86500 away 200; closed 86000-87000 800 s 2 ways"},
};

static void run_story(gconstpointer data) {
  const Story *story = data;
  Fixture f;
  setup(&f);
  act_all(&f, story->steps);
  g_autofree char *text = told(f.events);
  g_assert_cmpstr(text, ==, story->told);
  teardown(&f);
}

/* ---- what the events are like ---- */

static void test_envelope(void) {
  Fixture f;
  setup(&f);
  act_all(&f, "0 in 1, 100 out 1, 200 in-b 1, 300 out-b 1, 400 in 1, 401 out-b 1, 3600 tick");
  static const char *const cameras[] = {"a", "b", "a", "a"};
  g_assert_cmpuint(f.events->len, ==, 4);
  for (guint i = 0; i < f.events->len; i++) {
    const IvEvent *event = &g_array_index(f.events, IvEvent, i);
    IvEvent again = *event;
    g_assert_cmpstr(event->store_id.text, ==, "shop");
    g_assert_cmpstr(event->edge_id.text, ==, "edge");
    g_assert_cmpstr(event->camera_id.text, ==, cameras[i]);
    g_assert_cmpstr(event->line_id.text, ==, "door");
    g_assert_cmpuint(event->tracklet_id, ==, 1001);
    g_assert_cmpint(event->scene_version, ==, 3);
    g_assert_cmpuint(event->visitor, ==, iv_visitor_make(DAY, 1));
    iv_event_set_id(&again, "store");
    g_assert_cmpmem(&again.id, sizeof again.id, &event->id, sizeof event->id);
  }
  teardown(&f);
}

static int by_time(const void *a, const void *b) {
  const IvEvent *x = a, *y = b;
  return x->ts != y->ts ? (x->ts < y->ts ? -1 : 1) : memcmp(&x->id, &y->id, sizeof x->id);
}

typedef struct {
  double comes; /* s */
  Step step;
} Arrival;

static int by_arrival(const void *a, const void *b) {
  double x = ((const Arrival *)a)->comes, y = ((const Arrival *)b)->comes;
  return x < y ? -1 : x > y;
}

/* 300 people who come, go and turn back; each crossing comes up to `late` seconds after its time.
 */
static GArray *lively_day(double late) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(5), delays = g_rand_new_with_seed(6);
  GArray *day = g_array_new(FALSE, FALSE, sizeof(Arrival));
  for (guint32 who = 1; who <= 300; who++) {
    double t = g_rand_double_range(dice, 0, 36000);
    for (int crossing = 2 * g_rand_int_range(dice, 1, 5); crossing > 0; crossing--) {
      gboolean in = crossing % 2 == 0, b = g_rand_boolean(dice);
      Step step = {t, in ? (b ? IN_B : IN) : (b ? OUT_B : OUT), who, 0};
      Arrival arrival = {t + g_rand_double_range(delays, 0, late + 1e-9), step};
      g_array_append_val(day, arrival);
      t += in && g_rand_boolean(dice) ? g_rand_double_range(dice, 0.5, 4)
                                      : g_rand_double_range(dice, 10, 2500);
    }
  }
  g_array_sort(day, by_arrival);
  return day;
}

/* What is told of it, by time: who is told first among people at one instant means nothing. */
static GArray *told_of_day(double late, gboolean twice) {
  g_autoptr(GArray) day = lively_day(late);
  Fixture f;
  setup(&f);
  for (guint i = 0; i < day->len; i++) {
    const Arrival *arrival = &g_array_index(day, Arrival, i);
    pass(&f, floor(arrival->comes));
    for (int times = twice ? 2 : 1; times > 0; times--)
      act(&f, &arrival->step);
  }
  pass(&f, 60000);
  GArray *events = g_array_ref(f.events);
  g_array_sort(events, by_time);
  teardown(&f);
  return events;
}

/* Events that come within `settle`, in any order and twice, tell the same as those in order. */
static void test_any_order(void) {
  g_autoptr(GArray) plain = told_of_day(0, FALSE), late = told_of_day(9, TRUE);
  g_autofree char *a = told(plain), *b = told(late);
  guint n[IV_EVENT_KINDS] = {0};
  for (guint i = 0; i < plain->len; i++)
    n[g_array_index(plain, IvEvent, i).kind]++;
  g_assert_cmpuint(n[IV_EVENT_VISIT_STARTED], >, 200);
  g_assert_cmpuint(n[IV_EVENT_VISIT_REENTERED], >, 30);
  g_assert_cmpuint(n[IV_EVENT_VISIT_TURNED_BACK], >, 20);
  g_assert_cmpuint(n[IV_EVENT_VISIT_CLOSED], ==, n[IV_EVENT_VISIT_STARTED]);
  g_assert_cmpstr(a, ==, b);
}

/* An edit that makes the entrance something else: its crossings are no ways in any more. */
static void test_new_scene(void) {
  Fixture f;
  setup(&f);
  IvLine line = entrance("door", IV_LINE_INTERNAL);
  IvScene scene = {.version = 4, .image = {100, 100}, .n_lines = 1, .lines = &line};
  iv_slug_set(&scene.camera_id, "a");
  iv_visits_set_scene(f.visits, &scene);
  act_all(&f, "0 in 1, 60 tick");
  g_assert_cmpuint(f.events->len, ==, 0);
  teardown(&f);
}

static void test_inside(void) {
  Fixture f;
  setup(&f);
  act_all(&f, "0 in 1, 0 in 2, 20 tick");
  g_assert_cmpuint(iv_visits_inside(f.visits), ==, 2);
  act_all(&f, "30 out 2, 50 tick");
  g_assert_cmpuint(iv_visits_inside(f.visits), ==, 1);
  g_assert_cmpuint(iv_visits_dropped(f.visits), ==, 0);
  teardown(&f);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(stories); i++) {
    g_autofree char *path = g_strdup_printf("/rules/visits/%s", stories[i].name);
    g_test_add_data_func(path, &stories[i], run_story);
  }
  g_test_add_func("/rules/visits/envelope", test_envelope);
  g_test_add_func("/rules/visits/any-order", test_any_order);
  g_test_add_func("/rules/visits/new-scene", test_new_scene);
  g_test_add_func("/rules/visits/inside", test_inside);
  return g_test_run();
}
