/* SPDX-License-Identifier: Apache-2.0 */
/* A folder as an archive: another disk, a network share. A file is written beside its place under
 * "<name>.part", synced, read again, and moved there. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/kind.h"
#include "base/clock.h"

#define PART ".part"
#define CHUNK (256 * 1024)
#define DEPTH_MAX 12

typedef struct {
  IvArchive base;
  char *folder;
} Directory;

static char *path_of(const IvArchive *archive, const char *key) {
  return g_build_filename(((const Directory *)archive)->folder, key, NULL);
}

/* What a call on the path `what` failed with. */
static gboolean fail(const IvArchive *archive, const char *what, GError **error) {
  int cause = errno;
  IvArchiveError kind = cause == ENOENT                      ? IV_ARCHIVE_ERROR_NOT_FOUND
                        : cause == ENOSPC || cause == EDQUOT ? IV_ARCHIVE_ERROR_FULL
                        : cause == EACCES || cause == EROFS || cause == EPERM
                            ? IV_ARCHIVE_ERROR_REFUSED
                            : IV_ARCHIVE_ERROR_UNREACHABLE;
  g_set_error(error, IV_ARCHIVE_ERROR, (int)kind, "%s: cannot %s: %s%s", archive->place, what,
              g_strerror(cause), kind == IV_ARCHIVE_ERROR_FULL ? "; make room there" : "");
  return FALSE;
}

static gboolean make_parent(IvArchive *archive, const char *path, GError **error) {
  g_autofree char *parent = g_path_get_dirname(path);
  return g_mkdir_with_parents(parent, 0700) == 0 || fail(archive, "make a folder in it", error);
}

static gboolean prepare(IvArchive *archive, GError **error) {
  const char *folder = ((Directory *)archive)->folder;
  return g_mkdir_with_parents(folder, 0700) == 0 || fail(archive, "make it", error);
}

/* So that the name is on the disk too. */
static void sync_parent(const char *path) {
  g_autofree char *parent = g_path_get_dirname(path);
  int fd = g_open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd >= 0) {
    fsync(fd);
    close(fd);
  }
}

/* ---- writing ---- */

static gboolean write_all(int fd, const guint8 *bytes, gsize n) {
  for (gsize done = 0; done < n;) {
    gssize wrote = write(fd, bytes + done, n - done);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote < 0)
      return FALSE;
    done += (gsize)wrote;
  }
  return TRUE;
}

/* How much of what is in the part is the file's beginning: whole chunks that are equal. */
static guint64 common(int from, int to, guint64 bytes) {
  guint64 at = 0;
  g_autofree guint8 *a = g_malloc(CHUNK), *b = g_malloc(CHUNK);
  while (at + CHUNK <= bytes && pread(from, a, CHUNK, (off_t)at) == CHUNK &&
         pread(to, b, CHUNK, (off_t)at) == CHUNK && memcmp(a, b, CHUNK) == 0)
    at += CHUNK;
  return at;
}

static gboolean copy(IvArchive *archive, const IvArchivePut *put, int from, int to, guint64 bytes,
                     GError **error) {
  g_autofree guint8 *room = g_malloc(CHUNK);
  guint64 at = common(from, to, bytes);
  if (ftruncate(to, (off_t)at) != 0 || lseek(to, (off_t)at, SEEK_SET) < 0)
    return fail(archive, "write to it", error);
  while (at < bytes) {
    gsize n = iv_pace_take(&archive->pace, (gsize)MIN(CHUNK, bytes - at));
    if (n == 0) {
      g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED, "stopped");
      return FALSE;
    }
    gssize got = pread(from, room, n, (off_t)at);
    if (got <= 0) {
      g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE,
                          "the file to be archived is shorter than it was, or cannot be read");
      return FALSE;
    }
    if (!write_all(to, room, (gsize)got))
      return fail(archive, "write to it", error);
    at += (guint64)got;
    if (put->on_progress)
      put->on_progress(at, bytes, put->user_data);
  }
  return fsync(to) == 0 || fail(archive, "write to it", error);
}

/* Reads again what is on the disk, not in memory, as far as the system lets one say so. */
static gboolean verify(IvArchive *archive, int fd, const IvArchiveInfo *file, GError **error) {
  char sha256[IV_SHA256_HEX + 1];
  g_autoptr(GError) wrong = NULL;
  posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  if (iv_archive_hash(fd, file->bytes, &archive->pace, sha256, &wrong) &&
      strcmp(sha256, file->sha256) == 0)
    return TRUE;
  if (g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED)) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_DAMAGED,
              "%s: what was written is not what is read there", archive->place);
  return FALSE;
}

/* The same file is there already. */
static gboolean is_there(IvArchive *archive, const char *path, const IvArchiveInfo *file) {
  struct stat info;
  int fd = g_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  if (fd < 0)
    return FALSE;
  gboolean same = fstat(fd, &info) == 0 && (guint64)info.st_size == file->bytes &&
                  verify(archive, fd, file, NULL);
  close(fd);
  return same;
}

static gboolean put_open(IvArchive *archive, const IvArchivePut *put, const IvArchiveInfo *file,
                         int from, const char *path, GError **error) {
  g_autofree char *part = g_strconcat(path, PART, NULL);
  int to = g_open(part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (to < 0)
    return fail(archive, "write to it", error);
  g_autoptr(GError) wrong = NULL;
  gboolean done =
      copy(archive, put, from, to, file->bytes, &wrong) && verify(archive, to, file, &wrong);
  close(to);
  if (done) {
    if (g_rename(part, path) != 0)
      return fail(archive, "write to it", error);
    sync_parent(path);
    return TRUE;
  }
  if (!g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED))
    g_unlink(part);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean put_file(IvArchive *archive, const IvArchivePut *put, const IvArchiveInfo *file,
                         GError **error) {
  g_autofree char *key = g_strconcat(archive->prefix, put->key, NULL);
  g_autofree char *path = path_of(archive, key);
  if (is_there(archive, path, file))
    return TRUE;
  if (!make_parent(archive, path, error))
    return FALSE;
  int from = g_open(put->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  if (from < 0) {
    g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE, "cannot read %s: %s", put->path,
                g_strerror(errno));
    return FALSE;
  }
  gboolean done = put_open(archive, put, file, from, path, error);
  close(from);
  return done;
}

static gboolean put_bytes(IvArchive *archive, const char *key, GBytes *bytes, GError **error) {
  gsize n;
  const char *start = g_bytes_get_data(bytes, &n);
  g_autofree char *path = path_of(archive, key);
  g_autoptr(GError) wrong = NULL;
  if (!make_parent(archive, path, error))
    return FALSE;
  if (g_file_set_contents_full(path, start, (gssize)n,
                               G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                               &wrong))
    return TRUE;
  g_set_error(error, IV_ARCHIVE_ERROR,
              g_error_matches(wrong, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ? IV_ARCHIVE_ERROR_FULL
                                                                       : IV_ARCHIVE_ERROR_REFUSED,
              "%s: cannot write to it: %s", archive->place, wrong->message);
  return FALSE;
}

/* ---- reading ---- */

static GBytes *get_open(IvArchive *archive, int fd, guint64 offset, gsize n, gboolean whole,
                        GError **error) {
  g_autofree guint8 *room = g_malloc(MAX(n, 1));
  gsize done = 0;
  while (done < n) {
    gssize got = pread(fd, room + done, n - done, (off_t)(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      fail(archive, "read from it", error);
      return NULL;
    }
    if (got == 0)
      break;
    done += (gsize)got;
  }
  if (done == n || whole)
    return g_bytes_new_take(g_steal_pointer(&room), done);
  g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_DAMAGED,
              "%s: a file is shorter than it was", archive->place);
  return NULL;
}

static GBytes *get(IvArchive *archive, const char *key, guint64 offset, gsize n, gboolean whole,
                   GError **error) {
  g_autofree char *path = path_of(archive, key);
  int fd = g_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  if (fd < 0) {
    fail(archive, "read from it", error);
    return NULL;
  }
  GBytes *bytes = get_open(archive, fd, offset, n, whole, error);
  close(fd);
  return bytes;
}

static gboolean head(IvArchive *archive, const char *key, IvArchiveInfo *ret_info, GError **error) {
  struct stat info;
  g_autofree char *path = path_of(archive, key);
  if (lstat(path, &info) != 0)
    return fail(archive, "read from it", error);
  if (!S_ISREG(info.st_mode)) {
    errno = ENOENT;
    return fail(archive, "read from it", error);
  }
  *ret_info = (IvArchiveInfo){.bytes = (guint64)info.st_size};
  return TRUE;
}

/* ---- listing ---- */

typedef void (*Visit)(const char *key, const char *path, const struct stat *info, gpointer user);

/* `below`: "" or "a/b/". */
static void walk(const IvArchive *archive, const char *below, guint depth, Visit visit,
                 gpointer user) {
  g_autofree char *folder = path_of(archive, below);
  g_autoptr(GDir) dir = depth < DEPTH_MAX ? g_dir_open(folder, 0, NULL) : NULL;
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    struct stat info;
    g_autofree char *key = g_strconcat(below, name, NULL);
    g_autofree char *path = path_of(archive, key);
    if (lstat(path, &info) != 0)
      continue;
    if (S_ISREG(info.st_mode)) {
      visit(key, path, &info, user);
    } else if (S_ISDIR(info.st_mode)) {
      g_autofree char *inner = g_strconcat(key, "/", NULL);
      walk(archive, inner, depth + 1, visit, user);
    }
  }
}

typedef struct {
  const char *prefix, *after;
  GPtrArray *found;
} Listing;

static void list_one(const char *key, const char *path, const struct stat *info, gpointer user) {
  Listing *listing = user;
  (void)path, (void)info;
  if (g_str_has_prefix(key, listing->prefix) && !g_str_has_suffix(key, PART) &&
      (!listing->after || strcmp(key, listing->after) > 0))
    g_ptr_array_add(listing->found, g_strdup(key));
}

static int by_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gboolean list(IvArchive *archive, const char *prefix, const char *after, guint limit,
                     GPtrArray *keys, GError **error) {
  g_autofree char *below = g_strdup(prefix);
  char *slash = strrchr(below, '/');
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
  Listing listing = {prefix, after, found};
  if (slash)
    slash[1] = '\0';
  walk(archive, slash ? below : "", 0, list_one, &listing);
  g_ptr_array_sort(found, by_text);
  for (guint i = 0; i < MIN(found->len, limit); i++)
    g_ptr_array_add(keys, g_strdup(g_ptr_array_index(found, i)));
  (void)error;
  return TRUE;
}

/* ---- deleting ---- */

/* With the folders above that it leaves empty. */
static gboolean remove_file(IvArchive *archive, const char *key, GError **error) {
  g_autofree char *path = path_of(archive, key);
  if (g_unlink(path) != 0 && errno != ENOENT)
    return fail(archive, "delete in it", error);
  gsize top = strlen(((Directory *)archive)->folder);
  for (char *slash = strrchr(path, '/'); slash && (gsize)(slash - path) > top;
       slash = strrchr(path, '/')) {
    *slash = '\0';
    if (g_rmdir(path) != 0)
      break;
  }
  return TRUE;
}

typedef struct {
  const char *prefix;
  IvTime before;
  guint n;
} Tidying;

static void tidy_one(const char *key, const char *path, const struct stat *info, gpointer user) {
  Tidying *tidying = user;
  if (g_str_has_prefix(key, tidying->prefix) && g_str_has_suffix(key, PART) &&
      (IvTime)info->st_mtime * IV_SECOND < tidying->before && g_unlink(path) == 0)
    tidying->n++;
}

static gboolean tidy(IvArchive *archive, IvTime before, guint *ret_n, GError **error) {
  Tidying tidying = {archive->prefix, before, 0};
  (void)error;
  walk(archive, "", 0, tidy_one, &tidying);
  *ret_n = tidying.n;
  return TRUE;
}

static void free_directory(IvArchive *archive) {
  g_free(((Directory *)archive)->folder);
  g_free(archive);
}

static const IvArchiveKind directory_kind = {.prepare = prepare,
                                             .put = put_file,
                                             .put_bytes = put_bytes,
                                             .get = get,
                                             .head = head,
                                             .list = list,
                                             .remove = remove_file,
                                             .tidy = tidy,
                                             .free = free_directory};

IvArchive *iv_directory_archive_new(const IvArchiveConfig *config) {
  Directory *directory = g_new0(Directory, 1);
  directory->base.kind = &directory_kind;
  directory->base.place = g_strdup_printf("the folder %s", config->folder);
  directory->folder = g_strdup(config->folder);
  return &directory->base;
}
