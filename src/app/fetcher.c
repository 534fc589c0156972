/* SPDX-License-Identifier: Apache-2.0 */
#include "app/fetcher.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"

#define GB 1e9
#define CHUNK (1024 * 1024)
#define PICTURE_BYTES_MAX (64u * 1024 * 1024)
#define AWAY_SPAN (10 * IV_SECOND) /* so long nobody waits for an archive that does not answer */

struct IvFetcher {
  IvFetcherOptions options; /* its texts are owned */
  char *folder;
  GMutex mutex; /* guards what follows */
  guint64 bytes;
  guint n;           /* names that were given */
  IvTime away_until; /* monotonic: see AWAY_SPAN */
};

struct IvFetched {
  IvFetcher *fetcher;
  char *folder;      /* NULL = nothing was fetched */
  GHashTable *files; /* numbers of segments that lie there, as gint64 */
  guint64 bytes;     /* of them */
};

/* ---- room ---- */

/* Takes it, if there is some. */
static gboolean take_room(IvFetcher *f, guint64 bytes) {
  struct statvfs disk;
  double free =
      statvfs(f->options.data_dir, &disk) == 0 ? (double)disk.f_bavail * (double)disk.f_frsize : 0;
  g_mutex_lock(&f->mutex);
  gboolean fits = f->bytes + bytes <= f->options.bytes_max &&
                  (double)bytes <= free - f->options.reserve_gb * GB;
  f->bytes += fits ? bytes : 0;
  g_mutex_unlock(&f->mutex);
  return fits;
}

static void give_room(IvFetcher *f, guint64 bytes) {
  g_mutex_lock(&f->mutex);
  f->bytes -= bytes;
  g_mutex_unlock(&f->mutex);
}

/* ---- one file ---- */

static char *path_in(const IvFetched *fetched, gint64 no) {
  g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT ".mp4", no);
  return g_build_filename(fetched->folder, name, NULL);
}

typedef struct {
  IvFetcher *fetcher;
  IvFetched *fetched;
  const IvFetchListener *listener;
  guint64 done, total; /* bytes */
  GError *away;        /* the archive did not answer: nobody waits for it again */
} Work;

static gboolean fail(GError **error, const char *what, const char *path, int why) {
  g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(why), "cannot %s %s: %s", what,
              path, g_strerror(why));
  return FALSE;
}

static gboolean tell(const Work *work, GError **error) {
  double share = (double)work->done / (double)MAX(work->total, 1);
  if (work->listener->told(MIN(share, 1), work->listener->user_data))
    return TRUE;
  g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED, "given up");
  return FALSE;
}

static gboolean copy(Work *work, const IvArchivedFile *file, int fd, GError **error) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  for (guint64 at = 0; at < file->bytes;) {
    gsize n = 0, want = (gsize)MIN(CHUNK, file->bytes - at);
    g_autoptr(GBytes) part =
        iv_archiver_read(work->fetcher->options.archiver, file->key, at, want, error);
    const guint8 *bytes = part ? g_bytes_get_data(part, &n) : NULL;
    if (!bytes)
      return FALSE;
    for (gsize put = 0; put < n;) {
      gssize wrote = pwrite(fd, bytes + put, n - put, (off_t)(at + put));
      if (wrote < 0 && errno == EINTR)
        continue;
      if (wrote <= 0)
        return fail(error, "write in", work->fetched->folder, wrote < 0 ? errno : ENOSPC);
      put += (gsize)wrote;
    }
    g_checksum_update(sum, bytes, (gssize)n);
    at += n;
    work->done += n;
    if (!tell(work, error))
      return FALSE;
  }
  if (!file->sha256[0] || strcmp(g_checksum_get_string(sum), file->sha256) == 0)
    return TRUE;
  g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_DAMAGED,
                      "what the archive gives is not what was stored there");
  return FALSE;
}

static gboolean make_folder(IvFetched *fetched, GError **error) {
  IvFetcher *f = fetched->fetcher;
  if (fetched->folder)
    return TRUE;
  g_mutex_lock(&f->mutex);
  g_autofree char *name = g_strdup_printf("%u", ++f->n);
  g_mutex_unlock(&f->mutex);
  fetched->folder = g_build_filename(f->folder, name, NULL);
  return g_mkdir_with_parents(fetched->folder, 0700) == 0 ||
         fail(error, "make", fetched->folder, errno);
}

static gboolean fetch_file(Work *work, gint64 no, const IvArchivedFile *file, GError **error) {
  if (!make_folder(work->fetched, error))
    return FALSE;
  g_autofree char *path = path_in(work->fetched, no);
  int fd = g_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail(error, "write", path, errno);
  gboolean fine = copy(work, file, fd, error);
  if (close(fd) != 0 && fine)
    fine = fail(error, "write", path, errno);
  if (fine)
    g_hash_table_add(work->fetched->files, g_memdup2(&no, sizeof no));
  else
    g_unlink(path);
  return fine;
}

/* ---- all of them ---- */

static gboolean is_here(const IvFetcher *f, const IvSegment *segment) {
  int fd = f->options.recordings && segment->local
               ? iv_recordings_open_file(f->options.recordings, segment->path)
               : -1;
  if (fd >= 0)
    close(fd);
  return fd >= 0;
}

static char *why_lost(const Work *work, const GError *error) {
  if (error && error == work->away)
    return g_strdup_printf("it is only in the archive, which does not answer (%s); try again "
                           "when it does",
                           error->message);
  return g_strdup_printf("it is only in the archive, and can't be fetched: %s", error->message);
}

static void lose(const Work *work, const IvSegment *segment, const char *reason) {
  g_warning("%s: %s", segment->path, reason);
  work->listener->lost(segment, reason, work->listener->user_data);
}

/* FALSE: it can't be had, and that was told; with an error: all is given up. */
static gboolean fetch_one(Work *work, const IvSegment *segment, GError **error) {
  IvFetcher *f = work->fetcher;
  g_autoptr(GError) wrong = NULL;
  g_auto(IvArchivedFile) file = {0};
  if (!iv_archived_find(f->options.store, f->options.store_id, IV_ARCHIVED_RECORDING, segment->no,
                        IV_TIME_NONE, &file, &wrong)) {
    lose(work, segment,
         wrong ? wrong->message : "it is not on this disk any more, nor in the archive");
    return FALSE;
  }
  if (work->away) {
    g_autofree char *reason = why_lost(work, work->away);
    lose(work, segment, reason);
    return FALSE;
  }
  if (!take_room(f, file.bytes)) {
    lose(work, segment,
         "it is only in the archive, and this disk has no room for it now: make some, then try "
         "again");
    return FALSE;
  }
  if (fetch_file(work, segment->no, &file, &wrong)) {
    work->fetched->bytes += file.bytes;
    return TRUE;
  }
  give_room(f, file.bytes);
  if (g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED)) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  gboolean away = g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_UNREACHABLE);
  if (away)
    work->away = g_error_copy(wrong);
  g_autofree char *reason = why_lost(work, away ? work->away : wrong);
  lose(work, segment, reason);
  return FALSE;
}

static gboolean fetch_all(Work *work, GArray *segments, GError **error) {
  g_autofree gboolean *here = g_new0(gboolean, MAX(segments->len, 1));
  g_autoptr(GError) wrong = NULL;
  for (guint i = 0; i < segments->len; i++) {
    const IvSegment *segment = &g_array_index(segments, IvSegment, i);
    here[i] = is_here(work->fetcher, segment);
    work->total += here[i] ? 0 : segment->bytes;
  }
  for (guint i = 0, at = 0, n = segments->len; i < n && !wrong; i++) {
    const IvSegment *segment = &g_array_index(segments, IvSegment, at);
    gboolean kept = here[i];
    if (!kept && !segment->archived)
      lose(work, segment, "it is not on this disk any more");
    else if (!kept && !work->fetcher->options.archiver)
      lose(work, segment, "it is only in an archive that is not set up any more");
    else if (!kept)
      kept = fetch_one(work, segment, &wrong);
    if (kept)
      at++;
    else
      g_array_remove_index(segments, at);
  }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

IvFetched *iv_fetcher_fetch(IvFetcher *f, GArray *segments, const IvFetchListener *listener,
                            GError **error) {
  g_autoptr(IvFetched) fetched = g_new0(IvFetched, 1);
  fetched->fetcher = f;
  fetched->files = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  Work work = {.fetcher = f, .fetched = fetched, .listener = listener};
  gboolean fine = fetch_all(&work, segments, error);
  g_clear_error(&work.away);
  return fine ? g_steal_pointer(&fetched) : NULL;
}

int iv_fetched_open(const IvFetched *fetched, const IvSegment *segment) {
  const IvFetcher *f = fetched->fetcher;
  if (g_hash_table_contains(fetched->files, &segment->no)) {
    g_autofree char *path = path_in(fetched, segment->no);
    return g_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  }
  if (f->options.recordings)
    return iv_recordings_open_file(f->options.recordings, segment->path);
  errno = ENOENT;
  return -1;
}

void iv_fetched_free(IvFetched *fetched) {
  GHashTableIter all;
  gpointer no;
  if (!fetched)
    return;
  g_hash_table_iter_init(&all, fetched->files);
  while (g_hash_table_iter_next(&all, &no, NULL)) {
    g_autofree char *path = path_in(fetched, *(const gint64 *)no);
    g_unlink(path);
  }
  if (fetched->folder)
    g_rmdir(fetched->folder);
  give_room(fetched->fetcher, fetched->bytes);
  g_hash_table_unref(fetched->files);
  g_free(fetched->folder);
  g_free(fetched);
}

/* ---- pictures ---- */

static gboolean is_whole(const IvSnapshot *snapshot, IvSnapshotFile file, GBytes *bytes) {
  guint8 digest[IV_SHA256_BYTES];
  gsize n = sizeof digest, size;
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  const void *at = g_bytes_get_data(bytes, &size);
  g_checksum_update(sum, at, (gssize)size);
  g_checksum_get_digest(sum, digest, &n);
  return size == snapshot->bytes[file] && memcmp(digest, snapshot->sha256[file], n) == 0;
}

static GBytes *read_here(const IvFetcher *f, const IvSnapshot *snapshot, IvSnapshotFile file) {
  gsize size = (gsize)snapshot->bytes[file];
  g_autofree char *path = iv_snapshot_file(snapshot->path, file);
  g_autofree guint8 *bytes = g_malloc(size + 1);
  int fd = iv_album_open_file(f->options.album, path);
  gssize got = fd < 0 ? -1 : pread(fd, bytes, size + 1, 0);
  if (fd >= 0)
    close(fd);
  return got < 0 ? NULL : g_bytes_new_take(g_steal_pointer(&bytes), (gsize)got);
}

static gboolean is_away(IvFetcher *f, GError **error) {
  g_mutex_lock(&f->mutex);
  gboolean away = iv_clock_monotonic() < f->away_until;
  g_mutex_unlock(&f->mutex);
  if (away)
    g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_UNREACHABLE,
                        "the archive has just not answered");
  return away;
}

static void note_away(IvFetcher *f, const GError *error) {
  if (!g_error_matches(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_UNREACHABLE))
    return;
  g_mutex_lock(&f->mutex);
  f->away_until = iv_clock_monotonic() + AWAY_SPAN;
  g_mutex_unlock(&f->mutex);
}

/* NULL without an error: it is not there. */
static GBytes *read_there(IvFetcher *f, const IvSnapshot *snapshot, IvSnapshotFile file,
                          GError **error) {
  g_auto(IvArchivedFile) archived = {0};
  if (!f->options.archiver || !snapshot->archived || snapshot->bytes[file] == 0 ||
      !iv_archived_find(f->options.store, f->options.store_id, IV_ARCHIVED_SNAPSHOT, snapshot->no,
                        IV_TIME_NONE, &archived, error) ||
      is_away(f, error))
    return NULL;
  g_autofree char *key = iv_snapshot_file(archived.key, file);
  g_autoptr(GByteArray) all = g_byte_array_new();
  while (all->len < snapshot->bytes[file]) {
    gsize n = (gsize)MIN(CHUNK, snapshot->bytes[file] - all->len);
    g_autoptr(GError) wrong = NULL;
    g_autoptr(GBytes) part = iv_archiver_read(f->options.archiver, key, all->len, n, &wrong);
    if (!part) {
      note_away(f, wrong);
      g_propagate_error(error, g_steal_pointer(&wrong));
      return NULL;
    }
    g_byte_array_append(all, g_bytes_get_data(part, NULL), (guint)g_bytes_get_size(part));
  }
  return g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

static GBytes *refuse_picture(GError *wrong, GError **error) {
  if (!wrong)
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                        "the picture is not there as it was stored");
  else if (g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED))
    g_propagate_error(error, g_error_copy(wrong));
  else
    g_set_error(error, wrong->domain, wrong->code,
                "the picture is only in the archive, and can't be fetched now: %s", wrong->message);
  return NULL;
}

GBytes *iv_fetcher_picture(IvFetcher *f, const IvSnapshot *snapshot, IvSnapshotFile file,
                           GError **error) {
  g_autoptr(GError) wrong = NULL;
  if (!f->options.album || snapshot->bytes[file] > PICTURE_BYTES_MAX)
    return refuse_picture(NULL, error);
  g_autoptr(GBytes) bytes = read_here(f, snapshot, file);
  if (bytes && is_whole(snapshot, file, bytes))
    return g_steal_pointer(&bytes);
  g_clear_pointer(&bytes, g_bytes_unref);
  bytes = read_there(f, snapshot, file, &wrong);
  return bytes && is_whole(snapshot, file, bytes) ? g_steal_pointer(&bytes)
                                                  : refuse_picture(wrong, error);
}

/* ---- life ---- */

/* "<number>/<number>.mp4" in it. */
static void sweep(const char *folder, guint depth) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (depth == 0)
      sweep(path, 1);
    if (depth == 0)
      g_rmdir(path);
    else
      g_unlink(path);
  }
}

IvFetcher *iv_fetcher_new(const IvFetcherOptions *options) {
  IvFetcher *f = g_new0(IvFetcher, 1);
  g_mutex_init(&f->mutex);
  f->options = *options;
  f->options.store_id = g_strdup(options->store_id);
  f->options.data_dir = g_strdup(options->data_dir);
  if (f->options.bytes_max == 0)
    f->options.bytes_max = IV_FETCHER_BYTES_MAX;
  f->folder = g_build_filename(options->data_dir, IV_FETCHER_FOLDER, NULL);
  sweep(f->folder, 0);
  return f;
}

void iv_fetcher_free(IvFetcher *f) {
  if (!f)
    return;
  g_mutex_clear(&f->mutex);
  g_free((gpointer)f->options.store_id);
  g_free((gpointer)f->options.data_dir);
  g_free(f->folder);
  g_free(f);
}
