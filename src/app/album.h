/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "media/still.h"
#include "store/snapshots.h"

/* The pictures of a store's events: the folder of their files and its index in the database. */
typedef struct IvAlbum IvAlbum;

#define IV_ALBUM_FOLDER "snapshots" /* below the data folder */

/* `store` outlives it. Touches no disk. */
IvAlbum *iv_album_new(const IvSnapshotConfig *config, const char *store_id, const char *data_dir,
                      IvStore *store);
void iv_album_free(IvAlbum *album);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvAlbum, iv_album_free)

/* Before it is opened: there is an archive (borrowed). What waits to be archived is deleted here
 * only when keep_gb leaves nothing else; what is stored there goes first, at once if it is not to
 * be kept in both. */
void iv_album_set_archive(IvAlbum *album, const IvArchiveConfig *archive);

/* Makes the folder, and deletes the files in it that no row names (a process that was killed has
 * left them). One thread; before anything is kept. */
gboolean iv_album_open(IvAlbum *album, GError **error);

/* Writes the three files, then the row; `about` says what they are of (its path, sizes and sums are
 * made here). What an event has a picture of already is left as it is. Any thread; waits for the
 * disk. */
gboolean iv_album_keep(IvAlbum *album, const IvSnapshot *about, const IvStill *still,
                       GError **error);

typedef struct {
  guint64 kept, deleted, errors; /* since the start */
  guint64 unarchived;            /* of those deleted, had waited to be archived */
  guint64 n, bytes;              /* there are here, at the last look */
} IvAlbumStats;

/* Deletes what is too old (when `now` is known to be right) or over keep_gb, the oldest first, and
 * nothing that is held. One thread. */
void iv_album_retain(IvAlbum *album, IvTime now, gboolean now_is_right, const gint *stop);

/* A file by its path (iv_snapshot_file), for reading; -1 with errno. Any thread. */
int iv_album_open_file(const IvAlbum *album, const char *path);

/* Any thread. */
void iv_album_stats(IvAlbum *album, IvAlbumStats *ret_stats);
