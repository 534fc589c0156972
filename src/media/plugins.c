/* SPDX-License-Identifier: Apache-2.0 */
#include "media/plugins.h"

#include "media/complaints.h"
#include "media/ingest.h"

#define DECODERS_MAX 4

typedef struct {
  const char *media; /* caps name */
  IvCodec codec;
  const char *name;                   /* for people */
  const char *decoders[DECODERS_MAX]; /* best first */
  const char *package;                /* that has the best */
} Codec;

static const Codec codecs[] = {
    {"video/x-h264", IV_CODEC_H264, "H.264", {"avdec_h264", "openh264dec"}, "gstreamer1.0-libav"},
    {"video/x-h265", IV_CODEC_H265, "H.265", {"avdec_h265", "libde265dec"}, "gstreamer1.0-libav"},
};

/* Debian's package of each element that is used by name. */
static const struct {
  const char *element, *package;
} packages[] = {
    {"rtspsrc", "gstreamer1.0-plugins-good"},      {"rtph264depay", "gstreamer1.0-plugins-good"},
    {"rtph265depay", "gstreamer1.0-plugins-good"}, {"rtph264pay", "gstreamer1.0-plugins-good"},
    {"videocrop", "gstreamer1.0-plugins-good"},    {"rtpbin", "gstreamer1.0-plugins-good"},
    {"h264parse", "gstreamer1.0-plugins-bad"},     {"h265parse", "gstreamer1.0-plugins-bad"},
    {"openh264enc", "gstreamer1.0-plugins-bad"},   {"videoconvert", "gstreamer1.0-plugins-base"},
    {"videoscale", "gstreamer1.0-plugins-base"},   {"videorate", "gstreamer1.0-plugins-base"},
    {"appsrc", "gstreamer1.0-plugins-base"},       {"appsink", "gstreamer1.0-plugins-base"},
    {"parsebin", "gstreamer1.0-plugins-base"},
};

void iv_plugins_init(void) {
  static gsize once = 0;
  if (g_once_init_enter(&once)) {
    gst_init(NULL, NULL);
    iv_complaints_listen();
    g_once_init_leave(&once, 1);
  }
}

static const Codec *find_codec(const GstCaps *caps) {
  const GstStructure *s = gst_caps_get_structure(caps, 0);
  for (gsize i = 0; i < G_N_ELEMENTS(codecs); i++)
    if (gst_structure_has_name(s, codecs[i].media))
      return &codecs[i];
  return NULL;
}

IvCodec iv_codec_of_caps(const GstCaps *caps) {
  if (!caps || gst_caps_is_empty(caps) || gst_caps_is_any(caps))
    return IV_CODEC_NONE;
  const Codec *codec = find_codec(caps);
  if (codec)
    return codec->codec;
  const char *name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  return g_str_has_prefix(name, "video/") || g_str_has_prefix(name, "image/") ? IV_CODEC_OTHER
                                                                              : IV_CODEC_NONE;
}

static gboolean has_property(GstElement *element, const char *name) {
  return g_object_class_find_property(G_OBJECT_GET_CLASS(element), name) != NULL;
}

/* One thread: with one camera a thread each there is nothing to gain from more. "normal"
 * compliance: libav holds back up to 16 pictures otherwise, in case the stream reorders without
 * saying so. */
static GstElement *set_up(GstElement *decoder, gboolean live) {
  if (has_property(decoder, "max-threads"))
    g_object_set(decoder, "max-threads", 1, NULL);
  if (live && has_property(decoder, "std-compliance"))
    gst_util_set_object_arg(G_OBJECT(decoder), "std-compliance", "normal");
  return decoder;
}

static GstElement *make_named(const Codec *codec) {
  for (int i = 0; i < DECODERS_MAX && codec->decoders[i]; i++) {
    GstElement *decoder = gst_element_factory_make(codec->decoders[i], NULL);
    if (decoder)
      return decoder;
  }
  return NULL;
}

/* The highest ranked decoder that takes the caps. */
static GstElement *make_ranked(const GstCaps *caps) {
  GList *all = gst_element_factory_list_get_elements(GST_ELEMENT_FACTORY_TYPE_DECODER |
                                                         GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO |
                                                         GST_ELEMENT_FACTORY_TYPE_MEDIA_IMAGE,
                                                     GST_RANK_MARGINAL);
  GList *fit = gst_element_factory_list_filter(all, caps, GST_PAD_SINK, FALSE);
  fit = g_list_sort(fit, gst_plugin_feature_rank_compare_func);
  GstElement *decoder = fit ? gst_element_factory_create(fit->data, NULL) : NULL;
  gst_plugin_feature_list_free(fit);
  gst_plugin_feature_list_free(all);
  return decoder;
}

GstElement *iv_plugins_decoder(const GstCaps *caps, gboolean live, GError **error) {
  const Codec *codec = find_codec(caps);
  GstElement *decoder = codec ? make_named(codec) : NULL;
  if (!decoder)
    decoder = make_ranked(caps);
  if (decoder)
    return set_up(decoder, live);
  const char *name = codec ? codec->name : gst_structure_get_name(gst_caps_get_structure(caps, 0));
  g_set_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_PLUGIN,
              "no decoder for %s is installed: apt-get install %s", name,
              codec ? codec->package : "gstreamer1.0-libav");
  return NULL;
}

static const char *package_of(const char *element) {
  for (gsize i = 0; i < G_N_ELEMENTS(packages); i++)
    if (g_str_equal(packages[i].element, element))
      return packages[i].package;
  return "gstreamer1.0-plugins-good gstreamer1.0-plugins-bad";
}

gboolean iv_plugins_need(const char *const *elements, GError **error) {
  for (; *elements; elements++) {
    g_autoptr(GstElementFactory) factory = gst_element_factory_find(*elements);
    if (factory)
      continue;
    g_set_error(error, IV_INGEST_ERROR, IV_INGEST_ERROR_PLUGIN,
                "GStreamer's %s is missing: apt-get install %s", *elements, package_of(*elements));
    return FALSE;
  }
  return TRUE;
}
