/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/till_arrivals.h"

#include <math.h>

#define STEP_MIN (int)(IV_ARRIVAL_STEP / IV_MINUTE)
#define RING (IV_ARRIVAL_AGES * STEP_MIN) /* minutes whose entrants may still come */
#define PRIOR_ENTRANTS 25.0               /* how many real ones outweigh the first guess */
#define PRIOR_SLOT 60.0                   /* arrivals, likewise for an hour's factor */
#define KNOWN_ARRIVALS 20
#define KNOWN_MINUTES 60
#define RECENT_MINUTES 15
#define HALF_DAYS 28.0

struct IvTillArrivals {
  double entries[RING]; /* by minute, a ring */
  gint64 minute;        /* the running one, since 1970; G_MININT64 = nothing yet */
  gint64 first;         /* of all */
  guint64 reached;      /* since the beginning */
  double got[IV_ARRIVAL_AGES], exposed[IV_ARRIVAL_AGES], guess[IV_ARRIVAL_AGES];
  double slot_got[IV_ARRIVAL_SLOTS], slot_expected[IV_ARRIVAL_SLOTS];
  int slot; /* of the running minute */
};

IvTillArrivals *iv_till_arrivals_new(void) {
  IvTillArrivals *arrivals = g_new0(IvTillArrivals, 1);
  double sum = 0;
  arrivals->minute = G_MININT64;
  arrivals->slot = -1;
  /* Somewhere about twenty minutes, half of them; soon outweighed. */
  for (int a = 0; a < IV_ARRIVAL_AGES; a++) {
    double from_mean = log((a + 0.5) * STEP_MIN / 20.0) / 0.8;
    sum += arrivals->guess[a] = exp(-from_mean * from_mean / 2) / (a + 0.5);
  }
  for (int a = 0; a < IV_ARRIVAL_AGES; a++)
    arrivals->guess[a] *= 0.5 / sum;
  return arrivals;
}

void iv_till_arrivals_free(IvTillArrivals *arrivals) {
  g_free(arrivals);
}

static guint place(gint64 minute) {
  return (guint)(((minute % RING) + RING) % RING);
}

/* Share of entrants who reach the tills in that step of their visit. */
static double hazard(const IvTillArrivals *arrivals, int age) {
  return (arrivals->got[age] + PRIOR_ENTRANTS * arrivals->guess[age]) /
         (arrivals->exposed[age] + PRIOR_ENTRANTS);
}

/* Those who were in that step of their visit in the running minute. */
static double at_age(const IvTillArrivals *arrivals, int age) {
  double n = 0;
  for (int k = 0; k < STEP_MIN; k++)
    n += arrivals->entries[place(arrivals->minute - age * STEP_MIN - k)];
  return n;
}

static double expected_now(const IvTillArrivals *arrivals) {
  double sum = 0;
  for (int a = 0; a < IV_ARRIVAL_AGES; a++)
    sum += at_age(arrivals, a) * hazard(arrivals, a) / STEP_MIN;
  return sum;
}

static void fade(IvTillArrivals *arrivals) {
  double factor = exp2(-1 / HALF_DAYS);
  for (int a = 0; a < IV_ARRIVAL_AGES; a++) {
    arrivals->got[a] *= factor;
    arrivals->exposed[a] *= factor;
  }
  for (int i = 0; i < IV_ARRIVAL_SLOTS; i++) {
    arrivals->slot_got[i] *= factor;
    arrivals->slot_expected[i] *= factor;
  }
}

static void end_minute(IvTillArrivals *arrivals) {
  for (int a = 0; a < IV_ARRIVAL_AGES; a++)
    arrivals->exposed[a] += at_age(arrivals, a) / STEP_MIN;
  if (arrivals->slot >= 0)
    arrivals->slot_expected[arrivals->slot] += expected_now(arrivals);
  arrivals->minute++;
  arrivals->entries[place(arrivals->minute)] = 0;
  if (arrivals->minute % (IV_DAY / IV_MINUTE) == 0)
    fade(arrivals);
}

/* After a gap longer than the ring nobody of before is left. */
static void go_to(IvTillArrivals *arrivals, IvTime ts) {
  gint64 minute = iv_time_floor(ts, IV_MINUTE) / IV_MINUTE;
  if (arrivals->minute == G_MININT64)
    arrivals->minute = arrivals->first = minute;
  for (int i = 0; i < RING && arrivals->minute < minute; i++)
    end_minute(arrivals);
  arrivals->minute = MAX(arrivals->minute, minute);
}

void iv_till_arrivals_enter(IvTillArrivals *arrivals, IvTime ts, int n) {
  go_to(arrivals, ts);
  double *entries = &arrivals->entries[place(arrivals->minute)];
  *entries = MAX(*entries + n, 0);
}

void iv_till_arrivals_reach(IvTillArrivals *arrivals, IvTime ts, int slot) {
  double weights[IV_ARRIVAL_AGES], sum = 0;
  go_to(arrivals, ts);
  arrivals->slot = slot;
  arrivals->reached++;
  arrivals->slot_got[slot] += 1;
  for (int a = 0; a < IV_ARRIVAL_AGES; a++)
    sum += weights[a] = at_age(arrivals, a) * hazard(arrivals, a);
  for (int a = 0; a < IV_ARRIVAL_AGES && sum > 0; a++)
    arrivals->got[a] += weights[a] / sum;
}

static double slot_factor(const IvTillArrivals *arrivals, int slot) {
  return (arrivals->slot_got[slot] + PRIOR_SLOT) / (arrivals->slot_expected[slot] + PRIOR_SLOT);
}

/* Who came in in that minute; nobody in those of which nothing was told yet. */
static double entered(const IvTillArrivals *arrivals, gint64 minute) {
  gboolean kept = minute <= arrivals->minute && arrivals->minute - minute < RING;
  return kept ? arrivals->entries[place(minute)] : 0;
}

/* Entrants a minute in the last minutes before that one. */
static double entry_rate(const IvTillArrivals *arrivals, gint64 minute) {
  double n = 0;
  for (int k = 1; k <= RECENT_MINUTES; k++)
    n += entered(arrivals, minute - k);
  return n / RECENT_MINUTES;
}

double iv_till_arrivals_expect(const IvTillArrivals *arrivals, IvTime now, IvTime at, int slot) {
  gint64 minute = iv_time_floor(now, IV_MINUTE) / IV_MINUTE;
  gint64 then = iv_time_floor(at, IV_MINUTE) / IV_MINUTE;
  if (arrivals->minute == G_MININT64 || arrivals->reached < KNOWN_ARRIVALS ||
      minute - arrivals->first < KNOWN_MINUTES)
    return (double)NAN;
  double sum = 0, rate = entry_rate(arrivals, minute);
  for (int k = 0; k < RING; k++) {
    gint64 came = then - k;
    double n = came >= minute ? rate : entered(arrivals, came);
    sum += n * hazard(arrivals, k / STEP_MIN) / STEP_MIN;
  }
  return sum * slot_factor(arrivals, slot);
}
