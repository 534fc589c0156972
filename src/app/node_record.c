/* SPDX-License-Identifier: Apache-2.0 */
/* Recording of the cameras: a recorder each, the index of their files, and what is deleted when.
 * One thread looks which cameras there are and opens and closes their recorders. */
#include <string.h>

#include "app/node_private.h"
#include "app/recordings.h"
#include "app/steady_clock.h"
#include "base/clock.h"

#define SETTLE_SPAN IV_SECOND        /* between two looks which cameras there are */
#define RETAIN_SPAN (30 * IV_SECOND) /* between two looks at the disk */
#define OPEN_SPAN (10 * IV_SECOND)   /* between two tries to find the folder */
#define TELL_SPAN IV_DAY             /* an alarm that goes on is told again */
#define RETRY_MIN (2 * IV_SECOND)    /* until a recorder that could not start is tried again */
#define RETRY_MAX (2 * IV_MINUTE)
#define NOT_ANALYSED                                                                               \
  "it is not analysed, so nothing tells when to record; let it record all the time"

G_STATIC_ASSERT((int)IV_RECORD_EVENTS == (int)IV_RECORDING_EVENTS);

/* One camera's recorder. What is not under the mutex never changes. */
typedef struct {
  IvNode *node;
  IvSlug camera;
  IvRecordMode mode;
  IvStreamHold *source; /* the main stream as it is sent; owned */
  gboolean masked;      /* what is recorded is the masked stream */
  IvRecorder *recorder; /* NULL = could not be made */
  IvTime pause;         /* then: until it is tried again */
  IvTime retry_at;      /* monotonic */
  gboolean recording;   /* under the mutex */
  const char *trouble;  /* interned; likewise */
} Tape;

struct IvNodeTapes {
  IvRecordings *recordings;
  gboolean is_open;     /* thread of the recordings */
  const char *trouble;  /* interned: why it is not; under the mutex */
  GMutex mutex;         /* innermost of all locks */
  Tape **by_place;      /* the pointers are under the mutex */
  IvRecorderStats past; /* of recorders that are closed; under the mutex */
};

/* ---- what a recorder tells ---- */

static void on_segment(const IvSegmentNews *news, gpointer user_data) {
  const Tape *tape = user_data;
  iv_recordings_note(tape->node->tapes->recordings, &tape->camera, news);
}

static void on_state(gboolean recording, const char *trouble, gpointer user_data) {
  Tape *tape = user_data;
  g_log(G_LOG_DOMAIN, trouble[0] ? G_LOG_LEVEL_WARNING : G_LOG_LEVEL_INFO, "camera %s: %s%s%s",
        tape->camera.text, recording ? "records" : "does not record", trouble[0] ? ": " : "",
        trouble);
  g_mutex_lock(&tape->node->tapes->mutex);
  tape->recording = recording;
  tape->trouble = g_intern_string(trouble);
  g_mutex_unlock(&tape->node->tapes->mutex);
  iv_node_mark(tape->node, FALSE, TRUE);
}

/* ---- which cameras are recorded ---- */

static IvRecordMode mode_of(const IvNode *node, const IvNodeCamera *camera) {
  int own = camera->config->recording;
  if (camera->lossless) /* a film is looked at faster than it lasts */
    return IV_RECORD_OFF;
  return (IvRecordMode)(own > 0 ? own - 1 : node->config->recording.mode);
}

/* Of a camera that is not analysed nobody is told: nothing would ever be recorded. */
static gboolean lacks_analysis(const IvNode *node, const IvNodeCamera *camera) {
  return !iv_config_analyses(camera->config) && mode_of(node, camera) == IV_RECORD_EVENTS;
}

/* Anything may be short for a while (readers, memory, threads): it is tried again, less and less
 * often, and said once. */
static void put_off(Tape *tape, IvTime last_pause, const GError *error) {
  g_autofree char *trouble = g_strconcat(error->message, "; it is tried again", NULL);
  tape->pause = last_pause ? MIN(2 * last_pause, RETRY_MAX) : RETRY_MIN;
  tape->retry_at = iv_clock_monotonic() + tape->pause;
  if (!last_pause) {
    on_state(FALSE, trouble, tape);
    return;
  }
  g_mutex_lock(&tape->node->tapes->mutex);
  tape->trouble = g_intern_string(trouble);
  g_mutex_unlock(&tape->node->tapes->mutex);
}

/* Takes `source`. What can't be masked is not recorded. `last_pause`: of the try before that failed
 * too, else 0. */
static Tape *open_tape(IvNode *node, const IvNodeCamera *place, const IvSlug *camera,
                       IvRecordMode mode, IvStreamHold *source, IvTime last_pause) {
  static const IvRecorderEvents events = {.on_segment = on_segment, .on_state = on_state};
  g_autoptr(GError) error = NULL;
  const IvRecordingConfig *config = &node->config->recording;
  Tape *tape = g_new0(Tape, 1);
  *tape = (Tape){.node = node,
                 .camera = *camera,
                 .mode = mode,
                 .source = source,
                 .masked = iv_node_masks_recordings(place)};
  g_autoptr(IvStreamHold) hold = iv_node_recorded(place, source, &error);
  IvRecorderConfig recorder = {.folder = iv_recordings_folder(node->tapes->recordings),
                               .camera = camera->text,
                               .mode = mode,
                               .segment = config->segment,
                               .pre_roll = config->pre_roll,
                               .post_roll = config->post_roll};
  if (hold)
    tape->recorder = iv_recorder_new(&recorder, iv_stream_hold_ring(hold), &events, tape, &error);
  if (!tape->recorder)
    put_off(tape, last_pause, error);
  return tape;
}

static void add_stats(IvRecorderStats *sum, const IvRecorderStats *more) {
  sum->units += more->units;
  sum->stored += more->stored;
  sum->lost += more->lost;
  sum->bytes += more->bytes;
  sum->segments += more->segments;
}

/* Waits for its last pictures to be on the disk. */
static void close_tape(IvNodeTapes *tapes, guint place) {
  IvRecorderStats stats = {0};
  g_mutex_lock(&tapes->mutex);
  Tape *tape = g_steal_pointer(&tapes->by_place[place]);
  g_mutex_unlock(&tapes->mutex);
  if (!tape)
    return;
  if (tape->recorder) {
    iv_recorder_stop(tape->recorder);
    iv_recorder_stats(tape->recorder, &stats);
  }
  iv_recorder_free(tape->recorder);
  iv_stream_hold_unref(tape->source);
  g_free(tape);
  g_mutex_lock(&tapes->mutex);
  add_stats(&tapes->past, &stats);
  g_mutex_unlock(&tapes->mutex);
}

/* With `places` locked: as the camera is to be recorded now. */
static gboolean is_right(const Tape *tape, const IvNodeCamera *camera, IvRecordMode mode) {
  return tape->mode == mode && tape->masked == iv_node_masks_recordings(camera) &&
         iv_node_is_ring_of(camera, IV_STREAM_MAIN, iv_stream_hold_ring(tape->source)) &&
         strcmp(tape->camera.text, camera->config->id.text) == 0;
}

static gboolean is_due_again(const Tape *tape) {
  return !tape->recorder && iv_clock_monotonic() >= tape->retry_at;
}

static void settle_place(IvNode *node, guint place) {
  IvNodeTapes *tapes = node->tapes;
  const IvNodeCamera *camera = &node->cameras[place];
  const Tape *tape = tapes->by_place[place]; /* only this thread sets it */
  IvRecordMode mode = IV_RECORD_OFF;
  IvSlug id = {""};
  g_rw_lock_reader_lock(&node->places);
  if (iv_node_runs(camera) && camera->ingest && !lacks_analysis(node, camera)) {
    mode = mode_of(node, camera);
    id = camera->config->id;
  }
  gboolean right =
      tape ? mode != IV_RECORD_OFF && is_right(tape, camera, mode) : mode == IV_RECORD_OFF;
  g_rw_lock_reader_unlock(&node->places);
  if (right && !(tape && is_due_again(tape)))
    return;
  IvTime last_pause = right ? tape->pause : 0;
  close_tape(tapes, place);
  IvStreamHold *hold = mode != IV_RECORD_OFF ? iv_node_hold(node, camera, IV_STREAM_MAIN) : NULL;
  if (!hold)
    return; /* it is changed just now */
  Tape *fresh = open_tape(node, camera, &id, mode, hold, last_pause);
  g_mutex_lock(&tapes->mutex);
  tapes->by_place[place] = fresh;
  g_mutex_unlock(&tapes->mutex);
}

static void settle(IvNode *node) {
  for (guint i = 0; i < node->n_cameras; i++)
    settle_place(node, i);
}

/* ---- the folder ---- */

static void tell_repair(const IvRecordingsRepair *sum) {
  if (sum->cut + sum->damaged + sum->adopted + sum->gone + sum->empty + sum->aside + sum->left > 0)
    g_message("recordings: of their files, %u had a torn end and were cut, %u are damaged and play "
              "in part, %u were not in the index, %u are gone, %u held no picture, %u were moved "
              "aside, %u were left alone",
              sum->cut, sum->damaged, sum->adopted, sum->gone, sum->empty, sum->aside, sum->left);
}

static void open_folder(IvNode *node) {
  IvNodeTapes *tapes = node->tapes;
  IvRecordingsRepair sum;
  g_autoptr(GError) error = NULL;
  tapes->is_open = iv_recordings_open(tapes->recordings, &sum, &error);
  const char *trouble = tapes->is_open ? "" : g_intern_string(error->message);
  if (tapes->is_open)
    tell_repair(&sum);
  else if (trouble != tapes->trouble)
    g_warning("nothing is recorded: %s", trouble);
  g_mutex_lock(&tapes->mutex);
  tapes->trouble = trouble;
  g_mutex_unlock(&tapes->mutex);
  iv_node_mark(node, FALSE, TRUE);
}

static gboolean is_anything_recorded(IvNode *node) {
  gboolean any = node->config->recording.mode != IV_RECORDING_OFF;
  g_rw_lock_reader_lock(&node->places);
  for (guint i = 0; i < node->n_cameras && !any; i++)
    any = iv_node_runs(&node->cameras[i]) && node->cameras[i].ingest &&
          mode_of(node, &node->cameras[i]) != IV_RECORD_OFF;
  g_rw_lock_reader_unlock(&node->places);
  return any;
}

/* What was recorded before recording was switched off is kept no longer than it should be. */
static gboolean was_anything_recorded(IvNode *node) {
  IvSegmentTotals totals;
  return iv_segments_totals(node->store, node->config->store.id.text, &totals, NULL) &&
         totals.n > 0;
}

/* ---- room ---- */

typedef struct {
  IvSteadyClock clock;
  IvTime open_at, retain_at; /* monotonic: next try */
  IvTime past_at;            /* likewise: whether anything was recorded earlier */
  IvTime told_at;            /* monotonic: of the alarm; 0 = not, or long ago */
  IvRoom told;
} Keeper;

/* The store's alarm: what was to be kept could not be. */
static void tell_room(IvNode *node, IvRoom room, IvTime now) {
  IvRecordingsStats stats;
  IvEvent event;
  iv_recordings_stats(node->tapes->recordings, &stats);
  iv_event_init(&event, IV_EVENT_RECORDING_SHORTENED, now);
  event.store_id = node->config->store.id;
  event.edge_id = node->edge_id;
  iv_event_set_text(&event, IV_ATTR_REASON,
                    room == IV_ROOM_NONE ? "the disk is full, and no recording is left to delete"
                                         : "the disk has too little room");
  if (stats.oldest != IV_TIME_NONE && stats.oldest < now)
    iv_event_set_number(&event, IV_ATTR_KEPT_S, (double)((now - stats.oldest) / IV_SECOND));
  if (node->config->recording.keep > 0)
    iv_event_set_number(&event, IV_ATTR_WANTED_S,
                        (double)(node->config->recording.keep / IV_SECOND));
  iv_event_set_id(&event, "store");
  g_warning("recordings: %s: see the disk of %s",
            room == IV_ROOM_NONE ? "the disk is full and nothing is left to delete"
                                 : "some were deleted earlier than configured, for want of room",
            iv_recordings_folder(node->tapes->recordings));
  if (iv_outbox_append(node->outbox, &event, 1) > 0)
    g_warning("an event was lost: the outbox is full");
}

static void retain(IvNode *node, Keeper *keeper) {
  IvTime now = iv_clock_now(), monotonic = iv_clock_monotonic();
  gboolean right = iv_steady_clock_look(&keeper->clock, now, monotonic);
  IvRoom room = iv_recordings_retain(node->tapes->recordings, now, right, &node->stop_flag);
  gboolean bad = room == IV_ROOM_MADE || room == IV_ROOM_NONE;
  gboolean again = keeper->told_at == 0 || monotonic - keeper->told_at >= TELL_SPAN;
  if (!bad || (!again && !(room == IV_ROOM_NONE && keeper->told != IV_ROOM_NONE)))
    return;
  keeper->told_at = monotonic;
  keeper->told = room;
  tell_room(node, room, now);
}

static void look(IvNode *node, Keeper *keeper) {
  IvNodeTapes *tapes = node->tapes;
  IvTime now = iv_clock_monotonic();
  gboolean past_due = now >= keeper->past_at;
  if (past_due)
    keeper->past_at = now + OPEN_SPAN;
  if (!tapes->is_open && now >= keeper->open_at &&
      (is_anything_recorded(node) || (past_due && was_anything_recorded(node)))) {
    open_folder(node);
    keeper->open_at = iv_clock_monotonic() + OPEN_SPAN;
  }
  iv_veils_tend(node->veils);
  if (!tapes->is_open)
    return;
  settle(node);
  if (now >= keeper->retain_at) {
    retain(node, keeper);
    keeper->retain_at = iv_clock_monotonic() + RETAIN_SPAN;
  }
}

static gpointer record_loop(gpointer user_data) {
  IvNode *node = user_data;
  Keeper keeper = {.told = IV_ROOM_ENOUGH};
  g_mutex_lock(&node->mutex);
  while (!node->stopping) {
    g_mutex_unlock(&node->mutex);
    look(node, &keeper);
    g_mutex_lock(&node->mutex);
    IvTime until = iv_clock_monotonic() + SETTLE_SPAN;
    while (!node->stopping && !g_atomic_int_exchange(&node->settle_now, 0) &&
           g_cond_wait_until(&node->changed, &node->mutex, until))
      ;
  }
  g_mutex_unlock(&node->mutex);
  return NULL;
}

/* ---- life ---- */

void iv_node_open_recordings(IvNode *node) {
  if (node->sim)
    return;
  node->tapes = g_new0(IvNodeTapes, 1);
  g_mutex_init(&node->tapes->mutex);
  node->tapes->trouble = "";
  node->tapes->by_place = g_new0(Tape *, node->n_cameras);
  node->tapes->recordings = iv_recordings_new(&node->config->recording, node->config->store.id.text,
                                              node->config->server.data_dir, node->store);
  if (node->config->archive.target != IV_ARCHIVE_OFF)
    iv_recordings_set_archive(node->tapes->recordings, &node->config->archive);
}

IvRecordings *iv_node_recordings(const IvNode *node) {
  return node->tapes ? node->tapes->recordings : NULL;
}

void iv_node_start_recordings(IvNode *node) {
  node->recordist = g_thread_new("recordings", record_loop, node);
}

void iv_node_close_recordings(IvNode *node) {
  IvNodeTapes *tapes = node->tapes;
  if (!tapes)
    return;
  g_clear_pointer(&node->recordist, g_thread_join);
  for (guint i = 0; i < node->n_cameras; i++)
    close_tape(tapes, i);
}

void iv_node_free_recordings(IvNode *node) {
  IvNodeTapes *tapes = g_steal_pointer(&node->tapes);
  if (!tapes)
    return;
  iv_recordings_free(tapes->recordings);
  g_mutex_clear(&tapes->mutex);
  g_free(tapes->by_place);
  g_free(tapes);
}

/* ---- something happens ---- */

void iv_node_trigger(IvNode *node, guint place) {
  IvNodeTapes *tapes = node->tapes;
  if (!tapes)
    return;
  g_mutex_lock(&tapes->mutex);
  if (tapes->by_place[place] && tapes->by_place[place]->recorder)
    iv_recorder_trigger(tapes->by_place[place]->recorder);
  g_mutex_unlock(&tapes->mutex);
}

/* Samples say that nothing happened. */
void iv_node_trigger_by(IvNode *node, const IvEvent *events, guint n) {
  IvNodeTapes *tapes = node->tapes;
  if (!tapes)
    return;
  g_mutex_lock(&tapes->mutex);
  for (guint i = 0; i < n; i++)
    for (guint p = 0; p < node->n_cameras && !iv_event_kind_info(events[i].kind)->sample; p++) {
      const Tape *tape = tapes->by_place[p];
      if (tape && tape->recorder && strcmp(tape->camera.text, events[i].camera_id.text) == 0)
        iv_recorder_trigger(tape->recorder);
    }
  g_mutex_unlock(&tapes->mutex);
}

gboolean iv_node_records_events(IvNode *node, guint place) {
  IvNodeTapes *tapes = node->tapes;
  if (!tapes)
    return FALSE;
  g_mutex_lock(&tapes->mutex);
  const Tape *tape = tapes->by_place[place];
  gboolean records = tape && tape->mode == IV_RECORD_EVENTS;
  g_mutex_unlock(&tapes->mutex);
  return records;
}

/* ---- what is shown ---- */

int iv_node_recording_file(gpointer host, const char *store_id, const char *path, GError **error) {
  IvNode *node = host;
  int fd = -1;
  if (node->tapes && strcmp(store_id, node->config->store.id.text) == 0)
    fd = iv_recordings_open_file(node->tapes->recordings, path);
  if (fd < 0)
    g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_FILE,
                        "The recording is not on the disk any more, or the disk is away.");
  return fd;
}

void iv_node_show_recording(IvNode *node, const IvNodeCamera *camera, IvCameraView *view) {
  IvNodeTapes *tapes = node->tapes;
  view->recording = "off";
  view->recording_reason = "";
  if (!tapes || mode_of(node, camera) == IV_RECORD_OFF)
    return;
  if (lacks_analysis(node, camera)) {
    view->recording = "failed";
    view->recording_reason = NOT_ANALYSED;
    return;
  }
  g_mutex_lock(&tapes->mutex);
  const Tape *tape = tapes->by_place[camera->index];
  view->recording_reason = tape ? (tape->trouble ? tape->trouble : "") : tapes->trouble;
  view->recording = view->recording_reason[0] ? "failed"
                    : tape && tape->recording ? "recording"
                                              : "waiting";
  g_mutex_unlock(&tapes->mutex);
}

static void cameras_metrics(IvNodeTapes *tapes, guint n, GString *text, IvRecorderStats *sum) {
  g_string_append(text, "# TYPE inveye_camera_recording gauge\n");
  for (guint i = 0; i < n; i++) {
    IvRecorderStats stats = {0};
    const Tape *tape = tapes->by_place[i];
    if (!tape)
      continue;
    if (tape->recorder)
      iv_recorder_stats(tape->recorder, &stats);
    add_stats(sum, &stats);
    g_string_append_printf(text, "inveye_camera_recording{camera=\"%s\"} %d\n", tape->camera.text,
                           tape->recording);
  }
}

void iv_node_record_metrics(IvNode *node, GString *text) {
  IvNodeTapes *tapes = node->tapes;
  IvRecordingsStats stats;
  if (!tapes)
    return;
  iv_recordings_stats(tapes->recordings, &stats);
  g_mutex_lock(&tapes->mutex);
  IvRecorderStats sum = tapes->past;
  cameras_metrics(tapes, node->n_cameras, text, &sum);
  g_mutex_unlock(&tapes->mutex);
  iv_node_counter(text, "recorded_pictures_total", sum.stored);
  iv_node_counter(text, "recorded_pictures_lost_total", sum.lost);
  iv_node_counter(text, "recorded_bytes_total", sum.bytes);
  iv_node_counter(text, "recordings_deleted_total", stats.deleted);
  iv_node_counter(text, "recordings_shortened_total", stats.shortened);
  iv_node_counter(text, "recordings_errors_total", stats.errors);
  iv_node_gauge(text, "recordings_bytes", (double)stats.bytes);
  iv_node_gauge(text, "recordings_files", (double)stats.segments);
}
