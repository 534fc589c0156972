/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "eval/mot_file.h"
#include "eval/mot_scores.h"
#include "tests/shared_data.h"

static GArray *parse(const char *text, IvMotKind kind) {
  g_autoptr(GError) error = NULL;
  GArray *rows = iv_mot_parse(text, strlen(text), "t.txt", kind, &error);
  g_assert_no_error(error);
  return rows;
}

static IvMotPair *pair_of(const char *gt_text, const char *result_text) {
  g_autoptr(GArray) gt = parse(gt_text, IV_MOT_GROUND_TRUTH);
  g_autoptr(GArray) result = parse(result_text, IV_MOT_RESULT);
  return iv_mot_pair_new(gt, result, NULL);
}

static void test_parse(void) {
  g_autoptr(GArray) rows =
      parse("2,7,1.5,-2,30,40,0.5,-1,-1,-1\r\n\n1, 3 ,1,2,3,4,1\n", IV_MOT_RESULT);
  g_assert_cmpuint(rows->len, ==, 2);
  const IvMotRow *first = &g_array_index(rows, IvMotRow, 0), *second = first + 1;
  g_assert_cmpint(first->frame, ==, 1);
  g_assert_cmpint(first->id, ==, 3);
  g_assert_cmpfloat(second->left, ==, 1.5);
  g_assert_cmpfloat(second->top, ==, -2);
  g_assert_cmpfloat(second->score, ==, 0.5);
}

static void test_parse_errors(void) {
  static const struct {
    const char *text, *message;
    IvMotKind kind;
  } cases[] = {
      {"1,2,3\n", "t.txt:1: expected frame", IV_MOT_RESULT},
      {"1,1,0,0,1,1,1\n1,2,x,0,1,1,1\n", "t.txt:2: expected frame", IV_MOT_RESULT},
      {"1,2,nan,0,1,1,1\n", "t.txt:1: expected frame", IV_MOT_RESULT},
      {"0,2,0,0,1,1,1\n", "t.txt:1: frame must be", IV_MOT_RESULT},
      {"1,2.5,0,0,1,1,1\n", "t.txt:1: id must be", IV_MOT_RESULT},
      {"1,2,1e7,0,1,1,1\n", "t.txt:1: a coordinate", IV_MOT_RESULT},
      {"1,-1,0,0,1,1\n", "t.txt:1: a detection needs a score", IV_MOT_DETECTIONS},
      {"4,9,0,0,1,1,1\n4,9,5,5,1,1,1\n", "t.txt: id 9 stands twice in frame 4", IV_MOT_RESULT},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    GArray *rows =
        iv_mot_parse(cases[i].text, strlen(cases[i].text), "t.txt", cases[i].kind, &error);
    g_assert_null(rows);
    g_assert_true(g_str_has_prefix(error->message, cases[i].message));
  }
}

static void test_parse_bounds(void) {
  g_autofree char *line = g_strnfill(4000, '1');
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_mot_parse(line, strlen(line), "t.txt", IV_MOT_RESULT, &error));
  g_assert_error(error, IV_MOT_ERROR, IV_MOT_ERROR_LIMIT);
  g_clear_error(&error);
  static const char with_nul[] = "1,1,0,0,1\0,1,1";
  g_assert_null(iv_mot_parse(with_nul, sizeof with_nul - 1, "t.txt", IV_MOT_RESULT, &error));
  g_assert_error(error, IV_MOT_ERROR, IV_MOT_ERROR_SYNTAX);
}

static void test_perfect(void) {
  static const char gt[] = "1,1,0,0,10,20,1\n2,1,1,0,10,20,1\n1,2,50,0,10,20,1\n";
  g_autoptr(IvMotPair) pair = pair_of(gt, gt);
  g_assert_cmpfloat_with_epsilon(iv_mot_hota(pair).hota, 1, 1e-12);
  g_assert_cmpfloat(iv_mot_clear(pair).mota, ==, 1);
  g_assert_cmpfloat(iv_mot_identity(pair).idf1, ==, 1);
}

/* One person, four frames, perfect boxes, but the id changes in the middle:
 * DetA 1; each match: 2 in common of 4 + 2 - 2 = 0.5, so AssA 0.5, HOTA sqrt(.5);
 * MOTA 1 - 1/4; IDTP 2, IDFP 2, IDFN 2, so IDF1 0.5. */
static void test_identity_switch(void) {
  g_autoptr(IvMotPair) pair = pair_of("1,1,0,0,10,20,1\n2,1,0,0,10,20,1\n3,1,0,0,10,20,1\n"
                                      "4,1,0,0,10,20,1\n",
                                      "1,5,0,0,10,20,1\n2,5,0,0,10,20,1\n3,6,0,0,10,20,1\n"
                                      "4,6,0,0,10,20,1\n");
  IvHota hota = iv_mot_hota(pair);
  g_assert_cmpfloat_with_epsilon(hota.deta, 1, 1e-12);
  g_assert_cmpfloat_with_epsilon(hota.assa, 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon(hota.hota, 0.70710678118, 1e-9);
  g_assert_cmpuint(iv_mot_clear(pair).idsw, ==, 1);
  g_assert_cmpfloat(iv_mot_clear(pair).mota, ==, 0.75);
  g_assert_cmpfloat(iv_mot_identity(pair).idf1, ==, 0.5);
}

/* One frame, a box that overlaps by exactly one half, one missed and one made up: at thresholds up
 * to 0.50 (10 of 19) TP 1, FN 1, FP 1; above TP 0. */
static void test_half_overlap(void) {
  g_autoptr(IvMotPair) pair =
      pair_of("1,1,0,0,10,20,1\n1,2,500,0,10,20,1\n", "1,1,0,0,10,10,1\n1,2,900,0,10,20,1\n");
  g_assert_cmpfloat_with_epsilon(iv_mot_hota(pair).deta, 10. / 19 / 3, 1e-12);
  IvClear clear = iv_mot_clear(pair);
  g_assert_cmpuint(clear.tp, ==, 1);
  g_assert_cmpuint(clear.fp, ==, 1);
  g_assert_cmpuint(clear.fn, ==, 1);
  g_assert_cmpfloat(clear.mota, ==, 0);
}

static void test_nothing(void) {
  g_autoptr(IvMotPair) none = pair_of("", "");
  g_assert_cmpfloat(iv_mot_hota(none).hota, ==, 0);
  g_assert_cmpfloat(iv_mot_identity(none).idf1, ==, 0);
  g_autoptr(IvMotPair) only_gt = pair_of("1,1,0,0,10,20,1\n", "");
  g_assert_cmpuint(iv_mot_clear(only_gt).fn, ==, 1);
  g_autoptr(IvMotPair) only_result = pair_of("", "3,1,0,0,10,20,1\n");
  g_assert_cmpuint(iv_mot_clear(only_result).fp, ==, 1);
}

/* Rows marked 0 are not evaluated; with classes (9 columns) results on distractors do not count. */
static void test_left_out(void) {
  g_autoptr(IvMotPair) marked =
      pair_of("1,1,0,0,10,20,1,-1,-1,-1\n1,2,50,0,10,20,0,-1,-1,-1\n", "1,1,0,0,10,20,1\n");
  g_assert_cmpuint(marked->n_gt, ==, 1);
  g_assert_cmpfloat(iv_mot_clear(marked).mota, ==, 1);
  g_autoptr(IvMotPair) classes =
      pair_of("1,1,0,0,10,20,1,1,1\n1,2,50,0,10,20,0,8,1\n", "1,1,0,0,10,20,1\n1,2,50,0,10,20,1\n");
  g_assert_cmpuint(classes->n_result, ==, 1);
  g_assert_cmpfloat(iv_mot_clear(classes).mota, ==, 1);
}

static void test_too_many_identities(void) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < 2001; i++)
    g_string_append_printf(text, "%d,%d,0,0,10,20,1\n", i + 1, i);
  g_autoptr(GArray) rows = parse(text->str, IV_MOT_RESULT);
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_mot_pair_new(rows, rows, &error));
  g_assert_error(error, IV_MOT_ERROR, IV_MOT_ERROR_LIMIT);
}

static GArray *read_shared(const char *sequence, const char *file, IvMotKind kind) {
  g_autofree char *name = g_strdup_printf("data/mot/%s/%s", sequence, file);
  g_autofree char *path = iv_test_shared_path(name);
  g_autofree char *text = NULL;
  gsize length = 0;
  g_assert_nonnull(path);
  g_assert_true(g_file_get_contents(path, &text, &length, NULL));
  GArray *rows = iv_mot_parse(text, length, path, kind, NULL);
  g_assert_nonnull(rows);
  return rows;
}

/* `row`: tracker, sequence, HOTA, DetA, AssA, MOTA, IDF1, IDSW. */
static void check_row(char **row) {
  g_autofree char *file = g_strdup_printf("ref/%s.txt", row[0]);
  g_autoptr(GArray) gt = read_shared(row[1], "gt/gt.txt", IV_MOT_GROUND_TRUTH);
  g_autoptr(GArray) result = read_shared(row[1], file, IV_MOT_RESULT);
  g_autoptr(IvMotPair) pair = iv_mot_pair_new(gt, result, NULL);
  IvHota hota = iv_mot_hota(pair);
  IvClear clear = iv_mot_clear(pair);
  double ours[] = {hota.hota, hota.deta, hota.assa, clear.mota, iv_mot_identity(pair).idf1};
  for (gsize i = 0; i < G_N_ELEMENTS(ours); i++)
    g_assert_cmpfloat_with_epsilon(100 * ours[i], g_ascii_strtod(row[2 + i], NULL), 0.0051);
  g_assert_cmpuint(clear.idsw, ==, (guint)g_ascii_strtoull(row[7], NULL, 10));
}

static void test_equals_trackeval(void) {
  g_autofree char *path = iv_test_shared_path("data/mot/trackeval.tsv");
  g_autofree char *text = NULL;
  if (!path || !g_file_get_contents(path, &text, NULL, NULL)) {
    g_test_skip("needs data/mot of the shared folder (INVEYE_SHARED)");
    return;
  }
  g_auto(GStrv) lines = g_strsplit(g_strstrip(text), "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), >, 10);
  for (guint i = 1; lines[i]; i++) {
    g_auto(GStrv) row = g_strsplit(lines[i], "\t", -1);
    g_assert_cmpuint(g_strv_length(row), ==, 8);
    check_row(row);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mot/parse", test_parse);
  g_test_add_func("/mot/parse-errors", test_parse_errors);
  g_test_add_func("/mot/parse-bounds", test_parse_bounds);
  g_test_add_func("/mot/perfect", test_perfect);
  g_test_add_func("/mot/identity-switch", test_identity_switch);
  g_test_add_func("/mot/half-overlap", test_half_overlap);
  g_test_add_func("/mot/nothing", test_nothing);
  g_test_add_func("/mot/left-out", test_left_out);
  g_test_add_func("/mot/too-many-identities", test_too_many_identities);
  g_test_add_func("/mot/equals-trackeval", test_equals_trackeval);
  return g_test_run();
}
