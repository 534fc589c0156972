/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* The stay of one track in one zone. A stay begins and ends where the way between two points goes
 * over the zone's edge; where it was not seen in between, at the first and the last point inside.
 * Places near the edge are in doubt: somebody has changed sides when he is far enough beyond it, or
 * has been for as long as the grace; then since he went over. An absence shorter than the grace
 * does not end a stay that no far place ended. While the track is lost it is not inside, but when
 * it comes back inside, the stay goes on. */
typedef struct {
  gboolean open;         /* a stay has begun and is not reported yet */
  gboolean inside;       /* seen inside at the last point */
  gboolean side;         /* of the edge, at the last point */
  gboolean coming;       /* inside since `start`, but not without doubt */
  IvTime start, left_at; /* left_at: over the edge, or last sight before it was lost */
} IvZoneStay;

typedef struct {
  gboolean started, ended; /* ended comes first when both are set */
  IvTime start, end;       /* of the stay that ended */
} IvZoneChange;

/* One point, as seen from the zone. */
typedef struct {
  gboolean inside, sure; /* which side, and far enough from the edge */
  IvTime ts, passed;     /* passed: when the way here went over the edge; `ts` where not known */
} IvZoneSight;

/* A cleared IvZoneStay is the start state. Points in order of time. */
IvZoneChange iv_zone_stay_seen(IvZoneStay *stay, const IvZoneSight *sight, IvTime grace);
void iv_zone_stay_lost(IvZoneStay *stay, IvTime last_sight);
IvZoneChange iv_zone_stay_finish(IvZoneStay *stay, IvTime last_sight);
