/* SPDX-License-Identifier: Apache-2.0 */
#include "view.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

/* ---- a camera ---- */

IvIngest *read_source(const char *source, Watcher *watcher) {
  g_autoptr(GError) error = NULL;
  IvIngestConfig config = {
      .source = source, .decode = TRUE, .backoff_max = 300 * IV_MS, .start = IV_TIME_NONE};
  watcher_init(watcher);
  IvIngest *ingest = iv_ingest_new(&config, &watcher_events, watcher, &error);
  g_assert_no_error(error);
  iv_ingest_start(ingest);
  return ingest;
}

void camera_open(Camera *camera, const char *clip) {
  g_autofree char *mount = g_strdup_printf("cam=%s", clip);
  server_start(&camera->server, "-", "-", (const char *const[]){mount, NULL});
  g_autofree char *url = server_url(&camera->server, "cam", "");
  camera->ingest = read_source(url, &camera->watcher);
  g_assert_true(watcher_wait_frames(&camera->watcher, 1, PATIENCE));
}

void camera_close(Camera *camera) {
  iv_ingest_free(camera->ingest);
  watcher_clear(&camera->watcher);
  server_clear(&camera->server);
}

/* ---- a viewer ---- */

static char *say(Viewer *viewer, const char *line) {
  GOutputStream *in = g_subprocess_get_stdin_pipe(viewer->process);
  if (line) {
    g_assert_true(g_output_stream_write_all(in, line, strlen(line), NULL, NULL, NULL));
    g_assert_true(g_output_stream_write_all(in, "\n", 1, NULL, NULL, NULL));
  }
  char *answer = g_data_input_stream_read_line(viewer->out, NULL, NULL, NULL);
  g_assert_nonnull(answer);
  return answer;
}

void viewer_start(Viewer *viewer) {
  g_autoptr(GError) error = NULL;
  gsize size = 0;
  viewer->process = g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                     &error, g_getenv("INVEYE_VIEWER"), NULL);
  g_assert_no_error(error);
  viewer->out = g_data_input_stream_new(g_subprocess_get_stdout_pipe(viewer->process));
  g_autofree char *line = say(viewer, NULL);
  g_assert_true(g_str_has_prefix(line, "offer "));
  g_autofree char *bytes = (char *)g_base64_decode(line + strlen("offer "), &size);
  viewer->offer = g_strndup(bytes, size);
}

void viewer_clear(Viewer *viewer) {
  g_subprocess_send_signal(viewer->process, SIGKILL);
  g_subprocess_wait(viewer->process, NULL, NULL);
  g_clear_object(&viewer->out);
  g_clear_object(&viewer->process);
  g_clear_pointer(&viewer->offer, g_free);
}

const IvWhepViewer mia = {"store", "cam", 7, "login", FALSE};

void viewer_answer(Viewer *viewer, const char *answer) {
  g_autofree char *coded = g_base64_encode((const guchar *)answer, strlen(answer));
  g_autofree char *line = g_strconcat("answer ", coded, NULL);
  g_autofree char *said = say(viewer, line);
  g_assert_cmpstr(said, ==, "ok");
}

char *ask_for(IvWhep *whep, const IvWhepViewer *who, IvIngest *ingest, Viewer *viewer,
              const char *text, GError **error) {
  char *answer = NULL;
  g_autoptr(GBytes) offer = g_bytes_new_static(text, strlen(text));
  g_autoptr(IvStreamHold) hold = iv_stream_hold_new(iv_ingest_ring(ingest), NULL, NULL);
  iv_whep_open(whep, who, hold, offer, iv_clock_monotonic() + PATIENCE * IV_SECOND, viewer->id,
               &answer, error);
  return answer;
}

gboolean open_for(IvWhep *whep, const IvWhepViewer *who, IvIngest *ingest, Viewer *viewer,
                  GError **error) {
  g_autofree char *answer = ask_for(whep, who, ingest, viewer, viewer->offer, error);
  if (answer)
    viewer_answer(viewer, answer);
  return answer != NULL;
}

guint64 units_of(Viewer *viewer, guint *ret_rtp_time) {
  unsigned long long units = 0;
  guint rtp_time = 0;
  int connected = 0;
  g_autofree char *line = say(viewer, "stats");
  g_assert_cmpint(
      sscanf(line, "units %llu rtp-time %u connected %d", &units, &rtp_time, &connected), ==, 3);
  if (ret_rtp_time)
    *ret_rtp_time = rtp_time;
  return units;
}
