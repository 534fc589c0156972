/* SPDX-License-Identifier: Apache-2.0 */
/* The pool with a detector that works only when the test says so: no sleeps, no luck. */
#include "tests/vision/picture.h"
#include "vision/pool.h"

#define DEADLINE (20 * G_TIME_SPAN_SECOND)

/* What detectors and callbacks share with the test. */
typedef struct {
  GMutex lock;
  GCond changed;
  guint entered; /* calls of detect that began */
  guint tickets; /* calls that may go on; G_MAXUINT = all */
  guint running, running_max;
  gboolean fail;
  GArray *results; /* Seen */
} Stage;

typedef struct {
  guint camera;
  guint64 seq;
  gboolean seam, failed;
} Seen;

typedef struct {
  IvDetector base;
  Stage *stage;
} SlowDetector;

static gboolean slow_detect(IvDetector *detector, const IvFrame *frame, IvDetection *ret_found,
                            guint max, guint *ret_n, GError **error) {
  Stage *stage = ((SlowDetector *)detector)->stage;
  g_assert_cmpuint(max, >, 0);
  g_mutex_lock(&stage->lock);
  stage->entered++;
  stage->running++;
  stage->running_max = MAX(stage->running_max, stage->running);
  g_cond_broadcast(&stage->changed);
  while (stage->tickets == 0)
    g_cond_wait(&stage->changed, &stage->lock);
  if (stage->tickets != G_MAXUINT)
    stage->tickets--;
  stage->running--;
  gboolean fail = stage->fail;
  g_mutex_unlock(&stage->lock);
  if (fail) {
    g_set_error_literal(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_RUNTIME, "broken");
    return FALSE;
  }
  ret_found[0] = (IvDetection){.score = 0.5f, .class_id = (int)frame->seq};
  *ret_n = 1;
  return TRUE;
}

static const char *slow_version(const IvDetector *detector) {
  (void)detector;
  return "slow";
}

static void slow_free(IvDetector *detector) {
  g_free(detector);
}

static const IvDetectorType slow_type = {slow_detect, slow_version, slow_free};

static IvDetector *slow_new(Stage *stage) {
  SlowDetector *detector = g_new0(SlowDetector, 1);
  detector->base.type = &slow_type;
  detector->stage = stage;
  return &detector->base;
}

static void on_done(const IvInferenceResult *result, gpointer user) {
  Stage *stage = user;
  Seen seen = {result->camera, result->frame->seq, result->discontinuity, result->error != NULL};
  g_assert_cmpuint(result->n, ==, result->error ? 0 : 1);
  if (!result->error)
    g_assert_cmpint(result->detections[0].class_id, ==, result->frame->seq);
  g_mutex_lock(&stage->lock);
  g_array_append_val(stage->results, seen);
  g_cond_broadcast(&stage->changed);
  g_mutex_unlock(&stage->lock);
}

static void stage_init(Stage *stage) {
  *stage = (Stage){.results = g_array_new(FALSE, FALSE, sizeof(Seen))};
  g_mutex_init(&stage->lock);
  g_cond_init(&stage->changed);
}

static void stage_clear(Stage *stage) {
  g_mutex_clear(&stage->lock);
  g_cond_clear(&stage->changed);
  g_array_unref(stage->results);
}

static void give_tickets(Stage *stage, guint n) {
  g_mutex_lock(&stage->lock);
  stage->tickets = n == G_MAXUINT ? n : stage->tickets + n;
  g_cond_broadcast(&stage->changed);
  g_mutex_unlock(&stage->lock);
}

static void wait_until(Stage *stage, const guint *counter, guint wanted) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  g_mutex_lock(&stage->lock);
  while (*counter < wanted)
    g_assert_true(g_cond_wait_until(&stage->changed, &stage->lock, until));
  g_mutex_unlock(&stage->lock);
}

static Seen result_at(Stage *stage, guint i) {
  wait_until(stage, &stage->results->len, i + 1);
  g_mutex_lock(&stage->lock);
  Seen seen = g_array_index(stage->results, Seen, i);
  g_mutex_unlock(&stage->lock);
  return seen;
}

static IvInferencePool *pool_new(Stage *stage, guint workers) {
  IvDetector *detectors[8];
  for (guint i = 0; i < workers; i++)
    detectors[i] = slow_new(stage);
  return iv_inference_pool_new(detectors, workers, on_done, stage);
}

static IvFrame *frame_new(guint64 seq) {
  IvFrame *frame = iv_test_picture(IV_PIXELS_I420, (IvSize){32, 32});
  frame->seq = seq;
  frame->ts = (IvTime)seq * 200 * IV_MS;
  return frame;
}

static IvSubmit submit(IvInferencePool *pool, guint camera, guint64 seq) {
  g_autoptr(IvFrame) frame = frame_new(seq);
  return iv_inference_pool_submit(pool, camera, frame);
}

/* While one picture is in work, the newest of those that follow waits, the others are skipped. */
static void test_newest_waits(void) {
  Stage stage;
  stage_init(&stage);
  IvInferencePool *pool = pool_new(&stage, 1);
  guint camera = (guint)iv_inference_pool_add_camera(pool, NULL);
  g_assert_cmpint(submit(pool, camera, 1), ==, IV_SUBMIT_QUEUED);
  wait_until(&stage, &stage.entered, 1);
  g_assert_cmpint(submit(pool, camera, 2), ==, IV_SUBMIT_QUEUED);
  g_assert_cmpint(submit(pool, camera, 3), ==, IV_SUBMIT_REPLACED);
  g_assert_cmpint(submit(pool, camera, 4), ==, IV_SUBMIT_REPLACED);
  give_tickets(&stage, G_MAXUINT);
  iv_inference_pool_drain(pool, camera);
  g_assert_cmpuint(stage.results->len, ==, 2);
  g_assert_cmpuint(result_at(&stage, 0).seq, ==, 1);
  g_assert_cmpuint(result_at(&stage, 1).seq, ==, 4);
  IvInferenceCounts counts = iv_inference_pool_camera_counts(pool, camera);
  g_assert_cmpuint(counts.due, ==, 4);
  g_assert_cmpuint(counts.analysed, ==, 2);
  g_assert_cmpuint(counts.skipped, ==, 2);
  g_assert_cmpint(counts.latency, >, 0);
  iv_inference_pool_free(pool);
  stage_clear(&stage);
}

/* A skipped picture after a seam hands the seam on, or tracks would live across it. */
static void test_seam_is_kept(void) {
  Stage stage;
  stage_init(&stage);
  IvInferencePool *pool = pool_new(&stage, 1);
  guint camera = (guint)iv_inference_pool_add_camera(pool, NULL);
  submit(pool, camera, 1);
  wait_until(&stage, &stage.entered, 1);
  g_autoptr(IvFrame) seam = frame_new(2);
  seam->discontinuity = TRUE;
  iv_inference_pool_submit(pool, camera, seam);
  submit(pool, camera, 3);
  give_tickets(&stage, G_MAXUINT);
  g_assert_false(result_at(&stage, 0).seam);
  g_assert_true(result_at(&stage, 1).seam);
  iv_inference_pool_drain(pool, camera);
  submit(pool, camera, 4);
  g_assert_false(result_at(&stage, 2).seam);
  iv_inference_pool_free(pool);
  stage_clear(&stage);
}

/* Who waits longest is served first, and newer pictures do not lose a camera its place. */
static void test_fair(void) {
  Stage stage;
  stage_init(&stage);
  IvInferencePool *pool = pool_new(&stage, 1);
  guint cameras[4];
  for (guint i = 0; i < 4; i++)
    cameras[i] = (guint)iv_inference_pool_add_camera(pool, NULL);
  submit(pool, cameras[0], 1);
  wait_until(&stage, &stage.entered, 1);
  submit(pool, cameras[2], 1);
  submit(pool, cameras[1], 1);
  submit(pool, cameras[3], 1);
  submit(pool, cameras[0], 2);
  submit(pool, cameras[2], 2); /* replaced, but still the first in the row */
  give_tickets(&stage, G_MAXUINT);
  static const guint order[] = {0, 2, 1, 3, 0};
  for (guint i = 0; i < G_N_ELEMENTS(order); i++)
    g_assert_cmpuint(result_at(&stage, i).camera, ==, cameras[order[i]]);
  iv_inference_pool_free(pool);
  stage_clear(&stage);
}

/* One camera never occupies two workers; two cameras do. */
static void test_one_in_flight(void) {
  Stage stage;
  stage_init(&stage);
  IvInferencePool *pool = pool_new(&stage, 2);
  guint a = (guint)iv_inference_pool_add_camera(pool, NULL);
  guint b = (guint)iv_inference_pool_add_camera(pool, NULL);
  submit(pool, a, 1);
  wait_until(&stage, &stage.entered, 1);
  submit(pool, a, 2);
  submit(pool, b, 1);
  wait_until(&stage, &stage.entered, 2); /* the second is b's: a's first still runs */
  give_tickets(&stage, G_MAXUINT);
  iv_inference_pool_drain(pool, a);
  iv_inference_pool_drain(pool, b);
  g_assert_cmpuint(stage.running_max, ==, 2);
  guint64 last_of_a = 0;
  for (guint i = 0; i < 3; i++) {
    Seen seen = result_at(&stage, i);
    if (seen.camera == a) {
      g_assert_cmpuint(seen.seq, >, last_of_a);
      last_of_a = seen.seq;
    }
  }
  g_assert_cmpuint(last_of_a, ==, 2);
  iv_inference_pool_free(pool);
  stage_clear(&stage);
}

static gpointer feed_file(gpointer data) {
  IvInferencePool *pool = data;
  for (guint64 seq = 0; seq < 50; seq++) {
    g_autoptr(IvFrame) frame = frame_new(seq);
    g_assert_cmpint(iv_inference_pool_submit_wait(pool, 0, frame), ==, IV_SUBMIT_QUEUED);
  }
  iv_inference_pool_drain(pool, 0);
  return NULL;
}

/* Files: nothing is lost however slow the detector is, and the order is kept. */
static void test_lossless(void) {
  Stage stage;
  stage_init(&stage);
  IvInferencePool *pool = pool_new(&stage, 3);
  iv_inference_pool_add_camera(pool, NULL);
  g_autoptr(GThread) feeder = g_thread_new("feeder", feed_file, pool);
  for (guint i = 0; i < 50; i++) {
    give_tickets(&stage, 1);
    g_assert_cmpuint(result_at(&stage, i).seq, ==, i);
  }
  g_thread_join(g_steal_pointer(&feeder));
  IvInferenceStats stats = iv_inference_pool_stats(pool);
  g_assert_cmpuint(stats.workers, ==, 3);
  g_assert_cmpuint(stats.total.due, ==, 50);
  g_assert_cmpuint(stats.total.analysed, ==, 50);
  g_assert_cmpuint(stats.total.skipped, ==, 0);
  iv_inference_pool_free(pool);
  stage_clear(&stage);
}

static void test_gate(void) {
  Stage stage;
  stage_init(&stage);
  IvInferencePool *pool = pool_new(&stage, 1);
  IvMotionConfig config = iv_motion_config_default();
  guint camera = (guint)iv_inference_pool_add_camera(pool, &config);
  give_tickets(&stage, G_MAXUINT);
  g_assert_cmpint(submit(pool, camera, 0), ==, IV_SUBMIT_QUEUED);
  iv_inference_pool_drain(pool, camera);
  g_assert_cmpint(submit(pool, camera, 1), ==, IV_SUBMIT_GATED);
  iv_inference_pool_set_watched(pool, camera, TRUE);
  g_assert_cmpint(submit(pool, camera, 2), ==, IV_SUBMIT_QUEUED);
  iv_inference_pool_drain(pool, camera);
  iv_inference_pool_set_watched(pool, camera, FALSE);
  g_assert_cmpint(submit(pool, camera, 3), ==, IV_SUBMIT_GATED);
  IvInferenceCounts counts = iv_inference_pool_camera_counts(pool, camera);
  g_assert_cmpuint(counts.due, ==, 4);
  g_assert_cmpuint(counts.gated, ==, 2);
  g_assert_cmpuint(counts.analysed, ==, 2);
  iv_inference_pool_free(pool);
  stage_clear(&stage);
}

static void test_failure_is_told(void) {
  Stage stage;
  stage_init(&stage);
  stage.fail = TRUE;
  IvInferencePool *pool = pool_new(&stage, 1);
  guint camera = (guint)iv_inference_pool_add_camera(pool, NULL);
  give_tickets(&stage, G_MAXUINT);
  submit(pool, camera, 1);
  iv_inference_pool_drain(pool, camera);
  g_assert_true(result_at(&stage, 0).failed);
  IvInferenceCounts counts = iv_inference_pool_camera_counts(pool, camera);
  g_assert_cmpuint(counts.failed, ==, 1);
  g_assert_cmpuint(counts.analysed, ==, 0);
  iv_inference_pool_free(pool);
  stage_clear(&stage);
}

static gpointer remove_first(gpointer pool) {
  iv_inference_pool_remove_camera(pool, 0);
  return NULL;
}

/* A removed camera's last callback is over when remove returns; its counts stay in the total; its
 * number is given out again. */
static void test_remove(void) {
  Stage stage;
  stage_init(&stage);
  IvInferencePool *pool = pool_new(&stage, 1);
  guint a = (guint)iv_inference_pool_add_camera(pool, NULL);
  guint b = (guint)iv_inference_pool_add_camera(pool, NULL);
  submit(pool, a, 1);
  wait_until(&stage, &stage.entered, 1);
  submit(pool, a, 2);
  g_autoptr(GThread) remover = g_thread_new("remover", remove_first, pool);
  give_tickets(&stage, G_MAXUINT);
  g_thread_join(g_steal_pointer(&remover));
  guint results = stage.results->len;
  g_assert_cmpint(iv_inference_pool_add_camera(pool, NULL), ==, a);
  submit(pool, b, 9);
  iv_inference_pool_drain(pool, b);
  g_assert_cmpuint(result_at(&stage, results).camera, ==, b);
  IvInferenceCounts total = iv_inference_pool_stats(pool).total;
  g_assert_cmpuint(total.due, ==, 3);
  g_assert_cmpuint(total.analysed + total.skipped, ==, 3);
  iv_inference_pool_free(pool);
  stage_clear(&stage);
}

static gpointer feed_live(gpointer data) {
  IvInferencePool *pool = data;
  int camera = iv_inference_pool_add_camera(pool, NULL);
  for (guint64 seq = 0; seq < 200; seq++)
    submit(pool, (guint)camera, seq);
  iv_inference_pool_drain(pool, (guint)camera);
  return NULL;
}

/* Many threads at once; every picture is accounted for, and ends are clean with work in hand. */
static void test_many_threads(void) {
  Stage stage;
  stage_init(&stage);
  stage.tickets = G_MAXUINT;
  IvInferencePool *pool = pool_new(&stage, 3);
  GThread *feeders[6];
  for (guint i = 0; i < G_N_ELEMENTS(feeders); i++)
    feeders[i] = g_thread_new("feeder", feed_live, pool);
  for (guint i = 0; i < G_N_ELEMENTS(feeders); i++)
    g_thread_join(feeders[i]);
  IvInferenceCounts total = iv_inference_pool_stats(pool).total;
  g_assert_cmpuint(total.due, ==, 1200);
  g_assert_cmpuint(total.analysed + total.skipped, ==, 1200);
  g_assert_cmpuint(stage.results->len, ==, total.analysed);
  for (guint camera = 0; camera < 6; camera++)
    submit(pool, camera, 1000);
  iv_inference_pool_free(pool);
  stage_clear(&stage);
}

#define ROUND 50 /* pictures for each one that the detector finishes */

/* Submits in step with the detector, ROUND times more than it takes, until the load is known and
 * pictures are thinned out; then goes on until `wanted` became of one. Returns its number. */
static guint64 submit_until(Stage *stage, IvInferencePool *pool, guint camera, guint64 from,
                            gboolean seam, IvSubmit wanted) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  for (guint64 seq = from; g_get_monotonic_time() < until; seq++) {
    g_autoptr(IvFrame) frame = frame_new(seq);
    frame->discontinuity = seam;
    if (iv_inference_pool_submit(pool, camera, frame) == wanted)
      return seq;
    if (seq % ROUND == ROUND - 1) {
      guint results = stage->results->len;
      give_tickets(stage, 1);
      wait_until(stage, &stage->results->len, results + 1);
    }
  }
  g_error("waited too long");
}

/* More pictures than a worker can take: after a second the rate goes down, each picture left out
 * is counted, and a seam among them comes with the picture after it, not with the one before. */
static void test_thinning(void) {
  Stage stage;
  stage_init(&stage);
  IvInferencePool *pool = pool_new(&stage, 1);
  guint camera = (guint)iv_inference_pool_add_camera(pool, NULL);
  guint64 last = submit_until(&stage, pool, camera, 0, FALSE, IV_SUBMIT_THINNED);
  g_assert_cmpfloat(iv_inference_pool_rate_factor(pool), <, 1);
  last = submit_until(&stage, pool, camera, last + 1, TRUE, IV_SUBMIT_THINNED);
  /* What waits now came before the seam. */
  guint before = stage.results->len;
  give_tickets(&stage, G_MAXUINT);
  iv_inference_pool_drain(pool, camera);
  for (guint i = before; i < stage.results->len; i++)
    g_assert_false(result_at(&stage, i).seam);
  guint seen = stage.results->len;
  while (submit(pool, camera, ++last) == IV_SUBMIT_THINNED)
    g_assert_cmpuint(last, <, G_MAXUINT);
  g_assert_true(result_at(&stage, seen).seam);
  iv_inference_pool_drain(pool, camera);
  IvInferenceCounts counts = iv_inference_pool_camera_counts(pool, camera);
  g_assert_cmpuint(counts.due, ==, last + 1);
  g_assert_cmpuint(counts.analysed + counts.skipped, ==, counts.due);
  iv_inference_pool_free(pool);
  stage_clear(&stage);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/vision/pool/newest-waits", test_newest_waits);
  g_test_add_func("/vision/pool/seam", test_seam_is_kept);
  g_test_add_func("/vision/pool/fair", test_fair);
  g_test_add_func("/vision/pool/one-in-flight", test_one_in_flight);
  g_test_add_func("/vision/pool/lossless", test_lossless);
  g_test_add_func("/vision/pool/gate", test_gate);
  g_test_add_func("/vision/pool/failure", test_failure_is_told);
  g_test_add_func("/vision/pool/remove", test_remove);
  g_test_add_func("/vision/pool/many-threads", test_many_threads);
  g_test_add_func("/vision/pool/thinning", test_thinning);
  return g_test_run();
}
