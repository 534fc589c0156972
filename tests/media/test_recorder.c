/* SPDX-License-Identifier: Apache-2.0 */
/* What a camera sends is in files afterwards: all of it, once, and playable after a crash. */
#include "media/recorder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "clip.h"
#include "media/ingest.h"
#include "server.h"
#include "watcher.h"

#define FPS 20
#define GOP 10
#define CLIP 200 /* pictures: 10 s */
#define DEADLINE (30 * G_TIME_SPAN_SECOND)

static char *dir, *clip, *clip_h265, *clip_b, *clip_b265;

/* ---- a recorder and what it told ---- */

typedef struct {
  char *path;
  IvTime start, end;
  guint64 bytes;
  gboolean closed;
} Told;

typedef struct {
  GMutex mutex;
  GCond changed;
  GArray *segments; /* Told, the newest news of each */
  char *trouble;
  gboolean recording;
  guint n_states;   /* told */
  gboolean is_held; /* on_state waits until it is not */
  char *folder;
  IvUnitRing *ring;
  IvRecorder *recorder;
} Rig;

static void told_clear(gpointer p) {
  g_free(((Told *)p)->path);
}

static void on_segment(const IvSegmentNews *news, gpointer user_data) {
  Rig *rig = user_data;
  Told *told = NULL, fresh = {.path = NULL};
  g_mutex_lock(&rig->mutex);
  for (guint i = 0; i < rig->segments->len; i++)
    if (strcmp(g_array_index(rig->segments, Told, i).path, news->path) == 0)
      told = &g_array_index(rig->segments, Told, i);
  if (!told) {
    fresh.path = g_strdup(news->path);
    g_array_append_val(rig->segments, fresh);
    told = &g_array_index(rig->segments, Told, rig->segments->len - 1);
  }
  g_assert_false(told->closed); /* nothing is told of it afterwards */
  told->start = news->start;
  told->end = news->end;
  told->bytes = news->bytes;
  told->closed = news->closed;
  g_cond_broadcast(&rig->changed);
  g_mutex_unlock(&rig->mutex);
}

static void on_state(gboolean recording, const char *trouble, gpointer user_data) {
  Rig *rig = user_data;
  g_mutex_lock(&rig->mutex);
  g_free(rig->trouble);
  rig->trouble = g_strdup(trouble);
  rig->recording = recording;
  rig->n_states++;
  g_cond_broadcast(&rig->changed);
  while (rig->is_held)
    g_cond_wait(&rig->changed, &rig->mutex);
  g_mutex_unlock(&rig->mutex);
}

/* `ring` NULL = one of its own. */
static void rig_open(Rig *rig, const char *folder, const IvRecorderConfig *base, IvUnitRing *ring) {
  static const IvRecorderEvents events = {on_segment, on_state};
  g_autoptr(GError) error = NULL;
  IvRecorderConfig config = *base;
  memset(rig, 0, sizeof *rig);
  g_mutex_init(&rig->mutex);
  g_cond_init(&rig->changed);
  rig->segments = g_array_new(FALSE, TRUE, sizeof(Told));
  g_array_set_clear_func(rig->segments, told_clear);
  rig->folder = g_strdup(folder);
  rig->ring = ring ? iv_unit_ring_ref(ring) : iv_unit_ring_new();
  config.folder = folder;
  config.camera = "cam";
  rig->recorder = iv_recorder_new(&config, rig->ring, &events, rig, &error);
  g_assert_no_error(error);
}

static void rig_close(Rig *rig) {
  g_clear_pointer(&rig->recorder, iv_recorder_free);
  iv_unit_ring_unref(rig->ring);
  g_array_unref(rig->segments);
  g_free(rig->trouble);
  g_free(rig->folder);
  g_cond_clear(&rig->changed);
  g_mutex_clear(&rig->mutex);
}

static guint n_closed(const Rig *rig) {
  guint n = 0;
  for (guint i = 0; i < rig->segments->len; i++)
    n += g_array_index(rig->segments, Told, i).closed;
  return n;
}

static void wait_closed(Rig *rig, guint n) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  g_mutex_lock(&rig->mutex);
  while (n_closed(rig) < n)
    g_assert_true(g_cond_wait_until(&rig->changed, &rig->mutex, until));
  g_mutex_unlock(&rig->mutex);
}

static void wait_trouble(Rig *rig, const char *part) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  g_mutex_lock(&rig->mutex);
  while (!rig->trouble || !strstr(rig->trouble, part))
    g_assert_true(g_cond_wait_until(&rig->changed, &rig->mutex, until));
  g_mutex_unlock(&rig->mutex);
}

static int open_segment(const Rig *rig, guint i) {
  g_autofree char *path =
      g_build_filename(rig->folder, g_array_index(rig->segments, Told, i).path, NULL);
  int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
  g_assert_cmpint(fd, >=, 0);
  return fd;
}

/* The numbers of a file's pictures, decoded. */
static GArray *play(const char *path) {
  Watcher watcher;
  watcher_init(&watcher);
  IvIngestConfig config = {
      .source = path, .decode = TRUE, .pace = IV_PACE_AS_FAST_AS_TAKEN, .start = 1000 * IV_SECOND};
  g_autoptr(GError) error = NULL;
  IvIngest *ingest = iv_ingest_new(&config, &watcher_events, &watcher, &error);
  g_assert_no_error(error);
  iv_ingest_start(ingest);
  g_assert_true(watcher_wait_state(&watcher, IV_INGEST_ENDED, 30));
  iv_ingest_free(ingest);
  GArray *numbers = g_array_copy(watcher.numbers);
  watcher_clear(&watcher);
  return numbers;
}

static GArray *play_segment(const Rig *rig, guint i) {
  g_autofree char *path =
      g_build_filename(rig->folder, g_array_index(rig->segments, Told, i).path, NULL);
  return play(path);
}

/* ---- a camera whose units the test pushes ---- */

typedef struct {
  GPtrArray *buffers;
  GstCaps *caps;
  guint64 seq;
  IvTime ts;
  guint epoch;
} Feed;

static Feed feed_open(void) {
  Feed feed = {.buffers = clip_units(clip, 264), .ts = 1790000000 * IV_SECOND};
  feed.caps = gst_caps_from_string("video/x-h264,stream-format=byte-stream,alignment=au,width=320,"
                                   "height=240,framerate=20/1");
  g_assert_nonnull(feed.buffers);
  return feed;
}

static void feed_close(Feed *feed) {
  g_ptr_array_unref(feed->buffers);
  gst_caps_unref(feed->caps);
}

static void unmap(gpointer owner) {
  g_bytes_unref(owner);
}

static void push(Rig *rig, Feed *feed, gboolean seam) {
  GstBuffer *buffer = feed->buffers->pdata[feed->seq % feed->buffers->len];
  gpointer bytes;
  gsize n;
  gst_buffer_extract_dup(buffer, 0, (gsize)-1, &bytes, &n);
  IvEncodedUnit *unit = iv_encoded_unit_new();
  unit->owner = g_bytes_new_take(bytes, n);
  unit->release = unmap;
  unit->bytes = bytes;
  unit->size = n;
  unit->codec = IV_CODEC_H264;
  unit->picture = (IvSize){320, 240};
  unit->keyframe = feed->seq % GOP == 0;
  unit->discontinuity = seam;
  feed->epoch += seam;
  unit->epoch = feed->epoch;
  unit->ts = feed->ts;
  unit->pts = unit->dts = (IvStreamTime)feed->seq * (GST_SECOND / FPS);
  unit->seq = feed->seq++;
  unit->caps = gst_caps_ref(feed->caps);
  feed->ts += IV_SECOND / FPS;
  iv_unit_ring_push(rig->ring, unit);
  iv_encoded_unit_unref(unit);
}

/* Pushed units reach the recorder before more come, so that none is lost to a slow test machine. */
static void push_n(Rig *rig, Feed *feed, guint n) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  IvRecorderStats stats;
  for (guint i = 0; i < n; i++)
    push(rig, feed, FALSE);
  do {
    iv_recorder_stats(rig->recorder, &stats);
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    g_usleep(1000); /* looks again, with the deadline above */
  } while (stats.units + stats.lost < feed->seq);
  g_assert_cmpuint(stats.lost, ==, 0);
}

static const IvRecorderConfig continuous = {.mode = IV_RECORD_CONTINUOUS, .segment = 3 * IV_SECOND};

static char *make_folder(const char *name) {
  char *folder = g_build_filename(dir, name, NULL);
  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  return folder;
}

/* Every unit is in one file, in order; files begin where the one before ends. */
static void test_all_once(void) {
  Rig rig;
  Feed feed = feed_open();
  g_autofree char *folder = make_folder("all");
  rig_open(&rig, folder, &continuous, NULL);
  for (guint i = 0; i < CLIP / 50; i++)
    push_n(&rig, &feed, 50);
  iv_unit_ring_close(rig.ring);
  wait_closed(&rig, 4); /* 3 + 3 + 3 + 1 s */
  IvRecorderStats stats;
  iv_recorder_stats(rig.recorder, &stats);
  g_assert_cmpuint(stats.stored, ==, CLIP);
  g_assert_cmpuint(stats.lost, ==, 0);
  g_clear_pointer(&rig.recorder, iv_recorder_free);
  g_assert_cmpuint(rig.segments->len, ==, 4);
  int next = 0;
  for (guint i = 0; i < 4; i++) {
    const Told *told = &g_array_index(rig.segments, Told, i);
    g_autoptr(GArray) numbers = play_segment(&rig, i);
    for (guint k = 0; k < numbers->len; k++)
      g_assert_cmpint(g_array_index(numbers, int, k), ==, next++);
    if (i > 0)
      g_assert_cmpint(told->start, ==, g_array_index(rig.segments, Told, i - 1).end);
    g_auto(IvMp4Scan) scan;
    int fd = open_segment(&rig, i);
    g_assert_true(iv_mp4_scan(fd, &scan, NULL));
    close(fd);
    g_assert_cmpint(scan.end, ==, IV_MP4_WHOLE);
    g_assert_cmpuint(scan.whole_bytes, ==, scan.file_bytes);
    g_assert_cmpuint(scan.file_bytes, ==, told->bytes);
    g_assert_cmpint(scan.codec, ==, IV_CODEC_H264);
    g_assert_cmpint(scan.size.width, ==, 320);
    g_assert_cmpint(scan.size.height, ==, 240);
    g_assert_cmpint(ABS(scan.length - (told->end - told->start)), <=, 5 * IV_MS);
    g_assert_true(g_array_index(scan.fragments, IvMp4Fragment, 0).keyframe);
    g_assert_cmpuint(scan.fragments->len, ==, i < 3 ? 6 : 2); /* one a GOP */
  }
  g_assert_cmpint(next, ==, CLIP);
  feed_close(&feed);
  rig_close(&rig);
}

/* After a seam nothing goes on: another segment, from the next keyframe. */
static void test_seam(void) {
  Rig rig;
  Feed feed = feed_open();
  g_autofree char *folder = make_folder("seam");
  rig_open(&rig, folder, &continuous, NULL);
  push_n(&rig, &feed, 2 * GOP);
  feed.ts += IV_MINUTE;
  push(&rig, &feed, TRUE);
  push_n(&rig, &feed, GOP - 1);
  iv_unit_ring_close(rig.ring);
  wait_closed(&rig, 2);
  g_clear_pointer(&rig.recorder, iv_recorder_free);
  const Told *first = &g_array_index(rig.segments, Told, 0),
             *second = &g_array_index(rig.segments, Told, 1);
  g_assert_cmpint(first->end - first->start, ==, IV_SECOND);
  g_assert_cmpint(second->start - first->end, ==, IV_MINUTE);
  feed_close(&feed);
  rig_close(&rig);
}

/* Nothing is kept until something happens; then what came before it too, from a keyframe on. */
static void test_events(void) {
  Rig rig;
  Feed feed = feed_open();
  g_autofree char *folder = make_folder("events");
  IvRecorderConfig config = {
      .mode = IV_RECORD_EVENTS, .segment = IV_MINUTE, .pre_roll = IV_SECOND, .post_roll = IV_HOUR};
  rig_open(&rig, folder, &config, NULL);
  push_n(&rig, &feed, 85);
  g_assert_cmpuint(rig.segments->len, ==, 0);
  iv_recorder_trigger(rig.recorder);
  push_n(&rig, &feed, 15);
  iv_unit_ring_close(rig.ring);
  wait_closed(&rig, 1);
  g_clear_pointer(&rig.recorder, iv_recorder_free);
  g_autoptr(GArray) numbers = play_segment(&rig, 0);
  g_assert_cmpint(g_array_index(numbers, int, 0), ==, 60); /* the keyframe a second or more ago */
  g_assert_cmpuint(numbers->len, ==, 40);
  feed_close(&feed);
  rig_close(&rig);
}

/* Who stops it loses nothing of what has come, however much still waits. */
static void test_stopped(void) {
  Rig rig;
  Feed feed = feed_open();
  IvRecorderStats stats;
  g_autofree char *folder = make_folder("stopped");
  rig_open(&rig, folder, &continuous, NULL);
  for (guint i = 0; i < 100; i++)
    push(&rig, &feed, FALSE);
  iv_recorder_stop(rig.recorder);
  iv_recorder_stats(rig.recorder, &stats);
  g_assert_cmpuint(stats.units, ==, 100);
  g_assert_cmpuint(stats.stored, ==, 100);
  g_assert_cmpuint(stats.lost, ==, 0);
  guint played = 0;
  g_assert_cmpuint(n_closed(&rig), ==, rig.segments->len);
  for (guint i = 0; i < rig.segments->len; i++) {
    g_autoptr(GArray) numbers = play_segment(&rig, i);
    played += numbers->len;
  }
  g_assert_cmpuint(played, ==, 100);
  feed_close(&feed);
  rig_close(&rig);
}

/* Until our clock shows it: what is waited for is a time, and no event. */
static void wait_past(gint64 until) {
  while (g_get_monotonic_time() <= until)
    g_usleep(1000);
}

/* What happens again just after the post-roll, between two keyframes, is there as a whole. */
static void test_events_close_by(void) {
  Rig rig;
  Feed feed = feed_open();
  g_autofree char *folder = make_folder("close-by");
  IvRecorderConfig config = {.mode = IV_RECORD_EVENTS,
                             .segment = IV_MINUTE,
                             .pre_roll = IV_SECOND,
                             .post_roll = 50 * IV_MS};
  rig_open(&rig, folder, &config, NULL);
  push_n(&rig, &feed, 45);
  iv_recorder_trigger(rig.recorder);
  push_n(&rig, &feed, 1);
  wait_past(g_get_monotonic_time() + 50 * G_TIME_SPAN_MILLISECOND); /* the post-roll's end */
  push_n(&rig, &feed, 1);
  iv_recorder_trigger(rig.recorder);
  push_n(&rig, &feed, 1);
  wait_past(g_get_monotonic_time() + 50 * G_TIME_SPAN_MILLISECOND);
  push_n(&rig, &feed, GOP);
  wait_closed(&rig, 1);
  iv_recorder_trigger(rig.recorder);
  push_n(&rig, &feed, 2 * GOP);
  iv_unit_ring_close(rig.ring);
  wait_closed(&rig, 2);
  g_clear_pointer(&rig.recorder, iv_recorder_free);
  g_autoptr(GArray) first = play_segment(&rig, 0);
  g_autoptr(GArray) second = play_segment(&rig, 1);
  int next = g_array_index(first, int, 0);
  for (guint i = 0; i < first->len; i++)
    g_assert_cmpint(g_array_index(first, int, i), ==, next++);
  g_assert_cmpint(next % GOP, ==, 0);
  g_assert_cmpint(g_array_index(second, int, 0), ==, next); /* from there on, by its pre-roll */
  feed_close(&feed);
  rig_close(&rig);
}

/* A file cut anywhere is told up to its last whole fragment. */
static void test_torn(void) {
  Rig rig;
  Feed feed = feed_open();
  g_autofree char *folder = make_folder("torn");
  rig_open(&rig, folder, &continuous, NULL);
  push_n(&rig, &feed, 3 * FPS);
  iv_unit_ring_close(rig.ring);
  wait_closed(&rig, 1);
  g_clear_pointer(&rig.recorder, iv_recorder_free);
  g_autofree char *path = g_build_filename(folder, g_array_index(rig.segments, Told, 0).path, NULL);
  int fd = g_open(path, O_RDWR | O_CLOEXEC, 0);
  g_auto(IvMp4Scan) whole;
  g_assert_true(iv_mp4_scan(fd, &whole, NULL));
  g_assert_cmpuint(whole.fragments->len, ==, 6);
  for (gint64 length = (gint64)whole.file_bytes - 1; length >= 8; length -= MAX(length / 50, 1)) {
    g_auto(IvMp4Scan) scan;
    g_assert_cmpint(ftruncate(fd, (off_t)length), ==, 0);
    g_assert_true(iv_mp4_scan(fd, &scan, NULL));
    g_assert_cmpuint(scan.fragments->len, <, 6);
    g_assert_cmpuint(scan.whole_bytes, <=, (guint64)length);
    g_assert_cmpint(scan.end, ==, scan.whole_bytes == (guint64)length ? IV_MP4_WHOLE : IV_MP4_TORN);
    for (guint i = 0; i < scan.fragments->len; i++)
      g_assert_cmpuint(g_array_index(scan.fragments, IvMp4Fragment, i).offset, ==,
                       g_array_index(whole.fragments, IvMp4Fragment, i).offset);
  }
  g_assert_cmpint(pwrite(fd, "rubbish!", 8, 0), ==, 8);
  g_autoptr(GError) error = NULL;
  IvMp4Scan none;
  g_assert_false(iv_mp4_scan(fd, &none, &error));
  g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  close(fd);
  feed_close(&feed);
  rig_close(&rig);
}

/* What is broken in the middle is told apart from what was being written. */
static void test_damaged(void) {
  Rig rig;
  Feed feed = feed_open();
  g_autofree char *folder = make_folder("damaged");
  rig_open(&rig, folder, &continuous, NULL);
  push_n(&rig, &feed, 3 * FPS);
  iv_unit_ring_close(rig.ring);
  wait_closed(&rig, 1);
  g_clear_pointer(&rig.recorder, iv_recorder_free);
  g_autofree char *path = g_build_filename(folder, g_array_index(rig.segments, Told, 0).path, NULL);
  int fd = g_open(path, O_RDWR | O_CLOEXEC, 0);
  g_auto(IvMp4Scan) whole;
  g_assert_true(iv_mp4_scan(fd, &whole, NULL));
  const IvMp4Fragment *third = &g_array_index(whole.fragments, IvMp4Fragment, 2);
  static const char *const wrongs[] = {"\0\0\0\0moof", "\0\0\0\7moof", "\177\377\377\377moof",
                                       "\0\10\0\0rubb", "\0\0\0\0\0\0\0\0"};
  for (guint i = 0; i < G_N_ELEMENTS(wrongs); i++) {
    g_auto(IvMp4Scan) scan;
    g_assert_cmpint(pwrite(fd, wrongs[i], 8, (off_t)third->offset), ==, 8);
    g_assert_true(iv_mp4_scan(fd, &scan, NULL));
    g_assert_cmpint(scan.end, ==, IV_MP4_DAMAGED);
    g_assert_cmpuint(scan.fragments->len, ==, 2);
    g_assert_cmpuint(scan.whole_bytes, ==, third->offset);
    g_assert_cmpuint(scan.file_bytes, ==, whole.file_bytes);
  }
  close(fd);
  feed_close(&feed);
  rig_close(&rig);
}

/* ---- before something happens ---- */

static gint alive; /* atomic */

static void count_release(G_GNUC_UNUSED gpointer owner) {
  g_atomic_int_add(&alive, -1);
}

/* However long the pre-roll may be, it takes only so much memory. */
static void test_pre_roll_is_bounded(void) {
  enum { SIZE = 4 * 1024 * 1024, N = 64 };
  Rig rig;
  g_autofree guint8 *bytes = g_malloc0(SIZE);
  g_autofree char *folder = make_folder("bounded");
  IvRecorderConfig config = {
      .mode = IV_RECORD_EVENTS, .segment = IV_MINUTE, .pre_roll = IV_HOUR, .post_roll = IV_SECOND};
  rig_open(&rig, folder, &config, NULL);
  for (guint i = 0; i < N; i++) {
    IvEncodedUnit *unit = iv_encoded_unit_new();
    unit->bytes = bytes;
    unit->size = SIZE;
    unit->codec = IV_CODEC_H264;
    unit->keyframe = TRUE;
    unit->ts = (IvTime)i * IV_SECOND;
    unit->owner = bytes;
    unit->release = count_release;
    g_atomic_int_inc(&alive);
    iv_unit_ring_push(rig.ring, unit);
    iv_encoded_unit_unref(unit);
  }
  gint64 until = g_get_monotonic_time() + DEADLINE;
  while (g_atomic_int_get(&alive) > (gint)(IV_PRE_ROLL_BYTES_MAX / SIZE)) {
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    g_usleep(1000); /* looks again, with the deadline above */
  }
  rig_close(&rig);
  g_assert_cmpint(g_atomic_int_get(&alive), ==, 0);
}

static void hold(Rig *rig, gboolean is_held) {
  g_mutex_lock(&rig->mutex);
  rig->is_held = is_held;
  g_cond_broadcast(&rig->changed);
  g_mutex_unlock(&rig->mutex);
}

static void wait_told(Rig *rig, guint n_states) {
  gint64 until = g_get_monotonic_time() + DEADLINE;
  g_mutex_lock(&rig->mutex);
  while (rig->n_states < n_states)
    g_assert_true(g_cond_wait_until(&rig->changed, &rig->mutex, until));
  g_mutex_unlock(&rig->mutex);
}

/* A hole in what was kept back: the file begins after it. */
static void test_pre_roll_has_no_hole(void) {
  Rig rig;
  Feed feed = feed_open();
  IvRecorderStats stats;
  g_autofree char *folder = make_folder("hole");
  IvRecorderConfig config = {
      .mode = IV_RECORD_EVENTS, .segment = IV_HOUR, .pre_roll = IV_HOUR, .post_roll = IV_HOUR};
  rig_open(&rig, folder, &config, NULL);
  hold(&rig, TRUE);
  push(&rig, &feed, FALSE);
  wait_told(&rig, 1); /* it waits now, and more comes than it may fall behind */
  while (feed.seq < 3 * CLIP)
    push(&rig, &feed, FALSE);
  hold(&rig, FALSE);
  gint64 until = g_get_monotonic_time() + DEADLINE;
  do {
    iv_recorder_stats(rig.recorder, &stats);
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    g_usleep(1000); /* looks again, with the deadline above */
  } while (stats.units + stats.lost < feed.seq);
  g_assert_cmpuint(stats.lost, >, 0);
  iv_recorder_trigger(rig.recorder);
  push(&rig, &feed, FALSE);
  iv_unit_ring_close(rig.ring);
  wait_closed(&rig, 1);
  g_clear_pointer(&rig.recorder, iv_recorder_free);
  g_autoptr(GArray) numbers = play_segment(&rig, 0);
  g_assert_cmpuint(numbers->len, ==,
                   stats.units); /* all but the first, which came before the hole */
  for (guint i = 0; i < numbers->len; i++)
    g_assert_cmpint(g_array_index(numbers, int, i), ==,
                    (int)((feed.seq - numbers->len + i) % CLIP));
  feed_close(&feed);
  rig_close(&rig);
}

/* ---- real cameras ---- */

/* A player takes pictures in the order of their decode times: those rise from one to the next over
 * all fragments, and no picture is to be shown before it is decoded. */
static void check_decode_times(const Rig *rig, guint i) {
  g_autofree char *path =
      g_build_filename(rig->folder, g_array_index(rig->segments, Told, i).path, NULL);
  g_autofree char *text =
      g_strdup_printf("filesrc location=%s ! qtdemux ! appsink name=out sync=false", path);
  GstElement *pipeline = gst_parse_launch(text, NULL);
  GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  GstClockTime last = GST_CLOCK_TIME_NONE;
  guint n = 0;
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  for (GstSample *sample; (sample = gst_app_sink_pull_sample(GST_APP_SINK(out))); n++) {
    GstBuffer *buffer = gst_sample_get_buffer(sample);
    GstClockTime dts = GST_BUFFER_DTS(buffer), pts = GST_BUFFER_PTS(buffer);
    g_assert_true(last == GST_CLOCK_TIME_NONE || dts > last);
    g_assert_cmpuint(pts, >=, dts);
    last = dts;
    gst_sample_unref(sample);
  }
  g_assert_cmpuint(n, >=, GOP);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(out);
  gst_object_unref(pipeline);
}

/* Told times are those of the pictures; the file says the same of itself. */
static void check_length(const Rig *rig, guint i) {
  const Told *told = &g_array_index(rig->segments, Told, i);
  g_auto(IvMp4Scan) scan;
  int fd = open_segment(rig, i);
  g_assert_true(iv_mp4_scan(fd, &scan, NULL));
  close(fd);
  IvTime shown = 0;
  for (guint k = 0; k < scan.fragments->len; k++)
    shown += g_array_index(scan.fragments, IvMp4Fragment, k).samples * (IV_SECOND / FPS);
  /* camera and clock are each paced by hand */
  g_assert_cmpint(ABS(scan.length - shown), <=, IV_SECOND / FPS / 2);
  g_assert_cmpint(ABS(told->end - told->start - shown), <=, IV_SECOND / FPS / 2);
}

static void record_rtsp(const char *mount_clip, const char *name, const char *folder_name) {
  Server server;
  Rig rig;
  g_autofree char *mount = g_strdup_printf("%s=%s", name, mount_clip);
  g_autofree char *folder = make_folder(folder_name);
  server_start(&server, "-", "-", (const char *const[]){mount, NULL});
  g_autofree char *url = server_url(&server, name, "");
  IvIngestConfig config = {.source = url, .decode = FALSE};
  const IvIngestEvents events = {0};
  g_autoptr(GError) error = NULL;
  IvIngest *ingest = iv_ingest_new(&config, &events, NULL, &error);
  g_assert_no_error(error);
  IvRecorderConfig record = {.mode = IV_RECORD_CONTINUOUS, .segment = IV_SECOND};
  rig_open(&rig, folder, &record, iv_ingest_ring(ingest));
  iv_ingest_start(ingest);
  wait_closed(&rig, 3);
  IvRecorderStats stats;
  iv_recorder_stats(rig.recorder, &stats);
  g_clear_pointer(&rig.recorder, iv_recorder_free);
  g_assert_cmpuint(stats.lost, ==, 0);
  int last = -1;
  for (guint i = 0; i < 3; i++) {
    check_decode_times(&rig, i);
    check_length(&rig, i);
    g_autoptr(GArray) numbers = play_segment(&rig, i);
    g_assert_cmpuint(numbers->len, >=, GOP);
    for (guint k = 0; k < numbers->len; k++) {
      int number = g_array_index(numbers, int, k);
      if (last >= 0)
        g_assert_cmpint(number, ==, (last + 1) % CLIP);
      last = number;
    }
  }
  iv_ingest_free(ingest);
  rig_close(&rig);
  server_clear(&server);
}

static void test_rtsp(void) {
  record_rtsp(clip, "cam", "rtsp");
}

static void test_rtsp_h265(void) {
  if (!clip_h265) {
    g_test_skip("x265enc (gstreamer1.0-plugins-bad) is not installed");
    return;
  }
  record_rtsp(clip_h265, "h265", "rtsp265");
}

static void test_b_frames(void) {
  if (!clip_b) {
    g_test_skip("x264enc (gstreamer1.0-plugins-ugly) is not installed");
    return;
  }
  record_rtsp(clip_b, "b", "b");
}

static void test_b_frames_h265(void) {
  if (!clip_b265) {
    g_test_skip("x265enc (gstreamer1.0-plugins-bad) is not installed");
    return;
  }
  record_rtsp(clip_b265, "h265", "b265");
}

/* ---- trouble ---- */

static gboolean mount_small_disk(const char *folder) {
  return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount("none", folder, "tmpfs", 0, "size=400k") == 0;
}

static void remove_segment(const Rig *rig, guint i) {
  g_autofree char *path =
      g_build_filename(rig->folder, g_array_index(rig->segments, Told, i).path, NULL);
  g_assert_cmpint(g_unlink(path), ==, 0);
}

/* A full disk is told, costs what comes meanwhile, and leaves only whole files. */
static void test_full_disk(void) {
  Rig rig;
  Feed feed = feed_open();
  g_autofree char *folder = make_folder("full");
  if (!mount_small_disk(folder)) {
    g_test_skip("mounting a small disk needs root");
    feed_close(&feed);
    return;
  }
  IvRecorderStats stats;
  rig_open(&rig, folder, &continuous, NULL);
  for (guint i = 0; i < 100 && (!rig.trouble || !rig.trouble[0]); i++) {
    for (guint k = 0; k < 20; k++)
      push(&rig, &feed, FALSE);
    g_usleep(20 *
             1000); /* the recorder has a while to write them; how much it writes is not judged */
  }
  wait_trouble(&rig, "the disk is full");
  guint told = rig.n_states;
  for (gint64 end = g_get_monotonic_time() + 6 * G_TIME_SPAN_SECOND;
       g_get_monotonic_time() < end;) { /* it tries again meanwhile, and says nothing new */
    push(&rig, &feed, FALSE);
    g_usleep(20 * 1000);
  }
  g_assert_cmpuint(rig.n_states, ==, told);
  iv_recorder_stats(rig.recorder, &stats);
  g_assert_cmpuint(stats.lost, >=, 6);
  for (guint i = 0; i < rig.segments->len; i++) {
    g_auto(IvMp4Scan) scan = {0};
    int fd = open_segment(&rig, i);
    if (iv_mp4_scan(fd, &scan, NULL))
      g_assert_cmpuint(scan.whole_bytes, ==, scan.file_bytes);
    close(fd);
    remove_segment(&rig, i);
  }
  guint before = rig.segments->len;
  gint64 until = g_get_monotonic_time() + DEADLINE;
  while (rig.segments->len == before) { /* it tries again by itself */
    push(&rig, &feed, FALSE);
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    g_usleep(5000);
  }
  iv_unit_ring_close(rig.ring);
  wait_closed(&rig, before + 1);
  iv_recorder_stats(rig.recorder, &stats);
  g_assert_cmpuint(stats.stored + stats.lost, ==, feed.seq); /* each is known to be there or not */
  rig_close(&rig);
  umount(folder);
  feed_close(&feed);
}

/* Records what the parent's folder says until it is killed. */
static _Noreturn void record_for_ever(const char *folder) {
  Rig rig;
  Feed feed = feed_open();
  const IvRecorderConfig long_ones = {.mode = IV_RECORD_CONTINUOUS, .segment = IV_HOUR};
  rig_open(&rig, folder, &long_ones, NULL);
  for (;;)
    push_n(&rig, &feed, FPS); /* a second of film, as soon as the one before was taken */
}

static char *only_file(const char *folder) {
  g_autofree char *camera = g_build_filename(folder, "cam", NULL);
  g_autoptr(GDir) days = g_dir_open(camera, 0, NULL);
  const char *day = days ? g_dir_read_name(days) : NULL;
  g_autofree char *path = day ? g_build_filename(camera, day, NULL) : NULL;
  g_autoptr(GDir) files = path ? g_dir_open(path, 0, NULL) : NULL;
  const char *name = files ? g_dir_read_name(files) : NULL;
  return name ? g_build_filename(path, name, NULL) : NULL;
}

static guint whole_fragments(const char *path, guint64 *ret_whole) {
  int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
  g_auto(IvMp4Scan) scan = {0};
  guint n = 0;
  if (fd >= 0 && iv_mp4_scan(fd, &scan, NULL)) {
    n = scan.fragments->len;
    *ret_whole = scan.whole_bytes;
  }
  if (fd >= 0)
    close(fd);
  return n;
}

/* Killed while it writes: what is whole plays, from the first picture on, without a hole. */
static void test_killed(void) {
  for (int kill_no = 0; kill_no < 5; kill_no++) {
    g_autofree char *name = g_strdup_printf("killed%d", kill_no);
    g_autofree char *folder = make_folder(name);
    g_autofree char *path = NULL;
    guint64 whole = 0;
    gint64 until = g_get_monotonic_time() + DEADLINE;
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) child =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, "/proc/self/exe", "--record",
                         folder, clip, NULL);
    g_assert_no_error(error);
    while (!path || whole_fragments(path, &whole) < 3) {
      g_assert_cmpint(g_get_monotonic_time(), <, until);
      g_usleep(1000 * (1 + (guint)kill_no)); /* looks again, each time at another moment */
      if (!path)
        path = only_file(folder);
    }
    g_subprocess_force_exit(child);
    g_subprocess_wait(child, NULL, NULL);
    guint n = whole_fragments(path, &whole);
    g_assert_cmpint(truncate(path, (off_t)whole), ==, 0); /* as the repair does */
    g_autoptr(GArray) numbers = play(path);
    g_assert_cmpuint(numbers->len, ==, n * GOP);
    for (guint i = 0; i < numbers->len; i++)
      g_assert_cmpint(g_array_index(numbers, int, i), ==, (int)(i % CLIP));
  }
}

static void remove_all(const char *path) {
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    remove_all(inner);
  }
  g_remove(path);
}

int main(int argc, char **argv) {
  gst_init(&argc, &argv);
  if (argc == 4 && strcmp(argv[1], "--record") == 0) {
    clip = g_strdup(argv[3]);
    record_for_ever(argv[2]);
  }
  g_test_init(&argc, &argv, NULL);
  dir = g_dir_make_tmp("inveye-record-XXXXXX", NULL);
  clip = g_build_filename(dir, "clip.mp4", NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = FPS, .n = CLIP, .gop = GOP};
  if (!clip_write(clip, &spec)) {
    remove_all(dir);
    g_print("1..0 # SKIP no H.264 encoder (gstreamer1.0-plugins-bad)\n");
    return 0;
  }
  clip_h265 = g_build_filename(dir, "clip265.mp4", NULL);
  spec.encoder = "x265enc key-int-max=10 bitrate=400 option-string=bframes=0";
  spec.muxer = "h265parse ! mp4mux";
  if (!clip_write(clip_h265, &spec))
    g_clear_pointer(&clip_h265, g_free);
  clip_b265 = g_build_filename(dir, "clip-b265.mp4", NULL);
  spec.encoder = "x265enc key-int-max=10 bitrate=400 option-string=bframes=3:open-gop=0";
  if (!clip_write(clip_b265, &spec))
    g_clear_pointer(&clip_b265, g_free);
  clip_b = g_build_filename(dir, "clip-b.mp4", NULL);
  spec.encoder = "x264enc key-int-max=10 bitrate=400 bframes=3 b-pyramid=true b-adapt=false";
  spec.muxer = "h264parse ! mp4mux";
  if (!clip_write(clip_b, &spec))
    g_clear_pointer(&clip_b, g_free);
  g_test_add_func("/media/recorder/all-once", test_all_once);
  g_test_add_func("/media/recorder/stopped", test_stopped);
  g_test_add_func("/media/recorder/seam", test_seam);
  g_test_add_func("/media/recorder/events", test_events);
  g_test_add_func("/media/recorder/events-close-by", test_events_close_by);
  g_test_add_func("/media/recorder/torn", test_torn);
  g_test_add_func("/media/recorder/damaged", test_damaged);
  g_test_add_func("/media/recorder/pre-roll-is-bounded", test_pre_roll_is_bounded);
  g_test_add_func("/media/recorder/pre-roll-has-no-hole", test_pre_roll_has_no_hole);
  g_test_add_func("/media/recorder/rtsp", test_rtsp);
  g_test_add_func("/media/recorder/rtsp-h265", test_rtsp_h265);
  g_test_add_func("/media/recorder/b-frames", test_b_frames);
  g_test_add_func("/media/recorder/b-frames-h265", test_b_frames_h265);
  g_test_add_func("/media/recorder/full-disk", test_full_disk);
  g_test_add_func("/media/recorder/killed", test_killed);
  int failed = g_test_run();
  remove_all(dir);
  g_free(clip);
  g_free(clip_h265);
  g_free(clip_b);
  g_free(clip_b265);
  g_free(dir);
  return failed;
}
