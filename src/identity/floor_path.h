/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"
#include "identity/floor_camera.h"

/* Somebody's way over the floor, from places that several cameras gave, each with its own
 * uncertainty. */

typedef struct {
  IvFloorPlace place;
  IvBox box;     /* that it was made from, */
  double lately; /* and the height of its track then */
  IvTime ts;
  guint camera;
  float score; /* of the box, 0..1 */
} IvFloorMark;

typedef struct {
  GArray *marks; /* IvFloorMark, in order of time */
} IvFloorPath;

void iv_floor_path_init(IvFloorPath *path);
void iv_floor_path_clear(IvFloorPath *path);

/* Keeps the order of time: a camera whose clock is behind puts its marks in between. */
void iv_floor_path_add(IvFloorPath *path, const IvFloorMark *mark);
void iv_floor_path_take_all(IvFloorPath *path, const IvFloorPath *other);
void iv_floor_path_forget(IvFloorPath *path, IvTime before);
/* The marks of a camera after `ts` were somebody else's. */
void iv_floor_path_take_back(IvFloorPath *path, guint camera, IvTime ts);

typedef struct {
  double x, y, vx, vy; /* metres, metres per second */
  double xx, xy, yy;   /* covariance of the place, square metres */
  guint n;             /* marks that went in */
} IvFloorState;

/* How far two places are apart: the squared distance in standard deviations of both and `more`
 * metres, and the area (square metres, one deviation by one) that this is measured by. */
typedef struct {
  double distance2, area;
} IvFloorApart;
IvFloorApart iv_floor_apart(const IvFloorState *a, const IvFloorState *b, double more);

/* A mark by itself as a state. */
IvFloorState iv_floor_mark_state(const IvFloorMark *mark);

/* Where somebody was at `ts`: the straight way that meets the marks within `span` of it best,
 * nearer ones counting more (locally weighted regression, Cleveland 1979). FALSE without marks
 * there. O(marks). */
gboolean iv_floor_path_at(const IvFloorPath *path, IvTime ts, IvTime span, IvFloorState *ret_state);
/* The same without what one camera says. */
gboolean iv_floor_path_without(const IvFloorPath *path, guint camera, IvTime ts, IvTime span,
                               IvFloorState *ret_state);

const IvFloorMark *iv_floor_path_last(const IvFloorPath *path);              /* NULL = none */
const IvFloorMark *iv_floor_path_before(const IvFloorPath *path, IvTime ts); /* at or before */
const IvFloorMark *iv_floor_path_after(const IvFloorPath *path, IvTime ts);  /* after */
