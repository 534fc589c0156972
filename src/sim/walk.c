/* SPDX-License-Identifier: Apache-2.0 */
/* A step of half a second along the way: round corners only where it stays clear, round people who
 * stand in the way, and never into what is not walkable. */
#include <math.h>

#include "sim/sim_private.h"

#define CROWD_CELL 1.0
#define PATIENCE_TICKS 3 /* that somebody waits behind another before pushing past */
#define SIDESTEP 0.35
#define STEP_SECONDS 0.5
#define CLOSE_UP_M 1.5
#define AS_GOOD_AS_THERE_M 0.12
#define PLACE_MPS 0.7 /* to a place in line or a till, however slow somebody is elsewhere */

static guint crowd_cell(const IvCrowd *crowd, IvSpot p) {
  guint x = (guint)CLAMP((p.x - crowd->x0) / CROWD_CELL, 0, crowd->columns - 1);
  guint y = (guint)CLAMP((p.y - crowd->y0) / CROWD_CELL, 0, crowd->rows - 1);
  return y * crowd->columns + x;
}

static void crowd_begin(IvCrowd *crowd, const IvGrid *grid) {
  if (!crowd->heads) {
    crowd->x0 = grid->area.x0, crowd->y0 = grid->area.y0;
    crowd->columns = (guint)ceil((grid->area.x1 - crowd->x0) / CROWD_CELL);
    crowd->rows = (guint)ceil((grid->area.y1 - crowd->y0) / CROWD_CELL);
    crowd->heads = g_new(int, crowd->columns * crowd->rows);
    crowd->touched = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < crowd->columns * crowd->rows; i++)
      crowd->heads[i] = -1;
  }
  for (guint i = 0; i < crowd->touched->len; i++)
    crowd->heads[g_array_index(crowd->touched, guint, i)] = -1;
  g_array_set_size(crowd->touched, 0);
}

void iv_crowd_fill(IvSim *sim) {
  IvCrowd *crowd = &sim->crowd;
  crowd_begin(crowd, sim->grid);
  for (guint i = 0; i < sim->agents->len; i++) {
    IvAgent *agent = g_ptr_array_index(sim->agents, i);
    if (agent->hidden)
      continue;
    guint cell = crowd_cell(crowd, agent->at);
    if (crowd->heads[cell] < 0)
      g_array_append_val(crowd->touched, cell);
    agent->next_in_cell = crowd->heads[cell];
    crowd->heads[cell] = (int)i;
  }
}

/* Somebody of another party is nearer to `to` than the space people keep, and nearer than now. */
static gboolean is_crowded(const IvSim *sim, const IvAgent *agent, IvSpot to) {
  double space = MAX(sim->s->personal_space, 2 * sim->s->body_radius), near = space * space;
  const IvCrowd *crowd = &sim->crowd;
  int x0 = (int)((to.x - space - crowd->x0) / CROWD_CELL),
      x1 = (int)((to.x + space - crowd->x0) / CROWD_CELL);
  int y0 = (int)((to.y - space - crowd->y0) / CROWD_CELL),
      y1 = (int)((to.y + space - crowd->y0) / CROWD_CELL);
  for (int y = MAX(y0, 0); y <= MIN(y1, (int)crowd->rows - 1); y++)
    for (int x = MAX(x0, 0); x <= MIN(x1, (int)crowd->columns - 1); x++)
      for (int i = crowd->heads[y * (int)crowd->columns + x]; i >= 0;) {
        const IvAgent *other = g_ptr_array_index(sim->agents, (guint)i);
        i = other->next_in_cell;
        double dx = other->at.x - to.x, dy = other->at.y - to.y, square = dx * dx + dy * dy;
        double bx = other->at.x - agent->at.x, by = other->at.y - agent->at.y;
        if (square < near && square < bx * bx + by * by && other != agent &&
            (other->party != agent->party || agent->party == 0))
          return TRUE;
      }
  return FALSE;
}

gboolean iv_walk_to(IvSim *sim, IvAgent *agent, IvLayer layer, IvSpot goal) {
  agent->layer = layer;
  agent->free_leg = FALSE;
  agent->blocked = 0;
  agent->route_at = 0;
  gboolean found = iv_routes_find(sim->routes, layer, agent->at, goal, &agent->route);
  if (!found && layer != IV_LAYER_STAFF) { /* out of a room that is not for customers */
    agent->layer = IV_LAYER_STAFF;
    found = iv_routes_find(sim->routes, IV_LAYER_STAFF, agent->at, goal, &agent->route);
  }
  sim->tally.lost_ways += !found;
  return found;
}

gboolean iv_walk_beside(IvSim *sim, IvAgent *agent, IvLayer layer, IvSpot goal, IvSpot beside) {
  if (!iv_walk_to(sim, agent, layer, goal))
    return FALSE;
  IvRoute *route = &agent->route;
  IvSpot before = route->n > 1 ? route->at[route->n - 2] : agent->at;
  if (iv_grid_clear(sim->grid, layer, before, beside))
    route->at[route->n - 1] = beside;
  else if (route->n < IV_ROUTE_MAX)
    route->at[route->n++] = beside;
  return TRUE;
}

void iv_walk_straight(IvAgent *agent, const IvSpot *corners, guint n) {
  agent->free_leg = TRUE;
  agent->blocked = 0;
  agent->route_at = 0;
  agent->route.n = MIN(n, IV_ROUTE_MAX);
  for (guint i = 0; i < agent->route.n; i++)
    agent->route.at[i] = corners[i];
}

/* To a place in line or to the till two even steps rather than a whole one and a tiny one, and not
 * slower than somebody who moves up: people do not arrive there by centimetres, and whoever still
 * walks there does not yet stand in line. */
static double last_steps(const IvAgent *agent, double step) {
  gboolean queues = agent->doing == IV_DO_JOIN_LINE || agent->doing == IV_DO_GO_TO_TILL;
  if (!queues || agent->route_at + 1 != agent->route.n)
    return step;
  step = MAX(step, PLACE_MPS * STEP_SECONDS);
  double way = iv_spot_distance(agent->at, agent->route.at[agent->route_at]);
  return way > step && way < 2 * step ? way / 2 : step;
}

/* The place after half a second. Passing a corner, only where the chord is clear; else the step
 * ends in the corner. `ret_corner` is the corner that is walked to then. */
static IvSpot step_ahead(const IvSim *sim, const IvAgent *agent, guint *ret_corner) {
  double left = last_steps(agent, agent->speed * STEP_SECONDS);
  IvSpot at = agent->at;
  for (guint i = agent->route_at; i < agent->route.n; i++) {
    IvSpot corner = agent->route.at[i];
    double way = iv_spot_distance(at, corner);
    if (way > left) {
      IvSpot to = iv_spot_towards(at, corner, left);
      *ret_corner = i;
      if (i == agent->route_at ||
          (!agent->free_leg && iv_grid_clear(sim->grid, agent->layer, agent->at, to)))
        return to;
      *ret_corner = i;
      return agent->route.at[i - 1];
    }
    left -= way;
    at = corner;
    *ret_corner = i + 1;
    if (agent->free_leg)
      return corner;
    if (i > agent->route_at && !iv_grid_clear(sim->grid, agent->layer, agent->at, corner)) {
      *ret_corner = i;
      return agent->route.at[i - 1];
    }
  }
  return at;
}

/* To the right first, as people do, then to the left. */
static gboolean step_aside(const IvSim *sim, const IvAgent *agent, IvSpot ahead, guint corner,
                           IvSpot *ret_spot) {
  if (agent->free_leg || corner >= agent->route.n)
    return FALSE;
  IvSpan step = {agent->at, ahead};
  if (iv_span_length(&step) < 1e-6)
    return FALSE;
  IvSpot right = iv_span_right(&step), middle = iv_spot_mix(agent->at, ahead, 0.7);
  for (int side = 1; side >= -1; side -= 2) {
    IvSpot to = {middle.x + side * SIDESTEP * right.x, middle.y + side * SIDESTEP * right.y};
    if (!is_crowded(sim, agent, to) && iv_grid_clear(sim->grid, agent->layer, agent->at, to) &&
        iv_grid_clear(sim->grid, agent->layer, to, agent->route.at[corner])) {
      *ret_spot = to;
      return TRUE;
    }
  }
  return FALSE;
}

/* Whoever goes to a place in line closes up to those who stand there. */
static gboolean closes_up(const IvAgent *agent) {
  return agent->doing == IV_DO_JOIN_LINE ||
         (agent->doing == IV_DO_GO_TO_LINE &&
          iv_spot_distance(agent->at, agent->route.at[agent->route.n - 1]) < CLOSE_UP_M);
}

/* No step of centimetres is left over for the end. */
static gboolean is_as_good_as_there(const IvAgent *agent) {
  return agent->doing >= IV_DO_GO_TO_LINE && agent->doing <= IV_DO_GO_TO_TILL &&
         agent->route_at + 1 == agent->route.n &&
         iv_spot_distance(agent->at, agent->route.at[agent->route_at]) < AS_GOOD_AS_THERE_M;
}

/* It goes from there straight to its place, not first to the end of the line. */
static gboolean is_in_its_line(const IvSim *sim, const IvAgent *agent) {
  return agent->doing == IV_DO_GO_TO_LINE &&
         iv_outline_contains(&sim->lines[agent->line].shape->area, agent->at);
}

void iv_walk_step(IvSim *sim, IvAgent *agent) {
  guint corner = agent->route_at;
  IvSpot to = step_ahead(sim, agent, &corner), aside;
  gboolean minds = !agent->free_leg && !closes_up(agent);
  if (minds && agent->blocked < PATIENCE_TICKS && is_crowded(sim, agent, to)) {
    agent->blocked++; /* steps aside count, or two could dance round each other for good */
    if (!step_aside(sim, agent, to, corner, &aside))
      return;
    to = aside;
  } else if (!minds || !is_crowded(sim, agent, to)) {
    agent->blocked = 0;
  }
  agent->at = to;
  agent->route_at = corner;
  if (is_as_good_as_there(agent)) {
    agent->at = agent->route.at[corner];
    agent->route_at = agent->route.n;
  }
  if (is_in_its_line(sim, agent))
    agent->route_at = agent->route.n;
}
