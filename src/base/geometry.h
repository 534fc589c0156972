/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Plane geometry on pictures. Coordinates are shares of the picture (0..1, x right, y down) unless
 * a function says pixels. All functions are pure. */

typedef struct {
  float x, y;
} IvPoint;

/* Corners, x0 <= x1, y0 <= y1. */
typedef struct {
  float x0, y0, x1, y1;
} IvBox;

typedef struct {
  int width, height; /* pixels, > 0 */
} IvSize;

static inline float iv_box_width(const IvBox *box) {
  return box->x1 - box->x0;
}
static inline float iv_box_height(const IvBox *box) {
  return box->y1 - box->y0;
}

/* Where a person stands: the middle of the box's lower edge. */
static inline IvPoint iv_box_ground_point(const IvBox *box) {
  return (IvPoint){(box->x0 + box->x1) / 2, box->y1};
}

/* Intersection over union, 0..1; 0 when both are empty. */
float iv_box_iou(const IvBox *a, const IvBox *b);

/* Share of `inner`'s area that lies in `outer`, 0..1. */
float iv_box_covered(const IvBox *inner, const IvBox *outer);

IvBox iv_box_clip(const IvBox *box, const IvBox *bounds);

/* Even-odd rule over `n` >= 3 corners; the closing edge is implied. A point on a left or upper edge
 * counts as inside, on a right or lower edge as outside, so that neighbours share no point. */
gboolean iv_polygon_contains(const IvPoint *polygon, gsize n, IvPoint p);

/* A box that holds every point that iv_polygon_contains takes, a hair (1e-5) larger than the
 * polygon: a quick no. */
IvBox iv_polygon_bounds(const IvPoint *polygon, gsize n);

static inline gboolean iv_box_has(const IvBox *box, IvPoint p) {
  return p.x >= box->x0 && p.x <= box->x1 && p.y >= box->y0 && p.y <= box->y1;
}

/* Where the way p→q goes over the polygon's edge for the last time, as share of the way (0..1); -1
 * when it does not. */
double iv_polygon_passed(const IvPoint *polygon, gsize n, IvPoint p, IvPoint q);

/* From p to the nearest point of the edges, in units of the coordinates. */
double iv_polygon_distance(const IvPoint *polygon, gsize n, IvPoint p);

/* Unsigned area, in squared units of the coordinates. */
double iv_polygon_area(const IvPoint *polygon, gsize n);

/* TRUE when no two edges cross and no two neighbouring corners coincide. O(n²), n <= some hundred.
 */
gboolean iv_polygon_is_simple(const IvPoint *polygon, gsize n);

/* TRUE when the closed segments a-b and c-d share a point. */
gboolean iv_segments_touch(IvPoint a, IvPoint b, IvPoint c, IvPoint d);
