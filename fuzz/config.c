/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration files: any bytes are read or refused with a reason; what is read can be printed,
 * and the print reads as the same configuration. */
#include <string.h>

#include "config/load.h"
#include "target.h"

static IvConfig *read_bytes(const char *text, gsize length) {
  g_autoptr(IvConfigReport) report = iv_config_report_new("fuzz.yaml");
  IvConfig *config = iv_config_parse(text, length, NULL, report);
  g_autofree char *findings = iv_config_report_text(report);
  g_assert_true(g_utf8_validate(findings, -1, NULL));
  g_assert_true((config == NULL) == (report->n_errors > 0));
  json_decref(iv_config_report_json(report));
  return config;
}

/* An address within an address may be masked further when it is read again. */
static gboolean has_nested_address(const IvConfig *config) {
  for (guint i = 0; i < config->n_cameras; i++) {
    const char *first = strstr(config->cameras[i].url, "://");
    if (first && strstr(first + 1, "://"))
      return TRUE;
  }
  return FALSE;
}

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  g_autoptr(IvConfig) first = read_bytes((const char *)input, length);
  if (!first)
    return 0;
  g_autofree char *printed = iv_config_print(first);
  g_autoptr(IvConfig) second = read_bytes(printed, strlen(printed));
  g_assert_nonnull(second);
  g_autofree char *again = iv_config_print(second);
  if (!has_nested_address(first))
    g_assert_cmpstr(printed, ==, again);
  return 0;
}
