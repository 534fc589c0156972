/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a simulated store against its truth: the program as a user runs it; its path is in
 * INVEYE. What the simulator knows exactly and the cameras see without noise must be counted
 * exactly, by the rules, the ledger and the figures that the dashboard shows. */
#include <glib.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "../shared_data.h"

#define KIOSK INVEYE_SOURCE_ROOT "/packaging/stores/kiosk.json"

static json_t *run_verb(const char *const *command, int *ret_status) {
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr(GError) error = NULL;
  g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, ret_status,
               &error);
  g_assert_no_error(error);
  json_t *all = json_loads(out, 0, NULL);
  if (!all)
    g_error("%s", err);
  return all;
}

static json_t *evaluate(const char *scenario, const char *seed, const char *days) {
  const char *command[] = {
      g_getenv("INVEYE"), "eval", "kpi",    "--scenario", scenario, "--seed", seed,
      "--days",           days,   "--json", NULL};
  int status = 0;
  json_t *all = run_verb(command, &status);
  g_assert_true(g_spawn_check_wait_status(status, NULL));
  return all;
}

static const char *const exact[] = {
    "footfall",        "traffic_in",       "traffic_out",
    "turn_backs",      "pass_bys",         "traffic_in_by_hour",
    "zone_visits",     "occupancy_drift",  "occupancy",
    "occupancy_max",   "queue_joined",     "queue_served",
    "queue_abandoned", "queue_length_max", "queue_joined_by_hour",
    "transactions",    "revenue",          "revenue_by_hour",
    "refunds",         "refunded",         "voids",
    "no_sales",        "baskets",          "basket_pairs",
    "unique_visitors", "visits",           "footfall_by_hour",
    "zone_visitors",   "engaged",          "unique_visitors_by_hour"};

static gboolean is_exact(const char *kpi) {
  for (gsize k = 0; k < G_N_ELEMENTS(exact); k++)
    if (strcmp(kpi, exact[k]) == 0)
      return TRUE;
  return FALSE;
}

/* Rooms of the staff: no camera looks into them. */
static gboolean is_unseen(const char *subject) {
  return g_str_equal(subject, "back-room") || g_str_equal(subject, "stockroom");
}

static void check_row(const json_t *row, guint *n_exact, guint *n_near) {
  const char *kpi = json_string_value(json_object_get(row, "kpi"));
  const char *subject = json_string_value(json_object_get(row, "subject"));
  double error = json_number_value(json_object_get(row, "error"));
  double truth = json_number_value(json_object_get(row, "truth"));
  double value = json_number_value(json_object_get(row, "value"));
  if (is_unseen(subject))
    return;
  g_test_message("%s of %s: %g, in truth %g", kpi, subject, value, truth);
  if (is_exact(kpi)) {
    g_assert_cmpfloat(error, ==, 0);
    ++*n_exact;
  }
  if (g_str_has_suffix(kpi, "_mean")) { /* within one sample */
    g_assert_cmpfloat(fabs(value - truth), <=, 0.5);
    ++*n_near;
  }
  if (json_object_get(row, "rank_ok")) { /* within 1 % of rank */
    g_assert_true(json_is_true(json_object_get(row, "rank_ok")));
    ++*n_near;
  }
  if (g_str_has_prefix(kpi, "queue_length"))
    g_assert_cmpfloat(error, <, 0.01);
}

static void check_exact(const char *scenario, const char *seed, const char *days) {
  json_t *all = evaluate(scenario, seed, days);
  gsize i;
  const json_t *row;
  guint n_exact = 0, n_near = 0;
  json_array_foreach(json_object_get(all, "figures"), i, row) {
    check_row(row, &n_exact, &n_near);
  }
  g_assert_cmpuint(n_exact, >, 50);
  g_assert_cmpuint(n_near, >, 15);
  json_decref(all);
}

/* One till with a line of its own. The second day has an outage, which ideal cameras do not know.
 */
static void test_exact(void) {
  check_exact(KIOSK, "11", "2");
}

/* Two tills with one line. */
static void test_group(void) {
  g_autofree char *store = iv_test_shared_path("data/scenarios/convenience.yaml");
  if (!store) {
    g_test_skip("the yardstick stores are not here (INVEYE_SHARED)");
    return;
  }
  check_exact(store, "2", "1");
}

/* The verb says of each figure whether its bar is met, and of all in its exit status. */
static void test_bench(void) {
  const char *command[] = {
      g_getenv("INVEYE"), "bench", "kpi",    "--scenario", KIOSK,    "--days", "1",
      "--seeds",          "2",     "--jobs", "2",          "--json", NULL};
  int status = 0;
  json_t *all = run_verb(command, &status);
  gsize i;
  const json_t *line;
  gboolean all_met = TRUE;
  json_array_foreach(json_object_get(all, "figures"), i, line) {
    const char *kpi = json_string_value(json_object_get(line, "kpi"));
    gboolean met = json_is_true(json_object_get(line, "met"));
    all_met &= met;
    g_test_message("%s", kpi);
    if (is_exact(kpi)) {
      g_assert_true(met);
      g_assert_cmpint(json_integer_value(json_object_get(line, "unequal")), ==, 0);
    }
  }
  g_assert_cmpint(json_integer_value(json_object_get(all, "runs")), ==, 2);
  g_assert_cmpint(json_array_size(json_object_get(all, "figures")), >, 30);
  g_assert_true(json_is_true(json_object_get(all, "met")) == all_met);
  g_assert_true(g_spawn_check_wait_status(status, NULL) == all_met);
  json_decref(all);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/eval/kpi/exact", test_exact);
  g_test_add_func("/eval/kpi/group", test_group);
  g_test_add_func("/bench/kpi", test_bench);
  return g_test_run();
}
