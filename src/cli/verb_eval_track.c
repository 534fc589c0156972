/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye eval track`: the product's tracker over a detections file or a film. */
#include <jansson.h>
#include <stdio.h>

#include "app/film.h"
#include "cli/detector_options.h"
#include "cli/mot_read.h"
#include "cli/mot_sequence.h"
#include "cli/track_rows.h"
#include "cli/verbs.h"
#include "vision/scripted.h"

#define FPS_MAX 1000.0

typedef struct {
  char *det, *video, *out, *image;
  double fps;
  gboolean json;
} Options;

static void options_clear(Options *options) {
  g_free(options->det);
  g_free(options->video);
  g_free(options->out);
  g_free(options->image);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean see(const IvFrame *frame, const IvDetection *found, guint n, gpointer user_data) {
  iv_track_rows_see(user_data, frame, found, n);
  return TRUE;
}

/* With a detections file the network is not needed: an empty script stands in for it. */
static IvDetector *open_detector(const Options *options, IvDetectorOptions *detector,
                                 GError **error) {
  if (options->det)
    return iv_scripted_detector_parse("", (IvSize){1, 1}, error);
  if (detector->score < 0)
    detector->score = (double)iv_tracker_config_default().low_score;
  return iv_detector_options_open(detector, error);
}

static gboolean track_film(const Options *options, IvDetectorOptions *detector_options,
                           IvTrackRows *rows, GError **error) {
  g_autoptr(IvDetector) detector = open_detector(options, detector_options, error);
  IvFilmConfig film = {.video = options->video, .fps = options->fps, .progress = TRUE};
  return detector && iv_film_run(&film, detector, see, rows, error);
}

static gboolean track_file(const Options *options, const IvDetectorOptions *detector_options,
                           const GArray *detections, IvTrackRows *rows, GError **error) {
  IvMotSequence sequence = iv_mot_sequence_of(options->det, detections);
  if (!sequence.told && !(options->fps > 0))
    g_printerr("inveye eval track: no seqinfo.ini beside %s, so %g frames a second are assumed; "
               "--fps N says better\n",
               options->det, sequence.fps);
  /* --size means the network elsewhere; without one it can only mean the picture. */
  const char *image = options->image ? options->image : detector_options->size;
  if (image && !iv_detector_options_read_size(image, &sequence.size, error))
    return FALSE;
  iv_track_rows_run(rows, options->fps > 0 ? options->fps : sequence.fps, sequence.size);
  return TRUE;
}

static gboolean write_out(const Options *options, const IvTrackRows *rows, GError **error) {
  if (options->out)
    return g_file_set_contents(options->out, iv_track_rows_text(rows), -1, error);
  if (!options->json)
    fputs(iv_track_rows_text(rows), stdout);
  return TRUE;
}

static void print_tally(const Options *options, const IvTrackRows *rows) {
  IvTrackTally tally = iv_track_rows_tally(rows);
  if (!options->json) {
    g_printerr("%" G_GUINT64_FORMAT " frames, %" G_GUINT64_FORMAT " people tracked\n", tally.frames,
               tally.tracks);
    return;
  }
  json_t *json = json_pack("{s:I, s:I}", "frames", (json_int_t)tally.frames, "tracks",
                           (json_int_t)tally.tracks);
  json_dumpf(json, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
  putchar('\n');
  json_decref(json);
}

static int check_usage(const Options *options) {
  if (!options->det && !options->video)
    iv_verb_fail(&iv_verb_eval_track, "needs --det F (detections) or --video F (a film), or both");
  else if (!(options->fps >= 0 && options->fps <= FPS_MAX))
    iv_verb_fail(&iv_verb_eval_track, "--fps must be from 0 to 1000");
  else
    return 0;
  return IV_EXIT_USAGE;
}

static gboolean evaluate(const Options *options, IvDetectorOptions *detector_options,
                         GError **error) {
  g_autoptr(GArray) detections = NULL;
  if (options->det && !(detections = iv_mot_read(options->det, IV_MOT_DETECTIONS, error)))
    return FALSE;
  g_autoptr(IvTrackRows) rows = iv_track_rows_new(detections);
  gboolean fine = options->video ? track_film(options, detector_options, rows, error)
                                 : track_file(options, detector_options, detections, rows, error);
  if (!fine || !write_out(options, rows, error))
    return FALSE;
  print_tally(options, rows);
  return TRUE;
}

static int run(int argc, char **argv) {
  g_auto(Options) options = {0};
  g_auto(IvDetectorOptions) detector_options = {0};
  const GOptionEntry own[] = {
      {"det", 0, 0, G_OPTION_ARG_FILENAME, &options.det,
       "detections, MOTChallenge format (with --video: instead of the detector)", "F"},
      {"video", 0, 0, G_OPTION_ARG_FILENAME, &options.video, "film to look at", "F"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out,
       "write the tracks here (default: standard output)", "F"},
      {"fps", 0, 0, G_OPTION_ARG_DOUBLE, &options.fps,
       "with --video: analysed frames a second (default: all); with --det alone: frames a second "
       "of the file (default: its seqinfo.ini, else 25)",
       "N"},
      {"image", 0, 0, G_OPTION_ARG_STRING, &options.image,
       "with --det alone: size of the picture (default: its seqinfo.ini, else what the boxes fill)",
       "WxH"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = iv_detector_option_entries(&detector_options, own);
  if (!iv_verb_parse(&iv_verb_eval_track, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  int wrong = check_usage(&options);
  if (wrong)
    return wrong;
  g_autoptr(GError) error = NULL;
  if (!evaluate(&options, &detector_options, &error))
    return iv_verb_fail(&iv_verb_eval_track, "%s", error->message);
  return 0;
}

const IvVerb iv_verb_eval_track = {
    "eval track", "track people in a detections file or a film",
    "--det F | --video F [--det F] [--out F] [--fps N] [--image WxH] [--json]", run};
