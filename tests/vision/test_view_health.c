/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/view_health.h"

#include <math.h>
#include <string.h>

#include "tests/vision/picture.h"

#define W 320
#define H 180
#define LEARN 70 /* looks after which the view is known */

/* A made-up shop: shelves and boxes of many sizes, drawn once. */
typedef struct {
  guint8 luma[H][W];
} Scene;

static Scene *scene_new(guint32 seed) {
  Scene *scene = g_new0(Scene, 1);
  g_autoptr(GRand) random = g_rand_new_with_seed(seed);
  memset(scene->luma, 90, sizeof scene->luma);
  for (int i = 0; i < 500; i++) {
    int x0 = g_rand_int_range(random, 0, W - 4), y0 = g_rand_int_range(random, 0, H - 4);
    int wide = g_rand_int_range(random, 4, 40), high = g_rand_int_range(random, 4, 40);
    int x1 = MIN(W, x0 + wide), y1 = MIN(H, y0 + high);
    guint8 level = (guint8)g_rand_int_range(random, 30, 220);
    for (int y = y0; y < y1; y++)
      memset(&scene->luma[y][x0], level, (gsize)(x1 - x0));
  }
  return scene;
}

typedef struct {
  IvViewHealth *health;
  Scene *scene, *other;
  IvTime ts;
  GRand *noise;
  IvViewState told; /* by the looks that changed it */
} Fixture;

static void set_up(Fixture *f, gconstpointer data) {
  (void)data;
  *f = (Fixture){.health = iv_view_health_new(),
                 .scene = scene_new(1),
                 .other = scene_new(2),
                 .ts = 1000 * IV_SECOND,
                 .noise = g_rand_new_with_seed(3)};
}

static void tear_down(Fixture *f, gconstpointer data) {
  (void)data;
  iv_view_health_free(f->health);
  g_free(f->scene);
  g_free(f->other);
  g_rand_free(f->noise);
}

/* What is done to the picture before it is shown. */
typedef enum { PLAIN, BLUR, COVER, BLACK, NOTHING_NEW, DIM, CROWD } Effect;

static guint8 blurred(const Scene *scene, int x, int y) {
  int sum = 0, n = 0;
  for (int dy = -4; dy <= 4; dy++)
    for (int dx = -4; dx <= 4; dx++)
      if (x + dx >= 0 && x + dx < W && y + dy >= 0 && y + dy < H) {
        sum += scene->luma[y + dy][x + dx];
        n++;
      }
  return (guint8)(sum / n);
}

static int level_at(const Fixture *f, const Scene *scene, Effect effect, int x, int y) {
  switch (effect) {
  case BLUR:
    return blurred(scene, x, y);
  case COVER:
    return x < W * 9 / 10 ? 70 : scene->luma[y][x];
  case BLACK:
    return 16;
  case DIM:
    return 16 + (scene->luma[y][x] - 16) / 3;
  case CROWD: /* people who come and go in front of half of it */
    return (x / 20 + (int)(f->ts / IV_SECOND / 4)) % 2 ? 60 + y / 4 : scene->luma[y][x];
  default:
    return scene->luma[y][x];
  }
}

static void look(Fixture *f, const Scene *scene, Effect effect, gboolean grey) {
  g_autoptr(IvFrame) frame = iv_test_picture(IV_PIXELS_I420, (IvSize){W, H});
  guint8 *luma = iv_test_plane(frame, 0);
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++) {
      int noise = effect == NOTHING_NEW || effect == BLACK ? 0 : g_rand_int_range(f->noise, -2, 3);
      luma[y * W + x] = (guint8)CLAMP(level_at(f, scene, effect, x, y) + noise, 16, 235);
    }
  memset(iv_test_plane(frame, 1), grey ? 128 : 110, W / 2 * (H / 2));
  memset(iv_test_plane(frame, 2), grey ? 128 : 150, W / 2 * (H / 2));
  f->ts += IV_SECOND;
  frame->ts = f->ts;
  if (iv_view_health_look(f->health, frame)) {
    g_assert_cmpint(iv_view_health_state(f->health), !=, f->told);
    f->told = iv_view_health_state(f->health);
  }
}

static void looks(Fixture *f, const Scene *scene, Effect effect, guint n) {
  for (guint i = 0; i < n; i++)
    look(f, scene, effect, FALSE);
}

static void assert_view(const Fixture *f, IvViewState state) {
  g_assert_cmpstr(iv_view_state_name(f->told), ==, iv_view_state_name(state));
  g_assert_cmpint(iv_view_health_state(f->health), ==, state);
}

/* Each thing is told within half a minute, not at once, and goes away when the view is back. */
static void check(Fixture *f, const Scene *scene, Effect effect, IvViewState state) {
  looks(f, f->scene, PLAIN, LEARN);
  assert_view(f, IV_VIEW_GOOD);
  looks(f, scene, effect, 5);
  assert_view(f, IV_VIEW_GOOD);
  looks(f, scene, effect, 25);
  assert_view(f, state);
  looks(f, f->scene, PLAIN, 5);
  assert_view(f, state);
  looks(f, f->scene, PLAIN, 10);
  assert_view(f, IV_VIEW_GOOD);
}

static void test_black(Fixture *f, gconstpointer data) {
  (void)data;
  check(f, f->scene, BLACK, IV_VIEW_BLACK);
}

static void test_covered(Fixture *f, gconstpointer data) {
  (void)data;
  check(f, f->scene, COVER, IV_VIEW_COVERED);
}

static void test_defocused(Fixture *f, gconstpointer data) {
  (void)data;
  check(f, f->scene, BLUR, IV_VIEW_DEFOCUSED);
}

static void test_moved(Fixture *f, gconstpointer data) {
  (void)data;
  check(f, f->other, PLAIN, IV_VIEW_MOVED);
}

static void test_frozen(Fixture *f, gconstpointer data) {
  (void)data;
  looks(f, f->scene, PLAIN, LEARN);
  looks(f, f->scene, NOTHING_NEW, 50);
  assert_view(f, IV_VIEW_GOOD);
  looks(f, f->scene, NOTHING_NEW, 15);
  assert_view(f, IV_VIEW_FROZEN);
  looks(f, f->scene, PLAIN, 10);
  assert_view(f, IV_VIEW_GOOD);
}

/* Less light, a crowd in front of half of the picture, and infrared light at night are no faults.
 */
static void test_no_fault(Fixture *f, gconstpointer data) {
  (void)data;
  looks(f, f->scene, PLAIN, LEARN);
  looks(f, f->scene, DIM, 60);
  looks(f, f->scene, CROWD, 60);
  for (guint i = 0; i < 2 * LEARN; i++)
    look(f, f->scene, DIM, TRUE);
  looks(f, f->scene, PLAIN, 30);
  assert_view(f, IV_VIEW_GOOD);
}

/* A grey cover is not taken for the night. */
static void test_grey_cover(Fixture *f, gconstpointer data) {
  (void)data;
  looks(f, f->scene, PLAIN, LEARN);
  for (guint i = 0; i < 100; i++)
    look(f, f->scene, COVER, TRUE);
  assert_view(f, IV_VIEW_COVERED);
}

/* A view that has moved stays so, however long, until it is accepted. */
static void test_accept(Fixture *f, gconstpointer data) {
  (void)data;
  looks(f, f->scene, PLAIN, LEARN);
  looks(f, f->other, PLAIN, 600);
  assert_view(f, IV_VIEW_MOVED);
  iv_view_health_accept(f->health);
  looks(f, f->other, PLAIN, LEARN);
  assert_view(f, IV_VIEW_GOOD);
  looks(f, f->scene, PLAIN, 30);
  assert_view(f, IV_VIEW_MOVED);
}

/* A restart forgets nothing: a camera that was turned meanwhile is told. */
static void test_saved(Fixture *f, gconstpointer data) {
  (void)data;
  g_assert_null(iv_view_health_save(f->health));
  looks(f, f->scene, PLAIN, LEARN);
  g_autoptr(GBytes) saved = iv_view_health_save(f->health);
  g_assert_nonnull(saved);
  iv_view_health_free(f->health);
  f->health = iv_view_health_new();
  f->told = IV_VIEW_GOOD;
  g_assert_true(iv_view_health_load(f->health, saved));
  looks(f, f->scene, PLAIN, 30);
  assert_view(f, IV_VIEW_GOOD);
  looks(f, f->other, PLAIN, 30);
  assert_view(f, IV_VIEW_MOVED);
}

static void test_damaged(Fixture *f, gconstpointer data) {
  (void)data;
  looks(f, f->scene, PLAIN, LEARN);
  g_autoptr(GBytes) saved = iv_view_health_save(f->health);
  gsize n = g_bytes_get_size(saved);
  for (gsize at = 0; at < n; at += n / 50) {
    g_autofree guint8 *bytes = g_memdup2(g_bytes_get_data(saved, NULL), n);
    bytes[at] ^= 0x10;
    g_autoptr(GBytes) damaged = g_bytes_new(bytes, n), cut = g_bytes_new(bytes, at);
    g_autoptr(IvViewHealth) fresh = iv_view_health_new();
    g_assert_false(iv_view_health_load(fresh, damaged));
    g_assert_false(iv_view_health_load(fresh, cut));
    g_assert_null(iv_view_health_save(fresh));
  }
}

/* Pictures that come faster are not looked at more often; tiny ones are not looked at. */
static void test_rate(void) {
  g_autoptr(IvViewHealth) health = iv_view_health_new();
  for (int i = 0; i < 80; i++) {
    g_autoptr(IvFrame) frame = iv_test_picture(IV_PIXELS_NV12, (IvSize){64, 64});
    frame->ts = 1 + i * IV_SECOND / 10;
    g_assert_false(iv_view_health_look(health, frame));
  }
  g_autoptr(IvFrame) tiny = iv_test_picture(IV_PIXELS_RGB, (IvSize){4, 4});
  g_assert_false(iv_view_health_look(health, tiny));
  g_assert_cmpint(iv_view_health_state(health), ==, IV_VIEW_GOOD);
}

#define ADD(name, test)                                                                            \
  g_test_add("/vision/view-health/" name, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("black", test_black);
  ADD("covered", test_covered);
  ADD("defocused", test_defocused);
  ADD("moved", test_moved);
  ADD("frozen", test_frozen);
  ADD("no-fault", test_no_fault);
  ADD("grey-cover", test_grey_cover);
  ADD("accept", test_accept);
  ADD("saved", test_saved);
  ADD("damaged", test_damaged);
  g_test_add_func("/vision/view-health/rate", test_rate);
  return g_test_run();
}
