/* SPDX-License-Identifier: Apache-2.0 */
/* Real RTSP clients, each a process, on a real camera behind the RTSP server of the tests. */
#include <dirent.h>
#include <gio/gio.h>
#include <gst/gst.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "live/restream.h"
#include "media/clip.h"
#include "media/ingest.h"
#include "media/server.h"
#include "media/watcher.h"

#define PATIENCE 60 /* s; nothing takes that long unless it is broken */
#define USER "frigate"
#define PASSWORD "ganz geheim"

static char *dir, *clip;

/* Looks again and again until it is so. */
#define wait_until(condition)                                                                      \
  do {                                                                                             \
    gint64 until_ = g_get_monotonic_time() + PATIENCE * G_TIME_SPAN_SECOND;                        \
    while (!(condition)) {                                                                         \
      g_assert_cmpint(g_get_monotonic_time(), <, until_);                                          \
      g_usleep(10000);                                                                             \
    }                                                                                              \
  } while (0)

/* ---- a camera, and the program around the server ---- */

typedef struct {
  Server server;
  Watcher watcher;
  IvIngest *ingest;
  IvRestream *restream;
  gint form;         /* atomic */
  gint refuses;      /* atomic: nobody may begin */
  gint opened, open; /* atomic: readers that began, that did not end */
} Camera;

static gboolean knows(const char *camera_id, G_GNUC_UNUSED gpointer user_data) {
  return strcmp(camera_id, "cam") == 0;
}

static IvStreamHold *open_stream(G_GNUC_UNUSED const char *camera_id, IvStream stream,
                                 guint *ret_form, gpointer user_data, GError **error) {
  Camera *camera = user_data;
  if (stream == IV_STREAM_SUB) {
    g_set_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_NO_PICTURE,
                "the sub stream\nis broken");
    return NULL;
  }
  *ret_form = (guint)g_atomic_int_get(&camera->form);
  return iv_stream_hold_new(iv_ingest_ring(camera->ingest), NULL, NULL);
}

static guint form(G_GNUC_UNUSED const char *camera_id, gpointer user_data) {
  return (guint)g_atomic_int_get(&((Camera *)user_data)->form);
}

static gboolean began(const IvRestreamReader *reader, gpointer user_data) {
  Camera *camera = user_data;
  g_assert_cmpstr(reader->user, ==, USER);
  g_assert_cmpstr(reader->address, ==, "127.0.0.1");
  g_assert_cmpstr(reader->camera_id, ==, "cam");
  if (g_atomic_int_get(&camera->refuses))
    return FALSE;
  g_atomic_int_inc(&camera->opened);
  g_atomic_int_inc(&camera->open);
  return TRUE;
}

static void ended(G_GNUC_UNUSED const IvRestreamReader *reader, gpointer user_data) {
  g_atomic_int_add(&((Camera *)user_data)->open, -1);
}

static void tick(G_GNUC_UNUSED gpointer user_data) {}

static void open_server(Camera *camera, guint clients, guint camera_clients) {
  static const IvRestreamHost host = {knows, open_stream, form, began, ended, tick};
  g_autoptr(GError) error = NULL;
  IvRestreamOptions options = {.address = "127.0.0.1",
                               .user = USER,
                               .password = PASSWORD,
                               .clients = clients,
                               .camera_clients = camera_clients,
                               .host = &host,
                               .user_data = camera};
  camera->restream = iv_restream_new(&options, &error);
  g_assert_no_error(error);
}

static void read_source(Camera *camera, const char *source) {
  g_autoptr(GError) error = NULL;
  IvIngestConfig config = {.source = source,
                           .decode = TRUE,
                           .loop = !strstr(source, "://"),
                           .backoff_max = 300 * IV_MS,
                           .start = IV_TIME_NONE};
  watcher_init(&camera->watcher);
  camera->ingest = iv_ingest_new(&config, &watcher_events, &camera->watcher, &error);
  g_assert_no_error(error);
  iv_ingest_start(camera->ingest);
  g_assert_true(watcher_wait_frames(&camera->watcher, 1, PATIENCE));
  open_server(camera, 40, 40);
}

/* `name`: "cam", or "h265" for a clip of that kind. */
static void camera_open(Camera *camera, const char *name, const char *path) {
  g_autofree char *mount = g_strdup_printf("%s=%s", name, path);
  *camera = (Camera){0};
  server_start(&camera->server, "-", "-", (const char *const[]){mount, NULL});
  g_autofree char *url = server_url(&camera->server, name, "");
  read_source(camera, url);
}

static void camera_close(Camera *camera) {
  iv_restream_free(camera->restream);
  g_assert_cmpint(g_atomic_int_get(&camera->open), ==, 0);
  iv_ingest_free(camera->ingest);
  watcher_clear(&camera->watcher);
  if (camera->server.mounts)
    server_clear(&camera->server);
}

static IvRestreamStats stats_of(Camera *camera) {
  IvRestreamStats stats;
  iv_restream_stats(camera->restream, &stats);
  return stats;
}

/* ---- a client ---- */

typedef struct {
  GSubprocess *process;
  GDataInputStream *out;
  guint64 units, keys;
  gint64 taken;
  char codec[16], tail[40], over[300];
} Reader;

static void reader_start_as(Reader *reader, Camera *camera, const char *path, const char *transport,
                            const char *password) {
  g_autoptr(GError) error = NULL;
  g_autofree char *url =
      g_strdup_printf("rtsp://127.0.0.1:%u%s", iv_restream_port(camera->restream), path);
  *reader = (Reader){0};
  reader->process =
      g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                       g_getenv("INVEYE_READER"), url, transport, USER, password, NULL);
  g_assert_no_error(error);
  reader->out = g_data_input_stream_new(g_subprocess_get_stdout_pipe(reader->process));
}

static void reader_start(Reader *reader, Camera *camera, const char *transport) {
  reader_start_as(reader, camera, "/cam", transport, PASSWORD);
}

static Reader *ask(Reader *reader) {
  unsigned long long units = 0, keys = 0;
  long long taken = 0;
  GOutputStream *in = g_subprocess_get_stdin_pipe(reader->process);
  g_assert_true(g_output_stream_write_all(in, "stats\n", 6, NULL, NULL, NULL));
  g_autofree char *line = g_data_input_stream_read_line(reader->out, NULL, NULL, NULL);
  g_assert_nonnull(line);
  g_assert_cmpint(sscanf(line,
                         "units %llu keys %llu codec %15s taken %lld tail %39s over %299[^\n]",
                         &units, &keys, reader->codec, &taken, reader->tail, reader->over),
                  ==, 6);
  reader->units = units;
  reader->keys = keys;
  reader->taken = taken;
  return reader;
}

static gboolean is_over(Reader *reader) {
  return strcmp(ask(reader)->over, "no") != 0;
}

static void reader_kill(Reader *reader) {
  g_subprocess_send_signal(reader->process, SIGKILL);
  g_subprocess_wait(reader->process, NULL, NULL);
  g_clear_object(&reader->out);
  g_clear_object(&reader->process);
}

/* ---- tests ---- */

static void check_comes(Camera *camera, const char *transport, const char *codec) {
  Reader reader;
  reader_start(&reader, camera, transport);
  wait_until(ask(&reader)->units >= 60);
  g_assert_cmpstr(reader.codec, ==, codec);
  g_assert_cmpuint(reader.keys, >=, 2);
  g_assert_cmpuint(stats_of(camera).clients, ==, 1);
  g_assert_cmpuint(stats_of(camera).dropped, ==, 0);
  reader_kill(&reader);
  wait_until(stats_of(camera).clients == 0);
}

static void test_h264(void) {
  Camera camera;
  camera_open(&camera, "cam", clip);
  check_comes(&camera, "tcp", "H264");
  check_comes(&camera, "udp", "H264");
  g_assert_cmpuint(stats_of(&camera).opened, ==, 2);
  g_assert_cmpuint(stats_of(&camera).refused, ==, 0);
  camera_close(&camera);
}

static void check_encoder(const char *name, const char *encoder, const char *muxer,
                          const char *mount, const char *codec) {
  Camera camera;
  g_autofree char *path = g_build_filename(dir, name, NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = 20, .n = 80, .encoder = encoder, .muxer = muxer};
  if (!clip_write(path, &spec)) {
    g_test_skip("its encoder is not installed");
    return;
  }
  camera_open(&camera, mount, path);
  check_comes(&camera, "tcp", codec);
  check_comes(&camera, "udp", codec);
  camera_close(&camera);
}

static void test_h265(void) {
  check_encoder("clip265.mp4", "x265enc key-int-max=20 bitrate=400 option-string=bframes=0",
                "h265parse ! mp4mux", "h265", "H265");
}

static void test_b_frames(void) {
  check_encoder("clip-b.mp4", "x264enc key-int-max=20 bframes=2 b-adapt=false bitrate=400", NULL,
                "cam", "H264");
}

/* Pictures of several slices stay whole, keyframes too. From a film: the server of the tests tears
 * them. */
static void test_slices(void) {
  Camera camera = {0};
  Reader reader;
  g_autofree char *path = g_build_filename(dir, "slices.mp4", NULL);
  ClipSpec spec = {.size = {320, 240},
                   .fps = 20,
                   .n = 80,
                   .encoder =
                       "x264enc key-int-max=20 bframes=0 bitrate=400 option-string=slices=4"};
  if (!clip_write(path, &spec)) {
    g_test_skip("x264enc (gstreamer1.0-plugins-ugly) is not installed");
    return;
  }
  read_source(&camera, path);
  reader_start(&reader, &camera, "tcp");
  wait_until(ask(&reader)->units >= 60);
  g_assert_cmpuint(reader.keys, <=, reader.units / 20 + 2);
  reader_kill(&reader);
  camera_close(&camera);
}

/* Sender reports tell of each picture when it was taken. Pictures are known by their last bytes;
 * the clip is repeated, so the nearest time counts. */
static gint64 distance(IvUnitReader *ring, GQueue *seen, const Reader *reader) {
  IvEncodedUnit *unit;
  gint64 nearest = G_MAXINT64;
  while ((unit = iv_unit_reader_pop(ring, 0, NULL)))
    g_queue_push_tail(seen, unit);
  for (GList *l = seen->head; l; l = l->next) {
    char tail[33] = "";
    unit = l->data;
    for (gsize i = 0; i < 16 && unit->size >= 16; i++)
      g_snprintf(tail + 2 * i, 3, "%02x", unit->bytes[unit->size - 16 + i]);
    if (strcmp(tail, reader->tail) == 0)
      nearest = MIN(nearest, ABS(unit->ts - reader->taken));
  }
  return nearest;
}

static void check_times(Camera *camera, const char *transport) {
  Reader reader;
  GQueue seen = G_QUEUE_INIT;
  g_autoptr(IvUnitReader) ring =
      iv_unit_reader_new(iv_ingest_ring(camera->ingest), IV_READER_LIVE, 900, TRUE);
  guint n = 0;
  gint64 worst = 0;
  guint64 last = 0;
  reader_start(&reader, camera, transport);
  wait_until(ask(&reader)->taken != 0);
  guint64 begin = reader.units; /* what was there when it came is sent in a burst */
  wait_until(ask(&reader)->units >= begin + 30);
  while (n < 20) {
    wait_until(ask(&reader)->units != last);
    last = reader.units;
    worst = MAX(worst, distance(ring, &seen, &reader));
    n++;
  }
  g_test_message("%s: at most %" G_GINT64_FORMAT " us from the capture time", transport, worst);
  g_assert_cmpint(worst, <, 20 * IV_MS); /* pictures are 50 ms apart */
  g_queue_clear_full(&seen, (GDestroyNotify)iv_encoded_unit_unref);
  reader_kill(&reader);
}

static void test_times(void) {
  Camera camera;
  camera_open(&camera, "cam", clip);
  check_times(&camera, "tcp");
  check_times(&camera, "udp");
  camera_close(&camera);
}

static void check_refused(Camera *camera, const char *path, const char *password,
                          const char *part) {
  Reader reader;
  guint64 before = stats_of(camera).opened;
  reader_start_as(&reader, camera, path, "tcp", password);
  wait_until(is_over(&reader));
  if (!strstr(reader.over, part))
    g_error("\"%s\" lacks \"%s\"", reader.over, part);
  g_assert_cmpuint(ask(&reader)->units, ==, 0);
  g_assert_cmpuint(stats_of(camera).opened, ==, before);
  reader_kill(&reader);
}

static void test_refusals(void) {
  Camera camera;
  camera_open(&camera, "cam", clip);
  check_refused(&camera, "/cam", "geraten", "Wrong user or password");
  g_assert_cmpuint(stats_of(&camera).wrong_password, >=, 1);
  check_refused(&camera, "/other", PASSWORD, "404");
  check_refused(&camera, "/cam/sub", PASSWORD, "the sub stream is broken");
  check_refused(&camera, "/other/sub", "geraten",
                "Wrong user or password"); /* nobody learns which there are */
  g_atomic_int_set(&camera.refuses, 1);    /* who reads can't be written down */
  check_refused(&camera, "/cam", PASSWORD, "503");
  g_atomic_int_set(&camera.refuses, 0);
  iv_restream_free(camera.restream);
  open_server(&camera, 2, 1);
  Reader first;
  reader_start(&first, &camera, "tcp");
  wait_until(ask(&first)->units >= 10);
  check_refused(&camera, "/cam", PASSWORD, "restream.camera_clients");
  reader_kill(&first);
  wait_until(stats_of(&camera).clients == 0);
  camera_close(&camera);
}

/* Each wrong password makes the next answer later; the right one is not held up. */
static void test_guessing(void) {
  Camera camera;
  camera_open(&camera, "cam", clip);
  check_refused(&camera, "/cam", "geraten",
                "Wrong user or password"); /* three guesses cost nothing */
  gint64 before = g_get_monotonic_time();
  check_refused(&camera, "/cam", "geraten", "Wrong user or password");
  g_assert_cmpint(g_get_monotonic_time() - before, >=, G_TIME_SPAN_SECOND);
  g_assert_cmpuint(stats_of(&camera).wrong_password, ==, 2 * IV_RESTREAM_GUESSES);
  Reader reader;
  reader_start(&reader, &camera, "tcp");
  wait_until(ask(&reader)->units >= 10);
  reader_kill(&reader);
  camera_close(&camera);
}

static void test_camera_comes_back(void) {
  Camera camera;
  Reader tcp, udp;
  camera_open(&camera, "cam", clip);
  reader_start(&tcp, &camera, "tcp");
  reader_start(&udp, &camera, "udp");
  wait_until(ask(&tcp)->units >= 10 && ask(&udp)->units >= 10);
  server_freeze(&camera.server, TRUE); /* it says nothing any more: the ingest gives it up */
  g_assert_true(watcher_wait_state(&camera.watcher, IV_INGEST_OFFLINE, PATIENCE));
  server_restart(&camera.server);
  wait_until(ask(&tcp)->units >= 60 && ask(&udp)->units >= 60);
  g_assert_cmpuint(stats_of(&camera).opened, ==, 2); /* they were not ended */
  server_kill(&camera.server);
  wait_until(stats_of(&camera).clients == 0); /* that is too long: they are ended */
  wait_until(is_over(&tcp));
  reader_kill(&tcp);
  reader_kill(&udp);
  camera_close(&camera);
}

/* Another form of the camera is to be seen: whoever reads the old one is ended at once. */
static void test_another_form(void) {
  Camera camera;
  Reader tcp, udp;
  camera_open(&camera, "cam", clip);
  reader_start(&tcp, &camera, "tcp");
  reader_start(&udp, &camera, "udp");
  wait_until(ask(&tcp)->units >= 10 && ask(&udp)->units >= 10);
  g_atomic_int_set(&camera.form, 1);
  wait_until(stats_of(&camera).clients == 0);
  wait_until(is_over(&tcp));
  reader_kill(&tcp);
  reader_kill(&udp);
  reader_start(&tcp, &camera, "tcp");
  wait_until(ask(&tcp)->units >= 10);
  iv_restream_end_camera(camera.restream, "another", "it was told so");
  iv_restream_end_camera(camera.restream, "cam", "it was told so");
  wait_until(stats_of(&camera).clients == 0);
  wait_until(is_over(&tcp));
  reader_kill(&tcp);
  camera_close(&camera);
}

/* Large pictures, so that the system's buffers are full soon. */
static char *make_large_clip(void) {
  char *path = g_build_filename(dir, "large.mp4", NULL);
  ClipSpec spec = {.size = {1280, 720},
                   .fps = 20,
                   .n = 40,
                   .encoder =
                       "x264enc pass=quant quantizer=1 key-int-max=10 speed-preset=ultrafast "
                       "tune=zerolatency"};
  if (clip_write(path, &spec))
    return path;
  g_free(path);
  return NULL;
}

/* Until pictures are left out for him; then he goes on. On a machine that is too busy to send so
 * many in time, he is dropped before: then another one takes his place. */
static void freeze_a_while(Camera *camera, Reader *reader) {
  g_subprocess_send_signal(reader->process, SIGSTOP);
  wait_until(stats_of(camera).dropped > 0 || stats_of(camera).clients == 2);
  g_subprocess_send_signal(reader->process, SIGCONT);
  guint64 begin = ask(reader)->units;
  wait_until(is_over(reader) || reader->units >= begin + 200); /* more than waited for it */
  if (!is_over(reader))
    return;
  reader_kill(reader);
  reader_start(reader, camera, "tcp");
  wait_until(ask(reader)->units >= 10);
}

/* Who is frozen takes nothing: his pictures are left out, and later he is dropped; nobody else
 * notices. */
static void test_frozen_client(void) {
  Camera camera;
  Reader tcp, udp, other;
  g_autofree char *large = make_large_clip();
  if (!large) {
    g_test_skip("x264enc (gstreamer1.0-plugins-ugly) is not installed");
    return;
  }
  camera_open(&camera, "cam", large);
  reader_start(&tcp, &camera, "tcp");
  reader_start(&udp, &camera, "udp");
  reader_start(&other, &camera, "tcp");
  wait_until(ask(&tcp)->units >= 10 && ask(&udp)->units >= 10 && ask(&other)->units >= 10);
  freeze_a_while(&camera, &tcp);
  g_subprocess_send_signal(tcp.process, SIGSTOP);
  g_subprocess_send_signal(udp.process, SIGSTOP);
  guint64 begin = ask(&other)->units;
  gint64 froze = g_get_monotonic_time();
  wait_until(stats_of(&camera).clients == 1);
  gint64 took = g_get_monotonic_time() - froze;
  /* At its own pace all the while, but for what the machine was too slow for. */
  g_assert_cmpuint(ask(&other)->units - begin, >, (guint64)(took / G_TIME_SPAN_SECOND) * 15);
  reader_kill(&tcp);
  reader_kill(&udp);
  reader_kill(&other);
  camera_close(&camera);
}

static guint count(const char *folder) {
  guint n = 0;
  DIR *entries = opendir(folder);
  while (readdir(entries))
    n++;
  closedir(entries);
  return n;
}

static void open_and_kill(Camera *camera, guint n) {
  g_autofree Reader *readers = g_new0(Reader, n);
  for (guint i = 0; i < n; i++)
    reader_start(&readers[i], camera, i % 2 ? "udp" : "tcp");
  for (guint i = 0; i < n; i++)
    wait_until(ask(&readers[i])->units >= 10);
  for (guint i = 0; i < n; i++)
    reader_kill(&readers[i]);
  wait_until(stats_of(camera).clients == 0);
}

static void test_leaves_nothing(void) {
  Camera camera;
  camera_open(&camera, "cam", clip);
  open_and_kill(&camera, 2);
  wait_until(iv_unit_ring_n_readers(iv_ingest_ring(camera.ingest)) <= 1);
  guint files = count("/proc/self/fd"), threads = count("/proc/self/task");
  open_and_kill(&camera, 20);
  g_assert_cmpint(g_atomic_int_get(&camera.opened), ==, 22);
  g_test_message("%u descriptors and %u threads before, %u and %u now", files, threads,
                 count("/proc/self/fd"), count("/proc/self/task"));
  wait_until(count("/proc/self/fd") <= files + 2);
  wait_until(count("/proc/self/task") <= threads + 4); /* GLib keeps some for the next */
  wait_until(iv_unit_ring_n_readers(iv_ingest_ring(camera.ingest)) <= 1);
  camera_close(&camera);
}

/* The address is somebody else's. */
static void test_port_in_use(void) {
  Camera camera;
  g_autoptr(GError) error = NULL;
  camera_open(&camera, "cam", clip);
  static const IvRestreamHost host = {knows, open_stream, form, began, ended, tick};
  IvRestreamOptions options = {.address = "127.0.0.1",
                               .port = iv_restream_port(camera.restream),
                               .user = USER,
                               .password = PASSWORD,
                               .clients = 1,
                               .camera_clients = 1,
                               .host = &host,
                               .user_data = &camera};
  g_assert_null(iv_restream_new(&options, &error));
  g_assert_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_LISTEN);
  g_assert_nonnull(strstr(error->message, "is in use by another program"));
  g_clear_error(&error);
  options.address = "192.0.2.1";
  g_assert_null(iv_restream_new(&options, &error));
  g_assert_error(error, IV_RESTREAM_ERROR, IV_RESTREAM_ERROR_LISTEN);
  camera_close(&camera);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_log_set_always_fatal(G_LOG_LEVEL_ERROR |
                         G_LOG_LEVEL_CRITICAL); /* wrong passwords are warned of */
  gst_init(NULL, NULL);
  dir = g_dir_make_tmp("inveye-restream-XXXXXX", NULL);
  clip = g_build_filename(dir, "clip.mp4", NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = 20, .n = 80, .gop = 20};
  if (!clip_write(clip, &spec)) {
    g_print("1..0 # SKIP no H.264 encoder (gstreamer1.0-plugins-bad)\n");
    return 0;
  }
  g_test_add_func("/live/restream/h264", test_h264);
  g_test_add_func("/live/restream/h265", test_h265);
  g_test_add_func("/live/restream/b-frames", test_b_frames);
  g_test_add_func("/live/restream/slices", test_slices);
  g_test_add_func("/live/restream/times", test_times);
  g_test_add_func("/live/restream/refusals", test_refusals);
  g_test_add_func("/live/restream/guessing", test_guessing);
  g_test_add_func("/live/restream/camera-comes-back", test_camera_comes_back);
  g_test_add_func("/live/restream/another-form", test_another_form);
  g_test_add_func("/live/restream/frozen-client", test_frozen_client);
  g_test_add_func("/live/restream/leaves-nothing", test_leaves_nothing);
  g_test_add_func("/live/restream/port-in-use", test_port_in_use);
  int result = g_test_run();
  clip_remove_dir(dir);
  g_free(clip);
  g_free(dir);
  return result;
}
