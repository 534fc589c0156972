/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye simulate`: acts out a store and writes what happened. */
#include <stdio.h>

#include "cli/position_file.h"
#include "cli/sim_setup.h"
#include "cli/simulate_history.h"
#include "cli/text_file.h"
#include "cli/verbs.h"

typedef struct {
  IvSimSetup setup;
  IvTextFile *script, *points, *receipts, *boxes;
  IvPositionFile *positions;
  gboolean with_looks;
  const IvSim *sim;
} Run;

static void on_fact(const IvFact *fact, gpointer user_data) {
  Run *run = user_data;
  iv_fact_write(run->setup.scenario, fact, run->script->text);
  iv_text_file_spill(run->script);
}

static void on_receipt(const IvReceipt *receipt, gpointer user_data) {
  Run *run = user_data;
  if (run->script)
    iv_receipt_write(run->setup.scenario, receipt, run->script->text);
  if (!run->receipts)
    return;
  iv_receipt_csv(run->setup.scenario, receipt, run->receipts->text);
  iv_text_file_spill(run->receipts);
}

static void on_points(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data) {
  Run *run = user_data;
  for (guint i = 0; i < n; i++)
    g_string_append_printf(run->points->text,
                           "{\"t\":%" G_GINT64_FORMAT
                           ",\"camera\":\"%s\",\"tracklet\":%u,\"agent\":%u,"
                           "\"staff\":%s,\"x\":%.3f,\"y\":%.3f,\"u\":%.5f,\"v\":%.5f}\n",
                           ts, run->setup.scenario->cameras[points[i].camera].id.text,
                           points[i].tracklet, points[i].agent, points[i].staff ? "true" : "false",
                           points[i].x, points[i].y, (double)points[i].u, (double)points[i].v);
  iv_text_file_spill(run->points);
}

static void on_positions(IvTime ts, const IvSimPosition *people, guint n, gpointer user_data) {
  iv_position_file_take(((Run *)user_data)->positions, ts, people, n);
}

static void write_look(const Run *run, const IvAppearance *look) {
  g_string_append(run->boxes->text, ",\"look\":[");
  for (guint i = 0; i < run->setup.config.boxes.look.dimension; i++)
    g_string_append_printf(run->boxes->text, "%s%.4g", i ? "," : "", (double)look->bins[i]);
  g_string_append_c(run->boxes->text, ']');
}

static void on_frame(guint camera, IvTime ts, const IvDetection *detections,
                     const IvAppearance *looks, const guint32 *agents, guint n,
                     gpointer user_data) {
  Run *run = user_data;
  GString *text = run->boxes->text;
  IvTime taken;
  const IvBoxTruth *truth = iv_sim_frame_truth(run->sim, &taken);
  g_string_append_printf(text,
                         "{\"t\":%" G_GINT64_FORMAT ",\"true_t\":%" G_GINT64_FORMAT
                         ",\"camera\":\"%s\",\"boxes\":[",
                         ts, taken, run->setup.scenario->cameras[camera].id.text);
  for (guint i = 0; i < n; i++) {
    const IvBox *box = &detections[i].box;
    g_string_append_printf(text,
                           "%s{\"agent\":%u,\"staff\":%s,\"x0\":%.5f,\"y0\":%.5f,\"x1\":%.5f,"
                           "\"y1\":%.5f,\"score\":%.3f,\"visible\":%.2f",
                           i ? "," : "", agents[i], truth[i].staff ? "true" : "false",
                           (double)box->x0, (double)box->y0, (double)box->x1, (double)box->y1,
                           (double)detections[i].score, (double)truth[i].visible);
    if (run->with_looks)
      write_look(run, &looks[i]);
    g_string_append_c(text, '}');
  }
  g_string_append(text, "]}\n");
  iv_text_file_spill(run->boxes);
}

/* A line a simulated day, so that a long run shows that it goes on. */
static void run_all(IvSim *sim, const IvSimConfig *config) {
  IvTime at = config->start;
  gboolean goes_on = TRUE;
  for (int day = 1; goes_on; day++) {
    at = MIN(at + IV_DAY, config->until);
    goes_on = iv_sim_run(sim, at) && at < config->until;
    g_printerr("inveye simulate: %.1f of %.1f days, %u visits\n",
               (double)(at - config->start) / (double)IV_DAY,
               (double)(config->until - config->start) / (double)IV_DAY, iv_sim_tally(sim).visits);
  }
}

static void print_tally(IvSim *sim, const IvSimConfig *config, gboolean as_json) {
  IvSimTally tally = iv_sim_tally(sim);
  if (as_json)
    printf("{\"seconds\":%.0f,\"visits\":%u,\"receipts\":%u,\"facts\":%" G_GUINT64_FORMAT
           ",\"points\":%" G_GUINT64_FORMAT ",\"balked\":%u,\"abandoned\":%u}\n",
           (double)(config->until - config->start) / (double)IV_SECOND, tally.visits,
           tally.receipts, tally.facts, tally.points, tally.balked, tally.abandoned);
  else
    g_printerr("inveye simulate: %u visits, %u receipts, %" G_GUINT64_FORMAT " facts\n",
               tally.visits, tally.receipts, tally.facts);
}

static gboolean open_files(Run *run, const char *script, const char *points, const char *receipts,
                           const char *boxes, GError **error) {
  if (script && !(run->script = iv_text_file_open(script, error)))
    return FALSE;
  if (points && !(run->points = iv_text_file_open(points, error)))
    return FALSE;
  if (receipts && !(run->receipts = iv_text_file_open(receipts, error)))
    return FALSE;
  if (boxes && !(run->boxes = iv_text_file_open(boxes, error)))
    return FALSE;
  const IvSimConfig *config = &run->setup.config;
  if (run->script)
    iv_fact_write_header(run->setup.scenario,
                         &(IvScriptHeader){config->seed, config->start, config->until},
                         run->script->text);
  if (run->receipts)
    iv_receipt_csv_header(run->receipts->text);
  return TRUE;
}

static gboolean simulate(Run *run, const char *positions, gboolean as_json, GError **error) {
  const IvSimOutput output = {.fact = run->script ? on_fact : NULL,
                              .receipt = run->script || run->receipts ? on_receipt : NULL,
                              .points = run->points ? on_points : NULL,
                              .positions = positions ? on_positions : NULL,
                              .frame = run->boxes ? on_frame : NULL,
                              .user_data = run};
  g_autoptr(IvSim) sim =
      iv_sim_new(run->setup.scenario, run->setup.zone, &run->setup.config, &output, error);
  if (!sim || (positions && !(run->positions = iv_position_file_new(
                                  positions, sim, run->setup.scenario, &run->setup.config, error))))
    return FALSE;
  run->sim = sim;
  run_all(sim, &run->setup.config);
  print_tally(sim, &run->setup.config, as_json);
  return TRUE;
}

/* All files are closed whatever happens; the first error is told. */
static gboolean close_files(Run *run, gboolean fine, GError **error) {
  IvTextFile *files[] = {run->script, run->points, run->receipts, run->boxes};
  for (guint i = 0; i < G_N_ELEMENTS(files); i++)
    fine &= iv_text_file_close(files[i], fine ? error : NULL);
  return fine & iv_position_file_close(run->positions, fine ? error : NULL);
}

static int run(int argc, char **argv) {
  g_auto(IvSimOptions) sim = {.seed = 1};
  g_autofree char *script = NULL, *points = NULL, *receipts = NULL, *boxes = NULL,
                  *positions = NULL;
  gboolean as_json = FALSE, looks = FALSE;
  g_autofree char *history = NULL, *data = NULL, *until = NULL;
  const GOptionEntry options[] = {
      {"scenario", 0, 0, G_OPTION_ARG_FILENAME, &sim.scenario, "the store", "FILE"},
      {"noise", 0, 0, G_OPTION_ARG_FILENAME, &sim.noise,
       "what cameras miss (default: they look through shelves and never fail)", "FILE"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &sim.seed, "seed of all chance (default: 1)", "K"},
      {"days", 0, 0, G_OPTION_ARG_INT, &sim.days, "days to simulate (default: the scenario's)",
       "N"},
      {"hours", 0, 0, G_OPTION_ARG_DOUBLE, &sim.hours, "or hours, from the opening on", "H"},
      {"start", 0, 0, G_OPTION_ARG_STRING, &sim.start,
       "first day, in store time (default: the scenario's)", "DATE[Thh:mm]"},
      {"script", 0, 0, G_OPTION_ARG_FILENAME, &script,
       "write what happened, one JSON object a line; - is standard output", "OUT"},
      {"points", 0, 0, G_OPTION_ARG_FILENAME, &points,
       "write where cameras see whom, twice a second", "OUT"},
      {"positions", 0, 0, G_OPTION_ARG_FILENAME, &positions,
       "write where every customer was, twice a second", "OUT"},
      {"receipts", 0, 0, G_OPTION_ARG_FILENAME, &receipts, "write the receipts as CSV", "OUT"},
      {"boxes", 0, 0, G_OPTION_ARG_FILENAME, &boxes,
       "write what a detector makes of every camera's frames", "OUT"},
      {"looks", 0, 0, G_OPTION_ARG_NONE, &looks, "with the appearance of each box", NULL},
      {"history", 0, 0, G_OPTION_ARG_STRING, &history,
       "fill a data folder with so many days before today, and today until now", "35d"},
      {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "that folder", "DIR"},
      {"until", 0, 0, G_OPTION_ARG_STRING, &until, "its end instead of now", "TIME"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print the sums as one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_simulate, options, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (history || data || until) {
    if (!history || sim.noise || sim.start || sim.days || sim.hours > 0 || script || points ||
        receipts || boxes || looks) {
      iv_verb_fail(&iv_verb_simulate, "--history goes with --scenario, --data, --seed, --until and "
                                      "--json only");
      return IV_EXIT_USAGE;
    }
    IvHistoryOptions filling = {sim.scenario, data, history, until, sim.seed, as_json};
    return iv_simulate_history(&filling);
  }
  Run run = {.with_looks = looks};
  g_autoptr(GError) error = NULL;
  gboolean fine = iv_sim_setup_load(&run.setup, &sim, &error) &&
                  open_files(&run, script, points, receipts, boxes, &error) &&
                  simulate(&run, positions, as_json, &error);
  fine = close_files(&run, fine, &error);
  iv_sim_setup_clear(&run.setup);
  if (fine)
    return 0;
  iv_verb_fail(&iv_verb_simulate, "%s", error->message);
  return error->domain == G_OPTION_ERROR ? IV_EXIT_USAGE : IV_EXIT_FAILED;
}

const IvVerb iv_verb_simulate = {
    "simulate", "act out a store with shoppers, staff and tills, and write the truth",
    "--scenario FILE [--noise FILE] [--seed K] [--days N | --hours H] [--start DATE] "
    "[--script OUT] [--points OUT] [--positions OUT] [--receipts OUT] [--boxes OUT [--looks]] "
    "[--json]; or --scenario FILE --history 35d --data DIR [--seed K]",
    run};
