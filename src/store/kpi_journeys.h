/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/journey.h"
#include "store/kpis.h"

/* Where visits led: figures of whole days of the store (definitions: kpi/figure.h, kpi/journey.h).
 * A visit is of the day, and the hour, in which it began, and told once it is closed. */

#define IV_JOURNEY_PATHS 10 /* the most common, in an answer */
#define IV_JOURNEY_DAYS_MAX 366

typedef struct {
  gint64 visits;            /* closed, with a known visitor */
  double mean_s;            /* NAN = n/a, as all others */
  double zones;             /* mean number of different product zones */
  gint64 wide;              /* with at least IV_JOURNEY_WIDE product zones */
  double backtracking_rate; /* of those */
  double express_share, browser_share, checkout_share;
  double conversion; /* visits with a linked receipt */
  double link_rate;  /* of visits with a checkout: a receipt was linked; where it is low, conversion
                        is too */
} IvJourneyFigures;

typedef struct {
  IvSlug id;
  char name[IV_NAME_MAX + 1];
  IvZoneKind kind;
} IvJourneyZone;

/* Visits that went from one zone to the next; -1 = the way in (from), the way out (to). */
typedef struct {
  guint depth;  /* 0 = from the way in */
  int from, to; /* places in the answer's zones */
  gint64 visits;
} IvJourneyLink;

typedef struct {
  guint n_steps;
  int steps[IV_JOURNEY_STEPS_MAX]; /* places in the answer's zones; none = no zone was visited */
  gint64 visits;
  double mean_s;
} IvJourneyPath;

typedef struct {
  IvPeriod range; /* as served: whole days */
  char time_zone[64];
  IvJourneyFigures total;
  IvJourneyFigures hours[24]; /* by the hour of entry, all days together */
  double known_share;         /* as IvTraffic: of ways in it is known who it was */
  double coverage;
  guint open; /* visits of the range that are not over */
  gboolean provisional;
  gint64 different_paths;
  GArray *zones; /* of IvJourneyZone: those of links and paths */
  GArray *links; /* of IvJourneyLink, by depth, then most visits first */
  GArray *paths; /* of IvJourneyPath: the most common first, at most IV_JOURNEY_PATHS */
} IvJourneyAnswer;

/* `step` does not matter. */
gboolean iv_kpis_journeys(IvStore *store, const IvKpiQuery *query, IvJourneyAnswer *ret_answer,
                          GError **error);
void iv_journey_answer_clear(IvJourneyAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvJourneyAnswer, iv_journey_answer_clear)
