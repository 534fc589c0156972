/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>
#include <sys/wait.h>

#include "inveye.h"

#define SECRET "s3cr3tW0rd"
#define GOOD                                                                                       \
  "store: {id: shop}\n"                                                                            \
  "cameras:\n"                                                                                     \
  "  - {id: door, url: \"rtsp://admin:" SECRET "@10.0.0.5/s1\", scene: {image: {w: 99, h: 99},\n"  \
  "     lines: [{id: l, a: [0, 0], b: [1, 1]}]}}\n"                                                \
  "  - {id: back, url: \"rtsp://10.0.0.6/s1\", enabled: false}\n"
#define BAD                                                                                        \
  "store: {id: A}\nserver: {prot: 1}\ncameras: [{id: a, url: \"ftp://u:" SECRET "@h/\"}]\n"

typedef struct {
  char *dir, *file;
} Folder;

static void set_up(Folder *folder, gconstpointer text) {
  folder->dir = g_dir_make_tmp("inveye-check-XXXXXX", NULL);
  folder->file = g_build_filename(folder->dir, "store.yaml", NULL);
  g_assert_true(g_file_set_contents(folder->file, text, -1, NULL));
  g_assert_cmpint(g_chmod(folder->file, 0600), ==, 0);
}

static void tear_down(Folder *folder, gconstpointer text) {
  (void)text;
  g_unlink(folder->file);
  g_rmdir(folder->dir);
  g_free(folder->file);
  g_free(folder->dir);
}

static IvRun check(const Folder *folder, const char *options) {
  g_autofree char *command = g_strdup_printf("check %s%s", folder->file, options);
  IvRun run = iv_run(command);
  g_assert_null(strstr(run.out, SECRET));
  g_assert_null(strstr(run.err, SECRET));
  return run;
}

static void test_good(Folder *folder, gconstpointer text) {
  (void)text;
  g_auto(IvRun) run = check(folder, "");
  g_assert_cmpint(run.status, ==, 0);
  g_assert_cmpstr(run.err, ==, "");
  assert_has(run.out, "store.yaml is good: 2 cameras (1 enabled), 0 zones, 1 line\nmodel: ");
}

static void test_placement(Folder *folder, gconstpointer text) {
  (void)text;
  g_auto(IvRun) run = check(folder, " --placement");
  g_assert_cmpint(run.status, ==, 0);
  assert_has(run.out, "warning: Not calibrated");
  assert_has(run.out, "\nplacement: 2 cameras, ");
}

static void test_bad(Folder *folder, gconstpointer text) {
  (void)text;
  g_auto(IvRun) run = check(folder, "");
  g_assert_cmpint(run.status, ==, 1);
  g_assert_cmpstr(run.out, ==, "");
  static const char *const places[] = {"store.yaml:1:13: store.id: ", "store.yaml:2:10: server: ",
                                       "store.yaml:3:24: cameras[0].url: "};
  for (guint i = 0; i < G_N_ELEMENTS(places); i++)
    assert_has(run.err, places[i]);
}

static json_t *json_of(const IvRun *run) {
  json_t *json = json_loads(run->out, 0, NULL);
  g_assert_nonnull(json);
  return json;
}

static void test_good_json(Folder *folder, gconstpointer text) {
  (void)text;
  g_auto(IvRun) run = check(folder, " --json");
  json_t *json = json_of(&run);
  g_assert_cmpint(run.status, ==, 0);
  g_assert_true(json_is_true(json_object_get(json, "good")));
  const json_t *summary = json_object_get(json, "summary");
  g_assert_cmpint(json_integer_value(json_object_get(summary, "cameras")), ==, 2);
  g_assert_cmpint(json_integer_value(json_object_get(summary, "lines")), ==, 1);
  json_decref(json);
}

static void test_bad_json(Folder *folder, gconstpointer text) {
  (void)text;
  g_auto(IvRun) run = check(folder, " --json");
  json_t *json = json_of(&run);
  g_assert_cmpint(run.status, ==, 1);
  g_assert_true(json_is_false(json_object_get(json, "good")));
  g_assert_cmpint(json_integer_value(json_object_get(json, "errors")), ==, 3);
  g_assert_cmpuint(json_array_size(json_object_get(json, "findings")), ==, 3);
  g_assert_null(json_object_get(json, "summary"));
  json_decref(json);
}

/* What --print says is a configuration again, with the password hidden. */
static void test_print(Folder *folder, gconstpointer text) {
  (void)text;
  g_auto(IvRun) run = check(folder, " --print");
  g_assert_cmpint(run.status, ==, 0);
  assert_has(run.out, "rtsp://admin:***@10.0.0.5/s1");
  g_assert_true(g_file_set_contents(folder->file, run.out, -1, NULL));
  g_auto(IvRun) again = check(folder, " --print");
  g_assert_cmpstr(again.out, ==, run.out);
}

#define ADD(name, function, text) g_test_add(name, Folder, text, set_up, function, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("/cli/check/good", test_good, GOOD);
  ADD("/cli/check/placement", test_placement, GOOD);
  ADD("/cli/check/bad", test_bad, BAD);
  ADD("/cli/check/good-json", test_good_json, GOOD);
  ADD("/cli/check/bad-json", test_bad_json, BAD);
  ADD("/cli/check/print", test_print, GOOD);
  return g_test_run();
}
