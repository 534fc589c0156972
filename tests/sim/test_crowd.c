/* SPDX-License-Identifier: Apache-2.0 */
/* What everybody does at every tick of two days in the kiosk: looked at from inside. */
#include "sim/sim_private.h"
#include "store_file.h"

typedef struct {
  IvScenario *s;
  GTimeZone *zone;
  IvSim *sim;
} Kiosk;

static void set_up(Kiosk *k, gconstpointer days) {
  k->s = read_store(KIOSK);
  k->zone = g_time_zone_new_identifier(k->s->time_zone);
  IvSimConfig config = {.seed = 11,
                        .start = iv_store_day(k->s, k->zone, 0).start,
                        .until = iv_store_day(k->s, k->zone, GPOINTER_TO_INT(days)).start};
  k->sim = open_sim(k->s, k->zone, config, &(IvSimOutput){0});
}

static void tear_down(Kiosk *k, gconstpointer days) {
  (void)days;
  iv_sim_free(k->sim);
  g_time_zone_unref(k->zone);
  iv_scenario_free(k->s);
}

static gboolean in_obstacle(const IvScenario *s, IvSpot p) {
  for (guint o = 0; o < s->n_obstacles; o++)
    if (iv_outline_contains(&s->obstacles[o].outline, p))
      return TRUE;
  return FALSE;
}

/* The whole step, not only its ends. */
static void test_nobody_in_obstacles(Kiosk *k, gconstpointer days) {
  (void)days;
  guint64 steps = 0;
  while (iv_sim_run(k->sim, k->sim->now + IV_SIM_TICK))
    for (guint i = 0; i < k->sim->agents->len; i++) {
      const IvAgent *agent = g_ptr_array_index(k->sim->agents, i);
      for (int part = 0; part <= 4; part++)
        g_assert_false(in_obstacle(k->s, iv_spot_mix(agent->before, agent->at, part / 4.0)));
      steps++;
    }
  g_assert_cmpuint(steps, >, 50000);
  g_assert_cmpuint(iv_sim_tally(k->sim).lost_ways, ==, 0);
}

static void test_nobody_runs(Kiosk *k, gconstpointer days) {
  (void)days;
  double most = k->s->speed_limits[1] * 0.5 + 1e-9;
  while (iv_sim_run(k->sim, k->sim->now + IV_SIM_TICK))
    for (guint i = 0; i < k->sim->agents->len; i++) {
      const IvAgent *agent = g_ptr_array_index(k->sim->agents, i);
      if (!agent->hidden)
        g_assert_cmpfloat(iv_spot_distance(agent->before, agent->at), <=, most);
    }
}

/* People keep apart: of the moments at which two strangers are in the shop, few are closer than
 * their bodies are wide, and those are people who push past. */
static void test_social_distance(Kiosk *k, gconstpointer days) {
  (void)days;
  guint64 pairs = 0, close = 0;
  while (iv_sim_run(k->sim, k->sim->now + IV_SIM_TICK))
    for (guint i = 0; i < k->sim->agents->len; i++)
      for (guint j = i + 1; j < k->sim->agents->len; j++) {
        const IvAgent *a = g_ptr_array_index(k->sim->agents, i);
        const IvAgent *b = g_ptr_array_index(k->sim->agents, j);
        if (a->role != IV_ROLE_SHOPPER || b->role != IV_ROLE_SHOPPER || a->hidden || b->hidden)
          continue;
        pairs++;
        close += iv_spot_distance(a->at, b->at) < 0.3;
      }
  g_assert_cmpuint(pairs, >, 5000);
  g_assert_cmpuint(close * 100, <, pairs);
}

/* Customers stay out of the staff's rooms, but for the few whose script says so. */
static void test_staff_only(Kiosk *k, gconstpointer days) {
  (void)days;
  while (iv_sim_run(k->sim, k->sim->now + IV_SIM_TICK))
    for (guint i = 0; i < k->sim->agents->len; i++) {
      const IvAgent *agent = g_ptr_array_index(k->sim->agents, i);
      if (agent->role == IV_ROLE_STAFF || agent->intrudes)
        continue;
      for (guint z = 0; z < k->s->n_zones; z++)
        g_assert_false(k->s->zones[z].kind == IV_SPACE_STAFF_ONLY && (agent->zones >> z & 1));
    }
}

/* A till serves one at a time, with its cashier there; a place in line belongs to one. */
static void test_tills(Kiosk *k, gconstpointer days) {
  (void)days;
  while (iv_sim_run(k->sim, k->sim->now + IV_SIM_TICK)) {
    guint paying = 0;
    for (guint i = 0; i < k->sim->agents->len; i++) {
      const IvAgent *agent = g_ptr_array_index(k->sim->agents, i);
      if (agent->doing != IV_DO_PAY)
        continue;
      paying++;
      g_assert_true(k->sim->lanes[0].customer == agent && k->sim->lanes[0].open);
      g_assert_cmpfloat(iv_spot_distance(agent->at, k->s->lanes[0].service_point), <, 1e-6);
    }
    g_assert_cmpuint(paying, <=, 1);
    const GPtrArray *waiting = k->sim->lines[0].waiting;
    for (guint i = 1; i < waiting->len; i++) {
      const IvAgent *ahead = g_ptr_array_index(waiting, i - 1),
                    *agent = g_ptr_array_index(waiting, i);
      if (ahead->doing == IV_DO_WAIT_IN_LINE && agent->doing == IV_DO_WAIT_IN_LINE)
        g_assert_cmpfloat(ahead->line_at, <, agent->line_at);
    }
  }
}

/* At night there is nobody, and the next day begins from nothing. */
static void test_empty_at_night(Kiosk *k, gconstpointer days) {
  (void)days;
  IvTime closed = iv_store_day(k->s, k->zone, 0).start + 20 * IV_HOUR;
  iv_sim_run(k->sim, closed);
  g_assert_cmpuint(k->sim->agents->len, ==, 0);
  g_assert_cmpuint(k->sim->customers_inside, ==, 0);
  g_assert_false(k->sim->lanes[0].open);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  const struct {
    const char *path;
    void (*test)(Kiosk *, gconstpointer);
  } tests[] = {
      {"/sim/crowd/nobody-in-obstacles", test_nobody_in_obstacles},
      {"/sim/crowd/nobody-runs", test_nobody_runs},
      {"/sim/crowd/social-distance", test_social_distance},
      {"/sim/crowd/staff-only", test_staff_only},
      {"/sim/crowd/tills", test_tills},
      {"/sim/crowd/empty-at-night", test_empty_at_night},
  };
  for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
    g_test_add(tests[i].path, Kiosk, GINT_TO_POINTER(2), set_up, tests[i].test, tear_down);
  return g_test_run();
}
