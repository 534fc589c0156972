/* SPDX-License-Identifier: Apache-2.0 */
#include "config/wording.h"

#include "reading.h"

static void test_nearest(void) {
  static const char *const names[] = {"min_dwell", "engaged_dwell", "hysteresis", "fps", "url"};
  static const struct {
    const char *word, *near;
  } cases[] = {{"min-dwell", "min_dwell"},
               {"minDwell", "min_dwell"},
               {"hysterisis", "hysteresis"},
               {"fsp", "fps"},
               {"FPS", "fps"},
               {"uri", "url"},
               {"colour", NULL},
               {"x", NULL},
               {"", NULL},
               {"password", NULL}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpstr(iv_nearest_name(cases[i].word, names, G_N_ELEMENTS(names)), ==, cases[i].near);
  g_autofree char *long_word = g_strnfill(5000, 'u');
  g_assert_null(iv_nearest_name(long_word, names, G_N_ELEMENTS(names)));
}

static void test_quoted(void) {
  g_autofree char *plain = iv_quoted("abc");
  g_autofree char *control = iv_quoted("a\x1b[31m\nb");
  g_autofree char *address = iv_quoted("rtsp://admin:hidden@host/x");
  g_autofree char *broken = iv_quoted("a\xff");
  g_autofree char *filling = g_strnfill(100, 'x');
  g_autofree char *cut = iv_quoted(filling);
  g_assert_cmpstr(plain, ==, "\"abc\"");
  g_assert_cmpstr(control, ==, "\"a [31m b\"");
  assert_has_not(address, "hidden");
  g_assert_true(g_utf8_validate(broken, -1, NULL));
  g_assert_cmpuint(strlen(cut), ==, 65);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/config/wording/nearest", test_nearest);
  g_test_add_func("/config/wording/quoted", test_quoted);
  return g_test_run();
}
