/* SPDX-License-Identifier: Apache-2.0 */
#include "clip.h"

#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <string.h>

#define BLOCK 16
#define BITS 12

static void draw_number(guint8 *bytes, int w, int h, guint i) {
  for (int y = 0; y < h; y++) /* something that moves */
    memset(bytes + (gsize)y * w + (i * 4 + y) % (w - 24), 150, 24);
  for (int bit = 0; bit < BITS; bit++)
    for (int y = 0; y < BLOCK; y++)
      memset(bytes + (gsize)y * w + bit * BLOCK, (i >> bit) & 1 ? 230 : 20, BLOCK);
  for (int y = 0; y < BLOCK; y++) { /* a mark that says "numbers here" */
    memset(bytes + (gsize)y * w + BITS * BLOCK, 230, BLOCK);
    memset(bytes + (gsize)y * w + (BITS + 1) * BLOCK, 20, BLOCK);
  }
}

static GstBuffer *picture(const ClipSpec *spec, guint i) {
  int w = spec->size.width, h = spec->size.height;
  gsize luma = (gsize)w * h, all = luma * 3 / 2;
  guint8 *bytes = g_malloc(all);
  memset(bytes, spec->brightness ? spec->brightness(i) : 90, luma);
  memset(bytes + luma, 128, all - luma);
  if (!spec->brightness)
    draw_number(bytes, w, h, i);
  GstBuffer *buffer = gst_buffer_new_wrapped(bytes, all);
  GST_BUFFER_PTS(buffer) = gst_util_uint64_scale(i, GST_SECOND, spec->fps);
  GST_BUFFER_DURATION(buffer) = GST_SECOND / spec->fps;
  return buffer;
}

static int block_mean(const IvFrame *frame, int block) {
  int sum = 0;
  for (int y = 4; y < 12; y++)
    for (int x = 4; x < 12; x++)
      sum += frame->plane[0][y * frame->stride[0] + block * BLOCK + x];
  return sum / 64;
}

int clip_number(const IvFrame *frame) {
  if (block_mean(frame, BITS) < 150 || block_mean(frame, BITS + 1) > 100)
    return -1;
  int number = 0;
  for (int bit = 0; bit < BITS; bit++)
    number |= (block_mean(frame, bit) > 125) << bit;
  return number;
}

gboolean clip_write(const char *path, const ClipSpec *spec) {
  g_autofree char *standard =
      g_strdup_printf("openh264enc bitrate=300000 rate-control=bitrate gop-size=%d", spec->gop);
  g_autofree char *text = g_strdup_printf(
      "appsrc name=src format=time block=true caps=video/x-raw,format=I420,width=%d,height=%d,"
      "framerate=%d/1 ! %s ! %s ! filesink location=%s",
      spec->size.width, spec->size.height, spec->fps, spec->encoder ? spec->encoder : standard,
      spec->muxer ? spec->muxer : "h264parse ! mp4mux", path);
  g_autoptr(GError) error = NULL;
  GstElement *pipeline = gst_parse_launch(text, &error);
  if (error) {
    g_test_message("%s", error->message);
    g_clear_pointer(&pipeline, gst_object_unref);
    return FALSE;
  }
  GstElement *src = gst_bin_get_by_name(GST_BIN(pipeline), "src");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < spec->n; i++)
    gst_app_src_push_buffer(GST_APP_SRC(src), picture(spec, i));
  gst_app_src_end_of_stream(GST_APP_SRC(src));
  GstBus *bus = gst_element_get_bus(pipeline);
  GstMessage *end =
      gst_bus_timed_pop_filtered(bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gboolean ok = end && GST_MESSAGE_TYPE(end) == GST_MESSAGE_EOS;
  gst_clear_message(&end);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(src);
  gst_object_unref(pipeline);
  return ok;
}

GPtrArray *clip_units(const char *path, int codec) {
  g_autofree char *text = g_strdup_printf(
      "filesrc location=%s ! parsebin ! h%dparse config-interval=-1 ! "
      "video/x-h%d,stream-format=byte-stream,alignment=au ! appsink name=out sync=false",
      path, codec, codec);
  GPtrArray *units = g_ptr_array_new_with_free_func((GDestroyNotify)gst_buffer_unref);
  GstElement *pipeline = gst_parse_launch(text, NULL);
  GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstSample *sample;
  while ((sample = gst_app_sink_pull_sample(GST_APP_SINK(out)))) {
    g_ptr_array_add(units, gst_buffer_ref(gst_sample_get_buffer(sample)));
    gst_sample_unref(sample);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(out);
  gst_object_unref(pipeline);
  return units;
}

void clip_remove_dir(const char *dir) {
  g_autoptr(GDir) open = g_dir_open(dir, 0, NULL);
  const char *name;
  while (open && (name = g_dir_read_name(open))) {
    g_autofree char *path = g_build_filename(dir, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
      clip_remove_dir(path);
    else
      g_remove(path);
  }
  g_rmdir(dir);
}
