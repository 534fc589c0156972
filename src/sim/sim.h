/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/box_level.h"
#include "sim/fact.h"
#include "sim/scenario.h"

/* The store simulator (docs/simulator.md). Everybody is where they are every half
 * second, on full half seconds of UTC, and walks straight in between: exact times are those of that
 * polyline. Deterministic: the same scenario, seed and times give the same facts, points and
 * receipts in the same order. One thread; no clock, no input or output. */

#define IV_SIM_TICK (IV_SECOND / 2)

/* Somebody on a camera at a tick. */
typedef struct {
  guint32 agent, tracklet; /* tracklet: a stretch in one camera without a gap over 5 s */
  guint32 camera;          /* no padding: the same points are the same bytes */
  gboolean staff;
  double x, y; /* metres on the floor */
  float u, v;  /* foot point in the picture, 0..1 */
} IvSimPoint;

/* Where a customer is at a tick, whether a camera sees him or not. */
typedef struct {
  guint32 agent;
  double x, y; /* metres on the floor */
} IvSimPosition;

/* What the caller wants to hear; any of them may be NULL. Everything is borrowed for the call. */
typedef struct {
  void (*fact)(const IvFact *fact, gpointer user_data);          /* in order of time */
  void (*receipt)(const IvReceipt *receipt, gpointer user_data); /* in order of time */
  /* Of one tick, in order of agent and camera; ticks at which nobody is seen are left out. */
  void (*points)(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data);
  /* Of each tick that is acted out, in order of agent: everybody but staff, also in cabins and on
   * the pavement. Who is missing has gone; who comes back is there again. */
  void (*positions)(IvTime ts, const IvSimPosition *people, guint n, gpointer user_data);
  /* Box level: one call per analysed frame, in order of true time (sim/box_level.h). NULL: it is
   * off and costs nothing; facts, points and receipts are the same with it and without. `agents`:
   * whose box it is, 0 a false one; iv_sim_frame_truth tells more, for evaluation. */
  IvBoxFrameFunc frame;
  gpointer user_data;
} IvSimOutput;

typedef struct {
  guint64 seed;
  IvTime start, until; /* start: taken down to a full half second; the store is empty then */
  IvSightNoise noise;
  IvBoxNoise boxes; /* for `frame`; all zero: iv_box_noise_ideal */
} IvSimConfig;

typedef struct IvSim IvSim;

/* The scenario and the zone must outlive it. NULL with IV_SCENARIO_ERROR when the floor cannot be
 * walked: a gate that is blocked, a slot or till that nobody can reach. */
IvSim *iv_sim_new(const IvScenario *scenario, GTimeZone *zone, const IvSimConfig *config,
                  const IvSimOutput *output, GError **error);
void iv_sim_free(IvSim *sim);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvSim, iv_sim_free)

/* Goes on until `until` (at most the config's); returns FALSE when the run is over. */
gboolean iv_sim_run(IvSim *sim, IvTime until);

/* Within a call of `frame`: what its boxes are in truth (staff, visible share), in their order, and
 * when it was taken in true time. Borrowed for that call. */
const IvBoxTruth *iv_sim_frame_truth(const IvSim *sim, IvTime *ret_time);

/* Whether a camera sees who stands there, as long as it does not fail. */
gboolean iv_sim_sees(const IvSim *sim, IvSpot p);

typedef struct {
  guint64 ticks;       /* acted out; those at which nobody is about are skipped */
  guint64 agent_ticks; /* people moved, summed over ticks */
  guint64 points, facts;
  guint visits, receipts, balked, abandoned, lost_ways;
  IvBoxTally film; /* of the box level */
} IvSimTally;
IvSimTally iv_sim_tally(const IvSim *sim);
