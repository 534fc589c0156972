/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye eval track`: runs the product's tracker over detections and writes what it shows. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/film.h"
#include "cli/detector_options.h"
#include "cli/mot_read.h"
#include "cli/verbs.h"
#include "track/appearance.h"
#include "track/tracker.h"
#include "vision/scripted.h"

#define FPS_DEFAULT 25
#define IMAGE_DEFAULT ((IvSize){1920, 1080})

typedef struct {
  char *video, *det, *out, *image;
  double fps;
} Options;

static void options_clear(Options *options) {
  g_free(options->video);
  g_free(options->det);
  g_free(options->out);
  g_free(options->image);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

typedef struct {
  IvTracker *tracker;
  IvSize image;
  FILE *out;
  int frame;          /* from 1 */
  gboolean in_pixels; /* detections of a file beside a film: shares come with the first frame */
  IvDetection found[IV_DETECTIONS_MAX];
  IvAppearance looks[IV_DETECTIONS_MAX];
} Run;

/* Online: a frame's rows are written when the frame was seen, from what the product would draw. */
static void write_frame(Run *run, int frame) {
  guint n = 0;
  const IvTrackPoint *live = iv_tracker_live(run->tracker, &n);
  double w = run->image.width, h = run->image.height;
  for (guint i = 0; i < n; i++) {
    const IvBox *box = &live[i].box;
    if (live[i].state == IV_TRACK_CONFIRMED)
      fprintf(run->out, "%d,%" G_GUINT64_FORMAT ",%.2f,%.2f,%.2f,%.2f,%.4f,-1,-1,-1\n", frame,
              live[i].tracklet_id, (double)box->x0 * w, (double)box->y0 * h,
              (double)iv_box_width(box) * w, (double)iv_box_height(box) * h, (double)live[i].score);
  }
}

static void track_rows(Run *run, const GArray *rows, double fps) {
  IvDetection found[IV_DETECTIONS_MAX];
  int last = rows->len ? g_array_index(rows, IvMotRow, rows->len - 1).frame : 0;
  float w = (float)run->image.width, h = (float)run->image.height;
  guint at = 0;
  for (int frame = 1; frame <= last; frame++) {
    guint n = 0;
    for (; at < rows->len && g_array_index(rows, IvMotRow, at).frame == frame; at++) {
      const IvMotRow *row = &g_array_index(rows, IvMotRow, at);
      if (n == IV_DETECTIONS_MAX)
        continue;
      found[n++] = (IvDetection){.box = {(float)row->left / w, (float)row->top / h,
                                         (float)(row->left + row->width) / w,
                                         (float)(row->top + row->height) / h},
                                 .score = (float)row->score};
    }
    iv_tracker_update(run->tracker, (IvTime)((frame - 1) * 1e6 / fps), found, NULL, n);
    write_frame(run, frame);
  }
}

static void to_shares(IvBox *box, IvSize image) {
  float w = (float)image.width, h = (float)image.height;
  *box = (IvBox){box->x0 / w, box->y0 / h, box->x1 / w, box->y1 / h};
}

static gboolean see(const IvFrame *frame, const IvDetection *found, guint n, gpointer user_data) {
  Run *run = user_data;
  if (!run->tracker) {
    run->image = frame->size;
    run->tracker = iv_tracker_new(NULL, frame->size);
  }
  for (guint i = 0; i < n; i++) {
    run->found[i] = found[i];
    if (run->in_pixels)
      to_shares(&run->found[i].box, frame->size);
    run->looks[i] = iv_appearance_from_frame(frame, run->found[i].box);
  }
  iv_tracker_update(run->tracker, frame->ts, run->found, run->looks, n);
  write_frame(run, (int)frame->seq + 1);
  return TRUE;
}

/* What MOTChallenge writes beside a sequence, <sequence>/det/det.txt and <sequence>/seqinfo.ini:
 * rate and size of the pictures that the boxes come from. FALSE when there is no such file. */
static gboolean read_sequence(const char *det, double *ret_fps, IvSize *ret_image) {
  g_autofree char *folder = g_path_get_dirname(det);
  g_autofree char *path = g_build_filename(folder, "..", "seqinfo.ini", NULL);
  g_autoptr(GKeyFile) file = g_key_file_new();
  if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  double fps = g_key_file_get_double(file, "Sequence", "frameRate", NULL);
  int width = g_key_file_get_integer(file, "Sequence", "imWidth", NULL);
  int height = g_key_file_get_integer(file, "Sequence", "imHeight", NULL);
  if (fps <= 0 || width <= 0 || height <= 0)
    return FALSE;
  *ret_fps = fps;
  *ret_image = (IvSize){width, height};
  return TRUE;
}

static gboolean run_det(Run *run, const Options *options, GError **error) {
  g_autoptr(GArray) rows = iv_mot_read(options->det, IV_MOT_DETECTIONS, error);
  if (!rows)
    return FALSE;
  double fps = FPS_DEFAULT;
  IvSize image = IMAGE_DEFAULT;
  gboolean told = read_sequence(options->det, &fps, &image);
  if (!told && (options->fps <= 0 || !options->image))
    fprintf(
        stderr,
        "inveye eval track: no seqinfo.ini beside the detections; taking %g frames a second and "
        "%dx%d where --fps and --image do not say\n",
        fps, image.width, image.height);
  if (!options->image)
    run->image = image;
  run->tracker = iv_tracker_new(NULL, run->image);
  track_rows(run, rows, options->fps > 0 ? options->fps : fps);
  return TRUE;
}

static gboolean run_video(Run *run, const Options *options,
                          const IvDetectorOptions *detector_options, GError **error) {
  run->in_pixels = options->det != NULL;
  g_autoptr(IvDetector) detector =
      options->det ? iv_scripted_detector_open(options->det, (IvSize){1, 1}, error)
                   : iv_detector_options_open(detector_options, error);
  IvFilmConfig film = {.video = options->video, .fps = options->fps, .progress = TRUE};
  return detector && iv_film_run(&film, detector, see, run, error);
}

static gboolean read_image(const char *text, IvSize *ret_size) {
  int width, height, end = 0;
  if (sscanf(text, "%dx%d%n", &width, &height, &end) != 2 || text[end] || width < 1 || height < 1)
    return FALSE;
  *ret_size = (IvSize){width, height};
  return TRUE;
}

static int track(const Options *options, const IvDetectorOptions *detector_options) {
  g_autoptr(GError) error = NULL;
  g_autofree Run *run = g_new0(Run, 1);
  if (options->image && !read_image(options->image, &run->image))
    return iv_verb_fail(&iv_verb_eval_track, "--image %s is not a size; write it like 768x576",
                        options->image);
  run->out = options->out ? fopen(options->out, "w") : stdout;
  if (!run->out)
    return iv_verb_fail(&iv_verb_eval_track, "cannot write %s: %s", options->out,
                        g_strerror(errno));
  gboolean fine = options->video ? run_video(run, options, detector_options, &error)
                                 : run_det(run, options, &error);
  iv_tracker_free(run->tracker);
  if (options->out && fclose(run->out) != 0 && fine)
    return iv_verb_fail(&iv_verb_eval_track, "cannot write %s: %s", options->out,
                        g_strerror(errno));
  return fine ? 0 : iv_verb_fail(&iv_verb_eval_track, "%s", error->message);
}

static int run(int argc, char **argv) {
  g_auto(Options) options = {0};
  g_auto(IvDetectorOptions) detector_options = {0};
  const GOptionEntry own[] = {
      {"det", 0, 0, G_OPTION_ARG_FILENAME, &options.det, "detections, MOTChallenge format", "F"},
      {"video", 0, 0, G_OPTION_ARG_FILENAME, &options.video, "film; its colours help", "F"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, "result file (default: standard output)",
       "F"},
      {"fps", 0, 0, G_OPTION_ARG_DOUBLE, &options.fps,
       "frames a second (default: seqinfo.ini, all)", "N"},
      {"image", 0, 0, G_OPTION_ARG_STRING, &options.image,
       "picture size of --det (default: seqinfo.ini)", "WxH"},
      G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = iv_detector_option_entries(&detector_options, own);
  if (!iv_verb_parse(&iv_verb_eval_track, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!options.det && !options.video) {
    iv_verb_fail(&iv_verb_eval_track, "needs --det or --video");
    return IV_EXIT_USAGE;
  }
  return track(&options, &detector_options);
}

const IvVerb iv_verb_eval_track = {"eval track", "track people in detections or a film",
                                   "--det F [--fps N] [--image WxH] | --video F [--det F] "
                                   "[--out F]",
                                   run};
