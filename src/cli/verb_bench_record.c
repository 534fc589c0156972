/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye bench record`: what a camera costs that is recorded and not analysed, beside bare
 * GStreamer; whether each picture of many cameras is in the files; and what is left after the
 * program was killed, many times. Cameras are a process of their own. */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/bench_film.h"
#include "cli/bench_record.h"
#include "cli/camera_farm.h"
#include "cli/verbs.h"

#define FILM_SECONDS 20

typedef struct {
  char *folder, *farm;
  int cameras, seconds, many, many_seconds, kills, pictures;
  gboolean json;
} Options;

typedef struct {
  double bare; /* cores a camera */
  IvRecordCost few, many;
  IvRecordKills kills;
} Results;

IvConfig *iv_bench_record_config(guint n, char *const *urls, const char *film) {
  IvConfig *config = iv_config_new();
  iv_slug_set(&config->store.id, "bench");
  config->recording.mode = IV_RECORDING_CONTINUOUS;
  config->recording.segment = IV_MINUTE;
  config->recording.reserve_gb = 0.1;
  config->cameras = g_new0(IvCameraConfig, n);
  config->n_cameras = n;
  for (guint i = 0; i < n; i++) {
    IvCameraConfig *camera = &config->cameras[i];
    g_autofree char *id = g_strdup_printf("c%u", i);
    iv_slug_set(&camera->id, id);
    camera->name = g_strdup(id);
    camera->number = (int)i + 1;
    camera->url = g_strdup(urls ? urls[i] : film);
    camera->fps = 1;
    camera->enabled = TRUE;
  }
  return config;
}

/* ---- the film ---- */

/* Something that is hard to encode, so that the encoder uses the bits it is given. */
static gboolean make_film(const char *path, int width, int height, int kbit, GError **error) {
  g_autofree char *text =
      g_strdup_printf("videotestsrc num-buffers=%d pattern=smpte horizontal-speed=7 ! "
                      "video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1 ! openh264enc "
                      "bitrate=%d rate-control=bitrate gop-size=%d ! "
                      "h264parse ! mp4mux ! filesink location=\"%s\"",
                      FILM_SECONDS * IV_BENCH_RECORD_FPS, width, height, IV_BENCH_RECORD_FPS,
                      kbit * 1000, IV_BENCH_RECORD_GOP, path);
  return iv_bench_film_make(text, error);
}

/* ---- all of it ---- */

static char *make_folder(const char *parent, const char *name) {
  char *folder = g_build_filename(parent, name, NULL);
  g_mkdir(folder, 0700);
  return folder;
}

/* Files and folders below, too. */
static void remove_all(const char *path) {
  g_autoptr(GDir) dir =
      g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    remove_all(inner);
  }
  g_remove(path);
}

static gboolean measure_few(const Options *options, const char *film, const char *parent,
                            Results *results, GError **error) {
  guint n = (guint)options->cameras;
  guint pictures = (guint)options->seconds * IV_BENCH_RECORD_FPS;
  if (n == 0)
    return TRUE;
  g_autofree char *bare = make_folder(parent, "bare"), *few = make_folder(parent, "few");
  g_printerr("  %u cameras, bare GStreamer, %d s\n", n, options->seconds);
  gboolean fine = iv_bench_record_bare(film, bare, n, pictures, &results->bare, error);
  remove_all(bare);
  if (fine)
    g_printerr("  %u cameras, recorded, %d s\n", n, options->seconds);
  fine = fine && iv_bench_record_cost(film, few, n, pictures, &results->few, error);
  remove_all(few);
  return fine;
}

static gboolean measure_many(const Options *options, const char *film, const char *parent,
                             Results *results, GError **error) {
  if (options->many == 0)
    return TRUE;
  g_autofree char *folder = make_folder(parent, "many");
  g_printerr("  %d cameras, recorded, %d s\n", options->many, options->many_seconds);
  gboolean fine = iv_bench_record_cost(film, folder, (guint)options->many,
                                       (guint)options->many_seconds * IV_BENCH_RECORD_FPS,
                                       &results->many, error);
  remove_all(folder);
  return fine;
}

static gboolean measure_kills(const Options *options, const char *film, const char *parent,
                              Results *results, GError **error) {
  if (options->kills == 0)
    return TRUE;
  g_autofree char *folder = make_folder(parent, "killed");
  gboolean fine = iv_bench_record_kill(film, folder, (guint)options->kills, &results->kills, error);
  remove_all(folder);
  return fine;
}

static gboolean bench(const Options *options, Results *results, GError **error) {
  g_autofree char *made = options->folder ? g_build_filename(options->folder, "bench-XXXXXX", NULL)
                                          : g_strdup("/tmp/inveye-bench-XXXXXX");
  if (!g_mkdtemp(made)) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot make a folder %s", made);
    return FALSE;
  }
  g_autofree char *large = g_build_filename(made, "large.mp4", NULL);
  g_autofree char *small = g_build_filename(made, "small.mp4", NULL);
  g_printerr("  making films\n");
  gboolean fine = make_film(large, 1920, 1080, 2000, error) &&
                  make_film(small, 640, 360, 500, error) &&
                  measure_few(options, large, made, results, error) &&
                  measure_many(options, large, made, results, error) &&
                  measure_kills(options, small, made, results, error);
  remove_all(made);
  return fine;
}

/* ---- telling ---- */

static json_t *cost_json(const IvRecordCost *c) {
  return json_pack("{sI sI sI sI si si sf sf sf}", "sent", (json_int_t)c->sent, "stored",
                   (json_int_t)c->stored, "in_files", (json_int_t)c->in_files, "lost",
                   (json_int_t)c->lost, "files", (int)c->files, "damaged", (int)c->damaged,
                   "cores_per_camera", c->cores, "measured_s", c->seconds, "gb",
                   (double)c->bytes / 1e9);
}

static void print_json(const Results *r) {
  const IvRecordKills *k = &r->kills;
  json_t *json =
      json_pack("{sf so so s{si si si si si sI sf}}", "bare_cores_per_camera", r->bare, "few",
                cost_json(&r->few), "many", cost_json(&r->many), "kills", "rounds", (int)k->rounds,
                "files", (int)k->files, "torn", (int)k->torn, "damaged", (int)k->damaged,
                "wrong_rows", (int)k->wrong_rows, "pictures", (json_int_t)k->pictures,
                "worst_loss_s", (double)k->worst_loss / (double)IV_SECOND);
  json_dumpf(json, stdout, JSON_COMPACT | JSON_REAL_PRECISION(5));
  putchar('\n');
  json_decref(json);
}

static void print_cost(const char *what, int n, const IvRecordCost *c) {
  printf("%s, %d cameras of 1920x1080 at %d fps: %.2f %% of a core each over %.0f s; pictures sent "
         "%" G_GUINT64_FORMAT ", in the files %" G_GUINT64_FORMAT ", lost %" G_GUINT64_FORMAT
         "; %u files (%u damaged), %.2f GB\n",
         what, n, IV_BENCH_RECORD_FPS, 100 * c->cores, c->seconds, c->sent, c->in_files, c->lost,
         c->files, c->damaged, (double)c->bytes / 1e9);
}

static void print_text(const Options *options, const Results *r) {
  const IvRecordKills *k = &r->kills;
  if (options->cameras > 0) {
    print_cost("recorded", options->cameras, &r->few);
    printf("  bare GStreamer %.2f %% of a core each: %.2f times that\n", 100 * r->bare,
           r->few.cores / r->bare);
  }
  if (options->many > 0)
    print_cost("many", options->many, &r->many);
  if (options->kills > 0)
    printf("killed %u times: %u files, %u with a torn end, %u damaged; %" G_GUINT64_FORMAT
           " pictures play; rows of the index that are wrong after the repair %u; lost at most "
           "%.2f s before the kill\n",
           k->rounds, k->files, k->torn, k->damaged, k->pictures, k->wrong_rows,
           (double)k->worst_loss / (double)IV_SECOND);
}

static gboolean in_range(const Options *o) {
  return o->cameras >= 0 && o->cameras <= IV_CAMERA_FARM_MAX && o->many >= 0 &&
         o->many <= IV_CAMERA_FARM_MAX && o->seconds >= 15 && o->seconds <= 3600 &&
         o->many_seconds >= 15 && o->many_seconds <= 3600 && o->kills >= 0 && o->kills <= 1000 &&
         o->pictures >= 0;
}

static int tell(const Options *options) {
  g_autoptr(GError) error = NULL;
  Results results = {0};
  gst_init(NULL, NULL);
  iv_log_start(IV_LOG_ERROR);
  if (!bench(options, &results, &error))
    return iv_verb_fail(&iv_verb_bench_record, "%s", error->message);
  if (options->json)
    print_json(&results);
  else
    print_text(options, &results);
  return 0;
}

static int run(int argc, char **argv) {
  Options options = {.cameras = 8, .seconds = 60, .many = 64, .many_seconds = 600, .kills = 100};
  const GOptionEntry entries[] = {
      {"cameras", 0, 0, G_OPTION_ARG_INT, &options.cameras,
       "cameras whose cost is measured, 0 = none (default: 8)", "N"},
      {"seconds", 0, 0, G_OPTION_ARG_INT, &options.seconds, "how long (default: 60)", "N"},
      {"many", 0, 0, G_OPTION_ARG_INT, &options.many,
       "cameras whose pictures are counted, 0 = none (default: 64)", "N"},
      {"many-seconds", 0, 0, G_OPTION_ARG_INT, &options.many_seconds, "how long (default: 600)",
       "N"},
      {"kills", 0, 0, G_OPTION_ARG_INT, &options.kills, "how often it is killed (default: 100)",
       "N"},
      {"folder", 0, 0, G_OPTION_ARG_FILENAME, &options.folder,
       "where to record: 10 GB for 64 cameras in 600 s (default: /tmp)", "D"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print one JSON object", NULL},
      {"farm", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &options.farm, NULL, NULL},
      {"pictures", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &options.pictures, NULL, NULL},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_bench_record, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!in_range(&options)) {
    iv_verb_fail(&iv_verb_bench_record,
                 "--cameras and --many go to %d, --seconds and --many-seconds from 15 to 3600, "
                 "--kills to 1000",
                 IV_CAMERA_FARM_MAX);
    return IV_EXIT_USAGE;
  }
  int status = options.farm ? iv_camera_farm_run(options.farm, (guint)options.cameras,
                                                 (guint)options.pictures)
                            : tell(&options);
  g_free(options.folder);
  g_free(options.farm);
  return status;
}

const IvVerb iv_verb_bench_record = {
    "bench record", "measure recording: its cost, whether all is there, and after kills",
    "[--cameras N] [--many N] [--kills N] [--folder D] [--json]", run};
