/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/groups.h"

#include <math.h>

#include "kpi/bucket.h"

#define T0 (IV_BUCKET_SPAN * 1000) /* a bucket's start */

static IvEvent group(IvTime ts, double size, const char *crossings_ms) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_GROUP_ENTERED, ts);
  iv_event_set_number(&event, IV_ATTR_SIZE, size);
  iv_event_set_text(&event, IV_ATTR_CROSSINGS_MS, crossings_ms);
  return event;
}

static gint64 amount(const IvEvent *event, int line_kind, IvTime bucket, int place) {
  IvBucketDelta deltas[IV_BUCKET_DELTAS_MAX];
  IvKpiLimits limits = iv_kpi_limits_default();
  guint n = iv_bucket_deltas(event, line_kind, &limits, deltas);
  gint64 sum = 0;
  for (guint i = 0; i < n; i++) {
    g_assert_cmpint(deltas[i].subject, ==, IV_SUBJECT_STORE);
    sum += deltas[i].bucket == bucket ? deltas[i].amounts[place] : 0;
  }
  return sum;
}

static void test_counted_once(void) {
  IvEvent three = group(T0 + 1, 3, "0 300 900");
  g_assert_cmpint(amount(&three, IV_LINE_ENTRANCE, T0, IV_STORE_GROUPS), ==, 1);
  g_assert_cmpint(amount(&three, IV_LINE_ENTRANCE, T0, IV_STORE_GROUPED), ==, 3);
  g_assert_cmpint(amount(&three, IV_LINE_ENTRANCE, T0, IV_STORE_GROUPS_3), ==, 1);
  g_assert_cmpint(amount(&three, IV_LINE_ENTRANCE, T0, IV_STORE_GROUPS_2), ==, 0);
  /* an inner line makes no traffic */
  g_assert_cmpint(amount(&three, IV_LINE_INTERNAL, T0, IV_STORE_GROUPS), ==, 0);
  g_assert_cmpint(amount(&three, -1, T0, IV_STORE_GROUPS), ==, 0);
  IvEvent seven = group(T0 + 1, 7, "0 1 2 3 4 5 6");
  g_assert_cmpint(amount(&seven, IV_LINE_ENTRANCE, T0, IV_STORE_GROUPED), ==, 7);
  g_assert_cmpint(amount(&seven, IV_LINE_ENTRANCE, T0, IV_STORE_GROUPS_4), ==, 0);
}

/* Each of them where the own crossing was counted: who came alone is what is left of a bucket. */
static void test_over_the_edge(void) {
  IvTime last = T0 + IV_BUCKET_SPAN;
  IvEvent two = group(last - IV_SECOND, 2, "0 1200");
  g_assert_cmpint(amount(&two, IV_LINE_ENTRANCE, T0, IV_STORE_GROUPS), ==, 1);
  g_assert_cmpint(amount(&two, IV_LINE_ENTRANCE, T0, IV_STORE_GROUPED), ==, 1);
  g_assert_cmpint(amount(&two, IV_LINE_ENTRANCE, last, IV_STORE_GROUPED), ==, 1);
  g_assert_cmpint(amount(&two, IV_LINE_ENTRANCE, last, IV_STORE_GROUPS), ==, 0);
}

static void test_bad_words(void) {
  static const char *const words[] = {"", "x", "0 -5 99999999999999999999", "0"};
  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    IvEvent three = group(T0, 3, words[i]);
    gint64 people = amount(&three, IV_LINE_ENTRANCE, T0, IV_STORE_GROUPED) +
                    amount(&three, IV_LINE_ENTRANCE, T0 + IV_BUCKET_SPAN, IV_STORE_GROUPED);
    g_assert_cmpint(people, ==, 3);
  }
  static const double sizes[] = {0, 1, -3, 1e9};
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    IvEvent event = group(T0, sizes[i], "0 1");
    g_assert_cmpint(amount(&event, IV_LINE_ENTRANCE, T0, IV_STORE_GROUPS), ==, 0);
  }
}

static void test_figures(void) {
  IvGroupSums sums = {.groups = 3, .people = 9, .twos = 2, .threes = 0, .fours = 0};
  IvGroupFigures f = iv_group_figures(&sums, 15, TRUE); /* 6 alone, two pairs, one of five */
  g_assert_cmpfloat(f.groups, ==, 9);
  g_assert_cmpfloat(f.mean_size, ==, 15. / 9);
  g_assert_cmpfloat(f.by_size[0], ==, 6);
  g_assert_cmpfloat(f.by_size[1], ==, 2);
  g_assert_cmpfloat(f.by_size[4], ==, 1);
  IvGroupFigures none = iv_group_figures(&(IvGroupSums){0}, 0, TRUE);
  g_assert_cmpfloat(none.groups, ==, 0);
  g_assert_true(isnan(none.mean_size));
  IvGroupFigures unknown = iv_group_figures(&sums, 15, FALSE);
  g_assert_true(isnan(unknown.groups) && isnan(unknown.mean_size) && isnan(unknown.by_size[0]));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/kpi/groups/counted-once", test_counted_once);
  g_test_add_func("/kpi/groups/over-the-edge", test_over_the_edge);
  g_test_add_func("/kpi/groups/bad-words", test_bad_words);
  g_test_add_func("/kpi/groups/figures", test_figures);
  return g_test_run();
}
