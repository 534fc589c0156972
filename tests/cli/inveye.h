/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

/* Runs the program itself; the meson file gives its path in INVEYE. */
typedef struct {
  int status;
  char *out, *err;
} IvRun;

static inline void iv_run_clear(IvRun *run) {
  g_free(run->out);
  g_free(run->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvRun, iv_run_clear)

/* `command` is split at blanks. */
static inline IvRun iv_run(const char *command) {
  IvRun run = {0};
  g_autoptr(GError) error = NULL;
  g_autofree char *line = g_strconcat(g_getenv("INVEYE"), *command ? " " : "", command, NULL);
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  g_spawn_sync(NULL, words, NULL, G_SPAWN_DEFAULT, NULL, NULL, &run.out, &run.err, &run.status,
               &error);
  g_assert_no_error(error);
  g_assert_true(WIFEXITED(run.status));
  run.status = WEXITSTATUS(run.status);
  return run;
}

#define assert_has(text, part)                                                                     \
  do {                                                                                             \
    if (!strstr(text, part))                                                                       \
      g_error("%s:%d: expected \"%s\" in:\n%s", __FILE__, __LINE__, part, text);                   \
  } while (0)
