/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/forecast.h"
#include "store/kpis.h"

/* How many lanes the next days need, hour by hour (kpi/staffing.h), from the arrivals at the tills
 * as they are foretold (kpi/forecast.h) out of the store's own hours of the last eight weeks, and
 * from how long services took in the last four.
 *
 * Arrivals are people served and people who gave up. They are foretold as such: footfall times the
 * share that queues would come an average visit too early. Who left the shop at the sight of the
 * line is not among them.
 *
 * Lanes with a line each are planned as if they shared one (Erlang C): people choose the shortest,
 * and in the simulator that gives the service level that was asked for, and one lane fewer does not
 * (docs/benchmarks.md). M/M/1 with even split, which asks for four lanes more there, stands beside.
 *
 * An hour of the past teaches when the cameras of the pool's lanes were alive for 0.9 of it. */

#define IV_STAFFING_WEEKS 8
#define IV_STAFFING_SERVICE_SPAN (28 * IV_DAY)
#define IV_STAFFING_SERVED_MIN 30  /* services without which their mean is not known */
#define IV_STAFFING_CHANGEOVER_S 8 /* from one customer to the next, added to the mean service */

typedef struct {
  IvPeriod period;
  IvForecast arrivals;   /* NAN where it cannot be known */
  int lanes, lanes_high; /* for the mean, and for the upper end of the interval; -1 = not known;
                            IV_LANES_MAX + 1: no number is enough */
  int lanes_even_split;  /* of lanes with a line each, were customers spread evenly; -1 = not known
                          */
  double service_level;  /* with `lanes`; NAN = not known */
  double wait_mean_s;    /* with `lanes`; NAN = not known */
} IvStaffingHour;

/* Lanes among which people choose: those with staff and a line each, or a group. */
typedef struct {
  IvSlug group_id; /* none = the lanes with a line each */
  gboolean pooled; /* they share a line */
  gboolean self_checkout;
  guint lanes_total; /* drawn now */
  guint served;      /* of the last four weeks, the base of: */
  double service_s;  /* mean, with the changeover; NAN = not known */
  guint known_hours;
  IvForecastQuality quality;
  GArray *hours; /* of IvStaffingHour, in order of time */
} IvStaffingPool;

typedef struct {
  IvPeriod range; /* whole hours of the store: from the one that runs now */
  char time_zone[64];
  GArray *pools; /* of IvStaffingPool; those without lanes drawn now are left out */
} IvStaffingAnswer;

typedef struct {
  guint days;      /* 1 to IV_FORECAST_DAYS_MAX */
  double target_s; /* a wait up to this is good, >= 0 */
  double level;    /* share of people who are to wait no longer, 0..1, under 1 */
} IvStaffingWish;

/* `query` gives store, now and deadline, its range is not looked at. */
gboolean iv_kpis_staffing(IvStore *store, const IvKpiQuery *query, const IvStaffingWish *wish,
                          IvStaffingAnswer *ret_answer, GError **error);
void iv_staffing_answer_clear(IvStaffingAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvStaffingAnswer, iv_staffing_answer_clear)
