/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/sim_private.h"

#define COMPANION_LAG (IV_SECOND / 2)
#define PASSER_FACTOR 1.1
#define TURN_SECONDS 0.45 /* that somebody walks on before turning back */
#define TRIES 50

IvSpot iv_people_spot_in(const IvOutline *outline, IvRandom *random) {
  IvFloorArea area = iv_outline_bounds(outline);
  for (int i = 0; i < TRIES; i++) {
    IvSpot p = {iv_random_between(random, area.x0, area.x1),
                iv_random_between(random, area.y0, area.y1)};
    if (iv_outline_contains(outline, p))
      return p;
  }
  return outline->at[0];
}

IvAgent *iv_people_add(IvSim *sim, IvRole role, int kind, IvSpot at, double speed_factor) {
  IvAgent *agent = g_new0(IvAgent, 1);
  const IvScenario *s = sim->s;
  agent->id = ++sim->last_id;
  agent->role = role, agent->kind = kind;
  agent->at = agent->before = at;
  agent->born = sim->now;
  iv_random_init(&agent->random, sim->config.seed, "agent", agent->id);
  agent->speed = iv_random_kept(iv_range_draw(&s->walking_speed, &agent->random) * speed_factor,
                                s->speed_limits[0], s->speed_limits[1]);
  agent->height_cm = (int)(iv_range_draw(&s->adult_height, &agent->random) * 100);
  agent->seen = g_new0(IvSighting, s->n_cameras);
  agent->lane = agent->line = agent->cabin = agent->room = -1;
  agent->layer = role == IV_ROLE_STAFF ? IV_LAYER_STAFF : IV_LAYER_CUSTOMER;
  g_ptr_array_add(sim->agents, agent);
  return agent;
}

static void through_gate(const IvSim *sim, IvAgent *agent) {
  const IvGate *gate = &sim->gates[agent->entrance];
  const IvSpot corners[] = {iv_spot_mix(gate->outer.a, gate->outer.b, agent->gate_share),
                            iv_spot_mix(gate->inner.a, gate->inner.b, agent->gate_share)};
  iv_walk_straight(agent, corners, 2);
  agent->doing = IV_DO_ENTER;
}

static IvAgent *add_member(IvSim *sim, const IvArrival *arrival, IvSpot at, guint32 party,
                           IvAgent *leader) {
  const IvShopperKind *kind = &sim->s->kinds[arrival->kind];
  IvAgent *agent = iv_people_add(sim, leader ? IV_ROLE_COMPANION : IV_ROLE_SHOPPER, arrival->kind,
                                 at, kind->speed_factor);
  agent->party = party;
  agent->entrance = arrival->line;
  agent->gate_share = iv_random_unit(&agent->random);
  if (leader) {
    agent->leader = leader;
    agent->exit = leader->exit;
    agent->speed = MIN(leader->speed * 1.1, sim->s->speed_limits[1]);
    agent->pause = sim->now + COMPANION_LAG * (1 + leader->n_companions);
    leader->companions[leader->n_companions++] = agent;
  }
  through_gate(sim, agent);
  return agent;
}

static int choose_exit(IvSim *sim, IvAgent *agent, const IvShopperKind *kind) {
  double shares[IV_LINES_MAX], sum = 0;
  for (guint i = 0; i < sim->s->n_lines; i++) {
    shares[i] = sim->s->lines[i].is_passby ? 0 : sim->s->lines[i].exit_share;
    sum += shares[i];
  }
  if (sum <= 0 || kind->absences > 0)
    return agent->entrance;
  return (int)iv_random_weighted(&agent->random, shares, sim->s->n_lines);
}

/* The chance of an unauthorised entry, so that a week has as many as the scenario says. */
static gboolean intrudes(const IvSim *sim, IvAgent *agent) {
  double parties = MAX(sim->s->visits_per_day * IV_WEEK, 1);
  return iv_random_chance(&agent->random, sim->s->unauthorised_per_week / parties);
}

static void arrive_party(IvSim *sim, const IvArrival *arrival) {
  const IvShopperKind *kind = &sim->s->kinds[arrival->kind];
  const IvGate *gate = &sim->gates[arrival->line];
  IvRandom place;
  iv_random_init(&place, sim->config.seed, "spawn", sim->last_id);
  IvSpot at = iv_people_spot_in(gate->spawn, &place);
  guint32 party = ++sim->last_party;
  IvAgent *leader = add_member(sim, arrival, at, party, NULL);
  leader->exit = choose_exit(sim, leader, kind);
  leader->intrudes = intrudes(sim, leader);
  leader->plan = g_new0(IvVisitPlan, 1);
  iv_visit_plan(sim->s, kind, gate->inner.a, &leader->random, leader->plan);
  gboolean with_child = iv_random_chance(&leader->random, kind->children);
  for (int i = 1; i < arrival->size; i++) {
    IvSpot beside = iv_people_spot_in(gate->spawn, &place);
    IvAgent *companion = add_member(sim, arrival, iv_spot_mix(at, beside, 0.3), party, leader);
    if (with_child && i == 1)
      companion->height_cm = (int)(iv_range_draw(&sim->s->child_height, &place) * 100);
  }
}

static void arrive_turner(IvSim *sim, const IvArrival *arrival) {
  const IvGate *gate = &sim->gates[arrival->line];
  const IvSpan *line = &sim->s->lines[arrival->line].span;
  IvRandom place;
  iv_random_init(&place, sim->config.seed, "spawn", sim->last_id);
  IvAgent *agent =
      iv_people_add(sim, IV_ROLE_TURNER, -2, iv_people_spot_in(gate->spawn, &place), 1);
  double share = iv_random_unit(&agent->random);
  IvSpot outer = iv_spot_mix(gate->outer.a, gate->outer.b, share);
  IvSpot inner = iv_spot_mix(gate->inner.a, gate->inner.b, share);
  gboolean right;
  double at_line = iv_span_crossed(line, outer, inner, &right);
  IvSpot crossing = iv_spot_mix(outer, inner, MAX(at_line, 0));
  double beyond = MIN(agent->speed * TURN_SECONDS, iv_spot_distance(crossing, inner));
  IvSpot corners[] = {outer, iv_spot_towards(crossing, inner, beyond), outer, agent->at};
  iv_walk_straight(agent, corners, 4);
  agent->party = ++sim->last_party;
  agent->doing = IV_DO_VANISH;
}

static const IvOutside *outside_of(const IvScenario *s, int door) {
  for (guint i = 0; i < s->n_outsides; i++)
    if (s->outsides[i].door == door)
      return &s->outsides[i];
  return &s->outsides[0];
}

/* From one end of the walkway to the other, along its longer side. */
static void arrive_passer(IvSim *sim, const IvArrival *arrival) {
  const IvOutside *outside = outside_of(sim->s, sim->s->lines[arrival->line].door);
  IvFloorArea area = iv_floor_area_grown(iv_outline_bounds(&outside->walkway), -0.2);
  IvRandom place;
  iv_random_init(&place, sim->config.seed, "passer", sim->last_id);
  gboolean wide = area.x1 - area.x0 > area.y1 - area.y0;
  double across = iv_random_unit(&place);
  IvSpot a = {area.x0, area.y0}, b = {area.x1, area.y1};
  if (wide)
    a.y = b.y = area.y0 + across * (area.y1 - area.y0);
  else
    a.x = b.x = area.x0 + across * (area.x1 - area.x0);
  gboolean back = iv_random_chance(&place, 0.5);
  IvAgent *agent = iv_people_add(sim, IV_ROLE_PASSER, -1, back ? b : a, PASSER_FACTOR);
  iv_walk_straight(agent, back ? &a : &b, 1);
  agent->party = ++sim->last_party;
  agent->doing = IV_DO_VANISH;
}

/* From inside the room to its door and back; how it came there nobody saw. */
static void arrive_intruder(IvSim *sim, const IvArrival *arrival) {
  const IvStaffRoom *room = &sim->s->rooms[arrival->line];
  IvAgent *agent = iv_people_add(sim, IV_ROLE_INTRUDER, -4, room->inside_point, 1);
  const IvSpot corners[] = {room->threshold_point, room->inside_point};
  agent->party = ++sim->last_party;
  iv_watch_appear(sim, agent);
  iv_sim_tell(sim, agent, sim->now, IV_FACT_ACCESS_AFTER_HOURS, arrival->line, 0);
  gboolean clear = iv_grid_clear(sim->grid, IV_LAYER_STAFF, corners[1], corners[0]);
  iv_walk_straight(agent, corners, clear ? 2 : 0);
  agent->doing = IV_DO_VANISH;
}

void iv_people_arrive(IvSim *sim, const IvArrival *arrival) {
  static void (*const arrive[])(IvSim *, const IvArrival *) = {
      [IV_ARRIVAL_PARTY] = arrive_party,
      [IV_ARRIVAL_TURNER] = arrive_turner,
      [IV_ARRIVAL_PASSER] = arrive_passer,
      [IV_ARRIVAL_INTRUDER] = arrive_intruder,
  };
  arrive[arrival->sort](sim, arrival);
}

/* Those who knew the agent forget it, and it is freed. */
void iv_people_forget(IvSim *sim, IvAgent *agent) {
  iv_watch_vanish(sim, agent);
  for (guint i = 0; i < agent->n_companions; i++)
    if (agent->companions[i])
      agent->companions[i]->leader = NULL;
  for (guint i = 0; agent->leader && i < agent->leader->n_companions; i++)
    if (agent->leader->companions[i] == agent)
      agent->leader->companions[i] = NULL;
  g_free(agent->plan);
  g_free(agent->seen);
  iv_box_actor_free(agent->actor);
  g_free(agent);
}
