/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/zone_dwell.h"

static IvZoneChange close_stay(IvZoneStay *stay) {
  IvZoneChange change = {.ended = TRUE, .start = stay->start, .end = stay->left_at};
  *stay = (IvZoneStay){0};
  return change;
}

IvZoneChange iv_zone_stay_seen(IvZoneStay *stay, gboolean inside, IvTime ts, IvTime passed,
                               IvTime grace) {
  IvZoneChange change = {0};
  if (inside) {
    if (!stay->open) {
      change.started = TRUE;
      stay->open = TRUE;
      stay->start = passed;
    }
    stay->inside = TRUE;
    return change;
  }
  if (!stay->open)
    return change;
  if (stay->inside) {
    stay->inside = FALSE;
    stay->left_at = passed;
  }
  return ts - stay->left_at >= grace ? close_stay(stay) : change;
}

void iv_zone_stay_lost(IvZoneStay *stay, IvTime last_sight) {
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
