/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye eval detect`: how well the detector finds people on a film with a ground truth. */
#include <jansson.h>
#include <stdio.h>

#include "app/film.h"
#include "cli/detector_options.h"
#include "cli/mot_read.h"
#include "cli/verbs.h"
#include "eval/ap.h"
#include "vision/onnx.h"

#define SCORE_MIN 0.05 /* weaker detections are not judged */

typedef struct {
  char *video, *gt, *out;
  double fps, threshold;
  gboolean json;
} Options;

static void options_clear(Options *options) {
  g_free(options->video);
  g_free(options->gt);
  g_free(options->out);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

typedef struct {
  GArray *frames; /* int, numbers of the frames that were looked at */
  GArray *rows;   /* IvMotRow, what was found in them */
} Seen;

static gboolean see(const IvFrame *frame, const IvDetection *found, guint n, gpointer user_data) {
  Seen *seen = user_data;
  if (frame->seq >= IV_MOT_FRAME_MAX)
    return TRUE;
  int number = (int)frame->seq + 1;
  g_array_append_val(seen->frames, number);
  for (guint i = 0; i < n; i++) {
    const IvBox *box = &found[i].box;
    double w = frame->size.width, h = frame->size.height;
    IvMotRow row = {.frame = number,
                    .id = -1,
                    .class_id = 1,
                    .left = (double)box->x0 * w,
                    .top = (double)box->y0 * h,
                    .width = (double)iv_box_width(box) * w,
                    .height = (double)iv_box_height(box) * h,
                    .score = (double)found[i].score};
    g_array_append_val(seen->rows, row);
  }
  return TRUE;
}

static gboolean write_rows(const char *path, const GArray *rows, GError **error) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < rows->len; i++) {
    const IvMotRow *row = &g_array_index(rows, IvMotRow, i);
    g_string_append_printf(text, "%d,-1,%.2f,%.2f,%.2f,%.2f,%.4f,-1,-1,-1\n", row->frame, row->left,
                           row->top, row->width, row->height, row->score);
  }
  return g_file_set_contents(path, text->str, (gssize)text->len, error);
}

static void print_scores(const Options *options, const Seen *seen,
                         const IvDetectionScores *scores) {
  if (!options->json) {
    printf("AP50 %.3f  recall %.3f  precision %.3f (score %.2f or more; %u frames, %u people)\n",
           scores->ap50, scores->recall, scores->precision, options->threshold, seen->frames->len,
           scores->n_gt);
    return;
  }
  json_t *json =
      json_pack("{s:f, s:f, s:f, s:f, s:I, s:I}", "ap50", scores->ap50, "recall", scores->recall,
                "precision", scores->precision, "score", options->threshold, "frames",
                (json_int_t)seen->frames->len, "people", (json_int_t)scores->n_gt);
  json_dumpf(json, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
  putchar('\n');
  json_decref(json);
}

static gboolean judge(const Options *options, IvDetector *detector, const GArray *gt,
                      GError **error) {
  g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(int));
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(IvMotRow));
  Seen seen = {frames, rows};
  IvFilmConfig film = {.video = options->video, .fps = options->fps, .progress = TRUE};
  if (!iv_film_run(&film, detector, see, &seen, error) ||
      (options->out && !write_rows(options->out, rows, error)))
    return FALSE;
  IvDetectionScores scores = iv_detection_scores(gt, rows, options->threshold,
                                                 (const int *)(void *)frames->data, frames->len);
  print_scores(options, &seen, &scores);
  return TRUE;
}

static int run(int argc, char **argv) {
  g_auto(Options) options = {0};
  g_auto(IvDetectorOptions) detector_options = {0};
  const GOptionEntry own[] = {
      {"video", 0, 0, G_OPTION_ARG_FILENAME, &options.video, "film to look at", "F"},
      {"gt", 0, 0, G_OPTION_ARG_FILENAME, &options.gt, "ground truth, MOTChallenge format", "F"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, "write the detections here", "F"},
      {"fps", 0, 0, G_OPTION_ARG_DOUBLE, &options.fps, "analysed frames a second (default: all)",
       "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = iv_detector_option_entries(&detector_options, own);
  if (!iv_verb_parse(&iv_verb_eval_detect, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!options.video || !options.gt) {
    iv_verb_fail(&iv_verb_eval_detect, "--video F and --gt F are both needed");
    return IV_EXIT_USAGE;
  }
  /* The curve needs the weak ones too; --score is where recall and precision are read off. */
  options.threshold =
      detector_options.score >= 0 ? detector_options.score : (double)IV_ONNX_SCORE_DEFAULT;
  detector_options.score = SCORE_MIN;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) gt = iv_mot_read(options.gt, IV_MOT_GROUND_TRUTH, &error);
  g_autoptr(IvDetector) detector = gt ? iv_detector_options_open(&detector_options, &error) : NULL;
  if (!detector || !judge(&options, detector, gt, &error))
    return iv_verb_fail(&iv_verb_eval_detect, "%s", error->message);
  return 0;
}

const IvVerb iv_verb_eval_detect = {
    "eval detect", "measure the detector on a film with a ground truth",
    "--video F --gt F [--out det.txt] [--fps N] [--size WxH] [--model F] [--score S] [--json]",
    run};
