/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye bench tracker`: frames a second that one thread tracks. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/mot_read.h"
#include "cli/mot_sequence.h"
#include "cli/verbs.h"
#include "track/tracker.h"

#define SECONDS_DEFAULT 2.0
#define SECONDS_MAX 600.0
#define WALKERS 8 /* of the crowd that stands in when no file is given */
#define WALK_FRAMES 1000

/* Detections frame by frame, ready to be fed again and again. */
typedef struct {
  IvMotSequence sequence;
  GArray *detections; /* IvDetection */
  GArray *ends;       /* guint: of each frame, where the next one begins */
} Reel;

static void reel_clear(Reel *reel) {
  g_clear_pointer(&reel->detections, g_array_unref);
  g_clear_pointer(&reel->ends, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reel, reel_clear)

static void add_box(Reel *reel, double left, double top, double width, double height,
                    double score) {
  double w = reel->sequence.size.width, h = reel->sequence.size.height;
  IvDetection detection = {.box = {(float)(left / w), (float)(top / h), (float)((left + width) / w),
                                   (float)((top + height) / h)},
                           .score = (float)score,
                           .class_id = IV_CLASS_PERSON};
  g_array_append_val(reel->detections, detection);
}

static void load_rows(Reel *reel, const GArray *rows) {
  int last = rows->len ? g_array_index(rows, IvMotRow, rows->len - 1).frame : 0;
  guint next = 0;
  for (int frame = 1; frame <= last; frame++) {
    for (; next < rows->len && g_array_index(rows, IvMotRow, next).frame == frame; next++) {
      const IvMotRow *row = &g_array_index(rows, IvMotRow, next);
      add_box(reel, row->left, row->top, row->width, row->height, row->score);
    }
    g_array_append_val(reel->ends, reel->detections->len);
  }
}

/* People on crossing loops, each missed in every ninth frame. */
static void make_walkers(Reel *reel) {
  reel->sequence = (IvMotSequence){10, {768, 576}, TRUE};
  for (int frame = 0; frame < WALK_FRAMES; frame++) {
    for (int i = 0; i < WALKERS; i++) {
      double turn = 2 * G_PI * frame / (150 + 20 * i) + i;
      if ((frame + 3 * i) % 9)
        add_box(reel, 360 + 300 * cos(turn), 230 + 180 * sin(turn + i), 32, 84, 0.5 + 0.05 * i);
    }
    g_array_append_val(reel->ends, reel->detections->len);
  }
}

static void run_once(const Reel *reel) {
  g_autoptr(IvTracker) tracker = iv_tracker_new(NULL, reel->sequence.size);
  const IvDetection *all = (const IvDetection *)(gconstpointer)reel->detections->data;
  guint from = 0;
  for (guint t = 0; t < reel->ends->len; t++) {
    guint end = g_array_index(reel->ends, guint, t);
    IvTime ts = (IvTime)(t * (double)IV_SECOND / reel->sequence.fps);
    iv_tracker_update(tracker, ts, all + from, NULL, end - from);
    from = end;
  }
}

static void measure(const Reel *reel, double seconds, gboolean as_json) {
  IvTime start = iv_clock_process_cpu(), spent = 0;
  guint64 frames = 0;
  while (spent < (IvTime)(seconds * (double)IV_SECOND)) {
    run_once(reel);
    frames += reel->ends->len;
    spent = iv_clock_process_cpu() - start;
  }
  double rate = (double)frames * (double)IV_SECOND / (double)MAX(spent, 1);
  double crowd = (double)reel->detections->len / reel->ends->len;
  if (as_json)
    printf("{\"frames_per_second\":%.0f,\"detections_per_frame\":%.2f}\n", rate, crowd);
  else
    printf("%.0f frames a second of CPU time, %.1f detections a frame\n", rate, crowd);
}

static int run(int argc, char **argv) {
  g_autofree char *det = NULL;
  double seconds = SECONDS_DEFAULT;
  gboolean as_json = FALSE;
  const GOptionEntry options[] = {
      {"det", 0, 0, G_OPTION_ARG_FILENAME, &det,
       "detections, MOTChallenge format (default: eight made-up walkers)", "F"},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "CPU time to spend (default: 2)", "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_bench_tracker, options, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!(seconds > 0 && seconds <= SECONDS_MAX)) {
    iv_verb_fail(&iv_verb_bench_tracker, "--seconds must be over 0 and at most 600");
    return IV_EXIT_USAGE;
  }
  g_auto(Reel) reel = {.detections = g_array_new(FALSE, FALSE, sizeof(IvDetection)),
                       .ends = g_array_new(FALSE, FALSE, sizeof(guint))};
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) rows = det ? iv_mot_read(det, IV_MOT_DETECTIONS, &error) : NULL;
  if (error)
    return iv_verb_fail(&iv_verb_bench_tracker, "%s", error->message);
  if (rows && rows->len == 0)
    return iv_verb_fail(&iv_verb_bench_tracker, "%s holds no detections", det);
  if (rows) {
    reel.sequence = iv_mot_sequence_of(det, rows);
    load_rows(&reel, rows);
  } else {
    make_walkers(&reel);
  }
  measure(&reel, seconds, as_json);
  return 0;
}

const IvVerb iv_verb_bench_tracker = {"bench tracker", "measure the speed of the tracker",
                                      "[--det F] [--seconds N] [--json]", run};
