/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/text_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SPILL_BYTES (1u << 20)

IvTextFile *iv_text_file_open(const char *path, GError **error) {
  FILE *stream = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
  if (!stream) {
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "cannot write %s: %s",
                path, g_strerror(errno));
    return NULL;
  }
  IvTextFile *file = g_new0(IvTextFile, 1);
  file->text = g_string_sized_new(SPILL_BYTES + 4096);
  file->stream = stream;
  file->path = g_strdup(path);
  return file;
}

static void write_out(IvTextFile *file) {
  errno = 0;
  if (!file->error && fwrite(file->text->str, 1, file->text->len, file->stream) != file->text->len)
    file->error = errno ? errno : EIO;
  g_string_truncate(file->text, 0);
}

void iv_text_file_spill(IvTextFile *file) {
  if (file->text->len >= SPILL_BYTES)
    write_out(file);
}

gboolean iv_text_file_close(IvTextFile *file, GError **error) {
  if (!file)
    return TRUE;
  write_out(file);
  errno = 0;
  int closed = file->stream == (gpointer)stdout ? fflush(stdout) : fclose(file->stream);
  int fault = file->error ? file->error : closed ? errno ? errno : EIO : 0;
  if (fault)
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(fault), "cannot write %s: %s",
                file->path, g_strerror(fault));
  g_string_free(file->text, TRUE);
  g_free(file->path);
  g_free(file);
  return fault == 0;
}
