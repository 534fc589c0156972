/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "model/scene.h"

/* Visits of the store (kpis.md, "Visit"): who came in, who only came back, who left. A rule of the
 * store stage: it takes the events of all cameras, and does nothing for those without a visitor.
 *
 * Every way in over an entrance line is one of three: a turn-back, when the visitor's next crossing
 * is out within `turn_back`; a re-entry, when the visitor's visit still goes on; else the start of
 * a visit. So footfall is ways in less turn-backs less re-entries, however late those are told:
 * each names the time of the way in that it takes away. Told are
 *   visit.started      at the way in
 *   visit.reentered    at the way in
 *   visit.turned_back  at the way in; only where the camera has not told it with the way out (the
 *                      track broke, or in by one door and out by another)
 *   visit.closed       from the way in to the last way out, with the time between less absences
 * all under camera, line and track of the way in, so that replaying the same events tells the same
 * ones with the same ids.
 *
 * A visit is closed when its visitor has been outside for longer than `reentry_window`; unseen for
 * `reentry_window` + `forget_after`, then it ended at the last sight; or by iv_visits_end_day.
 *
 * Events may come in any order as long as they are no older than `settle`; twice is as good as
 * once. A way in that comes later than that can still only be a re-entry of the visit that goes
 * on, never a second visit in it. Pure; one thread at a time. */
typedef struct IvVisits IvVisits;

typedef struct {
  IvTime reentry_window; /* an absence up to this goes on with the visit */
  IvTime forget_after;
  IvTime turn_back;     /* out again within this */
  IvTime engaged_dwell; /* a stay in an engaging zone from this on engages the visitor */
  IvTime settle;        /* how much later than its time an event may come */
} IvVisitLimits;

/* 15 min; 2 h; 2 s; 15 s; 10 s. */
IvVisitLimits iv_visit_limits_default(void);

IvVisits *iv_visits_new(const IvVisitLimits *limits);
void iv_visits_free(IvVisits *visits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvVisits, iv_visits_free)

/* What a camera's lines and zones are: its entrance lines count, and zones in which people come for
 * something (iv_zone_kind_engages). Again for each new version; copied. */
void iv_visits_set_scene(IvVisits *visits, const IvScene *scene);

/* An event of any kind and camera. */
void iv_visits_take(IvVisits *visits, const IvEvent *event);

/* The visitor was seen at `ts`: keeps the visit of somebody who stays long open. Once a minute
 * is often enough. */
void iv_visits_see(IvVisits *visits, guint64 visitor, IvTime ts);

/* It is `now`: appends what can be told to `ret_events` (GArray of IvEvent). O(1) when nothing is
 * due, else O(people). Call it about each second. */
void iv_visits_tick(IvVisits *visits, IvTime now, GArray *ret_events);

/* The hour in which fewest people are about: all visits end, at the last way out or sight. */
void iv_visits_end_day(IvVisits *visits, GArray *ret_events);

/* The end of everything: like that, but of those inside nobody will know how long they stayed. */
void iv_visits_finish(IvVisits *visits, GArray *ret_events);

/* Somebody stays there because of what is there: products, promotions, fitting rooms, services and
 * checkouts; not entrances, corridors and whole floors. */
gboolean iv_zone_kind_engages(IvZoneKind kind);

#define IV_VISITS_PEOPLE_MAX 100000 /* at once; more are not followed, and counted */
guint64 iv_visits_dropped(const IvVisits *visits);
guint iv_visits_inside(const IvVisits *visits); /* visitors who came in and have not left */
