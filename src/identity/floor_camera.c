/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_camera.h"

#include <math.h>

#define BOX_SD 0.006        /* of an edge of a box, share of the picture's width */
#define FLOOR_SD 0.08       /* metres: a step is not a point */
#define STATURE_SD 0.08     /* metres, of somebody whose height was watched */
#define STATURE_SD_NEW 0.15 /* and of somebody new */
#define STATURE_MIN 0.9
#define STATURE_MAX 2.1
#define HIDDEN_BELOW 0.15 /* metres, and as many SDs, that a body is too short: feet are hidden */
#define HIDDEN_SDS 1.2
#define AT_EDGE 0.004 /* share of the picture: a box that ends there is cut off */
#define RISE 0.12
#define FALL 0.01
#define FALL_NEW 0.06 /* of the first NEW sights */
#define NEW 20
#define FALL_WITHIN 0.30 /* metres */
#define SMALL_N 15       /* sights that make somebody small */
#define SMALL_SD 0.08    /* metres between them */
#define SMALL_WAY 1.0    /* metres nearer or further */

static void invert3(const double m[9], double r[9]) {
  double a = m[4] * m[8] - m[5] * m[7], b = m[5] * m[6] - m[3] * m[8],
         c = m[3] * m[7] - m[4] * m[6];
  double d = m[0] * a + m[1] * b + m[2] * c;
  double inverse[9] = {a, m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                       b, m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                       c, m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
  for (int i = 0; i < 9; i++)
    r[i] = inverse[i] / d;
}

/* Columns of K [r1 r2 t] up to a factor, pixels from the middle of the picture. */
static void floor_to_pixels(const IvFloorCamera *camera, double ret_m[9]) {
  double w = camera->image_px.width, h = camera->image_px.height;
  invert3(camera->to_plan.m, ret_m);
  for (int k = 0; k < 3; k++) {
    ret_m[k] = w * ret_m[k] - w / 2 * ret_m[6 + k];
    ret_m[3 + k] = h * ret_m[3 + k] - h / 2 * ret_m[6 + k];
  }
}

/* r1 and r2 are of one length and at a right angle: two equations for 1 / f². */
static double focal_length(const double m[9]) {
  double p1 = m[0] * m[1] + m[3] * m[4], q1 = m[6] * m[7];
  double p2 = m[0] * m[0] + m[3] * m[3] - m[1] * m[1] - m[4] * m[4];
  double q2 = m[6] * m[6] - m[7] * m[7];
  double norm = p1 * p1 + p2 * p2;
  double u = norm > 0 ? -(p1 * q1 + p2 * q2) / norm : 0;
  return u > 0 ? 1 / sqrt(u) : (double)NAN;
}

static void find_lens(IvFloorCamera *camera) {
  double m[9];
  floor_to_pixels(camera, m);
  double f = focal_length(m);
  if (!(f > 0.2 * camera->image_px.width && f < 20.0 * camera->image_px.width))
    return;
  double r1[3] = {m[0] / f, m[3] / f, m[6]}, r2[3] = {m[1] / f, m[4] / f, m[7]};
  double t[3] = {m[2] / f, m[5] / f, m[8]};
  double size = (sqrt(r1[0] * r1[0] + r1[1] * r1[1] + r1[2] * r1[2]) +
                 sqrt(r2[0] * r2[0] + r2[1] * r2[1] + r2[2] * r2[2])) /
                2;
  for (int i = 0; i < 3; i++) {
    r1[i] /= size;
    r2[i] /= size;
    t[i] /= size;
  }
  double r3[3] = {r1[1] * r2[2] - r1[2] * r2[1], r1[2] * r2[0] - r1[0] * r2[2],
                  r1[0] * r2[1] - r1[1] * r2[0]};
  camera->lens.x = -(r1[0] * t[0] + r1[1] * t[1] + r1[2] * t[2]);
  camera->lens.y = -(r2[0] * t[0] + r2[1] * t[1] + r2[2] * t[2]);
  camera->height = fabs(r3[0] * t[0] + r3[1] * t[1] + r3[2] * t[2]);
  camera->has_lens = isfinite(camera->height) && camera->height > 1 && camera->height < 100;
}

IvFloorCamera iv_floor_camera_new(const IvHomography *to_plan, IvSize image_px) {
  IvFloorCamera camera = {.to_plan = *to_plan, .image_px = image_px};
  find_lens(&camera);
  return camera;
}

/* ---- places ---- */

/* One reading of the place: from the feet, or from the head. */
typedef struct {
  gboolean known;
  double x, y, sd_along, sd_across;
} Reading;

static double distance(const IvFloorCamera *camera, IvPlanPoint p) {
  return hypot(p.x - camera->lens.x, p.y - camera->lens.y);
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

/* The line of sight over the head meets the floor beyond; the head is where it is `stature` high.
 */
static Reading from_head(const IvFloorCamera *camera, const IvBox *box, const IvStature *stature) {
  Reading head = {0};
  IvPoint top = {(box->x0 + box->x1) / 2, box->y0};
  if (!camera->has_lens || box->y0 < AT_EDGE || camera->height < stature->metres + 0.2 ||
      !spread(camera, top, &head))
    return head;
  double share = 1 - stature->metres / camera->height;
  double beyond = distance(camera, (IvPlanPoint){head.x, head.y});
  double sd = stature->n > NEW ? STATURE_SD : STATURE_SD_NEW;
  head.known = TRUE;
  head.x = camera->lens.x + (head.x - camera->lens.x) * share;
  head.y = camera->lens.y + (head.y - camera->lens.y) * share;
  head.sd_along = hypot(head.sd_along * share, beyond * sd / camera->height);
  head.sd_across = hypot(head.sd_across * share, FLOOR_SD);
  return head;
}

typedef struct {
  double metres, sd, distance; /* NAN = unknown */
} Tallness;

/* How tall somebody is whose feet are there and whose head is under the upper edge. */
static Tallness tallness(const IvFloorCamera *camera, const IvBox *box, const Reading *feet) {
  Tallness tall = {(double)NAN, 0, 0};
  Reading beyond = {0};
  IvPoint top = {(box->x0 + box->x1) / 2, box->y0};
  if (!camera->has_lens || !feet->known || box->y0 < AT_EDGE)
    return tall;
  tall.distance = distance(camera, (IvPlanPoint){feet->x, feet->y});
  tall.metres = STATURE_MAX;
  if (!spread(camera, top, &beyond))
    return tall;
  double far = distance(camera, (IvPlanPoint){beyond.x, beyond.y});
  tall.metres = camera->height * (1 - tall.distance / far);
  tall.sd = camera->height / far * hypot(feet->sd_along, tall.distance / far * beyond.sd_along);
  return tall;
}

static gboolean are_feet_hidden(const Tallness *tall, const IvStature *stature) {
  return tall->metres < stature->metres - HIDDEN_BELOW - HIDDEN_SDS * tall->sd;
}

static void watch_small(IvStature *stature, const Tallness *tall) {
  if (stature->n_low == 0) {
    stature->low_sum = stature->low_sum2 = 0;
    stature->low_near = stature->low_far = tall->distance;
  }
  stature->n_low++;
  stature->low_sum += tall->metres;
  stature->low_sum2 += tall->metres * tall->metres;
  stature->low_near = MIN(stature->low_near, tall->distance);
  stature->low_far = MAX(stature->low_far, tall->distance);
  double mean = stature->low_sum / stature->n_low;
  double variance = stature->low_sum2 / stature->n_low - mean * mean;
  if (variance > SMALL_SD * SMALL_SD) {
    stature->n_low = 0;
  } else if (stature->n_low >= SMALL_N && stature->low_far - stature->low_near > SMALL_WAY) {
    stature->metres = mean;
    stature->n_low = 0;
  }
}

static void learn(IvStature *stature, const Tallness *tall) {
  if (!(tall->metres > STATURE_MIN && tall->metres < STATURE_MAX)) {
    stature->n_low = 0;
    return;
  }
  if (are_feet_hidden(tall, stature))
    watch_small(stature, tall);
  else
    stature->n_low = 0;
  double more = tall->metres - stature->metres;
  if (more > 0)
    stature->metres += RISE * more;
  else if (more > -FALL_WITHIN)
    stature->metres += (stature->n < NEW ? FALL_NEW : FALL) * more;
  stature->n++;
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
  double dx = place->x - camera->lens.x, dy = place->y - camera->lens.y, far = hypot(dx, dy);
  place->sight_x = camera->has_lens && far > 0 ? dx / far : 1;
  place->sight_y = camera->has_lens && far > 0 ? dy / far : 0;
  if (!camera->has_lens)
    place->sd_along = place->sd_across = MAX(place->sd_along, place->sd_across);
}

static IvFloorPlace place_of(const IvFloorCamera *camera, const Reading *reading) {
  IvFloorPlace place = {reading->x, reading->y, 1, 0, reading->sd_along, reading->sd_across};
  look_along(camera, &place);
  return place;
}

gboolean iv_floor_camera_place(const IvFloorCamera *camera, const IvBox *box, IvStature *stature,
                               IvFloorPlace *ret_place) {
  if (stature->metres <= 0)
    *stature = (IvStature){.metres = IV_STATURE_USUAL};
  Reading feet = from_feet(camera, box);
  Tallness tall = tallness(camera, box, &feet);
  gboolean hidden = are_feet_hidden(&tall, stature);
  learn(stature, &tall);
  Reading head = from_head(camera, box, stature);
  if (!head.known && (!feet.known || hidden))
    return FALSE;
  if (feet.known && !hidden) {
    *ret_place = place_of(camera, &feet);
    if (head.known)
      join_readings(&feet, &head, ret_place);
  } else {
    *ret_place = place_of(camera, &head);
  }
  if (box->x0 < AT_EDGE || box->x1 > 1 - AT_EDGE)
    ret_place->sd_across += 0.3;
  return TRUE;
}
