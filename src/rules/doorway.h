/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"
#include "base/timestamp.h"

/* An entrance line in a doorway, where the wall hides whoever is outside: people come into sight on
 * the line and go out of sight on it, and no path leads over it. Who begins on the doorstep, on
 * from nobody else, and walks in has come in; who walks towards the line and is seen last on the
 * doorstep has gone out. For one track and one line; distances in pixels. */

#define IV_DOORSTEP_TRAIL 8

typedef struct {
  gboolean coming; /* began on the doorstep */
  IvTime since;    /* then */
  double from;     /* signed distance from the line then, + inside */
  guint n, next;   /* of the trail, a ring */
  IvTime trail_ts[IV_DOORSTEP_TRAIL];
  double trail[IV_DOORSTEP_TRAIL];
} IvDoorstep;

/* Next point of the track; `tall`: height of a person there. `begins`: the first, and it goes on
 * from no other track. TRUE once when somebody has come in: at `ret_ts`. A cleared IvDoorstep is
 * the start state. */
gboolean iv_doorstep_seen(IvDoorstep *step, IvPoint a, IvPoint b, float tall, IvPoint p, IvTime ts,
                          gboolean begins, IvTime *ret_ts);

/* A path over the line was counted. */
void iv_doorstep_crossed(IvDoorstep *step);

/* The track is over: whether he was on his way out. */
gboolean iv_doorstep_left(const IvDoorstep *step, float tall);
