/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sim_scene.h"

#include <math.h>

#define PLAN_PX 100 /* the plan is whole centimetres */
#define ROWS 24     /* of the picture, four hundredths apart */
#define COLUMNS 24
#define PAIRS 12
#define SPECK 2e-5 /* of the plan: what is smaller hides nobody, and scenes refuse it */

/* Whole pixels, so that the picture is the floor to the last bit. */
IvFloorArea iv_sim_plan_area(const IvScenario *scenario) {
  IvFloorArea area = iv_floor_area_grown(iv_outline_bounds(&scenario->walls), IV_SIM_PLAN_MARGIN);
  area.x1 = area.x0 + ceil((area.x1 - area.x0) * PLAN_PX - 1e-6) / PLAN_PX;
  area.y1 = area.y0 + ceil((area.y1 - area.y0) * PLAN_PX - 1e-6) / PLAN_PX;
  return area;
}

IvPlanPoint iv_sim_on_plan(const IvScenario *scenario, IvSpot at) {
  IvFloorArea area = iv_sim_plan_area(scenario);
  return (IvPlanPoint){at.x - area.x0, at.y - area.y0};
}

/* The place on the floor at this share of the picture (docs/simulator.md); FALSE above the horizon
 * or beyond the reach. Worked out from the share as the scene keeps it, so the pair is exact. */
static gboolean floor_at(const IvSimCamera *c, IvPoint share, IvSpot *ret_at) {
  double f = c->width / 2.0 / tan(c->hfov / 2);
  double right = ((double)share.x - 0.5) * c->width / f;
  double down = ((double)share.y - 0.5) * c->height_px / f;
  double sy = sin(c->yaw), cy = cos(c->yaw), sp = sin(c->pitch), cp = cos(c->pitch);
  double sink = sp + cp * down; /* metres down for each metre of the axis */
  if (!(sink > 1e-6))
    return FALSE;
  double along = c->height / sink;
  double ahead = (cp - sp * down) * along, across = right * along;
  if (hypot(ahead, across) > IV_SIM_PAIRS_REACH)
    return FALSE;
  *ret_at =
      (IvSpot){c->position.x + cy * ahead - sy * across, c->position.y + sy * ahead + cy * across};
  return TRUE;
}

static gboolean is_on_plan(const IvFloorArea *area, IvSpot at) {
  return at.x >= area->x0 && at.x <= area->x1 && at.y >= area->y0 && at.y <= area->y1;
}

/* Every place of a grid over the picture that could be pointed out; returns how many. */
static guint list_places(const IvScenario *s, const IvSimCamera *c,
                         IvPointPair ret_pairs[ROWS * COLUMNS]) {
  IvFloorArea area = iv_sim_plan_area(s);
  guint n = 0;
  for (int row = 0; row < ROWS; row++)
    for (int column = 0; column < COLUMNS; column++) {
      IvSpot at;
      IvPoint share = {(float)(4 + column * 4) / 100, (float)(96 - row * 4) / 100};
      if (floor_at(c, share, &at) && is_on_plan(&area, at))
        ret_pairs[n++] = (IvPointPair){share, iv_sim_on_plan(s, at)};
    }
  return n;
}

static double apart(const IvPointPair *a, const IvPointPair *b) {
  return hypot((double)a->image.x - b->image.x, (double)a->image.y - b->image.y);
}

/* Brings those to the front that lie farthest from all before them. */
static void spread(IvPointPair *pairs, guint n, guint wanted) {
  for (guint chosen = 1; chosen < wanted; chosen++) {
    guint best = chosen;
    double farthest = -1;
    for (guint i = chosen; i < n; i++) {
      double nearest = INFINITY;
      for (guint k = 0; k < chosen; k++)
        nearest = MIN(nearest, apart(&pairs[i], &pairs[k]));
      if (nearest > farthest) {
        farthest = nearest;
        best = i;
      }
    }
    IvPointPair swap = pairs[chosen];
    pairs[chosen] = pairs[best];
    pairs[best] = swap;
  }
}

gboolean iv_sim_calibrate(const IvScenario *scenario, guint camera, IvScene *scene) {
  const IvSimCamera *c = &scenario->cameras[camera];
  IvPointPair pairs[ROWS * COLUMNS];
  guint n = list_places(scenario, c, pairs);
  scene->image = (IvSize){c->width, c->height_px};
  scene->camera_height_m = c->height;
  scene->n_pairs = 0;
  g_clear_pointer(&scene->pairs, g_free);
  scene->has_homography = FALSE;
  if (n < PAIRS)
    return FALSE;
  spread(pairs, n, PAIRS);
  scene->n_pairs = PAIRS;
  scene->pairs = g_memdup2(pairs, PAIRS * sizeof *pairs);
  if (iv_scene_calibrate(scene, NULL))
    return TRUE;
  g_clear_pointer(&scene->pairs, g_free);
  scene->n_pairs = 0;
  return FALSE;
}

static IvArea area_on_plan(const IvScenario *s, const IvPlanSheet *plan, const IvOutline *outline) {
  IvArea area = {.n_points = outline->n};
  for (guint i = 0; i < outline->n; i++)
    area.polygon[i] = iv_plan_to_share(plan, iv_sim_on_plan(s, outline->at[i]));
  return area;
}

void iv_sim_put_floor(const IvScenario *scenario, IvScene *plan) {
  IvPlanSheet *sheet = &plan->plan;
  g_return_if_fail(sheet->n_walls == 0 && sheet->n_obstacles == 0);
  if (scenario->walls.n <= IV_POLYGON_MAX) {
    sheet->walls = g_new0(IvArea, 1);
    sheet->walls[sheet->n_walls++] = area_on_plan(scenario, sheet, &scenario->walls);
  }
  sheet->obstacles = g_new0(IvPlanObstacle, MAX(scenario->n_obstacles, 1));
  for (guint i = 0; i < scenario->n_obstacles && sheet->n_obstacles < IV_PLAN_OBSTACLES_MAX; i++) {
    const IvObstacle *o = &scenario->obstacles[i];
    if (o->outline.n > IV_POLYGON_MAX)
      continue;
    IvPlanObstacle obstacle = {.area = area_on_plan(scenario, sheet, &o->outline)};
    obstacle.height_m = CLAMP(o->height, IV_OBSTACLE_HEIGHT_MIN, IV_OBSTACLE_HEIGHT_MAX);
    if (iv_polygon_area(obstacle.area.polygon, obstacle.area.n_points) >= SPECK)
      sheet->obstacles[sheet->n_obstacles++] = obstacle;
  }
}
