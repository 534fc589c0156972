/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* What may become of lines of people in the next quarter of an hour: the same minutes are played
 * many times over from the present state, each time with other arrivals and services out of those
 * that are likely, and the outcomes are counted (a particle forecast). Who arrives takes the line
 * that was shortest for its open lanes 40 s before, when they set out for it. Chance comes out of a
 * fixed sequence, so the same state gives the same answer. Pure.
 *
 * Cost: about futures × steps × lines; 64 futures of nine lines take under 2 ms. */

#define IV_FUTURE_LINES_MAX 32
#define IV_FUTURE_LANES_MAX 32
#define IV_FUTURE_WAITING_MAX 40
#define IV_FUTURE_RECENT_MAX 40
#define IV_FUTURE_MINUTES 15
#define IV_FUTURE_STEP_S 10 /* seconds; the state is looked at so often */

typedef struct {
  double ago_s;  /* how long ago the service ended */
  double span_s; /* how long it took */
} IvFutureService;

typedef struct {
  guint n_waiting;
  double waited_s[IV_FUTURE_WAITING_MAX]; /* first in line first */
  guint n_recent;
  IvFutureService recent[IV_FUTURE_RECENT_MAX]; /* of the last 15 min, oldest first */
  double over_s; /* time for which the wait has been over the limit; < 0 = is not */
  gboolean is_long;
} IvFutureLine;

typedef struct {
  guint line;
  gboolean open;
  double served_s; /* the one being served, since when; < 0 = nobody */
} IvFutureLane;

/* Lines among which people choose, and what is known of them. */
typedef struct {
  guint n_lines, n_lanes;
  IvFutureLine lines[IV_FUTURE_LINES_MAX];
  IvFutureLane lanes[IV_FUTURE_LANES_MAX];
  guint n_spans;
  const double *spans; /* lengths of services of late, ascending, > 0; at least one */
  double changeover_s; /* from one service to the next while somebody waits */
  double arrivals[IV_FUTURE_MINUTES]; /* expected in each minute */
  double limit_s;                     /* of a long queue */
} IvFuturePool;

/* Means over the futures, at the end of each minute. */
typedef struct {
  double wait_s[IV_FUTURE_MINUTES];  /* max(present wait, estimated wait), as QUEUE_LONG takes it */
  double first_s[IV_FUTURE_MINUTES]; /* how long who joins then will wait; NAN = nowhere to join */
  double long_by[IV_FUTURE_MINUTES]; /* share of futures in which QUEUE_LONG begins until then */
} IvFutureOutlook;

/* `ret_lines`: one for each line. `ret_pool` (may be NULL): the longest wait of its lines, the wait
 * of who joins the line that is best then, the chance that any line gets long. `futures` > 0. */
void iv_future_play(const IvFuturePool *pool, guint futures, IvFutureOutlook *ret_lines,
                    IvFutureOutlook *ret_pool);
