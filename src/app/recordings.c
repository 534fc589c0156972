/* SPDX-License-Identifier: Apache-2.0 */
#include "app/recordings.h"

#include <fcntl.h>
#include <glib/gstdio.h>

#include "app/recording_folder.h"
#include "app/recordings_private.h"
#include "model/pieces.h"

G_DEFINE_QUARK(iv - recordings - error - quark, iv_recordings_error)

void iv_recordings_count_error(IvRecordings *r, const char *what, const GError *error) {
  g_mutex_lock(&r->mutex);
  r->stats.errors++;
  g_mutex_unlock(&r->mutex);
  g_warning("recordings: %s: %s", what, error->message);
}

/* ---- rows ---- */

/* Playing can begin at a fragment that begins with a keyframe. */
static GBytes *pieces_of(const GArray *fragments) {
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(IvPiece));
  IvTime due = 0;
  for (guint i = 0; i < fragments->len && pieces->len < IV_PIECES_MAX; i++) {
    const IvMp4Fragment *fragment = &g_array_index(fragments, IvMp4Fragment, i);
    if (!fragment->keyframe || fragment->start < due)
      continue;
    IvPiece piece = {fragment->offset, fragment->start};
    g_array_append_val(pieces, piece);
    due = fragment->start + IV_PIECE_SPAN;
  }
  return iv_pieces_pack(pieces);
}

void iv_recordings_describe(IvSegment *segment, const GArray *fragments) {
  const IvMp4Fragment *last = &g_array_index(fragments, IvMp4Fragment, fragments->len - 1);
  segment->length = last->start + last->length;
  segment->pieces = pieces_of(fragments);
}

typedef struct {
  const char *store_id;
  const IvSegment *segment;
} Job;

static gboolean put_row(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_segments_put(sql, job->store_id, job->segment, error);
}

void iv_recordings_note(IvRecordings *r, const IvSlug *camera, const IvSegmentNews *news) {
  g_autoptr(GError) error = NULL;
  g_auto(IvSegment) segment = {.camera_id = *camera,
                               .path = g_strdup(news->path),
                               .start = news->start,
                               .end = news->end,
                               .size = news->size,
                               .bytes = news->bytes,
                               .init_bytes = news->init_bytes,
                               .closed = news->closed};
  g_strlcpy(segment.codec, iv_codec_name(news->codec), sizeof segment.codec);
  iv_recordings_describe(&segment, news->fragments);
  Job job = {r->store_id, &segment};
  if (!iv_store_write(r->store, put_row, &job, &error))
    iv_recordings_count_error(r, news->path, error);
}

int iv_recordings_open_file(const IvRecordings *r, const char *path) {
  g_autofree char *full = g_build_filename(r->folder, path, NULL);
  return g_open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
}

/* ---- life ---- */

IvRecordings *iv_recordings_new(const IvRecordingConfig *config, const char *store_id,
                                const char *data_dir, IvStore *store) {
  IvRecordings *r = g_new0(IvRecordings, 1);
  g_mutex_init(&r->mutex);
  r->config = *config;
  r->store_id = g_strdup(store_id);
  r->store = store;
  r->folder =
      config->folder ? g_strdup(config->folder) : g_build_filename(data_dir, "recordings", NULL);
  r->stats.oldest = IV_TIME_NONE;
  return r;
}

gboolean iv_recordings_open(IvRecordings *r, IvRecordingsRepair *ret_repair, GError **error) {
  IvRecordingsRepair sum = {0};
  g_autofree char *mark = NULL;
  if (!iv_recording_folder_open(r->folder, r->store, r->store_id, &mark, error) ||
      !iv_recordings_repair(r, &sum, error))
    return FALSE;
  g_mutex_lock(&r->mutex);
  g_free(r->mark);
  r->mark = g_steal_pointer(&mark);
  g_mutex_unlock(&r->mutex);
  *ret_repair = sum;
  return TRUE;
}

void iv_recordings_free(IvRecordings *r) {
  if (!r)
    return;
  g_mutex_clear(&r->mutex);
  g_free(r->mark);
  g_free(r->store_id);
  g_free(r->folder);
  g_free(r);
}

void iv_recordings_set_archive(IvRecordings *r, const IvArchiveConfig *archive) {
  r->archive = archive;
}

const char *iv_recordings_folder(const IvRecordings *r) {
  return r->folder;
}

void iv_recordings_want_room(IvRecordings *r, guint64 bytes) {
  g_mutex_lock(&r->mutex);
  r->wanted = bytes;
  g_mutex_unlock(&r->mutex);
}

gboolean iv_recordings_are_there(IvRecordings *r) {
  g_mutex_lock(&r->mutex);
  g_autofree char *mark = g_strdup(r->mark);
  g_mutex_unlock(&r->mutex);
  return mark && iv_recording_folder_is(r->folder, mark);
}

void iv_recordings_stats(IvRecordings *r, IvRecordingsStats *ret_stats) {
  g_mutex_lock(&r->mutex);
  *ret_stats = r->stats;
  g_mutex_unlock(&r->mutex);
}
