/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs to a case: its span of the recordings, cut into clips, its pictures and events. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/evidence_private.h"
#include "model/event_json.h"
#include "store/events.h"

#define EVENTS_MAX 20000
#define STILLS_MAX 2000
#define CLIPS_MAX 500
#define FETCH_SHARE 0.6 /* of the progress, where something has to be fetched */

static void clear_clip(gpointer p) {
  IvEvidenceClip *clip = p;
  close(clip->fd);
  iv_clip_info_clear(&clip->info);
}

void iv_evidence_parts_clear(IvEvidenceParts *parts) {
  g_clear_pointer(&parts->clips, g_array_unref);
  g_clear_pointer(&parts->stills, g_array_unref);
  g_clear_pointer(&parts->events, json_decref);
  g_clear_pointer(&parts->left_out, json_decref);
}

/* What a reader would otherwise take for whole. `what`: "recordings", "pictures", "events". */
static void tell_left_out(IvEvidenceParts *parts, const char *what, const char *reason) {
  json_array_append_new(parts->left_out, json_pack("{ss ss}", "what", what, "reason", reason));
}

/* ---- clips ---- */

/* A file that is gone as soon as it is closed, also when the program is killed. */
static int temporary(const IvEvidenceDesk *desk, GError **error) {
  int fd = open(desk->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) { /* a file system that has no such files */
    g_autofree char *path = g_build_filename(desk->folder, "clip.tmp", NULL);
    fd = g_open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0)
      g_unlink(path);
  }
  if (fd < 0)
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "cannot write in %s: %s",
                desk->folder, g_strerror(errno));
  return fd;
}

/* The files that clips are cut from. */
typedef struct {
  const IvEvidenceDesk *desk;
  IvEvidenceParts *parts;
  GArray *segments;
  const IvFetched *fetched;
  GCancellable *cancellable;
  double done; /* share of the progress that fetching took */
  IvEvidenceTold told;
  gpointer user_data;
} Cutting;

static int open_source(guint i, gpointer user_data) {
  const Cutting *c = user_data;
  return iv_fetched_open(c->fetched, &g_array_index(c->segments, IvSegment, i));
}

static void on_progress(double done, gpointer user_data) {
  const Cutting *c = user_data;
  if (!c->told(c->done + (1 - c->done) * done, c->user_data))
    g_cancellable_cancel(c->cancellable);
}

/* One clip, from `from` on. `ret_rest`: where the next one begins; IV_TIME_NONE = there is none. */
static gboolean cut_clip(const Cutting *c, IvEvidenceParts *parts, IvTime from, IvTime *ret_rest,
                         GError **error) {
  g_autoptr(GError) wrong = NULL;
  guint n = c->segments->len;
  g_autofree IvClipSource *sources = g_new0(IvClipSource, MAX(n, 1));
  IvEvidenceClip clip = {.fd = temporary(c->desk, error)};
  if (clip.fd < 0)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    const IvSegment *segment = &g_array_index(c->segments, IvSegment, i);
    sources[i] = (IvClipSource){segment->bytes, segment->start};
  }
  IvClipRequest request = {.sources = sources,
                           .n_sources = n,
                           .open_source = open_source,
                           .from = from,
                           .to = parts->about->to,
                           .stop_at_gap = TRUE,
                           .on_progress = on_progress,
                           .user_data = (gpointer)c,
                           .cancellable = c->cancellable};
  *ret_rest = IV_TIME_NONE;
  if (iv_clip_write(&request, clip.fd, &clip.info, &wrong)) {
    *ret_rest = clip.info.rest;
    g_array_append_val(parts->clips, clip);
    return TRUE;
  }
  close(clip.fd);
  if (g_error_matches(wrong, IV_CLIP_ERROR, IV_CLIP_ERROR_NOTHING))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static GArray *list_segments(const IvEvidenceDesk *desk, const IvEvidence *about, GError **error) {
  IvSegmentQuery query = {.camera_id = about->camera_id.text,
                          .from = about->from,
                          .to = about->to,
                          .after = IV_TIME_NONE,
                          .limit = IV_SEGMENTS_LIMIT_MAX};
  return iv_segments_list(desk->options.store, desk->options.store_id, &query, IV_TIME_NONE, error);
}

static gboolean told_fetched(double share, gpointer user_data) {
  Cutting *c = user_data;
  c->done = FETCH_SHARE;
  return c->told(share * FETCH_SHARE, c->user_data);
}

/* A recording that can't be had is a gap, which the times of the clips show too. */
static void tell_lost(const IvSegment *segment, const char *reason, gpointer user_data) {
  const Cutting *c = user_data;
  char from[IV_TIME_TEXT_MAX], to[IV_TIME_TEXT_MAX];
  json_array_append_new(c->parts->left_out,
                        json_pack("{ss ss ss ss}", "what", "recording", "from",
                                  iv_time_to_text(segment->start, from), "to",
                                  iv_time_to_text(segment->end, to), "reason", reason));
}

/* Gaps and other pictures begin another clip: each plays without a jump in time. */
static gboolean cut_clips(IvEvidenceDesk *desk, IvEvidenceParts *parts, IvEvidenceTold told,
                          gpointer user_data, GError **error) {
  IvTime from = parts->about->from, rest = from;
  parts->clips = g_array_new(FALSE, TRUE, sizeof(IvEvidenceClip));
  g_array_set_clear_func(parts->clips, clear_clip);
  g_autoptr(GArray) segments = list_segments(desk, parts->about, error);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  if (!segments)
    return FALSE;
  if (segments->len == IV_SEGMENTS_LIMIT_MAX)
    tell_left_out(parts, "recordings", "there are too many files; the last ones are missing");
  Cutting c = {.desk = desk,
               .parts = parts,
               .segments = segments,
               .cancellable = cancellable,
               .told = told,
               .user_data = user_data};
  IvFetchListener listener = {told_fetched, tell_lost, &c};
  g_autoptr(IvFetched) fetched =
      iv_fetcher_fetch(desk->options.fetcher, segments, &listener, error);
  if (!fetched)
    return FALSE;
  c.fetched = fetched;
  while (rest != IV_TIME_NONE && parts->clips->len < CLIPS_MAX) {
    from = rest;
    if (!cut_clip(&c, parts, from, &rest, error))
      return FALSE;
    if (rest != IV_TIME_NONE && rest <= from)
      break; /* the camera's clock was set back: what it shows twice is in the first clip */
  }
  if (rest != IV_TIME_NONE && parts->clips->len == CLIPS_MAX)
    tell_left_out(parts, "recordings", "there are too many clips; the last ones are missing");
  return TRUE;
}

/* ---- pictures and events ---- */

static gboolean has_still(const GArray *stills, gint64 no) {
  for (guint i = 0; i < stills->len; i++)
    if (g_array_index(stills, IvSnapshot, i).no == no)
      return TRUE;
  return FALSE;
}

/* Takes them out of `more`. */
static void append_stills(GArray *stills, GArray *more) {
  for (guint i = 0; i < more->len && stills->len < STILLS_MAX; i++) {
    IvSnapshot *still = &g_array_index(more, IvSnapshot, i);
    if (has_still(stills, still->no))
      continue;
    g_array_append_vals(stills, still, 1);
    *still = (IvSnapshot){0};
  }
}

static gboolean is_whole(const IvEvidenceDesk *desk, const IvSnapshot *still, GError **error) {
  gboolean whole = TRUE;
  for (int file = 0; whole && file < IV_SNAPSHOT_FILES; file++) {
    g_autoptr(GBytes) bytes =
        iv_fetcher_picture(desk->options.fetcher, still, (IvSnapshotFile)file, error);
    whole = bytes != NULL;
  }
  return whole;
}

/* Nobody puts another picture in the place of one, and a lost one does not keep back the rest.
 * FALSE: the archive is being stopped. */
static gboolean leave_out(const IvEvidenceDesk *desk, IvEvidenceParts *parts, GError **error) {
  for (guint i = parts->stills->len; i > 0; i--) {
    g_autoptr(GError) wrong = NULL;
    const IvSnapshot *still = &g_array_index(parts->stills, IvSnapshot, i - 1);
    char id[IV_UUID_TEXT_MAX];
    if (is_whole(desk, still, &wrong))
      continue;
    if (g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED)) {
      g_propagate_error(error, g_steal_pointer(&wrong));
      return FALSE;
    }
    iv_uuid_to_text(&still->event_id, id);
    json_array_append_new(parts->left_out,
                          json_pack("{ss ss}", "event_id", id, "reason", wrong->message));
    g_array_remove_index(parts->stills, i - 1);
  }
  return TRUE;
}

static gboolean gather_stills(IvEvidenceDesk *desk, IvEvidenceParts *parts, GError **error) {
  const IvEvidence *about = parts->about;
  IvSnapshotQuery of_event = {.event = &about->event_id, .limit = 1};
  IvSnapshotQuery query = {.camera_id = about->camera_id.text,
                           .from = about->from,
                           .to = about->to,
                           .before = IV_TIME_NONE,
                           .limit = IV_SNAPSHOTS_LIMIT_MAX};
  parts->stills =
      iv_snapshots_list(desk->options.store, desk->options.store_id, &query, IV_TIME_NONE, error);
  if (!parts->stills)
    return FALSE;
  if (parts->stills->len == IV_SNAPSHOTS_LIMIT_MAX)
    tell_left_out(parts, "pictures", "there are too many; some of the span are missing");
  if (!about->has_event)
    return TRUE;
  g_autoptr(GArray) own = iv_snapshots_list(desk->options.store, desk->options.store_id, &of_event,
                                            IV_TIME_NONE, error);
  if (own)
    append_stills(parts->stills, own);
  return own != NULL;
}

/* Oldest first. */
static gboolean gather_events(IvEvidenceDesk *desk, IvEvidenceParts *parts, GError **error) {
  const IvEvidence *about = parts->about;
  g_autofree char *cursor = NULL;
  parts->events = json_array();
  do {
    IvEventQuery query = {.store_id = desk->options.store_id,
                          .camera_id = about->camera_id.text,
                          .from = about->from,
                          .to = about->to,
                          .limit = IV_EVENTS_LIMIT_MAX,
                          .cursor = cursor};
    char *next = NULL;
    g_autoptr(GArray) events =
        iv_events_query(desk->options.store, &query, IV_TIME_NONE, &next, error);
    if (!events)
      return FALSE;
    for (guint i = 0; i < events->len; i++)
      json_array_insert_new(parts->events, 0, iv_event_to_json(&g_array_index(events, IvEvent, i)));
    g_free(cursor);
    cursor = next;
  } while (cursor && json_array_size(parts->events) < EVENTS_MAX);
  if (cursor)
    tell_left_out(parts, "events", "there are too many; the first ones are missing");
  return TRUE;
}

gboolean iv_evidence_gather(IvEvidenceDesk *desk, IvEvidenceParts *parts, IvEvidenceTold told,
                            gpointer user_data, GError **error) {
  parts->left_out = json_array();
  if (!cut_clips(desk, parts, told, user_data, error) || !gather_stills(desk, parts, error) ||
      !gather_events(desk, parts, error) || !leave_out(desk, parts, error))
    return FALSE;
  if (parts->clips->len > 0 || parts->stills->len > 0)
    return TRUE;
  const char *lost =
      json_string_value(json_object_get(json_array_get(parts->left_out, 0), "reason"));
  if (lost)
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "nothing of it can be had now: %s", lost);
  else
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                        "nothing was recorded of this camera in this time, and no picture is kept");
  return FALSE;
}
