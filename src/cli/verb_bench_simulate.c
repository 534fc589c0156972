/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye bench simulate`: how many times faster than life a store is acted out on one core, facts,
 * receipts and track points made and thrown away. */
#include <stdio.h>

#include "base/clock.h"
#include "cli/sim_setup.h"
#include "cli/verbs.h"

static void drop_points(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data) {
  (void)ts, (void)points;
  *(guint64 *)user_data += n;
}

static void drop_frame(guint camera, IvTime ts, const IvDetection *detections,
                       const IvAppearance *looks, const guint32 *agents, guint n,
                       gpointer user_data) {
  (void)camera, (void)ts, (void)detections, (void)looks, (void)agents;
  *(guint64 *)user_data += n;
}

static void print(const IvSimSetup *setup, const IvSimTally *tally, IvTime prepared, IvTime spent,
                  gboolean as_json) {
  double seconds = (double)(setup->config.until - setup->config.start) / (double)IV_SECOND;
  double cpu = (double)MAX(spent, 1) / (double)IV_SECOND;
  if (as_json)
    printf("{\"store\":\"%s\",\"simulated_seconds\":%.0f,\"cpu_seconds\":%.3f,"
           "\"prepare_seconds\":%.3f,\"times_real_time\":%.0f,\"visits\":%u,\"points\":"
           "%" G_GUINT64_FORMAT ",\"frames\":%" G_GUINT64_FORMAT ",\"boxes\":%" G_GUINT64_FORMAT
           "}\n",
           setup->scenario->id.text, seconds, cpu, (double)prepared / (double)IV_SECOND,
           seconds / cpu, tally->visits, tally->points, tally->film.frames, tally->film.boxes);
  else
    printf("%s: %.0f times real time on one core (%.0f s in %.2f s, of which %.2f s to prepare; "
           "%u visits, %" G_GUINT64_FORMAT " points, %" G_GUINT64_FORMAT
           " boxes in %" G_GUINT64_FORMAT " frames)\n",
           setup->scenario->id.text, seconds / cpu, seconds, cpu,
           (double)prepared / (double)IV_SECOND, tally->visits, tally->points, tally->film.boxes,
           tally->film.frames);
}

static int run(int argc, char **argv) {
  g_auto(IvSimOptions) sim = {.seed = 1};
  gboolean as_json = FALSE, boxes = FALSE;
  const GOptionEntry options[] = {
      {"scenario", 0, 0, G_OPTION_ARG_FILENAME, &sim.scenario, "the store", "FILE"},
      {"noise", 0, 0, G_OPTION_ARG_FILENAME, &sim.noise, "what cameras miss", "FILE"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &sim.seed, "seed of all chance (default: 1)", "K"},
      {"boxes", 0, 0, G_OPTION_ARG_NONE, &boxes, "at box level too: a detector's boxes and looks",
       NULL},
      {"hours", 0, 0, G_OPTION_ARG_DOUBLE, &sim.hours, "or hours, from the opening on", "H"},
      {"days", 0, 0, G_OPTION_ARG_INT, &sim.days, "days to simulate (default: 1)", "N"},
      {"start", 0, 0, G_OPTION_ARG_STRING, &sim.start, "first day, in store time", "DATE"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_bench_simulate, options, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  sim.days = sim.days || sim.hours > 0 ? sim.days : 1;
  g_auto(IvSimSetup) setup = {0};
  g_autoptr(GError) error = NULL;
  if (!iv_sim_setup_load(&setup, &sim, &error)) {
    iv_verb_fail(&iv_verb_bench_simulate, "%s", error->message);
    return error->domain == G_OPTION_ERROR ? IV_EXIT_USAGE : IV_EXIT_FAILED;
  }
  guint64 seen = 0;
  const IvSimOutput output = {
      .points = drop_points, .frame = boxes ? drop_frame : NULL, .user_data = &seen};
  IvTime start = iv_clock_process_cpu();
  g_autoptr(IvSim) simulation =
      iv_sim_new(setup.scenario, setup.zone, &setup.config, &output, &error);
  if (!simulation)
    return iv_verb_fail(&iv_verb_bench_simulate, "%s", error->message);
  IvTime prepared = iv_clock_process_cpu() - start;
  iv_sim_run(simulation, setup.config.until);
  IvSimTally tally = iv_sim_tally(simulation);
  print(&setup, &tally, prepared, iv_clock_process_cpu() - start, as_json);
  return 0;
}

const IvVerb iv_verb_bench_simulate = {
    "bench simulate", "measure how much faster than life a store is simulated",
    "--scenario FILE [--noise FILE] [--boxes] [--seed K] [--days N | --hours H] [--start DATE] "
    "[--json]",
    run};
