/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/calendar.h"
#include "rules/visits.h"

/* The store's rule of visits behind the rules of its cameras: takes what they told, and ends visits
 * at the quiet hour of the store's day (IV_QUIET_HOUR). Does nothing as long as no event has a
 * visitor. Pure; one thread at a time. */
typedef struct IvVisitStage IvVisitStage;

/* `zone`: the store's; a reference is taken. */
IvVisitStage *iv_visit_stage_new(const IvVisitLimits *limits, GTimeZone *zone);
void iv_visit_stage_free(IvVisitStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvVisitStage, iv_visit_stage_free)

/* Each camera's, at first and at each new version. */
void iv_visit_stage_set_scene(IvVisitStage *stage, const IvScene *scene);

/* As iv_visits_see. */
void iv_visit_stage_see(IvVisitStage *stage, guint64 visitor, IvTime ts);

/* It is `now`: takes the events (GArray of IvEvent) from index `from` on, and appends what follows
 * of visits. Call it about each second, also without events. */
void iv_visit_stage_take(IvVisitStage *stage, IvTime now, guint from, GArray *events);

/* The end of everything, as iv_visits_finish. */
void iv_visit_stage_finish(IvVisitStage *stage, GArray *ret_events);
