/* SPDX-License-Identifier: Apache-2.0 */
/* The three yardstick stores: their people come in the numbers, stay as long and buy as often as
 * the files say, within what chance allows. */
#include <math.h>

#include "../shared_data.h"
#include "sim/sim_private.h"
#include "sim/store_time.h"
#include "store_file.h"

typedef struct {
  const char *name;
  int day, days;
} Store;

typedef struct {
  double seconds; /* of all visits */
  guint visits, sales;
  guint64 points, people_seen;
  GHashTable *begun;
} Sums;

static void on_fact(const IvFact *fact, gpointer user_data) {
  Sums *sums = user_data;
  gpointer key = GUINT_TO_POINTER(fact->agent);
  if (fact->kind == IV_FACT_VISIT_BEGIN)
    g_hash_table_insert(sums->begun, key, g_memdup2(&fact->ts, sizeof fact->ts));
  if (fact->kind != IV_FACT_VISIT_END)
    return;
  const IvTime *begun = g_hash_table_lookup(sums->begun, key);
  sums->seconds += (double)(fact->ts - *begun) / (double)IV_SECOND;
  sums->visits++;
}

static void on_receipt(const IvReceipt *receipt, gpointer user_data) {
  ((Sums *)user_data)->sales += receipt->kind == IV_RECEIPT_SALE;
}

static double wanted_sales_per_visit(const IvScenario *s) {
  double sum = 0;
  for (guint k = 0; k < s->n_kinds; k++)
    sum += s->kinds[k].share * s->kinds[k].purchase / s->kinds[k].mean_size;
  return sum;
}

static double wanted_visits(const IvScenario *s, GTimeZone *zone, int from, int days) {
  double sum = 0;
  for (int d = from; d < from + days; d++) {
    IvStoreDay day = iv_store_day(s, zone, d);
    for (int h = 0; h < 24; h++)
      sum += s->arrivals[day.weekday][h];
  }
  return sum;
}

static void check(const IvScenario *s, GTimeZone *zone, const Store *store, const Sums *sums) {
  double visits = wanted_visits(s, zone, store->day, store->days);
  double sales = wanted_sales_per_visit(s);
  g_assert_cmpfloat(fabs(sums->visits - visits), <, 5 * 1.4 * sqrt(visits));
  g_assert_cmpfloat(fabs(sums->seconds / sums->visits / 60 - s->mean_minutes), <,
                    0.08 * s->mean_minutes);
  /* Some balk or give up: up to 4 % fewer, beside chance. */
  double found = (double)sums->sales / sums->visits;
  double chance = 4 * sqrt(sales * (1 - sales) / visits);
  g_assert_cmpfloat(found, <, sales + chance);
  g_assert_cmpfloat(found, >, sales * 0.96 - chance);
}

static void test_store(gconstpointer data) {
  const Store *store = data;
  g_autofree char *name = g_strdup_printf("data/scenarios/%s.yaml", store->name);
  g_autofree char *path = iv_test_shared_path(name);
  if (!path) {
    g_test_skip("no yardstick stores beside the checkout");
    return;
  }
  g_autoptr(IvScenario) s = read_store(path);
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  Sums sums = {.begun = g_hash_table_new_full(NULL, NULL, NULL, g_free)};
  IvSimOutput output = {.fact = on_fact, .receipt = on_receipt, .user_data = &sums};
  IvSimConfig config = {.seed = 2,
                        .start = iv_store_day(s, zone, store->day).start,
                        .until = iv_store_day(s, zone, store->day + store->days).start};
  g_autoptr(IvSim) sim = open_sim(s, zone, config, &output);
  iv_sim_run(sim, config.until);
  check(s, zone, store, &sums);
  g_assert_cmpuint(iv_sim_tally(sim).lost_ways, ==, 0);
  g_hash_table_unref(sums.begun);
}

static gboolean in_obstacle(const IvScenario *s, IvSpot p) {
  for (guint o = 0; o < s->n_obstacles; o++)
    if (iv_floor_area_contains(&s->obstacles[o].bounds, p) &&
        iv_outline_contains(&s->obstacles[o].outline, p))
      return TRUE;
  return FALSE;
}

static void check_place(const IvSim *sim, const IvAgent *agent) {
  for (int part = 0; part <= 2; part++)
    g_assert_false(in_obstacle(sim->s, iv_spot_mix(agent->before, agent->at, part / 2.0)));
  if (agent->doing == IV_DO_WAIT_IN_LINE)
    g_assert_true(iv_outline_contains(&sim->lines[agent->line].shape->area, agent->at));
}

static guint served_and_waiting(const IvSim *sim) {
  guint n = 0;
  for (guint i = 0; i < sim->n_lines; i++)
    n += sim->lines[i].waiting->len;
  for (guint i = 0; i < sim->s->n_lanes; i++)
    n += sim->lanes[i].customer != NULL;
  return n;
}

/* Two hours of a Friday afternoon, everybody at every step: round the shelves, and in the queue's
 * area while queuing. */
static void test_floor(gconstpointer data) {
  const Store *store = data;
  g_autofree char *name = g_strdup_printf("data/scenarios/%s.yaml", store->name);
  g_autofree char *path = iv_test_shared_path(name);
  if (!path) {
    g_test_skip("no yardstick stores beside the checkout");
    return;
  }
  g_autoptr(IvScenario) s = read_store(path);
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  IvTime start = iv_store_day(s, zone, 4).start + 16 * IV_HOUR;
  IvSimConfig config = {.seed = 6, .start = start, .until = start + 2 * IV_HOUR};
  g_autoptr(IvSim) sim = open_sim(s, zone, config, &(IvSimOutput){0});
  guint most = 0;
  while (iv_sim_run(sim, sim->now + IV_SIM_TICK)) {
    for (guint i = 0; i < sim->agents->len; i++)
      check_place(sim, g_ptr_array_index(sim->agents, i));
    guint busy = served_and_waiting(sim);
    most = MAX(most, busy);
  }
  g_assert_cmpuint(most, >=, 2);
  g_assert_cmpuint(iv_sim_tally(sim).lost_ways, ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  static const Store stores[] = {{"convenience", 0, 7}, {"fashion", 3, 2}, {"supermarket", 4, 1}};
  for (guint i = 0; i < G_N_ELEMENTS(stores); i++) {
    g_autofree char *path = g_strconcat("/sim/stores/", stores[i].name, NULL);
    g_autofree char *floor_path = g_strconcat(path, "/floor", NULL);
    g_autofree char *visits_path = g_strconcat(path, "/visits", NULL);
    g_test_add_data_func(floor_path, &stores[i], test_floor);
    g_test_add_data_func(visits_path, &stores[i], test_store);
  }
  return g_test_run();
}
