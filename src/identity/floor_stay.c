/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_stay.h"

#include <math.h>

#define AWAY 9.0        /* squared standard deviations from where he stands */
#define AWAY_SHARE 0.8  /* of the places to come: he walks */
#define STILL 2.0       /* squared standard deviations from their middle: he stands */
#define STILL_SPEED 0.4 /* metres per second, in the mean */
#define STILL_N 4
#define SHIFT_SD 0.2 /* metres: people shift their feet */
#define WEIGHT 0.4   /* of a new place: neighbouring ones are made from the same marks */
#define KEPT 0.98    /* of what was known before */
#define BIAS 0.25    /* of the variance of one place: what errs alike in all */
#define FLOOR_VAR (0.1 * 0.1)
#define TINY 1e-4 /* square metres */

static void add(IvFloorStay *stay, const IvFloorState *at, double weight) {
  double xx = at->xx + TINY, yy = at->yy + TINY, xy = at->xy, determinant = xx * yy - xy * xy;
  double a[3] = {weight * yy / determinant, weight * -xy / determinant, weight * xx / determinant};
  for (int i = 0; i < 3; i++)
    stay->a[i] += a[i];
  stay->b[0] += a[0] * at->x + a[1] * at->y;
  stay->b[1] += a[1] * at->x + a[2] * at->y;
  stay->trust += weight;
}

static void fade(IvFloorStay *stay) {
  for (int i = 0; i < 3; i++)
    stay->a[i] *= KEPT;
  stay->b[0] *= KEPT;
  stay->b[1] *= KEPT;
  stay->trust *= KEPT;
}

static IvFloorState place_of(const IvFloorStay *stay) {
  const double *a = stay->a;
  double determinant = a[0] * a[2] - a[1] * a[1];
  IvFloorState at = {.xx = a[2] / determinant, .xy = -a[1] / determinant, .yy = a[0] / determinant};
  at.x = at.xx * stay->b[0] + at.xy * stay->b[1];
  at.y = at.xy * stay->b[0] + at.yy * stay->b[1];
  return at;
}

static double off(const IvFloorState *a, const IvFloorState *b) {
  return iv_floor_apart(a, b, SHIFT_SD).distance2;
}

static gboolean walks_away(const IvFloorState *here, const IvFloorState *ahead, guint n) {
  guint away = 0;
  for (guint i = 0; i < n; i++)
    away += off(here, &ahead[i]) > AWAY;
  return n > 0 && away >= AWAY_SHARE * n;
}

static gboolean stops(const IvFloorState *ahead, guint n, IvFloorStay *ret_stay) {
  *ret_stay = (IvFloorStay){.trust = 0};
  if (n < STILL_N)
    return FALSE;
  for (guint i = 0; i < n; i++)
    add(ret_stay, &ahead[i], 1.0 / n);
  IvFloorState middle = place_of(ret_stay);
  double vx = 0, vy = 0;
  for (guint i = 0; i < n; i++) {
    if (off(&middle, &ahead[i]) > STILL)
      return FALSE;
    vx += ahead[i].vx / n;
    vy += ahead[i].vy / n;
  }
  return hypot(vx, vy) < STILL_SPEED;
}

gboolean iv_floor_stay_see(IvFloorStay *stay, const IvFloorState *ahead, guint n, gboolean is_seen,
                           IvFloorState *ret_place) {
  IvFloorStay fresh;
  if (stay->trust > 0) {
    IvFloorState here = place_of(stay);
    if (walks_away(&here, ahead, n))
      *stay = (IvFloorStay){.trust = 0};
  }
  if (stay->trust <= 0 && stops(ahead, n, &fresh))
    *stay = fresh;
  if (stay->trust <= 0)
    return FALSE;
  IvFloorState here = place_of(stay);
  if (is_seen && off(&here, &ahead[0]) <= AWAY) {
    fade(stay);
    add(stay, &ahead[0], WEIGHT);
    here = place_of(stay);
  }
  double more = 1 + BIAS * stay->trust;
  *ret_place = here;
  ret_place->xx = more * here.xx + FLOOR_VAR;
  ret_place->xy = more * here.xy;
  ret_place->yy = more * here.yy + FLOOR_VAR;
  ret_place->vx = ret_place->vy = 0;
  return TRUE;
}
