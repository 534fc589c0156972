/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/camera_farm.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/rtsp-server/rtsp-server.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#define SHARED_LOOPS 8 /* threads that serve connections */

/* ---- here ---- */

struct IvCameraFarm {
  GSubprocess *process;
  GDataInputStream *out;
  guint cameras, port;
};

static char *read_line(IvCameraFarm *farm, GError **error) {
  char *line = g_data_input_stream_read_line(farm->out, NULL, NULL, error);
  if (!line && error && !*error)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                        "the cameras gave up; what they said stands above");
  return line;
}

IvCameraFarm *iv_camera_farm_start(const char *film, guint cameras, guint pictures,
                                   GError **error) {
  g_autofree char *n = g_strdup_printf("%u", cameras), *each = g_strdup_printf("%u", pictures);
  GSubprocess *process = g_subprocess_new(
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, "/proc/self/exe",
      "bench", "record", "--farm", film, "--cameras", n, "--pictures", each, NULL);
  if (!process)
    return NULL;
  g_autoptr(IvCameraFarm) farm = g_new0(IvCameraFarm, 1);
  farm->process = process;
  farm->out = g_data_input_stream_new(g_subprocess_get_stdout_pipe(process));
  farm->cameras = cameras;
  g_autofree char *line = read_line(farm, error);
  if (!line)
    return NULL;
  farm->port = (guint)g_ascii_strtoull(line, NULL, 10);
  return g_steal_pointer(&farm);
}

char *iv_camera_farm_url(const IvCameraFarm *farm, guint camera) {
  return g_strdup_printf("rtsp://127.0.0.1:%u/c%u", farm->port, camera);
}

gboolean iv_camera_farm_sent(IvCameraFarm *farm, guint64 *ret_sent, GError **error) {
  GOutputStream *in = g_subprocess_get_stdin_pipe(farm->process);
  if (!g_output_stream_write_all(in, "sent\n", 5, NULL, NULL, error))
    return FALSE;
  g_autofree char *line = read_line(farm, error);
  char *rest = line;
  for (guint i = 0; line && i < farm->cameras; i++)
    ret_sent[i] = g_ascii_strtoull(rest, &rest, 10);
  return line != NULL;
}

void iv_camera_farm_stop(IvCameraFarm *farm) {
  if (!farm)
    return;
  g_subprocess_force_exit(farm->process);
  g_subprocess_wait(farm->process, NULL, NULL);
  g_object_unref(farm->out);
  g_object_unref(farm->process);
  g_free(farm);
}

/* ---- there ---- */

typedef struct {
  GPtrArray *units; /* GstBuffer */
  GstClockTime length;
  guint pictures, cameras;
  gint *sent; /* of each camera */
  GstRTSPMountPoints *mounts;
} Farm;

typedef struct {
  Farm *farm;
  guint camera;
} Camera;

static GPtrArray *read_units(const char *film, GError **error) {
  g_autofree char *text =
      g_strdup_printf("filesrc location=\"%s\" ! parsebin ! h264parse config-interval=-1 ! "
                      "video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=out "
                      "sync=false",
                      film);
  g_autoptr(GstElement) pipeline = gst_parse_launch(text, error);
  if (!pipeline)
    return NULL;
  GPtrArray *units = g_ptr_array_new_with_free_func((GDestroyNotify)gst_buffer_unref);
  g_autoptr(GstElement) out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  for (GstSample *sample; (sample = gst_app_sink_pull_sample(GST_APP_SINK(out)));
       gst_sample_unref(sample))
    g_ptr_array_add(units, gst_buffer_ref(gst_sample_get_buffer(sample)));
  gst_element_set_state(pipeline, GST_STATE_NULL);
  return units;
}

/* A camera that has sent all is not there any more: who asks again gets no second film. */
static gboolean take_away(gpointer user_data) {
  Camera *camera = user_data;
  g_autofree char *path = g_strdup_printf("/c%u", camera->camera);
  gst_rtsp_mount_points_remove_factory(camera->farm->mounts, path);
  return G_SOURCE_REMOVE;
}

static void on_need(GstAppSrc *src, G_GNUC_UNUSED guint length, gpointer user_data) {
  Camera *camera = user_data;
  Farm *farm = camera->farm;
  guint n = (guint)g_atomic_int_get(&farm->sent[camera->camera]);
  if (n >= farm->pictures) {
    g_idle_add(take_away, camera);
    gst_app_src_end_of_stream(src);
    return;
  }
  GstBuffer *unit = gst_buffer_copy(farm->units->pdata[n % farm->units->len]);
  GST_BUFFER_PTS(unit) += n / farm->units->len * farm->length;
  GST_BUFFER_DTS(unit) = GST_CLOCK_TIME_NONE;
  g_atomic_int_inc(&farm->sent[camera->camera]);
  gst_app_src_push_buffer(src, unit);
}

static void on_media(G_GNUC_UNUSED GstRTSPMediaFactory *factory, GstRTSPMedia *media,
                     gpointer user_data) {
  g_autoptr(GstElement) bin = gst_rtsp_media_get_element(media);
  g_autoptr(GstElement) src = gst_bin_get_by_name_recurse_up(GST_BIN(bin), "src");
  GstAppSrcCallbacks callbacks = {.need_data = on_need};
  gst_app_src_set_callbacks(GST_APP_SRC(src), &callbacks, user_data, NULL);
  g_object_set(src, "format", GST_FORMAT_TIME, NULL);
}

static void add_camera(Farm *farm, guint i) {
  Camera *camera = g_new0(Camera, 1); /* as long as the process */
  *camera = (Camera){farm, i};
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(
      factory, "( appsrc name=src caps=video/x-h264,stream-format=byte-stream,alignment=au ! "
               "h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )");
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  g_signal_connect(factory, "media-configure", G_CALLBACK(on_media), camera);
  g_autofree char *path = g_strdup_printf("/c%u", i);
  gst_rtsp_mount_points_add_factory(farm->mounts, path, factory);
}

static gpointer answer(gpointer user_data) {
  Farm *farm = user_data;
  char line[16];
  while (fgets(line, sizeof line, stdin)) {
    for (guint i = 0; i < farm->cameras; i++)
      printf("%d ", g_atomic_int_get(&farm->sent[i]));
    printf("\n");
    fflush(stdout);
  }
  return NULL;
}

static void measure_film(Farm *farm) {
  GstBuffer *first = farm->units->pdata[0], *last = farm->units->pdata[farm->units->len - 1];
  farm->length = GST_BUFFER_PTS(last) - GST_BUFFER_PTS(first) + GST_BUFFER_DURATION(last);
}

int iv_camera_farm_run(const char *film, guint cameras, guint pictures) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  gst_init(NULL, NULL);
  g_autoptr(GError) error = NULL;
  GPtrArray *units = read_units(film, &error);
  if (!units || units->len == 0) {
    g_printerr("%s: %s\n", film, error ? error->message : "no pictures");
    return EXIT_FAILURE;
  }
  GstRTSPServer *server = gst_rtsp_server_new();
  g_autoptr(GstRTSPThreadPool) threads = gst_rtsp_server_get_thread_pool(server);
  gst_rtsp_thread_pool_set_max_threads(threads, SHARED_LOOPS);
  Farm farm = {.units = units,
               .pictures = pictures,
               .cameras = cameras,
               .sent = g_new0(gint, cameras),
               .mounts = gst_rtsp_server_get_mount_points(server)};
  measure_film(&farm);
  for (guint i = 0; i < cameras; i++)
    add_camera(&farm, i);
  gst_rtsp_server_set_address(server, "127.0.0.1");
  gst_rtsp_server_set_service(server, "0");
  if (gst_rtsp_server_attach(server, NULL) == 0) {
    g_printerr("the cameras cannot listen on 127.0.0.1\n");
    return EXIT_FAILURE;
  }
  printf("%d\n", gst_rtsp_server_get_bound_port(server));
  fflush(stdout);
  g_thread_unref(g_thread_new("answers", answer, &farm));
  g_main_loop_run(g_main_loop_new(NULL, FALSE));
  return EXIT_SUCCESS;
}
