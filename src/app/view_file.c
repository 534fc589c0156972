/* SPDX-License-Identifier: Apache-2.0 */
#include "app/view_file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/url.h"

#define MARK_BYTES 32

static char *path_of(const char *data_dir, const char *camera_id) {
  g_autofree char *name = g_strconcat(camera_id, ".view", NULL);
  return g_build_filename(data_dir, "views", name, NULL);
}

/* Of the address without its login: a new password is no new view. */
static void mark_of(const IvCameraConfig *camera, guint8 *ret_mark) {
  gsize n = MARK_BYTES;
  g_auto(IvUrlParts) parts = {0};
  gboolean is_url = iv_url_split(camera->url, &parts, NULL);
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(sum, (const guchar *)(is_url ? parts.location : camera->url), -1);
  g_checksum_get_digest(sum, ret_mark, &n);
}

gboolean iv_view_file_load(const char *data_dir, const IvCameraConfig *camera,
                           IvViewHealth *health) {
  guint8 mark[MARK_BYTES];
  char *data = NULL;
  gsize n = 0;
  g_autofree char *path = path_of(data_dir, camera->id.text);
  if (!g_file_get_contents(path, &data, &n, NULL))
    return FALSE;
  g_autoptr(GBytes) whole = g_bytes_new_take(data, n);
  mark_of(camera, mark);
  if (n < MARK_BYTES || memcmp(data, mark, MARK_BYTES) != 0)
    return FALSE;
  g_autoptr(GBytes) saved = g_bytes_new_from_bytes(whole, MARK_BYTES, n - MARK_BYTES);
  return iv_view_health_load(health, saved);
}

static gboolean write_file(const char *data_dir, const char *path, GByteArray *content,
                           GError **error) {
  g_autofree char *folder = g_build_filename(data_dir, "views", NULL);
  if (g_mkdir_with_parents(folder, 0700) != 0) {
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", folder,
                g_strerror(errno));
    return FALSE;
  }
  return g_file_set_contents_full(path, (const char *)content->data, content->len,
                                  G_FILE_SET_CONTENTS_NONE, 0600, error);
}

void iv_view_file_save(const char *data_dir, const IvCameraConfig *camera,
                       const IvViewHealth *health) {
  guint8 mark[MARK_BYTES];
  gsize n;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) saved = iv_view_health_save(health);
  if (!saved)
    return;
  g_autofree char *path = path_of(data_dir, camera->id.text);
  g_autoptr(GByteArray) content = g_byte_array_new();
  const guint8 *data = g_bytes_get_data(saved, &n);
  mark_of(camera, mark);
  g_byte_array_append(content, mark, MARK_BYTES);
  g_byte_array_append(content, data, (guint)n);
  if (!write_file(data_dir, path, content, &error))
    g_warning("camera %s: what was learned of its view cannot be kept: %s", camera->id.text,
              error->message);
}

void iv_view_file_remove(const char *data_dir, const char *camera_id) {
  g_autofree char *path = path_of(data_dir, camera_id);
  g_unlink(path);
}
