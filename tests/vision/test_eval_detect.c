/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye eval detect` as a user runs it; the program's path is in INVEYE_BINARY. */
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#include "eval/mot_file.h"
#include "tests/shared_data.h"
#include "vision/ort.h"

typedef struct {
  int status;
  char *out, *err;
} Outcome;

static void outcome_clear(Outcome *o) {
  g_free(o->out);
  g_free(o->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Outcome, outcome_clear)

static Outcome run(const char *const *args) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  Outcome o = {0};
  int wait_status = 0;
  g_ptr_array_add(argv, (gpointer)g_getenv("INVEYE_BINARY"));
  g_ptr_array_add(argv, (gpointer) "eval");
  g_ptr_array_add(argv, (gpointer) "detect");
  for (guint i = 0; args[i]; i++)
    g_ptr_array_add(argv, (gpointer)args[i]);
  g_ptr_array_add(argv, NULL);
  g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &o.out, &o.err,
               &wait_status, &error);
  g_assert_no_error(error);
  g_assert_true(WIFEXITED(wait_status));
  o.status = WEXITSTATUS(wait_status);
  return o;
}

static char *cached(const char *tail) {
  g_autofree char *path = iv_cache_path(tail);
  return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

static double number(const json_t *json, const char *key) {
  const json_t *value = json_object_get(json, key);
  g_assert_true(json_is_number(value));
  return json_number_value(value);
}

/* Every tenth frame or so of the reference film: 40 frames. The figures of all 795 are in
 * docs/benchmarks.md; this tells when the way from the file to the figure breaks. */
static void test_film(void) {
  g_autofree char *video = cached("vtest.avi"), *model = cached("models/nanodet.onnx");
  g_autofree char *library = cached("onnxruntime/libonnxruntime.so");
  g_autofree char *gt = iv_test_shared_path("data/mot/PETS09-S2L1/gt/gt.txt");
  if (!video || !model || !library || !gt) {
    g_test_skip("needs the set-up's cache (vtest.avi, nanodet, ONNX Runtime) and shared data");
    return;
  }
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("inveye-eval-XXXXXX", &error);
  g_autofree char *det = g_build_filename(folder, "det.txt", NULL), *text = NULL;
  g_auto(Outcome) o = run((const char *const[]){"--video", video, "--gt", gt, "--fps", "0.5",
                                                "--out", det, "--json", NULL});
  g_assert_cmpint(o.status, ==, 0);
  json_t *json = json_loads(o.out, 0, NULL);
  g_assert_nonnull(json);
  g_assert_cmpfloat(number(json, "frames"), ==, 40);
  g_assert_cmpfloat(number(json, "ap50"), >=, 0.90);
  g_assert_cmpfloat(number(json, "recall"), >=, 0.88);
  g_assert_cmpfloat(number(json, "precision"), >=, 0.86);
  json_decref(json);
  gsize length;
  g_assert_true(g_file_get_contents(det, &text, &length, &error));
  g_autoptr(GArray) rows = iv_mot_parse(text, length, det, IV_MOT_DETECTIONS, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(rows->len, >, 200);
  g_assert_cmpint(g_array_index(rows, IvMotRow, 0).frame, ==, 1);
  g_unlink(det);
  g_rmdir(folder);
}

static void check_fails(const char *const *args, int status, const char *says) {
  g_auto(Outcome) o = run(args);
  g_assert_cmpint(o.status, ==, status);
  g_assert_cmpstr(o.out, ==, "");
  if (!strstr(o.err, says))
    g_error("\"%s\" does not say \"%s\"", o.err, says);
}

static void test_mistakes(void) {
  check_fails((const char *const[]){"--video", "x.mp4", NULL}, 2, "--gt F are both needed");
  check_fails((const char *const[]){"--video", "x.mp4", "--gt", "/nowhere/gt.txt", NULL}, 1,
              "/nowhere/gt.txt");
  check_fails((const char *const[]){"--video", "x.mp4", "--gt", "/dev/null", "--model",
                                    "/nowhere/m.onnx", NULL},
              1, "/nowhere/m.onnx: cannot be opened");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/cli/eval-detect/film", test_film);
  g_test_add_func("/cli/eval-detect/mistakes", test_mistakes);
  return g_test_run();
}
