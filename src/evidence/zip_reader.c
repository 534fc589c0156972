/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/zip_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence/zip_format.h"

#define DIRECTORY_MAX (16 * 1024 * 1024)

struct IvZipReader {
  int fd;
  char *path;
  guint64 bytes;
  GArray *files; /* IvZipFile, in the order in which they lie */
};

typedef struct {
  guint64 n, bytes, start, end; /* of the directory, and where its own records begin */
} Directory;

static guint64 le(const guint8 *at, guint bytes) {
  guint64 value = 0;
  for (guint i = bytes; i > 0; i--)
    value = value << 8 | at[i - 1];
  return value;
}

static gboolean refuse(const IvZipReader *zip, GError **error, const char *what) {
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s", what);
  (void)zip;
  return FALSE;
}

static gboolean read_at(const IvZipReader *zip, guint64 at, void *to, gsize n, GError **error) {
  guint8 *bytes = to;
  if (at > zip->bytes || n > zip->bytes - at)
    return refuse(zip, error, "the archive is cut off, or its directory is damaged");
  while (n > 0) {
    gssize got = pread(zip->fd, bytes, n, (off_t)at);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(got < 0 ? errno : EIO),
                  "cannot read %s: %s", zip->path, g_strerror(got < 0 ? errno : EIO));
      return FALSE;
    }
    bytes += got;
    n -= (gsize)got;
    at += (guint64)got;
  }
  return TRUE;
}

/* ---- the end ---- */

static gboolean read_end64(const IvZipReader *zip, Directory *ret, GError **error) {
  guint8 locator[IV_ZIP_LOCATOR64_BYTES], end[IV_ZIP_END64_BYTES];
  if (zip->bytes < IV_ZIP_END_BYTES + sizeof locator + sizeof end)
    return refuse(zip, error, "the archive is cut off");
  guint64 at = zip->bytes - IV_ZIP_END_BYTES - sizeof locator;
  guint64 end_at = at - sizeof end;
  if (!read_at(zip, at, locator, sizeof locator, error) ||
      !read_at(zip, end_at, end, sizeof end, error))
    return FALSE;
  if (le(locator, 4) != IV_ZIP_LOCATOR64 || le(locator + 4, 4) != 0 ||
      le(locator + 8, 8) != end_at || le(locator + 16, 4) != 1 || le(end, 4) != IV_ZIP_END64 ||
      le(end + 4, 8) != IV_ZIP_END64_BYTES - 12 || le(end + 12, 2) != (3 << 8 | IV_ZIP_VERSION64) ||
      le(end + 14, 2) != IV_ZIP_VERSION64 || le(end + 16, 8) != 0 ||
      le(end + 24, 8) != le(end + 32, 8))
    return refuse(zip, error, "the archive's end is damaged");
  *ret = (Directory){le(end + 32, 8), le(end + 40, 8), le(end + 48, 8), end_at};
  return TRUE;
}

static gboolean read_end(const IvZipReader *zip, Directory *ret, GError **error) {
  guint8 end[IV_ZIP_END_BYTES];
  if (zip->bytes < sizeof end)
    return refuse(zip, error, "this is no ZIP file");
  if (!read_at(zip, zip->bytes - sizeof end, end, sizeof end, error))
    return FALSE;
  if (le(end, 4) != IV_ZIP_END || le(end + 4, 4) != 0 || le(end + 8, 2) != le(end + 10, 2) ||
      le(end + 20, 2) != 0)
    return refuse(zip, error, "this is no ZIP file, or its end is damaged or cut off");
  if (le(end + 10, 2) == 0xffff)
    return le(end + 12, 4) == IV_ZIP_LARGE && le(end + 16, 4) == IV_ZIP_LARGE
               ? read_end64(zip, ret, error)
               : refuse(zip, error, "the archive's end is damaged");
  *ret = (Directory){le(end + 10, 2), le(end + 12, 4), le(end + 16, 4), zip->bytes - sizeof end};
  return TRUE;
}

/* ---- the directory ---- */

typedef struct {
  IvZipFile file;
  guint64 head;   /* where its local header is */
  gboolean large; /* of the local header */
  guint32 time;
} Entry;

static gboolean read_central(const guint8 *at, gsize room, Entry *ret, gsize *ret_used) {
  if (room < IV_ZIP_CENTRAL_BYTES || le(at, 4) != IV_ZIP_CENTRAL)
    return FALSE;
  gsize name = le(at + 28, 2), extra = le(at + 30, 2);
  gboolean far = extra == 28;
  const guint8 *more = at + IV_ZIP_CENTRAL_BYTES + name;
  if (name == 0 || name > IV_ZIP_NAME_MAX || room < IV_ZIP_CENTRAL_BYTES + name + extra ||
      le(at + 4, 2) != (3 << 8 | IV_ZIP_VERSION64) ||
      le(at + 6, 2) != (far ? IV_ZIP_VERSION64 : IV_ZIP_VERSION) || le(at + 8, 2) != IV_ZIP_UTF8 ||
      le(at + 10, 2) != 0 || le(at + 32, 6) != 0 || le(at + 38, 4) != 0100644u << 16 ||
      (extra != 0 && !far) || le(at + 20, 4) != le(at + 24, 4))
    return FALSE;
  if (far && (le(more, 2) != IV_ZIP_EXTRA64 || le(more + 2, 2) != 24 ||
              le(more + 4, 8) != le(more + 12, 8) || le(at + 20, 4) != IV_ZIP_LARGE ||
              le(at + 42, 4) != IV_ZIP_LARGE))
    return FALSE;
  *ret = (Entry){
      .file = {.size = far ? le(more + 4, 8) : le(at + 20, 4), .crc = (guint32)le(at + 16, 4)},
      .head = far ? le(more + 20, 8) : le(at + 42, 4),
      .time = (guint32)le(at + 12, 4)};
  ret->file.name = g_strndup((const char *)at + IV_ZIP_CENTRAL_BYTES, name);
  *ret_used = IV_ZIP_CENTRAL_BYTES + name + extra;
  return g_utf8_validate(ret->file.name, -1, NULL) && strlen(ret->file.name) == name;
}

/* The file's own head must say what the directory says. Puts where its contents are. */
static gboolean check_local(const IvZipReader *zip, Entry *entry, GError **error) {
  guint8 head[IV_ZIP_LOCAL_BYTES + IV_ZIP_NAME_MAX + 20];
  gsize name = strlen(entry->file.name);
  if (!read_at(zip, entry->head, head, IV_ZIP_LOCAL_BYTES + name, error))
    return FALSE;
  gsize extra = le(head + 28, 2);
  gboolean large = extra == 20;
  const guint8 *more = head + IV_ZIP_LOCAL_BYTES + name;
  if (large && !read_at(zip, entry->head + IV_ZIP_LOCAL_BYTES + name,
                        head + IV_ZIP_LOCAL_BYTES + name, extra, error))
    return FALSE;
  guint64 size = large ? IV_ZIP_LARGE : entry->file.size;
  if (le(head, 4) != IV_ZIP_LOCAL ||
      le(head + 4, 2) != (large ? IV_ZIP_VERSION64 : IV_ZIP_VERSION) ||
      le(head + 6, 2) != IV_ZIP_UTF8 || le(head + 8, 2) != 0 || le(head + 10, 4) != entry->time ||
      le(head + 14, 4) != entry->file.crc || le(head + 18, 4) != size || le(head + 22, 4) != size ||
      le(head + 26, 2) != name || (extra != 0 && !large) ||
      memcmp(head + IV_ZIP_LOCAL_BYTES, entry->file.name, name) != 0 ||
      (large && (le(more, 2) != IV_ZIP_EXTRA64 || le(more + 2, 2) != 16 ||
                 le(more + 4, 8) != entry->file.size || le(more + 12, 8) != entry->file.size))) {
    g_autofree char *what =
        g_strdup_printf("the archive's entry of %s is damaged", entry->file.name);
    return refuse(zip, error, what);
  }
  entry->file.offset = entry->head + IV_ZIP_LOCAL_BYTES + name + extra;
  return TRUE;
}

static gboolean read_entries(IvZipReader *zip, const guint8 *bytes, const Directory *directory,
                             GError **error) {
  guint64 at = 0, next = 0; /* in the directory, and in the file */
  for (guint64 i = 0; i < directory->n; i++) {
    Entry entry = {.head = 0};
    gsize used = 0;
    gboolean fine = read_central(bytes + at, (gsize)(directory->bytes - at), &entry, &used);
    if (!fine || entry.head != next) {
      g_free(entry.file.name);
      return refuse(zip, error, "the archive's directory is damaged");
    }
    g_array_append_val(zip->files, entry.file); /* owns the name from here on */
    if (!check_local(zip, &entry, error))
      return FALSE;
    g_array_index(zip->files, IvZipFile, zip->files->len - 1) = entry.file;
    if (entry.file.size > directory->start - MIN(entry.file.offset, directory->start))
      return refuse(zip, error, "the archive's directory is damaged");
    next = entry.file.offset + entry.file.size;
    at += used;
  }
  if (at != directory->bytes || next != directory->start)
    return refuse(zip, error,
                  "there is something in the archive that belongs to none of its files");
  return TRUE;
}

static gboolean read_directory(IvZipReader *zip, GError **error) {
  Directory directory;
  if (!read_end(zip, &directory, error))
    return FALSE;
  if (directory.n > IV_ZIP_FILES_MAX || directory.bytes > DIRECTORY_MAX ||
      directory.start > zip->bytes || directory.start + directory.bytes != directory.end)
    return refuse(zip, error, "the archive's end is damaged");
  g_autofree guint8 *bytes = g_malloc((gsize)directory.bytes + 1);
  return read_at(zip, directory.start, bytes, (gsize)directory.bytes, error) &&
         read_entries(zip, bytes, &directory, error);
}

/* ---- opening and reading ---- */

static void clear_file(gpointer file) {
  g_free(((IvZipFile *)file)->name);
}

IvZipReader *iv_zip_reader_open(const char *path, GError **error) {
  struct stat info;
  g_autoptr(IvZipReader) zip = g_new0(IvZipReader, 1);
  zip->path = g_strdup(path);
  zip->files = g_array_new(FALSE, TRUE, sizeof(IvZipFile));
  g_array_set_clear_func(zip->files, clear_file);
  zip->fd = open(path, O_RDONLY | O_CLOEXEC);
  if (zip->fd < 0 || fstat(zip->fd, &info) != 0) {
    g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(errno), "cannot read %s: %s", path,
                g_strerror(errno));
    return NULL;
  }
  zip->bytes = (guint64)info.st_size;
  return read_directory(zip, error) ? g_steal_pointer(&zip) : NULL;
}

void iv_zip_reader_free(IvZipReader *zip) {
  if (!zip)
    return;
  if (zip->fd >= 0)
    close(zip->fd);
  g_array_unref(zip->files);
  g_free(zip->path);
  g_free(zip);
}

const IvZipFile *iv_zip_reader_files(const IvZipReader *zip, guint *ret_n) {
  *ret_n = zip->files->len;
  return (const IvZipFile *)(gconstpointer)zip->files->data;
}

const IvZipFile *iv_zip_reader_find(const IvZipReader *zip, const char *name) {
  for (guint i = 0; i < zip->files->len; i++)
    if (strcmp(g_array_index(zip->files, IvZipFile, i).name, name) == 0)
      return &g_array_index(zip->files, IvZipFile, i);
  return NULL;
}

gboolean iv_zip_reader_read(const IvZipReader *zip, const IvZipFile *file, guint64 at, void *bytes,
                            gsize n, GError **error) {
  if (at > file->size || n > file->size - at)
    return refuse(zip, error, "that is beyond the file's end");
  return read_at(zip, file->offset + at, bytes, n, error);
}

GBytes *iv_zip_reader_bytes(const IvZipReader *zip, const IvZipFile *file, gsize max,
                            GError **error) {
  if (file->size > max) {
    refuse(zip, error, "it is larger than such a file can be");
    return NULL;
  }
  guint8 *bytes = g_malloc((gsize)file->size + 1);
  if (iv_zip_reader_read(zip, file, 0, bytes, (gsize)file->size, error))
    return g_bytes_new_take(bytes, (gsize)file->size);
  g_free(bytes);
  return NULL;
}
