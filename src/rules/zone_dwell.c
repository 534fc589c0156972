/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/zone_dwell.h"

static IvZoneChange close_stay(IvZoneStay *stay) {
  IvZoneChange change = {.ended = TRUE, .start = stay->start, .end = stay->left_at};
  *stay = (IvZoneStay){0};
  return change;
}

static IvZoneChange seen_inside(IvZoneStay *stay, const IvZoneSight *sight, IvTime grace) {
  IvZoneChange change = {0};
  if (!stay->open && !stay->coming) {
    stay->coming = TRUE;
    stay->start = sight->passed;
  }
  if (stay->coming && (sight->sure || sight->ts - stay->start >= grace)) {
    stay->coming = FALSE;
    stay->open = change.started = TRUE;
  }
  stay->inside = stay->open;
  return change;
}

static IvZoneChange seen_outside(IvZoneStay *stay, const IvZoneSight *sight, IvTime grace) {
  stay->coming = FALSE;
  if (!stay->open)
    return (IvZoneChange){0};
  if (stay->inside) {
    stay->inside = FALSE;
    stay->left_at = sight->passed;
  }
  return sight->sure || sight->ts - stay->left_at >= grace ? close_stay(stay) : (IvZoneChange){0};
}

IvZoneChange iv_zone_stay_seen(IvZoneStay *stay, const IvZoneSight *sight, IvTime grace) {
  IvZoneChange change =
      sight->inside ? seen_inside(stay, sight, grace) : seen_outside(stay, sight, grace);
  stay->side = sight->inside;
  return change;
}

void iv_zone_stay_lost(IvZoneStay *stay, IvTime last_sight) {
  stay->coming = stay->side = FALSE;
  if (!stay->inside)
    return;
  stay->inside = FALSE;
  stay->left_at = last_sight;
}

IvZoneChange iv_zone_stay_finish(IvZoneStay *stay, IvTime last_sight) {
  if (!stay->open)
    return (IvZoneChange){0};
  iv_zone_stay_lost(stay, last_sight);
  return close_stay(stay);
}
