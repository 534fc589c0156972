/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/view.h"

#include <math.h>

#define PERSON_M 1.70
#define SIGHT_M 0.90
#define SEEN_PX 40.0
#define REFERENCE_WIDTH 640.0
#define IN_FRONT_M 0.05
#define GLASS_M 0.02

typedef struct {
  double m[3][3]; /* floor (X, Y, 1) to picture (u w, v w, w), pixels */
} Homography;

struct IvView {
  const IvGrid *grid;
  guint32 *cameras;
  Homography *floors;
  int (*sizes)[2];
};

typedef struct {
  double u, v, w;
} Pixel;

/* The formula of docs/simulator.md: no roll, no distortion, the principal point in the middle. */
static Pixel project(const IvSimCamera *c, IvSpot p, double z) {
  double f = c->width / 2.0 / tan(c->hfov / 2);
  double cy = cos(c->yaw), sy = sin(c->yaw), cp = cos(c->pitch), sp = sin(c->pitch);
  double dx = p.x - c->position.x, dy = p.y - c->position.y, dz = z - c->height;
  double along = cy * dx + sy * dy, w = cp * along - sp * dz;
  return (Pixel){c->width / 2.0 + f * (-sy * dx + cy * dy) / w,
                 c->height_px / 2.0 + f * (-sp * along - cp * dz) / w, w};
}

static Homography homography(const IvSimCamera *c) {
  double f = c->width / 2.0 / tan(c->hfov / 2), h = c->height;
  double cy = cos(c->yaw), sy = sin(c->yaw), cp = cos(c->pitch), sp = sin(c->pitch);
  double x = c->position.x, y = c->position.y, along = cy * x + sy * y;
  double right[3] = {-sy, cy, sy * x - cy * y};
  double down[3] = {-sp * cy, -sp * sy, sp * along + cp * h};
  double forward[3] = {cp * cy, cp * sy, -cp * along + sp * h};
  Homography m;
  for (int i = 0; i < 3; i++) {
    m.m[0][i] = f * right[i] + c->width / 2.0 * forward[i];
    m.m[1][i] = f * down[i] + c->height_px / 2.0 * forward[i];
    m.m[2][i] = forward[i];
  }
  return m;
}

static gboolean large_enough(const IvSimCamera *c, IvSpot p) {
  Pixel foot = project(c, p, 0), head = project(c, p, PERSON_M);
  if (foot.w <= IN_FRONT_M || foot.u < 0 || foot.v < 0 || foot.u > c->width ||
      foot.v > c->height_px)
    return FALSE;
  return head.w <= IN_FRONT_M ||
         hypot(foot.u - head.u, foot.v - head.v) * REFERENCE_WIDTH / c->width >= SEEN_PX;
}

double iv_obstacle_left(const IvObstacle *o, IvSpot from, IvSpot p) {
  double last = -1;
  for (guint i = 0; i < o->outline.n; i++) {
    IvSpan e = iv_outline_edge(&o->outline, i);
    double dx = p.x - from.x, dy = p.y - from.y;
    double ex = e.b.x - e.a.x, ey = e.b.y - e.a.y, den = dx * ey - dy * ex;
    if (fabs(den) < 1e-12)
      continue;
    double t = ((e.a.x - from.x) * ey - (e.a.y - from.y) * ex) / den;
    double u = ((e.a.x - from.x) * dy - (e.a.y - from.y) * dx) / den;
    if (t >= 0 && t <= 1 && u >= 0 && u <= 1)
      last = MAX(last, t);
  }
  return last;
}

/* The sight line falls towards p: it is lowest over the obstacle where it leaves it. */
static gboolean hides(const IvObstacle *o, const IvSimCamera *c, IvSpot p) {
  double last = iv_obstacle_left(o, c->position, p);
  return last >= 0 && c->height + last * (SIGHT_M - c->height) < o->height - 1e-9;
}

static gboolean is_glass(const IvScenario *s, IvSpot at) {
  for (guint i = 0; i < s->n_doors; i++)
    if (iv_span_distance(&s->doors[i].span, at) < GLASS_M)
      return TRUE;
  for (guint i = 0; i < s->n_windows; i++)
    if (iv_span_distance(&s->windows[i], at) < GLASS_M)
      return TRUE;
  return FALSE;
}

gboolean iv_view_behind_wall(const IvScenario *s, const IvSimCamera *c, IvSpot p) {
  for (guint i = 0; i < s->walls.n; i++) {
    IvSpan edge = iv_outline_edge(&s->walls, i);
    gboolean right;
    double t = iv_span_crossed(&edge, c->position, p, &right);
    if (t > 0 && t < 1 && !is_glass(s, iv_spot_mix(c->position, p, t)))
      return TRUE;
  }
  return FALSE;
}

static gboolean sees(const IvScenario *s, const IvSimCamera *c, IvSpot p, gboolean ideal) {
  if (!large_enough(c, p))
    return FALSE;
  IvFloorArea between = {MIN(c->position.x, p.x), MIN(c->position.y, p.y), MAX(c->position.x, p.x),
                         MAX(c->position.y, p.y)};
  for (guint i = 0; i < s->n_obstacles; i++) {
    const IvObstacle *o = &s->obstacles[i];
    gboolean apart = o->bounds.x0 > between.x1 || o->bounds.x1 < between.x0 ||
                     o->bounds.y0 > between.y1 || o->bounds.y1 < between.y0;
    if (!apart && (o->is_wall || !ideal) && o->height > SIGHT_M && hides(o, c, p))
      return FALSE;
  }
  return !iv_view_behind_wall(s, c, p);
}

/* Its centre, or else any of the middles of its quarters: who stands at the edge of what a camera
 * sees is rather seen than not. */
static gboolean sees_cell(const IvScenario *s, const IvSimCamera *c, IvSpot centre,
                          gboolean ideal) {
  if (sees(s, c, centre, ideal))
    return TRUE;
  const double quarter = IV_GRID_CELL / 4;
  for (int i = 0; i < 4; i++) {
    IvSpot p = {centre.x + (i & 1 ? quarter : -quarter), centre.y + (i & 2 ? quarter : -quarter)};
    if (sees(s, c, p, ideal))
      return TRUE;
  }
  return FALSE;
}

static gboolean in_cabin(const IvScenario *s, IvSpot p) {
  for (guint i = 0; i < s->n_cabins; i++)
    if (iv_outline_contains(&s->cabins[i].outline, p))
      return TRUE;
  return FALSE;
}

IvView *iv_view_new(const IvScenario *s, const IvGrid *grid, gboolean ideal) {
  IvView *view = g_new0(IvView, 1);
  view->grid = grid;
  view->cameras = g_new0(guint32, grid->columns * grid->rows);
  view->floors = g_new(Homography, s->n_cameras);
  view->sizes = g_malloc_n(s->n_cameras, sizeof *view->sizes);
  for (guint c = 0; c < s->n_cameras; c++) {
    view->floors[c] = homography(&s->cameras[c]);
    view->sizes[c][0] = s->cameras[c].width, view->sizes[c][1] = s->cameras[c].height_px;
  }
  for (guint i = 0; i < grid->columns * grid->rows; i++) {
    IvSpot p = iv_grid_centre(grid, i);
    if (in_cabin(s, p))
      continue;
    for (guint c = 0; c < s->n_cameras; c++)
      if (sees_cell(s, &s->cameras[c], p, ideal))
        view->cameras[i] |= 1u << c;
  }
  return view;
}

void iv_view_free(IvView *view) {
  if (!view)
    return;
  g_free(view->cameras);
  g_free(view->floors);
  g_free(view->sizes);
  g_free(view);
}

guint32 iv_view_cameras(const IvView *view, IvSpot p) {
  return iv_grid_holds(view->grid, p) ? view->cameras[iv_grid_index(view->grid, p)] : 0;
}

gboolean iv_view_project(const IvView *view, guint camera, IvSpot p, float *ret_u, float *ret_v) {
  const Homography *h = &view->floors[camera];
  double w = h->m[2][0] * p.x + h->m[2][1] * p.y + h->m[2][2];
  double u = (h->m[0][0] * p.x + h->m[0][1] * p.y + h->m[0][2]) / w / view->sizes[camera][0];
  double v = (h->m[1][0] * p.x + h->m[1][1] * p.y + h->m[1][2]) / w / view->sizes[camera][1];
  if (w <= IN_FRONT_M || u < 0 || v < 0 || u > 1 || v > 1)
    return FALSE;
  *ret_u = (float)u, *ret_v = (float)v;
  return TRUE;
}

gboolean iv_view_sees(const IvView *view, IvSpot p) {
  float u, v;
  for (guint32 cameras = iv_view_cameras(view, p); cameras; cameras &= cameras - 1)
    if (iv_view_project(view, (guint)g_bit_nth_lsf(cameras, -1), p, &u, &v))
      return TRUE;
  return FALSE;
}
