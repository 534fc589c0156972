/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/agent.h"
#include "sim/arrivals.h"
#include "sim/checkout.h"
#include "sim/view.h"

/* The state of a run and what its files call of each other. */

/* A waiting line: of one lane or of a queue group. */
typedef struct IvWaitingLine {
  const IvQueueShape *shape;
  int queue; /* subject of its facts */
  int group; /* or -1 */
  double length;
  guint places;
  GPtrArray *waiting; /* IvAgent, head first */
} IvWaitingLine;

typedef struct {
  int line;
  gboolean open, closing;
  IvAgent *cashier, *customer;
  IvTime ready; /* next customer not before */
  IvTime ghost; /* a receipt with nobody at the till is due; 0 none */
  IvReceiptKind ghost_kind;
} IvLaneState;

typedef struct {
  IvFact fact;
  guint64 order;
} IvPendingFact;

typedef struct {
  double x0, y0;
  guint columns, rows;
  int *heads;      /* first agent of a cell, -1 none */
  GArray *touched; /* guint: cells that are not empty */
} IvCrowd;

#define IV_ZONE_SPOTS 12

typedef struct {
  IvSpot at[IV_ZONE_SPOTS];
  guint n;
} IvSpots;

struct IvSim {
  const IvScenario *s;
  GTimeZone *zone;
  IvSimConfig config;
  IvSimOutput out;
  IvTime now;
  IvStoreDay day;
  GArray *arrivals;
  guint next_arrival;
  int hour; /* of the roster */

  IvGrid *grid;
  IvRoutes *routes;
  IvView *view;  /* what cameras see of the floor */
  IvView *ideal; /* the same if no shelf stood in the way; `view` itself when none does */
  IvGate gates[IV_LINES_MAX]; /* of entrance lines */
  IvCheckoutOdds odds;
  IvSpots *zone_spots, *zone_customer_spots, *meeting; /* per zone, zone, line */

  GPtrArray *agents; /* IvAgent, in order of id */
  guint32 last_id, last_party, last_tracklet, last_receipt;
  IvCrowd crowd;

  IvWaitingLine *lines;
  guint n_lines;
  IvLaneState *lanes;
  gboolean *cabins_taken;
  IvAgent **on_duty; /* staff: role by role, member by member */
  guint n_staff;

  GArray *pending; /* IvPendingFact, a heap by time and order */
  guint64 order;
  GArray *points, *positions;
  GPtrArray *receipts; /* of this tick */
  guint32 outages;     /* cameras that fail at this tick */
  guint customers_inside;
  IvBoxLevel *film; /* NULL: off */
  GArray *moves;    /* IvBoxMove, of this tick */
  IvTime filmed;
  guint32 film_outages; /* as of the last tick */
  IvSimTally tally;
};

/* facts.c */
void iv_sim_tell(IvSim *sim, const IvAgent *agent, IvTime ts, IvFactKind kind, int subject,
                 int number);
void iv_sim_flush_facts(IvSim *sim, IvTime until);
void iv_sim_tell_receipt(IvSim *sim,
                         const IvReceipt *receipt); /* of now; comes out with the tick */
void iv_sim_flush_receipts(IvSim *sim);
void iv_sim_receipt_free(gpointer receipt);

/* walk.c: sets out; a step of half a second; whether it has arrived or stands. */
gboolean iv_walk_to(IvSim *sim, IvAgent *agent, IvLayer layer, IvSpot goal);
/* To a spot near to the goal, the way between the two clear: by the goal's field of directions, so
 * that the many places beside a goal need none of their own. */
gboolean iv_walk_beside(IvSim *sim, IvAgent *agent, IvLayer layer, IvSpot goal, IvSpot beside);
void iv_walk_straight(IvAgent *agent, const IvSpot *corners, guint n);
void iv_walk_step(IvSim *sim, IvAgent *agent);
static inline gboolean iv_walk_is_over(const IvAgent *agent) {
  return agent->route_at >= agent->route.n;
}
void iv_crowd_fill(IvSim *sim);

/* watch.c: what the last step passed. */
void iv_watch_step(IvSim *sim, IvAgent *agent);
void iv_watch_appear(IvSim *sim, IvAgent *agent); /* out of nothing, into the zones there */
void iv_watch_vanish(IvSim *sim, IvAgent *agent); /* leaves the zones it is in */

/* sight.c; first of all the facts of who comes into sight and goes out of it */
void iv_sight_watch(IvSim *sim);
void iv_sight_tell(IvSim *sim);
void iv_sight_tell_positions(IvSim *sim);

/* film.c */
void iv_sim_film(IvSim *sim);

/* people.c: who comes in, and who is taken off the floor. */
IvSpot iv_people_spot_in(const IvOutline *outline, IvRandom *random);
IvAgent *iv_people_add(IvSim *sim, IvRole role, int kind, IvSpot at, double speed_factor);
void iv_people_arrive(IvSim *sim, const IvArrival *arrival);
void iv_people_forget(IvSim *sim, IvAgent *agent);

/* shopper.c, companion.c, passer.c, staff.c: what somebody does who has nothing left to do. */
void iv_shopper_next(IvSim *sim, IvAgent *agent);
void iv_shopper_go_on(IvSim *sim, IvAgent *agent); /* to what is next in its plan */
void iv_shopper_go_out(IvSim *sim, IvAgent *agent);
void iv_companion_next(IvSim *sim, IvAgent *agent);
void iv_companions_follow(IvSim *sim, IvAgent *leader, IvSpot goal);
void iv_companions_meet(IvSim *sim, IvAgent *leader);
void iv_companions_go_out(IvSim *sim, IvAgent *leader);
void iv_staff_next(IvSim *sim, IvAgent *agent);
void iv_staff_roster(IvSim *sim);

/* What a party has still to walk from where it stands, in seconds, and the time of trying on. */
double iv_shopper_seconds_left(const IvSim *sim, const IvAgent *agent);

/* fitting.c */
void iv_fitting_begin(IvSim *sim, IvAgent *agent);
void iv_fitting_next(IvSim *sim, IvAgent *agent);

/* stop.c: what is done at a shelf; returns when the stop ends. */
IvTime iv_stop_begin(IvSim *sim, IvAgent *agent, const IvPlannedStop *stop);

/* waiting.c: lines and tills. */
gboolean iv_waiting_new(IvSim *sim, GError **error);
void iv_waiting_choose(IvSim *sim, IvAgent *agent);   /* sets agent->line and where to go */
gboolean iv_waiting_join(IvSim *sim, IvAgent *agent); /* FALSE: too long, it goes without */
void iv_waiting_tick(IvSim *sim);
void iv_waiting_move_up(IvSim *sim, IvAgent *agent);
void iv_waiting_begin_service(IvSim *sim, IvAgent *agent);
void iv_waiting_end_service(IvSim *sim, IvAgent *agent);

/* lane.c: opening, closing, receipts with nobody there. */
void iv_lane_open(IvSim *sim, int lane, IvAgent *cashier);
gboolean iv_lane_is_free(const IvSim *sim, guint lane);
guint iv_lanes_open(const IvSim *sim, int line); /* of a waiting line, without those that close */
void iv_lanes_tick(IvSim *sim);

/* receipts.c */
void iv_receipt_sale(IvSim *sim, IvAgent *agent);
void iv_receipt_other(IvSim *sim, guint32 agent, guint32 party, int lane, IvReceiptKind kind,
                      IvRandom *random);
