/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Path of a file under the shared folder (test data that is not part of the project): INVEYE_SHARED
 * or, unset, the folder `shared` beside the checkout; `name` is like "data/mot/trackeval.tsv". NULL
 * when there is no such file: the test then calls g_test_skip. The caller frees it. */
static inline char *iv_test_shared_path(const char *name) {
  const char *root = g_getenv("INVEYE_SHARED");
  g_autofree char *beside = g_build_filename(INVEYE_SOURCE_ROOT, "..", "shared", NULL);
  g_autofree char *path = g_build_filename(root ? root : beside, name, NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}
