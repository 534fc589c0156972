/* SPDX-License-Identifier: Apache-2.0 */
/* Trying on: to a free cabin, or to wait for one until patience is over. */
#include "sim/sim_private.h"

#define CABIN_POLL (2 * IV_SECOND)

static IvTime in_seconds(const IvSim *sim, double seconds) {
  return sim->now + (IvTime)(seconds * (double)IV_SECOND);
}

static int free_cabin(const IvSim *sim) {
  for (guint i = 0; i < sim->s->n_cabins; i++)
    if (!sim->cabins_taken[i])
      return (int)i;
  return -1;
}

static int fitting_zone(const IvSim *sim) {
  for (guint i = 0; i < sim->s->n_zones; i++)
    if (sim->s->zones[i].kind == IV_SPACE_FITTING && sim->zone_customer_spots[i].n)
      return (int)i;
  return -1;
}

void iv_fitting_begin(IvSim *sim, IvAgent *agent) {
  agent->cabin = free_cabin(sim);
  agent->doing = IV_DO_GO_TO_CABIN;
  IvSpot goal;
  if (agent->cabin >= 0) {
    sim->cabins_taken[agent->cabin] = TRUE;
    goal = sim->s->cabins[agent->cabin].door_point;
  } else {
    int zone = fitting_zone(sim);
    goal = zone < 0 ? agent->at
                    : sim->zone_customer_spots[zone]
                          .at[iv_random_below(&agent->random, sim->zone_customer_spots[zone].n)];
  }
  if (iv_walk_to(sim, agent, IV_LAYER_CUSTOMER, goal))
    iv_companions_follow(sim, agent, goal);
}

static void into_cabin(IvAgent *agent, const IvCabin *cabin) {
  iv_walk_straight(agent, &cabin->inside_point, 1);
  agent->doing = IV_DO_TRY_ON;
}

static void wait_for_cabin(IvSim *sim, IvAgent *agent) {
  if (agent->doing == IV_DO_GO_TO_CABIN) {
    agent->doing = IV_DO_WAIT_FOR_CABIN;
    agent->patience_ends =
        in_seconds(sim, iv_range_draw(&sim->s->fitting.patience_s, &agent->random));
    iv_sim_tell(sim, agent, sim->now, IV_FACT_FITTING_WAIT, 0, 0);
  }
  agent->wake = sim->now + CABIN_POLL;
  if (free_cabin(sim) >= 0) {
    iv_fitting_begin(sim, agent);
  } else if (sim->now > agent->patience_ends) {
    iv_sim_tell(sim, agent, sim->now, IV_FACT_FITTING_ABANDON, 0, 0);
    agent->tried_on = TRUE;
    iv_shopper_go_on(sim, agent);
  }
}

/* First time: the curtain closes. Second time: the session is over. */
static void try_on(IvSim *sim, IvAgent *agent) {
  const IvCabin *cabin = &sim->s->cabins[agent->cabin];
  if (!agent->hidden) {
    agent->hidden = TRUE;
    agent->wake = in_seconds(sim, agent->plan->session_s);
    iv_sim_tell(sim, agent, sim->now, IV_FACT_FITTING_ENTER, agent->cabin, 0);
    return;
  }
  agent->hidden = FALSE;
  agent->tried_on = TRUE;
  iv_sim_tell(sim, agent, sim->now, IV_FACT_FITTING_LEAVE, agent->cabin, 0);
  iv_walk_straight(agent, &cabin->door_point, 1);
  agent->doing = IV_DO_LEAVE_CABIN;
}

static void leave_cabin(IvSim *sim, IvAgent *agent) {
  sim->cabins_taken[agent->cabin] = FALSE;
  agent->cabin = -1;
  iv_shopper_go_on(sim, agent);
}

void iv_fitting_next(IvSim *sim, IvAgent *agent) {
  if (agent->doing == IV_DO_TRY_ON)
    try_on(sim, agent);
  else if (agent->doing == IV_DO_LEAVE_CABIN)
    leave_cabin(sim, agent);
  else if (agent->doing == IV_DO_GO_TO_CABIN && agent->cabin >= 0)
    into_cabin(agent, &sim->s->cabins[agent->cabin]);
  else
    wait_for_cabin(sim, agent);
}
