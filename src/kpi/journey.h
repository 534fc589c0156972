/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"
#include "model/scene.h"

/* Journeys: where a visit led (kpis.md, "Journeys"). A stay is a visit of a zone of at least
 * min_dwell by a known visitor; of zones that lie in one another only the innermost count. Pure. */

#define IV_JOURNEY_STEPS_MAX 64 /* what comes after that is cut off, and told */
#define IV_JOURNEY_STAYS_MAX 1000
#define IV_JOURNEY_DEPTH 6 /* steps that a Sankey diagram follows: from the way in to the sixth */
#define IV_JOURNEY_WIDE 3  /* visits of so many product zones can have led back */
#define IV_EXPRESS_SPAN (5 * IV_MINUTE)
#define IV_EXPRESS_ZONES 2

typedef struct {
  gint64 zone; /* any number above 0 that names it */
  IvZoneKind kind;
  IvTime from, to;
} IvJourneyStay;

typedef struct {
  guint n_steps;
  gint64 steps[IV_JOURNEY_STEPS_MAX]; /* zones by the time of entry, repeats in a row merged */
  gboolean is_cut;
  guint product_zones;  /* different ones */
  gboolean backtracked; /* a product zone again, after two or more others */
  gboolean checkout;    /* a stay in a checkout zone */
} IvJourney;

/* Stays in such zones make a journey: products, fitting rooms and checkouts. */
gboolean iv_journey_has_kind(IvZoneKind kind);

/* `stays`: of one visit, in any order, kinds as above; those after IV_JOURNEY_STAYS_MAX are left
 * out. O(n log n + n · steps). */
void iv_journey_make(const IvJourneyStay *stays, guint n, IvJourney *ret_journey);

/* A path in bytes: its zones as varints. Writes at most IV_JOURNEY_PATH_MAX bytes and returns how
 * many; reads at most `max` zones and returns how many (what is not a path ends it). */
#define IV_JOURNEY_PATH_MAX (IV_JOURNEY_STEPS_MAX * 10)
gsize iv_journey_path_write(const gint64 *steps, guint n_steps, guint8 *ret_path);
guint iv_journey_path_read(const guint8 *path, gsize n, gint64 *ret_steps, guint max);

/* Under five minutes, at most two product zones, and paid for. */
gboolean iv_journey_is_express(guint product_zones, gboolean checkout, IvTime duration);
