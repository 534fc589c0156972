/* SPDX-License-Identifier: Apache-2.0 */
#include "base/geometry.h"

#include <math.h>

static float box_area(const IvBox *box) {
  return MAX(0.f, box->x1 - box->x0) * MAX(0.f, box->y1 - box->y0);
}

static float overlap_area(const IvBox *a, const IvBox *b) {
  float w = MIN(a->x1, b->x1) - MAX(a->x0, b->x0);
  float h = MIN(a->y1, b->y1) - MAX(a->y0, b->y0);
  return w > 0 && h > 0 ? w * h : 0;
}

float iv_box_iou(const IvBox *a, const IvBox *b) {
  float inter = overlap_area(a, b);
  float both = box_area(a) + box_area(b) - inter;
  return both > 0 ? inter / both : 0;
}

float iv_box_covered(const IvBox *inner, const IvBox *outer) {
  float area = box_area(inner);
  return area > 0 ? overlap_area(inner, outer) / area : 0;
}

IvBox iv_box_clip(const IvBox *box, const IvBox *bounds) {
  return (IvBox){CLAMP(box->x0, bounds->x0, bounds->x1), CLAMP(box->y0, bounds->y0, bounds->y1),
                 CLAMP(box->x1, bounds->x0, bounds->x1), CLAMP(box->y1, bounds->y0, bounds->y1)};
}

gboolean iv_polygon_contains(const IvPoint *polygon, gsize n, IvPoint p) {
  gboolean inside = FALSE;
  for (gsize i = 0, j = n - 1; i < n; j = i++) {
    IvPoint a = polygon[i], b = polygon[j];
    if ((a.y > p.y) == (b.y > p.y))
      continue;
    /* Neighbours list a common edge in opposite directions; rounding must be the same for both. */
    if (a.y > b.y) {
      a = polygon[j];
      b = polygon[i];
    }
    double x_at = (double)(b.x - a.x) * (p.y - a.y) / (double)(b.y - a.y) + a.x;
    if (p.x < x_at)
      inside = !inside;
  }
  return inside;
}

IvBox iv_polygon_bounds(const IvPoint *polygon, gsize n) {
  const float hair = 1e-5f; /* more than the rounding of iv_polygon_contains */
  IvBox box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (gsize i = 0; i < n; i++)
    box = (IvBox){MIN(box.x0, polygon[i].x - hair), MIN(box.y0, polygon[i].y - hair),
                  MAX(box.x1, polygon[i].x + hair), MAX(box.y1, polygon[i].y + hair)};
  return box;
}

double iv_polygon_passed(const IvPoint *polygon, gsize n, IvPoint p, IvPoint q) {
  double last = -1, dx = (double)q.x - p.x, dy = (double)q.y - p.y;
  for (gsize i = 0, j = n - 1; i < n; j = i++) {
    double ex = (double)polygon[i].x - polygon[j].x, ey = (double)polygon[i].y - polygon[j].y;
    double ax = (double)polygon[j].x - p.x, ay = (double)polygon[j].y - p.y;
    double cross = dx * ey - dy * ex;
    if (cross == 0)
      continue;
    double way = (ax * ey - ay * ex) / cross, edge = (ax * dy - ay * dx) / cross;
    if (way >= 0 && way <= 1 && edge >= 0 && edge <= 1)
      last = MAX(last, way);
  }
  return last;
}

static double edge_distance(IvPoint a, IvPoint b, IvPoint p) {
  double dx = (double)b.x - a.x, dy = (double)b.y - a.y, length2 = dx * dx + dy * dy;
  double along = ((double)p.x - a.x) * dx + ((double)p.y - a.y) * dy;
  double share = length2 > 0 ? CLAMP(along / length2, 0, 1) : 0;
  return hypot(a.x + share * dx - p.x, a.y + share * dy - p.y);
}

double iv_polygon_distance(const IvPoint *polygon, gsize n, IvPoint p) {
  double least = INFINITY;
  for (gsize i = 0, j = n - 1; i < n; j = i++)
    least = MIN(least, edge_distance(polygon[j], polygon[i], p));
  return least;
}

double iv_polygon_area(const IvPoint *polygon, gsize n) {
  double twice = 0;
  for (gsize i = 0, j = n - 1; i < n; j = i++)
    twice += (double)polygon[j].x * polygon[i].y - (double)polygon[i].x * polygon[j].y;
  return fabs(twice) / 2;
}

static double cross(IvPoint o, IvPoint a, IvPoint b) {
  return ((double)a.x - o.x) * ((double)b.y - o.y) - ((double)a.y - o.y) * ((double)b.x - o.x);
}

static gboolean in_span(IvPoint a, IvPoint b, IvPoint p) {
  return p.x >= MIN(a.x, b.x) && p.x <= MAX(a.x, b.x) && p.y >= MIN(a.y, b.y) &&
         p.y <= MAX(a.y, b.y);
}

gboolean iv_segments_touch(IvPoint a, IvPoint b, IvPoint c, IvPoint d) {
  double d1 = cross(a, b, c), d2 = cross(a, b, d), d3 = cross(c, d, a), d4 = cross(c, d, b);
  if (((d1 > 0 && d2 < 0) || (d1 < 0 && d2 > 0)) && ((d3 > 0 && d4 < 0) || (d3 < 0 && d4 > 0)))
    return TRUE;
  return (d1 == 0 && in_span(a, b, c)) || (d2 == 0 && in_span(a, b, d)) ||
         (d3 == 0 && in_span(c, d, a)) || (d4 == 0 && in_span(c, d, b));
}

gboolean iv_polygon_is_simple(const IvPoint *polygon, gsize n) {
  if (n < 3)
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    IvPoint a = polygon[i], b = polygon[(i + 1) % n];
    if (a.x == b.x && a.y == b.y)
      return FALSE;
    for (gsize k = i + 2; k < n; k++)
      if ((k + 1) % n != i && iv_segments_touch(a, b, polygon[k], polygon[(k + 1) % n]))
        return FALSE;
  }
  return iv_polygon_area(polygon, n) > 0;
}
