/* SPDX-License-Identifier: Apache-2.0 */
#include "model/floor_view.h"

#include <math.h>

#define COLUMNS 32         /* in which the view's far end is looked for */
#define ROUNDS 40          /* of halving */
#define CAMERA_ON_WALL 1.0 /* metres: a wall so near to the camera is the one it hangs on */

/* ---- one camera ---- */

IvSight iv_sight_of(const IvScene *camera) {
  IvSight sight = {0};
  if (camera->has_homography && camera->image.width > 0)
    sight.has_pose =
        iv_camera_pose(&camera->homography, camera->image, camera->camera_height_m, &sight.pose);
  return sight;
}

/* Where the floor is at this share of the picture; FALSE above the horizon or where people are too
 * small. */
static gboolean floor_at(const IvCameraPose *pose, double u, double v, IvPlanPoint *ret_at) {
  const double *m = pose->m;
  /* (u, v) = P·(X, Y, 0, 1): two equations for X and Y. */
  double a = m[0] - u * m[8], b = m[1] - u * m[9], c = u * m[11] - m[3];
  double d = m[4] - v * m[8], e = m[5] - v * m[9], f = v * m[11] - m[7];
  double determinant = a * e - b * d;
  if (determinant == 0)
    return FALSE;
  IvPlanPoint at = {(c * e - b * f) / determinant, (a * f - c * d) / determinant};
  *ret_at = at;
  return iv_pose_person_px(pose, at) >= IV_PERSON_PX_MIN; /* FALSE also for NAN */
}

/* The highest share of the column that is seen, from the bottom of the picture up. */
static gboolean far_end(const IvCameraPose *pose, double u, IvPlanPoint *ret_far) {
  IvPlanPoint at;
  double seen = 1, unseen = 0;
  if (!floor_at(pose, u, 1, ret_far))
    return FALSE;
  if (floor_at(pose, u, 0, &at)) {
    *ret_far = at;
    return TRUE;
  }
  for (int i = 0; i < ROUNDS; i++) {
    double mid = (seen + unseen) / 2;
    if (floor_at(pose, u, mid, &at)) {
      seen = mid;
      *ret_far = at;
    } else {
      unseen = mid;
    }
  }
  return TRUE;
}

guint iv_sight_polygon(const IvSight *sight, IvPlanPoint ret_points[IV_VIEW_POINTS_MAX]) {
  IvPlanPoint near[COLUMNS + 1], far[COLUMNS + 1];
  guint n = 0;
  G_STATIC_ASSERT(2 * (COLUMNS + 1) <= IV_VIEW_POINTS_MAX);
  for (int i = 0; sight->has_pose && i <= COLUMNS; i++) {
    double u = (double)i / COLUMNS;
    if (!far_end(&sight->pose, u, &far[n]))
      continue;
    floor_at(&sight->pose, u, 1, &near[n]);
    n++;
  }
  if (n < 2)
    return 0;
  for (guint i = 0; i < n; i++) {
    ret_points[i] = near[i];
    ret_points[2 * n - 1 - i] = far[i];
  }
  return 2 * n;
}

/* ---- walls and obstacles ---- */

typedef struct {
  IvPlanPoint from, to; /* camera, place */
  double from_z, to_z;
  IvBox reach; /* shares of the plan: what it can cross lies in it */
} Ray;

/* Share of the ray at which it crosses the edge a→b, -1 = it does not. */
static double crossed(const Ray *ray, IvPlanPoint a, IvPlanPoint b) {
  double dx = ray->to.x - ray->from.x, dy = ray->to.y - ray->from.y;
  double ex = b.x - a.x, ey = b.y - a.y, across = dx * ey - dy * ex;
  if (fabs(across) < 1e-12)
    return -1;
  double ax = a.x - ray->from.x, ay = a.y - ray->from.y;
  double t = (ax * ey - ay * ex) / across, s = (ax * dy - ay * dx) / across;
  return t >= 0 && t <= 1 && s >= 0 && s <= 1 ? t : -1;
}

static IvPlanPoint corner(const IvPlanSheet *plan, const IvArea *area, guint i) {
  return iv_plan_to_metres(plan, area->polygon[i % area->n_points]);
}

static gboolean wall_hides(const IvPlanSheet *plan, const IvArea *wall, const Ray *ray) {
  double length = hypot(ray->to.x - ray->from.x, ray->to.y - ray->from.y);
  for (guint i = 0; i < wall->n_points; i++) {
    double t = crossed(ray, corner(plan, wall, i), corner(plan, wall, i + 1));
    if (t >= 0 && t * length > CAMERA_ON_WALL)
      return TRUE;
  }
  return FALSE;
}

static IvBox reach_of(const IvPlanSheet *plan, IvPlanPoint from, IvPlanPoint to) {
  IvPoint a = iv_plan_to_share(plan, from), b = iv_plan_to_share(plan, to);
  return (IvBox){MIN(a.x, b.x), MIN(a.y, b.y), MAX(a.x, b.x), MAX(a.y, b.y)};
}

/* The ray falls towards the place: over the obstacle it is lowest where it leaves it. */
static gboolean obstacle_hides(const IvPlanSheet *plan, const IvPlanObstacle *o, const Ray *ray) {
  double last = -1;
  IvBox bounds = iv_polygon_bounds(o->area.polygon, o->area.n_points);
  if (bounds.x0 > ray->reach.x1 || bounds.x1 < ray->reach.x0 || bounds.y0 > ray->reach.y1 ||
      bounds.y1 < ray->reach.y0)
    return FALSE;
  for (guint i = 0; i < o->area.n_points; i++)
    last = MAX(last, crossed(ray, corner(plan, &o->area, i), corner(plan, &o->area, i + 1)));
  return last >= 0 && ray->from_z + last * (ray->to_z - ray->from_z) < o->height_m;
}

gboolean iv_sight_sees(const IvSight *sight, const IvPlanSheet *plan, IvPlanPoint at) {
  if (!sight->has_pose || !iv_pose_sees(&sight->pose, at))
    return FALSE;
  Ray ray = {sight->pose.foot, at, sight->pose.height, IV_SIGHT_M,
             reach_of(plan, sight->pose.foot, at)};
  for (guint i = 0; i < plan->n_walls; i++)
    if (wall_hides(plan, &plan->walls[i], &ray))
      return FALSE;
  for (guint i = 0; i < plan->n_obstacles; i++)
    if (obstacle_hides(plan, &plan->obstacles[i], &ray))
      return FALSE;
  return TRUE;
}

gboolean iv_plan_is_floor(const IvPlanSheet *plan, IvPlanPoint at) {
  IvPoint share = iv_plan_to_share(plan, at);
  gboolean inside = plan->n_walls == 0;
  for (guint i = 0; i < plan->n_walls && !inside; i++)
    inside = iv_polygon_contains(plan->walls[i].polygon, plan->walls[i].n_points, share);
  for (guint i = 0; i < plan->n_obstacles && inside; i++)
    inside = !iv_polygon_contains(plan->obstacles[i].area.polygon, plan->obstacles[i].area.n_points,
                                  share);
  return inside;
}

/* ---- all of them ---- */

static void measure_cells(IvFloorView *c, const IvPlanSheet *plan) {
  c->cell_m = IV_FLOOR_VIEW_CELL_M;
  while (ceil(plan->width_m / c->cell_m) * ceil(plan->height_m / c->cell_m) >
         IV_FLOOR_VIEW_CELLS_MAX)
    c->cell_m *= 2;
  c->columns = (guint)ceil(plan->width_m / c->cell_m);
  c->rows = (guint)ceil(plan->height_m / c->cell_m);
  c->cells = g_new0(guint8, c->columns * c->rows);
}

static void judge_cell(IvFloorView *c, const IvPlanSheet *plan, const IvSight *sights, guint cell) {
  guint seeing[IV_FLOOR_VIEW_CAMERAS_MAX], n = 0;
  double area = c->cell_m * c->cell_m;
  IvPlanPoint at = {(cell % c->columns + 0.5) * c->cell_m, (cell / c->columns + 0.5) * c->cell_m};
  if (!iv_plan_is_floor(plan, at)) {
    c->cells[cell] = IV_CELL_OUTSIDE;
    return;
  }
  for (guint i = 0; i < c->n_cameras; i++)
    if (iv_sight_sees(&sights[i], plan, at))
      seeing[n++] = i;
  c->cells[cell] = (guint8)n;
  c->floor_m2 += area;
  c->blind_m2 += n == 0 ? area : 0;
  for (guint i = 0; i < n; i++) {
    c->seen_m2[seeing[i]] += area;
    for (guint k = 0; k < n; k++)
      c->overlap_m2[seeing[i] * c->n_cameras + seeing[k]] += i == k ? 0 : area;
  }
}

IvFloorView *iv_floor_view_new(const IvPlanSheet *plan, const IvSight *sights, guint n) {
  IvFloorView *c = g_new0(IvFloorView, 1);
  c->n_cameras = MIN(n, IV_FLOOR_VIEW_CAMERAS_MAX);
  c->seen_m2 = g_new0(double, c->n_cameras);
  c->overlap_m2 = g_new0(double, c->n_cameras * c->n_cameras);
  measure_cells(c, plan);
  for (guint cell = 0; cell < c->columns * c->rows; cell++)
    judge_cell(c, plan, sights, cell);
  return c;
}

void iv_floor_view_free(IvFloorView *view) {
  if (!view)
    return;
  g_free(view->cells);
  g_free(view->seen_m2);
  g_free(view->overlap_m2);
  g_free(view);
}

/* ---- blind spots ---- */

static void visit(const IvFloorView *c, guint8 *done, GArray *open, guint column, guint row) {
  guint cell = row * c->columns + column;
  if (column >= c->columns || row >= c->rows || done[cell] || c->cells[cell] != 0)
    return;
  done[cell] = TRUE;
  g_array_append_val(open, cell);
}

/* Cells of the connected piece that holds `cell`. */
static GArray *piece_of(const IvFloorView *c, guint8 *done, guint cell) {
  GArray *cells = g_array_new(FALSE, FALSE, sizeof(guint));
  visit(c, done, cells, cell % c->columns, cell / c->columns);
  for (guint i = 0; i < cells->len; i++) {
    guint at = g_array_index(cells, guint, i), column = at % c->columns, row = at / c->columns;
    visit(c, done, cells, column + 1, row);
    visit(c, done, cells, column - 1, row); /* wraps round to beyond the last column */
    visit(c, done, cells, column, row + 1);
    visit(c, done, cells, column, row - 1);
  }
  return cells;
}

static IvPlanPoint middle_of(const IvFloorView *c, guint cell) {
  return (IvPlanPoint){(cell % c->columns + 0.5) * c->cell_m,
                       (cell / c->columns + 0.5) * c->cell_m};
}

/* The middle of a piece that bends may lie beside it: its nearest cell is taken. */
static IvBlindSpot spot_of(const IvFloorView *c, const GArray *cells) {
  IvBlindSpot spot = {.area_m2 = cells->len * c->cell_m * c->cell_m};
  double x = 0, y = 0, nearest = INFINITY;
  for (guint i = 0; i < cells->len; i++) {
    IvPlanPoint at = middle_of(c, g_array_index(cells, guint, i));
    x += at.x / cells->len;
    y += at.y / cells->len;
  }
  for (guint i = 0; i < cells->len; i++) {
    IvPlanPoint at = middle_of(c, g_array_index(cells, guint, i));
    double d = hypot(at.x - x, at.y - y);
    if (d < nearest) {
      nearest = d;
      spot.at = at;
    }
  }
  return spot;
}

static int by_area(gconstpointer a, gconstpointer b) {
  double x = ((const IvBlindSpot *)a)->area_m2, y = ((const IvBlindSpot *)b)->area_m2;
  return (x < y) - (x > y);
}

GArray *iv_floor_view_blind_spots(const IvFloorView *view, double min_m2) {
  GArray *spots = g_array_new(FALSE, FALSE, sizeof(IvBlindSpot));
  g_autofree guint8 *done = g_new0(guint8, view->columns * view->rows);
  for (guint cell = 0; cell < view->columns * view->rows; cell++) {
    if (done[cell] || view->cells[cell] != 0)
      continue;
    g_autoptr(GArray) cells = piece_of(view, done, cell);
    IvBlindSpot spot = spot_of(view, cells);
    if (spot.area_m2 >= min_m2)
      g_array_append_val(spots, spot);
  }
  g_array_sort(spots, by_area);
  return spots;
}
