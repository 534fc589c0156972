/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "kpi/foretell_private.h"

#define CLOSE_SHARE 0.6 /* of the target: lanes are not closed to be opened again at once */
#define ADVICE_FUTURES 32
#define NOBODY 0.5 /* people in line or expected in 15 min: fewer are nobody */

/* The longest wait foretold, and the first minute over the target. */
static double worst_of(const IvFutureOutlook *whole, double target_s, IvTime *ret_within) {
  double worst = 0;
  for (guint m = IV_FUTURE_MINUTES; m > 0; m--) {
    double wait = whole->first_s[m - 1];
    worst = wait > worst || isnan(wait) ? wait : worst;
    if (wait > target_s)
      *ret_within = (m - 1) * IV_MINUTE;
  }
  return isnan(worst) ? (double)INFINITY : worst;
}

static double play(const IvForetell *f, const IvFuturePool *future) {
  IvTime within;
  IvFutureOutlook lines[IV_FUTURE_LINES_MAX], whole;
  iv_future_play(future, ADVICE_FUTURES, lines, &whole);
  return worst_of(&whole, (double)f->target / (double)IV_SECOND, &within);
}

static guint waiting_at(const IvFuturePool *future, guint lane) {
  return future->lines[future->lanes[lane].line].n_waiting;
}

/* The next lane to open: the first that is closed. To close: of those with the fewest people in
 * line, the last. -1 = none. */
static int candidate(const IvFuturePool *future, gboolean opens) {
  int best = -1;
  for (guint i = 0; i < future->n_lanes; i++) {
    if (future->lanes[i].open == opens)
      continue;
    if (opens)
      return (int)i;
    if (best < 0 || waiting_at(future, i) <= waiting_at(future, (guint)best))
      best = (int)i;
  }
  return best;
}

static void change(const IvForetell *f, IvFuturePool *future, const guint *lanes, int lane,
                   IvAdvice *advice) {
  gboolean opens = advice->action == IV_ADVICE_OPEN;
  future->lanes[lane].open = opens;
  advice->change[advice->n_change++] = f->lanes[lanes[lane]].id;
  advice->lanes = opens ? advice->lanes + 1 : advice->lanes - 1;
}

static void advise_open(const IvForetell *f, IvFuturePool *future, const guint *lanes,
                        double target_s, IvAdvice *advice) {
  advice->action = IV_ADVICE_OPEN;
  while (advice->then_s > target_s) {
    int lane = candidate(future, TRUE);
    if (lane < 0)
      break;
    change(f, future, lanes, lane, advice);
    advice->then_s = play(f, future);
  }
  if (advice->n_change == 0)
    advice->action = IV_ADVICE_KEEP;
  advice->enough = advice->then_s <= target_s;
}

/* One lane stays open, whoever comes. */
static void advise_close(const IvForetell *f, IvFuturePool *future, const guint *lanes,
                         double target_s, IvAdvice *advice) {
  advice->action = IV_ADVICE_CLOSE;
  while (advice->lanes > 1) {
    int lane = candidate(future, FALSE);
    future->lanes[lane].open = FALSE;
    double then_s = play(f, future);
    future->lanes[lane].open = TRUE;
    if (then_s > CLOSE_SHARE * target_s)
      break;
    change(f, future, lanes, lane, advice);
    advice->then_s = then_s;
  }
  if (advice->n_change == 0)
    advice->action = IV_ADVICE_KEEP;
}

/* Outside the hours: no lane is open, nobody waits, and next to nobody will come. */
static gboolean is_shut(const IvFuturePool *future) {
  double people = 0;
  for (guint i = 0; i < future->n_lanes; i++)
    if (future->lanes[i].open || future->lanes[i].served_s >= 0)
      return FALSE;
  for (guint i = 0; i < future->n_lines; i++)
    people += future->lines[i].n_waiting;
  for (guint m = 0; m < IV_FUTURE_MINUTES; m++)
    people += future->arrivals[m];
  return people < NOBODY;
}

IvAdvice iv_foretell_advise(const IvForetell *f, IvFuturePool *future, const IvFutureOutlook *whole,
                            const guint *lanes) {
  IvAdvice advice = {.enough = TRUE};
  gboolean was_open[IV_FUTURE_LANES_MAX];
  double target_s = (double)f->target / (double)IV_SECOND;
  for (guint i = 0; i < future->n_lanes; i++) {
    was_open[i] = future->lanes[i].open;
    advice.lanes += was_open[i] ? 1 : 0;
  }
  advice.worst_s = advice.then_s = worst_of(whole, target_s, &advice.within);
  if (is_shut(future))
    return advice;
  if (advice.worst_s > target_s)
    advise_open(f, future, lanes, target_s, &advice);
  else
    advise_close(f, future, lanes, target_s, &advice);
  for (guint i = 0; i < future->n_lanes; i++)
    future->lanes[i].open = was_open[i];
  return advice;
}
