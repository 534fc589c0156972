/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_tracker.h"
#include "world.h"

#define FRAME (IV_SECOND / 10)
#define EPOCH (1000 * IV_SECOND)

/* Two cameras face each other over a floor of 12 m x 8 m and share its middle. */
static const Lens lenses[2] = {
    {0, 4, 2.8, 0, 0.55, 1.2, {640, 360}},
    {12, 4, 2.8, G_PI, 0.55, 1.2, {640, 360}},
};
static const IvFloorPlan plan = {.width = 12, .height = 8};

typedef struct {
  IvFloorTracker *tracker;
  IvFloorCamera cameras[2];
  IvTime now;
  GArray *points; /* IvTrackPoint, all that came out */
} World;

static void world_open(World *w) {
  for (int c = 0; c < 2; c++)
    w->cameras[c] = lens_calibrated(&lenses[c]);
  w->tracker = iv_floor_tracker_new(NULL, &plan, w->cameras, 2);
  w->now = EPOCH;
  w->points = g_array_new(FALSE, FALSE, sizeof(IvTrackPoint));
}

static void world_close(World *w) {
  iv_floor_tracker_free(w->tracker);
  g_array_unref(w->points);
}

static void keep(World *w, const IvTrackPoint *points, guint n) {
  g_array_append_vals(w->points, points, n);
}

/* The camera's track `id` shows somebody there. */
static gboolean show(World *w, guint camera, guint64 id, double x, double y, float score) {
  IvTrackPoint point = {
      .tracklet_id = id, .state = IV_TRACK_CONFIRMED, .ts = w->now, .score = score};
  if (!lens_box(&lenses[camera], x, y, 1.72, 0, &point.box))
    return FALSE;
  point.ground = iv_box_ground_point(&point.box);
  iv_floor_tracker_see(w->tracker, camera, &point, NULL);
  return TRUE;
}

static void next_frame(World *w) {
  guint n;
  const IvTrackPoint *points = iv_floor_tracker_advance(w->tracker, w->now, &n);
  keep(w, points, n);
  w->now += FRAME;
}

static void finish(World *w) {
  guint n;
  const IvTrackPoint *points = iv_floor_tracker_finish(w->tracker, &n);
  keep(w, points, n);
}

static guint count_people(const World *w) {
  g_autoptr(GHashTable) ids = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < w->points->len; i++)
    g_hash_table_add(
        ids, GSIZE_TO_POINTER((gsize)g_array_index(w->points, IvTrackPoint, i).tracklet_id));
  return g_hash_table_size(ids);
}

static void assert_in_order(const World *w) {
  g_autoptr(GHashTable) last = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < w->points->len; i++) {
    const IvTrackPoint *p = &g_array_index(w->points, IvTrackPoint, i);
    gpointer key = GSIZE_TO_POINTER((gsize)p->tracklet_id);
    IvTime before = (IvTime)GPOINTER_TO_SIZE(g_hash_table_lookup(last, key));
    g_assert_true(p->ts > before || (p->ts == before && p->state != IV_TRACK_CONFIRMED));
    g_hash_table_insert(last, key, GSIZE_TO_POINTER((gsize)p->ts));
  }
}

static double way(double seconds) {
  return 2.5 + 1.0 * seconds;
}

/* From one camera's picture through what both see into the other's: one person all the time. */
static void test_hand_over(void) {
  World w;
  world_open(&w);
  double worst = 0;
  guint seen[2] = {0};
  for (int i = 0; i < 70; i++) {
    double x = way(i / 10.0), y = 4.5;
    for (guint c = 0; c < 2; c++)
      seen[c] += show(&w, c, 7, x, y, 0.8f) ? 1 : 0;
    next_frame(&w);
  }
  finish(&w);
  g_assert_cmpuint(seen[0], >, 30);
  g_assert_cmpuint(seen[1], >, 30);
  g_assert_cmpuint(count_people(&w), ==, 1);
  assert_in_order(&w);
  for (guint i = 0; i < w.points->len; i++) {
    const IvTrackPoint *p = &g_array_index(w.points, IvTrackPoint, i);
    double t = (double)(p->ts - EPOCH) / (double)IV_SECOND;
    worst = MAX(worst, hypot((double)p->ground.x * 12 - way(t), (double)p->ground.y * 8 - 4.5));
  }
  g_assert_cmpfloat(worst, <, 0.2);
  g_assert_cmpuint(w.points->len, >=, 12);
  g_assert_cmpint(g_array_index(w.points, IvTrackPoint, w.points->len - 1).state, ==,
                  IV_TRACK_ENDED);
  world_close(&w);
}

/* Two walk towards each other and past, in both cameras: two people, each on his side. */
static void test_passing(void) {
  World w;
  world_open(&w);
  for (int i = 0; i < 60; i++) {
    double t = i / 10.0;
    for (guint c = 0; c < 2; c++) {
      show(&w, c, 1, way(t), 4.6, 0.8f);
      show(&w, c, 2, 12 - way(t), 3.4, 0.8f);
    }
    next_frame(&w);
  }
  finish(&w);
  g_assert_cmpuint(count_people(&w), ==, 2);
  for (guint i = 0; i < w.points->len; i++) {
    const IvTrackPoint *p = &g_array_index(w.points, IvTrackPoint, i);
    gboolean first = p->tracklet_id == g_array_index(w.points, IvTrackPoint, 0).tracklet_id;
    gboolean below = g_array_index(w.points, IvTrackPoint, 0).ground.y > 0.5f;
    g_assert_true((p->ground.y > 0.5f) == (first == below));
  }
  world_close(&w);
}

/* Hidden for five seconds, then a new track: the same person, and the way between is filled in. */
static void test_gap(void) {
  World w;
  world_open(&w);
  for (int i = 0; i < 110; i++) {
    double t = i / 10.0;
    if (i < 30 || i >= 80)
      show(&w, 0, i < 30 ? 1 : 2, 3.0 + 0.25 * t, 4.5, 0.8f);
    next_frame(&w);
  }
  finish(&w);
  g_assert_cmpuint(count_people(&w), ==, 1);
  guint between = 0;
  for (guint i = 0; i < w.points->len; i++) {
    IvTime t = g_array_index(w.points, IvTrackPoint, i).ts - EPOCH;
    between += t > 35 * FRAME && t < 75 * FRAME ? 1 : 0;
  }
  g_assert_cmpuint(between, >=, 7);
  assert_in_order(&w);
  world_close(&w);
}

/* Hidden for a minute beside where he was seen last and is seen again: the same one, and he stood
 * between both. */
static void test_hidden(void) {
  World w;
  world_open(&w);
  for (int i = 0; i < 700; i++) {
    if (i < 40 || i >= 640)
      show(&w, 0, i < 40 ? 1 : 2, i < 40 ? 3.0 + 0.03 * i : 4.2 + 0.03 * (i - 640), 4.5, 0.8f);
    next_frame(&w);
  }
  finish(&w);
  g_assert_cmpuint(count_people(&w), ==, 1);
  guint between = 0;
  for (guint i = 0; i < w.points->len; i++) {
    const IvTrackPoint *p = &g_array_index(w.points, IvTrackPoint, i);
    IvTime t = p->ts - EPOCH;
    if (p->state != IV_TRACK_CONFIRMED || t < 100 * FRAME || t > 600 * FRAME)
      continue;
    between++;
    g_assert_cmpfloat(fabs((double)p->ground.x * 12 - 4.2), <, 0.8);
    g_assert_cmpfloat(p->doubt, >, 0.3f);
  }
  g_assert_cmpuint(between, >=, 95);
  assert_in_order(&w);
  world_close(&w);
}

/* A poster is seen weakly, again and again, in one place: nobody. */
static void test_poster(void) {
  World w;
  world_open(&w);
  for (int i = 0; i < 600; i++) {
    if (i / 30 % 3 == 0)
      show(&w, 0, 10 + (guint64)i / 90, 4.5, 5, 0.5f);
    next_frame(&w);
  }
  finish(&w);
  g_assert_cmpuint(w.points->len, ==, 0);
  world_close(&w);
}

/* Who stands still all the time, but well seen, is a person. */
static void test_standing(void) {
  World w;
  world_open(&w);
  for (int i = 0; i < 100; i++) {
    show(&w, 0, 1, 4.5, 5, 0.78f);
    next_frame(&w);
  }
  finish(&w);
  g_assert_cmpuint(count_people(&w), ==, 1);
  g_assert_cmpuint(w.points->len, >=, 18);
  world_close(&w);
}

/* To the last bit, without the bytes between the members, which may be anything. */
static char *print_points(const GArray *points) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < points->len; i++) {
    const IvTrackPoint *p = &g_array_index(points, IvTrackPoint, i);
    const float numbers[] = {p->box.x0,   p->box.y0,   p->box.x1, p->box.y1,
                             p->ground.x, p->ground.y, p->score};
    g_string_append_printf(text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %d %" G_GINT64_FORMAT,
                           p->tracklet_id, p->visitor, (int)p->state, p->ts);
    for (gsize k = 0; k < G_N_ELEMENTS(numbers); k++)
      g_string_append_printf(text, " %a", (double)numbers[k]);
    g_string_append_c(text, '\n');
  }
  return g_string_free(text, FALSE);
}

/* The same frames give the same points. */
static void test_same_bytes(void) {
  g_autofree char *first = NULL;
  for (int round = 0; round < 2; round++) {
    World w;
    world_open(&w);
    for (int i = 0; i < 80; i++) {
      for (guint c = 0; c < 2; c++)
        for (guint k = 0; k < 4; k++)
          show(&w, c, k + 1, way(i / 10.0) - 0.7 * k, 2.5 + 0.9 * k, 0.75f);
      next_frame(&w);
    }
    finish(&w);
    g_autofree char *all = print_points(w.points);
    if (round == 0)
      first = g_steal_pointer(&all);
    else
      g_assert_cmpstr(first, ==, all);
    world_close(&w);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/floor-tracker/hand-over", test_hand_over);
  g_test_add_func("/floor-tracker/passing", test_passing);
  g_test_add_func("/floor-tracker/gap", test_gap);
  g_test_add_func("/floor-tracker/hidden", test_hidden);
  g_test_add_func("/floor-tracker/poster", test_poster);
  g_test_add_func("/floor-tracker/standing", test_standing);
  g_test_add_func("/floor-tracker/same-bytes", test_same_bytes);
  return g_test_run();
}
