/* SPDX-License-Identifier: Apache-2.0 */
#include "app/data_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define IV_DATA_LOCK_ERROR g_quark_from_static_string("iv-data-lock-error-quark")
#define OTHER "choose another with server.data_dir or --data-dir"
#define PID_TEXT_MAX 16

struct IvDataLock {
  int fd;
};

/* The holder's process number as it wrote it; 0 = not known. */
static int holder(int fd) {
  char text[PID_TEXT_MAX] = "";
  return pread(fd, text, sizeof text - 1, 0) > 0 ? atoi(text) : 0;
}

/* For `holder` only: the lock holds without it, on a full disk too. */
static void sign(int fd) {
  char text[PID_TEXT_MAX];
  int n = snprintf(text, sizeof text, "%d\n", (int)getpid());
  if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n)
    g_debug("the lock is held without a name: %s", g_strerror(errno));
}

IvDataLock *iv_data_lock_take(const char *folder, GError **error) {
  g_autofree char *path = g_build_filename(folder, "lock", NULL);
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    g_set_error(error, IV_DATA_LOCK_ERROR, 0, "cannot write to the data folder %s: %s; " OTHER,
                folder, g_strerror(errno));
    return NULL;
  }
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    g_set_error(error, IV_DATA_LOCK_ERROR, 0,
                "the data folder %s is in use by another `inveye run` (process %d); stop that one, "
                "or " OTHER,
                folder, holder(fd));
    close(fd);
    return NULL;
  }
  sign(fd);
  IvDataLock *lock = g_new0(IvDataLock, 1);
  lock->fd = fd;
  return lock;
}

void iv_data_lock_free(IvDataLock *lock) {
  if (!lock)
    return;
  close(lock->fd); /* the file stays: removing it could take a lock from under another process */
  g_free(lock);
}
