/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

/* Reads ZIP files as zip_writer.h makes them, and no others: every byte of the file belongs to a
 * file in it or to its directory, and the two say the same. A file that was changed by another
 * program is not taken for ours. One thread at a time. */
typedef struct IvZipReader IvZipReader;

typedef struct {
  char *name;           /* owned by the reader */
  guint64 offset, size; /* of its contents */
  guint32 crc;
} IvZipFile;

/* NULL with G_IO_ERROR: G_IO_ERROR_INVALID_DATA = no ZIP file of ours, with what is wrong. */
IvZipReader *iv_zip_reader_open(const char *path, GError **error);
void iv_zip_reader_free(IvZipReader *zip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvZipReader, iv_zip_reader_free)

const IvZipFile *iv_zip_reader_files(const IvZipReader *zip, guint *ret_n);

/* By name; NULL = there is none. */
const IvZipFile *iv_zip_reader_find(const IvZipReader *zip, const char *name);

/* Reads up to `n` bytes at `at` of the file. FALSE with G_IO_ERROR. */
gboolean iv_zip_reader_read(const IvZipReader *zip, const IvZipFile *file, guint64 at, void *bytes,
                            gsize n, GError **error);

/* The whole, of at most `max` bytes. */
GBytes *iv_zip_reader_bytes(const IvZipReader *zip, const IvZipFile *file, gsize max,
                            GError **error);
