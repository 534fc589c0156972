/* SPDX-License-Identifier: Apache-2.0 */
/* The one who leads a party: from stop to stop, to the cabin, to the till, out. */
#include <math.h>

#include "sim/sim_private.h"

#define DETOUR 1.3 /* a way round shelves over the straight distance */
#define ARM_M 0.55
#define ROOM_S_MIN 10
#define ROOM_S_MAX 40

static IvTime in_seconds(const IvSim *sim, double seconds) {
  return sim->now + (IvTime)(seconds * (double)IV_SECOND);
}

static IvSpot gate_inside(const IvSim *sim, const IvAgent *agent, int line) {
  return iv_spot_mix(sim->gates[line].inner.a, sim->gates[line].inner.b, agent->gate_share);
}

double iv_shopper_seconds_left(const IvSim *sim, const IvAgent *agent) {
  const IvVisitPlan *plan = agent->plan;
  IvSpot at = agent->at, end = gate_inside(sim, agent, agent->exit);
  double metres = 0;
  for (guint i = agent->stop + 1; i < plan->n_stops; i++) {
    IvSpot next = sim->s->slots[plan->stops[i].slot].stand;
    metres += iv_spot_distance(at, next);
    at = next;
  }
  if (plan->buys) {
    IvSpot till = sim->s->lanes[sim->s->n_lanes / 2].service_point;
    metres += iv_spot_distance(at, till);
    at = till;
  }
  metres += iv_spot_distance(at, end);
  double session = plan->session_s > 0 && !agent->tried_on ? plan->session_s + 20 : 0;
  return metres * DETOUR / agent->speed + session;
}

/* People of other parties who stand there or are on their way there. */
static guint taken(const IvSim *sim, const IvAgent *agent, IvSpot place) {
  guint n = 0;
  for (guint i = 0; i < sim->agents->len; i++) {
    const IvAgent *other = g_ptr_array_index(sim->agents, i);
    IvSpot goal = iv_walk_is_over(other) ? other->at : other->route.at[other->route.n - 1];
    n += other->party != agent->party && fabs(goal.x - place.x) < ARM_M &&
         fabs(goal.y - place.y) < ARM_M;
  }
  return n;
}

/* The emptiest of a few places before the slot: in the middle, beside it, in a second row. */
static IvSpot place_at(const IvSim *sim, const IvAgent *agent, int index) {
  static const double places[][2] = {{0, 0}, {0.6, 0}, {-0.6, 0}, {0.3, 0.6}, {-0.3, 0.6}};
  const IvSlot *slot = &sim->s->slots[index];
  IvSpot right = iv_span_right(&slot->face), best = slot->stand;
  guint least = taken(sim, agent, best);
  for (guint i = 1; i < G_N_ELEMENTS(places) && least > 0; i++) {
    double along = places[i][0], back = places[i][1];
    IvSpot place = {slot->stand.x + along * right.y + back * right.x,
                    slot->stand.y - along * right.x + back * right.y};
    if (!iv_grid_clear(sim->grid, IV_LAYER_CUSTOMER, slot->stand, place))
      continue;
    guint n = taken(sim, agent, place);
    if (n < least)
      least = n, best = place;
  }
  return best;
}

static gboolean go_to_stop(IvSim *sim, IvAgent *agent) {
  int slot = agent->plan->stops[agent->stop].slot;
  IvSpot place = place_at(sim, agent, slot);
  agent->doing = IV_DO_GO_TO_STOP;
  if (!iv_walk_beside(sim, agent, IV_LAYER_CUSTOMER, sim->s->slots[slot].stand, place))
    return FALSE;
  iv_companions_follow(sim, agent, sim->s->slots[slot].stand);
  return TRUE;
}

static void go_to_room(IvSim *sim, IvAgent *agent) {
  agent->been_in_room = TRUE;
  agent->room = (int)iv_random_below(&agent->random, sim->s->n_rooms);
  agent->doing = IV_DO_GO_TO_ROOM;
  iv_walk_to(sim, agent, IV_LAYER_STAFF, sim->s->rooms[agent->room].threshold_point);
}

static void in_room(IvSim *sim, IvAgent *agent) {
  iv_sim_tell(sim, agent, sim->now, IV_FACT_ACCESS_UNAUTHORISED, agent->room, 0);
  agent->wake = in_seconds(sim, iv_random_between(&agent->random, ROOM_S_MIN, ROOM_S_MAX));
  agent->doing = IV_DO_IN_ROOM;
}

void iv_shopper_go_out(IvSim *sim, IvAgent *agent) {
  agent->doing = IV_DO_GO_TO_GATE;
  iv_walk_to(sim, agent, IV_LAYER_CUSTOMER, gate_inside(sim, agent, agent->exit));
  if (agent->plan && agent->plan->absence_after < 0)
    iv_companions_go_out(sim, agent);
}

static void tell_exit_unpaid(IvSim *sim, const IvAgent *agent) {
  const IvShopperKind *kind = &sim->s->kinds[agent->kind];
  int units = 0;
  for (guint i = 0; agent->plan && i < agent->plan->n_stops; i++)
    units += agent->plan->stops[i].steals ? agent->plan->stops[i].keep : 0;
  if (kind->walks_out && units)
    iv_sim_tell(sim, agent, sim->now, IV_FACT_THEFT_EXIT, agent->exit, units);
}

static void leave(IvSim *sim, IvAgent *agent) {
  const IvGate *gate = &sim->gates[agent->exit];
  IvSpot corners[] = {gate_inside(sim, agent, agent->exit),
                      iv_spot_mix(gate->outer.a, gate->outer.b, agent->gate_share),
                      iv_people_spot_in(gate->spawn, &agent->random)};
  tell_exit_unpaid(sim, agent);
  iv_walk_straight(agent, corners, 3);
  agent->doing = IV_DO_LEAVE;
}

static void have_left(IvSim *sim, IvAgent *agent) {
  if (!agent->plan || agent->plan->absence_after < 0) {
    agent->gone = TRUE;
    return;
  }
  agent->hidden = TRUE;
  agent->doing = IV_DO_BE_AWAY;
  agent->wake = in_seconds(sim, agent->plan->absence_minutes * 60);
  agent->deadline += agent->wake - sim->now;
}

static void come_back(IvSim *sim, IvAgent *agent) {
  const IvGate *gate = &sim->gates[agent->entrance];
  IvSpot corners[] = {iv_spot_mix(gate->outer.a, gate->outer.b, agent->gate_share),
                      gate_inside(sim, agent, agent->entrance)};
  agent->plan->absence_after = -1;
  agent->hidden = FALSE;
  iv_walk_straight(agent, corners, 2);
  agent->doing = IV_DO_ENTER;
}

void iv_shopper_go_on(IvSim *sim, IvAgent *agent) {
  IvVisitPlan *plan = agent->plan;
  if (plan->absence_after >= 0 && (int)agent->stop >= plan->absence_after) {
    iv_shopper_go_out(sim, agent);
    return;
  }
  for (; agent->stop < plan->n_stops; agent->stop++)
    if (go_to_stop(sim, agent))
      return;
  if (plan->session_s > 0 && !agent->tried_on)
    iv_fitting_begin(sim, agent);
  else if (agent->intrudes && !agent->been_in_room)
    go_to_room(sim, agent);
  else if (plan->buys)
    iv_waiting_choose(sim, agent);
  else
    iv_shopper_go_out(sim, agent);
}

static void entered(IvSim *sim, IvAgent *agent) {
  if (agent->entries <= 1)
    agent->deadline = agent->entered + (IvTime)(agent->plan->minutes * (double)IV_MINUTE);
  iv_shopper_go_on(sim, agent);
}

static void at_stop(IvSim *sim, IvAgent *agent) {
  if (agent->doing == IV_DO_GO_TO_STOP) {
    agent->doing = IV_DO_STOP;
    agent->wake = iv_stop_begin(sim, agent, &agent->plan->stops[agent->stop]);
    return;
  }
  agent->stop++;
  iv_shopper_go_on(sim, agent);
}

static void at_line(IvSim *sim, IvAgent *agent) {
  if (iv_waiting_join(sim, agent))
    return;
  agent->plan->buys = FALSE;
  iv_shopper_go_out(sim, agent);
}

/* What comes after each doing. */
static void (*const what_next[])(IvSim *, IvAgent *) = {
    [IV_DO_ENTER] = entered,
    [IV_DO_GO_TO_STOP] = at_stop,
    [IV_DO_STOP] = at_stop,
    [IV_DO_GO_TO_CABIN] = iv_fitting_next,
    [IV_DO_WAIT_FOR_CABIN] = iv_fitting_next,
    [IV_DO_TRY_ON] = iv_fitting_next,
    [IV_DO_LEAVE_CABIN] = iv_fitting_next,
    [IV_DO_GO_TO_ROOM] = in_room,
    [IV_DO_IN_ROOM] = iv_shopper_go_on,
    [IV_DO_GO_TO_LINE] = at_line,
    [IV_DO_JOIN_LINE] = iv_waiting_move_up,
    [IV_DO_WAIT_IN_LINE] = iv_waiting_move_up,
    [IV_DO_GO_TO_TILL] = iv_waiting_begin_service,
    [IV_DO_PAY] = iv_waiting_end_service,
    [IV_DO_GO_TO_GATE] = leave,
    [IV_DO_LEAVE] = have_left,
    [IV_DO_BE_AWAY] = come_back,
};

void iv_shopper_next(IvSim *sim, IvAgent *agent) {
  g_assert(agent->doing < G_N_ELEMENTS(what_next));
  what_next[agent->doing](sim, agent);
}
