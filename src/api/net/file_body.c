/* SPDX-License-Identifier: Apache-2.0 */
#include "api/net/file_body.h"

#include <errno.h>
#include <unistd.h>

struct IvFileBody {
  gatomicrefcount refs;
  int fd;
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

IvFileBody *iv_file_body_ref(IvFileBody *file) {
  g_atomic_ref_count_inc(&file->refs);
  return file;
}

void iv_file_body_unref(IvFileBody *file) {
  if (!file || !g_atomic_ref_count_dec(&file->refs))
    return;
  close(file->fd);
  g_free(file);
}

guint64 iv_file_body_left(const IvFileBody *file) {
  return file->left;
}

GBytes *iv_file_body_read(IvFileBody *file) {
  gsize n = (gsize)MIN(file->left, IV_FILE_CHUNK), done = 0;
  g_autofree guint8 *bytes = g_malloc(MAX(n, 1));
  while (done < n) {
    gssize got = pread(file->fd, bytes + done, n - done, (off_t)(file->at + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return NULL;
    done += (gsize)got;
  }
  file->at += n;
  file->left -= n;
  return g_bytes_new_take(g_steal_pointer(&bytes), n);
}
