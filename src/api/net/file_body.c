/* SPDX-License-Identifier: Apache-2.0 */
#include "api/net/file_body.h"

#include <errno.h>
#include <unistd.h>

struct IvFileBody {
  gatomicrefcount refs;
  int fd; /* -1 = it is read elsewhere */
  IvFileBodyRead read;
  gpointer user_data;
  GDestroyNotify free_data;
  guint64 at, left;
};

IvFileBody *iv_file_body_new(int fd, guint64 offset, guint64 length) {
  IvFileBody *file = g_new0(IvFileBody, 1);
  g_atomic_ref_count_init(&file->refs);
  file->fd = fd;
  file->at = offset;
  file->left = length;
  return file;
}

IvFileBody *iv_file_body_new_remote(IvFileBodyRead read, gpointer user_data,
                                    GDestroyNotify free_data, guint64 offset, guint64 length) {
  IvFileBody *file = iv_file_body_new(-1, offset, length);
  file->read = read;
  file->user_data = user_data;
  file->free_data = free_data;
  return file;
}

gboolean iv_file_body_is_remote(const IvFileBody *file) {
  return file->read != NULL;
}

IvFileBody *iv_file_body_ref(IvFileBody *file) {
  g_atomic_ref_count_inc(&file->refs);
  return file;
}

void iv_file_body_unref(IvFileBody *file) {
  if (!file || !g_atomic_ref_count_dec(&file->refs))
    return;
  if (file->fd >= 0)
    close(file->fd);
  if (file->free_data)
    file->free_data(file->user_data);
  g_free(file);
}

guint64 iv_file_body_left(const IvFileBody *file) {
  return file->left;
}

static GBytes *read_here(const IvFileBody *file, gsize n) {
  gsize done = 0;
  g_autofree guint8 *bytes = g_malloc(MAX(n, 1));
  while (done < n) {
    gssize got = pread(file->fd, bytes + done, n - done, (off_t)(file->at + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return NULL;
    done += (gsize)got;
  }
  return g_bytes_new_take(g_steal_pointer(&bytes), n);
}

GBytes *iv_file_body_read(IvFileBody *file) {
  gsize n = (gsize)MIN(file->left, IV_FILE_CHUNK);
  g_autoptr(GBytes) bytes = file->read && n > 0 ? file->read(file->at, n, file->user_data)
                            : file->read        ? g_bytes_new(NULL, 0)
                                                : read_here(file, n);
  if (!bytes || g_bytes_get_size(bytes) != n)
    return NULL;
  file->at += n;
  file->left -= n;
  return g_steal_pointer(&bytes);
}
