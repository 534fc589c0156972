/* SPDX-License-Identifier: Apache-2.0 */
#include "config/report.h"

#include <string.h>

#include "base/url.h"
#include "config/wording.h"

static void free_finding(gpointer entry) {
  IvConfigFinding *finding = entry;
  g_free(finding->key);
  g_free(finding->text);
  g_free(finding);
}

IvConfigReport *iv_config_report_new(const char *file) {
  IvConfigReport *report = g_new0(IvConfigReport, 1);
  report->file = iv_printable(g_strdup(file));
  report->findings = g_ptr_array_new_with_free_func(free_finding);
  return report;
}

void iv_config_report_free(IvConfigReport *report) {
  if (!report)
    return;
  g_ptr_array_unref(report->findings);
  g_free(report->file);
  g_free(report);
}

void iv_config_report_add(IvConfigReport *report, IvFindingLevel level, IvFilePlace place,
                          const char *key, const char *format, ...) {
  *(level == IV_FINDING_ERROR ? &report->n_errors : &report->n_warnings) += 1;
  if (report->findings->len >= IV_CONFIG_FINDINGS_MAX)
    return;
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  IvConfigFinding *finding = g_new0(IvConfigFinding, 1);
  finding->level = level;
  finding->line = place.line;
  finding->column = place.column;
  finding->key = iv_printable(iv_url_mask(key));
  finding->text = iv_printable(iv_url_mask(text));
  g_ptr_array_add(report->findings, finding);
}

static int by_place(gconstpointer a, gconstpointer b) {
  const IvConfigFinding *x = *(IvConfigFinding *const *)a, *y = *(IvConfigFinding *const *)b;
  return x->line != y->line ? x->line - y->line : x->column - y->column;
}

static GPtrArray *sorted(const IvConfigReport *report) {
  GPtrArray *findings = g_ptr_array_copy(report->findings, NULL, NULL);
  g_ptr_array_set_free_func(findings, NULL);
  g_ptr_array_sort(findings, by_place);
  return findings;
}

char *iv_config_report_text(const IvConfigReport *report) {
  g_autoptr(GPtrArray) findings = sorted(report);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < findings->len; i++) {
    const IvConfigFinding *finding = g_ptr_array_index(findings, i);
    g_string_append(text, report->file);
    if (finding->line > 0)
      g_string_append_printf(text, ":%d:%d", finding->line, finding->column);
    g_string_append_printf(text, ": %s", finding->level == IV_FINDING_WARNING ? "warning: " : "");
    if (*finding->key)
      g_string_append_printf(text, "%s: ", finding->key);
    g_string_append_printf(text, "%s\n", finding->text);
  }
  guint all = report->n_errors + report->n_warnings;
  if (all > findings->len)
    g_string_append_printf(text, "%s: %u more not shown; mend these first\n", report->file,
                           all - findings->len);
  return g_string_free(text, FALSE);
}

json_t *iv_config_report_json(const IvConfigReport *report) {
  g_autoptr(GPtrArray) findings = sorted(report);
  json_t *list = json_array();
  for (guint i = 0; i < findings->len; i++) {
    const IvConfigFinding *f = g_ptr_array_index(findings, i);
    json_array_append_new(list,
                          json_pack("{ss si si ss ss}", "level",
                                    f->level == IV_FINDING_WARNING ? "warning" : "error", "line",
                                    f->line, "column", f->column, "key", f->key, "text", f->text));
  }
  return list;
}
