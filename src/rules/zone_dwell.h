/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* The stay of one track in one zone. A stay begins and ends where the way between two points goes
 * over the zone's edge; where it was not seen in between, at the first and the last point inside.
 * An absence shorter than the grace does not end it. While the track is lost it is not inside, but
 * when it comes back inside, the stay goes on. */
typedef struct {
  gboolean open;         /* a stay has begun and is not reported yet */
  gboolean inside;       /* seen inside at the last point */
  IvTime start, left_at; /* left_at: over the edge, or last sight before it was lost */
} IvZoneStay;

typedef struct {
  gboolean started, ended; /* ended comes first when both are set */
  IvTime start, end;       /* of the stay that ended */
} IvZoneChange;

/* A cleared IvZoneStay is the start state. Points in order of time. `passed`: when the way to this
 * point went over the edge, `ts` itself where that is not known. */
IvZoneChange iv_zone_stay_seen(IvZoneStay *stay, gboolean inside, IvTime ts, IvTime passed,
                               IvTime grace);
void iv_zone_stay_lost(IvZoneStay *stay, IvTime last_sight);
IvZoneChange iv_zone_stay_finish(IvZoneStay *stay, IvTime last_sight);
