/* SPDX-License-Identifier: Apache-2.0 */
#include "media/reel.h"

#include <gst/app/gstappsink.h>
#include <string.h>

#include "media/demo_server.h"
#include "media/nal.h"
#include "media/seam.h"

static GstElement *make_reader(const char *path) {
  GstElement *reader = gst_parse_launch(
      "filesrc name=file ! h264parse config-interval=-1 ! "
      "video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=out sync=false",
      NULL);
  g_autoptr(GstElement) file = gst_bin_get_by_name(GST_BIN(reader), "file");
  g_object_set(file, "location", path, NULL);
  return reader;
}

static void take(IvReel *reel, GstSample *sample) {
  if (!reel->caps) {
    reel->caps = gst_caps_ref(gst_sample_get_caps(sample));
    const GstStructure *s = gst_caps_get_structure(reel->caps, 0);
    gst_structure_get_int(s, "width", &reel->size.width);
    gst_structure_get_int(s, "height", &reel->size.height);
  }
  g_ptr_array_add(reel->units, gst_buffer_ref(gst_sample_get_buffer(sample)));
}

static void read_units(IvReel *reel, const char *path) {
  g_autoptr(GstElement) reader = gst_object_ref_sink(make_reader(path));
  g_autoptr(GstElement) out = gst_bin_get_by_name(GST_BIN(reader), "out");
  gst_element_set_state(reader, GST_STATE_PLAYING);
  GstSample *sample;
  while ((sample = gst_app_sink_pull_sample(GST_APP_SINK(out)))) {
    take(reel, sample);
    gst_sample_unref(sample);
  }
  gst_element_set_state(reader, GST_STATE_NULL);
}

/* The message stands before the first slice, after the parameter sets. */
static GstBuffer *with_seam(GstBuffer *unit) {
  GstMapInfo map;
  if (!gst_buffer_map(unit, &map, GST_MAP_READ))
    return gst_buffer_ref(unit);
  gsize nal_size, at = iv_nal_first_slice_h264(map.data, map.size);
  const guint8 *nal = iv_seam_nal_h264(&nal_size);
  guint8 *bytes = g_malloc(map.size + nal_size);
  memcpy(bytes, map.data, at);
  memcpy(bytes + at, nal, nal_size);
  memcpy(bytes + at + nal_size, map.data + at, map.size - at);
  gsize size = map.size + nal_size;
  gst_buffer_unmap(unit, &map);
  return gst_buffer_new_wrapped(bytes, size);
}

IvReel *iv_reel_load(const char *path, int fps_num, int fps_den, GError **error) {
  g_autoptr(IvReel) reel = g_new0(IvReel, 1);
  reel->units = g_ptr_array_new_with_free_func((GDestroyNotify)gst_buffer_unref);
  reel->fps_num = fps_num;
  reel->fps_den = fps_den;
  read_units(reel, path);
  if (reel->units->len == 0) {
    g_set_error(error, IV_DEMO_ERROR, IV_DEMO_ERROR_CACHE,
                "%s holds no pictures: remove its folder, it is made again", path);
    return NULL;
  }
  reel->seam = with_seam(reel->units->pdata[0]);
  return g_steal_pointer(&reel);
}

void iv_reel_free(IvReel *reel) {
  g_ptr_array_unref(reel->units);
  gst_clear_buffer(&reel->seam);
  gst_clear_caps(&reel->caps);
  g_free(reel);
}

GstBuffer *iv_reel_unit(const IvReel *reel, guint index, gboolean after_seam) {
  return gst_buffer_copy(after_seam ? reel->seam : reel->units->pdata[index]);
}

guint iv_reel_keyframe(const IvReel *reel, guint index) {
  while (index > 0 && GST_BUFFER_FLAG_IS_SET(reel->units->pdata[index], GST_BUFFER_FLAG_DELTA_UNIT))
    index--;
  return index;
}
