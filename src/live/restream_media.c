/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "live/restream_private.h"

#define LEAD IV_MINUTE /* running times of units up to this old are not negative */
#define FEED "iv-restream-feed"

/* A factory makes a pipeline of its own for each client that asks: units as they are, RTP. */
typedef struct {
  GstRTSPMediaFactory parent;
} IvRestreamFactory;
typedef struct {
  GstRTSPMediaFactoryClass parent;
} IvRestreamFactoryClass;

GType iv_restream_factory_get_type(void);
G_DEFINE_TYPE(IvRestreamFactory, iv_restream_factory, GST_TYPE_RTSP_MEDIA_FACTORY)

static void on_need(G_GNUC_UNUSED GstAppSrc *source, G_GNUC_UNUSED guint length, gpointer feed) {
  iv_restream_feed_next(feed);
}

/* Parameter sets travel in the stream, before each keyframe: nothing more is said of it here, so
 * that nothing has to be agreed on anew when they change. */
static GstCaps *unit_caps(IvCodec codec) {
  return gst_caps_from_string(codec == IV_CODEC_H265
                                  ? "video/x-h265, stream-format=byte-stream, alignment=au"
                                  : "video/x-h264, stream-format=byte-stream, alignment=au");
}

static GstElement *make_source(IvRestreamFeed *feed) {
  GstAppSrcCallbacks callbacks = {.need_data = on_need};
  GstElement *source = feed->source = gst_element_factory_make("appsrc", NULL);
  g_autoptr(GstCaps) caps = unit_caps(feed->codec);
  g_object_set(source, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, NULL);
  gst_app_src_set_callbacks(GST_APP_SRC(source), &callbacks, iv_restream_feed_ref(feed),
                            iv_restream_feed_unref);
  return source;
}

/* The feed that was opened when the client was let in. NULL only for a client that asks in a way
 * that none does, while the camera gives nothing. */
static IvRestreamFeed *take_feed(const char *path) {
  GstRTSPContext *context = gst_rtsp_context_get_current();
  IvRestreamClient *client = context ? iv_restream_client_of(context->client) : NULL;
  if (!client || !client->user)
    return NULL;
  IvRestreamFeed *feed = g_steal_pointer(&client->pending);
  return feed ? feed : iv_restream_feed_open(client, path, NULL);
}

static GstElement *create_element(G_GNUC_UNUSED GstRTSPMediaFactory *factory,
                                  const GstRTSPUrl *url) {
  IvRestreamFeed *feed = take_feed(url->abspath);
  if (!feed)
    return NULL;
  GstElement *bin = gst_bin_new(NULL), *source = make_source(feed);
  GstElement *payloader =
      gst_element_factory_make(feed->codec == IV_CODEC_H265 ? "rtph265pay" : "rtph264pay", "pay0");
  /* Units bring their parameter sets. The payloader would put them before each slice of a keyframe,
   * which tears pictures of several slices apart. */
  g_object_set(payloader, "pt", 96, "config-interval", 0, NULL);
  gst_bin_add_many(GST_BIN(bin), source, payloader, NULL);
  gst_element_link(source, payloader);
  g_object_set_data(G_OBJECT(bin), FEED, feed); /* lives as long as `source`, which holds it */
  iv_restream_feed_unref(feed);
  return bin;
}

IvRestreamFeed *iv_restream_feed_of(GstRTSPMedia *media) {
  g_autoptr(GstElement) bin = gst_rtsp_media_get_element(media);
  return g_object_get_data(G_OBJECT(bin), FEED);
}

/* Running times begin a minute before, since the first pictures were taken before now. */
static GstElement *create_pipeline(G_GNUC_UNUSED GstRTSPMediaFactory *factory,
                                   GstRTSPMedia *media) {
  GstElement *pipeline = gst_pipeline_new(NULL);
  g_autoptr(GstClock) clock = gst_system_clock_obtain();
  GstClockTime now = gst_clock_get_time(clock); /* since this machine was switched on */
  GstClockTime lead = MIN(now, (GstClockTime)LEAD * GST_USECOND);
  gst_pipeline_use_clock(GST_PIPELINE(pipeline), clock);
  gst_element_set_start_time(pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time(pipeline, now - lead);
  gst_rtsp_media_take_pipeline(media, GST_PIPELINE(pipeline));
  return pipeline;
}

static void iv_restream_factory_class_init(IvRestreamFactoryClass *class) {
  GST_RTSP_MEDIA_FACTORY_CLASS(class)->create_element = create_element;
  GST_RTSP_MEDIA_FACTORY_CLASS(class)->create_pipeline = create_pipeline;
}

static void iv_restream_factory_init(IvRestreamFactory *factory) {
  GstRTSPMediaFactory *parent = GST_RTSP_MEDIA_FACTORY(factory);
  gst_rtsp_media_factory_set_shared(parent, FALSE);
  gst_rtsp_media_factory_set_protocols(parent, GST_RTSP_LOWER_TRANS_UDP | GST_RTSP_LOWER_TRANS_TCP);
}

GstRTSPMediaFactory *iv_restream_factory_new(void) {
  return g_object_new(iv_restream_factory_get_type(), NULL);
}
