/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/url.h"

#define FIELDS_MAX 32

static GLogLevelFlags shown_max;

static GLogLevelFlags flag_of(IvLogLevel level) {
  static const GLogLevelFlags flags[] = {
      [IV_LOG_ERROR] = G_LOG_LEVEL_CRITICAL,
      [IV_LOG_WARNING] = G_LOG_LEVEL_WARNING,
      [IV_LOG_INFO] = G_LOG_LEVEL_INFO,
      [IV_LOG_DEBUG] = G_LOG_LEVEL_DEBUG,
  };
  return flags[level];
}

static const char *word_of(GLogLevelFlags level) {
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
    return "error";
  if (level & G_LOG_LEVEL_WARNING)
    return "warning";
  return level & G_LOG_LEVEL_DEBUG ? "debug" : "info";
}

char *iv_log_line(GLogLevelFlags level, const char *domain, const char *message, gint64 now) {
  char time[IV_TIME_TEXT_MAX];
  g_autofree char *masked = iv_url_mask(message);
  for (char *p = masked; *p; p++)
    if (g_ascii_iscntrl(*p)) /* nothing from outside begins a line of its own */
      *p = ' ';
  return g_strdup_printf("%s %s %s: %s", iv_time_to_text(now, time), word_of(level),
                         domain ? domain : "inveye", masked);
}

static const char *field(const GLogField *fields, gsize n, const char *key) {
  for (gsize i = 0; i < n; i++)
    if (strcmp(fields[i].key, key) == 0 && fields[i].length < 0)
      return fields[i].value;
  return NULL;
}

static GLogWriterOutput to_journal(GLogLevelFlags level, const GLogField *fields, gsize n) {
  GLogField shown[FIELDS_MAX];
  g_autofree char *masked = iv_url_mask(field(fields, n, "MESSAGE"));
  n = MIN(n, FIELDS_MAX);
  memcpy(shown, fields, n * sizeof *shown);
  for (gsize i = 0; i < n; i++)
    if (strcmp(shown[i].key, "MESSAGE") == 0)
      shown[i] = (GLogField){"MESSAGE", masked, -1};
  return g_log_writer_journald(level, shown, n, NULL);
}

static GLogWriterOutput show(GLogLevelFlags level, const GLogField *fields, gsize n,
                             gpointer user_data) {
  (void)user_data;
  if ((level & G_LOG_LEVEL_MASK) > shown_max)
    return G_LOG_WRITER_HANDLED;
  if (g_log_writer_is_journald(fileno(stderr)) &&
      to_journal(level, fields, n) == G_LOG_WRITER_HANDLED)
    return G_LOG_WRITER_HANDLED;
  g_autofree char *line = iv_log_line(level, field(fields, n, "GLIB_DOMAIN"),
                                      field(fields, n, "MESSAGE"), iv_clock_now());
  fprintf(stderr, "%s\n", line);
  return G_LOG_WRITER_HANDLED;
}

void iv_log_start(IvLogLevel level) {
  shown_max = flag_of(level);
  g_log_set_writer_func(show, NULL, NULL);
}
