/* SPDX-License-Identifier: Apache-2.0 */
/* live-camera WIDTH HEIGHT FPS KBIT: an RTSP camera on 127.0.0.1 whose pictures carry the moment at
 * which they were made: ms since 1970 modulo 2^32, as 32 black and white blocks in the top row,
 * highest bit first, and inverted in the row below. A keyframe every 2 s. Prints its address. */
#include <gst/rtsp-server/rtsp-server.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define BITS 32
#define BLACK 20
#define WHITE 230

static int width;

static void draw_row(guint8 *luma, gsize stride, int block, int row, guint32 bits) {
  for (int i = 0; i < BITS; i++)
    for (int y = 0; y < block; y++)
      memset(luma + (gsize)(row * block + y) * stride + (gsize)(i * block),
             bits >> (BITS - 1 - i) & 1 ? WHITE : BLACK, (gsize)block);
}

static GstPadProbeReturn stamp(GstPad *pad, GstPadProbeInfo *info, gpointer user_data) {
  (void)pad;
  (void)user_data;
  GstMapInfo map;
  GstBuffer *buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  guint32 now = (guint32)(g_get_real_time() / 1000);
  int block = width / BITS;
  if (gst_buffer_map(buffer, &map, GST_MAP_READWRITE)) {
    draw_row(map.data, (gsize)width, block, 0, now);
    draw_row(map.data, (gsize)width, block, 1, ~now);
    gst_buffer_unmap(buffer, &map);
  }
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  return GST_PAD_PROBE_OK;
}

static void on_media(GstRTSPMediaFactory *factory, GstRTSPMedia *media, gpointer user_data) {
  (void)factory;
  (void)user_data;
  g_autoptr(GstElement) bin = gst_rtsp_media_get_element(media);
  g_autoptr(GstElement) raw = gst_bin_get_by_name_recurse_up(GST_BIN(bin), "raw");
  g_autoptr(GstPad) pad = gst_element_get_static_pad(raw, "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, stamp, NULL, NULL);
}

int main(int argc, char **argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  gst_init(NULL, NULL);
  if (argc != 5)
    return EXIT_FAILURE;
  width = atoi(argv[1]);
  int fps = atoi(argv[3]);
  g_autofree char *launch = g_strdup_printf(
      "( videotestsrc is-live=true pattern=ball ! capsfilter name=raw "
      "caps=video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1 ! "
      "openh264enc bitrate=%d rate-control=bitrate complexity=low gop-size=%d ! h264parse ! "
      "rtph264pay name=pay0 pt=96 config-interval=-1 )",
      width, atoi(argv[2]), fps, atoi(argv[4]) * 1000, 2 * fps);
  GstRTSPServer *server = gst_rtsp_server_new();
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, launch);
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  gst_rtsp_media_factory_set_latency(factory, 0);
  g_signal_connect(factory, "media-configure", G_CALLBACK(on_media), NULL);
  gst_rtsp_server_set_address(server, "127.0.0.1");
  gst_rtsp_server_set_service(server, "0");
  g_autoptr(GstRTSPMountPoints) points = gst_rtsp_server_get_mount_points(server);
  gst_rtsp_mount_points_add_factory(points, "/clock", factory);
  if (gst_rtsp_server_attach(server, NULL) == 0)
    return EXIT_FAILURE;
  printf("rtsp://127.0.0.1:%d/clock\n", gst_rtsp_server_get_bound_port(server));
  fflush(stdout);
  g_main_loop_run(g_main_loop_new(NULL, FALSE));
}
