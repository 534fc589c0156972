/* SPDX-License-Identifier: Apache-2.0 */
/* Box level: everybody's way since the last tick, for the cameras to film. */
#include "sim/sim_private.h"

#define SHORTEST_CM 40 /* so that a body has a height whatever the scenario says */
#define STAFF_PERSON (G_GUINT64_CONSTANT(1) << 62) /* looks of staff: by day, role and member */

static guint64 person_of(const IvSim *sim, const IvAgent *agent) {
  if (agent->role != IV_ROLE_STAFF)
    return agent->id;
  return STAFF_PERSON | (guint64)(sim->day.index & 0xffff) << 32 | (guint64)agent->kind << 16 |
         (guint64)agent->member;
}

static void add_move(IvSim *sim, IvAgent *agent) {
  if (!agent->actor)
    agent->actor = iv_box_actor_new(agent->id, person_of(sim, agent), agent->role == IV_ROLE_STAFF,
                                    MAX(agent->height_cm, SHORTEST_CM) / 100.0);
  IvBoxMove move = {agent->actor, agent->before, agent->at};
  g_array_append_val(sim->moves, move);
}

void iv_sim_film(IvSim *sim) {
  if (!sim->film)
    return;
  IvTime from = sim->now - IV_SIM_TICK;
  g_array_set_size(sim->moves, 0);
  /* Nobody was about since the last tick if it was longer ago. */
  if (from > sim->filmed)
    iv_box_level_film(sim->film, from, from, NULL, 0, sim->film_outages);
  for (guint i = 0; i < sim->agents->len; i++) {
    IvAgent *agent = g_ptr_array_index(sim->agents, i);
    if (!agent->hidden && agent->born < sim->now)
      add_move(sim, agent);
  }
  iv_box_level_film(sim->film, from, sim->now, (const IvBoxMove *)(gconstpointer)sim->moves->data,
                    sim->moves->len, sim->film_outages);
  sim->filmed = sim->now;
  sim->film_outages = sim->outages;
}
