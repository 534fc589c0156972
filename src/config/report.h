/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <jansson.h>

/* What is wrong with a configuration file: every finding with its place. Texts never hold a secret.
 * One thread at a time. */

#define IV_CONFIG_FINDINGS_MAX 50 /* the rest is only counted */

typedef enum { IV_FINDING_ERROR, IV_FINDING_WARNING } IvFindingLevel;

typedef struct {
  IvFindingLevel level;
  int line, column; /* from 1; 0 = the whole file */
  char *key;        /* "cameras[2].fps"; "" = none */
  char *text;       /* what is wrong; what to do */
} IvConfigFinding;

typedef struct {
  char *file;          /* as named by the user */
  GPtrArray *findings; /* IvConfigFinding, in the order found */
  guint n_errors;      /* all, also those beyond the limit */
  guint n_warnings;
} IvConfigReport;

IvConfigReport *iv_config_report_new(const char *file);
void iv_config_report_free(IvConfigReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvConfigReport, iv_config_report_free)

typedef struct {
  int line, column;
} IvFilePlace;

/* Adds one; the text goes through iv_url_mask. `key` may be NULL. */
void iv_config_report_add(IvConfigReport *report, IvFindingLevel level, IvFilePlace place,
                          const char *key, const char *format, ...) G_GNUC_PRINTF(5, 6);

/* Sorted by place, one line each: "store.yaml:12:5: what; what to do" (warnings: "...: warning:
 * what; ..."), "" when there is nothing. The caller frees. */
char *iv_config_report_text(const IvConfigReport *report);

/* [{level, line, column, key, text}], sorted; new reference. */
json_t *iv_config_report_json(const IvConfigReport *report);
