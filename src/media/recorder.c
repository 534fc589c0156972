/* SPDX-License-Identifier: Apache-2.0 */
#include "media/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "media/fragmenter.h"
#include "media/segment_file.h"

#define BACKLOG 300 /* units that wait while the disk is slow: 10 s at 30 fps */
#define WAKE_SPAN (500 * IV_MS)
#define SILENT_SPAN (5 * IV_SECOND) /* without a unit, then the segment ends */
#define RETRY_SPAN (5 * IV_SECOND)  /* after the disk refused */
#define FRAME_SPAN (100 * IV_MS)    /* of a picture that nothing follows and nothing precedes */

/* The segment in hand. */
typedef struct {
  IvSegmentFile *file; /* NULL = none */
  IvFragmenter *fragmenter;
  IvTime start; /* capture time */
  IvCodec codec;
  IvSize size;
  IvTime told; /* monotonic; 0 = not yet */
  /* Under the recorder's mutex, as the fragmenter's thread writes: */
  GArray *in_flight; /* IvTime, of the pictures that are not on the disk yet, as they came */
  IvTime last, step; /* of those that are; step: between the last two */
  IvMp4Scan scan;    /* what is on the disk */
} Segment;

struct IvRecorder {
  IvRecorderConfig config;
  char *folder, *camera;
  IvRecorderEvents events;
  gpointer user_data;
  IvUnitRing *ring;
  IvUnitReader *reader;
  GThread *thread;
  Segment segment; /* recorder's thread */
  GQueue pre_roll; /* IvEncodedUnit, owned; likewise */
  gsize pre_roll_bytes;
  IvTime retry_at; /* monotonic; likewise */
  gboolean told_recording;
  char *told_trouble;
  GMutex mutex;        /* guards what follows */
  IvTime wanted_until; /* monotonic */
  IvRecorderStats stats;
};

/* ---- telling ---- */

static void tell_state(IvRecorder *r, gboolean recording, const char *trouble) {
  if (recording == r->told_recording && g_strcmp0(trouble, r->told_trouble) == 0)
    return;
  r->told_recording = recording;
  g_free(r->told_trouble);
  r->told_trouble = g_strdup(trouble);
  if (r->events.on_state)
    r->events.on_state(recording, trouble, r->user_data);
}

static void tell_segment(IvRecorder *r, gboolean closed) {
  Segment *s = &r->segment;
  IvSegmentNews news = {.path = iv_segment_file_path(s->file),
                        .start = s->start,
                        .codec = s->codec,
                        .size = s->size,
                        .closed = closed};
  g_mutex_lock(&r->mutex);
  g_autoptr(GArray) fragments = g_array_copy(s->scan.fragments);
  news.end = s->last + (s->step > 0 ? s->step : FRAME_SPAN);
  news.bytes = s->scan.whole_bytes;
  news.init_bytes = s->scan.init_bytes;
  g_mutex_unlock(&r->mutex);
  news.fragments = fragments;
  s->told = iv_clock_monotonic();
  if (r->events.on_segment)
    r->events.on_segment(&news, r->user_data);
}

static gboolean has_pictures(IvRecorder *r) {
  g_mutex_lock(&r->mutex);
  gboolean has = r->segment.scan.fragments && r->segment.scan.fragments->len > 0;
  g_mutex_unlock(&r->mutex);
  return has;
}

/* Only what is on the disk counts as recording: a full disk takes a file's name, but no picture. */
static void tell_growth(IvRecorder *r) {
  Segment *s = &r->segment;
  if (s->told ? iv_clock_monotonic() - s->told < IV_RECORD_NEWS_SPAN : !has_pictures(r))
    return;
  tell_segment(r, FALSE);
  tell_state(r, TRUE, "");
}

static void count_lost(IvRecorder *r, guint n) {
  g_mutex_lock(&r->mutex);
  r->stats.lost += n;
  g_mutex_unlock(&r->mutex);
}

/* ---- the segment ---- */

static int by_time(const void *a, const void *b) {
  IvTime x = *(const IvTime *)a, y = *(const IvTime *)b;
  return (x > y) - (x < y);
}

/* With r->mutex locked: so many pictures more are on the disk. With B-frames they are not sent in
 * the order in which they were taken. */
static void note_stored(IvRecorder *r, guint samples) {
  Segment *s = &r->segment;
  samples = MIN(samples, s->in_flight->len);
  if (samples > 1)
    qsort(s->in_flight->data, samples, sizeof(IvTime), by_time);
  for (guint i = 0; i < samples; i++) {
    IvTime ts = g_array_index(s->in_flight, IvTime, i);
    if (ts > s->last) {
      s->step = ts - s->last;
      s->last = ts;
    }
  }
  g_array_remove_range(s->in_flight, 0, samples);
  r->stats.stored += samples;
}

static gboolean on_part(const guint8 *bytes, gsize n, gpointer user_data) {
  IvRecorder *r = user_data;
  if (!iv_segment_file_append(r->segment.file, bytes, n))
    return FALSE;
  g_mutex_lock(&r->mutex);
  r->stats.bytes += n;
  note_stored(r, iv_mp4_scan_add(&r->segment.scan, bytes, n));
  g_mutex_unlock(&r->mutex);
  return TRUE;
}

/* `finish`: what the fragmenter still holds is written. What then is not on the disk is lost. */
static void close_segment(IvRecorder *r, gboolean finish) {
  Segment *s = &r->segment;
  if (!s->file)
    return;
  if (finish)
    iv_fragmenter_finish(s->fragmenter);
  g_clear_pointer(&s->fragmenter, iv_fragmenter_free);
  count_lost(r, s->in_flight->len);
  if (has_pictures(r)) {
    tell_segment(r, TRUE);
    iv_segment_file_close(s->file);
  } else {
    iv_segment_file_discard(s->file);
  }
  g_array_unref(s->in_flight);
  iv_mp4_scan_clear(&s->scan);
  *s = (Segment){0};
}

static void give_up(IvRecorder *r, const char *trouble) {
  g_autofree char *text = g_strdup(trouble);
  close_segment(r, FALSE);
  r->retry_at = iv_clock_monotonic() + RETRY_SPAN;
  tell_state(r, FALSE, text);
}

static void give_up_segment(IvRecorder *r) {
  g_autofree char *failure = iv_fragmenter_failure(r->segment.fragmenter);
  g_autofree char *trouble = iv_segment_file_trouble(r->segment.file);
  give_up(r, trouble ? trouble : failure ? failure : "recording failed");
}

static gboolean open_segment(IvRecorder *r, const IvEncodedUnit *unit) {
  g_autoptr(GError) error = NULL;
  const IvFragmenterEvents events = {.on_part = on_part, .user_data = r};
  IvSegmentFile *file = iv_segment_file_new(r->folder, r->camera, unit->ts, &error);
  if (!file) {
    give_up(r, error->message);
    return FALSE;
  }
  r->segment = (Segment){.file = file,
                         .start = unit->ts,
                         .last = unit->ts,
                         .codec = unit->codec,
                         .size = unit->picture,
                         .in_flight = g_array_new(FALSE, FALSE, sizeof(IvTime))};
  r->segment.fragmenter = iv_fragmenter_new(unit, &events, &error);
  if (!r->segment.fragmenter) {
    give_up(r, error->message);
    return FALSE;
  }
  g_mutex_lock(&r->mutex);
  r->stats.segments++;
  g_mutex_unlock(&r->mutex);
  return TRUE;
}

/* A segment ends where the stream has a seam, and at a keyframe once it is long enough. */
static gboolean is_at_end(const IvRecorder *r, const IvEncodedUnit *unit) {
  const Segment *s = &r->segment;
  return !iv_fragmenter_fits(s->fragmenter, unit) ||
         (unit->keyframe && unit->ts - s->start >= r->config.segment);
}

static void write_unit(IvRecorder *r, IvEncodedUnit *unit) {
  Segment *s = &r->segment;
  if (s->file && is_at_end(r, unit))
    close_segment(r, TRUE);
  if (!s->file && (!unit->keyframe || iv_clock_monotonic() < r->retry_at)) {
    count_lost(r, 1);
    return;
  }
  if (!s->file && !open_segment(r, unit)) {
    count_lost(r, 1);
    return;
  }
  g_mutex_lock(&r->mutex);
  g_array_append_val(s->in_flight, unit->ts);
  g_mutex_unlock(&r->mutex);
  if (iv_fragmenter_push(s->fragmenter, unit))
    tell_growth(r);
  else
    give_up_segment(r);
}

/* ---- before something happens ---- */

static IvEncodedUnit *pop_pre_roll(IvRecorder *r) {
  IvEncodedUnit *unit = g_queue_pop_head(&r->pre_roll);
  if (unit)
    r->pre_roll_bytes -= unit->size;
  return unit;
}

/* Up to `end`, which stays; NULL = all. */
static void drop_pre_roll(IvRecorder *r, const GList *end) {
  while (r->pre_roll.head != end)
    iv_encoded_unit_unref(pop_pre_roll(r));
}

/* Whole groups of pictures are let go once the next one reaches back far enough, or is all that
 * there is memory for. */
static void trim_pre_roll(IvRecorder *r, IvTime now) {
  while (r->pre_roll.head) {
    GList *next = r->pre_roll.head->next;
    while (next && !((IvEncodedUnit *)next->data)->keyframe)
      next = next->next;
    gboolean full = r->pre_roll_bytes > IV_PRE_ROLL_BYTES_MAX;
    if (!full && (!next || now - ((IvEncodedUnit *)next->data)->ts < r->config.pre_roll))
      return;
    drop_pre_roll(r, next);
  }
}

static void keep_back(IvRecorder *r, IvEncodedUnit *unit) {
  if (unit->discontinuity)
    drop_pre_roll(r, NULL);
  if (g_queue_is_empty(&r->pre_roll) && !unit->keyframe)
    return;
  g_queue_push_tail(&r->pre_roll, iv_encoded_unit_ref(unit));
  r->pre_roll_bytes += unit->size;
  trim_pre_roll(r, unit->ts);
}

static gboolean is_wanted(IvRecorder *r) {
  if (r->config.mode == IV_RECORD_CONTINUOUS)
    return TRUE;
  g_mutex_lock(&r->mutex);
  gboolean wanted = iv_clock_monotonic() < r->wanted_until;
  g_mutex_unlock(&r->mutex);
  return wanted;
}

static void take(IvRecorder *r, IvEncodedUnit *unit) {
  g_mutex_lock(&r->mutex);
  r->stats.units++;
  g_mutex_unlock(&r->mutex);
  /* What is begun goes on to the next keyframe: whatever happens before that finds no hole. */
  if (!is_wanted(r) && (!r->segment.file || unit->keyframe)) {
    close_segment(r, TRUE);
    tell_state(r, FALSE, "");
    keep_back(r, unit);
    return;
  }
  while (!g_queue_is_empty(&r->pre_roll)) {
    g_autoptr(IvEncodedUnit) before = pop_pre_roll(r);
    write_unit(r, before);
  }
  write_unit(r, unit);
}

static gpointer run(gpointer user_data) {
  IvRecorder *r = user_data;
  IvTime heard = iv_clock_monotonic();
  while (!iv_unit_reader_is_over(r->reader)) {
    guint lost = 0;
    g_autoptr(IvEncodedUnit) unit = iv_unit_reader_pop(r->reader, WAKE_SPAN, &lost);
    if (lost > 0) { /* there is a hole: what follows is another segment */
      count_lost(r, lost);
      close_segment(r, TRUE);
      drop_pre_roll(r, NULL);
    }
    if (unit) {
      heard = iv_clock_monotonic();
      take(r, unit);
    } else if (r->segment.file && iv_clock_monotonic() - heard > SILENT_SPAN) {
      close_segment(r, TRUE); /* the camera is gone; what comes next is another segment */
      tell_state(r, FALSE, "");
    }
  }
  close_segment(r, TRUE);
  return NULL;
}

/* ---- life ---- */

IvRecorder *iv_recorder_new(const IvRecorderConfig *config, IvUnitRing *ring,
                            const IvRecorderEvents *events, gpointer user_data, GError **error) {
  IvUnitReader *reader = iv_unit_reader_new(ring, IV_READER_LIVE, BACKLOG, TRUE);
  if (!reader) {
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                        "cannot be recorded: too many consumers read this camera");
    return NULL;
  }
  IvRecorder *r = g_new0(IvRecorder, 1);
  r->config = *config;
  r->folder = g_strdup(config->folder);
  r->camera = g_strdup(config->camera);
  r->events = *events;
  r->user_data = user_data;
  r->ring = iv_unit_ring_ref(ring);
  r->reader = reader;
  g_queue_init(&r->pre_roll);
  g_mutex_init(&r->mutex);
  r->thread = g_thread_new("recorder", run, r);
  return r;
}

void iv_recorder_stop(IvRecorder *r) {
  iv_unit_reader_finish(r->reader); /* what has come is written, and what can't be is counted */
  g_clear_pointer(&r->thread, g_thread_join);
}

void iv_recorder_free(IvRecorder *r) {
  if (!r)
    return;
  iv_recorder_stop(r);
  drop_pre_roll(r, NULL);
  iv_unit_reader_free(r->reader);
  iv_unit_ring_unref(r->ring);
  g_free(r->told_trouble);
  g_free(r->folder);
  g_free(r->camera);
  g_mutex_clear(&r->mutex);
  g_free(r);
}

void iv_recorder_trigger(IvRecorder *r) {
  IvTime until = iv_clock_monotonic() + r->config.post_roll;
  g_mutex_lock(&r->mutex);
  r->wanted_until = MAX(r->wanted_until, until);
  g_mutex_unlock(&r->mutex);
}

void iv_recorder_stats(IvRecorder *r, IvRecorderStats *ret_stats) {
  g_mutex_lock(&r->mutex);
  *ret_stats = r->stats;
  g_mutex_unlock(&r->mutex);
}
