/* SPDX-License-Identifier: Apache-2.0 */
/* What is done at a shelf. The dwell there is what is left of the visit, shared among the stops
 * that are left, so that the visit lasts as long as was meant. */
#include "sim/sim_private.h"

#define LEAST_S 1.5
#define UNIT_S 1.2

static IvTime after(IvTime start, double seconds) {
  return start + (IvTime)(seconds * (double)IV_SECOND);
}

static double weights_left(const IvAgent *agent) {
  double sum = 0;
  for (guint i = agent->stop; i < agent->plan->n_stops; i++)
    sum += agent->plan->stops[i].weight;
  return sum;
}

static double dwell_of(const IvSim *sim, const IvAgent *agent, const IvPlannedStop *stop,
                       const IvShopperKind *kind) {
  double left = (double)(agent->deadline - sim->now) / (double)IV_SECOND -
                iv_shopper_seconds_left(sim, agent);
  double least = LEAST_S + UNIT_S * MIN(stop->keep + stop->put_back, 6);
  if (stop->steals)
    least += kind->delay_s + 2;
  return MAX(left * stop->weight / MAX(weights_left(agent), 1e-9), least);
}

static void steal(IvSim *sim, const IvAgent *agent, const IvPlannedStop *stop,
                  const IvShopperKind *kind, IvTime from, IvTime end) {
  IvTime ts = MIN(after(from, kind->delay_s), end);
  if (kind->sweeps)
    iv_sim_tell(sim, agent, ts, IV_FACT_THEFT_SWEEP, stop->slot, stop->keep);
  if (kind->removes_tags)
    iv_sim_tell(sim, agent, ts, IV_FACT_THEFT_TAG, stop->slot, stop->keep);
  if (kind->conceals)
    iv_sim_tell(sim, agent, ts, IV_FACT_THEFT_CONCEAL, stop->slot, stop->keep);
}

IvTime iv_stop_begin(IvSim *sim, IvAgent *agent, const IvPlannedStop *stop) {
  const IvShopperKind *kind = &sim->s->kinds[agent->kind];
  double dwell = dwell_of(sim, agent, stop, kind);
  IvTime start = sim->now, end = after(start, dwell);
  int units = stop->keep + stop->put_back;
  gboolean touches = stop->touches || units > 0;
  if (touches || (dwell >= LEAST_S && iv_random_chance(&agent->random, kind->view)))
    iv_sim_tell(sim, agent, after(start, 0.1 * dwell), IV_FACT_SLOT_VIEW, stop->slot, 0);
  if (touches)
    iv_sim_tell(sim, agent, after(start, 0.2 * dwell), IV_FACT_SLOT_TOUCH, stop->slot, 0);
  if (units)
    iv_sim_tell(sim, agent, after(start, 0.3 * dwell), IV_FACT_SLOT_PICK, stop->slot, units);
  if (stop->put_back)
    iv_sim_tell(sim, agent, after(start, 0.8 * dwell), IV_FACT_SLOT_RETURN, stop->slot,
                stop->put_back);
  if (stop->keep)
    iv_sim_tell(sim, agent, after(start, 0.9 * dwell), IV_FACT_SLOT_KEEP, stop->slot, stop->keep);
  if (stop->steals)
    steal(sim, agent, stop, kind, after(start, 0.3 * dwell), end);
  return end;
}
