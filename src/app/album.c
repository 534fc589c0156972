/* SPDX-License-Identifier: Apache-2.0 */
#include "app/album.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define GB 1e9
#define BATCH 100
#define DAY_SETTLED (2 * IV_DAY) /* nobody makes files in the folder of such a day any more */
#define DAY_TEXT 10              /* "2026-03-29" */

struct IvAlbum {
  IvTime keep;
  double keep_bytes;
  char *store_id, *folder;
  IvStore *store;
  const IvArchiveConfig *archive; /* NULL = none */
  GMutex mutex;                   /* guards what follows */
  IvAlbumStats stats;
};

static void count_error(IvAlbum *album, const char *what, const GError *error) {
  g_mutex_lock(&album->mutex);
  album->stats.errors++;
  g_mutex_unlock(&album->mutex);
  g_warning("snapshots: %s: %s", what, error->message);
}

static gboolean fail(GError **error, const char *what, const char *path, int why) {
  g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(why), "cannot %s %s: %s", what,
              path, g_strerror(why));
  return FALSE;
}

static char *file_of(const IvAlbum *album, const char *path, IvSnapshotFile file) {
  g_autofree char *name = iv_snapshot_file(path, file);
  return g_build_filename(album->folder, name, NULL);
}

/* ---- life ---- */

IvAlbum *iv_album_new(const IvSnapshotConfig *config, const char *store_id, const char *data_dir,
                      IvStore *store) {
  IvAlbum *album = g_new0(IvAlbum, 1);
  g_mutex_init(&album->mutex);
  album->keep = config->keep;
  album->keep_bytes = config->keep_gb * GB;
  album->store_id = g_strdup(store_id);
  album->folder = g_build_filename(data_dir, IV_ALBUM_FOLDER, NULL);
  album->store = store;
  return album;
}

void iv_album_set_archive(IvAlbum *album, const IvArchiveConfig *archive) {
  album->archive = archive;
}

void iv_album_free(IvAlbum *album) {
  if (!album)
    return;
  g_mutex_clear(&album->mutex);
  g_free(album->store_id);
  g_free(album->folder);
  g_free(album);
}

void iv_album_stats(IvAlbum *album, IvAlbumStats *ret_stats) {
  g_mutex_lock(&album->mutex);
  *ret_stats = album->stats;
  g_mutex_unlock(&album->mutex);
}

int iv_album_open_file(const IvAlbum *album, const char *path) {
  g_autofree char *full = g_build_filename(album->folder, path, NULL);
  return g_open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
}

/* ---- what a killed process has left ---- */

/* "DAY/NAME" of one of our files; NULL = it is none. */
static char *path_of(const char *day, const char *name) {
  for (int file = IV_SNAPSHOT_FILES - 1; file >= 0; file--) {
    g_autofree char *end = iv_snapshot_file("", (IvSnapshotFile)file);
    if (g_str_has_suffix(name, end))
      return g_strdup_printf("%s/%.*s", day, (int)(strlen(name) - strlen(end)), name);
  }
  return NULL;
}

static void sweep_day(const IvAlbum *album, const char *day, GHashTable *known) {
  g_autofree char *folder = g_build_filename(album->folder, day, NULL);
  g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
  for (const char *name; files && (name = g_dir_read_name(files));) {
    g_autofree char *path = path_of(day, name), *full = g_build_filename(folder, name, NULL);
    if (path && !g_hash_table_contains(known, path))
      g_unlink(full);
  }
  g_rmdir(folder); /* when nothing is left */
}

static gboolean is_day(const char *name) {
  for (int i = 0; i < DAY_TEXT; i++)
    if (i == 4 || i == 7 ? name[i] != '-' : !g_ascii_isdigit(name[i]))
      return FALSE;
  return name[DAY_TEXT] == '\0';
}

gboolean iv_album_open(IvAlbum *album, GError **error) {
  if (g_mkdir_with_parents(album->folder, 0700) != 0)
    return fail(error, "make", album->folder, errno);
  g_autoptr(GHashTable) known = iv_snapshots_paths(album->store, album->store_id, error);
  g_autoptr(GDir) days = known ? g_dir_open(album->folder, 0, error) : NULL;
  if (!days)
    return FALSE;
  for (const char *name; (name = g_dir_read_name(days));)
    if (is_day(name))
      sweep_day(album, name, known);
  return TRUE;
}

/* ---- keeping ---- */

static gboolean write_file(const char *path, GBytes *bytes, GError **error) {
  gsize size;
  const guint8 *at = g_bytes_get_data(bytes, &size);
  int fd = g_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gboolean fine = fd >= 0;
  while (fine && size > 0) {
    gssize n = write(fd, at, size);
    if (n < 0 && errno == EINTR)
      continue;
    fine = n > 0;
    at += fine ? n : 0;
    size -= fine ? (gsize)n : 0;
  }
  fine = fine && fdatasync(fd) == 0;
  int why = errno;
  if (fd >= 0)
    close(fd);
  return fine || fail(error, "write", path, why);
}

static void sum_of(GBytes *bytes, guint8 *ret_sum) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  gsize size, n = IV_SHA256_BYTES;
  const void *at = g_bytes_get_data(bytes, &size);
  g_checksum_update(sum, at, (gssize)size);
  g_checksum_get_digest(sum, ret_sum, &n);
}

/* "2026-03-29/101500.250-entrance-1a2b3c4d": found by eye, and no two are alike. */
static char *make_path(const IvSnapshot *about) {
  char time[IV_TIME_TEXT_MAX];
  iv_time_to_text(about->moment, time);
  return g_strdup_printf("%.10s/%.2s%.2s%.6s-%s-%08x", time, time + 11, time + 14, time + 17,
                         about->camera_id.text, g_random_int());
}

typedef struct {
  const char *store_id;
  const IvSnapshot *row;
  gboolean fresh;
} Job;

static gboolean add_row(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_snapshots_add(sql, job->store_id, job->row, &job->fresh, error);
}

static gboolean write_files(const IvAlbum *album, const IvSnapshot *row, GBytes *const *files,
                            GError **error) {
  for (int i = 0; i < IV_SNAPSHOT_FILES; i++) {
    g_autofree char *full = file_of(album, row->path, (IvSnapshotFile)i);
    if (i == 0) {
      g_autofree char *day = g_path_get_dirname(full);
      if (g_mkdir_with_parents(day, 0700) != 0)
        return fail(error, "make", day, errno);
    }
    if (!write_file(full, files[i], error))
      return FALSE;
  }
  return TRUE;
}

static void delete_files(const IvAlbum *album, const char *path) {
  for (int i = 0; i < IV_SNAPSHOT_FILES; i++) {
    g_autofree char *full = file_of(album, path, (IvSnapshotFile)i);
    g_unlink(full);
  }
}

static gboolean keep(IvAlbum *album, const IvSnapshot *row, GBytes *const *files, GError **error) {
  Job job = {album->store_id, row, FALSE};
  gboolean fine =
      write_files(album, row, files, error) && iv_store_write(album->store, add_row, &job, error);
  g_mutex_lock(&album->mutex);
  if (fine && job.fresh) {
    album->stats.kept++;
    album->stats.n++;
    album->stats.bytes += iv_snapshot_bytes(row);
  }
  album->stats.errors += !fine;
  g_mutex_unlock(&album->mutex);
  if (!fine || !job.fresh)
    delete_files(album, row->path);
  return fine;
}

gboolean iv_album_keep(IvAlbum *album, const IvSnapshot *about, const IvStill *still,
                       GError **error) {
  GBytes *const files[IV_SNAPSHOT_FILES] = {still->clean, still->marked, still->thumbnail};
  IvSnapshot row = *about;
  row.size = still->size;
  for (int i = 0; i < IV_SNAPSHOT_FILES; i++) {
    row.bytes[i] = g_bytes_get_size(files[i]);
    sum_of(files[i], row.sha256[i]);
  }
  row.path = make_path(about);
  gboolean fine = keep(album, &row, files, error);
  g_free(row.path);
  return fine;
}

/* ---- what is deleted when ---- */

typedef struct {
  gint64 no;
  gboolean removed;
} Removal;

static gboolean remove_row(IvSql *sql, gpointer arg, GError **error) {
  Removal *job = arg;
  return iv_snapshots_remove(sql, job->no, &job->removed, error);
}

/* The row goes first: a file that is left is found at the next start. */
static gboolean delete_one(IvAlbum *album, const IvSnapshot *row, IvTime now) {
  g_autoptr(GError) error = NULL;
  Removal job = {row->no, FALSE};
  if (!iv_store_write(album->store, remove_row, &job, &error)) {
    count_error(album, "retention", error);
    return FALSE;
  }
  if (!job.removed)
    return FALSE; /* somebody has just taken hold of it */
  delete_files(album, row->path);
  if (row->moment < now - DAY_SETTLED) {
    g_autofree char *full = file_of(album, row->path, IV_SNAPSHOT_CLEAN);
    g_autofree char *day = g_path_get_dirname(full);
    g_rmdir(day); /* when it was the last */
  }
  g_mutex_lock(&album->mutex);
  album->stats.deleted++;
  g_mutex_unlock(&album->mutex);
  return TRUE;
}

static gboolean measure(IvAlbum *album, double *ret_over) {
  g_autoptr(GError) error = NULL;
  IvSnapshotTotals totals;
  if (!iv_snapshots_totals(album->store, album->store_id, &totals, &error)) {
    count_error(album, "totals", error);
    return FALSE;
  }
  g_mutex_lock(&album->mutex);
  album->stats.n = totals.n;
  album->stats.bytes = totals.bytes;
  g_mutex_unlock(&album->mutex);
  *ret_over = album->keep_bytes > 0 ? (double)totals.bytes - album->keep_bytes : 0;
  return TRUE;
}

/* How many of the oldest of those it deleted. */
static guint delete_batch(IvAlbum *album, IvSnapshotPick pick, IvTime before, double over,
                          IvTime now, const gint *stop) {
  guint done = 0;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) rows =
      iv_snapshots_oldest(album->store, album->store_id, pick, G_MAXINT64, BATCH, &error);
  if (!rows)
    count_error(album, "retention", error);
  for (guint i = 0; rows && i < rows->len && !g_atomic_int_get(stop); i++) {
    const IvSnapshot *row = &g_array_index(rows, IvSnapshot, i);
    gboolean is_old = before != IV_TIME_NONE && row->moment < before;
    if (!is_old && over <= 0)
      break;
    over -= (double)iv_snapshot_bytes(row);
    done += delete_one(album, row, now);
  }
  if (pick != IV_SNAPSHOTS_WAITING)
    return done;
  g_mutex_lock(&album->mutex);
  album->stats.unarchived += done;
  g_mutex_unlock(&album->mutex);
  return done;
}

/* With an archive, what is stored there goes first, and what waits only if that is not enough: as
 * recordings do. */
void iv_album_retain(IvAlbum *album, IvTime now, gboolean now_is_right, const gint *stop) {
  const IvArchiveConfig *archive = album->archive;
  IvTime before = album->keep > 0 && now_is_right ? now - album->keep : IV_TIME_NONE;
  IvTime waiting_before = archive && archive->keep > 0 && before != IV_TIME_NONE
                              ? now - MAX(album->keep, archive->keep)
                              : IV_TIME_NONE;
  IvSnapshotPick first = archive ? IV_SNAPSHOTS_SPARE : IV_SNAPSHOTS_ANY;
  double over = 0;
  while (archive && !archive->keep_local &&
         delete_batch(album, IV_SNAPSHOTS_STORED, G_MAXINT64, 0, now, stop) > 0)
    ;
  while (measure(album, &over) && (delete_batch(album, first, before, over, now, stop) > 0 ||
                                   (archive && delete_batch(album, IV_SNAPSHOTS_WAITING,
                                                            waiting_before, over, now, stop) > 0)))
    ;
}
