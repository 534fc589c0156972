/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vision/picture.h"
#include "vision/motion.h"

#define WIDTH 768
#define HEIGHT 576

/* A structured background, `shift` levels brighter, with Gaussian-like noise of about `noise`
 * levels, at second `at`. */
static IvFrame *picture(double at, int shift, int noise, guint32 seed) {
  IvFrame *frame = iv_test_picture(IV_PIXELS_I420, (IvSize){WIDTH, HEIGHT});
  guint8 *luma = iv_test_plane(frame, 0);
  guint32 state = seed * 2654435761u + 1;
  for (int i = 0; i < WIDTH * HEIGHT; i++) {
    int sum = 0;
    for (int k = 0; noise > 0 && k < 3; k++) {
      state = state * 1664525u + 1013904223u;
      sum += (int)(state >> 16) % (2 * noise + 1) - noise;
    }
    int texture = 60 + 90 * ((i % WIDTH / 40 + i / WIDTH / 40) % 2);
    luma[i] = (guint8)CLAMP(texture + shift + sum, 0, 255);
  }
  frame->ts = (IvTime)(at * IV_SECOND);
  return frame;
}

static void draw_person(IvFrame *frame, int x, int y, int w, int h) {
  for (int row = y; row < y + h; row++)
    memset(iv_test_plane(frame, 0) + row * WIDTH + x, 230, (gsize)w);
}

static IvMotionGate *gate_new(void) {
  IvMotionConfig config = iv_motion_config_default();
  return iv_motion_gate_new(&config);
}

static gboolean passes(IvMotionGate *gate, IvFrame *taken) {
  g_autoptr(IvFrame) frame = taken;
  return iv_motion_gate_passes(gate, frame, FALSE);
}

static void test_first_and_still(void) {
  g_autoptr(IvMotionGate) gate = gate_new();
  g_assert_true(passes(gate, picture(0, 0, 0, 1)));
  g_assert_false(passes(gate, picture(0.2, 0, 0, 1)));
}

static void test_noise_is_no_motion(void) {
  g_autoptr(IvMotionGate) gate = gate_new();
  passes(gate, picture(0, 0, 6, 1));
  for (guint32 i = 1; i < 9; i++)
    g_assert_false(passes(gate, picture(i * 0.2, 0, 6, i + 1)));
}

/* The camera's exposure moves. */
static void test_brightness_is_no_motion(void) {
  g_autoptr(IvMotionGate) gate = gate_new();
  passes(gate, picture(0, 0, 3, 1));
  g_assert_false(passes(gate, picture(0.2, 15, 3, 2)));
  g_assert_false(passes(gate, picture(0.4, -20, 3, 3)));
}

static void test_person_moves(void) {
  static const struct { int w, h; } sizes[] = {{12, 30}, {30, 75}, {120, 300}};
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_autoptr(IvMotionGate) gate = gate_new();
    passes(gate, picture(0, 0, 4, 1));
    IvFrame *appeared = picture(0.2, 0, 4, 2);
    draw_person(appeared, 300, 200, sizes[i].w, sizes[i].h);
    g_assert_true(passes(gate, appeared));
    IvFrame *moved = picture(0.4, 0, 4, 3);
    draw_person(moved, 300 + sizes[i].w / 2, 200, sizes[i].w, sizes[i].h);
    g_assert_true(passes(gate, moved));
  }
}

/* Also when most of the picture changes: that must not be taken for noise. */
static void test_everything_moves(void) {
  g_autoptr(IvMotionGate) gate = gate_new();
  passes(gate, picture(0, 0, 0, 1));
  IvFrame *crowd = picture(0.2, 0, 0, 1);
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    iv_test_plane(crowd, 0)[i] = (guint8)(i % WIDTH / 25 % 2 ? 30 : 220);
  g_assert_true(passes(gate, crowd));
}

/* Someone so slow that no two neighbouring pictures differ enough: the reference is the last
 * picture let through, so the change adds up. */
static void test_slow_change_adds_up(void) {
  IvMotionConfig config = iv_motion_config_default();
  config.keep_alive = IV_HOUR;
  g_autoptr(IvMotionGate) patient = iv_motion_gate_new(&config);
  int passed_at = 0;
  passes(patient, picture(0, 0, 0, 1));
  for (int i = 1; i < 60 && passed_at == 0; i++) {
    IvFrame *frame = picture(i * 0.2, 0, 0, 1);
    for (int y = 100; y < 200; y++)
      for (int x = 100; x < 140; x++)
        iv_test_plane(frame, 0)[y * WIDTH + x] =
            (guint8)(iv_test_plane(frame, 0)[y * WIDTH + x] + i);
    passed_at = passes(patient, frame) ? i : 0;
  }
  g_assert_cmpint(passed_at, >, 5);
  g_assert_cmpint(passed_at, <, 40);
}

static void test_keep_alive(void) {
  g_autoptr(IvMotionGate) gate = gate_new();
  passes(gate, picture(0, 0, 0, 1));
  g_assert_false(passes(gate, picture(1.9, 0, 0, 1)));
  g_assert_true(passes(gate, picture(2.0, 0, 0, 1)));
  g_assert_false(passes(gate, picture(3.9, 0, 0, 1)));
}

static void test_always_passes(void) {
  g_autoptr(IvMotionGate) gate = gate_new();
  passes(gate, picture(0, 0, 0, 1));
  g_autoptr(IvFrame) watched = picture(0.2, 0, 0, 1);
  g_assert_true(iv_motion_gate_passes(gate, watched, TRUE));
  IvFrame *seam = picture(0.4, 0, 0, 1);
  seam->discontinuity = TRUE;
  g_assert_true(passes(gate, seam));
  g_assert_false(passes(gate, picture(0.6, 0, 0, 1)));
  IvFrame *other = iv_test_picture(IV_PIXELS_RGB, (IvSize){320, 240});
  other->ts = IV_SECOND;
  g_assert_true(passes(gate, other));
  g_assert_true(passes(gate, iv_test_picture(IV_PIXELS_I420, (IvSize){2, 2})));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/vision/motion/still", test_first_and_still);
  g_test_add_func("/vision/motion/noise", test_noise_is_no_motion);
  g_test_add_func("/vision/motion/brightness", test_brightness_is_no_motion);
  g_test_add_func("/vision/motion/person", test_person_moves);
  g_test_add_func("/vision/motion/everything", test_everything_moves);
  g_test_add_func("/vision/motion/slow", test_slow_change_adds_up);
  g_test_add_func("/vision/motion/keep-alive", test_keep_alive);
  g_test_add_func("/vision/motion/always", test_always_passes);
  return g_test_run();
}
