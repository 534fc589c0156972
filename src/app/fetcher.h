/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/album.h"
#include "app/archiver.h"

/* Recordings for those who need whole files of them (evidence, exports): from this disk, and what
 * is in the archive alone is fetched to a folder of its own for as long as it is needed. */
typedef struct IvFetcher IvFetcher;

#define IV_FETCHER_FOLDER "fetched" /* below the data folder */
#define IV_FETCHER_BYTES_MAX (G_GUINT64_CONSTANT(50) * 1000 * 1000 * 1000) /* that lie there */

typedef struct {
  IvStore *store;                  /* these outlive it */
  const IvRecordings *recordings;  /* NULL = there are none */
  const IvAlbum *album;            /* likewise */
  IvArchiver *archiver;            /* NULL = no archive */
  const char *store_id, *data_dir; /* copied */
  double reserve_gb;               /* of the disk: stays free */
  guint64 bytes_max;               /* 0 = IV_FETCHER_BYTES_MAX */
} IvFetcherOptions;

/* Deletes what a process that was killed has left in the folder. */
IvFetcher *iv_fetcher_new(const IvFetcherOptions *options);
/* Nothing that was fetched is in use any more. */
void iv_fetcher_free(IvFetcher *fetcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvFetcher, iv_fetcher_free)

typedef struct {
  /* The share that is done, 0..1, of what has to be fetched; not called where that is nothing.
   * FALSE = give up. */
  gboolean (*told)(double share, gpointer user_data);
  /* A recording can't be had, and why: a sentence for people. */
  void (*lost)(const IvSegment *segment, const char *reason, gpointer user_data);
  gpointer user_data;
} IvFetchListener;

/* What was fetched for one piece of work. */
typedef struct IvFetched IvFetched;

/* Makes sure of all files of `segments` (GArray of IvSegment of one camera), which the caller
 * holds: what can't be had is told and taken out of the array. What is fetched is compared with its
 * SHA-256. Blocks for as long as that takes. NULL only when the listener gave up, or the archive is
 * being stopped (IV_ARCHIVE_ERROR_STOPPED). Any thread. */
IvFetched *iv_fetcher_fetch(IvFetcher *fetcher, GArray *segments, const IvFetchListener *listener,
                            GError **error);
/* Deletes its files; those that are open can be read on. NULL is fine. */
void iv_fetched_free(IvFetched *fetched);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvFetched, iv_fetched_free)

/* One of them, for reading, as often as it is needed; -1 with errno. */
int iv_fetched_open(const IvFetched *fetched, const IvSegment *segment);

/* A file of a picture as it was stored, from this disk or from the archive. NULL = it can't be had,
 * with a reason for people; IV_ARCHIVE_ERROR_STOPPED as above. Any thread. */
GBytes *iv_fetcher_picture(IvFetcher *fetcher, const IvSnapshot *snapshot, IvSnapshotFile file,
                           GError **error);
