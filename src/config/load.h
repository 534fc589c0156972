/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "config/report.h"

/* Reads a configuration file (YAML). Bounded: see the limits below; anchors, aliases, tags and
 * several documents in a file are refused. `${NAME}` and `${NAME:-default}` take environment
 * variables, `${file:PATH}` the first line of a file (a secret), `$${` is a plain "${"; expansion
 * happens inside values only and can't add keys. Between "://" and "@" of an address what is put in
 * is percent-encoded. Relative paths are relative to the configuration file's folder. */

#define IV_CONFIG_BYTES_MAX (1024 * 1024)
#define IV_CONFIG_DEPTH_MAX 16
#define IV_CONFIG_NODES_MAX 200000
#define IV_CONFIG_MAP_MAX 256 /* keys of one mapping */
#define IV_CONFIG_SECRET_BYTES_MAX 4096

/* NULL when the report has an error; all errors of the file are in it (up to its limit). Warnings
 * don't stop anything. Reads the environment and files named in it; any thread. */
IvConfig *iv_config_load(const char *path, IvConfigReport *report);

/* The same from text; `folder` is what relative paths are relative to (NULL = working directory).
 */
IvConfig *iv_config_parse(const char *text, gsize length, const char *folder,
                          IvConfigReport *report);

/* The effective configuration as YAML that can be read again: every key, defaults included, secrets
 * as "***". The caller frees. */
char *iv_config_print(const IvConfig *config);
