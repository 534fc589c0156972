/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye eval foretell`: acts out a store, sends what its cameras see through the rules, lets the
 * foretold wait see the events as they come, and tells how its calls came out. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/sim_stage.h"
#include "cli/sim_setup.h"
#include "cli/verbs.h"
#include "kpi/foretell.h"

#define LOOK_EVERY (30 * IV_SECOND)

typedef struct {
  IvSimSetup setup;
  IvSimStage *stage;
  IvForetell *foretell;
  GArray *events; /* of IvEvent, of this tick */
  IvTime next_look;
  guint looks, advised[3];
} Run;

static void run_clear(Run *run) {
  g_clear_pointer(&run->stage, iv_sim_stage_free);
  g_clear_pointer(&run->foretell, iv_foretell_free);
  g_clear_pointer(&run->events, g_array_unref);
  iv_sim_setup_clear(&run->setup);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static void set_lanes(Run *run) {
  const IvScene *plan = iv_sim_stage_scene(run->stage, iv_sim_stage_n_scenes(run->stage) - 1);
  g_autofree IvForetellLane *lanes = g_new0(IvForetellLane, MAX(plan->n_lanes, 1));
  for (guint i = 0; i < plan->n_lanes; i++) {
    const IvLane *lane = &plan->lanes[i];
    lanes[i] = (IvForetellLane){lane->id, iv_slug_is_none(&lane->group) ? lane->id : lane->group,
                                lane->self_checkout};
  }
  iv_foretell_set_lanes(run->foretell, lanes, plan->n_lanes);
}

static gboolean is_entrance(const Run *run, const IvEvent *event) {
  for (guint i = 0; i < run->setup.scenario->n_lines; i++)
    if (strcmp(run->setup.scenario->lines[i].id.text, event->line_id.text) == 0)
      return !run->setup.scenario->lines[i].is_passby;
  return FALSE;
}

static void look(Run *run, IvTime ts) {
  IvForetoldPool pool;
  IvEvent call;
  for (guint i = 0; i < iv_foretell_n_pools(run->foretell); i++) {
    iv_foretell_look(run->foretell, i, ts, &pool, &call);
    if (!pool.known || !pool.staffed)
      continue;
    run->looks++;
    run->advised[pool.advice.action]++;
  }
}

static void on_points(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data) {
  Run *run = user_data;
  g_array_set_size(run->events, 0);
  iv_sim_stage_take(run->stage, ts, points, n, run->events);
  for (guint i = 0; i < run->events->len; i++) {
    const IvEvent *event = &g_array_index(run->events, IvEvent, i);
    iv_foretell_take(run->foretell, event, is_entrance(run, event));
  }
  if (ts < run->next_look)
    return;
  run->next_look = ts + LOOK_EVERY;
  look(run, ts);
}

/* Takes cashiers away at all hours, down to one. */
static void thin_rota(IvScenario *scenario, int fewer) {
  for (guint r = 0; r < scenario->n_roles; r++) {
    IvStaffRole *role = &scenario->roles[r];
    if (strcmp(role->name.text, "cashier") != 0)
      continue;
    for (int day = 0; day < IV_WEEK; day++)
      for (int hour = 0; hour < 24; hour++)
        if (role->rota[day][hour] > 0)
          role->rota[day][hour] = (guint8)MAX(role->rota[day][hour] - fewer, 1);
  }
}

static void add(json_t *figures, const char *kpi, double value) {
  json_array_append_new(figures, json_pack("{ss ss so so so}", "kpi", kpi, "subject", "store",
                                           "truth", json_null(), "value",
                                           isnan(value) ? json_null() : json_real(value), "error",
                                           json_null()));
}

static double share(guint part, guint whole) {
  return whole ? (double)part / whole : (double)NAN;
}

static json_t *tell(const Run *run) {
  IvCallScore score = iv_foretell_score(run->foretell, run->setup.config.until);
  json_t *figures = json_array();
  add(figures, "queue_long_n", score.longs);
  add(figures, "queue_long_foretold", share(score.foretold, score.longs));
  add(figures, "queue_long_calls", score.calls);
  add(figures, "queue_long_false", share(score.misses, score.calls));
  add(figures, "advice_open", share(run->advised[IV_ADVICE_OPEN], run->looks));
  add(figures, "advice_close", share(run->advised[IV_ADVICE_CLOSE], run->looks));
  return figures;
}

static json_t *evaluate(Run *run, const IvSimOptions *options, double limit_s, int fewer,
                        GError **error) {
  IvRuleLimits limits = iv_rule_limits_default();
  if (!iv_sim_setup_load(&run->setup, options, error))
    return NULL;
  limits.exit_grace = 0;
  limits.hysteresis = 0;
  limits.long_wait = (IvTime)(limit_s * (double)IV_SECOND);
  thin_rota(run->setup.scenario, fewer);
  run->stage = iv_sim_stage_new(run->setup.scenario, &limits);
  run->foretell = iv_foretell_new(run->setup.zone, limits.long_wait, 5 * IV_MINUTE);
  run->events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  set_lanes(run);
  const IvSimConfig *config = &run->setup.config;
  const IvSimOutput output = {.points = on_points, .user_data = run};
  g_autoptr(IvSim) sim = iv_sim_new(run->setup.scenario, run->setup.zone, config, &output, error);
  if (!sim)
    return NULL;
  for (IvTime at = config->start; at < config->until;) {
    at = MIN(at + IV_DAY, config->until);
    iv_sim_run(sim, at);
    IvCallScore score = iv_foretell_score(run->foretell, at);
    g_printerr("  %.1f days: %u long queues, %u foretold; %u calls, %u false\n",
               (double)(at - config->start) / (double)IV_DAY, score.longs, score.foretold,
               score.calls, score.misses);
  }
  return tell(run);
}

static void print_text(const json_t *figures) {
  gsize i;
  const json_t *row;
  json_array_foreach(figures, i, row) {
    const json_t *value = json_object_get(row, "value");
    if (json_is_number(value))
      printf("%-22s %.3f\n", json_string_value(json_object_get(row, "kpi")),
             json_number_value(value));
    else
      printf("%-22s n/a\n", json_string_value(json_object_get(row, "kpi")));
  }
}

static int run(int argc, char **argv) {
  g_auto(IvSimOptions) sim = {.seed = 1};
  gboolean as_json = FALSE;
  double limit_s = 480;
  int fewer = 0;
  const GOptionEntry entries[] = {
      {"scenario", 0, 0, G_OPTION_ARG_FILENAME, &sim.scenario, "the store", "FILE"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &sim.seed, "seed of all chance (default: 1)", "K"},
      {"days", 0, 0, G_OPTION_ARG_INT, &sim.days, "days to simulate (default: the scenario's)",
       "N"},
      {"hours", 0, 0, G_OPTION_ARG_DOUBLE, &sim.hours, "or hours, from the opening on", "H"},
      {"start", 0, 0, G_OPTION_ARG_STRING, &sim.start, "first day, in store time", "DATE[Thh:mm]"},
      {"limit", 0, 0, G_OPTION_ARG_DOUBLE, &limit_s, "a longer wait is a long queue (default: 480)",
       "SECONDS"},
      {"fewer-cashiers", 0, 0, G_OPTION_ARG_INT, &fewer, "take so many off the rota (default: 0)",
       "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_eval_foretell, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!sim.scenario || !(limit_s > 0) || fewer < 0) {
    iv_verb_fail(&iv_verb_eval_foretell, "%s",
                 sim.scenario ? "--limit must be over 0, --fewer-cashiers not under 0"
                              : "needs --scenario FILE");
    return IV_EXIT_USAGE;
  }
  g_auto(Run) run = {0};
  g_autoptr(GError) error = NULL;
  json_t *figures = evaluate(&run, &sim, limit_s, fewer, &error);
  if (!figures)
    return iv_verb_fail(&iv_verb_eval_foretell, "%s", error->message);
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

const IvVerb iv_verb_eval_foretell = {
    "eval foretell", "how the calls of long queues come out in a simulated store",
    "--scenario FILE [--seed K] [--days N | --hours H] [--start DATE] [--limit S] "
    "[--fewer-cashiers N] [--json]",
    run};
