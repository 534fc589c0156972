/* SPDX-License-Identifier: Apache-2.0 */
#include "recorded_film.h"

#include <gst/gst.h>

#include "../media/clip.h"

gboolean recorded_film_clip(const char *path, IvSize size) {
  ClipSpec spec = {.size = size, .fps = FILM_FPS, .n = FILM_PICTURES, .gop = FILM_GOP};
  return clip_write(path, &spec);
}

static void unmap(gpointer owner) {
  g_bytes_unref(owner);
}

static void push(IvUnitRing *ring, GstBuffer *buffer, GstCaps *caps, IvSize size, IvTime start,
                 guint i) {
  gpointer bytes;
  gsize n;
  gst_buffer_extract_dup(buffer, 0, (gsize)-1, &bytes, &n);
  IvEncodedUnit *unit = iv_encoded_unit_new();
  unit->owner = g_bytes_new_take(bytes, n);
  unit->release = unmap;
  unit->bytes = bytes;
  unit->size = n;
  unit->codec = IV_CODEC_H264;
  unit->picture = size;
  unit->keyframe = i % FILM_GOP == 0;
  unit->ts = start + (IvTime)i * IV_SECOND / FILM_FPS;
  unit->pts = unit->dts = (IvStreamTime)i * (GST_SECOND / FILM_FPS);
  unit->seq = i;
  unit->caps = gst_caps_ref(caps);
  iv_unit_ring_push(ring, unit);
  iv_encoded_unit_unref(unit);
}

void recorded_film_record(const char *folder, const char *clip, IvSize size, IvTime start,
                          const IvRecorderEvents *events, gpointer user_data) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) buffers = clip_units(clip, 264);
  g_autofree char *text = g_strdup_printf("video/x-h264,stream-format=byte-stream,alignment=au,"
                                          "width=%d,height=%d,framerate=%d/1",
                                          size.width, size.height, FILM_FPS);
  g_autoptr(GstCaps) caps = gst_caps_from_string(text);
  g_autoptr(IvUnitRing) ring = iv_unit_ring_new();
  IvRecorderConfig config = {
      .folder = folder, .camera = "door", .mode = IV_RECORD_CONTINUOUS, .segment = IV_HOUR};
  IvRecorder *recorder = iv_recorder_new(&config, ring, events, user_data, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < FILM_PICTURES; i++)
    push(ring, buffers->pdata[i], caps, size, start, i);
  iv_unit_ring_close(ring);
  IvRecorderStats stats = {0};
  for (gint64 until = g_get_monotonic_time() + 30 * G_TIME_SPAN_SECOND;
       stats.stored < FILM_PICTURES;) {
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    g_usleep(1000); /* looks again, with the deadline above */
    iv_recorder_stats(recorder, &stats);
  }
  iv_recorder_free(recorder);
}
