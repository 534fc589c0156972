/* SPDX-License-Identifier: Apache-2.0 */
/* One program that reads a camera by RTSP, a process of its own so that it can be killed or frozen.
 * reader URL tcp|udp USER PASSWORD. Says at each line "stats":
 * "units N keys N codec C taken T tail HEX over WORDS": T is the capture time of the last picture
 * in µs as the sender reports tell it (0: none did yet), HEX the last bytes of it, and WORDS why no
 * more come ("no": they do). */
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#define NTP_TO_UNIX G_GUINT64_CONSTANT(2208988800000000)
#define TAIL 16

static GMutex mutex; /* guards what follows */
static guint64 units, keys;
static gint64 taken;
static char tail[2 * TAIL + 1], codec[8] = "-", over[256] = "no";

static void look(GstBuffer *buffer) {
  GstMapInfo map;
  GstCaps *ntp = gst_caps_new_empty_simple("timestamp/x-ntp");
  GstReferenceTimestampMeta *meta = gst_buffer_get_reference_timestamp_meta(buffer, ntp);
  gst_caps_unref(ntp);
  gst_buffer_map(buffer, &map, GST_MAP_READ);
  g_mutex_lock(&mutex);
  units++;
  keys += GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT) ? 0 : 1;
  taken = meta ? (gint64)(meta->timestamp / 1000 - NTP_TO_UNIX) : 0;
  for (gsize i = 0; i < TAIL && map.size >= TAIL; i++)
    g_snprintf(tail + 2 * i, 3, "%02x", map.data[map.size - TAIL + i]);
  g_mutex_unlock(&mutex);
  gst_buffer_unmap(buffer, &map);
}

static GstFlowReturn on_sample(GstAppSink *sink, G_GNUC_UNUSED gpointer user_data) {
  GstSample *sample = gst_app_sink_pull_sample(sink);
  if (sample)
    look(gst_sample_get_buffer(sample));
  g_clear_pointer(&sample, gst_sample_unref);
  return GST_FLOW_OK;
}

static void on_pad(G_GNUC_UNUSED GstElement *source, GstPad *pad, gpointer pipeline) {
  GstCaps *caps = gst_pad_get_current_caps(pad);
  const char *name = gst_structure_get_string(gst_caps_get_structure(caps, 0), "encoding-name");
  gboolean h265 = g_strcmp0(name, "H265") == 0;
  g_mutex_lock(&mutex);
  g_strlcpy(codec, name ? name : "?", sizeof codec);
  g_mutex_unlock(&mutex);
  GstElement *depay = gst_element_factory_make(h265 ? "rtph265depay" : "rtph264depay", NULL);
  GstElement *sink = gst_element_factory_make("appsink", NULL);
  GstAppSinkCallbacks callbacks = {.new_sample = on_sample};
  GstCaps *wanted =
      gst_caps_from_string(h265 ? "video/x-h265,stream-format=byte-stream,alignment=au"
                                : "video/x-h264,stream-format=byte-stream,alignment=au");
  gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, NULL, NULL);
  g_object_set(sink, "sync", FALSE, "caps", wanted, NULL);
  gst_bin_add_many(GST_BIN(pipeline), depay, sink, NULL);
  gst_element_link(depay, sink);
  gst_element_sync_state_with_parent(sink);
  gst_element_sync_state_with_parent(depay);
  GstPad *to = gst_element_get_static_pad(depay, "sink");
  gst_pad_link(pad, to);
  gst_object_unref(to);
  gst_caps_unref(wanted);
  gst_caps_unref(caps);
}

static GstBusSyncReply on_message(G_GNUC_UNUSED GstBus *bus, GstMessage *message,
                                  G_GNUC_UNUSED gpointer user_data) {
  g_autoptr(GError) error = NULL;
  g_autofree char *debug = NULL;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
    gst_message_parse_error(message, &error, &debug);
  else if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_EOS)
    return GST_BUS_DROP;
  g_mutex_lock(&mutex);
  if (strcmp(over, "no") == 0)
    g_snprintf(over, sizeof over, "%s %s", error ? error->message : "eos", debug ? debug : "");
  g_strdelimit(over, "\r\n", ' ');
  g_mutex_unlock(&mutex);
  return GST_BUS_DROP;
}

int main(int argc, char **argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  gst_init(&argc, &argv);
  if (argc < 5)
    return 2;
  GstElement *pipeline = gst_pipeline_new(NULL);
  GstElement *source = gst_element_factory_make("rtspsrc", NULL);
  gst_util_set_object_arg(G_OBJECT(source), "protocols", argv[2]);
  g_object_set(source, "location", argv[1], "user-id", argv[3], "user-pw", argv[4], "latency", 0,
               "add-reference-timestamp-meta", TRUE, NULL);
  g_signal_connect(source, "pad-added", G_CALLBACK(on_pad), pipeline);
  gst_bin_add(GST_BIN(pipeline), source);
  GstBus *bus = gst_element_get_bus(pipeline);
  gst_bus_set_sync_handler(bus, on_message, NULL, NULL);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    g_mutex_lock(&mutex);
    printf("units %" G_GUINT64_FORMAT " keys %" G_GUINT64_FORMAT " codec %s taken %" G_GINT64_FORMAT
           " tail %s over %s\n",
           units, keys, codec, taken, tail[0] ? tail : "-", over);
    g_mutex_unlock(&mutex);
    fflush(stdout);
  }
  return 0;
}
