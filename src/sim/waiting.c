/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting lines: which one to take, a place in it, moving up, giving up, who is next. */
#include "sim/sim_private.h"

#define SPACING_MIN 0.5 /* metres; people close up when a line is long */
#define SHUFFLE_MPS 1.0
#define LINE_SECONDS 0.5
#define ARRIVE (2 * IV_SECOND) /* who has come to the end of a line stands first */

static double path_length(const IvOutline *path) {
  double metres = 0;
  for (guint i = 1; i < path->n; i++)
    metres += iv_spot_distance(path->at[i - 1], path->at[i]);
  return metres;
}

static IvSpot path_at(const IvOutline *path, double metres) {
  for (guint i = 1; i < path->n; i++) {
    double way = iv_spot_distance(path->at[i - 1], path->at[i]);
    if (metres <= way)
      return iv_spot_towards(path->at[i - 1], path->at[i], metres);
    metres -= way;
  }
  return path->at[path->n - 1];
}

static void add_line(IvSim *sim, const IvQueueShape *shape, int queue, int group) {
  IvWaitingLine *line = &sim->lines[sim->n_lines++];
  *line = (IvWaitingLine){.shape = shape,
                          .queue = queue,
                          .group = group,
                          .length = path_length(&shape->path),
                          .waiting = g_ptr_array_new()};
  line->places = 1 + (guint)(line->length / MIN(SPACING_MIN, sim->s->queue_spacing));
}

/* Groups first, then lanes with a line of their own. */
gboolean iv_waiting_new(IvSim *sim, GError **error) {
  const IvScenario *s = sim->s;
  sim->lines = g_new0(IvWaitingLine, s->n_groups + s->n_lanes);
  sim->lanes = g_new0(IvLaneState, s->n_lanes);
  for (guint g = 0; g < s->n_groups; g++)
    add_line(sim, &s->groups[g].queue, iv_fact_queue_of_group(s, (int)g), (int)g);
  for (guint l = 0; l < s->n_lanes; l++) {
    sim->lanes[l].line = s->lanes[l].group >= 0 ? s->lanes[l].group : (int)sim->n_lines;
    if (s->lanes[l].group < 0)
      add_line(sim, &s->lanes[l].queue, (int)l, -1);
  }
  for (guint i = 0; i < sim->n_lines; i++) {
    IvSpot tail = path_at(&sim->lines[i].shape->path, sim->lines[i].length), beside;
    if (iv_grid_nearest(sim->grid, IV_LAYER_CUSTOMER, IV_LAYER_LINE, tail, &beside))
      continue;
    g_set_error(error, IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_VALUE,
                "queue %u: nobody can walk to the end of its path", i);
    return FALSE;
  }
  return TRUE;
}

static double place_of(const IvSim *sim, const IvWaitingLine *line, guint index) {
  double spacing = sim->s->queue_spacing;
  guint n = line->waiting->len;
  if (n > 1 && (n - 1) * spacing > line->length)
    spacing = line->length / (n - 1);
  return MIN(index * spacing, line->length);
}

static gboolean has_sort(const IvSim *sim, int line, gboolean self) {
  for (guint l = 0; l < sim->s->n_lanes; l++)
    if (sim->lanes[l].line == line && sim->s->lanes[l].self_checkout == self)
      return TRUE;
  return FALSE;
}

static guint busy_lanes(const IvSim *sim, int line) {
  guint n = 0;
  for (guint l = 0; l < sim->s->n_lanes; l++)
    n += sim->lanes[l].line == line && sim->lanes[l].customer;
  return n;
}

/* The shortest for its open lanes; of those, the nearest. -1 when none is open. */
static int shortest(const IvSim *sim, const IvAgent *agent, gboolean self) {
  int best = -1;
  double least = G_MAXDOUBLE;
  for (int i = 0; i < (int)sim->n_lines; i++) {
    guint open = iv_lanes_open(sim, i);
    if (!open || !has_sort(sim, i, self))
      continue;
    const IvWaitingLine *line = &sim->lines[i];
    double metres = iv_spot_distance(agent->at, line->shape->path.at[line->shape->path.n - 1]);
    double load = (double)(line->waiting->len + busy_lanes(sim, i)) / open + metres / 1000;
    if (load < least)
      least = load, best = i;
  }
  return best;
}

static int line_of_first_till(const IvSim *sim) {
  return sim->lanes[sim->s->n_open_order ? sim->s->open_order[0] : 0].line;
}

static void walk_to_tail(IvSim *sim, IvAgent *agent) {
  const IvWaitingLine *line = &sim->lines[agent->line];
  IvSpot tail = path_at(&line->shape->path, place_of(sim, line, line->waiting->len)), beside = tail;
  iv_grid_nearest(sim->grid, IV_LAYER_CUSTOMER, IV_LAYER_LINE, tail, &beside);
  agent->doing = IV_DO_GO_TO_LINE;
  iv_walk_to(sim, agent, IV_LAYER_CUSTOMER, beside);
}

void iv_waiting_choose(IvSim *sim, IvAgent *agent) {
  gboolean self = iv_checkout_picks_self(sim->s, &sim->odds, agent->plan->items, &agent->random);
  agent->line = shortest(sim, agent, self);
  if (agent->line < 0)
    agent->line = shortest(sim, agent, !self);
  if (agent->line < 0)
    agent->line = line_of_first_till(sim);
  iv_companions_meet(sim, agent);
  walk_to_tail(sim, agent);
}

static gboolean is_too_long(const IvSim *sim, int index) {
  const IvWaitingLine *line = &sim->lines[index];
  guint n = line->waiting->len, limit = (guint)sim->s->balk_length;
  if (line->group >= 0)
    limit = MAX(iv_lanes_open(sim, index), 1) * limit / 2;
  return n > limit || n >= line->places;
}

/* On the way the lane may have been closed, or its line may have grown: a look around first. */
gboolean iv_waiting_join(IvSim *sim, IvAgent *agent) {
  gboolean self = has_sort(sim, agent->line, TRUE);
  if (!iv_lanes_open(sim, agent->line) || is_too_long(sim, agent->line)) {
    int other = shortest(sim, agent, self);
    if (other >= 0 && other != agent->line && !is_too_long(sim, other)) {
      agent->line = other;
      walk_to_tail(sim, agent);
      return TRUE;
    }
  }
  IvWaitingLine *line = &sim->lines[agent->line];
  if (is_too_long(sim, agent->line)) {
    iv_sim_tell(sim, agent, sim->now, IV_FACT_QUEUE_BALK, line->queue, (int)line->waiting->len);
    sim->tally.balked++;
    return FALSE;
  }
  g_ptr_array_add(line->waiting, agent);
  agent->line_at = place_of(sim, line, line->waiting->len - 1);
  agent->doing = IV_DO_JOIN_LINE;
  agent->joined = FALSE;
  iv_walk_to(sim, agent, IV_LAYER_LINE, path_at(&line->shape->path, agent->line_at));
  return TRUE;
}

static void stand_in_line(IvSim *sim, IvAgent *agent, const IvWaitingLine *line, guint index) {
  double patience = iv_range_draw(&sim->s->patience_s, &agent->random);
  agent->joined = TRUE;
  agent->stood_in = line;
  agent->doing = IV_DO_WAIT_IN_LINE;
  agent->patience_ends = sim->now + (IvTime)(patience * (double)IV_SECOND);
  agent->pause = sim->now + ARRIVE;
  iv_sim_tell(sim, agent, sim->now, IV_FACT_QUEUE_JOIN, line->queue, (int)index + 1);
}

static void give_up(IvSim *sim, IvAgent *agent, IvWaitingLine *line, guint index) {
  iv_sim_tell(sim, agent, sim->now, IV_FACT_QUEUE_ABANDON, line->queue, (int)index + 1);
  sim->tally.abandoned++;
  g_ptr_array_remove_index(line->waiting, index);
  agent->plan->buys = FALSE;
  agent->line = -1;
  agent->gave_up = line;
  iv_shopper_go_out(sim, agent);
}

void iv_waiting_move_up(IvSim *sim, IvAgent *agent) {
  IvWaitingLine *line = &sim->lines[agent->line];
  guint index = 0;
  if (!g_ptr_array_find(line->waiting, agent, &index))
    return;
  if (!agent->joined)
    stand_in_line(sim, agent, line, index);
  double place = place_of(sim, line, index);
  if (agent->line_at > place && sim->now >= agent->pause) {
    agent->line_at = MAX(place, agent->line_at - SHUFFLE_MPS * LINE_SECONDS);
    agent->at = path_at(&line->shape->path, agent->line_at);
  }
  if (sim->now > agent->patience_ends)
    give_up(sim, agent, line, index);
}

static void call_next(IvSim *sim, guint lane) {
  IvWaitingLine *line = &sim->lines[sim->lanes[lane].line];
  IvAgent *agent = g_ptr_array_remove_index(line->waiting, 0);
  sim->lanes[lane].customer = agent;
  agent->lane = (int)lane;
  if (agent->joined)
    iv_sim_tell(sim, agent, sim->now, IV_FACT_QUEUE_CALLED, (int)lane, 0);
  agent->doing = IV_DO_GO_TO_TILL;
  iv_walk_to(sim, agent, IV_LAYER_LINE, sim->s->lanes[lane].service_point);
}

void iv_waiting_tick(IvSim *sim) {
  for (guint l = 0; l < sim->s->n_lanes; l++)
    if (sim->lines[sim->lanes[l].line].waiting->len && iv_lane_is_free(sim, l))
      call_next(sim, l);
}

void iv_waiting_begin_service(IvSim *sim, IvAgent *agent) {
  const IvSimLane *lane = &sim->s->lanes[agent->lane];
  double seconds = iv_checkout_seconds(sim->s, &sim->odds, lane->self_checkout, agent->plan->items,
                                       &agent->random);
  agent->doing = IV_DO_PAY;
  agent->wake = sim->now + (IvTime)(seconds * (double)IV_SECOND);
  iv_sim_tell(sim, agent, sim->now, IV_FACT_QUEUE_SERVED, agent->lane, 0);
}

void iv_waiting_end_service(IvSim *sim, IvAgent *agent) {
  IvLaneState *lane = &sim->lanes[agent->lane];
  double gap = iv_random_between(&agent->random, sim->s->post_gap_s[0], sim->s->post_gap_s[1]);
  iv_sim_tell(sim, agent, sim->now, IV_FACT_QUEUE_SERVICE_END, agent->lane, 0);
  iv_receipt_sale(sim, agent);
  lane->customer = NULL;
  lane->ready = sim->now + (IvTime)(gap * (double)IV_SECOND);
  agent->lane = agent->line = -1;
  iv_shopper_go_out(sim, agent);
}
