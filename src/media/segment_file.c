/* SPDX-License-Identifier: Apache-2.0 */
#include "media/segment_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define NAMES_MAX 26 /* files of one camera that begin in the same microsecond */

struct IvSegmentFile {
  int fd;
  char *path;   /* below the folder */
  char *full;   /* from the root or the working folder */
  GMutex mutex; /* guards what follows */
  guint64 bytes;
  int failed; /* errno */
};

static void set_error(GError **error, const char *path, int code) {
  g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot write %s: %s", path,
              g_strerror(code));
}

char *iv_segment_file_day(IvTime start) {
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(start / IV_SECOND);
  return time ? g_date_time_format(time, "%Y%m%d") : g_strdup("undated");
}

/* So that the name survives a power cut too. */
static void sync_folder(const char *path) {
  int fd = g_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0)
    return;
  fsync(fd);
  close(fd);
}

static int make_file(const char *folder, const char *day_path, IvTime start, char **ret_path) {
  for (int i = 0; i < NAMES_MAX; i++) {
    const char letter[2] = {i > 0 ? (char)('a' + i) : '\0', '\0'};
    g_autofree char *path =
        g_strdup_printf("%s/%" G_GINT64_FORMAT "%s.mp4", day_path, start, letter);
    g_autofree char *full = g_build_filename(folder, path, NULL);
    int fd = g_open(full, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
      continue;
    *ret_path = g_steal_pointer(&path);
    return fd;
  }
  errno = EEXIST;
  return -1;
}

IvSegmentFile *iv_segment_file_new(const char *folder, const char *camera, IvTime start,
                                   GError **error) {
  g_autofree char *day = iv_segment_file_day(start);
  g_autofree char *day_path = g_build_filename(camera, day, NULL);
  g_autofree char *full = g_build_filename(folder, day_path, NULL);
  char *path = NULL;
  int fd = g_mkdir_with_parents(full, 0700) == 0 ? make_file(folder, day_path, start, &path) : -1;
  if (fd < 0) {
    set_error(error, full, errno);
    return NULL;
  }
  sync_folder(full);
  IvSegmentFile *file = g_new0(IvSegmentFile, 1);
  file->fd = fd;
  file->path = path;
  file->full = g_build_filename(folder, path, NULL);
  g_mutex_init(&file->mutex);
  return file;
}

void iv_segment_file_close(IvSegmentFile *file) {
  if (!file)
    return;
  close(file->fd);
  g_mutex_clear(&file->mutex);
  g_free(file->path);
  g_free(file->full);
  g_free(file);
}

void iv_segment_file_discard(IvSegmentFile *file) {
  if (g_unlink(file->full) != 0) /* it holds no picture: the next start tries again */
    g_warning("cannot delete %s: %s", file->full, g_strerror(errno));
  iv_segment_file_close(file);
}

static int write_all(int fd, const guint8 *bytes, gsize n) {
  while (n > 0) {
    gssize done = write(fd, bytes, n);
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return errno;
    bytes += done;
    n -= (gsize)done;
  }
  return fdatasync(fd) == 0 ? 0 : errno;
}

gboolean iv_segment_file_append(IvSegmentFile *file, const guint8 *bytes, gsize n) {
  int code = write_all(file->fd, bytes, n);
  if (code != 0 && (ftruncate(file->fd, (off_t)file->bytes) != 0 ||
                    lseek(file->fd, (off_t)file->bytes, SEEK_SET) < 0))
    g_warning("%s ends with a torn fragment: %s", file->path, g_strerror(errno));
  g_mutex_lock(&file->mutex);
  if (code == 0)
    file->bytes += n;
  file->failed = code;
  g_mutex_unlock(&file->mutex);
  return code == 0;
}

const char *iv_segment_file_path(const IvSegmentFile *file) {
  return file->path;
}

guint64 iv_segment_file_bytes(IvSegmentFile *file) {
  g_mutex_lock(&file->mutex);
  guint64 bytes = file->bytes;
  g_mutex_unlock(&file->mutex);
  return bytes;
}

char *iv_segment_file_trouble(IvSegmentFile *file) {
  g_mutex_lock(&file->mutex);
  int failed = file->failed;
  g_mutex_unlock(&file->mutex);
  if (failed == 0)
    return NULL;
  return failed == ENOSPC || failed == EDQUOT
             ? g_strdup("the disk is full: make room, or keep recordings for less long")
             : g_strdup_printf("recordings cannot be written: %s", g_strerror(failed));
}
