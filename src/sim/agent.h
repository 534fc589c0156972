/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/route.h"
#include "sim/sim.h"
#include "sim/visit_plan.h"

/* One person on the floor. Belongs to the simulation; private to this room. */

typedef enum {
  IV_ROLE_SHOPPER,   /* leads a party, does its shopping */
  IV_ROLE_COMPANION, /* goes where the shopper of the party goes */
  IV_ROLE_PASSER,
  IV_ROLE_TURNER,
  IV_ROLE_INTRUDER,
  IV_ROLE_STAFF
} IvRole;

/* What a person is about; most end when the way there is walked or the wait is over. */
typedef enum {
  IV_DO_ENTER,
  IV_DO_GO_TO_STOP,
  IV_DO_STOP,
  IV_DO_GO_TO_CABIN,
  IV_DO_WAIT_FOR_CABIN,
  IV_DO_TRY_ON,
  IV_DO_LEAVE_CABIN,
  IV_DO_GO_TO_ROOM,
  IV_DO_IN_ROOM,
  IV_DO_GO_TO_LINE,
  IV_DO_JOIN_LINE, /* the last metres, straight to the place in line */
  IV_DO_WAIT_IN_LINE,
  IV_DO_GO_TO_TILL,
  IV_DO_PAY,
  IV_DO_GO_TO_GATE,
  IV_DO_LEAVE,
  IV_DO_BE_AWAY,
  IV_DO_FOLLOW,
  IV_DO_DUTY,
  IV_DO_GO_TO_LANE,
  IV_DO_SERVE,
  IV_DO_GO_HOME,
  IV_DO_VANISH
} IvDoing;

typedef struct {
  guint32 tracklet, last_tick; /* 0: never seen there */
} IvSighting;

typedef struct IvAgent {
  guint32 id, party;
  IvRole role;
  int kind; /* shopper kind or staff role; -1 passer, -2 turner, -4 intruder */
  IvRandom random;
  double speed;
  int height_cm;

  IvTime born;       /* it moves from the tick after it on */
  IvSpot at, before; /* at this tick and the last */
  gboolean hidden;   /* in a cabin, away */
  gboolean gone;

  IvDoing doing;
  IvRoute route;
  guint route_at; /* the corner it walks to; == route.n: it stands */
  IvLayer layer;
  gboolean free_leg; /* straight whatever is there: a gate, a cabin, a waiting line */
  guint blocked;     /* ticks in a row that somebody stood in the way */
  IvTime wake;       /* stands until then */
  IvTime pause;      /* stops on its way until then */

  guint64 zones;
  guint32 displays;
  int next_in_cell;  /* index of another agent in the same cell of the crowd, -1 the last */
  IvSighting *seen;  /* one a camera */
  gboolean in_sight; /* some camera could see it at the last tick */
  IvBoxActor *actor; /* of the box level; NULL: not filmed yet */

  /* shoppers */
  IvVisitPlan *plan; /* NULL for companions and others */
  guint stop;
  double gate_share;
  int entrance, exit; /* lines */
  IvTime entered, deadline, crossed_in;
  guint entries;
  struct IvAgent *leader; /* of a companion; NULL when the leader has left */
  struct IvAgent *companions[IV_PARTY_MAX - 1];
  guint n_companions;
  gboolean tried_on, been_in_room, intrudes;
  int cabin, room, lane, line; /* -1 none */
  double line_at;              /* metres from the head of the line */
  gboolean joined;
  const struct IvWaitingLine *stood_in; /* whose area it has not left since it joined; or NULL */
  const struct IvWaitingLine *gave_up;  /* still stands in its place there; or NULL */
  IvTime patience_ends;

  /* staff */
  int member;
  IvTime next_break, stay; /* stay: how long where it goes */
} IvAgent;
