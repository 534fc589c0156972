/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs into the archive, and sending it there. */
#include <string.h>

#include "app/album.h"
#include "app/archiver_private.h"
#include "app/evidence_desk.h"
#include "config/archive_config.h"
#include "store/evidence.h"
#include "store/snapshots.h"

#define BATCH 100
#define SETTLE (2 * IV_MINUTE) /* so late an event of a recording may still come */

static void set_state(IvArchiver *a, IvArchiverState state) {
  g_mutex_lock(&a->mutex);
  a->stats.state = state;
  g_mutex_unlock(&a->mutex);
}

static void on_progress(guint64 done, guint64 total, gpointer archiver) {
  IvArchiver *a = archiver;
  g_mutex_lock(&a->mutex);
  a->stats.now_done = done;
  a->stats.now_total = total;
  g_mutex_unlock(&a->mutex);
}

/* ---- what is wanted ---- */

typedef enum { WANT_NONE, WANT_ALL, WANT_HAPPENED, WANT_HELD } Want;

static Want want_of(const IvArchiveConfig *config, IvArchivedKind kind) {
  static const Want of_recordings[] = {[IV_ARCHIVE_RECORDINGS_OFF] = WANT_NONE,
                                       [IV_ARCHIVE_RECORDINGS_ALL] = WANT_ALL,
                                       [IV_ARCHIVE_RECORDINGS_EVENTS] = WANT_HAPPENED,
                                       [IV_ARCHIVE_RECORDINGS_HELD] = WANT_HELD};
  static const Want of_snapshots[] = {[IV_ARCHIVE_SNAPSHOTS_OFF] = WANT_NONE,
                                      [IV_ARCHIVE_SNAPSHOTS_ALL] = WANT_ALL,
                                      [IV_ARCHIVE_SNAPSHOTS_HELD] = WANT_HELD};
  return kind == IV_ARCHIVED_RECORDING ? of_recordings[config->recordings]
                                       : of_snapshots[config->snapshots];
}

/* ---- jobs of the writer ---- */

typedef struct {
  const IvArchiver *archiver;
  gboolean all;
  IvArchivedKind kind;
  const GArray *rows;
  const gboolean *flags;
  const IvArchivedFile *file;
} Job;

/* Of a kind of which nothing goes there, what is held is not looked at again and again. */
static gboolean reconsider(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  const IvArchiver *a = job->archiver;
  static const IvArchivedKind both[] = {IV_ARCHIVED_RECORDING, IV_ARCHIVED_SNAPSHOT};
  for (guint i = 0; i < G_N_ELEMENTS(both); i++)
    if ((job->all || want_of(a->config, both[i]) != WANT_NONE) &&
        !iv_archived_reconsider(sql, a->store_id, both[i], job->all, error))
      return FALSE;
  return TRUE;
}

static gboolean decide(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  for (guint i = 0; i < job->rows->len; i++)
    if (!iv_archived_decide(sql, job->kind, g_array_index(job->rows, IvArchiveCandidate, i).no,
                            job->flags[i], error))
      return FALSE;
  return TRUE;
}

static gboolean add(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_archived_add(sql, job->archiver->store_id, job->file, error);
}

/* ---- what belongs there ---- */

static gboolean is_wanted(const IvArchiver *a, IvArchivedKind kind, const IvArchiveCandidate *row,
                          IvTime now) {
  const IvArchiveConfig *config = a->config;
  Want want = want_of(config, kind);
  if (want == WANT_NONE || (config->keep > 0 && row->end < now - config->keep && !row->held))
    return FALSE;
  if (row->held)
    return TRUE;
  return iv_archive_config_has_camera(config, row->camera_id.text) &&
         (want == WANT_ALL || (want == WANT_HAPPENED && row->happened));
}

IvTime iv_archiver_settled(const IvArchiver *a, IvArchivedKind kind, IvTime now) {
  gboolean waits_for_events =
      kind == IV_ARCHIVED_RECORDING && a->config->recordings == IV_ARCHIVE_RECORDINGS_EVENTS;
  return now - MAX(a->config->after, waits_for_events ? SETTLE : 0);
}

static gboolean decide_kind(IvArchiver *a, IvArchivedKind kind, IvTime now, gboolean *more,
                            GError **error) {
  Job job = {.archiver = a, .kind = kind};
  g_autoptr(GArray) rows = iv_archived_candidates(a->store, a->store_id, kind,
                                                  iv_archiver_settled(a, kind, now), BATCH, error);
  if (!rows)
    return FALSE;
  g_autofree gboolean *flags = g_new0(gboolean, MAX(rows->len, 1));
  for (guint i = 0; i < rows->len; i++)
    flags[i] = is_wanted(a, kind, &g_array_index(rows, IvArchiveCandidate, i), now);
  job.rows = rows;
  job.flags = flags;
  *more = *more || rows->len == BATCH;
  return rows->len == 0 || iv_store_write(a->store, decide, &job, error);
}

gboolean iv_archiver_decide(IvArchiver *a, IvTime now, gboolean *ret_more, GError **error) {
  Job job = {.archiver = a, .all = !a->is_reconsidered};
  gboolean more = FALSE;
  if (!iv_store_write(a->store, reconsider, &job, error))
    return FALSE;
  a->is_reconsidered = TRUE;
  if (!decide_kind(a, IV_ARCHIVED_RECORDING, now, &more, error) ||
      !decide_kind(a, IV_ARCHIVED_SNAPSHOT, now, &more, error))
    return FALSE;
  *ret_more = more;
  return TRUE;
}

/* ---- what is sent ---- */

/* One recording, picture or bundle, of one or more files. */
typedef struct {
  IvArchivedKind kind;
  gint64 no;
  IvTime end;
  char *path, *key; /* below the folder of its kind; of a picture what parts its names follow */
  guint64 bytes;
  guint n_files;
  char sha256[IV_SNAPSHOT_FILES][IV_SHA256_HEX + 1]; /* as they were stored; "" = not known */
} Parcel;

static void parcel_clear(Parcel *parcel) {
  g_clear_pointer(&parcel->path, g_free);
  g_clear_pointer(&parcel->key, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Parcel, parcel_clear)

/* The first of `rows` (of `size` bytes each, beginning with a number) that was not found unreadable
 * lately; NULL = none. */
static gpointer pick(IvArchiver *a, IvArchivedKind kind, const GArray *rows, gsize size) {
  for (guint i = 0; i < rows->len; i++) {
    gpointer row = rows->data + i * size;
    if (!g_hash_table_contains(a->skipped[kind], row))
      return row;
  }
  return NULL;
}

static gboolean next_recording(IvArchiver *a, IvTime before, guint limit, Parcel *parcel,
                               GError **error) {
  g_autoptr(GArray) rows = iv_archived_waiting(a->store, a->store_id, before, limit, error);
  const IvSegment *row = rows ? pick(a, parcel->kind, rows, sizeof *row) : NULL;
  if (row) {
    parcel->no = row->no;
    parcel->end = row->end;
    parcel->path = g_strdup(row->path);
    parcel->key = g_strdup_printf("%s/recordings/%s", a->store_id, row->path);
    parcel->bytes = row->bytes;
    parcel->n_files = 1;
  }
  return rows != NULL;
}

static void to_hex(const guint8 *bytes, gsize n, char *ret_hex) {
  for (gsize i = 0; i < n; i++)
    g_snprintf(ret_hex + 2 * i, 3, "%02x", bytes[i]);
}

static gboolean next_snapshot(IvArchiver *a, IvTime before, guint limit, Parcel *parcel,
                              GError **error) {
  g_autoptr(GArray) rows =
      iv_snapshots_oldest(a->store, a->store_id, IV_SNAPSHOTS_TO_SEND, before, limit, error);
  const IvSnapshot *row = rows ? pick(a, parcel->kind, rows, sizeof *row) : NULL;
  if (row) {
    parcel->no = row->no;
    parcel->end = row->moment;
    parcel->path = g_strdup(row->path);
    parcel->key = g_strdup_printf("%s/snapshots/%s", a->store_id, row->path);
    parcel->bytes = iv_snapshot_bytes(row);
    parcel->n_files = IV_SNAPSHOT_FILES;
    for (int i = 0; i < IV_SNAPSHOT_FILES; i++)
      to_hex(row->sha256[i], IV_SHA256_BYTES, parcel->sha256[i]);
  }
  return rows != NULL;
}

/* Its name in the archive has the moment it was kept, so that another database, whose cases have
 * the same numbers, never writes over it. */
static gboolean next_evidence(IvArchiver *a, IvTime before, guint limit, Parcel *parcel,
                              GError **error) {
  g_autoptr(GArray) rows = iv_evidence_unarchived(a->store, a->store_id, before, limit, error);
  const IvEvidence *row = rows ? pick(a, parcel->kind, rows, sizeof *row) : NULL;
  if (row) {
    parcel->no = row->no;
    parcel->end = row->to;
    parcel->path = g_strdup_printf("%" G_GINT64_FORMAT ".zip", row->no);
    parcel->key = g_strdup_printf("%s/evidence/%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT ".zip",
                                  a->store_id, row->no, row->made);
    parcel->bytes = row->bundle_bytes;
    parcel->n_files = 1;
    g_strlcpy(parcel->sha256[0], row->bundle_sha256, sizeof parcel->sha256[0]);
  }
  return rows != NULL;
}

typedef gboolean (*Next)(IvArchiver *a, IvTime before, guint limit, Parcel *parcel, GError **error);

/* How what is of a kind goes. A round takes little of each, so that pictures, which are many and
 * small, and recordings, which are few and large, do not wait for all of the others. */
static const struct {
  const char *folder, *content_type;
  Next next;
  guint a_round;
} kinds[IV_ARCHIVED_KINDS] = {
    [IV_ARCHIVED_RECORDING] = {NULL, "video/mp4", next_recording, 1},
    [IV_ARCHIVED_SNAPSHOT] = {IV_ALBUM_FOLDER, "image/jpeg", next_snapshot, 20},
    [IV_ARCHIVED_EVIDENCE] = {IV_EVIDENCE_FOLDER, "application/zip", next_evidence, 1},
};

static char *with_end(const Parcel *parcel, const char *name, guint file) {
  return parcel->kind == IV_ARCHIVED_SNAPSHOT ? iv_snapshot_file(name, (IvSnapshotFile)file)
                                              : g_strdup(name);
}

/* ---- sending ---- */

static gboolean is_open_hour(const IvArchiver *a, IvTime now) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now / IV_SECOND);
  g_autoptr(GDateTime) there = g_date_time_to_timezone(utc, a->zone);
  return iv_hours_have(&a->hours, g_date_time_get_hour(there) * 60 + g_date_time_get_minute(there));
}

static void skip(IvArchiver *a, const Parcel *parcel, const GError *error) {
  g_hash_table_add(a->skipped[parcel->kind], g_memdup2(&parcel->no, sizeof parcel->no));
  g_mutex_lock(&a->mutex);
  a->stats.skipped++;
  g_mutex_unlock(&a->mutex);
  g_warning("archive: %s is left out for now: %s", parcel->path, error->message);
}

static gboolean put_file(IvArchiver *a, const Parcel *parcel, guint file, IvArchiveInfo *ret_info,
                         GError **error) {
  g_autofree char *name = with_end(parcel, parcel->path, file);
  g_autofree char *key = with_end(parcel, parcel->key, file);
  const char *folder = kinds[parcel->kind].folder;
  g_autofree char *path = folder
                              ? g_build_filename(a->data_dir, folder, name, NULL)
                              : g_build_filename(iv_recordings_folder(a->recordings), name, NULL);
  IvArchivePut put = {.path = path,
                      .key = key,
                      .content_type = kinds[parcel->kind].content_type,
                      .sha256 = parcel->sha256[file],
                      .on_progress = on_progress,
                      .user_data = a};
  return iv_archive_put(a->archive, &put, ret_info, error);
}

static gboolean note(IvArchiver *a, const Parcel *parcel, const IvArchiveInfo *first, guint64 bytes,
                     IvTime now, GError **error) {
  g_auto(IvArchivedFile) file = {.kind = parcel->kind,
                                 .source_no = parcel->no,
                                 .key = g_strdup(parcel->key),
                                 .bytes = bytes,
                                 .end = parcel->end,
                                 .archived = now};
  g_strlcpy(file.sha256, first->sha256, sizeof file.sha256);
  Job job = {.archiver = a, .file = &file};
  if (!iv_store_write(a->store, add, &job, error))
    return FALSE;
  g_mutex_lock(&a->mutex);
  a->stats.sent_files++;
  a->stats.sent_bytes += bytes;
  a->stats.last_stored = now;
  g_mutex_unlock(&a->mutex);
  return TRUE;
}

static gboolean send_parcel(IvArchiver *a, const Parcel *parcel, IvTime now, GError **error) {
  IvArchiveInfo info[IV_SNAPSHOT_FILES];
  guint64 bytes = 0;
  gboolean done = TRUE;
  set_state(a, IV_ARCHIVER_SENDING);
  on_progress(0, parcel->bytes, a);
  for (guint i = 0; done && i < parcel->n_files; i++) {
    done = put_file(a, parcel, i, &info[i], error);
    bytes += done ? info[i].bytes : 0;
  }
  done = done && note(a, parcel, &info[0], bytes, now, error);
  on_progress(0, 0, a);
  return done;
}

typedef enum { SENT_NOTHING, SENT_ONE, SENT_LATER, SENT_FAILED } Sent;

/* Of what waits of a kind, one. What can't be read here is done with for now. */
static Sent send_one(IvArchiver *a, IvArchivedKind kind, IvTime now, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_auto(Parcel) parcel = {.kind = kind};
  guint limit = g_hash_table_size(a->skipped[kind]) + 1;
  if (!kinds[kind].next(a, iv_archiver_settled(a, kind, now), limit, &parcel, error))
    return SENT_FAILED;
  if (!parcel.key)
    return SENT_NOTHING;
  if (!is_open_hour(a, now))
    return SENT_LATER;
  if (send_parcel(a, &parcel, now, &wrong))
    return SENT_ONE;
  if (g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE)) {
    skip(a, &parcel, wrong);
    return SENT_ONE;
  }
  g_propagate_error(error, g_steal_pointer(&wrong));
  return SENT_FAILED;
}

gboolean iv_archiver_send(IvArchiver *a, IvTime now, gboolean *ret_more, GError **error) {
  static const IvArchivedKind order[] = {IV_ARCHIVED_EVIDENCE, IV_ARCHIVED_SNAPSHOT,
                                         IV_ARCHIVED_RECORDING};
  gboolean waits = FALSE, sent = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
    Sent how = SENT_ONE;
    if (order[i] == IV_ARCHIVED_EVIDENCE && !a->config->evidence)
      continue;
    for (guint n = 0; n < kinds[order[i]].a_round && how == SENT_ONE; n++) {
      how = send_one(a, order[i], now, error);
      sent = sent || how == SENT_ONE;
      waits = waits || how == SENT_LATER;
    }
    if (how == SENT_FAILED)
      return FALSE;
  }
  if (!sent)
    set_state(a, waits ? IV_ARCHIVER_CLOSED : IV_ARCHIVER_IDLE);
  *ret_more = sent;
  return TRUE;
}
