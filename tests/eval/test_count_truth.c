/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/count_truth.h"

#include <string.h>

#include "eval/mot_file.h"
#include "tests/shared_data.h"

/* A person of 20 x 40 px whose feet are at (x, y). */
static void walk(GString *text, int frame, int id, double x, double y) {
  g_string_append_printf(text, "%d,%d,%g,%g,20,40,1\n", frame, id, x - 10, y - 40);
}

static GArray *parsed(const GString *text) {
  g_autoptr(GError) error = NULL;
  GArray *rows = iv_mot_parse(text->str, text->len, "t", IV_MOT_GROUND_TRUTH, &error);
  g_assert_no_error(error);
  return rows;
}

static void expect(const GArray *rows, guint in, guint out) {
  IvTruthCrossings got = iv_truth_crossings(rows, (IvPoint){100, 0}, (IvPoint){100, 200}, 10);
  g_assert_cmpuint(got.in, ==, in);
  g_assert_cmpuint(got.out, ==, out);
}

/* Down the picture the − side is right of the line, so right to left is `in`. */
static void test_crossings(void) {
  g_autoptr(GString) text = g_string_new(NULL);
  static const double there_and_back[] = {130, 105, 95, 80, 95, 105, 130};
  static const double nearly[] = {130, 105, 95, 105, 130};
  for (guint i = 0; i < G_N_ELEMENTS(there_and_back); i++)
    walk(text, (int)i + 1, 1, there_and_back[i], 100);
  for (guint i = 0; i < G_N_ELEMENTS(nearly); i++)
    walk(text, (int)i + 1, 2, nearly[i], 150);
  walk(text, 1, 3, 130, 250); /* below the line's end */
  walk(text, 2, 3, 70, 250);
  walk(text, 1, 4, 105, 50); /* first seen in the band */
  walk(text, 2, 4, 60, 50);
  g_autoptr(GArray) rows = parsed(text);
  expect(rows, 2, 1);
}

static void test_zone(void) {
  static const IvPoint square[] = {{0, 0}, {100, 0}, {100, 100}, {0, 100}};
  g_autoptr(GString) text = g_string_new(NULL);
  static const double ways[2][4] = {{50, 150, 50, 50}, {150, 150, 50, 150}};
  for (int id = 0; id < 2; id++)
    for (int t = 0; t < 4; t++)
      walk(text, t + 1, id + 1, ways[id][t], 50);
  g_autoptr(GArray) rows = parsed(text);
  IvTruthZone zone = iv_truth_zone(rows, square, G_N_ELEMENTS(square));
  g_assert_cmpuint(zone.entries, ==, 3);
  g_assert_cmpuint(zone.people, ==, 2);
  g_assert_cmpuint(zone.peak, ==, 2);
  g_assert_cmpuint(zone.person_frames, ==, 4);
}

/* What is known of the reference film, counted by others. */
static void test_reference_film(void) {
  g_autofree char *path = iv_test_shared_path("data/mot/PETS09-S2L1/gt/gt.txt");
  g_autofree char *text = NULL;
  gsize length = 0;
  if (!path) {
    g_test_skip("needs shared data");
    return;
  }
  g_assert_true(g_file_get_contents(path, &text, &length, NULL));
  g_autoptr(GArray) rows = iv_mot_parse(text, length, path, IV_MOT_GROUND_TRUTH, NULL);
  IvTruthCrossings line = iv_truth_crossings(rows, (IvPoint){384, 0}, (IvPoint){384, 576}, 10);
  g_assert_cmpuint(line.in, ==, 18);
  /* 14 on an endless line: one passes a pixel below the picture, where this line has ended. */
  g_assert_cmpuint(line.out, ==, 13);
  static const IvPoint zone[] = {{200, 150}, {500, 150}, {500, 350}, {200, 350}};
  IvTruthZone truth = iv_truth_zone(rows, zone, G_N_ELEMENTS(zone));
  g_assert_cmpuint(truth.entries, ==, 26);
  g_assert_cmpuint(truth.people, ==, 18);
  g_assert_cmpuint(truth.peak, ==, 5);
  g_assert_cmpuint(truth.person_frames, ==, 1840);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/eval/count_truth/crossings", test_crossings);
  g_test_add_func("/eval/count_truth/zone", test_zone);
  g_test_add_func("/eval/count_truth/reference_film", test_reference_film);
  return g_test_run();
}
