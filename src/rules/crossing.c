/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/crossing.h"

#include <math.h>

IvRuleLimits iv_rule_limits_default(void) {
  return (IvRuleLimits){.hysteresis = 0.12f,
                        .turn_back = 2 * IV_SECOND,
                        .exit_grace = IV_SECOND / 2,
                        .long_wait = 8 * IV_MINUTE,
                        .heat_gap = 5 * IV_SECOND};
}

/* Signed distance of p from the infinite line, pixels; `in` goes from − to +. */
static double distance(IvPoint a, IvPoint b, IvPoint p) {
  double dx = (double)b.x - a.x, dy = (double)b.y - a.y;
  return (dx * ((double)p.y - a.y) - dy * ((double)p.x - a.x)) / hypot(dx, dy);
}

/* Where along a→b the point lies: 0 at a, 1 at b. */
static double place(IvPoint a, IvPoint b, double x, double y) {
  double dx = (double)b.x - a.x, dy = (double)b.y - a.y;
  return (dx * (x - a.x) + dy * (y - a.y)) / (dx * dx + dy * dy);
}

static void note_meeting(IvCrossing *c, IvPoint a, IvPoint b, IvPoint p, IvTime ts) {
  double before = distance(a, b, c->last), now = distance(a, b, p);
  if ((before < 0) == (now < 0))
    return;
  double share = before / (before - now);
  double x = c->last.x + share * ((double)p.x - c->last.x);
  double y = c->last.y + share * ((double)p.y - c->last.y);
  c->meet = (float)place(a, b, x, y);
  c->meet_ts = c->last_ts + (IvTime)llround(share * (double)(ts - c->last_ts));
  c->has_meet = TRUE;
}

IvCrossed iv_crossing_update(IvCrossing *c, IvPoint a, IvPoint b, float half_band, IvPoint p,
                             IvTime ts, IvTime *ret_ts) {
  if (c->has_last)
    note_meeting(c, a, b, p, ts);
  c->last = p;
  c->last_ts = ts;
  c->has_last = TRUE;

  double d = distance(a, b, p);
  int side = d > (double)half_band ? 1 : d < -(double)half_band ? -1 : c->side;
  int before = c->side;
  c->side = side;
  if (before == 0 || side == before || !c->has_meet || c->meet < 0 || c->meet > 1)
    return IV_CROSSED_NONE;
  *ret_ts = c->meet_ts;
  return side > 0 ? IV_CROSSED_IN : IV_CROSSED_OUT;
}

int iv_crossing_side(IvPoint a, IvPoint b, float half_band, IvPoint p) {
  double d = distance(a, b, p);
  return d > (double)half_band ? 1 : d < -(double)half_band ? -1 : 0;
}

double iv_crossing_distance(IvPoint a, IvPoint b, IvPoint p) {
  return distance(a, b, p);
}

double iv_crossing_place(IvPoint a, IvPoint b, IvPoint p) {
  return place(a, b, (double)p.x, (double)p.y);
}
