/* SPDX-License-Identifier: Apache-2.0 */
#include "base/camera_pose.h"

#include <math.h>

typedef struct {
  double x, y, height, yaw, pitch, hfov; /* metres, degrees */
  int w, h;                              /* pixels */
} Camera;

static gboolean project(const Camera *c, IvPlanPoint p, double z, double *ret_u, double *ret_v) {
  double yaw = c->yaw * G_PI / 180, pitch = c->pitch * G_PI / 180;
  double f = c->w / 2.0 / tan(c->hfov * G_PI / 360);
  double q[3] = {p.x - c->x, p.y - c->y, z - c->height};
  double right = -sin(yaw) * q[0] + cos(yaw) * q[1];
  double down = -sin(pitch) * cos(yaw) * q[0] - sin(pitch) * sin(yaw) * q[1] - cos(pitch) * q[2];
  double ahead = cos(pitch) * cos(yaw) * q[0] + cos(pitch) * sin(yaw) * q[1] - sin(pitch) * q[2];
  *ret_u = (c->w / 2.0 + f * right / ahead) / c->w;
  *ret_v = (c->h / 2.0 + f * down / ahead) / c->h;
  return ahead > 0;
}

/* Eight places on the floor that lie in the camera's picture. */
static IvHomography homography_of(const Camera *c) {
  IvPointPair pairs[8];
  IvHomography h;
  double yaw = c->yaw * G_PI / 180, pitch = c->pitch * G_PI / 180;
  double ahead = c->height / tan(pitch);
  for (int i = 0; i < 8; i++) {
    double across = i % 2 ? 0.8 : -0.8, along = ahead + (i / 2 - 1.5) * 0.7, u, v;
    IvPlanPoint p = {c->x + cos(yaw) * along - sin(yaw) * across,
                     c->y + sin(yaw) * along + cos(yaw) * across};
    g_assert_true(project(c, p, 0, &u, &v));
    pairs[i] = (IvPointPair){{(float)u, (float)v}, p};
  }
  g_assert_true(iv_homography_from_pairs(pairs, 8, &h, NULL, NULL));
  return h;
}

static const Camera cameras[] = {
    {1, 1, 3, 40, 32, 90, 1280, 720},
    {10, 4, 2.6, 200, 20, 70, 640, 480},
    {5, 5, 4, 300, 55, 100, 1920, 1080},
};

static void test_recovers(void) {
  for (guint i = 0; i < G_N_ELEMENTS(cameras); i++) {
    const Camera *c = &cameras[i];
    IvHomography h = homography_of(c);
    IvCameraPose pose;
    g_assert_true(iv_camera_pose(&h, (IvSize){c->w, c->h}, 0, &pose));
    g_assert_false(pose.assumed_lens);
    g_assert_cmpfloat(hypot(pose.foot.x - c->x, pose.foot.y - c->y), <, 0.02);
    g_assert_cmpfloat(fabs(pose.height - c->height), <, 0.02);
    g_assert_cmpfloat(fabs(pose.pitch * 180 / G_PI - c->pitch), <, 0.3);
    g_assert_cmpfloat(fabs(pose.hfov * 180 / G_PI - c->hfov), <, 0.5);
  }
}

/* Heads are where the camera sees them, not only feet. */
static void test_projects_up(void) {
  const Camera *c = &cameras[0];
  IvHomography h = homography_of(c);
  IvCameraPose pose;
  g_assert_true(iv_camera_pose(&h, (IvSize){c->w, c->h}, 0, &pose));
  for (int i = 0; i < 3; i++) {
    IvPlanPoint at = {3.0 + i, 3.0};
    double u, v, true_u, true_v;
    g_assert_true(project(c, at, IV_PERSON_HEIGHT_M, &true_u, &true_v));
    g_assert_true(iv_pose_project(&pose, at, IV_PERSON_HEIGHT_M, &u, &v));
    g_assert_cmpfloat(hypot(u - true_u, v - true_v), <, 0.003);
    double foot_u, foot_v;
    g_assert_true(project(c, at, 0, &foot_u, &foot_v));
    double px = hypot(true_u - foot_u, (true_v - foot_v) * c->h / c->w) * IV_PERSON_REFERENCE_PX;
    g_assert_cmpfloat(fabs(iv_pose_person_px(&pose, at) - px), <, 2);
  }
}

/* The floor of a camera that looks straight down fits every lens; the height decides. */
static void test_straight_down(void) {
  const Camera down = {4, 4, 3.2, 0, 89.999, 80, 640, 480};
  IvHomography h = homography_of(&down);
  IvCameraPose pose;
  g_assert_true(iv_camera_pose(&h, (IvSize){640, 480}, 3.2, &pose));
  g_assert_true(pose.assumed_lens);
  g_assert_cmpfloat(fabs(pose.height - 3.2), <, 0.02);
  g_assert_cmpfloat(fabs(pose.hfov * 180 / G_PI - 80), <, 1);
  /* Seen from above a person is as large as the shoulders, and found. */
  g_assert_true(iv_pose_sees(&pose, (IvPlanPoint){4, 4}));
  g_assert_true(iv_camera_pose(&h, (IvSize){640, 480}, 0, &pose));
  g_assert_cmpfloat(fabs(pose.hfov * 180 / G_PI - 70), <, 0.1);
}

static void test_range(void) {
  const Camera *c = &cameras[1];
  IvHomography h = homography_of(c);
  IvCameraPose pose;
  g_assert_true(iv_camera_pose(&h, (IvSize){c->w, c->h}, 0, &pose));
  double yaw = c->yaw * G_PI / 180;
  IvPlanPoint near = {c->x + 6 * cos(yaw), c->y + 6 * sin(yaw)};
  IvPlanPoint far = {c->x + 40 * cos(yaw), c->y + 40 * sin(yaw)};
  IvPlanPoint behind = {c->x - 6 * cos(yaw), c->y - 6 * sin(yaw)};
  g_assert_true(iv_pose_sees(&pose, near));
  g_assert_false(iv_pose_sees(&pose, far)); /* too small */
  g_assert_cmpfloat(iv_pose_person_px(&pose, far), <, IV_PERSON_PX_MIN);
  g_assert_true(isnan(iv_pose_person_px(&pose, behind)));
  g_assert_false(iv_pose_sees(&pose, behind));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/camera-pose/recovers", test_recovers);
  g_test_add_func("/base/camera-pose/up", test_projects_up);
  g_test_add_func("/base/camera-pose/straight-down", test_straight_down);
  g_test_add_func("/base/camera-pose/range", test_range);
  return g_test_run();
}
