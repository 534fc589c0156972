/* SPDX-License-Identifier: Apache-2.0 */
#include "media/jpeg_chain.h"

#define BITRATE 2500000 /* what such cameras' sizes need */
#define QP_MIN 20       /* small pictures take less than that */
#define GOP 30          /* pictures; 2 s of most */

const char *const iv_jpeg_chain_needs[] = {
    "souphttpsrc",  "multipartdemux", "capssetter", "jpegdec",
    "videoconvert", "openh264enc",    "h264parse",  NULL};

static GstElement *with_caps(const char *factory, const char *text) {
  GstElement *element = gst_element_factory_make(factory, NULL);
  g_autoptr(GstCaps) caps = gst_caps_from_string(text);
  g_object_set(element, "caps", caps, NULL);
  return element;
}

/* The rate is only said for the encoder, which needs one to share out its bits: pictures keep their
 * own times. A damaged picture is left out. */
void iv_jpeg_chain_make(GstElement *ret_chain[IV_JPEG_CHAIN_MAX]) {
  GstElement *decoder = gst_element_factory_make("jpegdec", NULL);
  GstElement *encoder = gst_element_factory_make("openh264enc", NULL);
  GstElement *parse = gst_element_factory_make("h264parse", NULL);
  g_object_set(decoder, "max-errors", -1, NULL);
  g_object_set(encoder, "bitrate", (guint)BITRATE, "gop-size", (guint)GOP, "qp-min", (guint)QP_MIN,
               "multi-thread", (guint)1, NULL);
  gst_util_set_object_arg(G_OBJECT(encoder), "rate-control", "bitrate");
  gst_util_set_object_arg(G_OBJECT(encoder), "complexity", "low");
  g_object_set(parse, "config-interval", -1, NULL);
  GstElement *chain[IV_JPEG_CHAIN_MAX] = {
      with_caps("capssetter", "image/jpeg,framerate=15/1"),
      decoder,
      gst_element_factory_make("videoconvert", NULL),
      encoder,
      parse,
      with_caps("capsfilter", "video/x-h264,stream-format=byte-stream,alignment=au"),
      NULL};
  for (guint i = 0; i < IV_JPEG_CHAIN_MAX; i++)
    ret_chain[i] = chain[i];
}
