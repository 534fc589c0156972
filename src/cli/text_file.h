/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* A text file that is written piece by piece; "-" is standard output. Write to `text` whenever
 * something is to say and call iv_text_file_spill() now and then: it writes when a megabyte has
 * gathered. The first error is kept and told by iv_text_file_close(). */
typedef struct IvTextFile {
  GString *text;
  gpointer stream; /* private */
  char *path;
  int error; /* errno of the first write that failed, or 0 */
} IvTextFile;

IvTextFile *iv_text_file_open(const char *path, GError **error);
void iv_text_file_spill(IvTextFile *file);

/* Writes the rest, closes and frees. FALSE with G_FILE_ERROR when anything was not written. NULL is
 * fine and TRUE. */
gboolean iv_text_file_close(IvTextFile *file, GError **error);
