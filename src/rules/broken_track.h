/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/scene.h"
#include "model/track.h"
#include "rules/crossing.h"

/* A tracker that loses somebody at a turn has him again as another track. At a line that would lose
 * the crossing, so what is known of the side passes on to whoever begins near there, a moment later
 * and as tall. */

#define IV_BROKEN_TRACK_GAP_MAX (2500 * IV_MS)

/* Where a track was seen last. */
typedef struct {
  IvTime ts;
  guint64 visitor;       /* 0 = not known */
  IvPoint at;            /* pixels */
  float height;          /* of the person, pixels */
  IvCrossing *crossings; /* per line of the scene */
} IvBrokenTrack;

/* `point`, the first of a track, may be the same person: near, soon after, as tall, and not known
 * to be another visitor. */
gboolean iv_broken_track_is_near(const IvBrokenTrack *was, const IvScene *scene,
                                 const IvTrackPoint *point);

/* And it would make a difference: he was on one side of a line, and is on it or beyond. */
gboolean iv_broken_track_goes_on(const IvBrokenTrack *was, const IvScene *scene, float hysteresis,
                                 const IvTrackPoint *point);
