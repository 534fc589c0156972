/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye bench live`: the demo's cameras being analysed, and two more that are watched: 50 viewers
 * of a sub stream, 10 of a main stream, 200 that come and are killed. What they cost, what they
 * take from the analysis, what they leave behind. The viewers are processes of their own on this
 * machine, and decode nothing. */
#include <gst/gst.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/demo.h"
#include "app/node.h"
#include "base/clock.h"
#include "cli/bench_film.h"
#include "cli/bench_folder.h"
#include "cli/bench_http.h"
#include "cli/live_crowd.h"
#include "cli/verbs.h"

#define SECONDS_DEFAULT 60
#define WATCHED_FPS 1 /* analysed: what viewers take away shows at the demo's cameras */
#define KILL_ROUND 20 /* viewers at once of those that are killed */
#define SETTLED_LOOKS 15
#define GONE_TIME (60 * IV_SECOND)

typedef struct {
  char *video, *path;
  int seconds, sub, main, killed, crowd, port;
  gboolean json;
} Options;

/* ---- films ---- */

typedef struct {
  const char *id, *name;
  int width, height, fps, kbit;
} Stream;

static const Stream sub_stream = {"sub", "Sub stream", 640, 360, 15, 512};
static const Stream main_stream = {"main", "Main stream", 1280, 720, 15, 2000};

/* A keyframe every 2 s. */
static gboolean make_film(const char *video, const Stream *stream, const char *path,
                          GError **error) {
  g_autofree char *text = g_strdup_printf(
      "filesrc location=\"%s\" ! decodebin ! videorate ! videoscale add-borders=false ! "
      "videoconvert "
      "! video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1,pixel-aspect-ratio=1/1 ! "
      "openh264enc bitrate=%d rate-control=bitrate gop-size=%d ! h264parse ! mp4mux ! filesink "
      "location=\"%s\"",
      video, stream->width, stream->height, stream->fps, stream->kbit * 1000, 2 * stream->fps,
      path);
  return iv_bench_film_make(text, error);
}

/* ---- the program that is watched ---- */

static void add_camera(IvConfig *config, const Stream *stream, const char *film) {
  config->cameras = g_renew(IvCameraConfig, config->cameras, config->n_cameras + 1);
  IvCameraConfig *camera = &config->cameras[config->n_cameras++];
  *camera = (IvCameraConfig){.number = 100 + (int)config->n_cameras,
                             .fps = WATCHED_FPS,
                             .enabled = TRUE,
                             .motion_gate = TRUE,
                             .realtime = TRUE,
                             .loop = TRUE};
  iv_slug_set(&camera->id, stream->id);
  camera->name = g_strdup(stream->name);
  camera->url = g_strdup(film);
}

static gboolean add_stream(IvConfig *config, const char *video, const Stream *stream,
                           const char *folder, GError **error) {
  g_autofree char *film = g_strdup_printf("%s/%s.mp4", folder, stream->id);
  if (!make_film(video, stream, film, error))
    return FALSE;
  add_camera(config, stream, film);
  return TRUE;
}

static void adapt(IvConfig *config, const Options *options, const char *folder) {
  g_free(config->server.data_dir);
  config->server.data_dir = g_strdup(folder);
  config->server.port = 0;
  config->live.viewers = IV_LIVE_CROWD_MAX;
  config->live.camera_viewers = MAX(50, MIN(options->sub, 60));
}

/* ---- how it stands ---- */

static guint count_in(const char *folder) {
  guint n = 0;
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  while (dir && g_dir_read_name(dir))
    n++;
  return n;
}

static double rss_mb(void) {
  g_autofree char *text = NULL;
  if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
    return 0;
  const char *resident = strchr(text, ' ');
  return resident ? (double)g_ascii_strtoull(resident, NULL, 10) * (double)sysconf(_SC_PAGESIZE) /
                        (1024 * 1024)
                  : 0;
}

typedef struct {
  IvTime at, cpu;
  IvInferenceCounts counts;
} Mark;

static Mark mark_now(IvNode *node) {
  return (Mark){iv_clock_monotonic(), iv_clock_process_cpu(), iv_node_counts(node)};
}

/* From one mark to another. */
typedef struct {
  double cores, analysed; /* analysed or known to be still, a second */
} Load;

static Load load_between(const Mark *from, const Mark *to) {
  double seconds = (double)(to->at - from->at) / (double)IV_SECOND;
  guint64 looked =
      to->counts.analysed + to->counts.gated - from->counts.analysed - from->counts.gated;
  return (Load){(double)(to->cpu - from->cpu) / (double)IV_SECOND / seconds,
                (double)looked / seconds};
}

static Load run_for(IvNode *node, int seconds) {
  Mark from = mark_now(node);
  g_usleep((gulong)seconds * G_USEC_PER_SEC); /* there is nothing to wait for but the clock */
  Mark to = mark_now(node);
  return load_between(&from, &to);
}

/* ---- crowds ---- */

typedef struct {
  guint viewers;
  double post_p95, first_p50, first_p95; /* ms */
  Load load;
  double units_min; /* pictures a second of the one who got the fewest */
} Watched;

static int ascending(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* Nearest rank. */
static double percentile(const double *values, guint n, double share) {
  g_autofree double *sorted = g_memdup2(values, n * sizeof *values);
  qsort(sorted, n, sizeof *sorted, ascending);
  return sorted[MIN((guint)(share * n), n - 1)];
}

typedef struct {
  IvNode *node;
  guint16 port;
  char *cookie;
  const Options *options;
  const IvConfig *config;
} Bench;

static IvLiveCrowd *start_crowd(const Bench *bench, const Stream *stream, guint n, GError **error) {
  g_autofree char *path = g_strdup_printf("/api/v1/stores/%s/cameras/%s/whep",
                                          bench->config->store.id.text, stream->id);
  return iv_live_crowd_start(bench->port, bench->cookie, path, n, error);
}

static gboolean watch(const Bench *bench, const Stream *stream, guint n, Watched *ret_watched,
                      GError **error) {
  g_printerr("  %u viewers of the %s\n", n, stream->name);
  g_autoptr(IvLiveCrowd) crowd = start_crowd(bench, stream, n, error);
  if (!crowd)
    return FALSE;
  g_autofree guint64 *before = g_new0(guint64, n), *after = g_new0(guint64, n);
  if (!iv_live_crowd_count(crowd, before, error))
    return FALSE;
  Watched watched = {.viewers = n, .units_min = G_MAXDOUBLE};
  IvTime begun = iv_clock_monotonic();
  watched.load = run_for(bench->node, bench->options->seconds);
  if (!iv_live_crowd_count(crowd, after, error))
    return FALSE;
  double seconds = (double)(iv_clock_monotonic() - begun) / (double)IV_SECOND;
  for (guint i = 0; i < n; i++)
    watched.units_min = MIN(watched.units_min, (double)(after[i] - before[i]) / seconds);
  watched.post_p95 = percentile(iv_live_crowd_posts(crowd), n, 0.95);
  watched.first_p50 = percentile(iv_live_crowd_firsts(crowd), n, 0.50);
  watched.first_p95 = percentile(iv_live_crowd_firsts(crowd), n, 0.95);
  *ret_watched = watched;
  return TRUE;
}

/* ---- what is left ---- */

typedef struct {
  guint descriptors, threads;
  double rss;
} Held;

static Held held_now(void) {
  return (Held){count_in("/proc/self/fd"), count_in("/proc/self/task"), rss_mb()};
}

static int viewers_now(const Bench *bench) {
  g_auto(IvBenchAnswer) answer = {0};
  IvBenchRequest request = {.method = "GET", .path = "/metrics", .cookie = bench->cookie};
  if (!iv_bench_http_call(bench->port, &request, &answer, NULL) || answer.status != 200)
    return -1;
  const char *found = strstr(answer.body, "\ninveye_viewers ");
  return found ? (int)g_ascii_strtoll(found + strlen("\ninveye_viewers "), NULL, 10) : -1;
}

/* The dead are dropped after some silence, their threads a moment later. */
static gboolean wait_until_gone(const Bench *bench, const Held *wanted, GError **error) {
  IvTime until = iv_clock_monotonic() + GONE_TIME;
  while (iv_clock_monotonic() < until) {
    Held held = held_now();
    if (viewers_now(bench) == 0 &&
        (!wanted || (held.threads <= wanted->threads && held.descriptors <= wanted->descriptors)))
      return TRUE;
    g_usleep(200 * IV_MS);
  }
  Held held = held_now();
  if (viewers_now(bench) == 0)
    return TRUE; /* what is left is told */
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%d viewers are still there (%u threads)",
              viewers_now(bench), held.threads);
  return FALSE;
}

/* The killed keep their places until their silence is noticed. */
static void wait_for_room(const Bench *bench, guint n) {
  IvTime until = iv_clock_monotonic() + GONE_TIME;
  while (viewers_now(bench) + (int)n > bench->config->live.camera_viewers &&
         iv_clock_monotonic() < until)
    g_usleep(200 * IV_MS);
}

/* Until the last threads have ended and no more come or go. */
static void settle(void) {
  guint threads = 0, same = 0;
  for (IvTime until = iv_clock_monotonic() + GONE_TIME;
       same < SETTLED_LOOKS && iv_clock_monotonic() < until; g_usleep(200 * IV_MS)) {
    guint now = count_in("/proc/self/task");
    same = now == threads ? same + 1 : 0;
    threads = now;
  }
}

static gboolean kill_round(const Bench *bench, guint n, GError **error) {
  g_autoptr(IvLiveCrowd) crowd = start_crowd(bench, &sub_stream, n, error);
  return crowd != NULL;
}

static gboolean come_and_go(const Bench *bench, guint n, Held *ret_before, Held *ret_after,
                            GError **error) {
  guint left = n;
  if (!kill_round(bench, KILL_ROUND, error) || !wait_until_gone(bench, NULL, error))
    return FALSE;
  settle(); /* the first ones filled caches */
  *ret_before = held_now();
  while (left > 0) {
    guint now = MIN(left, KILL_ROUND);
    g_printerr("  %u more that come and are killed\n", left);
    wait_for_room(bench, now);
    if (!kill_round(bench, now, error))
      return FALSE;
    left -= now;
  }
  if (!wait_until_gone(bench, ret_before, error))
    return FALSE;
  *ret_after = held_now();
  return TRUE;
}

/* ---- all of it ---- */

typedef struct {
  Load idle; /* before and after the viewers, the mean */
  Watched sub, main;
  guint killed;
  Held before, after;
} Results;

static Load mean_of(const Load *a, const Load *b) {
  return (Load){(a->cores + b->cores) / 2, (a->analysed + b->analysed) / 2};
}

static gboolean measure(const Bench *bench, Results *ret_results, GError **error) {
  Results results = {.killed = (guint)bench->options->killed};
  g_printerr("  nobody watches\n");
  run_for(bench->node, MIN(bench->options->seconds, 20)); /* it settles */
  Load before = run_for(bench->node, bench->options->seconds);
  if (!watch(bench, &sub_stream, (guint)bench->options->sub, &results.sub, error) ||
      !watch(bench, &main_stream, (guint)bench->options->main, &results.main, error) ||
      !wait_until_gone(bench, NULL, error))
    return FALSE;
  g_printerr("  nobody watches\n");
  Load after = run_for(bench->node, bench->options->seconds);
  results.idle = mean_of(&before, &after);
  if (!come_and_go(bench, results.killed, &results.before, &results.after, error))
    return FALSE;
  *ret_results = results;
  return TRUE;
}

static gboolean run_node(const Options *options, const IvConfig *config, Results *ret_results,
                         GError **error) {
  IvNodeOptions node_options = {.config = config, .demo = TRUE};
  IvNodeStarted started = {0};
  g_autoptr(IvNode) node = iv_node_start(&node_options, &started, error);
  if (!node)
    return FALSE;
  g_autofree char *cookie =
      iv_bench_http_log_in(started.port, "admin", started.first_password, error);
  Bench bench = {node, started.port, cookie, options, config};
  iv_node_started_clear(&started);
  return cookie && measure(&bench, ret_results, error);
}

static gboolean bench(const Options *options, Results *ret_results, GError **error) {
  gst_init(NULL, NULL);
  g_autofree char *video =
      options->video ? g_strdup(options->video)
                     : g_build_filename(g_get_user_cache_dir(), "inveye", "vtest.avi", NULL);
  IvDemoConfig demo = {.video = options->video};
  g_autoptr(IvDemoServer) server = iv_demo_server_new(&demo, error);
  g_autoptr(IvConfig) config =
      server ? iv_demo_config(server, options->video != NULL, error) : NULL;
  g_autofree char *folder = config ? g_dir_make_tmp("inveye-bench-XXXXXX", error) : NULL;
  if (!folder)
    return FALSE;
  adapt(config, options, folder);
  gboolean fine = add_stream(config, video, &sub_stream, folder, error) &&
                  add_stream(config, video, &main_stream, folder, error) &&
                  run_node(options, config, ret_results, error);
  iv_bench_folder_remove(folder);
  return fine;
}

/* ---- telling ---- */

static json_t *watched_json(const Watched *w, const Stream *stream, const Load *idle) {
  return json_pack("{si sf sf sf sf sf sf}", "viewers", (int)w->viewers, "answer_p95_ms",
                   w->post_p95, "first_picture_p50_ms", w->first_p50, "first_picture_p95_ms",
                   w->first_p95, "fewest_pictures_share", w->units_min / stream->fps,
                   "cores_per_viewer", (w->load.cores - idle->cores) / w->viewers, "analysed_share",
                   w->load.analysed / idle->analysed);
}

static void print_json(const Results *r) {
  json_t *json = json_pack(
      "{sf sf so so si si si si si sf sf}", "idle_cores", r->idle.cores, "idle_analysed_fps",
      r->idle.analysed, "sub", watched_json(&r->sub, &sub_stream, &r->idle), "main",
      watched_json(&r->main, &main_stream, &r->idle), "killed", (int)r->killed,
      "descriptors_before", (int)r->before.descriptors, "descriptors_after",
      (int)r->after.descriptors, "threads_before", (int)r->before.threads, "threads_after",
      (int)r->after.threads, "rss_before_mb", r->before.rss, "rss_after_mb", r->after.rss);
  json_dumpf(json, stdout, JSON_COMPACT | JSON_REAL_PRECISION(5));
  putchar('\n');
  json_decref(json);
}

static void print_watched(const Watched *w, const Stream *stream, const Load *idle) {
  printf(
      "%u viewers of %dx%d at %d fps and %d kbit/s: answer within %.0f ms (95 %%), first picture "
      "%.0f ms (median), %.0f ms (95 %%)\n",
      w->viewers, stream->width, stream->height, stream->fps, stream->kbit, w->post_p95,
      w->first_p50, w->first_p95);
  printf("  the one who got the fewest got %.1f %% of the pictures; %.4f cores a viewer; %.3f of "
         "the pictures analysed that are without\n",
         100 * w->units_min / stream->fps, (w->load.cores - idle->cores) / w->viewers,
         w->load.analysed / idle->analysed);
}

static void print_text(const Results *r) {
  printf("without viewers %.2f cores, %.1f pictures a second analysed or known to be still\n",
         r->idle.cores, r->idle.analysed);
  print_watched(&r->sub, &sub_stream, &r->idle);
  print_watched(&r->main, &main_stream, &r->idle);
  printf("%u that came and were killed: descriptors %u -> %u, threads %u -> %u, %.0f -> %.0f MB\n",
         r->killed, r->before.descriptors, r->after.descriptors, r->before.threads,
         r->after.threads, r->before.rss, r->after.rss);
}

static gboolean in_range(const Options *options) {
  return options->seconds >= 1 && options->seconds <= 3600 && options->sub >= 1 &&
         options->sub <= 60 && options->main >= 1 && options->main <= 50 && options->killed >= 1 &&
         options->killed <= 10000 && options->crowd >= 0 && options->crowd <= IV_LIVE_CROWD_MAX &&
         options->port >= 0 && options->port <= G_MAXUINT16;
}

static int tell(const Options *options) {
  g_autoptr(GError) error = NULL;
  Results results = {0};
  iv_log_start(IV_LOG_ERROR);
  if (!bench(options, &results, &error))
    return iv_verb_fail(&iv_verb_bench_live, "%s", error->message);
  if (options->json)
    print_json(&results);
  else
    print_text(&results);
  return 0;
}

static int run(int argc, char **argv) {
  Options options = {.seconds = SECONDS_DEFAULT, .sub = 50, .main = 10, .killed = 200};
  const GOptionEntry entries[] = {
      {"seconds", 0, 0, G_OPTION_ARG_INT, &options.seconds, "how long each part (default: 60)",
       "N"},
      {"sub", 0, 0, G_OPTION_ARG_INT, &options.sub, "viewers of the sub stream (default: 50)", "N"},
      {"main", 0, 0, G_OPTION_ARG_INT, &options.main, "viewers of the main stream (default: 10)",
       "N"},
      {"killed", 0, 0, G_OPTION_ARG_INT, &options.killed, "viewers to be killed (default: 200)",
       "N"},
      {"demo-video", 0, 0, G_OPTION_ARG_FILENAME, &options.video, "another film", "F"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print one JSON object", NULL},
      {"crowd", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &options.crowd, NULL, NULL},
      {"port", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &options.port, NULL, NULL},
      {"path", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &options.path, NULL, NULL},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_bench_live, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!in_range(&options) || (options.crowd > 0 && !options.path)) {
    iv_verb_fail(&iv_verb_bench_live, "--seconds goes from 1 to 3600, --sub to 60, --main to 50, "
                                      "--killed to 10000");
    return IV_EXIT_USAGE;
  }
  int status = options.crowd > 0
                   ? iv_live_crowd_run((guint16)options.port, options.path, (guint)options.crowd)
                   : tell(&options);
  g_free(options.video);
  g_free(options.path);
  return status;
}

const IvVerb iv_verb_bench_live = {"bench live",
                                   "measure live view: what viewers get, cost and leave behind",
                                   "[--seconds N] [--sub N] [--main N] [--killed N] [--json]", run};
