/* SPDX-License-Identifier: Apache-2.0 */
/* The index after a crash: what was being written is cut to what is whole, what is in no row gets
 * one, and rows whose file is gone go. Nothing is deleted that holds a picture. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/recordings_private.h"
#include "media/segment_file.h"
#include "store/archived.h"

#define BATCH 500 /* rows of one job of the writer */

typedef struct {
  IvRecordings *r;
  GHashTable *rows; /* path → IvSegment in the index, borrowed */
  GHashTable *seen; /* paths on the disk that are in the index, borrowed from it */
  GArray *puts;     /* IvSegment */
  GArray *removals; /* gint64, numbers */
  GArray *forgets;  /* likewise, of what is in the archive: the row stays */
  IvRecordingsRepair sum;
} Repair;

/* ---- names ---- */

/* "<start in µs>[letter].mp4" */
static gboolean read_start(const char *name, IvTime *ret_start) {
  gsize n = strspn(name, "0123456789");
  const char *rest = name + n;
  if (n == 0 || n > 18 || name[0] == '0')
    return FALSE;
  if (g_ascii_islower(rest[0]))
    rest++;
  *ret_start = g_ascii_strtoll(name, NULL, 10);
  return strcmp(rest, ".mp4") == 0;
}

gboolean iv_recordings_read_name(const char *path, IvSegment *ret_segment) {
  g_auto(GStrv) parts = g_strsplit(path, "/", 4);
  IvTime start;
  if (g_strv_length(parts) != 3 || !iv_slug_is_valid(parts[0]) || !read_start(parts[2], &start))
    return FALSE;
  g_autofree char *day = iv_segment_file_day(start);
  if (strcmp(day, parts[1]) != 0)
    return FALSE;
  iv_slug_set(&ret_segment->camera_id, parts[0]);
  ret_segment->start = start;
  return TRUE;
}

/* ---- a file ---- */

typedef enum { FILE_GOOD, FILE_EMPTY, FILE_STRANGE, FILE_UNREADABLE } FileState;

static FileState judge(const IvMp4Scan *scan) {
  if (scan->fragments->len > 0)
    return FILE_GOOD;
  return scan->end == IV_MP4_DAMAGED ? FILE_STRANGE : FILE_EMPTY;
}

void iv_recordings_describe_scan(IvSegment *segment, const IvMp4Scan *scan) {
  iv_recordings_describe(segment, scan->fragments);
  segment->bytes = scan->whole_bytes;
  segment->init_bytes = scan->init_bytes;
  segment->end = segment->start + segment->length;
  segment->size = scan->size;
  segment->closed = TRUE;
  g_strlcpy(segment->codec, iv_codec_name(scan->codec), sizeof segment->codec);
}

static FileState read_open_file(Repair *repair, int fd, IvSegment *segment) {
  g_autoptr(GError) error = NULL;
  g_auto(IvMp4Scan) scan = {0};
  if (!iv_mp4_scan(fd, &scan, &error))
    return g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_INVAL) ? FILE_STRANGE
                                                                    : FILE_UNREADABLE;
  FileState state = judge(&scan);
  if (state != FILE_GOOD)
    return state;
  repair->sum.damaged += scan.end == IV_MP4_DAMAGED;
  if (scan.end == IV_MP4_TORN && ftruncate(fd, (off_t)scan.whole_bytes) == 0)
    repair->sum.cut++;
  iv_recordings_describe_scan(segment, &scan);
  return FILE_GOOD;
}

static FileState read_file(Repair *repair, IvSegment *segment) {
  g_autofree char *path = g_build_filename(repair->r->folder, segment->path, NULL);
  int fd = g_open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
  if (fd < 0)
    return FILE_UNREADABLE;
  FileState state = read_open_file(repair, fd, segment);
  close(fd);
  return state;
}

static void delete_empty(Repair *repair, const char *path) {
  g_autofree char *full = g_build_filename(repair->r->folder, path, NULL);
  if (g_unlink(full) == 0)
    repair->sum.empty++;
  else
    g_warning("cannot delete %s: %s", full, g_strerror(errno));
}

static void move_aside(Repair *repair, const char *path) {
  g_autofree char *from = g_build_filename(repair->r->folder, path, NULL);
  g_autofree char *to = g_strconcat(from, ".bad", NULL);
  repair->sum.aside++;
  if (g_file_test(to, G_FILE_TEST_EXISTS) || g_rename(from, to) != 0)
    g_warning("%s cannot be played and could not be moved aside", from);
  else
    g_warning("%s cannot be played; it was moved to %s", from, to);
}

/* The row of what has no file here any more. */
static void drop_row(Repair *repair, const IvSegment *row) {
  g_array_append_val(row->archived ? repair->forgets : repair->removals, row->no);
}

/* A file that is in no row, or in one that does not say all of it. */
static void mend(Repair *repair, const char *path, const IvSegment *row) {
  g_auto(IvSegment) segment = {.path = g_strdup(path)};
  if (!iv_recordings_read_name(path, &segment))
    return; /* not a name of ours: left alone */
  switch (read_file(repair, &segment)) {
  case FILE_UNREADABLE: /* the disk may give it another day: its row stays */
    g_warning("recordings: %s cannot be read now; it is left as it is", path);
    repair->sum.left++;
    return;
  case FILE_GOOD:
    repair->sum.adopted += row ? 0 : 1;
    g_array_append_val(repair->puts, segment);
    segment = (IvSegment){0};
    return;
  case FILE_EMPTY:
    delete_empty(repair, path);
    break;
  case FILE_STRANGE:
    move_aside(repair, path);
    break;
  }
  if (row)
    drop_row(repair, row);
}

static void check_file(Repair *repair, const char *path) {
  struct stat file;
  IvSegment *row = g_hash_table_lookup(repair->rows, path);
  g_autofree char *full = g_build_filename(repair->r->folder, path, NULL);
  if (g_lstat(full, &file) != 0 || !S_ISREG(file.st_mode))
    return;
  if (row)
    g_hash_table_add(repair->seen, row->path);
  if (!row || (!row->doomed && (!row->closed || !row->local || (guint64)file.st_size < row->bytes)))
    mend(repair, path, row);
}

/* `depth`: 0 = cameras, 1 = days, 2 = files. */
static void walk(Repair *repair, const char *below, guint depth) {
  g_autofree char *full = g_build_filename(repair->r->folder, below, NULL);
  g_autoptr(GDir) folder = g_dir_open(full, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    g_autofree char *path = below[0] ? g_strconcat(below, "/", name, NULL) : g_strdup(name);
    if (name[0] == '.') /* none of ours begins so: what is saved for a while is in such a folder */
      continue;
    if (depth < 2)
      walk(repair, path, depth + 1);
    else if (g_str_has_suffix(name, ".mp4"))
      check_file(repair, path);
  }
}

/* Only what is said not to be there is gone: a disk in trouble says something else. */
static void remove_lost(Repair *repair, const GArray *rows) {
  for (guint i = 0; i < rows->len; i++) {
    struct stat file;
    const IvSegment *row = &g_array_index(rows, IvSegment, i);
    g_autofree char *full = g_build_filename(repair->r->folder, row->path, NULL);
    if (!row->local || g_hash_table_contains(repair->seen, row->path) ||
        g_lstat(full, &file) == 0 || errno != ENOENT)
      continue;
    repair->sum.gone++;
    repair->sum.lost += row->held && !row->archived;
    if (row->held && !row->archived)
      g_warning("recordings: %s is held as evidence or for an export, and is gone", full);
    else
      drop_row(repair, row);
  }
}

/* ---- rows ---- */

typedef struct {
  Repair *repair;
  guint from; /* of puts, then of removals */
} Batch;

/* Files of a camera that is not known any more are left alone. */
static gboolean put_rows(IvSql *sql, gpointer arg, GError **error) {
  const Batch *batch = arg;
  const GArray *puts = batch->repair->puts;
  guint left = 0;
  for (guint i = batch->from; i < MIN(puts->len, batch->from + BATCH); i++) {
    g_autoptr(GError) wrong = NULL;
    const IvSegment *segment = &g_array_index(puts, IvSegment, i);
    if (iv_segments_put(sql, batch->repair->r->store_id, segment, &wrong))
      continue;
    if (!g_error_matches(wrong, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND)) {
      g_propagate_error(error, g_steal_pointer(&wrong));
      return FALSE;
    }
    left++;
  }
  batch->repair->sum.left += left;
  batch->repair->sum.adopted -= MIN(left, batch->repair->sum.adopted);
  return TRUE;
}

static gboolean remove_rows(IvSql *sql, gpointer arg, GError **error) {
  const Batch *batch = arg;
  const GArray *removals = batch->repair->removals;
  for (guint i = batch->from; i < MIN(removals->len, batch->from + BATCH); i++)
    if (!iv_segments_remove(sql, g_array_index(removals, gint64, i), error))
      return FALSE;
  return TRUE;
}

static gboolean forget_files(IvSql *sql, gpointer arg, GError **error) {
  const Batch *batch = arg;
  const GArray *forgets = batch->repair->forgets;
  for (guint i = batch->from; i < MIN(forgets->len, batch->from + BATCH); i++)
    if (!iv_archived_forget_local(sql, g_array_index(forgets, gint64, i), error))
      return FALSE;
  return TRUE;
}

static gboolean write_rows(Repair *repair, GError **error) {
  IvStore *store = repair->r->store;
  for (Batch batch = {.repair = repair}; batch.from < repair->puts->len; batch.from += BATCH)
    if (!iv_store_write(store, put_rows, &batch, error))
      return FALSE;
  for (Batch batch = {.repair = repair}; batch.from < repair->removals->len; batch.from += BATCH)
    if (!iv_store_write(store, remove_rows, &batch, error))
      return FALSE;
  for (Batch batch = {.repair = repair}; batch.from < repair->forgets->len; batch.from += BATCH)
    if (!iv_store_write(store, forget_files, &batch, error))
      return FALSE;
  return TRUE;
}

static void clear_segment(gpointer segment) {
  iv_segment_clear(segment);
}

gboolean iv_recordings_repair(IvRecordings *r, IvRecordingsRepair *ret_repair, GError **error) {
  g_autoptr(GArray) rows = iv_segments_all(r->store, r->store_id, error);
  if (!rows)
    return FALSE;
  g_autoptr(GHashTable) by_path = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GArray) puts = g_array_new(FALSE, TRUE, sizeof(IvSegment));
  g_autoptr(GArray) removals = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) forgets = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_array_set_clear_func(puts, clear_segment);
  Repair repair = {.r = r,
                   .rows = by_path,
                   .seen = seen,
                   .puts = puts,
                   .removals = removals,
                   .forgets = forgets};
  for (guint i = 0; i < rows->len; i++) {
    IvSegment *row = &g_array_index(rows, IvSegment, i);
    g_hash_table_insert(by_path, row->path, row);
  }
  walk(&repair, "", 0);
  remove_lost(&repair, rows);
  if (!write_rows(&repair, error))
    return FALSE;
  *ret_repair = repair.sum;
  return TRUE;
}
