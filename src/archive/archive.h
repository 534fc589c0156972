/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"

/* Where files are kept for longer: a folder (another disk, NFS) or a bucket of an S3-compatible
 * service. A file is stored under a key, whole and verified or not at all. Any thread; calls block,
 * for seconds, until the pace allows it, or until iv_archive_stop. */
typedef struct IvArchive IvArchive;

#define IV_ARCHIVE_ERROR (iv_archive_error_quark())
GQuark iv_archive_error_quark(void);
/* Messages are for people: what is so and what to do; never a key of the service. */
typedef enum {
  IV_ARCHIVE_ERROR_UNREACHABLE, /* nobody answers, or it is in trouble: another time */
  IV_ARCHIVE_ERROR_REFUSED,     /* what is set up is wrong: keys, bucket, region, rights, clock */
  IV_ARCHIVE_ERROR_AWAY,        /* it is not the archive that was used: disk not mounted, ... */
  IV_ARCHIVE_ERROR_FULL,        /* no room left there */
  IV_ARCHIVE_ERROR_NOT_FOUND,   /* no such key */
  IV_ARCHIVE_ERROR_DAMAGED,     /* what arrived is not what was sent */
  IV_ARCHIVE_ERROR_SOURCE,      /* the local file can't be read, or has changed meanwhile */
  IV_ARCHIVE_ERROR_STOPPED,
} IvArchiveError;

#define IV_ARCHIVE_KEY_MAX 512               /* bytes, with the prefix */
#define IV_ARCHIVE_GET_MAX (8 * 1024 * 1024) /* bytes of one iv_archive_get */
#define IV_ARCHIVE_LIST_MAX 1000
#define IV_ARCHIVE_MARK ".inveye-archive" /* the key by which an archive is known */
#define IV_ARCHIVE_MARK_NEW "new"         /* as its text: the user says that this is the archive */
#define IV_SHA256_HEX 64

/* Of the network; zeros = these defaults. */
typedef struct {
  IvTime connect; /* 5 s */
  IvTime stall;   /* 30 s: nothing moves for so long */
  guint attempts; /* 5: of a request that may succeed another time */
  gsize part;     /* 8 MiB: what is larger is uploaded in parts of this size; at least 5 MiB */
} IvArchiveLimits;

/* `config->target` is not off. `limits` may be NULL. Touches neither disk nor network. */
IvArchive *iv_archive_new(const IvArchiveConfig *config, const IvArchiveLimits *limits);
void iv_archive_free(IvArchive *archive);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvArchive, iv_archive_free)

/* For people: "the folder /mnt/archive", "the bucket video at https://...". Borrowed. */
const char *iv_archive_place(const IvArchive *archive);

/* Calls in progress and all later ones end with IV_ARCHIVE_ERROR_STOPPED. */
void iv_archive_stop(IvArchive *archive);

/* Makes sure that it is the archive with this mark, which `is_used`: else it is marked (and the
 * folder made) where there is no mark yet. */
gboolean iv_archive_open(IvArchive *archive, const char *mark, gboolean is_used, GError **error);

/* The mark that is there; NULL without an error: none. The caller frees. */
char *iv_archive_mark(IvArchive *archive, GError **error);

/* What is 1 to IV_ARCHIVE_KEY_MAX bytes of a-z A-Z 0-9 . _ - / without empty or dotted parts. */
gboolean iv_archive_key_is_valid(const char *key);

typedef struct {
  const char *path; /* local file; must not change meanwhile */
  const char *key;  /* without the prefix */
  const char *content_type;
  const char *sha256; /* that it must have, as hex; NULL or "" = whatever it has */
  void (*on_progress)(guint64 done, guint64 total, gpointer user_data); /* may be NULL */
  gpointer user_data;
} IvArchivePut;

typedef struct {
  guint64 bytes;
  char sha256[IV_SHA256_HEX + 1]; /* "" = not known */
} IvArchiveInfo;

/* Stores the file and verifies it. Goes on where an earlier try, also of another process, stopped;
 * what is there already is not sent again. Only one put of a key at a time. */
gboolean iv_archive_put(IvArchive *archive, const IvArchivePut *put, IvArchiveInfo *ret_info,
                        GError **error);

/* `n` bytes from `offset`, all of them or an error; n from 1 to IV_ARCHIVE_GET_MAX. One retry at
 * most, since somebody waits: about 10 s. */
GBytes *iv_archive_get(IvArchive *archive, const char *key, guint64 offset, gsize n,
                       GError **error);

gboolean iv_archive_head(IvArchive *archive, const char *key, IvArchiveInfo *ret_info,
                         GError **error);

/* Keys that begin with `prefix`, in order of their bytes, those after `after` (NULL = from the
 * first), at most `limit` (1..IV_ARCHIVE_LIST_MAX): char *, without the archive's own prefix. */
GPtrArray *iv_archive_list(IvArchive *archive, const char *prefix, const char *after, guint limit,
                           GError **error);

/* TRUE too when there is none. */
gboolean iv_archive_remove(IvArchive *archive, const char *key, GError **error);

/* Gives up uploads that were begun before `before` and never ended. `ret_n`: how many. */
gboolean iv_archive_tidy(IvArchive *archive, IvTime before, guint *ret_n, GError **error);

/* Bytes of files that were sent since it was made. */
guint64 iv_archive_sent(const IvArchive *archive);

/* ---- trying it out ---- */

typedef struct {
  const char *name; /* "write", "read", "list", "delete"; static text */
  gboolean done;
  char *fault;   /* NULL = none; of a step after a failed one: not tried */
  double took_s; /* 0 = not tried */
} IvArchiveStep;
enum { IV_ARCHIVE_STEPS = 4 };

/* Writes, reads, lists and deletes a small file of its own, and says how each went. TRUE = all of
 * them did. The caller clears `ret_steps`. Up to half a minute. */
gboolean iv_archive_try(IvArchive *archive, IvArchiveStep ret_steps[IV_ARCHIVE_STEPS]);
void iv_archive_steps_clear(IvArchiveStep steps[IV_ARCHIVE_STEPS]);
