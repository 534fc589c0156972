/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/mot_read.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

GArray *iv_mot_read(const char *path, IvMotKind kind, GError **error) {
  GStatBuf info;
  if (g_stat(path, &info) == 0 && info.st_size > IV_MOT_FILE_MAX) {
    g_set_error(error, IV_MOT_ERROR, IV_MOT_ERROR_LIMIT, "%s: larger than 512 MiB", path);
    return NULL;
  }
  g_autofree char *text = NULL;
  gsize length = 0;
  if (!g_file_get_contents(path, &text, &length, error))
    return NULL;
  return iv_mot_parse(text, length, path, kind, error);
}
