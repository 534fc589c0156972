/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye bench pipeline`: CPU time a frame of the whole way (reading, detector, tracker, rules,
 * outbox, store; no motion gate) beside the bare loop of bench/bare.c, in turns on one film. */
#include <glib/gstdio.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/node.h"
#include "base/clock.h"
#include "cli/bench_folder.h"
#include "cli/verbs.h"
#include "config/scene_json.h"
#include "vision/onnx.h"

#define ROUNDS_MAX 50
#define FRAME_RATE_MAX 30 /* of the configuration: films up to it are analysed frame by frame */

typedef struct {
  char *video, *bare;
  int rounds;
  gboolean json;
} Options;

static void options_clear(Options *options) {
  g_free(options->video);
  g_free(options->bare);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* ---- the bare loop ---- */

static gboolean run_bare(const Options *options, double *ret_ms, GError **error) {
  g_autofree char *models =
      g_build_filename(g_get_user_cache_dir(), "inveye", "models", "nanodet.onnx", NULL);
  g_autofree char *library =
      g_build_filename(g_get_user_cache_dir(), "inveye", "onnxruntime", "libonnxruntime.so", NULL);
  const char *arguments[] = {options->bare, options->video, library, models, "320", "256", NULL};
  g_autofree char *out = NULL;
  int status = 0;
  if (!g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL,
                    &status, error) ||
      !g_spawn_check_wait_status(status, error))
    return FALSE;
  *ret_ms = g_ascii_strtod(out, NULL);
  return TRUE;
}

/* ---- the whole way ---- */

typedef struct {
  GMutex mutex;
  GCond changed;
  gboolean over;
  gboolean failed;
} Film;

static void on_state(guint camera, IvIngestState state, gpointer user_data) {
  Film *film = user_data;
  (void)camera;
  if (state != IV_INGEST_ENDED && state != IV_INGEST_OFFLINE)
    return;
  g_mutex_lock(&film->mutex);
  film->over = TRUE;
  film->failed = state == IV_INGEST_OFFLINE;
  g_cond_signal(&film->changed);
  g_mutex_unlock(&film->mutex);
}

static void on_events(const IvEvent *events, guint n, IvTime arrived, gpointer user_data) {
  (void)events, (void)n, (void)arrived, (void)user_data;
}

static IvConfig *make_config(const char *video, const char *folder, GError **error) {
  static const char drawing[] =
      "{\"image\":{\"w\":768,\"h\":576},\"full_view\":true,\"lines\":[{\"id\":\"door\",\"kind\":"
      "\"entrance\",\"a\":[0.5,0],\"b\":[0.5,1]}],\"zones\":[{\"id\":\"middle\",\"kind\":"
      "\"product\",\"polygon\":[[0.26,0.26],[0.65,0.26],[0.65,0.61],[0.26,0.61]]}]}";
  g_autoptr(IvConfig) config = iv_config_new();
  g_free(config->server.data_dir);
  config->server.data_dir = g_strdup(folder);
  config->server.port = 0;
  config->cameras = g_new0(IvCameraConfig, 1);
  config->n_cameras = 1;
  IvCameraConfig *camera = config->cameras;
  iv_slug_set(&camera->id, "film");
  camera->name = g_strdup("Film");
  camera->number = 1;
  camera->url = g_strdup(video);
  camera->fps = FRAME_RATE_MAX;
  camera->enabled = TRUE;
  camera->scene = iv_scene_from_text(drawing, strlen(drawing), error);
  if (!camera->scene)
    return NULL;
  camera->scene->camera_id = camera->id;
  return g_steal_pointer(&config);
}

static void wait_until_over(Film *film) {
  g_mutex_lock(&film->mutex);
  while (!film->over)
    g_cond_wait(&film->changed, &film->mutex);
  g_mutex_unlock(&film->mutex);
}

/* From the running node on (the bare loop too has its session made before it counts) until all is
 * stored and closed. */
static gboolean run_node(const IvConfig *config, Film *film, double *ret_ms, guint64 *ret_frames,
                         GError **error) {
  IvNodeWatch watch = {.on_state = on_state, .on_events = on_events, .user_data = film};
  IvNodeOptions options = {.config = config, .watch = &watch};
  IvNodeStarted started = {0};
  IvNode *node = iv_node_start(&options, &started, error);
  if (!node)
    return FALSE;
  IvTime begun = iv_clock_process_cpu();
  iv_node_started_clear(&started);
  wait_until_over(film);
  guint64 frames = iv_node_counts(node).due;
  iv_node_free(node);
  double spent = (double)(iv_clock_process_cpu() - begun) / (double)IV_MS;
  if (film->failed || frames == 0) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s cannot be read as a film",
                config->cameras->url);
    return FALSE;
  }
  *ret_ms = spent / (double)frames;
  *ret_frames = frames;
  return TRUE;
}

static gboolean run_whole(const Options *options, double *ret_ms, guint64 *ret_frames,
                          GError **error) {
  g_autofree char *folder = g_dir_make_tmp("inveye-bench-XXXXXX", error);
  g_autoptr(IvConfig) config = folder ? make_config(options->video, folder, error) : NULL;
  if (!config)
    return FALSE;
  Film film = {0};
  g_mutex_init(&film.mutex);
  g_cond_init(&film.changed);
  gboolean fine = run_node(config, &film, ret_ms, ret_frames, error);
  g_cond_clear(&film.changed);
  g_mutex_clear(&film.mutex);
  iv_bench_folder_remove(folder);
  return fine;
}

/* ---- in turns ---- */

typedef struct {
  double bare[ROUNDS_MAX], whole[ROUNDS_MAX], ratio[ROUNDS_MAX];
  guint64 frames;
} Rounds;

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double median(double *values, int n) {
  qsort(values, (size_t)n, sizeof *values, ascending);
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static gboolean measure(const Options *options, Rounds *rounds, GError **error) {
  for (int i = 0; i < options->rounds; i++) {
    if (!run_bare(options, &rounds->bare[i], error) ||
        !run_whole(options, &rounds->whole[i], &rounds->frames, error))
      return FALSE;
    rounds->ratio[i] = rounds->bare[i] / rounds->whole[i];
    g_printerr("  round %d of %d: bare %.2f ms, whole %.2f ms of CPU a frame\n", i + 1,
               options->rounds, rounds->bare[i], rounds->whole[i]);
  }
  return TRUE;
}

static void report(const Options *options, Rounds *rounds) {
  double ratio = median(rounds->ratio, options->rounds);
  double bare = median(rounds->bare, options->rounds);
  double whole = median(rounds->whole, options->rounds);
  if (options->json)
    printf("{\"ratio\":%.4f,\"bare_ms\":%.3f,\"whole_ms\":%.3f,\"frames_per_second\":%.2f,"
           "\"frames\":%" G_GUINT64_FORMAT ",\"rounds\":%d}\n",
           ratio, bare, whole, 1000 / whole, rounds->frames, options->rounds);
  else
    printf("bare loop %.2f ms, whole pipeline %.2f ms of CPU a frame: ratio %.3f (median of %d "
           "rounds of %" G_GUINT64_FORMAT " frames)\n",
           bare, whole, ratio, options->rounds, rounds->frames);
}

static void complete(Options *options) {
  if (!options->video)
    options->video = g_build_filename(g_get_user_cache_dir(), "inveye", "vtest.avi", NULL);
  if (options->bare)
    return;
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname(self);
  options->bare = g_build_filename(folder, "bench", "bare", NULL);
}

static int run(int argc, char **argv) {
  g_auto(Options) options = {.rounds = 3};
  const GOptionEntry entries[] = {
      {"video", 0, 0, G_OPTION_ARG_FILENAME, &options.video,
       "film, at most 30 frames a second (default: the demo's vtest.avi)", "F"},
      {"bare", 0, 0, G_OPTION_ARG_FILENAME, &options.bare,
       "the bare loop's program (default: bench/bare beside this program)", "F"},
      {"rounds", 0, 0, G_OPTION_ARG_INT, &options.rounds, "how often, 1 to 50 (default: 3)", "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_bench_pipeline, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (options.rounds < 1 || options.rounds > ROUNDS_MAX) {
    iv_verb_fail(&iv_verb_bench_pipeline, "--rounds must be from 1 to %d", ROUNDS_MAX);
    return IV_EXIT_USAGE;
  }
  complete(&options);
  if (!g_file_test(options.bare, G_FILE_TEST_IS_EXECUTABLE))
    return iv_verb_fail(&iv_verb_bench_pipeline,
                        "no %s to compare with; run it from a built checkout (make build)",
                        options.bare);
  if (!g_file_test(options.video, G_FILE_TEST_IS_REGULAR))
    return iv_verb_fail(&iv_verb_bench_pipeline, "no film %s; name one with --video F",
                        options.video);
  iv_log_start(IV_LOG_ERROR);
  g_autofree Rounds *rounds = g_new0(Rounds, 1);
  g_autoptr(GError) error = NULL;
  if (!measure(&options, rounds, &error))
    return iv_verb_fail(&iv_verb_bench_pipeline, "%s", error->message);
  report(&options, rounds);
  return 0;
}

const IvVerb iv_verb_bench_pipeline = {"bench pipeline",
                                       "measure the whole pipeline beside the bare loop",
                                       "[--video F] [--rounds N] [--json]", run};
