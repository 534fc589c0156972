/* SPDX-License-Identifier: Apache-2.0 */
#include "app/visit_stage.h"

struct IvVisitStage {
  IvVisits *visits;
  GTimeZone *zone;
  IvTime quiet; /* when they end next; IV_TIME_NONE = not known yet */
};

IvVisitStage *iv_visit_stage_new(const IvVisitLimits *limits, GTimeZone *zone) {
  IvVisitStage *stage = g_new0(IvVisitStage, 1);
  stage->visits = iv_visits_new(limits);
  stage->zone = g_time_zone_ref(zone);
  stage->quiet = IV_TIME_NONE;
  return stage;
}

void iv_visit_stage_free(IvVisitStage *stage) {
  if (!stage)
    return;
  iv_visits_free(stage->visits);
  g_time_zone_unref(stage->zone);
  g_free(stage);
}

void iv_visit_stage_set_scene(IvVisitStage *stage, const IvScene *scene) {
  iv_visits_set_scene(stage->visits, scene);
}

void iv_visit_stage_see(IvVisitStage *stage, guint64 visitor, IvTime ts) {
  iv_visits_see(stage->visits, visitor, ts);
}

static gboolean is_quiet(IvVisitStage *stage, IvTime now) {
  gboolean is = stage->quiet != IV_TIME_NONE && now >= stage->quiet;
  if (is || stage->quiet == IV_TIME_NONE)
    stage->quiet = iv_calendar_next_hour(stage->zone, now, IV_QUIET_HOUR);
  return is;
}

void iv_visit_stage_take(IvVisitStage *stage, IvTime now, guint from, GArray *events) {
  if (is_quiet(stage, now))
    iv_visits_end_day(stage->visits, events);
  for (guint n = events->len; from < n; from++)
    iv_visits_take(stage->visits, &g_array_index(events, IvEvent, from));
  iv_visits_tick(stage->visits, now, events);
}

void iv_visit_stage_finish(IvVisitStage *stage, GArray *ret_events) {
  iv_visits_finish(stage->visits, ret_events);
}
