/* SPDX-License-Identifier: Apache-2.0 */
/* Those who come along: they stand beside the one who leads, wait for it inside the exit while it
 * pays, and leave with it. They never stand in a waiting line, so that a party queues once. */
#include <math.h>

#include "sim/sim_private.h"

#define BESIDE_M 0.7
#define DIRECTIONS 8
#define LAG_S_MIN 0.4
#define LAG_S_MAX 1.6

static void lag(IvSim *sim, IvAgent *agent) {
  double seconds = iv_random_between(&agent->random, LAG_S_MIN, LAG_S_MAX);
  agent->pause = sim->now + (IvTime)(seconds * (double)IV_SECOND);
  agent->wake = sim->now;
}

static gboolean is_along(const IvAgent *companion) {
  return companion && companion->doing == IV_DO_FOLLOW;
}

/* A place beside the goal; where there is none, it stays where it is. */
static void follow(IvSim *sim, IvAgent *agent, IvSpot goal) {
  guint first = iv_random_below(&agent->random, DIRECTIONS);
  for (guint i = 0; i < DIRECTIONS; i++) {
    double angle = 2 * G_PI * ((first + i) % DIRECTIONS) / DIRECTIONS;
    IvSpot beside = {goal.x + BESIDE_M * cos(angle), goal.y + BESIDE_M * sin(angle)};
    if (!iv_grid_clear(sim->grid, IV_LAYER_CUSTOMER, goal, beside))
      continue;
    iv_walk_beside(sim, agent, IV_LAYER_CUSTOMER, goal, beside);
    lag(sim, agent);
    return;
  }
}

void iv_companions_follow(IvSim *sim, IvAgent *leader, IvSpot goal) {
  for (guint i = 0; i < leader->n_companions; i++)
    if (is_along(leader->companions[i]))
      follow(sim, leader->companions[i], goal);
}

static void go_and_meet(IvSim *sim, IvAgent *agent) {
  const IvSpots *spots = &sim->meeting[agent->exit];
  if (spots->n == 0)
    return;
  iv_walk_to(sim, agent, IV_LAYER_CUSTOMER, spots->at[iv_random_below(&agent->random, spots->n)]);
  lag(sim, agent);
}

void iv_companions_meet(IvSim *sim, IvAgent *leader) {
  for (guint i = 0; i < leader->n_companions; i++)
    if (is_along(leader->companions[i]))
      go_and_meet(sim, leader->companions[i]);
}

void iv_companions_go_out(IvSim *sim, IvAgent *leader) {
  for (guint i = 0; i < leader->n_companions; i++) {
    IvAgent *companion = leader->companions[i];
    if (!companion || companion->doing != IV_DO_FOLLOW)
      continue;
    iv_shopper_go_out(sim, companion);
    lag(sim, companion);
  }
}

static gboolean leader_pays(const IvAgent *leader) {
  return leader->doing >= IV_DO_GO_TO_LINE && leader->doing <= IV_DO_PAY;
}

/* Through the door: on to wherever the one who leads is going. */
static void catch_up(IvSim *sim, IvAgent *agent) {
  agent->doing = IV_DO_FOLLOW;
  const IvAgent *leader = agent->leader;
  if (!leader || leader->doing == IV_DO_LEAVE || leader->doing == IV_DO_GO_TO_GATE)
    iv_shopper_go_out(sim, agent);
  else if (leader_pays(leader))
    go_and_meet(sim, agent);
  else
    follow(sim, agent, leader->route.n ? leader->route.at[leader->route.n - 1] : leader->at);
}

void iv_companion_next(IvSim *sim, IvAgent *agent) {
  if (agent->doing == IV_DO_ENTER)
    catch_up(sim, agent);
  else if (agent->doing == IV_DO_FOLLOW)
    agent->wake = G_MAXINT64;
  else
    iv_shopper_next(sim, agent);
}
