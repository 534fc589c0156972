/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Plane geometry of a store's floor: metres, x right, y down, in double precision. Pure. */

typedef struct {
  double x, y;
} IvSpot;

typedef struct {
  IvSpot a, b;
} IvSpan;

typedef struct {
  IvSpot *at; /* corners; the closing edge is implied */
  guint n;
} IvOutline;

typedef struct {
  double x0, y0, x1, y1;
} IvFloorArea; /* axis-parallel */

double iv_spot_distance(IvSpot a, IvSpot b);
IvSpot iv_spot_towards(IvSpot from, IvSpot to, double metres); /* `from` itself when they meet */
IvSpot iv_spot_mix(IvSpot a, IvSpot b, double share_of_b);

/* Over 0 when p is at the right hand of somebody who walks from a to b. */
double iv_span_side(const IvSpan *span, IvSpot p);
double iv_span_length(const IvSpan *span);
double iv_span_distance(const IvSpan *span, IvSpot p);
IvSpot iv_span_nearest(const IvSpan *span, IvSpot p);
/* Unit vector to the right hand of a→b. */
IvSpot iv_span_right(const IvSpan *span);

/* Where (0..1 of p→q) the way p→q passes from one side of `span` to the other between its ends, or
 * -1. On the span itself counts as its left side, so that two steps in a row never both cross.
 * `ret_right`: whether it goes to the right hand. */
double iv_span_crossed(const IvSpan *span, IvSpot p, IvSpot q, gboolean *ret_right);

gboolean iv_outline_contains(const IvOutline *outline, IvSpot p); /* even-odd */
double iv_outline_distance(const IvOutline *outline, IvSpot p);   /* to its edges */
gboolean iv_outline_is_simple(const IvOutline *outline);
double iv_outline_area(const IvOutline *outline);
IvFloorArea iv_outline_bounds(const IvOutline *outline);
IvSpan iv_outline_edge(const IvOutline *outline, guint i);

/* The last change between outside and inside on the way p→q, as share of it, or -1. */
double iv_outline_passed(const IvOutline *outline, IvSpot p, IvSpot q);

static inline gboolean iv_floor_area_contains(const IvFloorArea *area, IvSpot p) {
  return p.x >= area->x0 && p.x <= area->x1 && p.y >= area->y0 && p.y <= area->y1;
}
IvFloorArea iv_floor_area_joined(IvFloorArea a, IvFloorArea b);
IvFloorArea iv_floor_area_grown(IvFloorArea area, double metres);
