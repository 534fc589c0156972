/* SPDX-License-Identifier: Apache-2.0 */
/* Staff: on duty by the rota, at a till, about their zones, on break, in the staff rooms. They come
 * and go through their room, never through a counted door. */
#include <string.h>

#include "sim/sim_private.h"

#define STAY_MEAN_S 240
#define STAY_SD_S 150
#define ROOM_S_MIN 40
#define ROOM_S_MAX 150
#define EARLY 120             /* minutes before opening that anybody may be in */
#define LATE 60               /* minutes after closing */
#define LEAD (90 * IV_SECOND) /* who is on duty at the full hour sets out before it */

static gboolean is_cashier(const IvScenario *s, int role) {
  return strcmp(s->roles[role].name.text, "cashier") == 0;
}

static int room_of(const IvScenario *s, int role) {
  for (guint r = 0; r < s->n_rooms; r++)
    for (guint z = 0; z < s->roles[role].n_home_zones; z++)
      if (iv_outline_contains(&s->zones[s->roles[role].home_zones[z]].outline,
                              s->rooms[r].inside_point))
        return (int)r;
  return 0;
}

/* On duty at that time, by the rota and the opening hours of the day. */
static guint wanted(const IvSim *sim, int role) {
  const IvOpening *opening = &sim->day.opening;
  int minute = iv_store_minute(sim->zone, MIN(sim->now + LEAD, sim->day.end - 1));
  guint n = 0;
  gboolean open = opening->closes > 0 && minute < opening->closes;
  if (opening->closes > 0 && minute >= opening->opens - EARLY && minute < opening->closes + LATE)
    n = sim->s->roles[role].rota[sim->day.weekday][minute / 60];
  gboolean needed = (open && minute >= opening->opens) || sim->customers_inside > 0;
  return is_cashier(sim->s, role) && needed ? MAX(n, 1) : n;
}

static void go_to_lane(IvSim *sim, IvAgent *agent) {
  agent->doing = IV_DO_GO_TO_LANE;
  iv_walk_to(sim, agent, IV_LAYER_STAFF, sim->s->lanes[agent->lane].staff_point);
}

static IvAgent *come_on_duty(IvSim *sim, int role, int member) {
  const IvScenario *s = sim->s;
  int room = room_of(s, role);
  IvAgent *agent = iv_people_add(sim, IV_ROLE_STAFF, role, s->rooms[room].inside_point, 1);
  agent->room = room, agent->member = member;
  agent->next_break = sim->now + (IvTime)(s->breaks.every_hours * (double)IV_HOUR);
  agent->doing = IV_DO_DUTY;
  iv_watch_appear(sim, agent);
  iv_sim_tell(sim, agent, sim->now, IV_FACT_STAFF_ON, 0, 0);
  if (is_cashier(s, role) && member < (int)s->n_open_order) {
    agent->lane = s->open_order[member];
    go_to_lane(sim, agent);
  }
  return agent;
}

static void go_off_duty(IvSim *sim, IvAgent *agent) {
  if (agent->doing == IV_DO_SERVE) {
    sim->lanes[agent->lane].closing = TRUE;
    return;
  }
  if (agent->doing == IV_DO_GO_HOME)
    return;
  agent->doing = IV_DO_GO_HOME;
  agent->wake = sim->now;
  agent->stay = 0;
  iv_walk_to(sim, agent, IV_LAYER_STAFF, sim->s->rooms[agent->room].inside_point);
}

/* Called each minute. */
void iv_staff_roster(IvSim *sim) {
  guint slot = 0;
  for (int role = 0; role < (int)sim->s->n_roles; role++) {
    guint n = wanted(sim, role);
    for (guint m = 0; m < sim->s->roles[role].count; m++, slot++) {
      IvAgent *agent = sim->on_duty[slot];
      if (!agent && m < n)
        sim->on_duty[slot] = come_on_duty(sim, role, (int)m);
      else if (agent && m >= n)
        go_off_duty(sim, agent);
      else if (agent && agent->doing == IV_DO_SERVE)
        sim->lanes[agent->lane].closing = FALSE;
    }
  }
}

static IvTime seconds(double s) {
  return (IvTime)(s * (double)IV_SECOND);
}

static gboolean visits_room(const IvSim *sim, IvAgent *agent) {
  return iv_random_chance(&agent->random,
                          sim->s->room_visits_per_hour / MAX(sim->n_staff, 1) * STAY_MEAN_S / 3600);
}

static void choose_place(IvSim *sim, IvAgent *agent) {
  const IvStaffRole *role = &sim->s->roles[agent->kind];
  int zone = role->home_zones[iv_random_below(&agent->random, role->n_home_zones)];
  agent->stay =
      seconds(iv_random_kept(iv_random_lognormal(&agent->random, STAY_MEAN_S, STAY_SD_S), 20, 900));
  if (sim->now >= agent->next_break && sim->s->breaks.minutes > 0) {
    zone = sim->s->breaks.zone;
    agent->stay = seconds(sim->s->breaks.minutes * 60);
    agent->next_break = sim->now + (IvTime)(sim->s->breaks.every_hours * (double)IV_HOUR);
    iv_sim_tell(sim, agent, sim->now, IV_FACT_STAFF_BREAK, 0, 0);
  } else if (visits_room(sim, agent)) {
    agent->stay = seconds(iv_random_between(&agent->random, ROOM_S_MIN, ROOM_S_MAX));
    iv_walk_to(sim, agent, IV_LAYER_STAFF, sim->s->rooms[agent->room].inside_point);
    return;
  }
  const IvSpots *spots = &sim->zone_spots[zone];
  if (spots->n)
    iv_walk_to(sim, agent, IV_LAYER_STAFF, spots->at[iv_random_below(&agent->random, spots->n)]);
}

static void on_duty(IvSim *sim, IvAgent *agent) {
  if (agent->stay > 0) {
    agent->wake = sim->now + agent->stay;
    agent->stay = 0;
    return;
  }
  choose_place(sim, agent);
}

static void off_duty(IvSim *sim, IvAgent *agent) {
  guint slot = (guint)agent->member;
  for (int role = 0; role < agent->kind; role++)
    slot += sim->s->roles[role].count;
  sim->on_duty[slot] = NULL;
  iv_sim_tell(sim, agent, sim->now, IV_FACT_STAFF_OFF, 0, 0);
  agent->gone = TRUE;
}

void iv_staff_next(IvSim *sim, IvAgent *agent) {
  switch (agent->doing) {
  case IV_DO_GO_TO_LANE:
    agent->doing = IV_DO_SERVE;
    agent->wake = G_MAXINT64;
    iv_lane_open(sim, agent->lane, agent);
    break;
  case IV_DO_GO_HOME:
    off_duty(sim, agent);
    break;
  default:
    on_duty(sim, agent);
  }
}
