/* SPDX-License-Identifier: Apache-2.0 */
#include "media/demo_cut.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>

#include "media/fault.h"

#define PREROLL_PATIENCE (20 * GST_SECOND)
#define POLL (200 * GST_MSECOND)
#define KEYFRAMES_PER_S 0.5
#define BITS_PER_PIXEL 0.18 /* near to the film itself: detection must not suffer */
#define BITRATE_MIN 200000

typedef struct {
  IvSize size;
  int fps_num, fps_den;
} Form;

char *iv_demo_cut_name(int camera) {
  return g_strdup_printf("cam%d.h264", camera + 1);
}

static gboolean fail(GError **error, const char *video, GstMessage *message) {
  IvFaultPlace file = {0};
  g_autofree char *reason =
      message ? iv_fault_reason(message, &file) : g_strdup("it can't be read as a video");
  g_set_error(error, IV_DEMO_ERROR, IV_DEMO_ERROR_VIDEO,
              "%s: %s; choose another film with --demo-video", video, reason);
  return FALSE;
}

static void set_location(GstElement *pipeline, const char *name, const char *path) {
  g_autoptr(GstElement) element = gst_bin_get_by_name(GST_BIN(pipeline), name);
  g_object_set(element, "location", path, NULL);
}

/* --- what the film is like --- */

static Form read_form(const GstCaps *caps) {
  Form form = {.fps_num = 0, .fps_den = 1};
  const GstStructure *s = gst_caps_get_structure(caps, 0);
  gst_structure_get_int(s, "width", &form.size.width);
  gst_structure_get_int(s, "height", &form.size.height);
  gst_structure_get_fraction(s, "framerate", &form.fps_num, &form.fps_den);
  return form;
}

static gboolean look(const char *video, Form *ret_form, GError **error) {
  g_autoptr(GstElement) pipeline = gst_object_ref_sink(gst_parse_launch(
      "filesrc name=file ! decodebin ! videoconvert ! appsink name=out sync=false", NULL));
  set_location(pipeline, "file", video);
  g_autoptr(GstElement) out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  gst_element_set_state(pipeline, GST_STATE_PAUSED);
  g_autoptr(GstSample) sample = NULL;
  if (gst_element_get_state(pipeline, NULL, NULL, PREROLL_PATIENCE) == GST_STATE_CHANGE_SUCCESS)
    sample = gst_app_sink_pull_preroll(GST_APP_SINK(out));
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  g_autoptr(GstMessage) bad = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
  gboolean ok = sample && gst_sample_get_caps(sample);
  if (ok)
    *ret_form = read_form(gst_sample_get_caps(sample));
  gst_element_set_state(pipeline, GST_STATE_NULL);
  return ok ? TRUE : fail(error, video, bad);
}

/* --- what the cameras get --- */

static int even(double x) {
  return (int)(x / 2 + 0.5) * 2;
}

/* Rate and size are kept as long as they are small enough. */
static Form target_form(Form film) {
  Form form = film;
  double fps = form.fps_den > 0 ? (double)form.fps_num / form.fps_den : 0;
  if (fps <= 0 || fps > IV_DEMO_FPS_MAX) {
    form.fps_num = IV_DEMO_FPS_MAX;
    form.fps_den = 1;
  }
  double scale = MIN(1.0, (double)IV_DEMO_WIDTH_MAX / form.size.width);
  form.size = (IvSize){even(form.size.width * scale), even(form.size.height * scale)};
  return form;
}

typedef struct {
  int left, top, right, bottom; /* cut off, pixels */
  IvSize size;
} Crop;

static Crop crop_of(const IvBox *view, IvSize size) {
  double w = size.width, h = size.height;
  Crop crop = {.left = even(view->x0 * w), .top = even(view->y0 * h)};
  crop.size = (IvSize){even(iv_box_width(view) * w), even(iv_box_height(view) * h)};
  crop.right = MAX(size.width - crop.left - crop.size.width, 0);
  crop.bottom = MAX(size.height - crop.top - crop.size.height, 0);
  return crop;
}

static void append_camera(GString *text, int camera, const Crop *crop, const Form *form) {
  double fps = (double)form->fps_num / form->fps_den;
  double rate = BITS_PER_PIXEL * crop->size.width * crop->size.height * fps;
  g_string_append_printf(
      text,
      " all. ! queue ! videocrop left=%d top=%d right=%d bottom=%d ! openh264enc name=enc%d "
      "rate-control=bitrate bitrate=%d gop-size=%d scene-change-detection=false multi-thread=1 ! "
      "h264parse ! video/x-h264,stream-format=byte-stream,alignment=au ! filesink name=out%d",
      crop->left, crop->top, crop->right, crop->bottom, camera, (int)MAX(rate, BITRATE_MIN),
      MAX((int)(fps / KEYFRAMES_PER_S), 1), camera);
}

/* openh264 prints an error to the terminal when it is told that the film is over. It holds nothing
 * back, so the end may go around it. */
static GstPadProbeReturn around_encoder(G_GNUC_UNUSED GstPad *pad, GstPadProbeInfo *info,
                                        gpointer user_data) {
  if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_EOS)
    return GST_PAD_PROBE_OK;
  gst_pad_push_event(user_data, gst_event_new_eos());
  return GST_PAD_PROBE_DROP;
}

static void set_up_camera(GstElement *pipeline, const IvDemoCut *cut, int camera) {
  g_autofree char *out = g_strdup_printf("out%d", camera);
  g_autofree char *name = iv_demo_cut_name(camera);
  g_autofree char *path = g_build_filename(cut->folder, name, NULL);
  set_location(pipeline, out, path);
  g_autofree char *enc = g_strdup_printf("enc%d", camera);
  g_autoptr(GstElement) encoder = gst_bin_get_by_name(GST_BIN(pipeline), enc);
  g_autoptr(GstPad) sink = gst_element_get_static_pad(encoder, "sink");
  gst_pad_add_probe(sink, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, around_encoder,
                    gst_element_get_static_pad(encoder, "src"), gst_object_unref);
}

static GstElement *make_pipeline(const IvDemoCut *cut, const Form *form) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_printf(text,
                  "filesrc name=file ! decodebin ! videoconvert ! videoscale ! "
                  "videorate drop-only=true ! video/x-raw,format=I420,width=%d,height=%d,"
                  "framerate=%d/%d ! identity eos-after=%d ! tee name=all",
                  form->size.width, form->size.height, form->fps_num, form->fps_den,
                  IV_DEMO_PICTURES_MAX);
  for (int i = 0; i < IV_DEMO_CAMERAS; i++) {
    Crop crop = crop_of(&cut->views[i], form->size);
    append_camera(text, i, &crop, form);
  }
  GstElement *pipeline = gst_object_ref_sink(gst_parse_launch(text->str, NULL));
  set_location(pipeline, "file", cut->video);
  for (int i = 0; i < IV_DEMO_CAMERAS; i++)
    set_up_camera(pipeline, cut, i);
  return pipeline;
}

/* --- doing it --- */

static void tell(const IvDemoCut *cut, GstElement *pipeline) {
  gint64 position, duration;
  if (cut->on_progress && gst_element_query_position(pipeline, GST_FORMAT_TIME, &position) &&
      gst_element_query_duration(pipeline, GST_FORMAT_TIME, &duration) && duration > 0)
    cut->on_progress(CLAMP((double)position / (double)duration, 0, 1), cut->user_data);
}

static gboolean wait_for_end(const IvDemoCut *cut, GstElement *pipeline, GError **error) {
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  for (;;) {
    g_autoptr(GstMessage) message =
        gst_bus_timed_pop_filtered(bus, POLL, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
    if (!message)
      tell(cut, pipeline);
    else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
      return TRUE;
    else
      return fail(error, cut->video, message);
  }
}

gboolean iv_demo_cut(const IvDemoCut *cut, int *ret_fps_num, int *ret_fps_den, GError **error) {
  Form film;
  if (!look(cut->video, &film, error))
    return FALSE;
  Form form = target_form(film);
  g_autoptr(GstElement) pipeline = make_pipeline(cut, &form);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  gboolean ok = wait_for_end(cut, pipeline, error);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  if (!ok)
    return FALSE;
  if (cut->on_progress)
    cut->on_progress(1, cut->user_data);
  *ret_fps_num = form.fps_num;
  *ret_fps_den = form.fps_den;
  return TRUE;
}
