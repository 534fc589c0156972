/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <string.h>

static void test_line(void) {
  static const struct {
    GLogLevelFlags level;
    const char *domain, *message, *line;
  } cases[] = {
      {G_LOG_LEVEL_WARNING, "inveye-media", "camera door: offline",
       "1970-01-01T00:00:00.000Z warning inveye-media: camera door: offline"},
      {G_LOG_LEVEL_CRITICAL, NULL, "x", "1970-01-01T00:00:00.000Z error inveye: x"},
      {G_LOG_LEVEL_MESSAGE, "a", "x", "1970-01-01T00:00:00.000Z info a: x"},
      {G_LOG_LEVEL_DEBUG, "a", "x\ny\033[1m", "1970-01-01T00:00:00.000Z debug a: x y [1m"},
      {G_LOG_LEVEL_INFO, "a", "rtsp://u:hidden@h/ is gone",
       "1970-01-01T00:00:00.000Z info a: rtsp://u:***@h/ is gone"},
      {G_LOG_LEVEL_INFO, "a", NULL, "1970-01-01T00:00:00.000Z info a: "},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *line = iv_log_line(cases[i].level, cases[i].domain, cases[i].message, 0);
    g_assert_cmpstr(line, ==, cases[i].line);
  }
}

/* One process for each level: the writer can be set only once. */
static void say_all(void) {
  iv_log_start((IvLogLevel)g_ascii_strtoll(g_getenv("IV_TEST_LEVEL"), NULL, 10));
  g_log_set_always_fatal(G_LOG_FATAL_MASK);
  g_critical("say-critical");
  g_warning("say-warning rtsp://u:hidden@h/");
  g_message("say-message");
  g_info("say-info");
  g_debug("say-debug");
}

static void test_levels(void) {
  static const char *const said[] = {"say-critical", "say-warning", "say-message", "say-info",
                                     "say-debug"};
  static const guint n_said[] = {
      [IV_LOG_ERROR] = 1, [IV_LOG_WARNING] = 2, [IV_LOG_INFO] = 4, [IV_LOG_DEBUG] = 5};
  if (g_test_subprocess()) {
    say_all();
    return;
  }
  for (guint level = 0; level < G_N_ELEMENTS(n_said); level++) {
    g_autofree char *number = g_strdup_printf("%u", level);
    g_setenv("IV_TEST_LEVEL", number, TRUE);
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr_unmatched("*hidden*");
    for (guint i = 0; i < G_N_ELEMENTS(said); i++) {
      g_autofree char *pattern = g_strdup_printf("*%s*", said[i]);
      if (i < n_said[level])
        g_test_trap_assert_stderr(pattern);
      else
        g_test_trap_assert_stderr_unmatched(pattern);
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/log/line", test_line);
  g_test_add_func("/base/log/levels", test_levels);
  return g_test_run();
}
