/* SPDX-License-Identifier: Apache-2.0 */
/* Tills open when their cashier stands there, or at opening time when they need none; they close
 * when nobody is left to serve. */
#include "sim/sim_private.h"

void iv_lane_open(IvSim *sim, int lane, IvAgent *cashier) {
  sim->lanes[lane].open = TRUE;
  sim->lanes[lane].cashier = cashier;
  sim->lanes[lane].ready = sim->now;
  iv_sim_tell(sim, NULL, sim->now, IV_FACT_LANE_OPEN, lane, 0);
}

guint iv_lanes_open(const IvSim *sim, int line) {
  guint n = 0;
  for (guint l = 0; l < sim->s->n_lanes; l++)
    n += sim->lanes[l].line == line && sim->lanes[l].open && !sim->lanes[l].closing;
  return n;
}

static gboolean takes_no_more(const IvSim *sim, const IvLaneState *lane) {
  if (!lane->closing)
    return FALSE;
  const IvWaitingLine *line = &sim->lines[lane->line];
  return line->waiting->len == 0 || (line->group >= 0 && iv_lanes_open(sim, lane->line) > 0);
}

gboolean iv_lane_is_free(const IvSim *sim, guint index) {
  const IvLaneState *lane = &sim->lanes[index];
  return lane->open && !lane->customer && sim->now >= lane->ready && !takes_no_more(sim, lane);
}

static void close_lane(IvSim *sim, guint index) {
  IvLaneState *lane = &sim->lanes[index];
  IvAgent *cashier = lane->cashier;
  lane->open = lane->closing = FALSE;
  lane->cashier = NULL;
  lane->ghost = 0;
  iv_sim_tell(sim, NULL, sim->now, IV_FACT_LANE_CLOSE, (int)index, 0);
  if (cashier) {
    cashier->doing = IV_DO_GO_HOME;
    cashier->wake = sim->now;
    iv_walk_to(sim, cashier, IV_LAYER_STAFF, sim->s->rooms[cashier->room].inside_point);
  }
}

/* Self-checkouts keep the store's hours. */
static void keep_hours(IvSim *sim, guint index) {
  IvLaneState *lane = &sim->lanes[index];
  gboolean wanted = iv_store_day_is_open(&sim->day, iv_store_minute(sim->zone, sim->now)) ||
                    sim->customers_inside > 0;
  if (wanted && !lane->open)
    iv_lane_open(sim, (int)index, NULL);
  lane->closing = lane->open && !wanted;
}

static void tell_ghost(IvSim *sim, guint index) {
  IvLaneState *lane = &sim->lanes[index];
  IvRandom random;
  iv_random_init(&random, sim->config.seed, "ghost", sim->last_receipt);
  lane->ghost = 0;
  iv_receipt_other(sim, 0, 0, (int)index, lane->ghost_kind, &random);
}

void iv_lanes_tick(IvSim *sim) {
  gboolean full_second = sim->now % IV_SECOND == 0;
  for (guint l = 0; l < sim->s->n_lanes && full_second; l++) {
    IvLaneState *lane = &sim->lanes[l];
    if (sim->s->lanes[l].self_checkout)
      keep_hours(sim, l);
    if (lane->ghost && sim->now >= lane->ghost && lane->open && !lane->customer)
      tell_ghost(sim, l);
    if (lane->open && !lane->customer && takes_no_more(sim, lane))
      close_lane(sim, l);
  }
}
