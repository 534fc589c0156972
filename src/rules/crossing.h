/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/scene.h"
#include "rules/thresholds.h"

/* Whether one track crosses one line (design.md, "Crossing").
 *
 * The track is on a side once its ground point is further than the half-band from the line; inside
 * the band it keeps the side it had, so jitter on the line never counts. A change of side is a
 * crossing if the path met the line between its ends; walking round an end only changes the side.
 * Crossings of one track therefore alternate. */
typedef struct {
  int side; /* -1, +1; 0 = not known yet */
  gboolean has_last, has_meet;
  IvPoint last; /* pixels */
  IvTime last_ts;
  float meet; /* place of the last meeting with the infinite line: 0 = a, 1 = b */
  IvTime meet_ts;
} IvCrossing;

typedef enum { IV_CROSSED_NONE, IV_CROSSED_IN, IV_CROSSED_OUT } IvCrossed;

/* Next point of the track, pixels, in order of time; `half_band` in pixels. `ret_ts` is the
 * interpolated time at which the path met the line (set only when something was crossed). A cleared
 * IvCrossing is the start state. */
IvCrossed iv_crossing_update(IvCrossing *crossing, IvPoint a, IvPoint b, float half_band, IvPoint p,
                             IvTime ts, IvTime *ret_ts);

/* The side that `p` is on without doubt; 0 within the half-band. */
int iv_crossing_side(IvPoint a, IvPoint b, float half_band, IvPoint p);

/* Signed distance of p from the infinite line, pixels, + on the side that is `in`; and where along
 * a→b it lies: 0 at a, 1 at b. */
double iv_crossing_distance(IvPoint a, IvPoint b, IvPoint p);
double iv_crossing_place(IvPoint a, IvPoint b, IvPoint p);
