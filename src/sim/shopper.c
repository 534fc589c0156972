/* SPDX-License-Identifier: Apache-2.0 */
/* The one who leads a party: from stop to stop, to the cabin, to the till, out. */
#include <math.h>

#include "sim/sim_private.h"

#define DETOUR 1.3 /* a way round shelves over the straight distance */
#define CABIN_POLL (2 * IV_SECOND)
#define ARM_M 0.55
#define ROOM_S_MIN 10
#define ROOM_S_MAX 40

static void go_on(IvSim *sim, IvAgent *agent);

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

static void go_to_cabin(IvSim *sim, IvAgent *agent) {
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

static void into_cabin(IvSim *sim, IvAgent *agent) {
  const IvCabin *cabin = &sim->s->cabins[agent->cabin];
  iv_walk_straight(agent, &cabin->inside_point, 1);
  agent->doing = IV_DO_TRY_ON;
}

static void wait_for_cabin(IvSim *sim, IvAgent *agent) {
  if (agent->doing == IV_DO_GO_TO_CABIN) {
    agent->doing = IV_DO_WAIT_FOR_CABIN;
    agent->patience_ends =
        in_seconds(sim, iv_spread_draw(&sim->s->fitting.patience_s, &agent->random));
    iv_sim_tell(sim, agent, sim->now, IV_FACT_FITTING_WAIT, 0, 0);
  }
  agent->wake = sim->now + CABIN_POLL;
  if (free_cabin(sim) >= 0) {
    go_to_cabin(sim, agent);
  } else if (sim->now > agent->patience_ends) {
    iv_sim_tell(sim, agent, sim->now, IV_FACT_FITTING_ABANDON, 0, 0);
    agent->tried_on = TRUE;
    go_on(sim, agent);
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
  go_on(sim, agent);
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

static void go_on(IvSim *sim, IvAgent *agent) {
  IvVisitPlan *plan = agent->plan;
  if (plan->absence_after >= 0 && (int)agent->stop >= plan->absence_after) {
    iv_shopper_go_out(sim, agent);
    return;
  }
  for (; agent->stop < plan->n_stops; agent->stop++)
    if (go_to_stop(sim, agent))
      return;
  if (plan->session_s > 0 && !agent->tried_on)
    go_to_cabin(sim, agent);
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
  go_on(sim, agent);
}

static void at_stop(IvSim *sim, IvAgent *agent) {
  if (agent->doing == IV_DO_GO_TO_STOP) {
    agent->doing = IV_DO_STOP;
    agent->wake = iv_stop_begin(sim, agent, &agent->plan->stops[agent->stop]);
    return;
  }
  agent->stop++;
  go_on(sim, agent);
}

static void at_line(IvSim *sim, IvAgent *agent) {
  if (iv_waiting_join(sim, agent))
    return;
  agent->plan->buys = FALSE;
  iv_shopper_go_out(sim, agent);
}

void iv_shopper_next(IvSim *sim, IvAgent *agent) {
  switch (agent->doing) {
  case IV_DO_ENTER:
    entered(sim, agent);
    break;
  case IV_DO_GO_TO_STOP:
  case IV_DO_STOP:
    at_stop(sim, agent);
    break;
  case IV_DO_GO_TO_CABIN:
    if (agent->cabin >= 0)
      into_cabin(sim, agent);
    else
      wait_for_cabin(sim, agent);
    break;
  case IV_DO_WAIT_FOR_CABIN:
    wait_for_cabin(sim, agent);
    break;
  case IV_DO_TRY_ON:
    try_on(sim, agent);
    break;
  case IV_DO_LEAVE_CABIN:
    leave_cabin(sim, agent);
    break;
  case IV_DO_GO_TO_ROOM:
    in_room(sim, agent);
    break;
  case IV_DO_IN_ROOM:
    go_on(sim, agent);
    break;
  case IV_DO_GO_TO_LINE:
    at_line(sim, agent);
    break;
  case IV_DO_JOIN_LINE:
  case IV_DO_WAIT_IN_LINE:
    iv_waiting_move_up(sim, agent);
    break;
  case IV_DO_GO_TO_TILL:
    iv_waiting_begin_service(sim, agent);
    break;
  case IV_DO_PAY:
    iv_waiting_end_service(sim, agent);
    break;
  case IV_DO_GO_TO_GATE:
    leave(sim, agent);
    break;
  case IV_DO_BE_AWAY:
    come_back(sim, agent);
    break;
  default:
    have_left(sim, agent);
  }
}
