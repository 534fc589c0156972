/* SPDX-License-Identifier: Apache-2.0 */
#include "base/camera_pose.h"

#include <math.h>
#include <string.h>

/* In widths of the picture. */
#define FOCAL_MIN 0.2       /* 136 degrees */
#define FOCAL_MAX 5.0       /* 11 degrees */
#define FOCAL_ASSUMED 0.714 /* 70 degrees */
#define TILT_MIN 0.1 /* sine of the angle to the vertical from which the floor tells the lens */
#define ROUNDS 60

typedef struct {
  double x, y, z;
} Vector;

static double dot(Vector a, Vector b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
static Vector scaled(Vector a, double s) {
  return (Vector){a.x * s, a.y * s, a.z * s};
}
static Vector minus(Vector a, Vector b) {
  return (Vector){a.x - b.x, a.y - b.y, a.z - b.z};
}
static Vector cross(Vector a, Vector b) {
  return (Vector){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

/* Columns of the map from the plan to the picture, in widths from its middle. */
typedef struct {
  Vector a[3];
} Floor;

static Floor floor_of(const IvHomography *h, double aspect) {
  const double *m = h->m;
  double g[9] = {m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                 m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                 m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
  Floor floor;
  for (int i = 0; i < 3; i++)
    floor.a[i] = (Vector){g[i] - g[6 + i] / 2, (g[3 + i] - g[6 + i] / 2) * aspect, g[6 + i]};
  return floor;
}

/* The camera with this focal length that sees the floor so. */
typedef struct {
  Vector r1, r2, r3; /* axes of the plan (x, y, down) seen by the camera (right, down, ahead) */
  Vector centre;     /* of the camera: plan x, y, metres down */
  double size;       /* length of the floor's columns */
} Guess;

static Guess guess(const Floor *floor, double focal) {
  Vector b[3];
  for (int i = 0; i < 3; i++)
    b[i] = (Vector){floor->a[i].x / focal, floor->a[i].y / focal, floor->a[i].z};
  Guess g;
  g.size = sqrt(sqrt(dot(b[0], b[0]) * dot(b[1], b[1])));
  g.r1 = scaled(b[0], 1 / sqrt(dot(b[0], b[0])));
  g.r2 = minus(b[1], scaled(g.r1, dot(b[1], g.r1)));
  g.r2 = scaled(g.r2, 1 / sqrt(dot(g.r2, g.r2)));
  g.r3 = cross(g.r1, g.r2);
  Vector t = scaled(b[2], 1 / g.size);
  g.centre = (Vector){-dot(g.r1, t), -dot(g.r2, t), -dot(g.r3, t)};
  return g;
}

/* From the plan's axes being at right angles and of one length; 0 = the floor does not tell. */
static double focal_of_floor(const Floor *floor) {
  const Vector *a = floor->a;
  double across[2] = {a[0].x * a[1].x + a[0].y * a[1].y,
                      (a[0].x * a[0].x + a[0].y * a[0].y - a[1].x * a[1].x - a[1].y * a[1].y) / 2};
  double ahead[2] = {a[0].z * a[1].z, (a[0].z * a[0].z - a[1].z * a[1].z) / 2};
  double square = across[0] * across[0] + across[1] * across[1];
  double share = square > 0 ? -(across[0] * ahead[0] + across[1] * ahead[1]) / square : 0;
  double focal = share > 0 ? 1 / sqrt(share) : 0;
  if (!(focal >= FOCAL_MIN && focal <= FOCAL_MAX))
    return 0;
  Guess g = guess(floor, focal);
  return hypot(g.r1.z, g.r2.z) >= TILT_MIN ? focal : 0;
}

/* The focal length that puts the camera so high; 0 when none does. */
static double focal_of_height(const Floor *floor, double height) {
  double low = FOCAL_MIN, high = FOCAL_MAX;
  double at_low = -guess(floor, low).centre.z - height;
  double at_high = -guess(floor, high).centre.z - height;
  if (!(at_low * at_high < 0))
    return 0;
  for (int i = 0; i < ROUNDS; i++) {
    double mid = sqrt(low * high);
    double at = -guess(floor, mid).centre.z - height;
    if ((at < 0) == (at_low < 0))
      low = mid;
    else
      high = mid;
  }
  return sqrt(low * high);
}

/* The floor's columns as they are, so that the floor is met exactly, and one for what is up. */
static void put_projection(IvCameraPose *pose, const Floor *floor, const Guess *g, double focal) {
  Vector up = scaled(g->r3, -g->size);
  Vector columns[4] = {floor->a[0], floor->a[1], {up.x * focal, up.y * focal, up.z}, floor->a[2]};
  for (int i = 0; i < 4; i++) {
    pose->m[i] = columns[i].x + columns[i].z / 2;
    pose->m[4 + i] = columns[i].y / pose->aspect + columns[i].z / 2;
    pose->m[8 + i] = columns[i].z;
  }
}

gboolean iv_camera_pose(const IvHomography *h, IvSize image_px, double height_m,
                        IvCameraPose *ret_pose) {
  IvCameraPose pose = {.aspect = (double)image_px.height / image_px.width};
  Floor floor = floor_of(h, pose.aspect);
  double focal = focal_of_floor(&floor);
  pose.assumed_lens = focal == 0;
  if (focal == 0 && height_m > 0)
    focal = focal_of_height(&floor, height_m);
  if (focal == 0)
    focal = FOCAL_ASSUMED;
  Guess g = guess(&floor, focal);
  if (!(g.centre.z < 0) || !isfinite(g.centre.x) || !isfinite(g.centre.y))
    return FALSE;
  pose.foot = (IvPlanPoint){g.centre.x, g.centre.y};
  pose.height = -g.centre.z;
  pose.pitch = asin(CLAMP(g.r3.z, -1, 1));
  pose.hfov = 2 * atan(0.5 / focal);
  put_projection(&pose, &floor, &g, focal);
  *ret_pose = pose;
  return TRUE;
}

gboolean iv_pose_project(const IvCameraPose *pose, IvPlanPoint at, double z, double *ret_u,
                         double *ret_v) {
  const double *m = pose->m;
  double w = m[8] * at.x + m[9] * at.y + m[10] * z + m[11];
  if (!(w > 0))
    return FALSE;
  *ret_u = (m[0] * at.x + m[1] * at.y + m[2] * z + m[3]) / w;
  *ret_v = (m[4] * at.x + m[5] * at.y + m[6] * z + m[7]) / w;
  return TRUE;
}

double iv_pose_person_px(const IvCameraPose *pose, IvPlanPoint at) {
  double u, v, head_u, head_v, focal = 0.5 / tan(pose->hfov / 2);
  if (!iv_pose_project(pose, at, 0, &u, &v))
    return (double)NAN;
  double away = hypot(hypot(at.x - pose->foot.x, at.y - pose->foot.y), pose->height);
  double shoulders = focal * IV_PERSON_WIDTH_M / away;
  double length = INFINITY; /* the head is beside or behind the camera */
  if (iv_pose_project(pose, at, IV_PERSON_HEIGHT_M, &head_u, &head_v))
    length = hypot(head_u - u, (head_v - v) * pose->aspect);
  return MAX(length, shoulders) * IV_PERSON_REFERENCE_PX;
}

gboolean iv_pose_sees(const IvCameraPose *pose, IvPlanPoint at) {
  double u, v;
  return iv_pose_project(pose, at, 0, &u, &v) && u >= 0 && u <= 1 && v >= 0 && v <= 1 &&
         iv_pose_person_px(pose, at) >= IV_PERSON_PX_MIN;
}
