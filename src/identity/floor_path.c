/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_path.h"

#include <math.h>

#define SPEED_SD 1.0 /* metres per second: nobody is taken to be faster without being seen so */
#define UNKNOWNS 4   /* x, y, vx, vy */

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
  Equations e = {.a = {{0}}};
  for (guint i = first_after(path, ts - span - 1); i < path->marks->len; i++) {
    const IvFloorMark *mark = mark_at(path, i);
    if (mark->ts > ts + span)
      break;
    double dt = (double)(mark->ts - ts) / (double)IV_SECOND;
    double near = dt * (double)IV_SECOND / (double)(span + 1);
    put_mark(&e, mark, dt, 1 - near * near);
  }
  if (e.n == 0 || !(e.trust > 0))
    return FALSE;
  e.a[2][2] += 1 / (SPEED_SD * SPEED_SD);
  e.a[3][3] += 1 / (SPEED_SD * SPEED_SD);
  double sd = sqrt(MAX(1 / e.a[0][0], 1 / e.a[1][1])), x[UNKNOWNS];
  solve(&e, x);
  *ret_state = (IvFloorState){x[0], x[1], x[2], x[3], sd, e.n};
  return TRUE;
}
