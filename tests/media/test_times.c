/* SPDX-License-Identifier: Apache-2.0 */
/* Capture times, due frames, pauses, rates: arithmetic without clocks. */
#include "media/backoff.h"
#include "media/cadence.h"
#include "media/camera_clock.h"
#include "media/frame_gate.h"
#include "media/pending.h"
#include "media/rate_meter.h"

#define T0 (1700000000 * IV_SECOND)
#define FRAME (100 * IV_MS)

/* A camera: its own clock is `off` ahead and runs `ppm` fast; frames arrive `delay` late. */
typedef struct {
  IvCameraClock clock;
  IvTime off, edge_off;
  double ppm;
  gboolean reports;
} Camera;

static IvClockStamp frame(Camera *camera, IvTime t, IvTime delay) {
  IvTime own = t + (IvTime)((double)t * camera->ppm / 1e6);
  IvClockReading reading = {T0 + camera->edge_off + t + delay, own + 777,
                            camera->reports ? T0 + camera->off + own : IV_TIME_NONE};
  return iv_camera_clock_stamp(&camera->clock, reading);
}

static IvTime jitter(guint32 *seed, IvTime most) {
  *seed = *seed * 1664525u + 1013904223u;
  return (IvTime)(*seed >> 8) * most / (1 << 24);
}

static void test_arrival_jitter_is_smoothed(void) {
  Camera camera = {.off = 5 * IV_HOUR, .reports = TRUE};
  iv_camera_clock_init(&camera.clock);
  guint32 seed = 1;
  IvTime last = 0;
  for (int i = 0; i < 6000; i++) {
    IvClockStamp stamp = frame(&camera, i * FRAME, 20 * IV_MS + jitter(&seed, 200 * IV_MS));
    g_assert_false(stamp.jumped);
    g_assert_true(stamp.by_camera);
    if (i > 0) /* spacing bends by 5 ms a second at most */
      g_assert_cmpint(ABS(stamp.ts - last - FRAME), <=, FRAME * 5 / 1000 + 1);
    last = stamp.ts;
    if (i > 2000) /* and settles on the least delayed arrival */
      g_assert_cmpint(ABS(stamp.ts - (T0 + i * FRAME) - 20 * IV_MS), <, 10 * IV_MS);
  }
}

static void test_first_report_changes_nothing(void) {
  Camera camera = {.off = -3 * IV_DAY};
  iv_camera_clock_init(&camera.clock);
  IvTime last = 0;
  for (int i = 0; i < 100; i++) {
    camera.reports = i >= 30 && i != 60; /* and one unit comes without its report */
    IvClockStamp stamp = frame(&camera, i * FRAME, i % 3 * IV_MS);
    g_assert_cmpint(stamp.by_camera, ==, i >= 30);
    if (i > 0)
      g_assert_cmpint(ABS(stamp.ts - last - FRAME), <, IV_MS);
    last = stamp.ts;
  }
}

static void test_drift_is_followed(void) {
  static const double ppms[] = {80, -80};
  for (gsize k = 0; k < G_N_ELEMENTS(ppms); k++) {
    Camera camera = {.reports = TRUE, .ppm = ppms[k]};
    iv_camera_clock_init(&camera.clock);
    IvClockStamp stamp = {0};
    int i;
    for (i = 0; i < 200000; i++) { /* 5.5 hours */
      stamp = frame(&camera, i * FRAME, 0);
      g_assert_false(stamp.jumped);
    }
    g_assert_cmpint(ABS(stamp.ts - (T0 + (i - 1) * FRAME)), <, 50 * IV_MS);
  }
}

static void test_camera_clock_is_set(void) {
  static const IvTime steps[] = {IV_HOUR, -IV_HOUR, 2 * IV_SECOND};
  for (gsize k = 0; k < G_N_ELEMENTS(steps); k++) {
    Camera camera = {.reports = TRUE};
    iv_camera_clock_init(&camera.clock);
    IvTime last = 0;
    for (int i = 0; i < 600; i++) {
      camera.off = i < 300 ? 0 : steps[k];
      IvClockStamp stamp = frame(&camera, i * FRAME, 0);
      g_assert_false(stamp.jumped);
      if (i > 0)
        g_assert_cmpint(ABS(stamp.ts - last - FRAME), <, IV_MS);
      last = stamp.ts;
    }
  }
}

static void check_edge_clock(IvTime step, int within_frames) {
  Camera camera = {.reports = TRUE};
  iv_camera_clock_init(&camera.clock);
  int jumps = 0, at = -1;
  IvClockStamp stamp = {0};
  for (int i = 0; i < 600; i++) {
    camera.edge_off = i < 300 ? 0 : step;
    stamp = frame(&camera, i * FRAME, 0);
    if (stamp.jumped) {
      jumps++;
      at = i;
    }
  }
  g_assert_cmpint(jumps, ==, 1);
  g_assert_cmpint(at, <=, 300 + within_frames);
  g_assert_cmpint(stamp.ts, ==, T0 + step + 599 * FRAME);
}

static void test_machine_clock_is_set(void) {
  check_edge_clock(-IV_HOUR, 0);  /* nothing arrives before it was sent */
  check_edge_clock(IV_HOUR, 102); /* late for 10 s: not just a slow network */
}

static void test_a_slow_network_is_no_jump(void) {
  Camera camera = {.reports = TRUE};
  iv_camera_clock_init(&camera.clock);
  for (int i = 0; i < 600; i++) {
    IvTime delay = i >= 300 && i < 390 ? 7 * IV_SECOND : 0;
    IvClockStamp stamp = frame(&camera, i * FRAME, delay);
    g_assert_false(stamp.jumped);
    g_assert_cmpint(stamp.ts, ==, T0 + i * FRAME);
  }
}

static void test_b_frames_keep_their_order(void) {
  static const int order[] = {0, 3, 1, 2, 6, 4, 5, 9, 7, 8};
  Camera camera = {.off = IV_HOUR};
  iv_camera_clock_init(&camera.clock);
  for (gsize k = 0; k < G_N_ELEMENTS(order); k++) {
    camera.reports = k >= 5;
    IvClockReading reading = {T0 + (IvTime)k * FRAME, order[k] * FRAME,
                              camera.reports ? T0 + IV_HOUR + order[k] * FRAME : IV_TIME_NONE};
    IvClockStamp stamp = iv_camera_clock_stamp(&camera.clock, reading);
    IvTime off = stamp.ts - (T0 + order[k] * FRAME);
    g_assert_cmpint(ABS(off), <, 10 * IV_MS);
  }
}

/* --- due frames --- */

static void check_cadence(double in, double asked, double jitter_share, int *ret_irregular) {
  IvCadence cadence;
  iv_cadence_init(&cadence, asked);
  guint32 seed = 7;
  IvTime last = IV_TIME_NONE;
  int taken = 0, irregular = 0, n = 2000;
  for (int i = 0; i < n; i++) {
    IvTime ts = T0 + (IvTime)(i * 1e6 / in) + jitter(&seed, (IvTime)(jitter_share * 1e6 / in));
    if (!iv_cadence_take(&cadence, ts))
      continue;
    taken++;
    if (last != IV_TIME_NONE && ABS((double)(ts - last) - 1e6 / asked) > 0.75e6 / in)
      irregular++;
    last = ts;
  }
  g_assert_cmpfloat_with_epsilon(taken / (n / in), MIN(asked, in), 0.02 * asked);
  *ret_irregular = irregular;
}

static void test_cadence_is_regular(void) {
  static const struct {
    double in, asked, jitter;
    int irregular_max;
  } cases[] = {{10, 5, 0, 0},  {10, 5, 0.2, 0},  {30, 10, 0, 0},  {30, 10, 0.2, 0}, {25, 5, 0.3, 0},
               {20, 10, 0, 0}, {29.97, 5, 0, 2}, {15, 5, 0.1, 0}, {12, 5, 0, 0},    {25, 10, 0, 0}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    int irregular;
    check_cadence(cases[i].in, cases[i].asked, cases[i].jitter, &irregular);
    g_assert_cmpint(irregular, <=, cases[i].irregular_max);
  }
}

static void test_cadence_gives_all_of_a_slow_source(void) {
  IvCadence cadence;
  iv_cadence_init(&cadence, 5);
  for (int i = 0; i < 500; i++) /* 5.05 a second */
    g_assert_true(iv_cadence_take(&cadence, T0 + i * 198 * IV_MS));
  iv_cadence_init(&cadence, 0);
  for (int i = 0; i < 50; i++)
    g_assert_true(iv_cadence_take(&cadence, T0 + i));
}

static void test_cadence_after_gaps(void) {
  IvCadence cadence;
  iv_cadence_init(&cadence, 5);
  for (int i = 0; i < 50; i++)
    g_assert_cmpint(iv_cadence_take(&cadence, T0 + i * FRAME), ==, i % 2 == 0);
  IvTime later = T0 + IV_MINUTE + 37 * IV_MS;
  for (int i = 0; i < 50; i++)
    g_assert_cmpint(iv_cadence_take(&cadence, later + i * FRAME), ==, i % 2 == 0);
  IvTime earlier = T0 - IV_HOUR; /* the machine's clock was set back */
  iv_cadence_restart(&cadence);
  for (int i = 0; i < 50; i++)
    g_assert_cmpint(iv_cadence_take(&cadence, earlier + i * FRAME), ==, i % 2 == 0);
  iv_cadence_set_fps(&cadence, 10);
  for (int i = 50; i < 100; i++)
    g_assert_true(iv_cadence_take(&cadence, earlier + i * FRAME));
}

/* --- numbers and times of frames --- */

static gboolean pass(IvFrameGate *gate, IvTime ts, guint epoch, IvFrame *ret_frame) {
  IvFrameOrigin origin = {ts, 0, epoch};
  return iv_frame_gate_pass(gate, ret_frame, &origin, 0);
}

static void test_gate(void) {
  IvFrameGate gate;
  IvFrame out = {0};
  iv_frame_gate_init(&gate, 5);
  g_assert_true(pass(&gate, T0, 3, &out));
  g_assert_false(out.discontinuity); /* nothing came before */
  g_assert_false(pass(&gate, T0 + FRAME, 4, &out) && FALSE);
  g_assert_true(out.discontinuity); /* a new epoch is due at once */
  g_assert_cmpuint(out.seq, ==, 1);
  g_assert_false(pass(&gate, T0 + 2 * FRAME, 4, &out));
  g_assert_true(pass(&gate, T0 + 3 * FRAME, 4, &out));
  g_assert_false(out.discontinuity);
  g_assert_true(pass(&gate, T0 - IV_HOUR, 5, &out)); /* clock set back: believed in a new epoch */
  g_assert_cmpint(out.ts, ==, T0 - IV_HOUR);
  pass(&gate, T0 - IV_HOUR - FRAME, 5, &out); /* not within one */
  g_assert_cmpint(out.ts, ==, T0 - IV_HOUR + 1);
  iv_frame_gate_clear(&gate);
}

static void test_gate_tells_of_a_seam_it_did_not_see(void) {
  IvFrameGate gate;
  IvFrame out = {0};
  iv_frame_gate_init(&gate, 0);
  pass(&gate, T0, 0, &out);
  pass(&gate, T0 + 9 * FRAME, 2, &out); /* the units with epochs 1 and 2's first were lost */
  g_assert_true(out.discontinuity);
  iv_frame_gate_clear(&gate);
}

static void test_pending(void) {
  IvPending pending = {0};
  static const int order[] = {0, 40, 10, 20, 30};
  for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
    IvFrameOrigin origin = {order[i], 0, 0};
    g_assert_cmpuint(iv_pending_add(&pending, order[i], &origin), ==, 0);
  }
  IvFrameOrigin out;
  guint lost = 99;
  g_assert_true(iv_pending_take(&pending, 0, &out, &lost));
  g_assert_cmpuint(lost, ==, 0);
  g_assert_true(iv_pending_take(&pending, 20, &out, &lost)); /* 10 never came */
  g_assert_cmpuint(lost, ==, 1);
  g_assert_cmpint(out.ts, ==, 20);
  g_assert_true(iv_pending_take(&pending, 12345, &out, &lost)); /* not known: the oldest */
  g_assert_cmpint(out.ts, ==, 30);
  g_assert_true(iv_pending_take(&pending, 40, &out, &lost));
  g_assert_false(iv_pending_take(&pending, 40, &out, &lost));
  guint given_up = 0;
  for (int i = 0; i < 2 * IV_PENDING_MAX; i++)
    given_up += iv_pending_add(&pending, i, &out);
  g_assert_cmpuint(given_up, ==, IV_PENDING_MAX);
}

/* --- pauses and rates --- */

static void test_backoff(void) {
  for (guint seed = 0; seed < 50; seed++)
    for (guint attempt = 0; attempt < 40; attempt++) {
      IvTime whole = MIN((IvTime)500 * IV_MS << MIN(attempt, 10), 30 * IV_SECOND);
      IvTime pause = iv_backoff_pause(attempt, seed, 30 * IV_SECOND);
      g_assert_cmpint(pause, <=, whole);
      g_assert_cmpint(pause, >=, whole * 8 / 10);
      g_assert_cmpint(pause, ==, iv_backoff_pause(attempt, seed, 30 * IV_SECOND));
    }
  int different = 0;
  for (guint seed = 0; seed < 50; seed++)
    different +=
        iv_backoff_pause(6, seed, 30 * IV_SECOND) != iv_backoff_pause(6, seed + 1, 30 * IV_SECOND);
  g_assert_cmpint(different, >, 40);
}

static void test_rate_meter(void) {
  IvRateMeter meter;
  double fps, bitrate;
  iv_rate_meter_init(&meter);
  iv_rate_meter_read(&meter, 100 * IV_SECOND, &fps, &bitrate);
  g_assert_cmpfloat(fps, ==, 0);
  IvTime now = 100 * IV_SECOND;
  for (int i = 0; i < 200; i++, now += 50 * IV_MS)
    iv_rate_meter_add(&meter, now, now, 500, i % 40 == 0);
  iv_rate_meter_read(&meter, now, &fps, &bitrate);
  g_assert_cmpfloat_with_epsilon(fps, 20, 0.5);
  g_assert_cmpfloat_with_epsilon(bitrate, 80000, 2000);
  g_assert_cmpint(meter.keyframe_interval, ==, 2 * IV_SECOND);
  iv_rate_meter_read(&meter, now + 30 * IV_SECOND, &fps, &bitrate);
  g_assert_cmpfloat(fps, ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/media/clock/arrival-jitter", test_arrival_jitter_is_smoothed);
  g_test_add_func("/media/clock/first-report", test_first_report_changes_nothing);
  g_test_add_func("/media/clock/drift", test_drift_is_followed);
  g_test_add_func("/media/clock/camera-is-set", test_camera_clock_is_set);
  g_test_add_func("/media/clock/machine-is-set", test_machine_clock_is_set);
  g_test_add_func("/media/clock/slow-network", test_a_slow_network_is_no_jump);
  g_test_add_func("/media/clock/b-frames", test_b_frames_keep_their_order);
  g_test_add_func("/media/cadence/regular", test_cadence_is_regular);
  g_test_add_func("/media/cadence/slow-source", test_cadence_gives_all_of_a_slow_source);
  g_test_add_func("/media/cadence/gaps", test_cadence_after_gaps);
  g_test_add_func("/media/gate/frames", test_gate);
  g_test_add_func("/media/gate/unseen-seam", test_gate_tells_of_a_seam_it_did_not_see);
  g_test_add_func("/media/pending", test_pending);
  g_test_add_func("/media/backoff", test_backoff);
  g_test_add_func("/media/rate-meter", test_rate_meter);
  return g_test_run();
}
