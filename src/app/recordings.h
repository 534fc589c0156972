/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "media/recorder.h"
#include "store/segments.h"

/* The recordings of a store: their folder and its index in the database, kept true. Files are the
 * truth: at the start the index is repaired by them. */
typedef struct IvRecordings IvRecordings;

#define IV_RECORDINGS_ERROR (iv_recordings_error_quark())
GQuark iv_recordings_error_quark(void);
typedef enum {
  IV_RECORDINGS_ERROR_FOLDER, /* cannot be made or read */
  IV_RECORDINGS_ERROR_AWAY,   /* another folder is there now: the disk is not mounted */
  IV_RECORDINGS_ERROR_OTHERS, /* it belongs to another installation */
} IvRecordingsError;

typedef struct {
  guint cut;     /* files whose torn end was cut off */
  guint damaged; /* files that play only in part; they are left as they are */
  guint adopted; /* files that were in no row */
  guint gone;    /* rows without a file */
  guint empty;   /* files without a picture: deleted */
  guint aside;   /* files with a name of ours that are not ours: renamed to *.bad */
  guint left;    /* files that cannot be read now, or are of an unknown camera: left alone */
  guint lost;    /* of those gone, how many were held (their rows stay) */
} IvRecordingsRepair;

/* `store` outlives it. Touches no disk. */
IvRecordings *iv_recordings_new(const IvRecordingConfig *config, const char *store_id,
                                const char *data_dir, IvStore *store);
void iv_recordings_free(IvRecordings *recordings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvRecordings, iv_recordings_free)

/* Finds (or makes) the folder and repairs the index; about a second for 100 000 files. FALSE with
 * IV_RECORDINGS_ERROR or an error of the database, whose message says what to do; then nothing was
 * changed, nothing may be recorded, and it may be tried again. One thread. */
gboolean iv_recordings_open(IvRecordings *recordings, IvRecordingsRepair *ret_repair,
                            GError **error);

/* Before it is opened: there is an archive (borrowed). What waits to be archived is deleted here
 * only when the disk, or keep_gb, leaves nothing else; what is stored there goes first, at once if
 * it is not to be kept in both. */
void iv_recordings_set_archive(IvRecordings *recordings, const IvArchiveConfig *archive);

const char *iv_recordings_folder(const IvRecordings *recordings);

/* Puts a segment's row. Any thread; waits for the database. When that fails it is counted, and the
 * next start finds the file. */
void iv_recordings_note(IvRecordings *recordings, const IvSlug *camera, const IvSegmentNews *news);

typedef struct {
  guint64 deleted, deleted_bytes; /* since the start */
  guint64 shortened;              /* of those, younger than `keep`, for the disk's reserve */
  guint64 unarchived;             /* of those deleted, had waited to be archived */
  guint64 errors;
  guint64 bytes, segments; /* there are, at the last look */
  IvTime oldest;           /* start of the oldest at the last look; IV_TIME_NONE = none */
} IvRecordingsStats;

typedef enum {
  IV_ROOM_ENOUGH,
  IV_ROOM_MADE,    /* by deleting what was to be kept for longer */
  IV_ROOM_NONE,    /* the reserve is not free and nothing more can be deleted */
  IV_ROOM_UNKNOWN, /* the disk does not say, or is away */
} IvRoom;

/* Deletes what is too old (when `now` is known to be right), over keep_gb, or in the way of the
 * reserve; the oldest first, and nothing that is held. One thread. */
IvRoom iv_recordings_retain(IvRecordings *recordings, IvTime now, gboolean now_is_right,
                            const gint *stop);

/* So many bytes more than the reserve are to be free, for a file that somebody wants to write into
 * the folder: what is oldest gives way at the next iv_recordings_retain. 0 = no more. Any thread.
 */
void iv_recordings_want_room(IvRecordings *recordings, guint64 bytes);

/* The folder was opened and is there still (its disk is mounted). Any thread. */
gboolean iv_recordings_are_there(IvRecordings *recordings);

/* A file of the index, for reading; -1 with errno. Any thread. */
int iv_recordings_open_file(const IvRecordings *recordings, const char *path);

/* Any thread. */
void iv_recordings_stats(IvRecordings *recordings, IvRecordingsStats *ret_stats);
