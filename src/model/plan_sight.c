/* SPDX-License-Identifier: Apache-2.0 */
#include "model/plan_sight.h"

#include <math.h>

static const char *const part_names[IV_PLAN_PARTS] = {"zone", "line", "queue", "service"};

const char *iv_plan_part_name(IvPlanPart part) {
  return part_names[part];
}

/* ---- where to look ---- */

#define PLACES_MAX (IV_PLAN_SAMPLES * IV_PLAN_SAMPLES + 1)

typedef struct {
  guint n, least; /* so many of them seen are enough */
  IvPlanPoint at[PLACES_MAX];
} Places;

static void add(Places *places, IvPlanPoint at) {
  places->at[places->n++] = at;
}

/* Mean of the corners: inside of whatever bulges nowhere inwards. */
static IvPoint middle_of(const IvPoint *polygon, guint n) {
  double x = 0, y = 0;
  for (guint i = 0; i < n; i++) {
    x += polygon[i].x;
    y += polygon[i].y;
  }
  return (IvPoint){(float)(x / n), (float)(y / n)};
}

static void add_floor(Places *places, const IvPlanSheet *plan, const IvPoint *polygon, guint n,
                      IvPoint share) {
  IvPlanPoint at = iv_plan_to_metres(plan, share);
  if (iv_polygon_contains(polygon, n, share) && iv_plan_is_floor(plan, at))
    add(places, at);
}

/* A grid over the area, and its middle. Of an area so thin that they all miss it, or in which there
 * is no floor, the corners. */
static void look_into(const IvPlanSheet *plan, const IvPoint *polygon, guint n, Places *ret) {
  IvBox box = iv_polygon_bounds(polygon, n);
  ret->n = 0;
  add_floor(ret, plan, polygon, n, middle_of(polygon, n));
  for (int y = 0; y < IV_PLAN_SAMPLES; y++)
    for (int x = 0; x < IV_PLAN_SAMPLES; x++)
      add_floor(ret, plan, polygon, n,
                (IvPoint){box.x0 + iv_box_width(&box) * ((float)x + 0.5f) / IV_PLAN_SAMPLES,
                          box.y0 + iv_box_height(&box) * ((float)y + 0.5f) / IV_PLAN_SAMPLES});
  G_STATIC_ASSERT(IV_POLYGON_MAX <= PLACES_MAX);
  for (guint i = 0; ret->n == 0 && i < n; i++)
    ret->at[i] = iv_plan_to_metres(plan, polygon[i]);
  ret->n = ret->n ? ret->n : n;
  ret->least = (ret->n + IV_PLAN_SEEN_PART - 1) / IV_PLAN_SEEN_PART;
}

static void look_at_line(const IvPlanSheet *plan, const IvLine *line, Places *ret) {
  IvPlanPoint a = iv_plan_to_metres(plan, line->a), b = iv_plan_to_metres(plan, line->b);
  double length = hypot(b.x - a.x, b.y - a.y);
  double aside_x = length > 0 ? -(b.y - a.y) / length * IV_PLAN_BESIDE_M : 0;
  double aside_y = length > 0 ? (b.x - a.x) / length * IV_PLAN_BESIDE_M : 0;
  *ret = (Places){.least = 1};
  for (int along = 0; along <= 2; along++)
    for (int side = -1; side <= 1; side++)
      add(ret, (IvPlanPoint){a.x + (b.x - a.x) * along / 2 + side * aside_x,
                             a.y + (b.y - a.y) * along / 2 + side * aside_y});
}

/* ---- who sees it ---- */

static gboolean sees(const IvSight *sight, const IvPlanSheet *plan, const Places *places) {
  guint seen = 0;
  for (guint i = 0; i < places->n && seen < places->least; i++) {
    if (seen + places->n - i < places->least)
      return FALSE; /* the rest is too few */
    seen += iv_sight_sees(sight, plan, places->at[i]) ? 1 : 0;
  }
  return seen >= places->least;
}

typedef struct {
  const IvScene *plan;
  const IvSight *sights;
  guint n;
  GArray *seen;
} Look;

static void tell(Look *look, IvPlanPart part, guint index, const Places *places) {
  IvPlanSeen seen = {.part = part, .index = index};
  for (guint i = 0; i < look->n; i++)
    if (look->sights[i].has_pose && sees(&look->sights[i], &look->plan->plan, places))
      seen.cameras[seen.n_cameras++] = (guint8)i;
  g_array_append_val(look->seen, seen);
}

static void tell_area(Look *look, IvPlanPart part, guint index, const IvPoint *polygon, guint n) {
  Places places;
  look_into(&look->plan->plan, polygon, n, &places);
  tell(look, part, index, &places);
}

static void tell_lane(Look *look, guint index) {
  const IvScene *plan = look->plan;
  int of = iv_scene_queue_of(plan, index);
  const IvArea *queue = of >= 0 ? &plan->lanes[of].queue : NULL;
  const IvArea *service = &plan->lanes[index].service;
  if (queue)
    tell_area(look, IV_PLAN_QUEUE, index, queue->polygon, queue->n_points);
  tell_area(look, IV_PLAN_SERVICE, index, service->polygon, service->n_points);
}

GArray *iv_plan_seen(const IvScene *plan, const IvSight *sights, guint n) {
  Look look = {plan, sights, MIN(n, IV_FLOOR_VIEW_CAMERAS_MAX),
               g_array_new(FALSE, FALSE, sizeof(IvPlanSeen))};
  for (guint i = 0; i < plan->n_zones; i++)
    tell_area(&look, IV_PLAN_ZONE, i, plan->zones[i].polygon, plan->zones[i].n_points);
  for (guint i = 0; i < plan->n_lines; i++) {
    Places places;
    look_at_line(&plan->plan, &plan->lines[i], &places);
    tell(&look, IV_PLAN_LINE, i, &places);
  }
  for (guint i = 0; i < plan->n_lanes; i++)
    tell_lane(&look, i);
  return look.seen;
}
