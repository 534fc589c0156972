/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "archive/archive.h"
#include "archive/pace.h"

/* The seam between the two kinds of archive. Keys are valid and carry the prefix; the rest is as in
 * archive.h. */
typedef struct IvArchiveKind {
  /* Makes what is missing and may be made (the folder). NULL = nothing to do. */
  gboolean (*prepare)(IvArchive *archive, GError **error);
  /* `sha256` and `bytes` are the file's. Verified before it returns. */
  gboolean (*put)(IvArchive *archive, const IvArchivePut *put, const IvArchiveInfo *file,
                  GError **error);
  gboolean (*put_bytes)(IvArchive *archive, const char *key, GBytes *bytes, GError **error);
  /* `ret_whole` not NULL: the whole object, which is at most n. */
  GBytes *(*get)(IvArchive *archive, const char *key, guint64 offset, gsize n, gboolean whole,
                 GError **error);
  gboolean (*head)(IvArchive *archive, const char *key, IvArchiveInfo *ret_info, GError **error);
  gboolean (*list)(IvArchive *archive, const char *prefix, const char *after, guint limit,
                   GPtrArray *keys, GError **error);
  gboolean (*remove)(IvArchive *archive, const char *key, GError **error);
  gboolean (*tidy)(IvArchive *archive, IvTime before, guint *ret_n, GError **error);
  void (*free)(IvArchive *archive);
} IvArchiveKind;

/* First member of each kind's own struct. */
struct IvArchive {
  const IvArchiveKind *kind;
  char *prefix; /* "" or "inveye/" */
  char *place;
  IvArchiveLimits limits;
  IvPace pace;
};

IvArchive *iv_directory_archive_new(const IvArchiveConfig *config);
IvArchive *iv_s3_archive_new(const IvArchiveConfig *config, const IvArchiveLimits *limits);

/* Fills `ret_hex` with the SHA-256 of `n` bytes of the open file from 0 on. */
gboolean iv_archive_hash(int fd, guint64 n, IvPace *pace, char ret_hex[IV_SHA256_HEX + 1],
                         GError **error);
