/* SPDX-License-Identifier: Apache-2.0 */
#include "base/timestamp.h"

#include <string.h>

static void assert_text(IvTime t, const char *expected) {
  char text[IV_TIME_TEXT_MAX];
  g_assert_cmpstr(iv_time_to_text(t, text), ==, expected);
}

static void test_known(void) {
  static const struct {
    IvTime seconds;
    const char *text;
  } cases[] = {
      {0, "1970-01-01T00:00:00.000Z"},
      {-1, "1969-12-31T23:59:59.000Z"},
      {951782400, "2000-02-29T00:00:00.000Z"},   /* leap: divisible by 400 */
      {-2203891201, "1900-02-28T23:59:59.000Z"}, /* not leap: by 100 */
      {-2203891200, "1900-03-01T00:00:00.000Z"},
      {1709251199, "2024-02-29T23:59:59.000Z"},
      {1709251200, "2024-03-01T00:00:00.000Z"},
      {4107542400, "2100-03-01T00:00:00.000Z"},
      {-62135596800, "0001-01-01T00:00:00.000Z"},
      {253402300799, "9999-12-31T23:59:59.000Z"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    IvTime t;
    assert_text(cases[i].seconds * IV_SECOND, cases[i].text);
    g_assert_true(iv_time_from_text(cases[i].text, &t));
    g_assert_cmpint(t, ==, cases[i].seconds * IV_SECOND);
  }
}

/* Milliseconds are floored, not rounded towards 1970. */
static void test_fractions(void) {
  assert_text(1500, "1970-01-01T00:00:00.001Z");
  assert_text(-1, "1969-12-31T23:59:59.999Z");
  assert_text(-1000, "1969-12-31T23:59:59.999Z");
  assert_text(-1001, "1969-12-31T23:59:59.998Z");
  static const struct {
    const char *text;
    IvTime us;
  } cases[] = {{"1970-01-01T00:00:00.5Z", 500000},
               {"1970-01-01T00:00:00.123456Z", 123456},
               {"1970-01-01T00:00:00.1234569Z", 123456},
               {"1969-12-31T23:59:59.000001Z", -999999}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    IvTime t;
    g_assert_true(iv_time_from_text(cases[i].text, &t));
    g_assert_cmpint(t, ==, cases[i].us);
  }
}

static void test_round_trip(void) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  for (guint i = 0; i < 100000; i++) {
    IvTime seconds = (IvTime)g_rand_double_range(rand, -62135596800.0, 253402300800.0);
    IvTime t = seconds * IV_SECOND + g_rand_int_range(rand, 0, 1000) * IV_MS, again;
    char text[IV_TIME_TEXT_MAX];
    g_assert_true(iv_time_from_text(iv_time_to_text(t, text), &again));
    g_assert_cmpint(again, ==, t);
  }
}

/* GLib's calendar is another author's. */
static void test_against_glib(void) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(8);
  for (guint i = 0; i < 5000; i++) {
    gint64 seconds = (gint64)g_rand_double_range(rand, -62135596800.0, 253402300800.0);
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(seconds);
    g_autofree char *expected = g_date_time_format(date, "%Y-%m-%dT%H:%M:%S.000Z");
    char text[IV_TIME_TEXT_MAX];
    iv_time_to_text(seconds * IV_SECOND, text);
    g_assert_cmpstr(strchr(expected, '-') - expected == 4 ? text : text + strspn(text, "0"), ==,
                    expected);
  }
}

static void test_offsets(void) {
  static const struct {
    const char *text, *utc;
  } cases[] = {{"2026-11-24T09:00:00+01:00", "2026-11-24T08:00:00.000Z"},
               {"2026-11-24T02:30:00-05:30", "2026-11-24T08:00:00.000Z"},
               {"2026-01-01T00:00:00+05:45", "2025-12-31T18:15:00.000Z"},
               {"2026-11-24t08:00:00z", "2026-11-24T08:00:00.000Z"},
               {"2026-11-24 08:00:00Z", "2026-11-24T08:00:00.000Z"},
               {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    IvTime t;
    g_assert_true(iv_time_from_text(cases[i].text, &t));
    assert_text(t, cases[i].utc);
  }
}

static void test_refused(void) {
  static const char *const texts[] = {"",
                                      "now",
                                      "2026-11-24",
                                      "2026-11-24T08:00:00",
                                      "2026-11-24T08:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "1900-02-29T00:00:00Z",
                                      "2026-04-31T00:00:00Z",
                                      "2026-11-24T24:00:00Z",
                                      "2026-11-24T08:60:00Z",
                                      "2026-11-24T08:00:61Z",
                                      "2026-11-24T08:00:00Zx",
                                      "2026-11-24T08:00:00.Z",
                                      "2026-11-24T08:00:00+1:00",
                                      "2026-11-24T08:00:00+24:00",
                                      "2026-11-24T08:00:00+01:60",
                                      "0000-01-01T00:00:00Z",
                                      "12026-11-24T08:00:00Z",
                                      "2026- 1- 1T08:00:00Z",
                                      "2026-+1-+1T08:00:00Z",
                                      "2026-11-24T 8: 0: 0Z",
                                      "2026-11-24T08:00:00+ 1:00",
                                      "2026-11-24T08:00:00.00000000000000000000000000000001Z"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    IvTime t = 42;
    if (iv_time_from_text(texts[i], &t))
      g_error("taken: %s", texts[i]);
    g_assert_cmpint(t, ==, 42);
  }
  g_assert_false(iv_time_from_text(NULL, &(IvTime){0}));
}

static void test_range(void) {
  assert_text(G_MININT64, "0001-01-01T00:00:00.000Z");
  assert_text(G_MAXINT64, "9999-12-31T23:59:59.999Z");
}

static void test_floor(void) {
  g_assert_cmpint(iv_time_floor(7, 5), ==, 5);
  g_assert_cmpint(iv_time_floor(5, 5), ==, 5);
  g_assert_cmpint(iv_time_floor(0, 5), ==, 0);
  g_assert_cmpint(iv_time_floor(-1, 5), ==, -5);
  g_assert_cmpint(iv_time_floor(-5, 5), ==, -5);
  g_assert_cmpint(iv_time_floor(-6, 5), ==, -10);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/timestamp/known", test_known);
  g_test_add_func("/base/timestamp/fractions", test_fractions);
  g_test_add_func("/base/timestamp/round-trip", test_round_trip);
  g_test_add_func("/base/timestamp/against-glib", test_against_glib);
  g_test_add_func("/base/timestamp/offsets", test_offsets);
  g_test_add_func("/base/timestamp/refused", test_refused);
  g_test_add_func("/base/timestamp/range", test_range);
  g_test_add_func("/base/timestamp/floor", test_floor);
  return g_test_run();
}
