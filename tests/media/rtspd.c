/* SPDX-License-Identifier: Apache-2.0 */
/* RTSP server of the tests, a process of its own so that it can be killed and stopped like a
 * camera. rtspd PORT USER PASSWORD NAME=CLIP...      (PORT 0: any; USER "-": no password asked)
 * Prints "port N". CLIP "made" is made here, "no encoder" is said where that can't be. NAME
 * "noisy": every fifth picture is damaged; "h265": the clip is H.265; "sound": with sound beside
 * it; "jpeg": sends motion JPEG of its own. Clips run in a loop that marks its seam. */
#include <gst/app/gstappsrc.h>
#include <gst/rtsp-server/rtsp-server.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "clip.h"
#include "media/nal.h"
#include "media/seam.h"

typedef struct {
  GPtrArray *units;
  gboolean noisy, h265;
} Clip;

typedef struct {
  Clip *clip;
  guint n;
  GstClockTime shift; /* of the loop */
} Feed;

static GstBuffer *with_seam(GstBuffer *buffer) {
  GstMapInfo map;
  gsize nal_size;
  const guint8 *nal = iv_seam_nal_h264(&nal_size);
  gst_buffer_map(buffer, &map, GST_MAP_READ);
  gsize at = iv_nal_first_slice_h264(map.data, map.size);
  guint8 *bytes = g_malloc(map.size + nal_size);
  memcpy(bytes, map.data, at);
  memcpy(bytes + at, nal, nal_size);
  memcpy(bytes + at + nal_size, map.data + at, map.size - at);
  GstBuffer *out = gst_buffer_new_wrapped(bytes, map.size + nal_size);
  gst_buffer_unmap(buffer, &map);
  return out;
}

static GstBuffer *damaged(GstBuffer *buffer) {
  GstBuffer *out = gst_buffer_copy_deep(buffer);
  GstMapInfo map;
  gst_buffer_map(out, &map, GST_MAP_WRITE);
  for (gsize i = map.size / 3; i < map.size; i += 7) /* never zero: no start codes appear */
    map.data[i] = (guint8)(map.data[i] ^ 0x55) | 4;
  gst_buffer_unmap(out, &map);
  return out;
}

static void on_need(GstAppSrc *src, G_GNUC_UNUSED guint length, gpointer user_data) {
  Feed *feed = user_data;
  GPtrArray *units = feed->clip->units;
  guint i = feed->n % units->len;
  GstBuffer *unit = units->pdata[i], *last = units->pdata[units->len - 1];
  gboolean seam = i == 0 && feed->n > 0;
  if (seam)
    feed->shift += GST_BUFFER_DTS_OR_PTS(last) + GST_BUFFER_DURATION(last);
  GstBuffer *out;
  if (seam && !feed->clip->h265)
    out = with_seam(unit);
  else if (feed->clip->noisy && i % 5 == 4)
    out = damaged(unit);
  else
    out = gst_buffer_copy(unit);
  GST_BUFFER_PTS(out) = GST_BUFFER_PTS(unit) + feed->shift;
  GST_BUFFER_DTS(out) = GST_CLOCK_TIME_NONE;
  feed->n++;
  gst_app_src_push_buffer(src, out);
}

static void on_media(G_GNUC_UNUSED GstRTSPMediaFactory *factory, GstRTSPMedia *media,
                     gpointer user_data) {
  GstElement *bin = gst_rtsp_media_get_element(media);
  GstElement *src = gst_bin_get_by_name_recurse_up(GST_BIN(bin), "src");
  Feed *feed = g_new0(Feed, 1);
  feed->clip = user_data;
  GstAppSrcCallbacks callbacks = {.need_data = on_need};
  gst_app_src_set_callbacks(GST_APP_SRC(src), &callbacks, feed, g_free);
  g_object_set(src, "format", GST_FORMAT_TIME, NULL);
  gst_object_unref(src);
  gst_object_unref(bin);
}

static GstRTSPMediaFactory *make_factory(const char *launch, const char *user) {
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, launch);
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  if (strcmp(user, "-") != 0) {
    gst_rtsp_media_factory_add_role(factory, "user", "media.factory.access", G_TYPE_BOOLEAN, TRUE,
                                    "media.factory.construct", G_TYPE_BOOLEAN, TRUE, NULL);
  }
  return factory;
}

/* For tests in other languages; the folder is removed again. */
static GPtrArray *made_units(void) {
  g_autofree char *dir = g_dir_make_tmp("inveye-rtspd-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "clip.mp4", NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = 10, .n = 40, .gop = 10};
  if (!clip_write(path, &spec)) {
    printf("no encoder\n");
    exit(0);
  }
  GPtrArray *units = clip_units(path, 264);
  clip_remove_dir(dir);
  return units;
}

static void mount(GstRTSPServer *server, const char *user, char *spec) {
  char *path = strchr(spec, '=');
  *path++ = '\0';
  Clip *clip = g_new0(Clip, 1);
  clip->noisy = strcmp(spec, "noisy") == 0;
  clip->h265 = strcmp(spec, "h265") == 0;
  GstRTSPMediaFactory *factory;
  if (strcmp(spec, "jpeg") == 0) {
    factory =
        make_factory("( videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=240,"
                     "framerate=10/1 ! jpegenc "
                     "! rtpjpegpay name=pay0 )",
                     user);
  } else {
    clip->units =
        strcmp(path, "made") == 0 ? made_units() : clip_units(path, clip->h265 ? 265 : 264);
    g_autofree char *launch = g_strdup_printf(
        "( appsrc name=src caps=video/x-h%d,stream-format=byte-stream,alignment=au ! h%dparse ! "
        "rtph%dpay name=pay0 pt=96 config-interval=-1 %s)",
        clip->h265 ? 265 : 264, clip->h265 ? 265 : 264, clip->h265 ? 265 : 264,
        strcmp(spec, "sound") == 0
            ? "audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay1 pt=8 "
            : "");
    factory = make_factory(launch, user);
    g_signal_connect(factory, "media-configure", G_CALLBACK(on_media), clip);
  }
  GstRTSPMountPoints *points = gst_rtsp_server_get_mount_points(server);
  g_autofree char *at = g_strdup_printf("/%s", spec);
  gst_rtsp_mount_points_add_factory(points, at, factory);
  g_object_unref(points);
}

static void require_password(GstRTSPServer *server, const char *user, const char *password) {
  GstRTSPAuth *auth = gst_rtsp_auth_new();
  GstRTSPToken *token =
      gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "user", NULL);
  gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
  gst_rtsp_auth_add_digest(auth, user, password, token);
  gst_rtsp_server_set_auth(server, auth);
  gst_rtsp_token_unref(token);
  g_object_unref(auth);
}

static gboolean clean(gpointer pool) {
  gst_rtsp_session_pool_cleanup(pool);
  return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves nothing behind */
  gst_init(NULL, NULL);
  if (argc < 5)
    return 2;
  GstRTSPServer *server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server, "127.0.0.1");
  gst_rtsp_server_set_service(server, argv[1]);
  if (strcmp(argv[2], "-") != 0)
    require_password(server, argv[2], argv[3]);
  for (int i = 4; i < argc; i++)
    mount(server, argv[2], argv[i]);
  if (gst_rtsp_server_attach(server, NULL) == 0)
    return 1;
  g_timeout_add_seconds(2, clean, gst_rtsp_server_get_session_pool(server));
  printf("port %d\n", gst_rtsp_server_get_bound_port(server));
  fflush(stdout);
  g_main_loop_run(g_main_loop_new(NULL, FALSE));
}
