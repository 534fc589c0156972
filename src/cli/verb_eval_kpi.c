/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye eval kpi`: acts out a store, sends what its cameras see through the rules, the ledger and
 * the figures as they are served, and holds them against the truth that tests/truth/kpi_truth.py
 * reads out of the agents' script. */
#include <errno.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/box_stage.h"
#include "app/sim_stage.h"
#include "app/sim_till.h"
#include "base/clock.h"
#include "cli/bench_folder.h"
#include "cli/eval_kpi_groups.h"
#include "cli/eval_kpi_heat.h"
#include "cli/eval_kpi_journeys.h"
#include "cli/eval_kpi_long.h"
#include "cli/eval_kpi_occupancy.h"
#include "cli/eval_kpi_people.h"
#include "cli/eval_kpi_queues.h"
#include "cli/eval_kpi_rows.h"
#include "cli/eval_kpi_sales.h"
#include "cli/eval_kpi_traffic.h"
#include "cli/eval_kpi_zones.h"
#include "cli/position_file.h"
#include "cli/sim_setup.h"
#include "cli/text_file.h"
#include "cli/verbs.h"
#include "config/config.h"
#include "kpi/calendar.h"
#include "store/catalog.h"
#include "store/kpis.h"
#include "store/ledger.h"
#include "store/receipts.h"

#define BATCH 2000
#define TRUTH_PROGRAM INVEYE_SOURCE_ROOT "/tests/truth/kpi_truth.py"

typedef struct {
  IvSimOptions sim;
  gboolean json;
  const char *level; /* "track" or "box"; NULL = as the noise asks */
  const char *keep;  /* folder for what was held against each other; NULL = it is removed */
} Options;

typedef struct {
  IvSimSetup setup;
  IvSimStage *stage; /* its scenes; at track level its rules too */
  IvBoxStage *boxes; /* box level; else NULL */
  IvSim *sim;        /* while it runs */
  IvStore *store;
  IvLedgerBook *book;
  IvTextFile *script;
  char *positions_path;
  IvPositionFile *positions;
  GArray *events;      /* IvEvent, not yet in the ledger */
  GPtrArray *receipts; /* IvPosReceipt, likewise */
  GError *error;       /* the first; nothing more is stored then */
  IvTime sampled;      /* cameras were alive until then */
} Run;

static void run_clear(Run *run) {
  g_clear_pointer(&run->stage, iv_sim_stage_free);
  g_clear_pointer(&run->boxes, iv_box_stage_free);
  g_clear_pointer(&run->book, iv_ledger_book_free);
  g_clear_pointer(&run->store, iv_store_close);
  g_clear_pointer(&run->events, g_array_unref);
  g_clear_pointer(&run->receipts, g_ptr_array_unref);
  g_clear_error(&run->error);
  g_clear_pointer(&run->positions_path, g_free);
  iv_sim_setup_clear(&run->setup);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

/* ---- the store that is measured ---- */

static const IvScene *scene_at(const Run *run, guint i) {
  return run->boxes ? iv_box_stage_scene(run->boxes, i) : iv_sim_stage_scene(run->stage, i);
}

static IvConfig *make_config(const Run *run) {
  const IvScenario *s = run->setup.scenario;
  IvConfig *config = iv_config_new();
  config->store.id = s->id;
  g_free(config->store.name);
  config->store.name = g_strdup(s->name);
  g_free(config->store.time_zone);
  config->store.time_zone = g_strdup(s->time_zone);
  config->sales.currency = g_strdup(s->currency);
  config->sales.terminals = iv_sim_till_map(s);
  config->n_cameras = iv_sim_stage_n_scenes(run->stage);
  config->cameras = g_new0(IvCameraConfig, config->n_cameras);
  for (guint i = 0; i < config->n_cameras; i++) {
    IvCameraConfig *camera = &config->cameras[i];
    camera->scene = iv_scene_copy(scene_at(run, i));
    camera->id = camera->scene->camera_id;
    camera->name = g_strdup(camera->id.text);
    camera->number = (int)i + 1;
    camera->url = g_strdup("simulated");
    camera->fps = 2;
    camera->enabled = TRUE;
  }
  return config;
}

static gboolean open_store(Run *run, const char *folder, GError **error) {
  g_autofree char *path = g_build_filename(folder, "inveye.db", NULL);
  g_autoptr(IvConfig) config = make_config(run);
  g_auto(GStrv) notes = NULL;
  IvKpiLimits limits = iv_kpi_limits_default();
  run->store = iv_store_open(path, error);
  if (!run->store || !iv_catalog_import(run->store, config, run->setup.config.start, &notes, error))
    return FALSE;
  run->book = iv_ledger_book_new(run->store, &limits);
  return TRUE;
}

static void store_batch(Run *run, const IvEvent *events, guint n, IvTime now) {
  g_autofree gboolean *inserted = g_new(gboolean, n);
  g_autofree const char **refused = g_new0(const char *, n);
  if (run->error || !iv_ledger_apply(run->book, events, n, now, inserted, refused, &run->error))
    return;
  for (guint i = 0; i < n && !run->error; i++)
    if (refused[i])
      g_set_error(&run->error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID, "an event was refused: %s",
                  refused[i]);
}

static void store_some_receipts(Run *run, IvPosReceipt **receipts, guint n, IvTime now) {
  g_autofree IvPosReceiptResult *results = g_new0(IvPosReceiptResult, n);
  IvPosReceiptBatch batch = {.store_id = run->setup.scenario->id.text,
                             .source = "api",
                             .receipts = receipts,
                             .n = n,
                             .now = now,
                             .results = results};
  if (run->error || !iv_receipts_put(run->store, &batch, &run->error))
    return;
  for (guint i = 0; i < n && !run->error; i++)
    if (results[i].fate != IV_POS_RECEIPT_STORED)
      g_set_error(&run->error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID, "a receipt is a %s: %s",
                  iv_pos_receipt_fate_name(results[i].fate), results[i].reason);
}

static void store_receipts(Run *run, IvTime now) {
  for (guint at = 0; at < run->receipts->len; at += IV_RECEIPTS_BATCH_MAX)
    store_some_receipts(run, (IvPosReceipt **)run->receipts->pdata + at,
                        MIN(IV_RECEIPTS_BATCH_MAX, run->receipts->len - at), now);
  g_ptr_array_set_size(run->receipts, 0);
}

static void store_events(Run *run, IvTime now) {
  store_receipts(run, now);
  for (guint at = 0; at < run->events->len; at += BATCH)
    store_batch(run, &g_array_index(run->events, IvEvent, at), MIN(BATCH, run->events->len - at),
                now);
  g_array_set_size(run->events, 0);
}

/* Simulated cameras are alive all the time: their samples say so, one for each span. */
static void sample_until(Run *run, IvTime until) {
  for (; run->sampled < until; run->sampled += IV_SAMPLE_SPAN_MAX) {
    double span = (double)MIN(IV_SAMPLE_SPAN_MAX, until - run->sampled) / (double)IV_SECOND;
    for (guint i = 0; i < iv_sim_stage_n_scenes(run->stage); i++) {
      IvEvent event;
      iv_event_init(&event, IV_EVENT_CAMERA_SAMPLE, run->sampled);
      event.end_ts = run->sampled + (IvTime)(span * (double)IV_SECOND);
      event.store_id = run->setup.scenario->id;
      iv_slug_set(&event.edge_id, "simulator");
      event.camera_id = scene_at(run, i)->camera_id;
      event.scene_version = 1;
      iv_event_set_number(&event, IV_ATTR_ALIVE_S, span);
      iv_event_set_number(&event, IV_ATTR_SPAN_S, span);
      iv_event_set_id(&event, "camera");
      g_array_append_val(run->events, event);
    }
  }
}

/* ---- the run ---- */

static void on_fact(const IvFact *fact, gpointer user_data) {
  Run *run = user_data;
  iv_fact_write(run->setup.scenario, fact, run->script->text);
  iv_text_file_spill(run->script);
}

static void on_receipt(const IvReceipt *receipt, gpointer user_data) {
  Run *run = user_data;
  iv_receipt_write(run->setup.scenario, receipt, run->script->text);
  g_ptr_array_add(run->receipts, iv_sim_till_receipt(run->setup.scenario, receipt));
}

static void on_points(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data) {
  Run *run = user_data;
  iv_sim_stage_take(run->stage, ts, points, n, run->events);
  if (run->events->len >= BATCH)
    store_events(run, ts);
}

static void on_positions(IvTime ts, const IvSimPosition *people, guint n, gpointer user_data) {
  iv_position_file_take(((Run *)user_data)->positions, ts, people, n);
}

static void on_frame(guint camera, IvTime ts, const IvDetection *detections,
                     const IvAppearance *looks, const guint32 *agents, guint n,
                     gpointer user_data) {
  (void)agents;
  Run *run = user_data;
  gboolean staff[IV_DETECTIONS_MAX];
  IvTime taken;
  const IvBoxTruth *truth = iv_sim_frame_truth(run->sim, &taken);
  for (guint i = 0; i < n; i++)
    staff[i] = truth[i].staff;
  iv_box_stage_take(run->boxes, camera, ts, detections, looks, staff, n, run->events);
  if (run->events->len >= BATCH)
    store_events(run, ts);
}

/* What goes on at the end is not counted yet, here as in the truth; who has just left is. */
static void end_stage(Run *run, IvTime until) {
  if (run->boxes) {
    iv_box_stage_settle(run->boxes, until + 12 * IV_SECOND, run->events);
    return;
  }
  iv_sim_stage_take(run->stage, until + 2 * IV_MINUTE, NULL, 0, run->events);
  iv_sim_stage_end_visits(run->stage, run->events);
}

static gboolean act_out(Run *run, GError **error) {
  const IvSimConfig *config = &run->setup.config;
  const IvSimOutput output = {.fact = on_fact,
                              .receipt = on_receipt,
                              .points = run->boxes ? NULL : on_points,
                              .frame = run->boxes ? on_frame : NULL,
                              .positions = on_positions,
                              .user_data = run};
  g_autoptr(IvSim) sim = iv_sim_new(run->setup.scenario, run->setup.zone, config, &output, error);
  if (!sim || !(run->positions = iv_position_file_new(run->positions_path, sim, run->setup.scenario,
                                                      config, error)))
    return FALSE;
  run->sim = sim;
  iv_fact_write_header(run->setup.scenario,
                       &(IvScriptHeader){config->seed, config->start, config->until},
                       run->script->text);
  run->sampled = iv_time_floor(config->start, IV_BUCKET_SPAN);
  iv_sim_stage_take(run->stage, config->start, NULL, 0, run->events); /* time begins */
  for (IvTime at = config->start; at < config->until && !run->error;) {
    at = MIN(at + IV_DAY, config->until);
    iv_sim_run(sim, at);
    sample_until(run, at);
    store_events(run, at);
    g_printerr("  %.1f of %.1f days\n", (double)(at - config->start) / (double)IV_DAY,
               (double)(config->until - config->start) / (double)IV_DAY);
  }
  end_stage(run, config->until);
  store_events(run, config->until);
  if (run->error)
    g_propagate_error(error, g_steal_pointer(&run->error));
  return !error || !*error;
}

/* ---- the truth ---- */

static json_t *read_truth(const char *script, GError **error) {
  const char *command[] = {"python3", TRUTH_PROGRAM, script, NULL};
  g_autofree char *out = NULL, *err = NULL;
  int status = 0;
  if (!g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
                    &status, error))
    return NULL;
  if (!g_spawn_check_wait_status(status, error)) {
    g_prefix_error(error, "%s: %s", TRUTH_PROGRAM, g_strchomp(err));
    return NULL;
  }
  json_error_t fault;
  json_t *truth = json_loads(out, 0, &fault);
  if (!truth)
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s gave no JSON: %s", TRUTH_PROGRAM,
                fault.text);
  return truth;
}

/* ---- figures beside each other ---- */

static IvKpiQuery query_of(const Run *run, IvStep step) {
  const IvSimConfig *config = &run->setup.config;
  return (IvKpiQuery){.store_id = run->setup.scenario->id.text,
                      .from = config->start,
                      .to = config->until,
                      .step = step,
                      .now = config->until + IV_DAY,
                      .deadline = IV_TIME_NONE};
}

static gboolean compare_all(const Run *run, const char *script, json_t *figures,
                            const json_t *truth, GError **error) {
  IvPeriod range = {run->setup.config.start, run->setup.config.until};
  IvKpiQuery query = query_of(run, IV_STEP_DAY);
  return iv_eval_kpi_traffic(run->store, &query, truth, figures, error) &&
         iv_eval_kpi_zones(run->store, &query, truth, figures, error) &&
         iv_eval_kpi_people(run->store, &query, truth, figures, error) &&
         iv_eval_kpi_groups(run->store, &query, script, run->positions_path, figures, error) &&
         iv_eval_kpi_occupancy(run->store, &query, truth, figures, error) &&
         iv_eval_kpi_queues(run->store, &query, truth, figures, error) &&
         iv_eval_kpi_long(run->store, &query, truth, figures, error) &&
         iv_eval_kpi_sales(run->store, &query, truth, figures, error) &&
         iv_eval_kpi_journeys(run->store, &query, truth, figures, error) &&
         iv_eval_kpi_heat(run->store, run->setup.scenario->id.text, range, run->positions_path,
                          figures, error);
}

/* ---- the verb ---- */

static json_t *evaluate_in(Run *run, const char *folder, GError **error) {
  g_autofree char *path = g_build_filename(folder, "script.jsonl", NULL);
  run->script = iv_text_file_open(path, error);
  if (!run->script)
    return NULL;
  run->positions_path = g_build_filename(folder, "positions.txt", NULL);
  gboolean fine = open_store(run, folder, error) && act_out(run, error);
  fine &= iv_position_file_close(g_steal_pointer(&run->positions), fine ? error : NULL);
  fine &= iv_text_file_close(g_steal_pointer(&run->script), fine ? error : NULL);
  if (!fine)
    return NULL;
  json_t *truth = read_truth(path, error), *figures = truth ? json_array() : NULL;
  if (truth && !compare_all(run, path, figures, truth, error))
    g_clear_pointer(&figures, json_decref);
  json_decref(truth);
  return figures;
}

/* The script, where everybody was, and the store: made by this run, kept or removed with it. */
static char *working_folder(const Options *options, GError **error) {
  if (!options->keep)
    return g_dir_make_tmp("inveye-eval-XXXXXX", error);
  if (g_mkdir(options->keep, 0750) == 0)
    return g_strdup(options->keep);
  g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "--keep %s: %s", options->keep,
              g_strerror(errno));
  return NULL;
}

/* A noise file that misses nobody asks for points, any other for boxes. */
static gboolean is_box_level(const Options *options, const IvSimConfig *config) {
  return options->level ? g_str_equal(options->level, "box") : config->boxes.misses.share > 0;
}

static IvBoxStage *new_box_stage(const IvScenario *scenario) {
  IvRuleLimits limits = iv_rule_limits_default();
  return iv_box_stage_new(scenario, &limits);
}

static json_t *evaluate(const Options *options, GError **error) {
  g_auto(Run)
      run = {.events = g_array_new(FALSE, FALSE, sizeof(IvEvent)), .receipts = iv_receipts_new()};
  g_autofree char *folder = NULL;
  /* Points are exact, so nobody has to be forgiven a short absence. */
  IvRuleLimits limits = iv_rule_limits_default();
  limits.exit_grace = 0;
  limits.hysteresis = 0;
  if (!iv_sim_setup_load(&run.setup, &options->sim, error) ||
      !(folder = working_folder(options, error)))
    return NULL;
  run.stage = iv_sim_stage_new(run.setup.scenario, &limits);
  if (is_box_level(options, &run.setup.config))
    run.boxes = new_box_stage(run.setup.scenario);
  json_t *figures = evaluate_in(&run, folder, error);
  g_clear_pointer(&run.book, iv_ledger_book_free);
  g_clear_pointer(&run.store, iv_store_close);
  if (!options->keep)
    iv_bench_folder_remove(folder);
  return figures;
}

static void print_text(const json_t *figures) {
  gsize i;
  const json_t *row;
  json_array_foreach(figures, i, row) {
    printf("%-20s %-24s truth %10.2f  value %10.2f  error %.4f\n",
           json_string_value(json_object_get(row, "kpi")),
           json_string_value(json_object_get(row, "subject")), iv_eval_number(row, "truth"),
           iv_eval_number(row, "value"), iv_eval_number(row, "error"));
  }
}

static int run(int argc, char **argv) {
  g_auto(IvSimOptions) sim = {.seed = 1};
  gboolean as_json = FALSE;
  g_autofree char *level = NULL, *keep = NULL;
  const GOptionEntry entries[] = {
      {"scenario", 0, 0, G_OPTION_ARG_FILENAME, &sim.scenario, "the store", "FILE"},
      {"noise", 0, 0, G_OPTION_ARG_FILENAME, &sim.noise,
       "what cameras miss (default: they look through shelves and never fail)", "FILE"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &sim.seed, "seed of all chance (default: 1)", "K"},
      {"days", 0, 0, G_OPTION_ARG_INT, &sim.days, "days to simulate (default: the scenario's)",
       "N"},
      {"hours", 0, 0, G_OPTION_ARG_DOUBLE, &sim.hours, "or hours, from the opening on", "H"},
      {"start", 0, 0, G_OPTION_ARG_STRING, &sim.start, "first day, in store time", "DATE[Thh:mm]"},
      {"level", 0, 0, G_OPTION_ARG_STRING, &level,
       "points of perfect tracks, or noisy boxes through the tracker (default: boxes when the "
       "noise "
       "misses people)",
       "track|box"},
      {"keep", 0, 0, G_OPTION_ARG_FILENAME, &keep,
       "make this folder and leave the script, the positions and the database in it", "DIR"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_eval_kpi, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!sim.scenario) {
    iv_verb_fail(&iv_verb_eval_kpi, "needs --scenario FILE");
    return IV_EXIT_USAGE;
  }
  if (level && !g_str_equal(level, "track") && !g_str_equal(level, "box")) {
    iv_verb_fail(&iv_verb_eval_kpi, "--level is track or box, not \"%s\"", level);
    return IV_EXIT_USAGE;
  }
  Options options = {.sim = sim, .json = as_json, .level = level, .keep = keep};
  g_autoptr(GError) error = NULL;
  json_t *figures = evaluate(&options, &error);
  if (!figures)
    return iv_verb_fail(&iv_verb_eval_kpi, "%s", error->message);
  if (as_json) {
    json_t *all = json_pack("{sO}", "figures", figures);
    json_dumpf(all, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(all);
  } else {
    print_text(figures);
  }
  json_decref(figures);
  return 0;
}

const IvVerb iv_verb_eval_kpi = {"eval kpi",
                                 "hold the figures of a simulated store against its truth",
                                 "--scenario FILE [--noise FILE] [--seed K] [--days N | --hours H] "
                                 "[--start DATE] [--level track|box] [--keep DIR] [--json]",
                                 run};
