/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_path.h"

#include <math.h>

#define SPEED_SD 1.0 /* metres per second: nobody is taken to be faster without being seen so */
#define BIAS 0.5   /* of a mark's deviation, this share is the same in all: more marks don't help */
#define UNKNOWNS 4 /* x, y, vx, vy */

void iv_floor_path_init(IvFloorPath *path) {
  path->marks = g_array_new(FALSE, FALSE, sizeof(IvFloorMark));
}

void iv_floor_path_clear(IvFloorPath *path) {
  g_clear_pointer(&path->marks, g_array_unref);
}

static const IvFloorMark *mark_at(const IvFloorPath *path, guint i) {
  return &g_array_index(path->marks, IvFloorMark, i);
}

void iv_floor_path_add(IvFloorPath *path, const IvFloorMark *mark) {
  guint at = path->marks->len;
  while (at > 0 && mark_at(path, at - 1)->ts > mark->ts)
    at--;
  g_array_insert_vals(path->marks, at, mark, 1);
}

void iv_floor_path_take_all(IvFloorPath *path, const IvFloorPath *other) {
  for (guint i = 0; i < other->marks->len; i++)
    iv_floor_path_add(path, mark_at(other, i));
}

/* Index of the first mark later than `ts`. */
static guint first_after(const IvFloorPath *path, IvTime ts) {
  guint low = 0, high = path->marks->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (mark_at(path, middle)->ts <= ts)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void iv_floor_path_forget(IvFloorPath *path, IvTime before) {
  guint n = first_after(path, before);
  if (n > 0)
    g_array_remove_range(path->marks, 0, n);
}

void iv_floor_path_take_back(IvFloorPath *path, guint camera, IvTime ts) {
  for (guint i = path->marks->len; i-- > first_after(path, ts);)
    if (mark_at(path, i)->camera == camera)
      g_array_remove_index(path->marks, i);
}

const IvFloorMark *iv_floor_path_last(const IvFloorPath *path) {
  return path->marks->len ? mark_at(path, path->marks->len - 1) : NULL;
}

const IvFloorMark *iv_floor_path_before(const IvFloorPath *path, IvTime ts) {
  guint after = first_after(path, ts);
  return after > 0 ? mark_at(path, after - 1) : NULL;
}

const IvFloorMark *iv_floor_path_after(const IvFloorPath *path, IvTime ts) {
  guint after = first_after(path, ts);
  return after < path->marks->len ? mark_at(path, after) : NULL;
}

/* ---- distances ---- */

IvFloorApart iv_floor_apart(const IvFloorState *a, const IvFloorState *b, double more) {
  double xx = a->xx + b->xx + more * more, yy = a->yy + b->yy + more * more, xy = a->xy + b->xy;
  double dx = b->x - a->x, dy = b->y - a->y;
  double determinant = xx * yy - xy * xy;
  return (IvFloorApart){(yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / determinant,
                        sqrt(determinant)};
}

IvFloorState iv_floor_mark_state(const IvFloorMark *mark) {
  const IvFloorPlace *p = &mark->place;
  double along = p->sd_along * p->sd_along, across = p->sd_across * p->sd_across;
  return (IvFloorState){.x = p->x,
                        .y = p->y,
                        .xx = along * p->sight_x * p->sight_x + across * p->sight_y * p->sight_y,
                        .xy = (along - across) * p->sight_x * p->sight_y,
                        .yy = along * p->sight_y * p->sight_y + across * p->sight_x * p->sight_x,
                        .n = 1};
}

/* ---- regression ---- */

typedef struct {
  double a[UNKNOWNS][UNKNOWNS + 1]; /* normal equations, right-hand side last */
  double trust;                     /* sum of the weights */
  guint n;
} Equations;

static void put_mark(Equations *e, const IvFloorMark *mark, double dt, double weight) {
  const IvFloorPlace *p = &mark->place;
  double wa = weight / (p->sd_along * p->sd_along), wc = weight / (p->sd_across * p->sd_across);
  double sx = p->sight_x, sy = p->sight_y;
  double ixx = wa * sx * sx + wc * sy * sy, iyy = wa * sy * sy + wc * sx * sx;
  double ixy = (wa - wc) * sx * sy;
  double bx = ixx * p->x + ixy * p->y, by = ixy * p->x + iyy * p->y;
  double info[2][2] = {{ixx, ixy}, {ixy, iyy}}, rhs[2] = {bx, by}, power[2] = {1, dt};
  for (int r = 0; r < UNKNOWNS; r++) {
    for (int c = 0; c < UNKNOWNS; c++)
      e->a[r][c] += info[r % 2][c % 2] * power[r / 2] * power[c / 2];
    e->a[r][UNKNOWNS] += rhs[r % 2] * power[r / 2];
  }
  e->trust += weight;
  e->n++;
}

/* Symmetric and positive: no pivots needed. */
static void solve(Equations *e, double ret_x[UNKNOWNS]) {
  for (int i = 0; i < UNKNOWNS; i++)
    for (int r = i + 1; r < UNKNOWNS; r++) {
      double factor = e->a[r][i] / e->a[i][i];
      for (int c = i; c <= UNKNOWNS; c++)
        e->a[r][c] -= factor * e->a[i][c];
    }
  for (int i = UNKNOWNS - 1; i >= 0; i--) {
    double sum = e->a[i][UNKNOWNS];
    for (int c = i + 1; c < UNKNOWNS; c++)
      sum -= e->a[i][c] * ret_x[c];
    ret_x[i] = sum / e->a[i][i];
  }
}

gboolean iv_floor_path_at(const IvFloorPath *path, IvTime ts, IvTime span,
                          IvFloorState *ret_state) {
  return iv_floor_path_without(path, G_MAXUINT, ts, span, ret_state);
}

gboolean iv_floor_path_without(const IvFloorPath *path, guint camera, IvTime ts, IvTime span,
                               IvFloorState *ret_state) {
  Equations e = {.a = {{0}}};
  for (guint i = first_after(path, ts - span - 1); i < path->marks->len; i++) {
    const IvFloorMark *mark = mark_at(path, i);
    if (mark->ts > ts + span)
      break;
    if (mark->camera == camera)
      continue;
    double dt = (double)(mark->ts - ts) / (double)IV_SECOND;
    double near = dt * (double)IV_SECOND / (double)(span + 1);
    put_mark(&e, mark, dt, 1 - near * near);
  }
  if (e.n == 0 || !(e.trust > 0))
    return FALSE;
  e.a[2][2] += 1 / (SPEED_SD * SPEED_SD);
  e.a[3][3] += 1 / (SPEED_SD * SPEED_SD);
  double xx = e.a[0][0], xy = e.a[0][1], yy = e.a[1][1], x[UNKNOWNS];
  double spread = (1 + BIAS * BIAS * e.trust) / (xx * yy - xy * xy);
  solve(&e, x);
  *ret_state = (IvFloorState){x[0], x[1], x[2], x[3], spread * yy, spread * -xy, spread * xx, e.n};
  return TRUE;
}
