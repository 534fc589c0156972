/* SPDX-License-Identifier: Apache-2.0 */
#include "media/clip.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "media/clip_plan.h"

#define COPY_BYTES (1024u * 1024)
#define SHARE_OF_PLAN 0.1 /* of the progress, once the heads are read */

G_DEFINE_QUARK(iv - clip - error - quark, iv_clip_error)

typedef struct {
  const IvClipRequest *request;
  const IvClipPlan *plan;
  int fd; /* of the clip */
  guint64 bytes, copied, synced;
  int source; /* -1 = none is open */
  guint source_index;
  guint8 *buffer; /* COPY_BYTES */
} Copy;

static gboolean fail(GError **error, int why) {
  g_set_error(error, IV_CLIP_ERROR, IV_CLIP_ERROR_OUTPUT, "the clip cannot be written: %s",
              g_strerror(why));
  return FALSE;
}

static gboolean write_all(Copy *copy, const guint8 *bytes, gsize n, GError **error) {
  while (n > 0) {
    gssize done = pwrite(copy->fd, bytes, n, (off_t)copy->bytes);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return fail(error, done < 0 ? errno : ENOSPC);
    if (copy->request->on_bytes)
      copy->request->on_bytes(bytes, (gsize)done, copy->request->user_data);
    bytes += done;
    n -= (gsize)done;
    copy->bytes += (guint64)done;
  }
  return TRUE;
}

static gboolean sync_some(Copy *copy, GError **error) {
  guint64 span = copy->request->sync_bytes;
  if (span == 0 || copy->bytes - copy->synced < span)
    return TRUE;
  if (fdatasync(copy->fd) != 0)
    return fail(error, errno);
  posix_fadvise(copy->fd, (off_t)copy->synced, (off_t)(copy->bytes - copy->synced),
                POSIX_FADV_DONTNEED);
  copy->synced = copy->bytes;
  return TRUE;
}

static void tell(const IvClipRequest *request, double done) {
  if (request->on_progress)
    request->on_progress(done, request->user_data);
}

static gboolean open_source(Copy *copy, guint source, GError **error) {
  if (copy->source >= 0 && copy->source_index == source)
    return TRUE;
  if (copy->source >= 0)
    close(copy->source);
  copy->source_index = source;
  copy->source = iv_clip_open(copy->request, source, error);
  return copy->source >= 0;
}

static gboolean copy_bytes(Copy *copy, guint64 offset, guint64 n, GError **error) {
  while (n > 0) {
    gsize part = (gsize)MIN(n, COPY_BYTES);
    if (!iv_clip_go_on(copy->request, error) ||
        !iv_clip_read(copy->source, offset, copy->buffer, part, error) ||
        !write_all(copy, copy->buffer, part, error) || !sync_some(copy, error))
      return FALSE;
    offset += part;
    n -= part;
    copy->copied += part;
  }
  tell(copy->request, SHARE_OF_PLAN + (1 - SHARE_OF_PLAN) * (double)copy->copied /
                                          (double)MAX(copy->plan->payload, 1));
  return TRUE;
}

static gboolean copy_pictures(Copy *copy, GError **error) {
  const GArray *pictures = copy->plan->pictures;
  guint64 bytes;
  for (guint i = 0; i < pictures->len;) {
    const IvClipPicture *first = &g_array_index(pictures, IvClipPicture, i);
    i += iv_clip_run(copy->plan, i, &bytes);
    if (!open_source(copy, first->source, error) || !copy_bytes(copy, first->offset, bytes, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean write_clip(Copy *copy, GError **error) {
  g_autoptr(GByteArray) head = iv_clip_head(copy->plan);
  g_autofree guint8 *buffer = g_malloc(COPY_BYTES);
  copy->buffer = buffer;
  gboolean fine = write_all(copy, head->data, head->len, error) && copy_pictures(copy, error);
  if (copy->source >= 0)
    close(copy->source);
  return fine;
}

gboolean iv_clip_write(const IvClipRequest *request, int fd, IvClipInfo *ret_info, GError **error) {
  g_auto(IvClipPlan) plan = {.stsd = NULL};
  if (!iv_clip_plan_make(request, &plan, error))
    return FALSE;
  tell(request, SHARE_OF_PLAN);
  Copy copy = {.request = request, .plan = &plan, .fd = fd, .source = -1};
  if (!write_clip(&copy, error))
    return FALSE;
  *ret_info = plan.info;
  ret_info->bytes = copy.bytes;
  plan.info.gaps = NULL;
  return TRUE;
}

/* A name is on the disk when its folder is. */
static gboolean sync_folder(const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean fine = fd >= 0 && fsync(fd) == 0;
  if (fd >= 0)
    close(fd);
  return fine;
}

static gboolean finish(int fd, const char *part, const char *path, GError **error) {
  gboolean fine = fsync(fd) == 0;
  int why = errno;
  if (close(fd) != 0 && fine) {
    why = errno;
    fine = FALSE;
  }
  if (fine && (g_rename(part, path) != 0 || !sync_folder(path))) {
    why = errno;
    fine = FALSE;
  }
  return fine || fail(error, why);
}

gboolean iv_clip_save(const IvClipRequest *request, const char *path, IvClipInfo *ret_info,
                      GError **error) {
  g_autofree char *part = g_strconcat(path, ".part", NULL);
  g_auto(IvClipInfo) info = {.gaps = NULL};
  int fd = g_open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail(error, errno);
  gboolean fine = iv_clip_write(request, fd, &info, error);
  if (!fine)
    close(fd);
  if (!fine || !finish(fd, part, path, error)) {
    g_unlink(part);
    return FALSE;
  }
  *ret_info = info;
  info.gaps = NULL;
  return TRUE;
}
