/* SPDX-License-Identifier: Apache-2.0 */
/* bare VIDEO LIBRARY NANODET WIDTH HEIGHT: the least that looking for people costs (decode, resize,
 * ONNX Runtime, nothing else), in CPU milliseconds a frame. */
#include "vision/ort.h"
#include <gst/app/gstappsink.h>
#include <onnxruntime_c_api.h>
#include <stdio.h>
#include <time.h>

#define PIPELINE                                                                                   \
  "filesrc location=\"%s\" ! decodebin ! videoscale ! videoconvert ! appsink name=sink "           \
  "sync=false max-buffers=2 caps=video/x-raw,format=BGRP,width=%s,height=%s"

int main(int argc, char **argv) {
  g_assert(argc == 6);
  gint64 shape[] = {1, 3, atoi(argv[5]), atoi(argv[4])}, n = 3 * shape[2] * shape[3], frames = 0;
  const char *in = "images", *out[] = {"cls8", "cls16", "cls32", "reg8", "reg16", "reg32"};
  IvOrt *loaded = iv_ort_load(argv[2], NULL);
  const OrtApi *ort = iv_ort_api(loaded);
  OrtSession *session = iv_ort_session(loaded, argv[3], "cpu", NULL);
  OrtMemoryInfo *cpu;
  OrtValue *input, *output[6] = {NULL};
  guint8 *bytes = g_malloc((gsize)n);
  float *x = g_new(float, n);
  g_assert(!ort->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &cpu));
  g_assert(!ort->CreateTensorWithDataAsOrtValue(cpu, x, (gsize)n * 4, shape, 4, 1, &input));
  gst_init(NULL, NULL);
  GstElement *line = gst_parse_launch(g_strdup_printf(PIPELINE, argv[1], argv[4], argv[5]), NULL);
  GstAppSink *sink = GST_APP_SINK(gst_bin_get_by_name(GST_BIN(line), "sink"));
  gst_element_set_state(line, GST_STATE_PLAYING);
  clock_t start = clock();
  for (GstSample *s; (s = gst_app_sink_pull_sample(sink)); frames++, gst_sample_unref(s)) {
    gst_buffer_extract(gst_sample_get_buffer(s), 0, bytes, (gsize)n);
    for (gint64 i = 0; i < n; i++)
      x[i] = ((float)bytes[i] - 116) * (1 / 57.6f);
    g_assert(!ort->Run(session, NULL, &in, (const OrtValue **)&input, 1, out, 6, output));
    for (int i = 0; i < 6; i++)
      ort->ReleaseValue(g_steal_pointer(&output[i]));
  }
  printf("%.3f\n", (double)(clock() - start) * 1e3 / CLOCKS_PER_SEC / (double)frames);
}
