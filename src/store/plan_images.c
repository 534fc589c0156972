/* SPDX-License-Identifier: Apache-2.0 */
#include "store/plan_images.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/ids.h"
#include "model/scene.h"

/* NULL for what is no id: it becomes a folder's name. */
static char *folder_of(IvStore *store, const char *store_id, GError **error) {
  if (!iv_slug_is_valid(store_id)) {
    g_set_error_literal(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID, "not a store's id");
    return NULL;
  }
  g_autofree char *data = g_path_get_dirname(iv_store_path(store));
  return g_build_filename(data, "floor-plans", store_id, NULL);
}

static char *path_of(const char *folder, const char *name, IvRasterKind kind) {
  g_autofree char *file = g_strconcat(name, iv_raster_ending(kind), NULL);
  return g_build_filename(folder, file, NULL);
}

typedef struct {
  guint n;
  char *oldest; /* path; owned */
  gint64 oldest_time;
} Census;

static void count_file(Census *census, const char *path) {
  GStatBuf info;
  if (g_stat(path, &info) != 0)
    return;
  census->n++;
  if (census->oldest && (gint64)info.st_mtime >= census->oldest_time)
    return;
  g_free(census->oldest);
  census->oldest = g_strdup(path);
  census->oldest_time = (gint64)info.st_mtime;
}

/* Makes room for one more; the picture in use is not counted and stays. */
static void make_room(const char *folder, const char *keep) {
  Census census = {0};
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!*keep || !g_str_has_prefix(name, keep))
      count_file(&census, path);
  }
  if (census.n + 1 >= IV_PLAN_IMAGES_MAX)
    g_unlink(census.oldest);
  g_free(census.oldest);
}

gboolean iv_plan_image_put(IvStore *store, const char *store_id, GBytes *bytes, const char *keep,
                           IvRaster *ret_raster, GError **error) {
  gsize length;
  const char *data = g_bytes_get_data(bytes, &length);
  g_autofree char *folder = folder_of(store, store_id, error);
  if (!folder || !iv_raster_look(data, length, ret_raster, error))
    return FALSE;
  if (g_mkdir_with_parents(folder, 0700) != 0) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot make the folder %s: %s", folder,
                g_strerror(errno));
    return FALSE;
  }
  g_autofree char *path = path_of(folder, ret_raster->name, ret_raster->kind);
  if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  make_room(folder, keep);
  return g_file_set_contents_full(path, data, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                  error);
}

GBytes *iv_plan_image_get(IvStore *store, const char *store_id, const char *name,
                          IvRaster *ret_raster, GError **error) {
  g_autofree char *folder = folder_of(store, store_id, error);
  if (!folder)
    return NULL;
  for (int kind = IV_RASTER_PNG; iv_plan_image_is_valid(name) && kind <= IV_RASTER_JPEG; kind++) {
    g_autofree char *path = path_of(folder, name, (IvRasterKind)kind);
    char *data = NULL;
    gsize length;
    if (!g_file_get_contents(path, &data, &length, NULL))
      continue;
    g_autoptr(GBytes) bytes = g_bytes_new_take(data, length);
    return iv_raster_look(data, length, ret_raster, error) ? g_steal_pointer(&bytes) : NULL;
  }
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND,
              "there is no picture of a floor plan with this name; upload it again");
  return NULL;
}
