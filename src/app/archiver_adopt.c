/* SPDX-License-Identifier: Apache-2.0 */
#include "app/archiver_adopt.h"

#include <errno.h>
#include <string.h>

#include "app/archiver_adopt_private.h"
#include "app/recordings_private.h"

#define CHUNK 48           /* recordings that are read before their rows are written */
#define READERS 6          /* at once */
#define WINDOW (16 * 1024) /* bytes of one request: the head of a fragment and what follows */

gboolean iv_adoption_tell(const IvAdoption *x, IvAdoptStep step, GError **error) {
  if (!x->listener || !x->listener->told ||
      x->listener->told(step, &x->sums, x->listener->user_data))
    return TRUE;
  g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED, "stopped");
  return FALSE;
}

gboolean iv_adoption_is_fatal(const GError *error) {
  return error && error->domain == IV_ARCHIVE_ERROR &&
         !g_error_matches(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_NOT_FOUND) &&
         !g_error_matches(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_DAMAGED);
}

/* ---- whose it is ---- */

typedef struct {
  const char *store_id, *mark;
} MarkJob;

static gboolean take_mark(IvSql *sql, gpointer arg, GError **error) {
  const MarkJob *job = arg;
  return iv_archived_take_mark(sql, job->store_id, job->mark, error);
}

static char *own_mark(IvSql *sql, const char *store_id, GError **error) {
  char *mark = NULL;
  g_autofree char *fresh = g_uuid_string_random();
  return iv_archived_mark(sql, store_id, fresh, &mark, error) ? mark : NULL;
}

typedef struct {
  const char *store_id;
  char *mark;
} OwnJob;

static gboolean ask_own(IvSql *sql, gpointer arg, GError **error) {
  OwnJob *job = arg;
  g_clear_pointer(&job->mark, g_free);
  job->mark = own_mark(sql, job->store_id, error);
  return job->mark != NULL;
}

static gboolean refuse(GError **error, const char *text) {
  g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_AWAY, text);
  return FALSE;
}

/* The archive is the store's from here on. One that has the word "new" as its mark gets ours. */
static gboolean take_over(const IvAdoption *x, GError **error) {
  IvArchiver *a = x->a;
  gboolean any = FALSE;
  g_autoptr(GError) wrong = NULL;
  OwnJob own = {.store_id = a->store_id};
  g_autofree char *there = iv_archive_mark(a->archive, &wrong);
  if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  if (!there)
    return refuse(error, "there is no archive: it has no " IV_ARCHIVE_MARK
                         "; is its disk mounted, and are archive.folder, archive.bucket and "
                         "archive.prefix those of before?");
  if (!iv_store_write(a->store, ask_own, &own, error) ||
      !iv_archived_any(a->store, a->store_id, &any, error)) {
    g_free(own.mark);
    return FALSE;
  }
  g_autofree char *mark = own.mark;
  if (strcmp(there, IV_ARCHIVE_MARK_NEW) == 0)
    return iv_archive_open(a->archive, mark, FALSE, error);
  if (strcmp(there, mark) == 0)
    return TRUE;
  if (any)
    return refuse(error, "this database has files in another archive already; nothing is mixed "
                         "with those. Write the word " IV_ARCHIVE_MARK_NEW " into the mark of "
                         "this archive if it shall be one");
  MarkJob job = {a->store_id, there};
  return iv_store_write(a->store, take_mark, &job, error);
}

/* ---- the list ---- */

typedef gboolean (*Page)(IvAdoption *x, const GPtrArray *keys, GError **error);

static gboolean each_page(IvAdoption *x, const char *folder, Page page, GError **error) {
  g_autofree char *prefix = g_strdup_printf("%s/%s/", x->a->store_id, folder);
  g_autofree char *after = NULL;
  for (;;) {
    g_autoptr(GPtrArray) keys =
        iv_archive_list(x->a->archive, prefix, after, IV_ARCHIVE_LIST_MAX, error);
    if (!keys || (keys->len > 0 && !page(x, keys, error)))
      return FALSE;
    if (keys->len < IV_ARCHIVE_LIST_MAX)
      return TRUE;
    g_free(after);
    after = g_strdup(g_ptr_array_index(keys, keys->len - 1));
  }
}

static gboolean count_recordings(IvAdoption *x, const GPtrArray *keys, GError **error) {
  x->sums.files += keys->len;
  return iv_adoption_tell(x, IV_ADOPT_COUNTING, error);
}

static gboolean count_pictures(IvAdoption *x, const GPtrArray *keys, GError **error) {
  x->sums.pictures += keys->len;
  return iv_adoption_tell(x, IV_ADOPT_COUNTING, error);
}

/* ---- reading a recording ---- */

/* One that is there, and what is read of it. */
typedef struct {
  IvArchive *archive;
  const char *key, *path; /* borrowed */
  gboolean wanted;        /* no row has it */
  gboolean fine;
  IvArchiveInfo info;
  IvSegment segment;
  guint64 bytes_read;
  GError *error;
  /* What of it is in memory. */
  GBytes *window;
  guint64 window_at;
} Find;

static void find_clear(gpointer p) {
  Find *find = p;
  iv_segment_clear(&find->segment);
  g_clear_pointer(&find->window, g_bytes_unref);
  g_clear_error(&find->error);
}

static int read_there(guint64 offset, guint8 *bytes, gsize n, gpointer user_data) {
  Find *find = user_data;
  gsize have = find->window ? g_bytes_get_size(find->window) : 0;
  if (!find->window || offset < find->window_at || offset + n > find->window_at + have) {
    gsize want = (gsize)MIN(MAX(n, WINDOW), find->info.bytes - MIN(offset, find->info.bytes));
    g_clear_pointer(&find->window, g_bytes_unref);
    g_clear_error(&find->error);
    find->window =
        want >= n ? iv_archive_get(find->archive, find->key, offset, want, &find->error) : NULL;
    if (!find->window)
      return EIO;
    find->window_at = offset;
    find->bytes_read += want;
  }
  memcpy(bytes, (const guint8 *)g_bytes_get_data(find->window, NULL) + (offset - find->window_at),
         n);
  return 0;
}

static void look_at(gpointer item, gpointer unused) {
  Find *find = item;
  g_auto(IvMp4Scan) scan = {0};
  g_autoptr(GError) strange = NULL; /* what could not be read is in find->error */
  (void)unused;
  if (!iv_archive_head(find->archive, find->key, &find->info, &find->error))
    return;
  if (find->wanted) {
    if (!iv_mp4_scan_with(read_there, find, find->info.bytes, &scan, &strange)) {
      if (!find->error)
        find->error = g_steal_pointer(&strange);
      return;
    }
    if (scan.fragments->len == 0)
      return;
    iv_recordings_describe_scan(&find->segment, &scan);
  }
  g_clear_pointer(&find->window, g_bytes_unref);
  find->fine = TRUE;
}

/* ---- its row ---- */

typedef struct {
  IvAdoption *x;
  GArray *finds; /* Find */
  IvAdoptSums sums;
} RowsJob;

static gboolean put_row(IvSql *sql, IvAdoption *x, Find *find, IvAdoptSums *sums, GError **error) {
  const IvArchiver *a = x->a;
  g_autoptr(GError) wrong = NULL;
  gboolean fresh = FALSE;
  IvTime keep = a->config->keep;
  gboolean is_old = keep > 0 && find->segment.end < x->now - keep;
  IvArchivedFile file = {.kind = IV_ARCHIVED_RECORDING,
                         .key = (char *)find->key,
                         .bytes = find->info.bytes,
                         .end = find->segment.end,
                         .archived = x->now};
  g_strlcpy(file.sha256, find->info.sha256, sizeof file.sha256);
  if (iv_archived_adopt(sql, a->store_id, &find->segment, &file, is_old ? IV_ADOPT_HOLDER : NULL,
                        &fresh, &wrong)) {
    sums->added += fresh;
    sums->known += !fresh;
    sums->old += fresh && is_old;
    return TRUE;
  }
  if (!g_error_matches(wrong, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND)) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  sums->strange++;
  return TRUE;
}

static gboolean put_rows(IvSql *sql, gpointer arg, GError **error) {
  RowsJob *job = arg;
  job->sums = job->x->sums; /* it may be run again */
  for (guint i = 0; i < job->finds->len; i++) {
    Find *find = &g_array_index(job->finds, Find, i);
    job->sums.done++;
    job->sums.bytes_read += find->bytes_read;
    if (!find->fine)
      job->sums.unreadable++;
    else if (!put_row(sql, job->x, find, &job->sums, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean read_chunk(IvAdoption *x, GArray *finds, GError **error) {
  RowsJob job = {.x = x, .finds = finds};
  GThreadPool *pool = g_thread_pool_new(look_at, NULL, READERS, FALSE, NULL);
  for (guint i = 0; i < finds->len; i++)
    g_thread_pool_push(pool, &g_array_index(finds, Find, i), NULL);
  g_thread_pool_free(pool, FALSE, TRUE);
  for (guint i = 0; i < finds->len; i++) {
    Find *find = &g_array_index(finds, Find, i);
    if (!find->fine && iv_adoption_is_fatal(find->error)) {
      g_propagate_error(error, g_steal_pointer(&find->error));
      return FALSE;
    }
    if (!find->fine)
      g_warning("archive: %s is left alone: %s", find->key,
                find->error ? find->error->message : "it has no picture");
  }
  if (!iv_store_write(x->a->store, put_rows, &job, error))
    return FALSE;
  x->sums = job.sums;
  return iv_adoption_tell(x, IV_ADOPT_READING, error);
}

/* FALSE with an error; `ret_find`'s key is NULL where nothing has to be done. */
static gboolean prepare(IvAdoption *x, const char *key, Find *ret_find, GError **error) {
  gboolean stored = FALSE, has_row = FALSE;
  const IvArchiver *a = x->a;
  const char *path = key + strlen(a->store_id) + strlen("/recordings/");
  IvSegment segment = {0};
  if (!iv_archived_is_known(a->store, a->store_id, key, path, &stored, &has_row, error))
    return FALSE;
  if (stored || !iv_recordings_read_name(path, &segment)) {
    x->sums.done++;
    x->sums.known += stored;
    x->sums.unreadable += !stored;
    return TRUE;
  }
  segment.path = g_strdup(path);
  *ret_find = (Find){
      .archive = a->archive, .key = key, .path = path, .wanted = !has_row, .segment = segment};
  return TRUE;
}

static gboolean read_recordings(IvAdoption *x, const GPtrArray *keys, GError **error) {
  g_autoptr(GArray) finds = g_array_sized_new(FALSE, TRUE, sizeof(Find), CHUNK);
  g_array_set_clear_func(finds, find_clear);
  for (guint i = 0; i < keys->len; i++) {
    Find find = {0};
    if (!prepare(x, g_ptr_array_index(keys, i), &find, error))
      return FALSE;
    if (find.key)
      g_array_append_val(finds, find);
    if (finds->len < CHUNK && i + 1 < keys->len)
      continue;
    if (!read_chunk(x, finds, error))
      return FALSE;
    g_array_set_size(finds, 0);
  }
  return TRUE;
}

/* ---- all of it ---- */

gboolean iv_archiver_adopt(IvArchiver *a, IvTime now, const IvAdoptListener *listener,
                           IvAdoptSums *ret_sums, GError **error) {
  IvAdoption x = {.a = a, .now = now, .listener = listener};
  gboolean fine = take_over(&x, error) && each_page(&x, "recordings", count_recordings, error) &&
                  each_page(&x, "snapshots", count_pictures, error) &&
                  each_page(&x, "evidence", iv_adopt_cases, error) &&
                  each_page(&x, "recordings", read_recordings, error) &&
                  iv_adopt_hold_cases(&x, error);
  *ret_sums = x.sums;
  return fine;
}

static gboolean let_go(IvSql *sql, gpointer arg, GError **error) {
  (void)arg;
  return iv_segments_let_go(sql, IV_ADOPT_HOLDER, error);
}

gboolean iv_archiver_adopt_let_go(IvArchiver *a, GError **error) {
  return iv_store_write(a->store, let_go, NULL, error);
}
