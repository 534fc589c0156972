/* SPDX-License-Identifier: Apache-2.0 */
/* Each rule with figures that make it fire, and with those that lack one thing. */
#include <math.h>
#include <string.h>

#include "kpi/advice.h"

static guint count(const IvAdviceFigures *figures, IvAdviceRule rule) {
  guint n = 0;
  g_autoptr(GArray) found = iv_advice_find(figures);
  for (guint i = 0; i < found->len; i++) {
    const IvAdvice *advice = &g_array_index(found, IvAdvice, i);
    g_assert_cmpuint(advice->n_evidence, >, 0);
    g_assert_true(advice->text[0] && g_utf8_validate(advice->text, -1, NULL));
    n += advice->rule == rule;
  }
  return n;
}

static void test_nothing(void) {
  g_auto(IvAdviceFigures) figures = {0};
  iv_advice_figures_init(&figures);
  g_autoptr(GArray) found = iv_advice_find(&figures);
  g_assert_cmpuint(found->len, ==, 0);
}

static void test_falls(void) {
  static const struct {
    IvAdviceShare now, before;
    guint fires;
  } cases[] = {
      {{0.30, 1000, 1}, {0.40, 1000, 1}, 1},
      {{0.37, 9000, 1}, {0.40, 9000, 1}, 0},   /* too little */
      {{0.30, 199, 1}, {0.40, 1000, 1}, 0},    /* too few */
      {{0.30, 1000, 1}, {0.40, 199, 1}, 0},    /* too few then */
      {{0.30, 1000, 0.8}, {0.40, 1000, 1}, 0}, /* not watched */
      {{0.30, 1000, 1}, {0.40, 1000, 0.8}, 0}, /* not watched then */
      {{0.018, 300, 1}, {0.02, 300, 1}, 0},    /* by chance */
      {{0.50, 1000, 1}, {0.40, 1000, 1}, 0},   /* it rose */
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(IvAdviceFigures) figures = {0};
    iv_advice_figures_init(&figures);
    figures.conversion[0] = figures.capture[0] = cases[i].now;
    figures.conversion[1] = figures.capture[1] = cases[i].before;
    g_assert_cmpuint(count(&figures, IV_ADVICE_CONVERSION_FELL), ==, cases[i].fires);
    g_assert_cmpuint(count(&figures, IV_ADVICE_CAPTURE_FELL), ==, cases[i].fires);
  }
}

static void test_dead_zones(void) {
  static const IvAdviceZone zones[] = {
      {{"a", "Shelf A"}, 3, 1, 100, TRUE},         {{"b", "Shelf B"}, 3, 1, 49, TRUE},
      {{"c", "Shelf C"}, 3, 0.5, 100, TRUE},       {{"d", "Shelf D"}, 90, 1, 100, FALSE},
      {{"e", "Shelf E"}, 3, 1, (double)NAN, TRUE},
  };
  g_auto(IvAdviceFigures) figures = {0};
  iv_advice_figures_init(&figures);
  g_array_append_vals(figures.zones, zones, G_N_ELEMENTS(zones));
  g_autoptr(GArray) found = iv_advice_find(&figures);
  g_assert_cmpuint(found->len, ==, 1);
  g_assert_cmpstr(g_array_index(found, IvAdvice, 0).subject.id, ==, "a");
}

/* Hours in a row are one; an hour with few people parts them. */
static void test_waits(void) {
  g_auto(IvAdviceFigures) figures = {0};
  iv_advice_figures_init(&figures);
  for (guint hour = 9; hour < 21; hour++)
    figures.hours[hour] = (IvAdviceHour){100, 95, 1};
  g_assert_cmpuint(count(&figures, IV_ADVICE_LONG_WAITS), ==, 0);
  for (guint hour = 16; hour < 19; hour++)
    figures.hours[hour].in_target = 70;
  figures.hours[23] = (IvAdviceHour){30, 0, 1};
  g_autoptr(GArray) found = iv_advice_find(&figures);
  g_assert_cmpuint(found->len, ==, 2);
  g_assert_nonnull(strstr(g_array_index(found, IvAdvice, 0).text, "From 16:00 to 19:00 only 70 %"));
  g_assert_nonnull(strstr(g_array_index(found, IvAdvice, 1).text, "From 23:00 to 24:00"));
  figures.hours[17].joined = 29;
  g_assert_cmpuint(count(&figures, IV_ADVICE_LONG_WAITS), ==, 3);
  for (guint hour = 0; hour < 24; hour++)
    figures.hours[hour].coverage = 0.89;
  g_assert_cmpuint(count(&figures, IV_ADVICE_LONG_WAITS), ==, 0);
}

static void test_lines(void) {
  static const IvAdviceLine lines[] = {{{"a", "A"}, 50, 0.10, 1},
                                       {{"b", "B"}, 49, 0.50, 1},
                                       {{"c", "C"}, 500, 0.09, 1},
                                       {{"d", "D"}, 500, 0.50, 0.2},
                                       {{"e", "E"}, (double)NAN, (double)NAN, 1}};
  g_auto(IvAdviceFigures) figures = {0};
  iv_advice_figures_init(&figures);
  g_array_append_vals(figures.lines, lines, G_N_ELEMENTS(lines));
  g_assert_cmpuint(count(&figures, IV_ADVICE_ABANDONMENT_HIGH), ==, 1);
}

static void test_lanes(void) {
  static const IvAdviceTomorrow hours[] = {{IV_HOUR, 100, 2, 2},
                                           {2 * IV_HOUR, 200, 3, 1.9},
                                           {3 * IV_HOUR, 300, 4, 1},
                                           {4 * IV_HOUR, 300, 9, (double)NAN}};
  g_auto(IvAdviceFigures) figures = {0};
  iv_advice_figures_init(&figures);
  g_array_append_vals(figures.tomorrow, hours, G_N_ELEMENTS(hours));
  figures.served = 99;
  g_assert_cmpuint(count(&figures, IV_ADVICE_LANES_SHORT), ==, 0);
  figures.served = 100;
  g_autoptr(GArray) found = iv_advice_find(&figures);
  g_assert_cmpuint(found->len, ==, 1);
  g_assert_cmpint(g_array_index(found, IvAdvice, 0).ts, ==, 3 * IV_HOUR);
  g_assert_nonnull(strstr(g_array_index(found, IvAdvice, 0).text, "2 hours"));
}

static void test_pairs(void) {
  g_auto(IvAdviceFigures) figures = {0};
  iv_advice_figures_init(&figures);
  for (guint i = 0; i < 6; i++) {
    IvAdvicePair pair = {"Pasta", "Sauce", i == 0 ? 29 : 30, i == 1 ? 1.9 : 3, 0.1};
    g_array_append_val(figures.pairs, pair);
  }
  g_assert_cmpuint(count(&figures, IV_ADVICE_CROSS_SELL), ==, IV_ADVICE_PAIRS_MAX);
  g_array_set_size(figures.pairs, 2);
  g_assert_cmpuint(count(&figures, IV_ADVICE_CROSS_SELL), ==, 0);
}

static void test_quality(void) {
  static const IvAdviceCamera cameras[] = {
      {{"a", "A"}, 0.79}, {{"b", "B"}, 0.8}, {{"c", "C"}, (double)NAN}};
  g_auto(IvAdviceFigures) figures = {0};
  iv_advice_figures_init(&figures);
  g_array_append_vals(figures.cameras, cameras, G_N_ELEMENTS(cameras));
  g_assert_cmpuint(count(&figures, IV_ADVICE_CAMERA_DARK), ==, 1);
  figures.transactions = 100;
  g_assert_cmpuint(count(&figures, IV_ADVICE_LINKS_MISSING), ==, 0); /* not known */
  figures.link_rate = 0.49;
  g_assert_cmpuint(count(&figures, IV_ADVICE_LINKS_MISSING), ==, 1);
  figures.transactions = 99;
  g_assert_cmpuint(count(&figures, IV_ADVICE_LINKS_MISSING), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/advice/nothing", test_nothing);
  g_test_add_func("/advice/falls", test_falls);
  g_test_add_func("/advice/dead-zones", test_dead_zones);
  g_test_add_func("/advice/waits", test_waits);
  g_test_add_func("/advice/lines", test_lines);
  g_test_add_func("/advice/lanes", test_lanes);
  g_test_add_func("/advice/pairs", test_pairs);
  g_test_add_func("/advice/quality", test_quality);
  return g_test_run();
}
