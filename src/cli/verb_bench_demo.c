/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye bench demo`: the demo's four cameras without motion gate, watched from inside and by one
 * client: CPU, memory, skipped pictures, how soon the first figure and each event is seen. */
#include <glib/gstdio.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/demo.h"
#include "app/node.h"
#include "base/clock.h"
#include "cli/bench_folder.h"
#include "cli/live_client.h"
#include "cli/verbs.h"

#define SETTLE_DEFAULT 60 /* s before anything is counted */
#define SECONDS_DEFAULT 300
#define SECONDS_MAX (24 * 3600)
#define PROGRESS_SPAN (30 * IV_SECOND)

typedef struct {
  char *video;
  int seconds, settle;
  double fps;
  gboolean gate, json;
} Options;

/* What is learnt while it runs. Guarded by the mutex. */
typedef struct {
  GMutex mutex;
  GHashTable *arrivals; /* id of an event → when its picture arrived, IvTime* */
  GArray *delays;       /* IvTime */
  IvTime first_figure;  /* monotonic; 0 = not yet */
} Sights;

static void sights_init(Sights *sights) {
  g_mutex_init(&sights->mutex);
  sights->arrivals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  sights->delays = g_array_new(FALSE, FALSE, sizeof(IvTime));
}

static void sights_clear(Sights *sights) {
  g_hash_table_unref(sights->arrivals);
  g_array_unref(sights->delays);
  g_mutex_clear(&sights->mutex);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sights, sights_clear)

static void on_state(guint camera, IvIngestState state, gpointer user_data) {
  (void)camera, (void)state, (void)user_data;
}

static void on_events(const IvEvent *events, guint n, IvTime arrived, gpointer user_data) {
  Sights *sights = user_data;
  char id[IV_UUID_TEXT_MAX];
  if (arrived == 0)
    return;
  g_mutex_lock(&sights->mutex);
  for (guint i = 0; i < n; i++)
    g_hash_table_insert(sights->arrivals, g_strdup(iv_uuid_to_text(&events[i].id, id)),
                        g_memdup2(&arrived, sizeof arrived));
  g_mutex_unlock(&sights->mutex);
}

static void hear_events(Sights *sights, const json_t *data, IvTime received) {
  gsize i;
  const json_t *event;
  json_array_foreach(json_object_get(data, "events"), i, event) {
    const char *id = json_string_value(json_object_get(event, "id"));
    const IvTime *arrived = id ? g_hash_table_lookup(sights->arrivals, id) : NULL;
    if (!arrived)
      continue;
    IvTime delay = received - *arrived;
    g_array_append_val(sights->delays, delay);
    g_hash_table_remove(sights->arrivals, id);
  }
}

static double value_of(const json_t *data, const char *figure) {
  return json_number_value(json_object_get(json_object_get(data, figure), "value"));
}

static void heard(const json_t *message, IvTime received, gpointer user_data) {
  Sights *sights = user_data;
  const char *topic = json_string_value(json_object_get(message, "topic"));
  const char *type = json_string_value(json_object_get(message, "type"));
  const json_t *data = json_object_get(message, "data");
  g_mutex_lock(&sights->mutex);
  if (g_str_has_suffix(topic, "/events") && g_strcmp0(type, "update") == 0)
    hear_events(sights, data, received);
  else if (g_str_has_suffix(topic, "/kpi") && sights->first_figure == 0 &&
           value_of(data, "occupancy") + value_of(data, "traffic_in") > 0)
    sights->first_figure = received;
  g_mutex_unlock(&sights->mutex);
}

/* ---- the process's own size ---- */

static double rss_mb(void) {
  g_autofree char *text = NULL;
  if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
    return 0;
  const char *resident = strchr(text, ' ');
  return resident ? (double)g_ascii_strtoull(resident, NULL, 10) * (double)sysconf(_SC_PAGESIZE) /
                        (1024 * 1024)
                  : 0;
}

/* ---- the run ---- */

typedef struct {
  IvTime begun, cpu;
  IvInferenceCounts counts;
  double rss;
} Mark;

static Mark mark_now(IvNode *node) {
  return (Mark){iv_clock_monotonic(), iv_clock_process_cpu(), iv_node_counts(node), rss_mb()};
}

static void tell_how_far(const Mark *start, const Mark *now, int seconds) {
  g_printerr("  %.0f of %d s: %.2f cores, %.0f MB\n",
             (double)(now->begun - start->begun) / (double)IV_SECOND, seconds,
             (double)(now->cpu - start->cpu) / (double)(now->begun - start->begun), now->rss);
}

/* Lets the program run; there is nothing to wait for but the clock. */
static Mark run_for(IvNode *node, int seconds) {
  Mark start = mark_now(node), now = start;
  IvTime end = start.begun + seconds * IV_SECOND;
  while (now.begun < end) {
    g_usleep((gulong)MIN(PROGRESS_SPAN, end - now.begun));
    now = mark_now(node);
    tell_how_far(&start, &now, seconds);
  }
  return now;
}

typedef struct {
  double start_s, cores, skipped, rss, grown, p50, p95;
  guint events;
  guint64 due;
} Results;

static int ascending(gconstpointer a, gconstpointer b) {
  IvTime x = *(const IvTime *)a, y = *(const IvTime *)b;
  return x < y ? -1 : x > y;
}

/* Nearest rank, ms; NaN when nothing was measured. */
static double percentile_ms(const GArray *delays, double share) {
  if (delays->len == 0)
    return (double)NAN;
  guint rank = (guint)(share * delays->len);
  return (double)g_array_index(delays, IvTime, MIN(rank, delays->len - 1)) / (double)IV_MS;
}

static Results results_of(Sights *sights, IvTime launched, const Mark *from, const Mark *to) {
  guint64 due = to->counts.due - from->counts.due;
  Results results = {.cores = (double)(to->cpu - from->cpu) / (double)(to->begun - from->begun),
                     .skipped =
                         due ? (double)(to->counts.skipped - from->counts.skipped) / (double)due
                             : (double)NAN,
                     .rss = to->rss,
                     .grown = to->rss - from->rss,
                     .due = due};
  g_mutex_lock(&sights->mutex);
  g_array_sort(sights->delays, ascending);
  results.events = sights->delays->len;
  results.p50 = percentile_ms(sights->delays, 0.50);
  results.p95 = percentile_ms(sights->delays, 0.95);
  results.start_s = sights->first_figure
                        ? (double)(sights->first_figure - launched) / (double)IV_SECOND
                        : (double)NAN;
  g_mutex_unlock(&sights->mutex);
  return results;
}

static json_t *number_or_null(double value) {
  return isnan(value) ? json_null() : json_real(value);
}

static void print_json(const Results *r) {
  json_t *json = json_object();
  json_object_set_new(json, "start_s", number_or_null(r->start_s));
  json_object_set_new(json, "cores", number_or_null(r->cores));
  json_object_set_new(json, "skipped_share", number_or_null(r->skipped));
  json_object_set_new(json, "frames_due", json_integer((json_int_t)r->due));
  json_object_set_new(json, "rss_mb", number_or_null(r->rss));
  json_object_set_new(json, "rss_grown_mb", number_or_null(r->grown));
  json_object_set_new(json, "events", json_integer(r->events));
  json_object_set_new(json, "event_p50_ms", number_or_null(r->p50));
  json_object_set_new(json, "event_p95_ms", number_or_null(r->p95));
  json_dumpf(json, stdout, JSON_COMPACT | JSON_REAL_PRECISION(5));
  putchar('\n');
  json_decref(json);
}

static void print_text(const Results *r) {
  printf("first figure at a client after %.1f s\n", r->start_s);
  printf("%.3f cores; %.2f %% of %" G_GUINT64_FORMAT " due frames skipped\n", r->cores,
         100 * r->skipped, r->due);
  printf("%.0f MB resident, %+.1f MB while measured\n", r->rss, r->grown);
  printf(
      "%u events, from arrival of the picture to the client: %.0f ms (median), %.0f ms (95 %%)\n",
      r->events, r->p50, r->p95);
}

static IvLiveClient *listen_to(const IvConfig *config, const IvNodeStarted *started, Sights *sights,
                               GError **error) {
  g_autofree char *kpi = g_strdup_printf("store/%s/kpi", config->store.id.text);
  g_autofree char *events = g_strdup_printf("store/%s/events", config->store.id.text);
  const char *topics[] = {kpi, events, NULL};
  IvLiveClientOptions options = {.port = started->port,
                                 .user = "admin",
                                 .password = started->first_password,
                                 .topics = topics,
                                 .heard = heard,
                                 .user_data = sights};
  return iv_live_client_new(&options, error);
}

static gboolean measure(const Options *options, const IvConfig *config, IvTime launched,
                        Results *ret_results, GError **error) {
  g_auto(Sights) sights = {0};
  sights_init(&sights);
  IvNodeWatch watch = {.on_state = on_state, .on_events = on_events, .user_data = &sights};
  IvNodeOptions node_options = {.config = config, .demo = TRUE, .watch = &watch};
  IvNodeStarted started = {0};
  g_autoptr(IvNode) node = iv_node_start(&node_options, &started, error);
  if (!node)
    return FALSE;
  g_autoptr(IvLiveClient) client = listen_to(config, &started, &sights, error);
  iv_node_started_clear(&started);
  if (!client)
    return FALSE;
  Mark from = run_for(node, options->settle);
  Mark to = run_for(node, options->seconds);
  if (!iv_live_client_is_open(client)) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                "the server closed the WebSocket: what was measured is not complete");
    return FALSE;
  }
  *ret_results = results_of(&sights, launched, &from, &to);
  return TRUE;
}

static void adapt(IvConfig *config, const Options *options, const char *folder) {
  g_free(config->server.data_dir);
  config->server.data_dir = g_strdup(folder);
  config->server.port = 0;
  for (guint i = 0; i < config->n_cameras; i++) {
    config->cameras[i].motion_gate = options->gate;
    config->cameras[i].fps = options->fps;
  }
}

static gboolean bench(const Options *options, Results *ret_results, GError **error) {
  IvTime launched = iv_clock_monotonic();
  IvDemoConfig demo = {.video = options->video};
  g_autoptr(IvDemoServer) server = iv_demo_server_new(&demo, error);
  g_autoptr(IvConfig) config =
      server ? iv_demo_config(server, options->video != NULL, error) : NULL;
  g_autofree char *folder = config ? g_dir_make_tmp("inveye-bench-XXXXXX", error) : NULL;
  if (!folder)
    return FALSE;
  adapt(config, options, folder);
  gboolean fine = measure(options, config, launched, ret_results, error);
  iv_bench_folder_remove(folder);
  return fine;
}

static gboolean in_range(const Options *options) {
  return options->seconds >= 1 && options->seconds <= SECONDS_MAX && options->settle >= 0 &&
         options->settle <= SECONDS_MAX && options->fps >= 0.5 && options->fps <= 30;
}

static int run(int argc, char **argv) {
  Options options = {.seconds = SECONDS_DEFAULT, .settle = SETTLE_DEFAULT, .fps = 5};
  const GOptionEntry entries[] = {
      {"seconds", 0, 0, G_OPTION_ARG_INT, &options.seconds, "how long (default: 300)", "N"},
      {"settle", 0, 0, G_OPTION_ARG_INT, &options.settle, "time before that (default: 60)", "N"},
      {"fps", 0, 0, G_OPTION_ARG_DOUBLE, &options.fps, "analysed frames a second (default: 5)",
       "N"},
      {"gate", 0, 0, G_OPTION_ARG_NONE, &options.gate, "with the motion gate", NULL},
      {"demo-video", 0, 0, G_OPTION_ARG_FILENAME, &options.video, "another film", "F"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_bench_demo, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!in_range(&options)) {
    iv_verb_fail(&iv_verb_bench_demo,
                 "--seconds goes from 1 to %d, --settle from 0, --fps from "
                 "0.5 to 30",
                 SECONDS_MAX);
    return IV_EXIT_USAGE;
  }
  iv_log_start(IV_LOG_ERROR);
  g_autoptr(GError) error = NULL;
  Results results;
  gboolean done = bench(&options, &results, &error);
  g_free(options.video);
  if (!done)
    return iv_verb_fail(&iv_verb_bench_demo, "%s", error->message);
  if (options.json)
    print_json(&results);
  else
    print_text(&results);
  return 0;
}

const IvVerb iv_verb_bench_demo = {"bench demo", "measure the demo: CPU, memory, delays",
                                   "[--seconds N] [--settle N] [--fps N] [--gate] [--json]", run};
