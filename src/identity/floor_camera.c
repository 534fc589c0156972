/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_camera.h"

#include <math.h>

#define BOX_SD 0.006  /* of an edge of a box, share of the picture's width */
#define FLOOR_SD 0.08 /* metres: a step is not a point */
#define MOVED 0.5     /* metres from one sight that counts to the next: what hides feet stands */
#define SIGHTS 4
#define TALLEST 2.3       /* metres */
#define TALL_SD 0.03      /* metres: steps */
#define HIDDEN_BELOW 0.15 /* metres, and as many SDs, that a body is too short: feet are hidden */
#define HIDDEN_SDS 0.5
#define LATELY 0.15     /* of a sight in the mean */
#define UNPROVEN_SD 0.8 /* metres: without a head nobody knows whether those are the feet */
#define AT_EDGE 0.03    /* share of the picture: a box that ends so near may be cut off */
#define CUT_SD 0.5      /* metres, where feet are below the picture */
#define AT_SIDE 0.015   /* the same, left and right */
#define SURE 0.12       /* metres: heights that are less sure say nothing */

IvFloorCamera iv_floor_camera_new(const IvHomography *to_plan, IvSize image_px, double height_m) {
  IvFloorCamera camera = {.to_plan = *to_plan, .image_px = image_px};
  camera.has_pose = iv_camera_pose(to_plan, image_px, height_m, &camera.pose) &&
                    (!camera.pose.assumed_lens || height_m > 0);
  return camera;
}

/* ---- places ---- */

/* One reading of the place: from the feet, or from the head. */
typedef struct {
  gboolean known;
  double x, y, sd_along, sd_across;
} Reading;

static double distance(const IvFloorCamera *camera, IvPlanPoint p) {
  return hypot(p.x - camera->pose.foot.x, p.y - camera->pose.foot.y);
}

/* Metres on the floor that an error of BOX_SD upwards and sideways makes at a place of the picture.
 */
static gboolean spread(const IvFloorCamera *camera, IvPoint at, Reading *reading) {
  double step = BOX_SD, aspect = (double)camera->image_px.width / camera->image_px.height;
  IvPlanPoint here, down, aside;
  if (!iv_homography_to_plan(&camera->to_plan, at, &here) ||
      !iv_homography_to_plan(&camera->to_plan, (IvPoint){at.x, at.y + (float)(step * aspect)},
                             &down) ||
      !iv_homography_to_plan(&camera->to_plan, (IvPoint){at.x + (float)step, at.y}, &aside))
    return FALSE;
  reading->x = here.x;
  reading->y = here.y;
  reading->sd_along = hypot(down.x - here.x, down.y - here.y);
  reading->sd_across = hypot(aside.x - here.x, aside.y - here.y) / G_SQRT2;
  return TRUE;
}

static Reading from_feet(const IvFloorCamera *camera, const IvBox *box) {
  Reading feet = {0};
  if (box->y1 > 1 - AT_EDGE)
    return feet;
  feet.known = spread(camera, iv_box_ground_point(box), &feet);
  feet.sd_along = hypot(feet.sd_along, FLOOR_SD);
  feet.sd_across = hypot(feet.sd_across, FLOOR_SD);
  return feet;
}

/* The place whose feet are at u and whose head, `tall` metres higher, is at v: two linear equations
 * of the projection. */
static gboolean under_head(const IvFloorCamera *camera, double u, double v, double tall,
                           IvPlanPoint *ret_place) {
  const double *m = camera->pose.m;
  double a[2][2], b[2];
  for (int k = 0; k < 2; k++) {
    a[0][k] = m[k] - u * m[8 + k];
    a[1][k] = m[4 + k] - v * m[8 + k];
  }
  b[0] = u * m[11] - m[3];
  b[1] = v * (m[10] * tall + m[11]) - (m[6] * tall + m[7]);
  double determinant = a[0][0] * a[1][1] - a[0][1] * a[1][0];
  ret_place->x = (b[0] * a[1][1] - b[1] * a[0][1]) / determinant;
  ret_place->y = (a[0][0] * b[1] - a[1][0] * b[0]) / determinant;
  double w = m[8] * ret_place->x + m[9] * ret_place->y + m[11];
  return w > 0 && w + m[10] * tall > 0 && fabs(ret_place->x) < IV_PLAN_METRES_MAX &&
         fabs(ret_place->y) < IV_PLAN_METRES_MAX;
}

static double apart(IvPlanPoint a, IvPlanPoint b) {
  return hypot(a.x - b.x, a.y - b.y);
}

static Reading from_head(const IvFloorCamera *camera, const IvBox *box, const IvStature *stature) {
  Reading head = {0};
  double u = ((double)box->x0 + box->x1) / 2, v = box->y0, tall = stature->metres;
  double step = BOX_SD * camera->image_px.width / camera->image_px.height;
  double sd = stature->sd;
  IvPlanPoint here, higher, aside, taller;
  if (!camera->has_pose || box->y0 < AT_EDGE || camera->pose.height < tall + 0.2 ||
      !under_head(camera, u, v, tall, &here) || !under_head(camera, u, v + step, tall, &higher) ||
      !under_head(camera, u + BOX_SD, v, tall, &aside) ||
      !under_head(camera, u, v, tall - sd, &taller))
    return head;
  head.known = TRUE;
  head.x = here.x;
  head.y = here.y;
  head.sd_along = hypot(hypot(apart(here, higher), apart(here, taller)), FLOOR_SD);
  head.sd_across = hypot(apart(here, aside) / G_SQRT2, FLOOR_SD);
  return head;
}

typedef struct {
  double metres, sd, distance, distance_sd; /* NAN = unknown */
} Over;

/* How high over the feet the upper edge of the box is. */
static double height_over(const IvFloorCamera *camera, double x, double y, double v) {
  const double *m = camera->pose.m;
  double foot = m[4] * x + m[5] * y + m[7] - v * (m[8] * x + m[9] * y + m[11]);
  return -foot / (m[6] - v * m[10]);
}

static Over over_feet(const IvFloorCamera *camera, const IvBox *box, const Reading *feet) {
  Over tall = {(double)NAN, 0, 0, feet->sd_along};
  if (!camera->has_pose || !feet->known || box->y0 < AT_EDGE)
    return tall;
  double step = BOX_SD * camera->image_px.width / camera->image_px.height, v = box->y0;
  tall.distance = distance(camera, (IvPlanPoint){feet->x, feet->y});
  tall.metres = height_over(camera, feet->x, feet->y, v);
  double by_head = height_over(camera, feet->x, feet->y, v + step) - tall.metres;
  double by_feet = camera->pose.height * feet->sd_along / MAX(tall.distance, 0.1) *
                   (1 - tall.metres / camera->pose.height);
  tall.sd = hypot(by_head, by_feet);
  return tall;
}

static gboolean are_feet_hidden(double height, const Over *tall, const IvStature *stature) {
  return height < stature->metres - HIDDEN_BELOW - HIDDEN_SDS * tall->sd;
}

/* All sights of about one place are one: what hides feet there hides them in all. */
static void learn(IvStature *stature, const Over *tall, const Reading *feet, IvTallness *lately) {
  if (!(tall->metres > 0) || tall->metres > TALLEST || tall->sd > SURE)
    return;
  if (lately->n == 0) {
    lately->x = feet->x;
    lately->y = feet->y;
  }
  double weight = 1 / (tall->sd * tall->sd);
  lately->sum += weight * tall->metres;
  lately->weight += weight;
  lately->n++;
  if (lately->n < SIGHTS ||
      hypot(feet->x - lately->x, feet->y - lately->y) < MOVED + feet->sd_along)
    return;
  double sd = hypot(sqrt(2 / lately->weight), TALL_SD); /* neighbouring sights err alike */
  iv_stature_see(stature, lately->sum / lately->weight, sd);
  lately->n = 0;
  lately->sum = lately->weight = 0;
}

static void weigh(double *sum, double *weights, double value, double sd) {
  *sum += value / (sd * sd);
  *weights += 1 / (sd * sd);
}

/* Both readings by their certainty along the line of sight; across it they say the same. */
static void join_readings(const Reading *feet, const Reading *head, IvFloorPlace *place) {
  double fx = feet->x, fy = feet->y, along = 0, weights = 0;
  double off = (head->x - fx) * place->sight_x + (head->y - fy) * place->sight_y;
  weigh(&along, &weights, 0, feet->sd_along);
  weigh(&along, &weights, off, head->sd_along);
  along /= weights;
  place->x = fx + along * place->sight_x;
  place->y = fy + along * place->sight_y;
  place->sd_along = 1 / sqrt(weights);
  place->sd_across = MIN(feet->sd_across, head->sd_across);
}

static void look_along(const IvFloorCamera *camera, IvFloorPlace *place) {
  double dx = place->x - camera->pose.foot.x, dy = place->y - camera->pose.foot.y,
         far = hypot(dx, dy);
  place->sight_x = camera->has_pose && far > 0 ? dx / far : 1;
  place->sight_y = camera->has_pose && far > 0 ? dy / far : 0;
  if (!camera->has_pose)
    place->sd_along = place->sd_across = MAX(place->sd_along, place->sd_across);
}

static IvFloorPlace place_of(const IvFloorCamera *camera, const Reading *reading) {
  IvFloorPlace place = {reading->x, reading->y, 1, 0, reading->sd_along, reading->sd_across};
  look_along(camera, &place);
  return place;
}

gboolean iv_floor_camera_place(const IvFloorCamera *camera, const IvBox *box, IvStature *stature,
                               IvTallness *lately, IvFloorPlace *ret_place) {
  if (stature->metres <= 0)
    iv_stature_begin(stature);
  Reading feet = from_feet(camera, box);
  Over tall = over_feet(camera, box, &feet);
  if (!isnan(tall.metres))
    lately->metres = lately->metres == 0 ? tall.metres
                                         : lately->metres + LATELY * (tall.metres - lately->metres);
  gboolean hidden = lately->metres != 0 && are_feet_hidden(lately->metres, &tall, stature);
  learn(stature, &tall, &feet, lately);
  Reading head = from_head(camera, box, stature);
  if (!head.known && (!feet.known || hidden))
    return FALSE;
  if (feet.known && !hidden) {
    *ret_place = place_of(camera, &feet);
    if (head.known)
      join_readings(&feet, &head, ret_place);
    else
      ret_place->sd_along = hypot(ret_place->sd_along, UNPROVEN_SD);
  } else {
    *ret_place = place_of(camera, &head);
  }
  if (!feet.known) { /* under the camera: what is seen of him is no upright box */
    ret_place->sd_along = hypot(ret_place->sd_along, CUT_SD);
    ret_place->sd_across = hypot(ret_place->sd_across, CUT_SD);
  }
  if (box->x0 < AT_SIDE || box->x1 > 1 - AT_SIDE)
    ret_place->sd_across += 0.3;
  return TRUE;
}
