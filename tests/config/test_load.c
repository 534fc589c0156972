/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "config/keys.h"
#include "reading.h"

#define STORE "store: {id: shop}\n"

static void test_small(void) {
  g_autofree char *findings = NULL;
  g_autoptr(IvConfig) config = read_config("store:\n"
                                           "  id: high-street\n"
                                           "  time_zone: UTC\n"
                                           "cameras:\n"
                                           "  - id: door\n"
                                           "    url: rtsp://10.0.0.5/s1\n"
                                           "    role: entrance\n"
                                           "    transport: udp\n"
                                           "    number: 2\n"
                                           "  - id: aisle\n"
                                           "    name: \"Aisle: left\"\n"
                                           "    url: rtsp://10.0.0.6/s1\n"
                                           "    enabled: no\n"
                                           "  - id: back\n"
                                           "    url: rtsp://10.0.0.7/s1\n",
                                           &findings);
  g_assert_cmpstr(findings, ==, "");
  g_assert_nonnull(config);
  g_assert_cmpstr(config->store.name, ==, "high-street");
  g_assert_cmpuint(config->n_cameras, ==, 3);
  const IvCameraConfig *door = iv_config_camera(config, "door");
  g_assert_cmpstr(door->name, ==, "door");
  g_assert_cmpint(door->role, ==, IV_ROLE_ENTRANCE);
  g_assert_cmpstr(iv_camera_role_name(door->role), ==, "entrance");
  g_assert_true(door->udp && door->enabled && door->motion_gate && !door->scene);
  g_assert_cmpfloat(door->fps, ==, 5);
  g_assert_cmpint(door->number, ==, 2);
  g_assert_cmpint(config->cameras[1].number, ==, 1);
  g_assert_cmpint(config->cameras[2].number, ==, 3);
  g_assert_cmpstr(config->cameras[1].name, ==, "Aisle: left");
  g_assert_false(config->cameras[1].enabled);
  g_assert_null(iv_config_camera(config, "nowhere"));
}

/* Each text, and a part of what must be said about it, with its place. */
static void test_places(void) {
  static const struct {
    const char *text, *finding;
  } cases[] = {
      {"", "store.yaml: is empty; start from"},
      {"# nothing\n", "store.yaml: is empty"},
      {"a b", "store.yaml:1:1: must be a mapping"},
      {"store: {id: x}\nserver:\n  prot: 1\n",
       "store.yaml:3:3: server: unknown key \"prot\" (did you mean \"port\"?); known here: "
       "listen, port,"},
      {STORE "servers: {}\n", "store.yaml:2:1: unknown key \"servers\" (did you mean \"server\"?)"},
      {STORE "time_zone: UTC\n", ":2:1: unknown key \"time_zone\" (it belongs under store)"},
      {STORE "server:\n  port: 99999\n",
       "store.yaml:3:9: server.port: \"99999\" is out of range; use 0 to 65535"},
      {STORE "server:\n  port: eighty\n", ":3:9: server.port: \"eighty\" is not a whole number"},
      {STORE "server:\n  port:\n", ":3:3: server.port: has no value"},
      {STORE "server:\n  port: [1]\n", ":3:9: server.port: must be one value, not a list"},
      {STORE "server: 8090\n", ":2:9: server: must be a mapping"},
      {STORE "server:\n  log_level: inof\n", "(did you mean \"info\"?); use one of error, warning"},
      {"store: {name: Shop}\n", ":1:8: store: has no id; add a line like"},
      {"server: {port: 1}\n", ":1:1: store: has no id"},
      {STORE "store: {id: b}\n", ":2:1: key \"store\" is given twice, first in line 1"},
      {STORE "cameras: rtsp://u:p@h/\n", ":2:10: cameras: must be a list"},
      {STORE "cameras:\n  - id: a\n",
       ":3:5: cameras[0]: has no url; add a line like \"url: rtsp://"},
      {STORE "cameras:\n  - id: a\n    url: rtsp://h/x\n    fps: 60\n",
       ":5:10: cameras[0].fps: \"60\" is out of range; use 0.5 to 30"},
      {STORE "cameras:\n  - {id: a, url: 'rtsp://h/1'}\n  - {id: a, url: 'rtsp://h/2'}\n",
       ":4:10: cameras[1]: id \"a\" is already used by cameras[0]"},
      {STORE "cameras:\n  - {id: a, url: 'rtsp://h/1', number: 4}\n"
             "  - {id: b, url: 'rtsp://h/2', number: 4}\n",
       ":4:40: cameras[1]: number 4 is already used"},
      {STORE "cameras:\n  - {id: a, url: nowhere.mp4}\n",
       ":3:18: cameras[0]: there is no video file nowhere.mp4; mend the path"},
      {STORE "cameras:\n  - door\n", ":3:5: cameras[0]: must be a mapping"},
      {STORE "rules: {min_dwell: 30 s, engaged_dwell: 10 s}\n", "engaged_dwell is shorter"},
      {STORE "tracker: {low_score: 0.5}\n", ":2:10: tracker: low_score is above high_score"},
      {STORE "tracker: {lost_after: 5 s}\n", "keep_lost is not longer than lost_after"},
      {"store: &s {id: a}\n", ":1:8: anchors (&name) are not used here"},
      {"store: {id: a}\nserver: *s\n", "lias"},
      {"store: {id: !!str a}\n", ":1:13: tags (!name) are not used here"},
      {STORE "---\nstore: {id: b}\n", ":2:1: a second document begins here"},
      {"store:\n\tid: a\n", ":2:1: the line begins with a tab"},
      {"store: {id: a\n", "check the indentation"},
      {"store: id: a\n", "check the indentation"},
      {"? [1, 2]\n: x\n", ":1:3: a key must be plain text, not a list"},
      {"store: {id: \"a\\0b\"}\n", ":1:13: a value must be text"},
      {"\xff\xfe", "save the file as UTF-8"},
      {STORE "server: {listen: localhost}\n", "is not an address in digits"},
      {"store: {id: a, time_zone: Mitteleuropa}\n", "is not a time zone of this machine"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *findings = findings_of(cases[i].text);
    g_test_message("%s", findings);
    assert_has(findings, cases[i].finding);
  }
}

static void test_all_errors_at_once(void) {
  g_autofree char *findings = findings_of("store:\n"
                                          "  id: A B\n"
                                          "server:\n"
                                          "  port: -1\n"
                                          "cameras:\n"
                                          "  - id: door\n"
                                          "    url: ftp://h/x\n"
                                          "    fsp: 5\n"
                                          "  - fps: fast\n");
  g_auto(GStrv) lines = g_strsplit(findings, "\n", -1);
  static const char *const starts[] = {
      "store.yaml:2:7: ", "store.yaml:4:9: ", "store.yaml:7:10: ", "store.yaml:8:5: ",
      "store.yaml:9:5: ", "store.yaml:9:5: ", "store.yaml:9:10: "};
  g_assert_cmpuint(g_strv_length(lines), ==, G_N_ELEMENTS(starts) + 1);
  for (guint i = 0; i < G_N_ELEMENTS(starts); i++)
    g_assert_true(g_str_has_prefix(lines[i], starts[i]));
}

static char *many(const char *head, const char *line, guint n) {
  GString *text = g_string_new(head);
  for (guint i = 0; i < n; i++)
    g_string_append_printf(text, line, i, i);
  return g_string_free(text, FALSE);
}

static void test_findings_are_bounded(void) {
  g_autofree char *text = many(STORE "server:\n", "  key%u: %u\n", IV_CONFIG_FINDINGS_MAX + 20);
  g_autofree char *findings = findings_of(text);
  g_auto(GStrv) lines = g_strsplit(findings, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, IV_CONFIG_FINDINGS_MAX + 2);
  assert_has(findings, "store.yaml: 20 more not shown");
}

static void test_limits(void) {
  g_autofree char *cameras =
      many(STORE "cameras:\n", "  - {id: c%u, url: 'rtsp://h/%u'}\n", IV_CONFIG_CAMERAS_MAX + 1);
  g_autofree char *keys = many(STORE "server:\n", "  key%u: %u\n", IV_CONFIG_MAP_MAX + 1);
  g_autofree char *depth = g_strnfill(IV_CONFIG_DEPTH_MAX + 8, '[');
  g_autofree char *deep = g_strconcat(STORE "server: ", depth, NULL);
  g_autofree char *filling = g_strnfill(IV_CONFIG_TEXT_MAX + 1, 'x');
  g_autofree char *wide = g_strconcat("store: {id: a, name: ", filling, "}\n", NULL);
  g_autofree char *comment = g_strnfill(IV_CONFIG_BYTES_MAX, 'x');
  g_autofree char *large = g_strconcat("# ", comment, "\n" STORE, NULL);
  const struct {
    const char *text, *finding;
  } cases[] = {{cameras, "holds 129 cameras; one machine reads at most 128"},
               {keys, "a mapping with more than 256 keys"},
               {deep, "nested deeper than 16"},
               {wide, "a value must be text of at most 2048 bytes"},
               {large, "store.yaml: is longer than 1048576 bytes"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *findings = findings_of(cases[i].text);
    assert_has(findings, cases[i].finding);
  }
  g_autofree char *short_values = many("store: [", "1,1,", IV_CONFIG_NODES_MAX / 2 + 1);
  g_autofree char *findings = findings_of(short_values);
  assert_has(findings, "the file holds more than 200000 values");
}

static void test_warnings_do_not_stop(void) {
  g_autofree char *findings = NULL;
  g_autoptr(IvConfig) config =
      read_config(STORE "cameras:\n"
                        "  - {id: a, url: /nowhere/at/all.mp4, enabled: false}\n"
                        "  - {id: b, url: 'rtsp://h/', loop: true}\n",
                  &findings);
  g_assert_nonnull(config);
  assert_has(findings,
             "store.yaml:3:18: warning: cameras[0]: there is no video file /nowhere/at/all.mp4");
  assert_has(findings,
             "store.yaml:4:5: warning: cameras[1]: realtime and loop are for video files");
  g_autofree char *none = NULL;
  g_autoptr(IvConfig) empty = read_config(STORE, &none);
  g_assert_nonnull(empty);
  assert_has(none, "store.yaml: warning: there are no cameras");
}

static void test_paths_follow_the_file(void) {
  g_autofree char *dir = g_dir_make_tmp("inveye-config-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "store.yaml", NULL);
  g_autofree char *video = g_build_filename(dir, "door.mp4", NULL);
  g_autofree char *model = g_build_filename(dir, "own", "m.onnx", NULL);
  g_autofree char *data = g_build_filename(dir, "inveye-data", NULL);
  g_assert_true(g_file_set_contents(video, "x", 1, NULL));
  g_assert_true(g_file_set_contents(path,
                                    "server: {web_dir: /srv/web}\n" STORE
                                    "detector: {model: own/m.onnx}\n"
                                    "cameras: [{id: door, url: door.mp4}]\n",
                                    -1, NULL));
  g_autoptr(IvConfigReport) report = iv_config_report_new(path);
  g_autoptr(IvConfig) config = iv_config_load(path, report);
  g_assert_cmpuint(report->findings->len, ==, 0);
  g_assert_cmpstr(config->path, ==, path);
  g_assert_cmpstr(config->cameras[0].url, ==, video);
  g_assert_cmpstr(config->server.data_dir, ==, data);
  g_assert_cmpstr(config->server.web_dir, ==, "/srv/web");
  g_assert_cmpstr(config->detector.model, ==, model);
  g_unlink(video);
  g_unlink(path);
  g_rmdir(dir);
}

static void test_unreadable_files(void) {
  g_autofree char *dir = g_dir_make_tmp("inveye-config-XXXXXX", NULL);
  g_autofree char *missing = g_build_filename(dir, "none.yaml", NULL);
  const char *paths[] = {dir, missing};
  const char *said[] = {"it is not a file", "No such file or directory"};
  for (guint i = 0; i < 2; i++) {
    g_autoptr(IvConfigReport) report = iv_config_report_new(paths[i]);
    g_assert_null(iv_config_load(paths[i], report));
    g_autofree char *findings = iv_config_report_text(report);
    assert_has(findings, said[i]);
  }
  g_rmdir(dir);
}

static void test_print_is_read_again(void) {
  const char *text = "store: {id: shop, name: 'Caf\xc3\xa9 \"Nord\" $${x}', time_zone: UTC}\n"
                     "rules: {min_dwell: 1500 ms, hysteresis: 0.2}\n"
                     "retention: {events: forever}\n"
                     "detector: {size: 512x384, nms: 0.55, threads: 3, model: m.onnx}\n"
                     "cameras:\n"
                     "  - id: door\n"
                     "    url: rtsp://10.0.0.5/s1\n"
                     "    scene:\n"
                     "      image: {w: 768, h: 576}\n"
                     "      full_view: true\n"
                     "      lines: [{id: entry, kind: entrance, a: [0.5, 0], b: [0.5, 1]}]\n";
  g_autoptr(IvConfig) first = read_config(text, NULL);
  g_assert_nonnull(first);
  g_autofree char *printed = iv_config_print(first);
  g_autofree char *findings = NULL;
  g_autoptr(IvConfig) second = read_config(printed, &findings);
  g_assert_cmpstr(findings, ==, "");
  g_autofree char *again = iv_config_print(second);
  g_assert_cmpstr(printed, ==, again);
  g_assert_cmpstr(second->store.name, ==, "Caf\xc3\xa9 \"Nord\" ${x}");
  g_assert_cmpint(second->rules.min_dwell, ==, 1500 * IV_MS);
  g_assert_cmpint(second->retention.events, ==, 0);
  g_assert_cmpint(second->detector.size.height, ==, 384);
  g_assert_cmpstr(second->cameras[0].scene->hash, ==, first->cameras[0].scene->hash);
  g_assert_cmpstr(second->cameras[0].scene->camera_id.text, ==, "door");
}

static void test_scene_places(void) {
  static const struct {
    const char *scene, *finding;
  } cases[] = {
      {"{zones: []}", ":3:38: cameras[0].scene: has no image size"},
      {"{image: {w: 768, h: 0}}", ":3:46: cameras[0].scene.image: \"h\" must be a whole number"},
      {"{image: {w: 768, h: 576}, zone: []}", "unknown key \"zone\" (did you mean \"zones\"?)"},
      {"{image: {w: 768, h: 576}, zones: [{id: a, polygon: [[0,0],[1,1],[1,0],[0,1]]}]}",
       ":3:72: cameras[0].scene.zones[0]: zone a: its edges cross"},
      {"{image: {w: 768, h: 576}, zones: [{id: a, polygon: [[0,0],[1,0],[1.5,1]]}]}",
       ":3:102: cameras[0].scene.zones[0].polygon[2]: both numbers of a point are shares"},
      {"{image: {w: 768, h: 576}, zones: [{id: a, polygon: [[0,0],[1,0]]}]}",
       "zones[0].polygon: must be a list of 3 to 64 corners"},
      {"{image: {w: 768, h: 576}, lines: [{id: a, a: [0,0], b: [1,1]},"
       "{id: a, a: [0,1], b: [1,0]}]}",
       "lines[1]: line id \"a\" is used twice"},
      {"{image: {w: 768, h: 576}, zones: [{id: a, parent: b, polygon: [[0,0],[1,0],[1,1]]},"
       "{id: b, parent: a, polygon: [[0,0],[1,0],[1,1]]}]}",
       "break the ring of parents"},
      {"{image: {w: 768, h: 576}, zones: [{id: a, kind: shelves, polygon: [[0,0],[1,0],[1,1]]}]}",
       "zones[0].kind: \"shelves\" is not a kind"},
      {"{image: {w: 768, h: 576}, lines: [{id: a, kind: passby, a: [0,0], b: [1,1]}]}",
       "(did you mean \"pass-by\"?); use one of entrance, pass-by, internal"},
      {"{image: {w: 768, h: 576}, lines: [{id: a, a: [0,0]}]}", "lines[0]: has no end \"b\""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        STORE "cameras:\n  - {id: a, url: 'rtsp://h/', scene: %s}\n", cases[i].scene);
    g_autofree char *findings = findings_of(text);
    g_test_message("%s", findings);
    assert_has(findings, cases[i].finding);
  }
}

#define PLAN "floor_plan: {width_m: 12, height_m: 8.5%s}\n"
#define PAIRS(x)                                                                                   \
  "[{image: [0.1, 0.9], plan: [" x ", 2]}, {image: [0.9, 0.9], plan: [2, 2]}, "                    \
  "{image: [0.7, 0.3], plan: [1, 8]}, {image: [0.3, 0.3], plan: [7, 8]}]"
#define CALIBRATED(x)                                                                              \
  "cameras: [{id: a, url: 'rtsp://h/', scene: {image: {w: 99, h: 99}, calibration: "               \
  "{pairs: " PAIRS(x) "}}}]\n"

static void test_floor_plan(void) {
  g_autofree char *text = g_strdup_printf(
      STORE PLAN CALIBRATED("6"), ", scene: {zones: [{id: all, polygon: [[0,0],[1,0],[1,1]]}],"
                                  " walls: [{polygon: [[0,0],[1,0],[1,1],[0,1]]}]}");
  g_autoptr(IvConfig) config = read_config(text, NULL);
  g_assert_nonnull(config);
  const IvScene *plan = config->floor_plan.scene;
  g_assert_cmpstr(plan->camera_id.text, ==, IV_FLOOR_PLAN_ID);
  g_assert_cmpfloat(plan->plan.height_m, ==, 8.5);
  g_assert_cmpuint(plan->n_zones, ==, 1);
  g_assert_cmpuint(plan->plan.n_walls, ==, 1);
  g_assert_true(config->cameras[0].scene->has_homography);
  g_autofree char *printed = iv_config_print(config);
  g_autoptr(IvConfig) again = read_config(printed, NULL);
  g_assert_cmpstr(again->floor_plan.scene->hash, ==, plan->hash);
  g_assert_cmpstr(again->cameras[0].scene->hash, ==, config->cameras[0].scene->hash);
  g_autofree char *bare = g_strdup_printf(STORE PLAN, "");
  g_autoptr(IvConfig) empty = read_config(bare, NULL);
  g_assert_cmpuint(empty->floor_plan.scene->n_zones, ==, 0);
  g_autoptr(IvConfig) none = read_config(STORE, NULL);
  g_assert_null(none->floor_plan.scene);
}

static void test_floor_plan_faults(void) {
  static const struct {
    const char *text, *finding;
  } cases[] = {
      {"floor_plan: {width_m: 12}\n", "floor_plan: needs width_m and height_m"},
      {"floor_plan: {width_m: 0.5, height_m: 3}\n", "floor_plan.width_m: \"0.5\" is out of range"},
      {"floor_plan: {width_m: 5, height_m: 3, scene: {zones: [{id: a, polygon: "
       "[[0,0],[2,0],[1,1]]}]"
       "}}\n",
       "floor_plan.scene.zones[0].polygon[1]: both numbers"},
      {"floor_plan: {width_m: 5, height_m: 8}\n" CALIBRATED("6"),
       "cameras[0].scene: pair 1 of the calibration lies outside the floor plan of 5 x 8 m"},
      {"cameras: [{id: floor-plan, url: 'rtsp://h/'}]\n", "is the store's floor plan"},
      {"cameras: [{id: a, url: 'rtsp://h/', scene: {plan: {width_m: 2, height_m: 2}}}]\n",
       "plan belongs to the section floor_plan"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strconcat(STORE, cases[i].text, NULL);
    g_autofree char *findings = findings_of(text);
    g_test_message("%s", findings);
    assert_has(findings, cases[i].finding);
  }
}

static void test_report_json(void) {
  g_autoptr(IvConfigReport) report = iv_config_report_new("x.yaml");
  const char *text = STORE "server: {port: x}\n";
  g_assert_null(iv_config_parse(text, strlen(text), NULL, report));
  json_t *json = iv_config_report_json(report);
  const json_t *finding = NULL;
  for (gsize i = 0; i < json_array_size(json); i++)
    if (strcmp(json_string_value(json_object_get(json_array_get(json, i), "level")), "error") == 0)
      finding = json_array_get(json, i);
  g_assert_cmpint(json_integer_value(json_object_get(finding, "line")), ==, 2);
  g_assert_cmpint(json_integer_value(json_object_get(finding, "column")), ==, 16);
  g_assert_cmpstr(json_string_value(json_object_get(finding, "key")), ==, "server.port");
  json_decref(json);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/config/load/small", test_small);
  g_test_add_func("/config/load/places", test_places);
  g_test_add_func("/config/load/all-errors-at-once", test_all_errors_at_once);
  g_test_add_func("/config/load/findings-are-bounded", test_findings_are_bounded);
  g_test_add_func("/config/load/limits", test_limits);
  g_test_add_func("/config/load/warnings-do-not-stop", test_warnings_do_not_stop);
  g_test_add_func("/config/load/paths-follow-the-file", test_paths_follow_the_file);
  g_test_add_func("/config/load/unreadable-files", test_unreadable_files);
  g_test_add_func("/config/load/print-is-read-again", test_print_is_read_again);
  g_test_add_func("/config/load/scene-places", test_scene_places);
  g_test_add_func("/config/load/floor-plan", test_floor_plan);
  g_test_add_func("/config/load/floor-plan-faults", test_floor_plan_faults);
  g_test_add_func("/config/load/report-json", test_report_json);
  return g_test_run();
}
