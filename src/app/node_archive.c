/* SPDX-License-Identifier: Apache-2.0 */
/* The node's archive: a thread of its own sends files there; when it falls behind, that is an
 * event. */
#include <string.h>

#include "api/net/file_body.h"
#include "app/archive_alarm.h"
#include "app/archiver.h"
#include "app/node_private.h"
#include "app/steady_clock.h"
#include "base/clock.h"

#define LOOK_SPAN (10 * IV_SECOND) /* between two looks for new files */
#define READERS_MAX 3              /* parts that are read at once for those who watch */
#define READER_PATIENCE (2 * IV_SECOND)
#define READ_PAUSE (10 * IV_SECOND) /* nobody waits for an archive that has just not answered */

struct IvNodeArchive {
  IvArchiver *archiver;
  GThread *thread;
  IvArchiveAlarm alarm; /* of the thread */
  GMutex mutex;         /* guards what follows; innermost */
  GCond free;           /* a reader has ended */
  guint readers;
  IvTime broken_until; /* monotonic */
};

/* ---- the alarm ---- */

static void look_for_alarm(IvNode *node, const IvArchiverMoment *moment) {
  IvNodeArchive *archive = node->archive;
  IvArchiverStats stats;
  IvEvent event;
  const char *reason;
  iv_archiver_stats(archive->archiver, &stats);
  if (!iv_archive_alarm_look(&archive->alarm, &stats, node->config->archive.after, moment->now,
                             moment->monotonic, &event, &reason))
    return;
  event.store_id = node->config->store.id;
  event.edge_id = node->edge_id;
  iv_event_set_id(&event, "store");
  g_warning("archive: %s: %s", reason,
            stats.last_error[0] ? stats.last_error : "is the line fast enough for it?");
  if (iv_outbox_append(node->outbox, &event, 1) > 0)
    g_warning("an event was lost: the outbox is full");
}

/* ---- the thread ---- */

static gpointer archive_loop(gpointer user_data) {
  IvNode *node = user_data;
  IvSteadyClock clock = {0};
  gboolean more = FALSE;
  g_mutex_lock(&node->mutex);
  while (!node->stopping) {
    g_mutex_unlock(&node->mutex);
    IvArchiverMoment moment = {.now = iv_clock_now(), .monotonic = iv_clock_monotonic()};
    moment.now_is_right = iv_steady_clock_look(&clock, moment.now, moment.monotonic);
    more = iv_archiver_work(node->archive->archiver, &moment);
    look_for_alarm(node, &moment);
    g_mutex_lock(&node->mutex);
    IvTime until = iv_clock_monotonic() + LOOK_SPAN;
    while (!node->stopping && !more && g_cond_wait_until(&node->changed, &node->mutex, until))
      ;
  }
  g_mutex_unlock(&node->mutex);
  return NULL;
}

void iv_node_open_archive(IvNode *node) {
  if (node->sim || node->config->archive.target == IV_ARCHIVE_OFF)
    return;
  IvArchiverOptions options = {.config = &node->config->archive,
                               .store_id = node->config->store.id.text,
                               .time_zone = node->config->store.time_zone,
                               .data_dir = node->config->server.data_dir,
                               .store = node->store,
                               .recordings = iv_node_recordings(node)};
  node->archive = g_new0(IvNodeArchive, 1);
  g_mutex_init(&node->archive->mutex);
  g_cond_init(&node->archive->free);
  node->archive->archiver = iv_archiver_new(&options);
}

IvArchiver *iv_node_archiver(const IvNode *node) {
  return node->archive ? node->archive->archiver : NULL;
}

void iv_node_start_archive(IvNode *node) {
  if (node->archive)
    node->archive->thread = g_thread_new("archive", archive_loop, node);
}

void iv_node_stop_archive(IvNode *node) {
  if (!node->archive)
    return;
  iv_archiver_stop(node->archive->archiver);
  g_clear_pointer(&node->archive->thread, g_thread_join);
}

void iv_node_free_archive(IvNode *node) {
  IvNodeArchive *archive = g_steal_pointer(&node->archive);
  if (!archive)
    return;
  iv_archiver_free(archive->archiver);
  g_cond_clear(&archive->free);
  g_mutex_clear(&archive->mutex);
  g_free(archive);
}

/* ---- reading ---- */

static gboolean refuse(GError **error, int code, const char *text) {
  g_set_error_literal(error, IV_SERVER_HOST_ERROR, code, text);
  return FALSE;
}

/* Only some wait for the archive at once, so that the other workers serve the rest. */
static gboolean enter(IvNodeArchive *archive, GError **error) {
  IvTime until = iv_clock_monotonic() + READER_PATIENCE;
  g_mutex_lock(&archive->mutex);
  while (archive->readers >= READERS_MAX &&
         g_cond_wait_until(&archive->free, &archive->mutex, until))
    ;
  gboolean full = archive->readers >= READERS_MAX;
  gboolean broken = iv_clock_monotonic() < archive->broken_until;
  archive->readers += !full && !broken;
  g_mutex_unlock(&archive->mutex);
  if (broken)
    return refuse(error, IV_SERVER_HOST_ERROR_ARCHIVE,
                  "The archive does not answer now; try again in a moment.");
  return full ? refuse(error, IV_SERVER_HOST_ERROR_ARCHIVE,
                       "Too many read from the archive at once; try again in a moment.")
              : TRUE;
}

static void leave(IvNodeArchive *archive, gboolean broken) {
  g_mutex_lock(&archive->mutex);
  archive->readers--;
  if (broken)
    archive->broken_until = iv_clock_monotonic() + READ_PAUSE;
  g_cond_signal(&archive->free);
  g_mutex_unlock(&archive->mutex);
}

GBytes *iv_node_archived_part(gpointer host, const char *store_id, const char *key, guint64 offset,
                              gsize n, GError **error) {
  IvNode *node = host;
  g_autoptr(GError) wrong = NULL;
  if (!node->archive || strcmp(store_id, node->config->store.id.text) != 0) {
    refuse(error, IV_SERVER_HOST_ERROR_NO_FILE, "It is in an archive that is not set up any more.");
    return NULL;
  }
  if (!enter(node->archive, error))
    return NULL;
  GBytes *bytes = iv_archiver_read(node->archive->archiver, key, offset, n, &wrong);
  leave(node->archive, g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_UNREACHABLE));
  if (bytes)
    return bytes;
  g_warning("archive: %s cannot be read: %s", key, wrong->message);
  gboolean gone = g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_NOT_FOUND);
  refuse(error, gone ? IV_SERVER_HOST_ERROR_NO_FILE : IV_SERVER_HOST_ERROR_ARCHIVE,
         gone ? "It is not in the archive any more, or the archive's disk is away."
              : "The archive can't be read now; its state says why.");
  return NULL;
}

/* ---- what is shown ---- */

static json_t *time_json(IvTime time) {
  char text[IV_TIME_TEXT_MAX];
  if (time == IV_TIME_NONE)
    return json_null();
  iv_time_to_text(time, text);
  return json_string(text);
}

static json_t *policy_json(const IvArchiveConfig *config) {
  static const char *const targets[] = {"off", "folder", "s3"};
  static const char *const recordings[] = {"off", "all", "events", "held"};
  static const char *const snapshots[] = {"off", "all", "held"};
  return json_pack(
      "{ss ss ss sb ss? sb sI sI sf ss?}", "target", targets[config->target], "recordings",
      recordings[config->recordings], "snapshots", snapshots[config->snapshots], "evidence",
      config->evidence, "cameras", config->cameras, "keep_local", config->keep_local, "keep_s",
      (json_int_t)(config->keep / IV_SECOND), "after_s", (json_int_t)(config->after / IV_SECOND),
      "bandwidth_mbit", config->bandwidth_mbit, "hours", config->hours);
}

static json_t *count_json(const IvArchivedCount *count) {
  return json_pack("{sI sI sI sI}", "waiting", (json_int_t)count->waiting, "waiting_bytes",
                   (json_int_t)count->waiting_bytes, "stored", (json_int_t)count->stored,
                   "stored_bytes", (json_int_t)count->stored_bytes);
}

static json_t *kinds_json(const IvArchivedTotals *totals) {
  return json_pack("{so so so}", "recordings", count_json(&totals->kinds[IV_ARCHIVED_RECORDING]),
                   "snapshots", count_json(&totals->kinds[IV_ARCHIVED_SNAPSHOT]), "evidence",
                   count_json(&totals->kinds[IV_ARCHIVED_EVIDENCE]));
}

static json_t *state_json(const IvNode *node) {
  IvArchiverStats stats;
  IvRecordingsStats local;
  IvAlbumStats album;
  iv_archiver_stats(node->archive->archiver, &stats);
  iv_recordings_stats(iv_node_recordings(node), &local);
  iv_album_stats(node->album, &album);
  const IvArchivedTotals *totals = &stats.totals;
  json_t *waiting =
      json_pack("{sI sI so}", "files", (json_int_t)totals->all.waiting, "bytes",
                (json_int_t)totals->all.waiting_bytes, "oldest", time_json(totals->oldest_waiting));
  json_t *stored =
      json_pack("{sI sI sI}", "files", (json_int_t)totals->all.stored, "bytes",
                (json_int_t)totals->all.stored_bytes, "only_there", (json_int_t)totals->only_there);
  json_t *sending = stats.now_total == 0 ? json_null()
                                         : json_pack("{sI sI}", "done", (json_int_t)stats.now_done,
                                                     "bytes", (json_int_t)stats.now_total);
  return json_pack(
      "{ss ss so so so so sI sI sI sI sI sI ss so so so}", "state",
      iv_archiver_state_name(stats.state), "place", iv_archiver_place(node->archive->archiver),
      "waiting", waiting, "stored", stored, "kinds", kinds_json(totals), "sending", sending,
      "sent_files", (json_int_t)stats.sent_files, "sent_bytes", (json_int_t)stats.sent_bytes,
      "deleted", (json_int_t)stats.deleted, "unreadable", (json_int_t)stats.skipped, "lost",
      (json_int_t)local.unarchived, "lost_snapshots", (json_int_t)album.unarchived, "last_error",
      stats.last_error, "failing_since", time_json(stats.failing_since), "last_stored",
      time_json(stats.last_stored), "policy", policy_json(&node->config->archive));
}

json_t *iv_node_archive_state(gpointer host, const char *store_id) {
  IvNode *node = host;
  if (strcmp(store_id, node->config->store.id.text) != 0)
    return NULL;
  return node->archive ? state_json(node) : json_pack("{ss}", "state", "off");
}

json_t *iv_node_try_archive(gpointer host, const char *store_id, GError **error) {
  IvNode *node = host;
  if (node->archive && strcmp(store_id, node->config->store.id.text) == 0)
    return iv_archiver_try(node->archive->archiver);
  refuse(error, IV_SERVER_HOST_ERROR_CONFLICT,
         "There is no archive: set archive.target in the configuration.");
  return NULL;
}

void iv_node_archive_metrics(IvNode *node, GString *text) {
  IvArchiverStats stats;
  IvRecordingsStats local;
  if (!node->archive)
    return;
  iv_archiver_stats(node->archive->archiver, &stats);
  iv_recordings_stats(iv_node_recordings(node), &local);
  const IvArchivedTotals *totals = &stats.totals;
  IvTime age = totals->oldest_waiting == IV_TIME_NONE ? 0 : iv_clock_now() - totals->oldest_waiting;
  iv_node_gauge(text, "archive_working", stats.state != IV_ARCHIVER_FAILED);
  iv_node_gauge(text, "archive_waiting_files", (double)totals->all.waiting);
  iv_node_gauge(text, "archive_waiting_bytes", (double)totals->all.waiting_bytes);
  iv_node_gauge(text, "archive_oldest_waiting_seconds", (double)MAX(age, 0) / IV_SECOND);
  iv_node_gauge(text, "archive_files", (double)totals->all.stored);
  iv_node_gauge(text, "archive_bytes", (double)totals->all.stored_bytes);
  iv_node_counter(text, "archive_sent_files_total", stats.sent_files);
  iv_node_counter(text, "archive_sent_bytes_total", stats.sent_bytes);
  iv_node_counter(text, "archive_deleted_total", stats.deleted);
  iv_node_counter(text, "archive_errors_total", stats.errors);
  iv_node_counter(text, "archive_unreadable_total", stats.skipped);
  iv_node_counter(text, "recordings_deleted_unarchived_total", local.unarchived);
}
