/* SPDX-License-Identifier: Apache-2.0 */
/* The picture of a moment is the one that is shown then, whatever order it is stored in. */
#include "media/recorded_frame.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "clip.h"
#include "media/fragmenter.h"
#include "media/mp4_scan.h"

#define FPS 20
#define GOP 30 /* longer than a fragment: not each begins with a keyframe */
#define PICTURES 100
#define STEP (IV_SECOND / FPS)

static char *dir;

static gboolean append(const guint8 *bytes, gsize n, gpointer user_data) {
  return write(*(int *)user_data, bytes, n) == (gssize)n;
}

static void unmap(gpointer owner) {
  g_bytes_unref(owner);
}

static IvEncodedUnit *unit_of(GstBuffer *buffer, int codec, GstCaps *caps) {
  gpointer bytes;
  gsize n;
  gst_buffer_extract_dup(buffer, 0, (gsize)-1, &bytes, &n);
  IvEncodedUnit *unit = iv_encoded_unit_new();
  unit->owner = g_bytes_new_take(bytes, n);
  unit->release = unmap;
  unit->bytes = bytes;
  unit->size = n;
  unit->codec = codec == 265 ? IV_CODEC_H265 : IV_CODEC_H264;
  unit->picture = (IvSize){320, 240};
  unit->keyframe = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  unit->pts = (IvStreamTime)GST_BUFFER_PTS(buffer);
  unit->dts = IV_STREAM_TIME_NONE;
  unit->caps = gst_caps_ref(caps);
  return unit;
}

/* A recorded file of numbered pictures; NULL where the encoder is missing. */
static char *record(const char *name, const char *encoder, const char *muxer, int codec) {
  g_autofree char *clip = g_strdup_printf("%s/%s-clip.mp4", dir, name);
  char *path = g_strdup_printf("%s/%s.mp4", dir, name);
  ClipSpec spec = {.size = {320, 240},
                   .fps = FPS,
                   .n = PICTURES,
                   .gop = GOP,
                   .encoder = encoder,
                   .muxer = muxer};
  if (!clip_write(clip, &spec)) {
    g_free(path);
    return NULL;
  }
  g_autoptr(GPtrArray) buffers = clip_units(clip, codec);
  g_assert_cmpuint(buffers->len, ==, PICTURES);
  g_autofree char *text = g_strdup_printf("video/x-h%d,stream-format=byte-stream,alignment=au,"
                                          "width=320,height=240,framerate=20/1",
                                          codec);
  GstCaps *caps = gst_caps_from_string(text);
  int fd = g_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  IvFragmenterEvents events = {append, &fd};
  g_autoptr(GError) error = NULL;
  g_autoptr(IvFragmenter) fragmenter = NULL;
  for (guint i = 0; i < buffers->len; i++) {
    g_autoptr(IvEncodedUnit) unit = unit_of(buffers->pdata[i], codec, caps);
    if (!fragmenter)
      fragmenter = iv_fragmenter_new(unit, &events, &error);
    g_assert_no_error(error);
    g_assert_true(iv_fragmenter_push(fragmenter, unit));
  }
  iv_fragmenter_finish(fragmenter);
  close(fd);
  gst_caps_unref(caps);
  return path;
}

static IvTime deadline(void) {
  return iv_clock_monotonic() + 60 * IV_SECOND;
}

static int number_at(int fd, IvTime at, IvTime *ret_ts) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvFrame) frame = iv_recorded_frame(fd, at, 0, deadline(), &error);
  g_assert_no_error(error);
  g_assert_cmpint(frame->size.width, ==, 320);
  *ret_ts = frame->ts;
  return clip_number(frame);
}

/* At its beginning, in its middle and just before the next one it is the same picture. */
static void check_all(const char *path) {
  int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
  g_auto(IvMp4Scan) scan;
  g_assert_true(iv_mp4_scan(fd, &scan, NULL));
  g_assert_cmpint(ABS(scan.length - PICTURES * STEP), <=, STEP / 2);
  guint without = 0; /* fragments that do not begin with a keyframe */
  for (guint i = 0; i < scan.fragments->len; i++)
    without += !g_array_index(scan.fragments, IvMp4Fragment, i).keyframe;
  g_assert_cmpuint(without, >, 0);
  static const IvTime parts[] = {0, STEP / 2, STEP - 5 * IV_MS};
  for (int i = 0; i < PICTURES; i += 7)
    for (guint k = 0; k < G_N_ELEMENTS(parts); k++) {
      IvTime ts;
      g_assert_cmpint(number_at(fd, i * STEP + parts[k], &ts), ==, i);
      g_assert_cmpint(ABS(ts - i * STEP), <=, IV_MS);
    }
  IvTime ts;
  g_assert_cmpint(number_at(fd, scan.length - IV_MS, &ts), ==, PICTURES - 1);
  close(fd);
}

static void test_h264(void) {
  g_autofree char *path = record("plain", NULL, NULL, 264);
  check_all(path);
}

static void check_encoder(const char *name, const char *encoder, const char *muxer, int codec) {
  g_autofree char *path = record(name, encoder, muxer, codec);
  if (!path) {
    g_test_skip("its encoder is not installed");
    return;
  }
  check_all(path);
}

/* In a scene in which nothing moves pictures are all of one size, which the file then says once for
 * a fragment; so it does for a fragment of one picture. */
static void test_one_size(void) {
  g_autofree char *clip = g_build_filename(dir, "still-clip.mp4", NULL);
  g_autofree char *path = g_build_filename(dir, "still.mp4", NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = FPS, .n = 2, .gop = GOP};
  g_assert_true(clip_write(clip, &spec));
  g_autoptr(GPtrArray) buffers = clip_units(clip, 264);
  g_autoptr(GError) error = NULL;
  GstCaps *caps = gst_caps_from_string("video/x-h264,stream-format=byte-stream,alignment=au,"
                                       "width=320,height=240,framerate=20/1");
  int fd = g_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  IvFragmenterEvents events = {append, &fd};
  g_autoptr(IvFragmenter) fragmenter = NULL;
  for (guint i = 0; i < PICTURES; i++) {
    g_autoptr(IvEncodedUnit) unit = unit_of(buffers->pdata[i == 0 || i == 85 ? 0 : 1], 264, caps);
    unit->pts = (IvStreamTime)(i * (guint)STEP) * 1000;
    if (!fragmenter)
      fragmenter = iv_fragmenter_new(unit, &events, &error);
    g_assert_no_error(error);
    g_assert_true(iv_fragmenter_push(fragmenter, unit));
  }
  iv_fragmenter_finish(fragmenter);
  g_auto(IvMp4Scan) scan;
  g_assert_true(iv_mp4_scan(fd, &scan, NULL));
  g_assert_cmpint(scan.end, ==, IV_MP4_WHOLE);
  g_assert_cmpint(ABS(scan.length - PICTURES * STEP), <=, STEP / 2);
  guint pictures = 0, keyframes = 0;
  for (guint i = 0; i < scan.fragments->len; i++) {
    pictures += g_array_index(scan.fragments, IvMp4Fragment, i).samples;
    keyframes += g_array_index(scan.fragments, IvMp4Fragment, i).keyframe;
  }
  g_assert_cmpuint(pictures, ==, PICTURES);
  g_assert_cmpuint(keyframes, ==, 2);
  close(fd);
  gst_caps_unref(caps);
}

static void test_b_frames(void) {
  check_encoder("b", "x264enc key-int-max=30 bitrate=400 bframes=3 b-pyramid=true b-adapt=false",
                NULL, 264);
}

static void test_h265(void) {
  check_encoder("h265", "x265enc key-int-max=30 bitrate=400 option-string=bframes=3:open-gop=0",
                "h265parse ! mp4mux", 265);
}

static void expect(int fd, IvTime at, IvTime slack, IvTime until, IvRecordedFrameError code) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvFrame) frame = iv_recorded_frame(fd, at, slack, until, &error);
  g_assert_null(frame);
  g_assert_error(error, IV_RECORDED_FRAME_ERROR, (gint)code);
}

/* What is not there is told as such, and so is a file that was cut short or is none. */
static void test_not_there(void) {
  g_autofree char *path = record("cut", NULL, NULL, 264);
  int fd = g_open(path, O_RDWR | O_CLOEXEC, 0);
  g_auto(IvMp4Scan) scan;
  g_assert_true(iv_mp4_scan(fd, &scan, NULL));
  expect(fd, -1, 0, deadline(), IV_RECORDED_FRAME_ERROR_BEYOND);
  expect(fd, scan.length + IV_MS, 0, deadline(), IV_RECORDED_FRAME_ERROR_BEYOND);
  expect(fd, 0, 0, iv_clock_monotonic(), IV_RECORDED_FRAME_ERROR_LATE);
  g_autoptr(IvFrame) last = iv_recorded_frame(fd, scan.length + IV_MS, IV_SECOND, deadline(), NULL);
  g_assert_nonnull(last);
  g_assert_cmpint(clip_number(last), ==, PICTURES - 1);

  const IvMp4Fragment *second = &g_array_index(scan.fragments, IvMp4Fragment, 1);
  g_assert_cmpint(ftruncate(fd, (off_t)(second->offset + second->size - 1)), ==, 0);
  IvTime ts; /* as while it is written */
  g_assert_cmpint(number_at(fd, second->start - IV_MS, &ts), ==, second->start / STEP - 1);
  expect(fd, second->start + IV_MS, 0, deadline(), IV_RECORDED_FRAME_ERROR_BEYOND);
  close(fd);

  g_autofree char *other = g_build_filename(dir, "other", NULL);
  g_assert_true(g_file_set_contents(other, "this is no MP4 file at all", -1, NULL));
  fd = g_open(other, O_RDONLY | O_CLOEXEC, 0);
  expect(fd, 0, 0, deadline(), IV_RECORDED_FRAME_ERROR_FILE);
  close(fd);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(NULL, NULL);
  dir = g_dir_make_tmp("inveye-recorded-frame-XXXXXX", NULL);
  g_test_add_func("/recorded-frame/h264", test_h264);
  g_test_add_func("/recorded-frame/one-size", test_one_size);
  g_test_add_func("/recorded-frame/b-frames", test_b_frames);
  g_test_add_func("/recorded-frame/h265", test_h265);
  g_test_add_func("/recorded-frame/not-there", test_not_there);
  int result = g_test_run();
  clip_remove_dir(dir);
  g_free(dir);
  return result;
}
