/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* When the people who came in at some time reach the tills: learned from the store's own entries
 * and arrivals at the tills, without knowing who is who. Pure.
 *
 * - Hazard: for each age of a visit, in steps of 5 min, the share of entrants who reach the tills
 * at that age. Each arrival is shared out over the ages in proportion to what the present hazard
 * says of those who came in then (the expectation step of EM; Dempster, Laird and Rubin, 1977), and
 * the shares are added up against all entrants who have reached that age (the maximisation step,
 * done as the facts come). Older facts count half after four weeks.
 * - Hour factor: how many more or fewer arrivals than that an hour of a kind of day (working day,
 *   Saturday, Sunday) brings, as learned, drawn to 1 while few are known. */

#define IV_ARRIVAL_AGES 24 /* steps of an age: two hours */
#define IV_ARRIVAL_STEP (5 * IV_MINUTE)
#define IV_ARRIVAL_SLOTS 72 /* kind of day · 24 + hour, store time */

typedef struct IvTillArrivals IvTillArrivals;

IvTillArrivals *iv_till_arrivals_new(void);
void iv_till_arrivals_free(IvTillArrivals *arrivals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvTillArrivals, iv_till_arrivals_free)

/* `n` came in (-1: one of them turned back), or one reached the tills; in order of time, a minute's
 * disorder does not matter. `slot`: of the hour. */
void iv_till_arrivals_enter(IvTillArrivals *arrivals, IvTime ts, int n);
void iv_till_arrivals_reach(IvTillArrivals *arrivals, IvTime ts, int slot);

/* Arrivals expected at the tills in [at, at + 1 min), `at` being no further ahead of `now` than
 * half an hour, from who is in the store at `now` and those who will come in as they did in the
 * last 15 min. NAN until an hour of facts and 20 arrivals are known. */
double iv_till_arrivals_expect(const IvTillArrivals *arrivals, IvTime now, IvTime at, int slot);
