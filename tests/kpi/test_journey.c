/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "kpi/journey.h"

/* "a3 b-5 C f": a stay for each word: its zone (small letters products, C a checkout, F fitting),
 * entered one after the other. */
static IvJourney journey_of(const char *words) {
  IvJourneyStay stays[IV_JOURNEY_STAYS_MAX];
  IvJourney journey;
  guint n = 0;
  for (const char *at = words; *at; at++) {
    if (*at == ' ')
      continue;
    IvZoneKind kind = *at == 'C'   ? IV_ZONE_CHECKOUT
                      : *at == 'F' ? IV_ZONE_FITTING
                                   : IV_ZONE_PRODUCT;
    stays[n] = (IvJourneyStay){*at, kind, n * IV_SECOND, (n + 3) * IV_SECOND};
    n++;
  }
  iv_journey_make(stays, n, &journey);
  return journey;
}

static void assert_steps(const IvJourney *journey, const char *steps) {
  g_assert_cmpuint(journey->n_steps, ==, strlen(steps));
  for (guint i = 0; i < journey->n_steps; i++)
    g_assert_cmpint(journey->steps[i], ==, steps[i]);
}

static void test_steps(void) {
  IvJourney none = journey_of("");
  assert_steps(&none, "");
  g_assert_false(none.checkout);
  IvJourney journey = journey_of("a a b F F b C");
  assert_steps(&journey, "abFbC");
  g_assert_cmpuint(journey.product_zones, ==, 2);
  g_assert_true(journey.checkout);
  g_assert_false(journey.backtracked);
}

/* After two or more others; fitting rooms and checkouts are no products. */
static void test_backtracking(void) {
  g_assert_true(journey_of("a b c a").backtracked);
  g_assert_true(journey_of("a b F c b a").backtracked);
  g_assert_false(journey_of("a b a").backtracked);
  g_assert_false(journey_of("a b a b a").backtracked); /* one other, twice */
  g_assert_false(journey_of("a F b C a").backtracked);
  g_assert_false(journey_of("a b c d").backtracked);
}

static void test_order(void) {
  const IvJourneyStay stays[] = {
      {3, IV_ZONE_PRODUCT, 5, 9}, {2, IV_ZONE_PRODUCT, 1, 9}, {1, IV_ZONE_PRODUCT, 5, 6}};
  IvJourney journey;
  iv_journey_make(stays, 3, &journey);
  g_assert_cmpint(journey.steps[0], ==, 2);
  g_assert_cmpint(journey.steps[1], ==, 1); /* at the same time: the smaller number */
  g_assert_cmpint(journey.steps[2], ==, 3);
}

static void test_long(void) {
  static IvJourneyStay stays[IV_JOURNEY_STAYS_MAX + 10];
  IvJourney journey;
  for (guint i = 0; i < G_N_ELEMENTS(stays); i++)
    stays[i] = (IvJourneyStay){1 + i % 100, IV_ZONE_PRODUCT, i, i + 1};
  iv_journey_make(stays, IV_JOURNEY_STEPS_MAX, &journey);
  g_assert_false(journey.is_cut);
  iv_journey_make(stays, G_N_ELEMENTS(stays), &journey);
  g_assert_true(journey.is_cut);
  g_assert_cmpuint(journey.n_steps, ==, IV_JOURNEY_STEPS_MAX);
}

static void test_express(void) {
  g_assert_true(iv_journey_is_express(2, TRUE, IV_EXPRESS_SPAN - 1));
  g_assert_false(iv_journey_is_express(2, TRUE, IV_EXPRESS_SPAN));
  g_assert_false(iv_journey_is_express(3, TRUE, IV_SECOND));
  g_assert_false(iv_journey_is_express(1, FALSE, IV_SECOND));
}

static void test_bytes(void) {
  static const gint64 steps[] = {1, 127, 128, 300, G_MAXINT64};
  guint8 path[IV_JOURNEY_PATH_MAX];
  gint64 back[IV_JOURNEY_STEPS_MAX];
  gsize n = iv_journey_path_write(steps, G_N_ELEMENTS(steps), path);
  g_assert_cmpuint(iv_journey_path_read(path, n, back, IV_JOURNEY_STEPS_MAX), ==, 5);
  g_assert_cmpmem(steps, sizeof steps, back, sizeof steps);
  g_assert_cmpuint(iv_journey_path_read(path, n, back, 2), ==, 2);
  memset(path, 0xff, sizeof path);
  g_assert_cmpuint(iv_journey_path_read(path, sizeof path, back, IV_JOURNEY_STEPS_MAX), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/kpi/journey/steps", test_steps);
  g_test_add_func("/kpi/journey/backtracking", test_backtracking);
  g_test_add_func("/kpi/journey/order", test_order);
  g_test_add_func("/kpi/journey/long", test_long);
  g_test_add_func("/kpi/journey/express", test_express);
  g_test_add_func("/kpi/journey/bytes", test_bytes);
  return g_test_run();
}
