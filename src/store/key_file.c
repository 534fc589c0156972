/* SPDX-License-Identifier: Apache-2.0 */
#include "store/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(iv - key - file - error - quark, iv_key_file_error)

static gboolean fail(GError **error, const char *path, const char *what, const char *why) {
  g_set_error(error, IV_KEY_FILE_ERROR, IV_KEY_FILE_ERROR_FAILED, "key file %s: %s%s", path, what,
              why);
  return FALSE;
}

static gboolean write_all(int fd, const guint8 *data, gsize n) {
  while (n > 0) {
    gssize done = write(fd, data, n);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return FALSE;
    data += done;
    n -= (gsize)done;
  }
  return fsync(fd) == 0;
}

/* Under another name first: a machine that dies meanwhile leaves no half a key. */
static gboolean make_key(const char *path, GError **error) {
  guint8 key[IV_KEY_FILE_BYTES];
  g_autofree char *fresh = g_strconcat(path, ".new", NULL);
  unlink(fresh);
  int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail(error, path, "cannot be made: ", g_strerror(errno));
  randombytes_buf(key, sizeof key);
  gboolean fine = write_all(fd, key, sizeof key);
  int why = errno;
  sodium_memzero(key, sizeof key);
  close(fd);
  /* link refuses to replace a key that somebody else made meanwhile. */
  if (fine && link(fresh, path) != 0) {
    fine = errno == EEXIST;
    why = errno;
  }
  unlink(fresh);
  return fine || fail(error, path, "cannot be made: ", g_strerror(why));
}

static gboolean read_key(int fd, const char *path, const char *lost, guint8 *ret_key,
                         GError **error) {
  struct stat info;
  if (fstat(fd, &info) != 0)
    return fail(error, path, "cannot be read: ", g_strerror(errno));
  if (info.st_mode & 077)
    return fail(error, path, "others on this machine can read it; run chmod 600 on it", "");
  if (info.st_size != IV_KEY_FILE_BYTES ||
      read(fd, ret_key, IV_KEY_FILE_BYTES) != IV_KEY_FILE_BYTES)
    return fail(error, path, "is not a key; ", lost);
  return TRUE;
}

gboolean iv_key_file_read(const char *path, const char *lost, guint8 *ret_key, GError **error) {
  if (sodium_init() < 0)
    return fail(error, path, "libsodium cannot start", "");
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) {
    if (!make_key(path, error))
      return FALSE;
    fd = open(path, O_RDONLY | O_CLOEXEC);
  }
  if (fd < 0)
    return fail(error, path, "cannot be read: ", g_strerror(errno));
  gboolean fine = read_key(fd, path, lost, ret_key, error);
  close(fd);
  return fine;
}
