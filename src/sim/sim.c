/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/sim.h"

#include <string.h>

#include "sim/sim_private.h"

#define SPOT_TRIES 200
#define MEETING_MIN 1.2
#define MEETING_MAX 5.0
#define TILL_CLEAR_M 1.0 /* between whoever pays or serves and who has nothing to do with it */

/* Where a cashier stands who mans a till: nobody of the staff is about something else there. */
static gboolean is_behind_till(const IvScenario *s, IvSpot p) {
  for (guint i = 0; i < s->n_lanes; i++)
    if (!s->lanes[i].self_checkout && iv_spot_distance(p, s->lanes[i].staff_point) < TILL_CLEAR_M)
      return TRUE;
  return FALSE;
}

static void find_spots(IvSim *sim, IvLayer layer, const IvOutline *outline, IvRandom *random,
                       IvSpots *spots) {
  for (int i = 0; i < SPOT_TRIES && spots->n < IV_ZONE_SPOTS; i++) {
    IvSpot p = iv_people_spot_in(outline, random);
    if (iv_grid_walkable(sim->grid, layer, p) && !is_behind_till(sim->s, p))
      spots->at[spots->n++] = p;
  }
}

/* Near to a till or in a waiting line: nobody waits for others there. */
static gboolean is_at_tills(const IvScenario *s, IvSpot p) {
  for (guint i = 0; i < s->n_groups; i++)
    if (iv_outline_contains(&s->groups[i].queue.area, p))
      return TRUE;
  for (guint i = 0; i < s->n_lanes; i++)
    if ((s->lanes[i].group < 0 && iv_outline_contains(&s->lanes[i].queue.area, p)) ||
        iv_spot_distance(p, s->lanes[i].service_point) < TILL_CLEAR_M)
      return TRUE;
  return FALSE;
}

static void find_meeting(IvSim *sim, guint line, IvRandom *random) {
  IvSpot gate = sim->gates[line].inner.a;
  IvSpots *spots = &sim->meeting[line];
  for (int i = 0; i < SPOT_TRIES && spots->n < IV_ZONE_SPOTS; i++) {
    IvSpot p = {gate.x + iv_random_between(random, -MEETING_MAX, MEETING_MAX),
                gate.y + iv_random_between(random, -MEETING_MAX, MEETING_MAX)};
    IvRoute route;
    double metres = iv_spot_distance(p, gate);
    if (metres < MEETING_MIN || metres > MEETING_MAX || is_at_tills(sim->s, p) ||
        !iv_grid_walkable(sim->grid, IV_LAYER_CUSTOMER, p) ||
        !iv_routes_find(sim->routes, IV_LAYER_CUSTOMER, p, gate, &route) ||
        iv_route_length(&route, p) > 2 * MEETING_MAX)
      continue;
    spots->at[spots->n++] = p;
  }
}

static void find_all_spots(IvSim *sim) {
  const IvScenario *s = sim->s;
  sim->zone_spots = g_new0(IvSpots, s->n_zones);
  sim->zone_customer_spots = g_new0(IvSpots, s->n_zones);
  sim->meeting = g_new0(IvSpots, s->n_lines);
  for (guint z = 0; z < s->n_zones; z++) {
    IvRandom random;
    iv_random_init(&random, sim->config.seed, "spots", z);
    find_spots(sim, IV_LAYER_STAFF, &s->zones[z].outline, &random, &sim->zone_spots[z]);
    find_spots(sim, IV_LAYER_CUSTOMER, &s->zones[z].outline, &random, &sim->zone_customer_spots[z]);
  }
  for (guint i = 0; i < s->n_lines; i++) {
    IvRandom random;
    iv_random_init(&random, sim->config.seed, "meeting", i);
    if (!s->lines[i].is_passby)
      find_meeting(sim, i, &random);
  }
}

static gboolean refuse(GError **error, const char *what, const char *id) {
  g_set_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_VALUE,
              "%s \"%s\": there is no way to it from the entrance", what, id);
  return FALSE;
}

static gboolean check_reach(IvSim *sim, IvSpot from, GError **error) {
  const IvScenario *s = sim->s;
  IvRoute route;
  for (guint i = 0; i < s->n_slots; i++)
    if (!iv_routes_find(sim->routes, IV_LAYER_CUSTOMER, from, s->slots[i].stand, &route))
      return refuse(error, "slot", s->slots[i].id.text);
  for (guint i = 0; i < s->n_cabins; i++)
    if (!iv_routes_find(sim->routes, IV_LAYER_CUSTOMER, from, s->cabins[i].door_point, &route))
      return refuse(error, "fitting room", s->cabins[i].id.text);
  for (guint i = 0; i < s->n_lanes; i++) {
    const IvSimLane *lane = &s->lanes[i];
    if (!iv_routes_find(sim->routes, IV_LAYER_LINE, from, lane->service_point, &route) ||
        (!lane->self_checkout &&
         !iv_routes_find(sim->routes, IV_LAYER_STAFF, s->rooms[0].inside_point, lane->staff_point,
                         &route)))
      return refuse(error, "lane", lane->id.text);
  }
  return TRUE;
}

static gboolean prepare(IvSim *sim, GError **error) {
  const IvScenario *s = sim->s;
  gboolean cashiers = FALSE, staffed = s->n_open_order > 0;
  for (guint i = 0; i < s->n_roles; i++)
    cashiers |= strcmp(s->roles[i].name.text, "cashier") == 0;
  if (staffed && !cashiers) {
    g_set_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_VALUE,
                "staff.roles: no role \"cashier\" for the lanes of service.open_order");
    return FALSE;
  }
  sim->grid = iv_grid_new(s, error);
  if (!sim->grid)
    return FALSE;
  sim->routes = iv_routes_new(sim->grid);
  sim->ideal = iv_view_new(s, sim->grid, TRUE);
  sim->view = sim->config.noise.fixtures_hide ? iv_view_new(s, sim->grid, FALSE) : sim->ideal;
  IvSpot first = {0, 0};
  for (guint i = s->n_lines; i-- > 0;) {
    if (s->lines[i].is_passby)
      continue;
    if (!iv_gate_of(s, i, &sim->gates[i], error))
      return FALSE;
    first = sim->gates[i].inner.a;
  }
  sim->odds = iv_checkout_odds(s);
  find_all_spots(sim);
  return check_reach(sim, first, error) && iv_waiting_new(sim, error);
}

/* The day that holds the time. */
static void begin_day(IvSim *sim) {
  int index = (int)((sim->now - iv_store_day(sim->s, sim->zone, 0).start) / IV_DAY) - 1;
  do
    sim->day = iv_store_day(sim->s, sim->zone, index++);
  while (sim->day.end <= sim->now);
  g_clear_pointer(&sim->arrivals, g_array_unref);
  sim->arrivals = iv_arrivals_of_day(sim->s, sim->zone, &sim->day, sim->config.seed);
  sim->next_arrival = 0;
  while (sim->next_arrival < sim->arrivals->len &&
         g_array_index(sim->arrivals, IvArrival, sim->next_arrival).ts < sim->now)
    sim->next_arrival++;
}

static void load_film(IvSim *sim) {
  if (!sim->out.frame)
    return;
  if (sim->config.boxes.look.dimension == 0)
    sim->config.boxes = iv_box_noise_ideal();
  const IvBoxLevelConfig config = {sim->config.seed, sim->config.start, &sim->config.boxes,
                                   sim->out.frame, sim->out.user_data};
  sim->film = iv_box_level_new(sim->s, sim->grid, &config);
  sim->filmed = sim->config.start;
}

IvSim *iv_sim_new(const IvScenario *scenario, GTimeZone *zone, const IvSimConfig *config,
                  const IvSimOutput *output, GError **error) {
  g_autoptr(IvSim) sim = g_new0(IvSim, 1);
  sim->s = scenario, sim->zone = zone, sim->config = *config, sim->out = *output;
  sim->config.start = iv_time_floor(config->start, IV_SIM_TICK);
  sim->now = sim->config.start;
  sim->agents = g_ptr_array_new();
  sim->pending = g_array_new(FALSE, FALSE, sizeof(IvPendingFact));
  sim->points = g_array_new(FALSE, FALSE, sizeof(IvSimPoint));
  sim->positions = g_array_new(FALSE, TRUE, sizeof(IvSimPosition));
  sim->moves = g_array_new(FALSE, FALSE, sizeof(IvBoxMove));
  sim->receipts = g_ptr_array_new_with_free_func(iv_sim_receipt_free);
  sim->cabins_taken = g_new0(gboolean, scenario->n_cabins);
  for (guint i = 0; i < scenario->n_roles; i++)
    sim->n_staff += scenario->roles[i].count;
  sim->on_duty = g_new0(IvAgent *, sim->n_staff);
  if (!prepare(sim, error))
    return NULL;
  load_film(sim);
  begin_day(sim);
  return g_steal_pointer(&sim);
}

void iv_sim_free(IvSim *sim) {
  if (!sim)
    return;
  for (guint i = 0; i < sim->agents->len; i++)
    iv_people_forget(sim, g_ptr_array_index(sim->agents, i));
  for (guint i = 0; i < sim->n_lines; i++)
    g_ptr_array_unref(sim->lines[i].waiting);
  g_ptr_array_unref(sim->agents);
  g_ptr_array_unref(sim->receipts);
  g_array_unref(sim->pending);
  g_array_unref(sim->points);
  g_array_unref(sim->positions);
  g_array_unref(sim->moves);
  iv_box_level_free(sim->film);
  g_clear_pointer(&sim->arrivals, g_array_unref);
  g_clear_pointer(&sim->crowd.touched, g_array_unref);
  g_free(sim->crowd.heads);
  if (sim->view != sim->ideal)
    iv_view_free(sim->view);
  iv_view_free(sim->ideal);
  iv_routes_free(sim->routes);
  iv_grid_free(sim->grid);
  g_free(sim->zone_spots);
  g_free(sim->zone_customer_spots);
  g_free(sim->meeting);
  g_free(sim->lines);
  g_free(sim->lanes);
  g_free(sim->cabins_taken);
  g_free(sim->on_duty);
  g_free(sim);
}

static void next_of(IvSim *sim, IvAgent *agent) {
  switch (agent->role) {
  case IV_ROLE_SHOPPER:
    iv_shopper_next(sim, agent);
    break;
  case IV_ROLE_COMPANION:
    iv_companion_next(sim, agent);
    break;
  case IV_ROLE_STAFF:
    iv_staff_next(sim, agent);
    break;
  default:
    agent->gone = TRUE;
  }
}

static void act(IvSim *sim, IvAgent *agent) {
  agent->before = agent->at;
  if (agent->born == sim->now)
    return;
  if (agent->doing == IV_DO_WAIT_IN_LINE)
    iv_waiting_move_up(sim, agent);
  else if (sim->now >= agent->pause && !iv_walk_is_over(agent))
    iv_walk_step(sim, agent);
  iv_watch_step(sim, agent);
  if (agent->doing != IV_DO_WAIT_IN_LINE && iv_walk_is_over(agent) && sim->now >= agent->wake &&
      sim->now >= agent->pause)
    next_of(sim, agent);
}

static void drop_the_gone(IvSim *sim) {
  guint kept = 0;
  for (guint i = 0; i < sim->agents->len; i++) {
    IvAgent *agent = g_ptr_array_index(sim->agents, i);
    if (agent->gone)
      iv_people_forget(sim, agent);
    else
      sim->agents->pdata[kept++] = agent;
  }
  g_ptr_array_set_size(sim->agents, (int)kept);
}

static void let_in(IvSim *sim) {
  while (sim->next_arrival < sim->arrivals->len) {
    const IvArrival *arrival = &g_array_index(sim->arrivals, IvArrival, sim->next_arrival);
    if (arrival->ts > sim->now)
      return;
    iv_people_arrive(sim, arrival);
    sim->next_arrival++;
  }
}

static void each_minute(IvSim *sim) {
  int minute = iv_store_minute(sim->zone, sim->now);
  sim->outages = 0;
  for (guint i = 0; sim->config.noise.outages && i < sim->s->n_outages; i++) {
    const IvOutage *outage = &sim->s->outages[i];
    if (outage->day == sim->day.index && minute >= outage->from && minute < outage->to)
      sim->outages |= 1u << outage->camera;
  }
  iv_staff_roster(sim);
}

static void tick(IvSim *sim) {
  if (sim->now >= sim->day.end)
    begin_day(sim);
  if (sim->now % IV_MINUTE == 0)
    each_minute(sim);
  let_in(sim);
  iv_crowd_fill(sim);
  for (guint i = 0; i < sim->agents->len; i++)
    act(sim, g_ptr_array_index(sim->agents, i));
  iv_waiting_tick(sim);
  iv_lanes_tick(sim);
  sim->tally.ticks++;
  sim->tally.agent_ticks += sim->agents->len;
  iv_sight_watch(sim);
  iv_sight_tell(sim);
  iv_sight_tell_positions(sim);
  iv_sim_film(sim);
  drop_the_gone(sim);
  iv_sim_flush_facts(sim, sim->now);
  iv_sim_flush_receipts(sim);
}

/* With nobody about, on to the next full minute: nothing else can happen before. */
static IvTime next_tick(const IvSim *sim) {
  if (sim->agents->len > 0 || sim->pending->len > 0)
    return sim->now + IV_SIM_TICK;
  IvTime minute = iv_time_floor(sim->now, IV_MINUTE) + IV_MINUTE;
  if (sim->next_arrival >= sim->arrivals->len)
    return minute;
  IvTime arrival = g_array_index(sim->arrivals, IvArrival, sim->next_arrival).ts;
  IvTime tick_of = iv_time_floor(arrival + IV_SIM_TICK - 1, IV_SIM_TICK);
  return MAX(MIN(minute, tick_of), sim->now + IV_SIM_TICK);
}

gboolean iv_sim_run(IvSim *sim, IvTime until) {
  IvTime end = MIN(until, sim->config.until);
  while (sim->now < end) {
    tick(sim);
    sim->now = next_tick(sim);
  }
  return sim->now < sim->config.until;
}

IvSimTally iv_sim_tally(const IvSim *sim) {
  IvSimTally tally = sim->tally;
  if (sim->film)
    tally.film = iv_box_level_tally(sim->film);
  return tally;
}

const IvBoxTruth *iv_sim_frame_truth(const IvSim *sim, IvTime *ret_time) {
  return iv_box_level_truth(sim->film, ret_time);
}
