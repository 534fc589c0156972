/* SPDX-License-Identifier: Apache-2.0 */
#include "model/visitor.h"

static void test_parts(void) {
  guint64 visitor = iv_visitor_make(20535, 42), next_day = iv_visitor_make(20536, 42);
  g_assert_cmpuint(iv_visitor_day(visitor), ==, 20535);
  g_assert_cmpuint(iv_visitor_number(visitor), ==, 42);
  g_assert_cmpuint(visitor, !=, next_day); /* nobody is the same the day after */
  g_assert_cmpuint(iv_visitor_make(IV_VISITOR_DAY_MAX, G_MAXUINT32), <, G_MAXINT64);
  g_assert_true(iv_visitor_is_valid(visitor));
  g_assert_false(iv_visitor_is_valid(0));
  g_assert_false(iv_visitor_is_valid((guint64)20535 << 32));
  g_assert_false(iv_visitor_is_valid(((guint64)IV_VISITOR_DAY_MAX + 1) << 32 | 1));
}

static void test_text(void) {
  static const struct {
    guint day;
    guint32 number;
    const char *text;
  } cases[] = {
      {0, 1, "1970-01-01/CUST-0001"},
      {20535, 42, "2026-03-23/CUST-0042"},
      {19782, 12345, "2024-02-29/CUST-12345"},
      {IV_VISITOR_DAY_MAX, G_MAXUINT32, "9999-12-31/CUST-4294967295"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    guint64 visitor = iv_visitor_make(cases[i].day, cases[i].number), again = 0;
    char text[IV_VISITOR_TEXT_MAX];
    g_assert_cmpstr(iv_visitor_to_text(visitor, text), ==, cases[i].text);
    g_assert_true(iv_visitor_from_text(text, &again));
    g_assert_cmpuint(again, ==, visitor);
  }
}

static void test_refused(void) {
  static const char *const cases[] = {"",
                                      "CUST-0042",
                                      "2026-03-23/CUST-",
                                      "2026-03-23/CUST-0000",
                                      "2026-03-23/CUST-42",
                                      "2026-03-23/CUST-00042",
                                      "2026-03-23/CUST-004x",
                                      "2026-03-23/CUST-+042",
                                      "2026-03-23/CUST-4294967296",
                                      "2026-03-23/CUST-99999999999",
                                      "2026-03-23/cust-0042",
                                      "2026-02-29/CUST-0042",
                                      "2026-13-01/CUST-0042",
                                      "1969-12-31/CUST-0042",
                                      "2026/03-23/CUST-0042",
                                      "2026-03-23/CUST-0042 "};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    guint64 visitor = 7;
    if (iv_visitor_from_text(cases[i], &visitor))
      g_error("\"%s\" was taken", cases[i]);
    g_assert_cmpuint(visitor, ==, 7);
  }
  g_assert_false(iv_visitor_from_text(NULL, NULL));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/model/visitor/parts", test_parts);
  g_test_add_func("/model/visitor/text", test_text);
  g_test_add_func("/model/visitor/refused", test_refused);
  return g_test_run();
}
