/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/floor.h"

#include <math.h>

double iv_spot_distance(IvSpot a, IvSpot b) {
  return hypot(a.x - b.x, a.y - b.y);
}

IvSpot iv_spot_mix(IvSpot a, IvSpot b, double share) {
  return (IvSpot){a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
}

IvSpot iv_spot_towards(IvSpot from, IvSpot to, double metres) {
  double way = iv_spot_distance(from, to);
  return way > 0 ? iv_spot_mix(from, to, metres / way) : from;
}

double iv_span_side(const IvSpan *span, IvSpot p) {
  return (span->b.x - span->a.x) * (p.y - span->a.y) - (span->b.y - span->a.y) * (p.x - span->a.x);
}

double iv_span_length(const IvSpan *span) {
  return iv_spot_distance(span->a, span->b);
}

IvSpot iv_span_nearest(const IvSpan *span, IvSpot p) {
  double dx = span->b.x - span->a.x, dy = span->b.y - span->a.y, square = dx * dx + dy * dy;
  double t = square > 0 ? ((p.x - span->a.x) * dx + (p.y - span->a.y) * dy) / square : 0;
  return iv_spot_mix(span->a, span->b, CLAMP(t, 0, 1));
}

double iv_span_distance(const IvSpan *span, IvSpot p) {
  return iv_spot_distance(p, iv_span_nearest(span, p));
}

IvSpot iv_span_right(const IvSpan *span) {
  double length = iv_span_length(span);
  return (IvSpot){-(span->b.y - span->a.y) / length, (span->b.x - span->a.x) / length};
}

double iv_span_crossed(const IvSpan *span, IvSpot p, IvSpot q, gboolean *ret_right) {
  double before = iv_span_side(span, p), after = iv_span_side(span, q);
  if ((before > 0) == (after > 0))
    return -1;
  double t = before / (before - after);
  IvSpot at = iv_spot_mix(p, q, t);
  double dx = span->b.x - span->a.x, dy = span->b.y - span->a.y;
  double along = (at.x - span->a.x) * dx + (at.y - span->a.y) * dy;
  if (along < 0 || along > dx * dx + dy * dy)
    return -1;
  *ret_right = after > 0;
  return t;
}

IvSpan iv_outline_edge(const IvOutline *outline, guint i) {
  return (IvSpan){outline->at[i], outline->at[(i + 1) % outline->n]};
}

gboolean iv_outline_contains(const IvOutline *outline, IvSpot p) {
  gboolean inside = FALSE;
  for (guint i = 0, j = outline->n - 1; i < outline->n; j = i++) {
    IvSpot a = outline->at[i], b = outline->at[j];
    if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
      inside = !inside;
  }
  return inside;
}

double iv_outline_distance(const IvOutline *outline, IvSpot p) {
  double least = G_MAXDOUBLE;
  for (guint i = 0; i < outline->n; i++) {
    IvSpan edge = iv_outline_edge(outline, i);
    least = MIN(least, iv_span_distance(&edge, p));
  }
  return least;
}

double iv_outline_area(const IvOutline *outline) {
  double twice = 0;
  for (guint i = 0; i < outline->n; i++) {
    IvSpan edge = iv_outline_edge(outline, i);
    twice += edge.a.x * edge.b.y - edge.b.x * edge.a.y;
  }
  return fabs(twice) / 2;
}

static gboolean cross(const IvSpan *a, const IvSpan *b) {
  return iv_span_side(a, b->a) * iv_span_side(a, b->b) < -1e-12 &&
         iv_span_side(b, a->a) * iv_span_side(b, a->b) < -1e-12;
}

gboolean iv_outline_is_simple(const IvOutline *outline) {
  if (outline->n < 3 || iv_outline_area(outline) < 1e-3)
    return FALSE;
  for (guint i = 0; i < outline->n; i++) {
    IvSpan edge = iv_outline_edge(outline, i);
    if (iv_span_length(&edge) <= 0)
      return FALSE;
    for (guint j = i + 1; j < outline->n; j++) {
      IvSpan other = iv_outline_edge(outline, j);
      if (cross(&edge, &other))
        return FALSE;
    }
  }
  return TRUE;
}

IvFloorArea iv_outline_bounds(const IvOutline *outline) {
  IvFloorArea area = {G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE};
  for (guint i = 0; i < outline->n; i++) {
    IvSpot p = outline->at[i];
    area = iv_floor_area_joined(area, (IvFloorArea){p.x, p.y, p.x, p.y});
  }
  return area;
}

double iv_outline_passed(const IvOutline *outline, IvSpot p, IvSpot q) {
  double last = -1;
  for (guint i = 0; i < outline->n; i++) {
    IvSpan edge = iv_outline_edge(outline, i);
    gboolean right;
    last = MAX(last, iv_span_crossed(&edge, p, q, &right));
  }
  return last;
}

IvFloorArea iv_floor_area_joined(IvFloorArea a, IvFloorArea b) {
  return (IvFloorArea){MIN(a.x0, b.x0), MIN(a.y0, b.y0), MAX(a.x1, b.x1), MAX(a.y1, b.y1)};
}

IvFloorArea iv_floor_area_grown(IvFloorArea area, double metres) {
  return (IvFloorArea){area.x0 - metres, area.y0 - metres, area.x1 + metres, area.y1 + metres};
}
