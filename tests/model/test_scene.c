/* SPDX-License-Identifier: Apache-2.0 */
#include "model/scene.h"

#include <math.h>
#include <string.h>

/* A scene with two zones (the second inside the first) and a line, all good. */
static IvScene *good_scene(void) {
  IvScene *scene = g_new0(IvScene, 1);
  scene->version = 1;
  scene->image = (IvSize){768, 576};
  scene->n_zones = 2;
  scene->zones = g_new0(IvZone, 2);
  scene->n_lines = 1;
  scene->lines = g_new0(IvLine, 1);
  const IvPoint square[] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
  for (guint i = 0; i < 2; i++) {
    iv_slug_set(&scene->zones[i].id, i ? "shelf" : "floor");
    scene->zones[i].n_points = 4;
    memcpy(scene->zones[i].polygon, square, sizeof square);
  }
  iv_slug_set(&scene->zones[1].parent, "floor");
  iv_slug_set(&scene->lines[0].id, "door");
  scene->lines[0].b = (IvPoint){1, 1};
  return scene;
}

static void test_good(void) {
  g_autoptr(IvScene) scene = good_scene();
  g_autoptr(GError) error = NULL;
  g_assert_true(iv_scene_check(scene, &error));
  g_assert_no_error(error);
  g_autoptr(IvScene) empty = g_new0(IvScene, 1);
  empty->image = (IvSize){1, 1};
  g_assert_true(iv_scene_check(empty, NULL));
}

static void test_copy(void) {
  g_autoptr(IvScene) scene = good_scene();
  g_autoptr(IvScene) copy = iv_scene_copy(scene);
  g_assert_true(copy->zones != scene->zones && copy->lines != scene->lines);
  g_assert_cmpstr(copy->zones[1].parent.text, ==, "floor");
  copy->lines[0].a.x = 0.5f;
  g_assert_cmpfloat(scene->lines[0].a.x, ==, 0);
}

typedef void (*Spoil)(IvScene *scene);

static void no_image(IvScene *s) {
  s->image.width = 0;
}
static void bad_id(IvScene *s) {
  strcpy(s->zones[0].id.text, "A b");
}
static void twice(IvScene *s) {
  s->zones[1].id = s->zones[0].id;
}
static void two_corners(IvScene *s) {
  s->zones[0].n_points = 2;
}
static void many_corners(IvScene *s) {
  s->zones[0].n_points = IV_POLYGON_MAX + 1;
}
static void outside(IvScene *s) {
  s->zones[0].polygon[2].x = 1.01f;
}
static void nan_corner(IvScene *s) {
  s->zones[0].polygon[2].y = NAN;
}
static void crossing(IvScene *s) {
  IvPoint p = s->zones[0].polygon[1];
  s->zones[0].polygon[1] = s->zones[0].polygon[2];
  s->zones[0].polygon[2] = p;
}
static void tiny(IvScene *s) {
  const IvPoint p[] = {{0, 0}, {0.001f, 0}, {0, 0.001f}};
  memcpy(s->zones[0].polygon, p, sizeof p);
  s->zones[0].n_points = 3;
}
static void no_parent(IvScene *s) {
  iv_slug_set(&s->zones[1].parent, "roof");
}
static void ring(IvScene *s) {
  iv_slug_set(&s->zones[0].parent, "shelf");
}
static void own_parent(IvScene *s) {
  iv_slug_set(&s->zones[0].parent, "floor");
}
static void short_line(IvScene *s) {
  s->lines[0].b = (IvPoint){0.001f, 0};
}
static void line_outside(IvScene *s) {
  s->lines[0].b.y = -0.1f;
}
static void bad_name(IvScene *s) {
  strcpy(s->lines[0].name, "caf\xc3");
}

static void test_refused(void) {
  static const struct {
    Spoil spoil;
    const char *said;
  } cases[] = {{no_image, "needs the picture's size"},
               {bad_id, "zone id \"A b\" must be"},
               {twice, "zone id \"floor\" is used twice"},
               {two_corners, "zone floor has 2 corners"},
               {many_corners, "zone floor has 65 corners"},
               {outside, "zone floor: corner 3 lies outside"},
               {nan_corner, "zone floor: corner 3 lies outside"},
               {crossing, "zone floor: its edges cross"},
               {tiny, "zone floor is too small"},
               {no_parent, "zone shelf: parent \"roof\""},
               {ring, "its own ancestor"},
               {own_parent, "zone floor is its own ancestor"},
               {short_line, "line door is too short"},
               {line_outside, "line door has an end outside"},
               {bad_name, "line door: the name is not valid UTF-8"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(IvScene) scene = good_scene();
    g_autoptr(GError) error = NULL;
    cases[i].spoil(scene);
    g_assert_false(iv_scene_check(scene, &error));
    g_assert_error(error, IV_SCENE_ERROR, IV_SCENE_ERROR_INVALID);
    if (!strstr(error->message, cases[i].said))
      g_error("expected \"%s\" in \"%s\"", cases[i].said, error->message);
  }
}

/* A ring that hangs below a zone which is not part of it must not be walked for ever. */
static void test_ring_below(void) {
  g_autoptr(IvScene) scene = good_scene();
  scene->zones = g_renew(IvZone, scene->zones, 3);
  scene->zones[2] = scene->zones[1];
  scene->n_zones = 3;
  iv_slug_set(&scene->zones[2].id, "slot");
  iv_slug_set(&scene->zones[2].parent, "shelf");
  iv_slug_set(&scene->zones[0].parent, "shelf");
  g_assert_false(iv_scene_check_zone(scene, 2, NULL));
}

static void test_too_many(void) {
  g_autoptr(IvScene) scene = good_scene();
  g_autoptr(GError) error = NULL;
  scene->n_zones = IV_SCENE_ZONES_MAX + 1;
  g_assert_false(iv_scene_check(scene, &error));
  g_assert_nonnull(strstr(error->message, "at most 64 zones, 32 lines and 16 lanes"));
}

/* ---- lanes ---- */

static IvArea square(float y) {
  return (IvArea){4, {{.1f, y}, {.3f, y}, {.3f, y + .2f}, {.1f, y + .2f}}};
}

/* Two lanes that share a line, and one with its own. */
static IvScene *lanes_scene(void) {
  IvScene *scene = good_scene();
  scene->n_lanes = 3;
  scene->lanes = g_new0(IvLane, 3);
  for (guint i = 0; i < 3; i++) {
    char id[8];
    g_snprintf(id, sizeof id, "till-%u", i + 1);
    iv_slug_set(&scene->lanes[i].id, id);
    scene->lanes[i].service = square(.1f);
    if (i < 2)
      iv_slug_set(&scene->lanes[i].group, "tills");
  }
  scene->lanes[1].queue = square(.5f);
  scene->lanes[2].queue = square(.7f);
  return scene;
}

static void lane_twice(IvScene *scene) {
  scene->lanes[2].id = scene->lanes[0].id;
}
static void group_is_lane(IvScene *scene) {
  iv_slug_set(&scene->lanes[1].id, "tills");
}
static void no_service(IvScene *scene) {
  scene->lanes[2].service.n_points = 0;
}
static void no_queue(IvScene *scene) {
  scene->lanes[2].queue.n_points = 0;
}
static void no_queue_in_group(IvScene *scene) {
  scene->lanes[1].queue.n_points = 0;
}
static void two_queues(IvScene *scene) {
  scene->lanes[0].queue = square(.3f);
}
static void crossed_staff(IvScene *scene) {
  scene->lanes[0].staff = (IvArea){4, {{0, 0}, {1, 1}, {1, 0}, {0, 1}}};
}
static void lone_path(IvScene *scene) {
  scene->lanes[0].n_path = 2;
}
static void same_points(IvScene *scene) {
  scene->lanes[1].n_path = 2;
}
static void path_outside(IvScene *scene) {
  scene->lanes[1].n_path = 2;
  scene->lanes[1].path[1] = (IvPoint){.5f, 1.5f};
}

static void test_lanes(void) {
  static const struct {
    Spoil spoil;
    const char *said;
  } cases[] = {{lane_twice, "lane id \"till-1\" is used twice"},
               {group_is_lane, "\"tills\" is the id of a lane and of a group"},
               {no_service, "lane till-3 has no service area"},
               {no_queue, "lane till-3 has no queue; draw where people wait"},
               {no_queue_in_group, "lane till-1: no lane of the group tills has a queue"},
               {two_queues, "the group tills has a queue already, on lane till-1"},
               {crossed_staff, "lane till-1: its staff area: its edges cross"},
               {lone_path, "lane till-1 has a path without a queue"},
               {same_points, "lane till-2: points 1 and 2 of its path are the same"},
               {path_outside, "lane till-2: point 2 of its path lies outside"}};
  g_autoptr(IvScene) good = lanes_scene();
  g_autoptr(IvScene) copy = iv_scene_copy(good);
  g_assert_true(iv_scene_check(copy, NULL));
  g_assert_cmpint(iv_scene_queue_of(good, 0), ==, 1);
  g_assert_cmpint(iv_scene_queue_of(good, 2), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(IvScene) scene = lanes_scene();
    g_autoptr(GError) error = NULL;
    cases[i].spoil(scene);
    g_assert_false(iv_scene_check(scene, &error));
    if (!strstr(error->message, cases[i].said))
      g_error("expected \"%s\" in \"%s\"", cases[i].said, error->message);
  }
}

static void test_kind_names(void) {
  for (int i = 0; i < IV_ZONE_KINDS; i++)
    g_assert_cmpint(iv_zone_kind_from_name(iv_zone_kind_name((IvZoneKind)i)), ==, i);
  for (int i = 0; i < IV_LINE_KINDS; i++)
    g_assert_cmpint(iv_line_kind_from_name(iv_line_kind_name((IvLineKind)i)), ==, i);
  g_assert_cmpint(iv_zone_kind_from_name("roof"), ==, -1);
  g_assert_cmpint(iv_line_kind_from_name(NULL), ==, -1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/model/scene/good", test_good);
  g_test_add_func("/model/scene/copy", test_copy);
  g_test_add_func("/model/scene/refused", test_refused);
  g_test_add_func("/model/scene/ring-below", test_ring_below);
  g_test_add_func("/model/scene/too-many", test_too_many);
  g_test_add_func("/model/scene/lanes", test_lanes);
  g_test_add_func("/model/scene/kind-names", test_kind_names);
  return g_test_run();
}
