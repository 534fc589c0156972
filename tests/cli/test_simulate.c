/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#include "inveye.h"

#define KIOSK INVEYE_SOURCE_ROOT "/packaging/stores/kiosk.json"

static void check_refused(const char *arguments, int status, const char *message) {
  g_autofree char *command = g_strconcat("simulate ", arguments, NULL);
  g_auto(IvRun) run = iv_run(command);
  g_assert_cmpint(run.status, ==, status);
  g_assert_cmpstr(run.out, ==, "");
  assert_has(run.err, message);
  g_assert_cmpint(strchr(run.err, '\n') - run.err, ==, (gssize)strlen(run.err) - 1);
}

static void test_refusals(void) {
  check_refused("--days 1", 2, "--scenario FILE is missing");
  check_refused("--scenario /nowhere/x.json", 1, "/nowhere/x.json");
  check_refused("--scenario " KIOSK " --days 1 --hours 2", 2, "not both");
  check_refused("--scenario " KIOSK " --start tomorrow", 2, "--start must be a date");
  check_refused("--scenario " KIOSK " --days -1", 2, "--days and --hours must be");
  check_refused("--scenario " KIOSK " --hours 1 --script /nowhere/out", 1,
                "cannot write /nowhere/out");
  check_refused("--scenario " KIOSK " --noise " KIOSK, 1, "format: \"inveye-scenario\" is none of");
}

static void test_full_disk(void) {
  if (!g_file_test("/dev/full", G_FILE_TEST_EXISTS)) {
    g_test_skip("no /dev/full here");
    return;
  }
  g_auto(IvRun) run = iv_run("simulate --scenario " KIOSK " --hours 3 --script /dev/full");
  g_assert_cmpint(run.status, ==, 1);
  assert_has(run.err, "cannot write /dev/full");
}

static char *contents(const char *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_cmpint(g_unlink(path), ==, 0);
  return text;
}

/* Three hours written twice are the same; their receipts are those of the script. */
static void test_files(void) {
  g_autofree char *folder = g_dir_make_tmp("inveye-simulate-XXXXXX", NULL);
  g_autofree char *command =
      g_strdup_printf("simulate --scenario " KIOSK " --seed 8 --hours 3 --script %s/script "
                      "--points %s/points --receipts %s/receipts --json",
                      folder, folder, folder);
  g_auto(IvRun) once = iv_run(command);
  g_assert_cmpint(once.status, ==, 0);
  g_autofree char *script = contents(folder, "script"), *points = contents(folder, "points"),
                  *receipts = contents(folder, "receipts");
  g_auto(IvRun) again = iv_run(command);
  g_autofree char *script_again = contents(folder, "script");
  g_autofree char *points_again = contents(folder, "points");
  g_autofree char *receipts_again = contents(folder, "receipts");
  g_assert_cmpstr(script, ==, script_again);
  g_assert_cmpstr(points, ==, points_again);
  g_assert_cmpstr(receipts, ==, receipts_again);
  g_assert_cmpstr(once.out, ==, again.out);
  assert_has(once.err, "inveye simulate: ");
  g_assert_true(g_str_has_prefix(receipts, "receipt,time,terminal,kind,sku,units,price,amount,"));
  assert_has(receipts, "\nkiosk-1,2026-03-23T08:");
  g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static json_t *line_of(const char *text, guint index) {
  g_auto(GStrv) lines = g_strsplit(text, "\n", (int)index + 2);
  json_t *json = json_loads(lines[index], 0, NULL);
  g_assert_nonnull(json);
  return json;
}

/* A start with a time of day, and a script whose lines are JSON. */
static void test_script(void) {
  g_auto(IvRun) run =
      iv_run("simulate --scenario " KIOSK " --start 2026-03-30T12:00 --hours 0.5 --script -");
  g_assert_cmpint(run.status, ==, 0);
  json_t *header = line_of(run.out, 0), *first = line_of(run.out, 1);
  g_assert_cmpstr(json_string_value(json_object_get(header, "fact")), ==, "script");
  /* Noon in Lisbon, the clock put on the day before. */
  g_assert_cmpint(json_integer_value(json_object_get(header, "t")), ==, 1774868400000000);
  g_assert_cmpint(json_integer_value(json_object_get(first, "t")), >=, 1774868400000000);
  json_decref(header);
  json_decref(first);
}

static void test_bench(void) {
  g_auto(IvRun) run = iv_run("bench simulate --scenario " KIOSK " --days 1 --json");
  g_assert_cmpint(run.status, ==, 0);
  json_t *json = json_loads(run.out, 0, NULL);
  g_assert_cmpfloat(json_number_value(json_object_get(json, "times_real_time")), >, 5000);
  g_assert_cmpint(json_integer_value(json_object_get(json, "visits")), >, 50);
  json_decref(json);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/cli/simulate/refusals", test_refusals);
  g_test_add_func("/cli/simulate/full-disk", test_full_disk);
  g_test_add_func("/cli/simulate/files", test_files);
  g_test_add_func("/cli/simulate/script", test_script);
  g_test_add_func("/cli/simulate/bench", test_bench);
  return g_test_run();
}
