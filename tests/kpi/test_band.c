/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/band.h"

#include <math.h>

/* The letters of the bands, "-" for none. */
static char *ranked(const double *shares, guint n) {
  g_autofree IvBand *bands = g_new(IvBand, n);
  GString *text = g_string_new(NULL);
  iv_bands_rank(shares, n, bands);
  for (guint i = 0; i < n; i++)
    g_string_append_c(text, bands[i] == IV_BAND_NONE ? '-' : *iv_band_name(bands[i]));
  return g_string_free(text, FALSE);
}

static void test_rank(void) {
  static const double ten[] = {.05, .95, .85, .75, .65, .55, .45, .35, .25, .15};
  g_autofree IvBand *bands = g_new(IvBand, 10);
  static const IvBand expected[] = {IV_BAND_LOW,  IV_BAND_HOT,    IV_BAND_HOT,    IV_BAND_HIGH,
                                    IV_BAND_HIGH, IV_BAND_MEDIUM, IV_BAND_MEDIUM, IV_BAND_MEDIUM,
                                    IV_BAND_LOW,  IV_BAND_LOW};
  iv_bands_rank(ten, 10, bands);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint(bands[i], ==, expected[i]);
}

static void test_few_and_unknown(void) {
  static const double five[] = {.5, .4, .3, .2, .1}, four[] = {.4, .3, .2, .1};
  const double gap[] = {.5, (double)NAN, .4, .3, .2, .1},
               short_of[] = {.5, (double)NAN, .4, .3, .2};
  const double same[] = {.5, .5, .5, .5, .5, .1};
  g_autofree char *a = ranked(five, 5), *b = ranked(four, 4), *c = ranked(gap, 6);
  g_autofree char *d = ranked(short_of, 5), *e = ranked(same, 6);
  g_assert_cmpstr(a, ==, "hhmml"); /* hot, high, medium, medium, low */
  g_assert_cmpstr(b, ==, "----");
  g_assert_cmpstr(c, ==, "h-hmml");
  g_assert_cmpstr(d, ==, "-----");
  g_assert_cmpstr(e, ==, "hhhhhl");
}

static void test_fixed(void) {
  g_assert_cmpint(iv_band_fixed(.8), ==, IV_BAND_HOT);
  g_assert_cmpint(iv_band_fixed(.799), ==, IV_BAND_HIGH);
  g_assert_cmpint(iv_band_fixed(.65), ==, IV_BAND_HIGH);
  g_assert_cmpint(iv_band_fixed(.4), ==, IV_BAND_MEDIUM);
  g_assert_cmpint(iv_band_fixed(.39), ==, IV_BAND_LOW);
  g_assert_cmpint(iv_band_fixed(0), ==, IV_BAND_LOW);
  g_assert_cmpint(iv_band_fixed((double)NAN), ==, IV_BAND_NONE);
  g_assert_null(iv_band_name(IV_BAND_NONE));
}

/* A zone is dead that was it on every day; just a tenth of the median is not dead. */
static void test_dead(void) {
  static const double monday[] = {100, 9, 10, 100, 0}, tuesday[] = {90, 5, 5, 100, 100};
  gboolean dead[] = {TRUE, TRUE, TRUE, TRUE, TRUE};
  iv_dead_zones_day((double[]){100, 9, 10, 100, 110}, 5, dead);
  g_assert_true(dead[1]); /* the median is 100 */
  g_assert_false(dead[2]);
  gboolean both[] = {TRUE, TRUE, TRUE, TRUE, TRUE};
  iv_dead_zones_day(monday, 5, both); /* 10 */
  g_assert_true(both[4] && !both[1]);
  iv_dead_zones_day(tuesday, 5, both);
  g_assert_false(both[4]);
  gboolean nobody[] = {TRUE, TRUE};
  iv_dead_zones_day((double[]){0, 0}, 2, nobody);
  g_assert_false(nobody[0] || nobody[1]);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/kpi/band/rank", test_rank);
  g_test_add_func("/kpi/band/few-and-unknown", test_few_and_unknown);
  g_test_add_func("/kpi/band/fixed", test_fixed);
  g_test_add_func("/kpi/band/dead", test_dead);
  return g_test_run();
}
