/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/zip_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "evidence/crc32.h"
#include "evidence/zip_format.h"

typedef struct {
  char *name;
  guint64 offset, size;
  guint32 crc;
  gboolean large; /* sizes of 64 bits */
} Entry;

struct IvZipWriter {
  int fd;
  char *path;
  guint32 dos_time; /* date and time as DOS had them */
  gboolean force_64;
  guint64 at; /* bytes written */
  GArray *entries;
  guint64 left; /* of the file that was begun */
};

/* ---- little-endian numbers ---- */

static void put(GByteArray *to, guint64 value, guint bytes) {
  guint8 text[8];
  for (guint i = 0; i < bytes; i++)
    text[i] = (guint8)(value >> (8 * i));
  g_byte_array_append(to, text, bytes);
}

/* ---- the file ---- */

static gboolean fail(const IvZipWriter *zip, GError **error, int why) {
  g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(why), "cannot write %s: %s", zip->path,
              g_strerror(why));
  return FALSE;
}

static gboolean write_at(const IvZipWriter *zip, guint64 at, const guint8 *bytes, gsize n,
                         GError **error) {
  while (n > 0) {
    gssize done = pwrite(zip->fd, bytes, n, (off_t)at);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return fail(zip, error, done < 0 ? errno : ENOSPC);
    bytes += done;
    n -= (gsize)done;
    at += (guint64)done;
  }
  return TRUE;
}

static gboolean append(IvZipWriter *zip, const GByteArray *bytes, GError **error) {
  if (!write_at(zip, zip->at, bytes->data, bytes->len, error))
    return FALSE;
  zip->at += bytes->len;
  return TRUE;
}

/* DOS knows times from 1980 on, in steps of two seconds. */
static guint32 dos_time(gint64 when) {
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(when);
  if (!time || g_date_time_get_year(time) < 1980 || g_date_time_get_year(time) > 2107)
    return 0x00210000;
  guint32 date = ((guint32)g_date_time_get_year(time) - 1980) << 9 |
                 (guint32)g_date_time_get_month(time) << 5 |
                 (guint32)g_date_time_get_day_of_month(time);
  guint32 clock = (guint32)g_date_time_get_hour(time) << 11 |
                  (guint32)g_date_time_get_minute(time) << 5 |
                  (guint32)g_date_time_get_second(time) / 2;
  return date << 16 | clock;
}

static void clear_entry(gpointer entry) {
  g_free(((Entry *)entry)->name);
}

IvZipWriter *iv_zip_writer_new(const char *path, gint64 when, GError **error) {
  g_autoptr(IvZipWriter) zip = g_new0(IvZipWriter, 1);
  zip->path = g_strdup(path);
  zip->dos_time = dos_time(when);
  zip->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
  g_array_set_clear_func(zip->entries, clear_entry);
  zip->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (zip->fd >= 0)
    return g_steal_pointer(&zip);
  fail(zip, error, errno);
  return NULL;
}

void iv_zip_writer_free(IvZipWriter *zip) {
  if (!zip)
    return;
  if (zip->fd >= 0)
    close(zip->fd);
  g_array_unref(zip->entries);
  g_free(zip->path);
  g_free(zip);
}

void iv_zip_writer_force_64(IvZipWriter *zip) {
  zip->force_64 = TRUE;
}

guint64 iv_zip_writer_bytes(const IvZipWriter *zip) {
  return zip->at;
}

/* ---- files ---- */

static void put_local(GByteArray *to, const IvZipWriter *zip, const Entry *entry) {
  put(to, IV_ZIP_LOCAL, 4);
  put(to, entry->large ? IV_ZIP_VERSION64 : IV_ZIP_VERSION, 2);
  put(to, IV_ZIP_UTF8, 2);
  put(to, 0, 2); /* stored */
  put(to, zip->dos_time, 4);
  put(to, entry->crc, 4);
  put(to, entry->large ? IV_ZIP_LARGE : entry->size, 4);
  put(to, entry->large ? IV_ZIP_LARGE : entry->size, 4);
  put(to, strlen(entry->name), 2);
  put(to, entry->large ? 20 : 0, 2);
  g_byte_array_append(to, (const guint8 *)entry->name, (guint)strlen(entry->name));
  if (!entry->large)
    return;
  put(to, IV_ZIP_EXTRA64, 2);
  put(to, 16, 2);
  put(to, entry->size, 8);
  put(to, entry->size, 8);
}

static Entry *last_entry(const IvZipWriter *zip) {
  return &g_array_index(zip->entries, Entry, zip->entries->len - 1);
}

gboolean iv_zip_writer_begin(IvZipWriter *zip, const char *name, guint64 size, GError **error) {
  g_return_val_if_fail(zip->left == 0, FALSE);
  if (zip->entries->len == IV_ZIP_FILES_MAX || strlen(name) > IV_ZIP_NAME_MAX) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                "%s: too many files, or too long a "
                "name",
                zip->path);
    return FALSE;
  }
  Entry entry = {.name = g_strdup(name),
                 .offset = zip->at,
                 .size = size,
                 .large = zip->force_64 || size >= IV_ZIP_LARGE};
  g_array_append_val(zip->entries, entry);
  zip->left = size;
  g_autoptr(GByteArray) head = g_byte_array_new();
  put_local(head, zip, &entry);
  return append(zip, head, error);
}

gboolean iv_zip_writer_add(IvZipWriter *zip, const void *bytes, gsize n, GError **error) {
  Entry *entry = last_entry(zip);
  g_return_val_if_fail(n <= zip->left, FALSE);
  if (!write_at(zip, zip->at, bytes, n, error))
    return FALSE;
  entry->crc = iv_crc32(entry->crc, bytes, n);
  zip->at += n;
  zip->left -= n;
  return TRUE;
}

/* The head is written once more, now that the checksum is known. */
gboolean iv_zip_writer_end(IvZipWriter *zip, GError **error) {
  const Entry *entry = last_entry(zip);
  g_return_val_if_fail(zip->left == 0, FALSE);
  g_autoptr(GByteArray) head = g_byte_array_new();
  put_local(head, zip, entry);
  return write_at(zip, entry->offset, head->data, head->len, error);
}

/* ---- the directory ---- */

static void put_central(GByteArray *to, const IvZipWriter *zip, const Entry *entry) {
  gboolean far = entry->large || entry->offset >= IV_ZIP_LARGE;
  put(to, IV_ZIP_CENTRAL, 4);
  put(to, 3 << 8 | IV_ZIP_VERSION64, 2); /* made by a Unix */
  put(to, far ? IV_ZIP_VERSION64 : IV_ZIP_VERSION, 2);
  put(to, IV_ZIP_UTF8, 2);
  put(to, 0, 2);
  put(to, zip->dos_time, 4);
  put(to, entry->crc, 4);
  put(to, far ? IV_ZIP_LARGE : entry->size, 4);
  put(to, far ? IV_ZIP_LARGE : entry->size, 4);
  put(to, strlen(entry->name), 2);
  put(to, far ? 28 : 0, 2);
  put(to, 0, 2); /* comment */
  put(to, 0, 2); /* disk */
  put(to, 0, 2);
  put(to, 0100644u << 16, 4); /* an ordinary file that all may read */
  put(to, far ? IV_ZIP_LARGE : entry->offset, 4);
  g_byte_array_append(to, (const guint8 *)entry->name, (guint)strlen(entry->name));
  if (!far)
    return;
  put(to, IV_ZIP_EXTRA64, 2);
  put(to, 24, 2);
  put(to, entry->size, 8);
  put(to, entry->size, 8);
  put(to, entry->offset, 8);
}

static void put_end(GByteArray *to, const IvZipWriter *zip, guint64 start, guint64 bytes) {
  guint64 n = zip->entries->len, end = start + bytes;
  gboolean far = zip->force_64 || start >= IV_ZIP_LARGE || n >= 0xffff;
  if (far) {
    put(to, IV_ZIP_END64, 4);
    put(to, IV_ZIP_END64_BYTES - 12, 8);
    put(to, 3 << 8 | IV_ZIP_VERSION64, 2);
    put(to, IV_ZIP_VERSION64, 2);
    put(to, 0, 8); /* disks */
    put(to, n, 8);
    put(to, n, 8);
    put(to, bytes, 8);
    put(to, start, 8);
    put(to, IV_ZIP_LOCATOR64, 4);
    put(to, 0, 4);
    put(to, end, 8);
    put(to, 1, 4);
  }
  put(to, IV_ZIP_END, 4);
  put(to, 0, 4); /* disks */
  put(to, far ? 0xffff : n, 2);
  put(to, far ? 0xffff : n, 2);
  put(to, far ? IV_ZIP_LARGE : bytes, 4);
  put(to, far ? IV_ZIP_LARGE : start, 4);
  put(to, 0, 2); /* comment */
}

gboolean iv_zip_writer_finish(IvZipWriter *zip, GError **error) {
  g_return_val_if_fail(zip->left == 0, FALSE);
  guint64 start = zip->at;
  g_autoptr(GByteArray) directory = g_byte_array_new();
  for (guint i = 0; i < zip->entries->len; i++)
    put_central(directory, zip, &g_array_index(zip->entries, Entry, i));
  guint64 bytes = directory->len;
  put_end(directory, zip, start, bytes);
  if (!append(zip, directory, error))
    return FALSE;
  return fdatasync(zip->fd) == 0 || fail(zip, error, errno);
}
