/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <string.h>

#include "config/load.h"

/* Reads `text` as "store.yaml"; what was found goes to `ret_findings` (may be NULL). */
static inline IvConfig *read_config(const char *text, char **ret_findings) {
  g_autoptr(IvConfigReport) report = iv_config_report_new("store.yaml");
  IvConfig *config = iv_config_parse(text, strlen(text), NULL, report);
  g_assert_true((config == NULL) == (report->n_errors > 0));
  if (ret_findings)
    *ret_findings = iv_config_report_text(report);
  return config;
}

/* What is said about `text`, which must have an error. */
static inline char *findings_of(const char *text) {
  char *findings = NULL;
  g_autoptr(IvConfig) config = read_config(text, &findings);
  g_assert_null(config);
  return findings;
}

#define assert_has(text, part)                                                                     \
  do {                                                                                             \
    if (!strstr(text, part))                                                                       \
      g_error("%s:%d: expected \"%s\" in:\n%s", __FILE__, __LINE__, part, text);                   \
  } while (0)

#define assert_has_not(text, part)                                                                 \
  do {                                                                                             \
    if (strstr(text, part))                                                                        \
      g_error("%s:%d: did not expect \"%s\" in:\n%s", __FILE__, __LINE__, part, text);             \
  } while (0)
