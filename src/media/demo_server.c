/* SPDX-License-Identifier: Apache-2.0 */
#include "media/demo_server.h"

#include <gst/app/gstappsrc.h>
#include <gst/rtsp-server/rtsp-server.h>

#include "base/clock.h"
#include "media/demo_cache.h"
#include "media/plugins.h"
#include "media/reel.h"

#define SESSIONS_CLEANED_EVERY_S 10

G_DEFINE_QUARK(iv_demo_error, iv_demo_error)

/* Views chosen on vtest.avi so that people are a quarter to a third of the picture's height, and
 * walk through (aisle) or stop (promotion, fashion). Starts in the film far from each other, so
 * that the views don't show the same person at the same time. */
static const struct {
  const char *id, *name;
  IvBox view;
  double start; /* share of the film */
} plan[IV_DEMO_CAMERAS] = {
    {"entrance", "Entrance", {0, 0, 1, 1}, 0},
    {"aisle", "Aisle", {0, 0.2257f, 0.5f, 0.7257f}, 0.30},
    {"promotion", "Promotion", {0.40625f, 0.2778f, 0.90625f, 0.7778f}, 0.55},
    {"fashion", "Fashion corner", {0.5f, 0.1389f, 1, 0.6389f}, 0.80},
};

typedef struct {
  IvReel *reel;
  guint start;  /* unit at which it stands when the server begins */
  IvTime began; /* monotonic */
} Channel;

/* One running media: all clients of a camera share it. */
typedef struct {
  const Channel *channel;
  guint at;  /* next unit */
  guint64 n; /* units sent */
} Feed;

struct IvDemoServer {
  IvDemoCamera cameras[IV_DEMO_CAMERAS];
  Channel channels[IV_DEMO_CAMERAS];
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GstRTSPServer *rtsp;
};

/* --- sending; GStreamer's threads --- */

/* One unit at a time: the pipeline's clock sets the pace. */
static void on_need(GstAppSrc *source, G_GNUC_UNUSED guint length, gpointer user_data) {
  Feed *feed = user_data;
  const IvReel *reel = feed->channel->reel;
  GstBuffer *unit = iv_reel_unit(reel, feed->at, feed->at == 0 && feed->n > 0);
  guint64 frame = (guint64)reel->fps_den * GST_SECOND;
  GST_BUFFER_PTS(unit) = gst_util_uint64_scale(feed->n, frame, reel->fps_num);
  GST_BUFFER_DTS(unit) = GST_BUFFER_PTS(unit);
  GST_BUFFER_DURATION(unit) = frame / reel->fps_num;
  feed->n++;
  feed->at = (feed->at + 1) % reel->units->len;
  gst_app_src_push_buffer(source, unit);
}

/* The film goes on while nobody looks, as a camera's view does. */
static guint unit_now(const Channel *channel, IvTime now) {
  const IvReel *reel = channel->reel;
  guint64 elapsed = gst_util_uint64_scale((guint64)(now - channel->began), reel->fps_num,
                                          (guint64)reel->fps_den * IV_SECOND);
  return iv_reel_keyframe(reel, (guint)((channel->start + elapsed) % reel->units->len));
}

static void on_media(G_GNUC_UNUSED GstRTSPMediaFactory *factory, GstRTSPMedia *media,
                     gpointer user_data) {
  Channel *channel = user_data;
  g_autoptr(GstElement) bin = gst_rtsp_media_get_element(media);
  g_autoptr(GstElement) source = gst_bin_get_by_name_recurse_up(GST_BIN(bin), "source");
  Feed *feed = g_new0(Feed, 1);
  feed->channel = channel;
  feed->at = unit_now(channel, iv_clock_monotonic());
  GstAppSrcCallbacks callbacks = {.need_data = on_need};
  gst_app_src_set_callbacks(GST_APP_SRC(source), &callbacks, feed, g_free);
  gst_app_src_set_caps(GST_APP_SRC(source), channel->reel->caps);
  g_object_set(source, "format", GST_FORMAT_TIME, NULL);
}

/* --- serving; a thread of its own --- */

static void mount(IvDemoServer *server, int camera) {
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(
      factory, "( appsrc name=source ! rtph264pay name=pay0 pt=96 config-interval=-1 )");
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  g_signal_connect(factory, "media-configure", G_CALLBACK(on_media), &server->channels[camera]);
  g_autoptr(GstRTSPMountPoints) points = gst_rtsp_server_get_mount_points(server->rtsp);
  g_autofree char *path = g_strconcat("/", server->cameras[camera].id.text, NULL);
  gst_rtsp_mount_points_add_factory(points, path, factory);
}

static gboolean clean_sessions(gpointer user_data) {
  gst_rtsp_session_pool_cleanup(user_data);
  return G_SOURCE_CONTINUE;
}

static void clean_now_and_then(IvDemoServer *server) {
  g_autoptr(GSource) timer = g_timeout_source_new_seconds(SESSIONS_CLEANED_EVERY_S);
  g_source_set_callback(timer, clean_sessions, gst_rtsp_server_get_session_pool(server->rtsp),
                        g_object_unref);
  g_source_attach(timer, server->context);
}

static gpointer serve(gpointer user_data) {
  IvDemoServer *server = user_data;
  g_main_context_push_thread_default(server->context);
  g_main_loop_run(server->loop);
  g_main_context_pop_thread_default(server->context);
  return NULL;
}

static gboolean listen_on_loopback(IvDemoServer *server, GError **error) {
  server->rtsp = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server->rtsp, "127.0.0.1");
  gst_rtsp_server_set_service(server->rtsp, "0");
  for (int i = 0; i < IV_DEMO_CAMERAS; i++)
    mount(server, i);
  if (gst_rtsp_server_attach(server->rtsp, server->context) == 0) {
    g_set_error_literal(error, IV_DEMO_ERROR, IV_DEMO_ERROR_SERVER,
                        "the demo's RTSP server can't listen on 127.0.0.1: is loopback up?");
    return FALSE;
  }
  clean_now_and_then(server);
  server->thread = g_thread_new("demo-server", serve, server);
  return TRUE;
}

/* --- making --- */

static gboolean load_camera(IvDemoServer *server, const IvDemoFilms *films, int i, GError **error) {
  IvDemoCamera *camera = &server->cameras[i];
  Channel *channel = &server->channels[i];
  g_autofree char *name = iv_demo_cut_name(i);
  g_autofree char *path = g_build_filename(films->folder, name, NULL);
  channel->reel = iv_reel_load(path, films->fps_num, films->fps_den, error);
  if (!channel->reel)
    return FALSE;
  guint units = channel->reel->units->len;
  channel->start = iv_reel_keyframe(channel->reel, (guint)(plan[i].start * units));
  channel->began = iv_clock_monotonic();
  iv_slug_set(&camera->id, plan[i].id);
  camera->name = plan[i].name;
  camera->crop = plan[i].view;
  camera->size = channel->reel->size;
  camera->fps = (double)films->fps_num / films->fps_den;
  camera->loop_seconds = units / camera->fps;
  return TRUE;
}

static gboolean get_films(const IvDemoConfig *config, IvDemoFilms *ret_films, GError **error) {
  g_autofree char *usual = g_build_filename(g_get_user_cache_dir(), "inveye", NULL);
  const char *cache = config->cache ? config->cache : usual;
  g_autofree char *vtest = g_build_filename(cache, "vtest.avi", NULL);
  IvBox views[IV_DEMO_CAMERAS];
  for (int i = 0; i < IV_DEMO_CAMERAS; i++)
    views[i] = plan[i].view;
  IvDemoCut cut = {.video = config->video ? config->video : vtest,
                   .views = views,
                   .on_progress = config->on_progress,
                   .user_data = config->user_data};
  if (!config->video && !g_file_test(vtest, G_FILE_TEST_EXISTS)) {
    g_set_error(error, IV_DEMO_ERROR, IV_DEMO_ERROR_VIDEO,
                "the demo film %s is missing: get it with `make setup`, or choose one of your own "
                "with --demo-video FILE",
                vtest);
    return FALSE;
  }
  return iv_demo_cache_get(cache, &cut, ret_films, error);
}

static gboolean check_plugins(GError **error) {
  static const char *const needed[] = {"decodebin",   "videoscale", "videorate",  "videocrop",
                                       "openh264enc", "h264parse",  "rtph264pay", "appsrc",
                                       "rtpbin",      NULL};
  g_autoptr(GError) missing = NULL;
  if (iv_plugins_need(needed, &missing))
    return TRUE;
  g_set_error_literal(error, IV_DEMO_ERROR, IV_DEMO_ERROR_PLUGIN, missing->message);
  return FALSE;
}

static void name_addresses(IvDemoServer *server) {
  int port = gst_rtsp_server_get_bound_port(server->rtsp);
  for (int i = 0; i < IV_DEMO_CAMERAS; i++)
    server->cameras[i].url =
        g_strdup_printf("rtsp://127.0.0.1:%d/%s", port, server->cameras[i].id.text);
}

IvDemoServer *iv_demo_server_new(const IvDemoConfig *config, GError **error) {
  iv_plugins_init();
  IvDemoFilms films = {0};
  if (!check_plugins(error) || !get_films(config, &films, error))
    return NULL;
  g_autoptr(IvDemoServer) server = g_new0(IvDemoServer, 1);
  server->context = g_main_context_new();
  server->loop = g_main_loop_new(server->context, FALSE);
  gboolean ok = TRUE;
  for (int i = 0; ok && i < IV_DEMO_CAMERAS; i++)
    ok = load_camera(server, &films, i, error);
  iv_demo_films_clear(&films);
  if (!ok || !listen_on_loopback(server, error))
    return NULL;
  name_addresses(server);
  return g_steal_pointer(&server);
}

static GstRTSPFilterResult remove_client(G_GNUC_UNUSED GstRTSPServer *rtsp,
                                         G_GNUC_UNUSED GstRTSPClient *client,
                                         G_GNUC_UNUSED gpointer user_data) {
  return GST_RTSP_FILTER_REMOVE;
}

static gboolean quit(gpointer user_data) {
  g_main_loop_quit(user_data);
  return G_SOURCE_REMOVE;
}

/* Quits from inside the loop: a quit before it runs would be lost. */
static void stop_thread(IvDemoServer *server) {
  gst_rtsp_server_client_filter(server->rtsp, remove_client, NULL);
  g_main_context_invoke_full(server->context, G_PRIORITY_LOW, quit, server->loop, NULL);
  g_thread_join(server->thread);
}

void iv_demo_server_free(IvDemoServer *server) {
  if (server->thread)
    stop_thread(server);
  g_clear_object(&server->rtsp);
  g_main_loop_unref(server->loop);
  g_main_context_unref(server->context);
  for (int i = 0; i < IV_DEMO_CAMERAS; i++) {
    g_clear_pointer(&server->channels[i].reel, iv_reel_free);
    g_free(server->cameras[i].url);
  }
  g_free(server);
}

const IvDemoCamera *iv_demo_server_cameras(const IvDemoServer *server) {
  return server->cameras;
}
