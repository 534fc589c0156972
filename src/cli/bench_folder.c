/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/bench_folder.h"

#include <glib.h>
#include <glib/gstdio.h>

void iv_bench_folder_remove(const char *folder) {
  GDir *dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_unlink(path);
  }
  g_clear_pointer(&dir, g_dir_close);
  g_rmdir(folder);
}
