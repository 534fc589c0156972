/* SPDX-License-Identifier: Apache-2.0 */
/* What a file (JPEG, MP4), or the first 20 pictures of an RTSP address, really show, for tests in
 * other languages: of each picture one line with the brightness (0..255) at the points X,Y given as
 * shares of the picture. */
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <stdio.h>
#include <stdlib.h>

#define LIVE_PICTURES 20

static void tell(GstSample *sample, int n, char **points) {
  GstVideoInfo info;
  GstVideoFrame frame;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) ||
      !gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ))
    return;
  for (int i = 0; i < n; i++) {
    double x = 0, y = 0;
    if (sscanf(points[i], "%lf,%lf", &x, &y) != 2)
      exit(2);
    const guint8 *bytes = GST_VIDEO_FRAME_PLANE_DATA(&frame, 0);
    printf("%d ", bytes[(int)(y * info.height) * GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0) +
                        (int)(x * info.width)]);
  }
  printf("\n");
  gst_video_frame_unmap(&frame);
}

int main(int argc, char **argv) {
  gst_init(&argc, &argv);
  if (argc < 3)
    return 2;
  gboolean live = g_str_has_prefix(argv[1], "rtsp://");
  g_autofree char *text =
      g_strconcat(live ? "rtspsrc name=file protocols=tcp latency=0" : "filesrc name=file",
                  " ! decodebin ! videoconvert ! video/x-raw,format=RGBA ! videoconvert ! "
                  "video/x-raw,format=GRAY8,colorimetry=1:0:0:0 ! appsink name=out sync=false",
                  NULL);
  GstElement *pipeline = gst_parse_launch(text, NULL);
  g_autoptr(GstElement) file = gst_bin_get_by_name(GST_BIN(pipeline), "file");
  g_autoptr(GstElement) out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  g_object_set(file, "location", argv[1], NULL);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstSample *sample;
  for (int i = 0;
       (!live || i < LIVE_PICTURES) && (sample = gst_app_sink_pull_sample(GST_APP_SINK(out)));
       i++) {
    tell(sample, argc - 2, argv + 2);
    gst_sample_unref(sample);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  return 0;
}
