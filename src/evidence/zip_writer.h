/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

/* A ZIP file, one file after the other, without compression: what is in it is compressed already,
 * and every system opens it by a double click. Any size (ZIP64). One thread at a time. */
typedef struct IvZipWriter IvZipWriter;

#define IV_ZIP_CHUNK (1024 * 1024) /* bytes that are read at once */

/* Makes the file (0600), replacing one that is there. `when`: the time its files are said to be
 * of, in seconds since 1970. NULL with G_IO_ERROR. */
IvZipWriter *iv_zip_writer_new(const char *path, gint64 when, GError **error);

/* Without finish what was written is of no use; the caller deletes it. */
void iv_zip_writer_free(IvZipWriter *zip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvZipWriter, iv_zip_writer_free)

/* Tests only: sizes of 64 bits from the first byte on. */
void iv_zip_writer_force_64(IvZipWriter *zip);

/* The next file, under `name` (UTF-8, '/' between folders, at most IV_ZIP_NAME_MAX bytes): begin,
 * any number of adds, end. `size` is what will be added. */
gboolean iv_zip_writer_begin(IvZipWriter *zip, const char *name, guint64 size, GError **error);
gboolean iv_zip_writer_add(IvZipWriter *zip, const void *bytes, gsize n, GError **error);
gboolean iv_zip_writer_end(IvZipWriter *zip, GError **error);

/* Writes the directory; all is on the disk then. */
gboolean iv_zip_writer_finish(IvZipWriter *zip, GError **error);

guint64 iv_zip_writer_bytes(const IvZipWriter *zip); /* written so far */
