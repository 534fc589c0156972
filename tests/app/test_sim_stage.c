/* SPDX-License-Identifier: Apache-2.0 */
/* Queues and lanes of a simulated store, on its floor plan, by the product's rules. */
#include "app/sim_stage.h"

#include <glib.h>
#include <string.h>

#define KIOSK INVEYE_SOURCE_ROOT "/packaging/stores/kiosk.json"

typedef struct {
  IvSimStage *stage;
  GArray *events;
  guint joins, services, abandons; /* in the script */
} Day;

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

static void on_fact(const IvFact *fact, gpointer user_data) {
  Day *day = user_data;
  day->joins += fact->kind == IV_FACT_QUEUE_JOIN;
  day->services += fact->kind == IV_FACT_QUEUE_SERVICE_END;
  day->abandons += fact->kind == IV_FACT_QUEUE_ABANDON;
}

static void on_points(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data) {
  Day *day = user_data;
  iv_sim_stage_take(day->stage, ts, points, n, day->events);
}

static guint count(const GArray *events, IvEventKind kind) {
  guint n = 0;
  for (guint i = 0; i < events->len; i++)
    n += g_array_index(events, IvEvent, i).kind == kind;
  return n;
}

/* The plan keeps what a scene must keep. */
static void test_scene(void) {
  g_autoptr(IvScenario) scenario = read_kiosk();
  IvRuleLimits limits = iv_rule_limits_default();
  g_autoptr(IvSimStage) stage = iv_sim_stage_new(scenario, &limits);
  const IvScene *plan = iv_sim_stage_scene(stage, iv_sim_stage_n_scenes(stage) - 1);
  g_autoptr(GError) error = NULL;
  iv_scene_check(plan, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(plan->n_lanes, ==, scenario->n_lanes);
  for (guint i = 0; i < plan->n_lanes; i++) {
    g_assert_cmpint(iv_scene_queue_of(plan, i), >=, 0);
    g_assert_cmpuint(plan->lanes[i].service.n_points, >, 0);
  }
}

static void test_day(void) {
  g_autoptr(IvScenario) scenario = read_kiosk();
  IvRuleLimits limits = iv_rule_limits_default();
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(scenario->time_zone);
  g_autoptr(GDateTime) start =
      g_date_time_new(zone, scenario->year, scenario->month, scenario->day, 0, 0, 0);
  IvSimConfig config = {.seed = 5, .start = g_date_time_to_unix(start) * IV_SECOND};
  config.until = config.start + IV_DAY;
  Day day = {iv_sim_stage_new(scenario, &limits), g_array_new(FALSE, FALSE, sizeof(IvEvent)), 0, 0,
             0};
  IvSimOutput output = {.fact = on_fact, .points = on_points, .user_data = &day};
  g_autoptr(GError) error = NULL;
  g_autoptr(IvSim) sim = iv_sim_new(scenario, zone, &config, &output, &error);
  g_assert_no_error(error);
  iv_sim_run(sim, config.until);
  iv_sim_stage_end(day.stage, day.events);
  g_assert_cmpuint(day.services, >, 20);
  g_assert_cmpuint(count(day.events, IV_EVENT_QUEUE_SERVICE), ==, day.services);
  guint joined = count(day.events, IV_EVENT_QUEUE_JOINED);
  g_assert_cmpuint(joined, >, 0);
  g_assert_cmpuint(joined, <=, day.joins);
  /* Staff at the till open it before the first customer: the lane is open for most of the day. */
  double open = 0;
  for (guint i = 0; i < day.events->len; i++) {
    const IvEvent *event = &g_array_index(day.events, IvEvent, i);
    const IvAttr *attr = iv_event_attr(event, IV_ATTR_OPEN_S);
    if (event->kind == IV_EVENT_QUEUE_SAMPLE && attr)
      open += attr->number;
  }
  g_assert_cmpfloat(open, >, 3600 * 4);
  iv_sim_stage_free(day.stage);
  g_array_unref(day.events);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim-stage/scene", test_scene);
  g_test_add_func("/sim-stage/day", test_day);
  return g_test_run();
}
