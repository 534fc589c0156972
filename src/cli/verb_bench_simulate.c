/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye bench simulate`: how many times faster than life a store is acted out on one core, facts,
 * receipts and track points made and thrown away; with --rules the product's rules take the points,
 * with --kpis their events are counted into the 5-minute rows in memory too. */
#include <stdio.h>

#include "app/sim_stage.h"
#include "base/clock.h"
#include "cli/event_sums.h"
#include "cli/sim_setup.h"
#include "cli/verbs.h"

typedef struct {
  guint64 seen;
  guint64 n_events;
  IvSimStage *stage; /* NULL = points are dropped */
  IvEventSums *sums; /* NULL = events are */
  GArray *events;    /* IvEvent, of a tick */
} Sink;

static void sink_clear(Sink *sink) {
  g_clear_pointer(&sink->stage, iv_sim_stage_free);
  g_clear_pointer(&sink->sums, iv_event_sums_free);
  g_clear_pointer(&sink->events, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sink, sink_clear)

static void take_points(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data) {
  Sink *sink = user_data;
  sink->seen += n;
  if (!sink->stage)
    return;
  iv_sim_stage_take(sink->stage, ts, points, n, sink->events);
  for (guint i = 0; sink->sums && i < sink->events->len; i++)
    iv_event_sums_add(sink->sums, &g_array_index(sink->events, IvEvent, i));
  sink->n_events += sink->events->len;
  g_array_set_size(sink->events, 0);
}

static void drop_frame(guint camera, IvTime ts, const IvDetection *detections,
                       const IvAppearance *looks, const guint32 *agents, guint n,
                       gpointer user_data) {
  (void)camera, (void)ts, (void)detections, (void)looks, (void)agents;
  ((Sink *)user_data)->seen += n;
}

static void print(const IvSimSetup *setup, const IvSimTally *tally, const Sink *sink,
                  IvTime prepared, IvTime spent, gboolean as_json) {
  double seconds = (double)(setup->config.until - setup->config.start) / (double)IV_SECOND;
  double cpu = (double)MAX(spent, 1) / (double)IV_SECOND;
  if (as_json)
    printf("{\"store\":\"%s\",\"simulated_seconds\":%.0f,\"cpu_seconds\":%.3f,"
           "\"prepare_seconds\":%.3f,\"times_real_time\":%.0f,\"visits\":%u,\"points\":"
           "%" G_GUINT64_FORMAT ",\"frames\":%" G_GUINT64_FORMAT ",\"boxes\":%" G_GUINT64_FORMAT
           ",\"events\":%" G_GUINT64_FORMAT ",\"rows\":%u}\n",
           setup->scenario->id.text, seconds, cpu, (double)prepared / (double)IV_SECOND,
           seconds / cpu, tally->visits, tally->points, tally->film.frames, tally->film.boxes,
           sink->n_events, sink->sums ? iv_event_sums_rows(sink->sums) : 0);
  else
    printf("%s: %.0f times real time on one core (%.0f s in %.2f s, of which %.2f s to prepare; "
           "%u visits, %" G_GUINT64_FORMAT " points, %" G_GUINT64_FORMAT
           " boxes in %" G_GUINT64_FORMAT " frames, %" G_GUINT64_FORMAT " events, %u rows)\n",
           setup->scenario->id.text, seconds / cpu, seconds, cpu,
           (double)prepared / (double)IV_SECOND, tally->visits, tally->points, tally->film.boxes,
           tally->film.frames, sink->n_events, sink->sums ? iv_event_sums_rows(sink->sums) : 0);
}

static int run(int argc, char **argv) {
  g_auto(IvSimOptions) sim = {.seed = 1};
  gboolean as_json = FALSE, boxes = FALSE, rules = FALSE, kpis = FALSE;
  const GOptionEntry options[] = {
      {"scenario", 0, 0, G_OPTION_ARG_FILENAME, &sim.scenario, "the store", "FILE"},
      {"noise", 0, 0, G_OPTION_ARG_FILENAME, &sim.noise, "what cameras miss", "FILE"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &sim.seed, "seed of all chance (default: 1)", "K"},
      {"boxes", 0, 0, G_OPTION_ARG_NONE, &boxes, "at box level too: a detector's boxes and looks",
       NULL},
      {"rules", 0, 0, G_OPTION_ARG_NONE, &rules, "through the rules, to events", NULL},
      {"kpis", 0, 0, G_OPTION_ARG_NONE, &kpis,
       "through the rules into the 5-minute rows, in memory", NULL},
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
  g_auto(Sink) sink = {.events = g_array_new(FALSE, FALSE, sizeof(IvEvent))};
  const IvSimOutput output = {
      .points = take_points, .frame = boxes ? drop_frame : NULL, .user_data = &sink};
  IvTime start = iv_clock_process_cpu();
  if (rules || kpis) {
    IvRuleLimits limits = iv_rule_limits_default();
    sink.stage = iv_sim_stage_new(setup.scenario, &limits);
  }
  if (kpis)
    sink.sums = iv_event_sums_new(setup.scenario);
  g_autoptr(IvSim) simulation =
      iv_sim_new(setup.scenario, setup.zone, &setup.config, &output, &error);
  if (!simulation)
    return iv_verb_fail(&iv_verb_bench_simulate, "%s", error->message);
  IvTime prepared = iv_clock_process_cpu() - start;
  iv_sim_run(simulation, setup.config.until);
  IvSimTally tally = iv_sim_tally(simulation);
  print(&setup, &tally, &sink, prepared, iv_clock_process_cpu() - start, as_json);
  return 0;
}

const IvVerb iv_verb_bench_simulate = {"bench simulate",
                                       "measure how much faster than life a store is simulated",
                                       "--scenario FILE [--noise FILE] [--boxes] [--rules] "
                                       "[--kpis] [--seed K] [--days N | --hours H] [--start DATE] "
                                       "[--json]",
                                       run};
