/* SPDX-License-Identifier: Apache-2.0 */
/* Track level: who is on which camera at this tick. */
#include "sim/sim_private.h"

#define TRACKLET_GAP_TICKS 10 /* a longer gap begins a new tracklet */

/* By the ideal view, so that the script is the same whatever noise the cameras have: out of sight
 * is who is in no picture or behind a wall, not who is behind a shelf. */
void iv_sight_watch(IvSim *sim) {
  for (guint i = 0; i < sim->agents->len; i++) {
    IvAgent *agent = g_ptr_array_index(sim->agents, i);
    if (agent->role == IV_ROLE_STAFF)
      continue;
    gboolean sees = !agent->hidden && !agent->gone && iv_view_sees(sim->ideal, agent->at);
    if (sees != agent->in_sight)
      iv_sim_tell(sim, agent, sim->now, sees ? IV_FACT_SIGHT_FOUND : IV_FACT_SIGHT_LOST, 0, 0);
    agent->in_sight = sees;
  }
}

static guint32 tracklet_of(IvSim *sim, IvAgent *agent, guint camera) {
  IvSighting *seen = &agent->seen[camera];
  guint32 tick = (guint32)((sim->now - sim->config.start) / IV_SIM_TICK) + 1;
  if (!seen->tracklet || tick - seen->last_tick > TRACKLET_GAP_TICKS)
    seen->tracklet = ++sim->last_tracklet;
  seen->last_tick = tick;
  return seen->tracklet;
}

static void add_points(IvSim *sim, IvAgent *agent) {
  guint32 cameras = iv_view_cameras(sim->view, agent->at) & ~sim->outages;
  for (; cameras; cameras &= cameras - 1) {
    guint camera = (guint)g_bit_nth_lsf(cameras, -1);
    IvSimPoint point = {.agent = agent->id,
                        .camera = camera,
                        .staff = agent->role == IV_ROLE_STAFF,
                        .x = agent->at.x,
                        .y = agent->at.y};
    if (!iv_view_project(sim->view, camera, agent->at, &point.u, &point.v))
      continue;
    point.tracklet = tracklet_of(sim, agent, camera);
    g_array_append_val(sim->points, point);
  }
}

void iv_sight_tell(IvSim *sim) {
  if (!sim->out.points)
    return;
  g_array_set_size(sim->points, 0);
  for (guint i = 0; i < sim->agents->len; i++) {
    IvAgent *agent = g_ptr_array_index(sim->agents, i);
    if (!agent->hidden && !agent->gone)
      add_points(sim, agent);
  }
  sim->tally.points += sim->points->len;
  if (sim->points->len)
    sim->out.points(sim->now, (const IvSimPoint *)(gconstpointer)sim->points->data,
                    sim->points->len, sim->out.user_data);
}

static gboolean is_on_floor(const IvAgent *agent) {
  return agent->role != IV_ROLE_STAFF && !agent->gone && agent->doing != IV_DO_BE_AWAY;
}

void iv_sight_tell_positions(IvSim *sim) {
  if (!sim->out.positions)
    return;
  g_array_set_size(sim->positions, 0);
  for (guint i = 0; i < sim->agents->len; i++) {
    const IvAgent *agent = g_ptr_array_index(sim->agents, i);
    IvSimPosition position = {.agent = agent->id, .x = agent->at.x, .y = agent->at.y};
    if (is_on_floor(agent))
      g_array_append_val(sim->positions, position);
  }
  sim->out.positions(sim->now, (const IvSimPosition *)(gconstpointer)sim->positions->data,
                     sim->positions->len, sim->out.user_data);
}

gboolean iv_sim_sees(const IvSim *sim, IvSpot p) {
  return iv_view_cameras(sim->view, p) != 0;
}
