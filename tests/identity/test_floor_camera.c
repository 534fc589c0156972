/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

static const Lens lenses[] = {
    {2, 3, 2.8, 0.3, 0.5, 1.4, {640, 360}},
    {10, 1, 4.2, 1.9, 0.8, 1.0, {1280, 720}},
    {0, 0, 3.0, -2.2, 0.35, 1.57, {704, 576}},
};

static void test_lens(void) {
  for (guint i = 0; i < G_N_ELEMENTS(lenses); i++) {
    IvFloorCamera camera = lens_calibrated(&lenses[i]);
    g_assert_true(camera.has_pose);
    g_assert_cmpfloat_with_epsilon(camera.pose.foot.x, lenses[i].x, 0.02);
    g_assert_cmpfloat_with_epsilon(camera.pose.foot.y, lenses[i].y, 0.02);
    g_assert_cmpfloat_with_epsilon(camera.pose.height, lenses[i].height, 0.02);
  }
}

static void test_feet(void) {
  const Lens *lens = &lenses[0];
  IvFloorCamera camera = lens_calibrated(lens);
  IvStature stature = {0};
  IvTallness lately = {.metres = 0};
  IvFloorPlace place;
  IvBox box;
  for (int i = 0; i < 40; i++) {
    double x = lens->x + 3.5 + 0.05 * i, y = lens->y + 1.2;
    g_assert_true(lens_box(lens, x, y, 1.82, 0, &box));
    g_assert_true(iv_floor_camera_place(&camera, &box, &stature, &lately, &place));
    g_assert_cmpfloat(hypot(place.x - x, place.y - y), <, 0.12);
  }
  g_assert_cmpfloat_with_epsilon(stature.metres, 1.82, 0.03);
}

/* Behind a shelf: the lower edge of the box would put him metres away. */
static void test_hidden_feet(void) {
  const Lens *lens = &lenses[0];
  IvFloorCamera camera = lens_calibrated(lens);
  IvStature stature = {0};
  IvTallness lately = {.metres = 0};
  IvFloorPlace place;
  IvPlanPoint naive;
  IvBox box;
  double x = lens->x + 4, y = lens->y + 1;
  for (int i = 0; i < 30; i++) {
    g_assert_true(lens_box(lens, x, y, 1.75, 0, &box));
    g_assert_true(iv_floor_camera_place(&camera, &box, &stature, &lately, &place));
  }
  for (int i = 0; i < 50; i++) {
    g_assert_true(lens_box(lens, x, y, 1.75, 0.7, &box));
    g_assert_true(iv_floor_camera_place(&camera, &box, &stature, &lately, &place));
  }
  g_assert_true(iv_homography_to_plan(&camera.to_plan, iv_box_ground_point(&box), &naive));
  g_assert_cmpfloat(hypot(naive.x - x, naive.y - y), >, 1);
  g_assert_cmpfloat(hypot(place.x - x, place.y - y), <, 0.25);
  g_assert_cmpfloat(place.sd_along, >, place.sd_across);
}

/* A child is not an adult with hidden feet for ever. */
static void test_child(void) {
  const Lens *lens = &lenses[0];
  IvFloorCamera camera = lens_calibrated(lens);
  IvStature stature = {0};
  IvTallness lately = {.metres = 0};
  IvFloorPlace place;
  IvBox box;
  double x = 0, y = lens->y + 1;
  for (int i = 0; i < 200; i++) {
    x = lens->x + 3.0 + 0.02 * i;
    g_assert_true(lens_box(lens, x, y, 1.15, 0, &box));
    g_assert_true(iv_floor_camera_place(&camera, &box, &stature, &lately, &place));
  }
  g_assert_cmpfloat(hypot(place.x - x, place.y - y), <, 0.3);
}

/* Cut by the lower edge of the picture: only the head tells. */
static void test_cut(void) {
  const Lens *lens = &lenses[0];
  IvFloorCamera camera = lens_calibrated(lens);
  IvStature stature = {0};
  IvTallness lately = {.metres = 0};
  IvFloorPlace place;
  IvPoint head;
  double x = lens->x + 1.9, y = lens->y + 0.6;
  g_assert_true(lens_project(lens, x, y, 1.7, &head));
  IvBox box = {head.x - 0.05f, head.y, head.x + 0.05f, 1};
  g_assert_true(iv_floor_camera_place(&camera, &box, &stature, &lately, &place));
  g_assert_cmpfloat(hypot(place.x - x, place.y - y), <, 0.2);
  box.y0 = 0;
  g_assert_false(iv_floor_camera_place(&camera, &box, &stature, &lately, &place));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/floor-camera/lens", test_lens);
  g_test_add_func("/floor-camera/feet", test_feet);
  g_test_add_func("/floor-camera/hidden-feet", test_hidden_feet);
  g_test_add_func("/floor-camera/child", test_child);
  g_test_add_func("/floor-camera/cut", test_cut);
  return g_test_run();
}
