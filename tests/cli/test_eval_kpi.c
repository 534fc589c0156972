/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a simulated store against its truth: the program as a user runs it; its path is in
 * INVEYE. What the simulator knows exactly and the cameras see without noise must be counted
 * exactly, by the rules, the ledger and the figures that the dashboard shows. */
#include <glib.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#define KIOSK INVEYE_SOURCE_ROOT "/packaging/stores/kiosk.json"

static json_t *evaluate(const char *seed, const char *days) {
  const char *command[] = {
      g_getenv("INVEYE"), "eval", "kpi",    "--scenario", KIOSK, "--seed", seed,
      "--days",           days,   "--json", NULL};
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr(GError) error = NULL;
  int status = 0;
  g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status,
               &error);
  g_assert_no_error(error);
  if (!g_spawn_check_wait_status(status, NULL))
    g_error("%s", err);
  json_t *all = json_loads(out, 0, NULL);
  g_assert_nonnull(all);
  return all;
}

/* Two days (the second has an outage, which ideal cameras do not know). */
static void test_exact(void) {
  static const char *const exact[] = {"traffic_in",     "traffic_out",        "turn_backs",
                                      "pass_bys",       "traffic_in_by_hour", "zone_visits",
                                      "occupancy_drift"};
  json_t *all = evaluate("11", "2");
  gsize i;
  const json_t *row;
  guint n_exact = 0, n_zones = 0, n_heat = 0;
  json_array_foreach(json_object_get(all, "figures"), i, row) {
    const char *kpi = json_string_value(json_object_get(row, "kpi"));
    const char *subject = json_string_value(json_object_get(row, "subject"));
    const json_t *error = json_object_get(row, "error");
    for (gsize k = 0; k < G_N_ELEMENTS(exact); k++)
      if (strcmp(kpi, exact[k]) == 0) {
        g_test_message("%s of %s", kpi, subject);
        g_assert_cmpfloat(json_number_value(error), ==, 0);
        n_exact++;
      }
    /* The door's camera does not see all of the pavement, nor anybody the back of the back room. */
    gboolean of_zone = g_str_has_prefix(kpi, "dwell") || strcmp(kpi, "zone_visits") == 0;
    if (of_zone && strcmp(subject, "back-room") != 0 && json_is_number(error)) {
      g_test_message("%s of %s", kpi, subject);
      g_assert_cmpfloat(json_number_value(error), <, 0.01);
      n_zones++;
    }
    if (strcmp(kpi, "heatmap") == 0) { /* 1 less the correlation over the cells */
      g_assert_cmpfloat(json_number_value(json_object_get(row, "value")), >, 0.999);
      g_assert_cmpfloat(json_number_value(error), <, 0.001);
      n_heat++;
    }
  }
  g_assert_cmpuint(n_exact, >, 20);
  g_assert_cmpuint(n_zones, >, 10);
  g_assert_cmpuint(n_heat, ==, 1);
  json_decref(all);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/eval/kpi/exact", test_exact);
  return g_test_run();
}
