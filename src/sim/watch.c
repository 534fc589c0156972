/* SPDX-License-Identifier: Apache-2.0 */
/* What a step passed: zones, counting lines, displays; with the exact time on the straight way from
 * one tick to the next. */
#include "sim/sim_private.h"

#define DISPLAY_STOP_MIN_S 2.5
#define DISPLAY_STOP_MAX_S 9.0
#define TURN_BACK (2 * IV_SECOND)

static IvTime moment(const IvSim *sim, double share) {
  return sim->now - IV_SIM_TICK + (IvTime)(share * (double)IV_SIM_TICK);
}

static void watch_zones(IvSim *sim, IvAgent *agent) {
  guint64 zones = iv_grid_zones_at(sim->grid, sim->s, agent->at), changed = zones ^ agent->zones;
  for (; changed; changed &= changed - 1) {
    int z = g_bit_nth_lsf(changed, -1);
    double share = iv_outline_passed(&sim->s->zones[z].outline, agent->before, agent->at);
    iv_sim_tell(sim, agent, moment(sim, share < 0 ? 1 : share),
                zones >> z & 1 ? IV_FACT_ZONE_ENTER : IV_FACT_ZONE_LEAVE, z, 0);
  }
  agent->zones = zones;
}

static void enter(IvSim *sim, IvAgent *agent, int line, IvTime ts) {
  agent->crossed_in = ts;
  if (agent->role == IV_ROLE_TURNER || agent->role == IV_ROLE_STAFF)
    return;
  sim->customers_inside++;
  if (agent->entries++ > 0)
    return;
  agent->entered = ts;
  sim->tally.visits++;
  iv_sim_tell(sim, agent, ts, IV_FACT_VISIT_BEGIN, line, agent->height_cm);
}

static void leave(IvSim *sim, IvAgent *agent, int line, IvTime ts) {
  if (agent->role == IV_ROLE_TURNER && ts - agent->crossed_in <= TURN_BACK)
    iv_sim_tell(sim, agent, ts, IV_FACT_TURN_BACK, line, 0);
  if (agent->role == IV_ROLE_TURNER || agent->role == IV_ROLE_STAFF)
    return;
  sim->customers_inside--;
  gboolean comes_back = agent->plan && agent->plan->absence_after >= 0;
  if (!comes_back)
    iv_sim_tell(sim, agent, ts, IV_FACT_VISIT_END, line, 0);
}

static void watch_lines(IvSim *sim, IvAgent *agent) {
  for (guint i = 0; i < sim->s->n_lines; i++) {
    const IvCountLine *line = &sim->s->lines[i];
    gboolean right;
    double share = iv_span_crossed(&line->span, agent->before, agent->at, &right);
    if (share < 0)
      continue;
    IvTime ts = moment(sim, share);
    iv_sim_tell(sim, agent, ts, line->is_passby ? IV_FACT_PASS_BY : IV_FACT_LINE_CROSS, (int)i,
                right);
    if (line->is_passby)
      continue;
    if (right)
      enter(sim, agent, (int)i, ts);
    else
      leave(sim, agent, (int)i, ts);
  }
}

static void pass_display(IvSim *sim, IvAgent *agent, int display) {
  iv_sim_tell(sim, agent, sim->now, IV_FACT_DISPLAY_PASS, display, 0);
  if (agent->role != IV_ROLE_SHOPPER || agent->doing != IV_DO_GO_TO_STOP ||
      !iv_random_chance(&agent->random, sim->s->kinds[agent->kind].display_stop))
    return;
  double seconds = iv_random_between(&agent->random, DISPLAY_STOP_MIN_S, DISPLAY_STOP_MAX_S);
  agent->pause = sim->now + (IvTime)(seconds * (double)IV_SECOND);
  iv_sim_tell(sim, agent, sim->now, IV_FACT_DISPLAY_LOOK, display, 0);
  iv_sim_tell(sim, agent, sim->now, IV_FACT_DISPLAY_STOP, display, 0);
}

/* Out of the area of the line it stood in, wherever it goes. */
static void watch_queue(IvSim *sim, IvAgent *agent) {
  const IvOutline *area = &agent->stood_in->shape->area;
  if (iv_outline_contains(area, agent->at))
    return;
  double share = iv_outline_passed(area, agent->before, agent->at);
  iv_sim_tell(sim, agent, moment(sim, share < 0 ? 1 : share), IV_FACT_QUEUE_OUT,
              agent->stood_in->queue, 0);
  agent->stood_in = NULL;
}

/* Once a visit for each display. */
static void watch_displays(IvSim *sim, IvAgent *agent, guint32 here) {
  for (guint32 fresh = here & ~agent->displays; fresh; fresh &= fresh - 1)
    pass_display(sim, agent, g_bit_nth_lsf(fresh, -1));
  agent->displays |= here;
}

void iv_watch_step(IvSim *sim, IvAgent *agent) {
  if (agent->before.x == agent->at.x && agent->before.y == agent->at.y)
    return;
  if (agent->gave_up) { /* somebody may have stood in its way until now */
    iv_sim_tell(sim, agent, sim->now, IV_FACT_QUEUE_LEFT, agent->gave_up->queue, 0);
    agent->gave_up = NULL;
  }
  if (!iv_grid_holds(sim->grid, agent->at) || !iv_grid_holds(sim->grid, agent->before))
    return;
  const IvGridCell *from = &sim->grid->cells[iv_grid_index(sim->grid, agent->before)];
  const IvGridCell *to = &sim->grid->cells[iv_grid_index(sim->grid, agent->at)];
  if (from->line_near || to->line_near)
    watch_lines(sim, agent);
  if (to->zones_cut || to->zones != agent->zones)
    watch_zones(sim, agent);
  if (agent->stood_in)
    watch_queue(sim, agent);
  if (to->displays && agent->role != IV_ROLE_STAFF)
    watch_displays(sim, agent, to->displays);
}

void iv_watch_appear(IvSim *sim, IvAgent *agent) {
  agent->zones = iv_grid_zones_at(sim->grid, sim->s, agent->at);
  for (guint64 left = agent->zones; left; left &= left - 1)
    iv_sim_tell(sim, agent, sim->now, IV_FACT_ZONE_ENTER, g_bit_nth_lsf(left, -1), 0);
}

void iv_watch_vanish(IvSim *sim, IvAgent *agent) {
  for (guint64 left = agent->zones; left; left &= left - 1)
    iv_sim_tell(sim, agent, sim->now, IV_FACT_ZONE_LEAVE, g_bit_nth_lsf(left, -1), 0);
  agent->zones = 0;
}
