/* SPDX-License-Identifier: Apache-2.0 */
/* A simulated store at box level through tracker, floor tracker and rules: with boxes that miss
 * nobody, what is counted is what happened. */
#include "app/box_stage.h"

#include <glib.h>

#include "sim/sim.h"

#define KIOSK INVEYE_SOURCE_ROOT "/packaging/stores/kiosk.json"

typedef struct {
  const IvScenario *scenario;
  IvSim *sim;
  IvBoxStage *stage;
  GArray *events;
  guint in, out; /* in the script */
} Hour;

static void on_fact(const IvFact *fact, gpointer user_data) {
  Hour *hour = user_data;
  if (fact->kind == IV_FACT_LINE_CROSS) {
    hour->in += fact->number ? 1 : 0;
    hour->out += fact->number ? 0 : 1;
  }
}

static void on_frame(guint camera, IvTime ts, const IvDetection *detections,
                     const IvAppearance *looks, const guint32 *agents, guint n,
                     gpointer user_data) {
  (void)agents;
  Hour *hour = user_data;
  gboolean staff[IV_DETECTIONS_MAX];
  IvTime taken;
  const IvBoxTruth *truth = iv_sim_frame_truth(hour->sim, &taken);
  for (guint i = 0; i < n; i++)
    staff[i] = truth[i].staff;
  iv_box_stage_take(hour->stage, camera, ts, detections, looks, staff, n, hour->events);
}

static IvScenario *read_kiosk(void) {
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr(GError) error = NULL;
  g_file_get_contents(KIOSK, &text, &length, &error);
  g_assert_no_error(error);
  IvScenario *scenario = iv_scenario_parse(text, length, &error);
  g_assert_no_error(error);
  return scenario;
}

static gboolean is_entrance(const IvScenario *s, const IvSlug *line) {
  for (guint i = 0; i < s->n_lines; i++)
    if (g_str_equal(s->lines[i].id.text, line->text))
      return !s->lines[i].is_passby;
  return FALSE;
}

static guint crossings(const Hour *hour, const char *direction) {
  guint n = 0;
  for (guint i = 0; i < hour->events->len; i++) {
    const IvEvent *event = &g_array_index(hour->events, IvEvent, i);
    n += event->kind == IV_EVENT_LINE_CROSSED && is_entrance(hour->scenario, &event->line_id) &&
         g_str_equal(iv_event_attr(event, IV_ATTR_DIRECTION)->text, direction);
  }
  return n;
}

static guint of_kind(const GArray *events, IvEventKind kind) {
  guint n = 0;
  for (guint i = 0; i < events->len; i++)
    n += g_array_index(events, IvEvent, i).kind == kind;
  return n;
}

static void test_an_hour(void) {
  g_autoptr(IvScenario) scenario = read_kiosk();
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(scenario->time_zone);
  g_autoptr(GDateTime) noon =
      g_date_time_new(zone, scenario->year, scenario->month, scenario->day, 12, 0, 0);
  IvTime start = g_date_time_to_unix(noon) * IV_SECOND;
  IvRuleLimits limits = iv_rule_limits_default();
  Hour hour = {.scenario = scenario, .events = g_array_new(FALSE, FALSE, sizeof(IvEvent))};
  const IvSimOutput output = {.fact = on_fact, .frame = on_frame, .user_data = &hour};
  const IvSimConfig config = {.seed = 3, .start = start, .until = start + IV_HOUR};
  g_autoptr(GError) error = NULL;
  hour.stage = iv_box_stage_new(scenario, &limits);
  g_autoptr(IvSim) sim = hour.sim = iv_sim_new(scenario, zone, &config, &output, &error);
  g_assert_no_error(error);
  iv_sim_run(sim, config.until);
  iv_box_stage_settle(hour.stage, config.until + 12 * IV_SECOND, hour.events);
  g_assert_cmpuint(hour.in, >, 5);
  g_assert_cmpuint(crossings(&hour, "in"), ==, hour.in);
  g_assert_cmpuint(crossings(&hour, "out"), ==, hour.out);
  g_assert_cmpuint(of_kind(hour.events, IV_EVENT_ZONE_VISIT), >, hour.in);
  iv_box_stage_free(hour.stage);
  g_array_unref(hour.events);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/box-stage/an-hour", test_an_hour);
  return g_test_run();
}
