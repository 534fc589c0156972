/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/report.h"

/* Puts environment variables and secret files into a value: ${NAME}, ${NAME:-default},
 * ${file:PATH};
 * $${ is a plain ${. See load.h. */
typedef struct {
  const char *folder;     /* relative paths; NULL = working directory */
  IvConfigReport *report; /* hears warnings about readable secrets */
  IvFilePlace place;
} IvExpansion;

#define IV_EXPAND_ERROR iv_expand_error_quark()
GQuark iv_expand_error_quark(void);
typedef enum { IV_EXPAND_ERROR_INVALID } IvExpandError;

/* New text, or NULL with what is missing and what to do. `ret_has_secret` says whether a secret
 * file was put in. */
char *iv_expand(const IvExpansion *expansion, const char *written, gboolean *ret_has_secret,
                GError **error);

/* Reads a file of at most `max` bytes; a folder, pipe or device is refused if `only_regular`. The
 * text is NUL-terminated; the caller frees. Errors leave the path to the caller. `ret_open_to_all`
 * (may be NULL): everybody on the machine may read it. */
char *iv_read_bounded(const char *path, gsize max, gboolean only_regular, gsize *ret_length,
                      gboolean *ret_open_to_all, GError **error);
