/* SPDX-License-Identifier: Apache-2.0 */
#include "config/placement.h"

#include <math.h>
#include <string.h>

#include "config/scene_json.h"

/* A camera 3 m up at (0, 5) that looks along +x, `pitch` degrees down, 80 degrees wide, exactly
 * calibrated: `more` is the rest of its scene. */
static IvScene *scene_of(double pitch_deg, const char *more) {
  g_autoptr(GError) error = NULL;
  g_autofree char *text = g_strdup_printf("{\"image\": {\"w\": 1280, \"h\": 720}%s}", more);
  IvScene *scene = iv_scene_from_text(text, strlen(text), &error);
  g_assert_no_error(error);
  if (pitch_deg == 0)
    return scene;
  double pitch = pitch_deg * G_PI / 180, f = 640 / tan(40 * G_PI / 180);
  double middle = 3 / tan(pitch);
  scene->n_pairs = 8;
  scene->pairs = g_new0(IvPointPair, 8);
  for (guint i = 0; i < 8; i++) {
    double along = middle + ((i / 2) - 1.5) * MIN(0.5, middle / 4), across = i % 2 ? 0.7 : -0.7;
    double ahead = cos(pitch) * along + sin(pitch) * 3;
    double down = -sin(pitch) * along + cos(pitch) * 3;
    scene->pairs[i].image = (IvPoint){(float)((640 + f * across / ahead) / 1280),
                                      (float)((360 + f * down / ahead) / 720)};
    scene->pairs[i].plan = (IvPlanPoint){along, 5 + across};
  }
  g_assert_true(iv_scene_calibrate(scene, &error));
  return scene;
}

/* The codes found, joined by blanks. */
static char *codes_of(const IvScene *scene, IvCameraRole role) {
  g_autoptr(GArray) found = iv_placement_check(scene, role);
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < found->len; i++) {
    const IvPlacementFinding *f = &g_array_index(found, IvPlacementFinding, i);
    g_string_append_printf(text, "%s%s", i ? " " : "", f->code);
    g_test_message("%s %s", f->subject.text, f->advice);
    g_assert_cmpuint(strlen(f->advice), >, 20);
    g_assert_cmpuint(strlen(f->advice), <, IV_PLACEMENT_TEXT_MAX - 1); /* not cut */
  }
  return g_strdup(text->str);
}

#define LINE(a, b)                                                                                 \
  ", \"lines\": [{\"id\": \"door\", \"kind\": \"entrance\", \"a\": " a ", \"b\": " b "}]"
#define ZONE(kind, polygon)                                                                        \
  ", \"zones\": [{\"id\": \"z\", \"kind\": \"" kind "\", \"polygon\": " polygon "}]"
#define LANE(queue)                                                                                \
  ", \"lanes\": [{\"id\": \"till\", \"queue\": {\"polygon\": " queue                               \
  "}, \"service\": {\"polygon\": "                                                                 \
  "[[0.4,0.5],[0.5,0.5],[0.5,0.6],[0.4,0.6]]}}]"
#define MIDDLE "[[0.3,0.4],[0.7,0.4],[0.7,0.8],[0.3,0.8]]"

static const struct {
  double pitch; /* 0 = not calibrated */
  IvCameraRole role;
  const char *scene, *codes;
} cases[] = {
    {0, IV_ROLE_GENERAL, "", "nothing-drawn"},
    {30, IV_ROLE_ENTRANCE, LINE("[0.2,0.6]", "[0.8,0.6]"), ""},
    {0, IV_ROLE_ENTRANCE, LINE("[0.2,0.6]", "[0.8,0.6]"), "not-calibrated"},
    {0, IV_ROLE_ENTRANCE, LINE("[0.5,0.6]", "[0.55,0.6]"), "not-calibrated line-short"},
    {30, IV_ROLE_ENTRANCE, LINE("[0.5,0.6]", "[0.58,0.6]"), "line-short"},
    {30, IV_ROLE_ENTRANCE, LINE("[0.2,0.95]", "[0.8,0.95]"), "line-at-edge"},
    {0, IV_ROLE_ENTRANCE, LINE("[0.02,0.2]", "[0.02,0.9]"), "not-calibrated line-at-edge"},
    {12, IV_ROLE_ENTRANCE, LINE("[0.3,0.8]", "[0.7,0.8]"), "too-flat"},
    {75, IV_ROLE_ENTRANCE, LINE("[0.2,0.5]", "[0.8,0.5]"), "too-steep"},
    {30, IV_ROLE_ENTRANCE, ZONE("product", MIDDLE), "nothing-drawn"},
    {30, IV_ROLE_AISLE, ZONE("product", MIDDLE), ""},
    {30, IV_ROLE_AISLE, ZONE("product", "[[0.3,0.4],[0.7,0.4],[1,1],[0.3,0.8]]"), "zone-cut"},
    {30, IV_ROLE_GENERAL, ZONE("general", "[[0,0.3],[1,0.3],[1,1],[0,1]]"), ""}, /* the picture */
    {20, IV_ROLE_GENERAL, ZONE("general", "[[0.3,0.02],[0.7,0.02],[0.7,0.8],[0.3,0.8]]"),
     "above-horizon"},
    {20, IV_ROLE_AISLE, ZONE("product", "[[0.4,0.19],[0.6,0.19],[0.6,0.8],[0.4,0.8]]"),
     "aisle-long people-small"},
    {30, IV_ROLE_CHECKOUT, LANE(MIDDLE), ""},
    {30, IV_ROLE_CHECKOUT, LANE("[[0.3,0.6],[0.7,0.6],[0.7,1],[0.3,1]]"), "queue-cut"},
    {30, IV_ROLE_CHECKOUT, "", "nothing-drawn"},
};

static void test_cases(void) {
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(IvScene) scene = scene_of(cases[i].pitch, cases[i].scene);
    g_autofree char *codes = codes_of(scene, cases[i].role);
    if (strcmp(codes, cases[i].codes) != 0)
      g_error("case %u: \"%s\" instead of \"%s\"", i, codes, cases[i].codes);
  }
}

static void test_calibration(void) {
  g_autoptr(IvScene) scene = scene_of(30, LINE("[0.2,0.6]", "[0.8,0.6]"));
  scene->camera_height_m = 2.9;
  g_autofree char *fits = codes_of(scene, IV_ROLE_ENTRANCE);
  g_assert_cmpstr(fits, ==, "");
  scene->camera_height_m = 5;
  g_autofree char *height = codes_of(scene, IV_ROLE_ENTRANCE);
  g_assert_cmpstr(height, ==, "height-differs");
  scene->camera_height_m = 0;
  scene->pairs[3].plan.x += 1.5;
  g_assert_true(iv_scene_calibrate(scene, NULL));
  g_autofree char *poor = codes_of(scene, IV_ROLE_ENTRANCE);
  g_assert_true(g_str_has_prefix(poor, "calibration-poor"));
  scene->pairs[3].plan.x -= 1.5;
  scene->n_pairs = 4;
  g_assert_true(iv_scene_calibrate(scene, NULL));
  g_autofree char *four = codes_of(scene, IV_ROLE_ENTRANCE);
  g_assert_cmpstr(four, ==, "calibration-untold");
}

static void test_store(void) {
  g_autoptr(IvScene) door = scene_of(0, LINE("[0.2,0.6]", "[0.8,0.6]"));
  g_autoptr(IvScene) aisle = scene_of(0, ZONE("product", MIDDLE));
  const IvPlacedCamera cameras[] = {
      {IV_ROLE_AISLE, aisle}, {IV_ROLE_ENTRANCE, door}, {IV_ROLE_ENTRANCE, door}};
  static const char *const codes[] = {NULL, "no-entrance", "few-entrances", NULL};
  for (guint n = 0; n <= 3; n++) {
    g_autoptr(GArray) found = iv_placement_check_store(NULL, cameras, n);
    g_assert_cmpuint(found->len, ==, codes[n] ? 1 : 0);
    if (codes[n])
      g_assert_cmpstr(g_array_index(found, IvPlacementFinding, 0).code, ==, codes[n]);
  }
}

/* A door on the plan that a calibrated camera counts at too; metres away from it all is well. */
static void test_door_twice(void) {
  g_autoptr(IvScene) door = scene_of(30, LINE("[0.2,0.6]", "[0.8,0.6]"));
  IvPlanPoint at;
  g_assert_true(iv_homography_to_plan(&door->homography, (IvPoint){.5f, .6f}, &at));
  const IvPlacedCamera cameras[] = {{IV_ROLE_ENTRANCE, door}};
  for (int away = 0; away <= 3; away += 3) {
    IvLine line = {.kind = IV_LINE_ENTRANCE};
    line.a.x = line.b.x = (float)((at.x + away) / 20);
    line.a.y = (float)((at.y - 1) / 20);
    line.b.y = (float)((at.y + 1) / 20);
    iv_slug_set(&line.id, "front");
    IvScene plan = {.n_lines = 1, .lines = &line, .plan = {.width_m = 20, .height_m = 20}};
    g_autoptr(GArray) found = iv_placement_check_store(&plan, cameras, 1);
    g_assert_cmpuint(found->len, ==, away ? 0 : 1);
    if (away)
      continue;
    const IvPlacementFinding *finding = &g_array_index(found, IvPlacementFinding, 0);
    g_assert_cmpstr(finding->code, ==, "door-twice");
    g_assert_cmpstr(finding->subject.text, ==, "front");
    g_assert_cmpuint(strlen(finding->advice), <, IV_PLACEMENT_TEXT_MAX - 1);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/config/placement/cases", test_cases);
  g_test_add_func("/config/placement/calibration", test_calibration);
  g_test_add_func("/config/placement/store", test_store);
  g_test_add_func("/config/placement/door-twice", test_door_twice);
  return g_test_run();
}
