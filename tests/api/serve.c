/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/auth/password.h"
#include "api/outlook_view.h"
#include "api/server.h"
#include "api/views.h"
#include "base/clock.h"
#include "config/camera_settings.h"
#include "config/load.h"
#include "model/heat.h"
#include "model/pieces.h"
#include "store/archived.h"
#include "store/catalog.h"
#include "store/ledger.h"
#include "store/segments.h"

/* The real server and the real database around a host made up for tests. Usage: serve DIR [WEB].
 * Prints one line {"port","password","error"}, then obeys lines of standard input, answering each
 * with one line:
 *   publish TOPIC JSON    flood TOPIC COUNT BYTES    wanted TOPIC    events STORE COUNT
 *   queue STORE MINUTES   heat STORE     release                    sockets             quit
 *   may                   (whoever came to watch last: may he still?)
 * A new scene is told as a line "scene STORE CAMERA VERSION" on standard error. */

static const char *const stores[] = {
    "store: {id: demo, name: Demo store, time_zone: Europe/Berlin}\n"
    "cameras:\n"
    "  - {id: entrance, name: Entrance, number: 1, role: entrance, url: 'rtsp://127.0.0.1/1',\n"
    "     scene: {image: {w: 768, h: 576}, full_view: true,\n"
    "       lines: [{id: door, name: Door, kind: entrance, a: [0.5, 0], b: [0.5, 1]}],\n"
    "       zones: [{id: shelf, name: Shelf, kind: product,\n"
    "                polygon: [[0, 0], [0.4, 0], [0.4, 1], [0, 1]]}],\n"
    "       lanes: [{id: till, queue: {polygon: [[0, 0.5], [0.4, 0.5], [0.4, 1], [0, 1]]},\n"
    "                service: {polygon: [[0, 0.2], [0.4, 0.2], [0.4, 0.4], [0, 0.4]]}}]}}\n"
    "  - {id: dark, name: Dark, number: 2, url: 'rtsp://127.0.0.1/2'}\n"
    "  - {id: slow, name: Slow, number: 3, url: 'rtsp://127.0.0.1/3'}\n",
    "store: {id: north, name: North, time_zone: Asia/Kolkata}\n"
    "cameras:\n"
    "  - {id: north-door, name: Door, number: 1, url: 'rtsp://127.0.0.1/4'}\n",
};

typedef struct {
  IvStore *store;
  IvServer *server;
  IvLedgerBook *book;
  GMutex lock;
  GCond cond;
  gboolean released; /* pictures of the camera "slow" */
  guint waiting;
  const char *folder;
  char *watcher; /* the login that watches "entrance" */
} Host;

static const struct {
  const char *store, *id;
  int number;
} cameras[] = {
    {"demo", "entrance", 1}, {"demo", "dark", 2}, {"demo", "slow", 3}, {"north", "north-door", 1}};

static IvCameraView camera_view(guint i) {
  return (IvCameraView){.id = cameras[i].id,
                        .name = "Kamera \"Ä\"",
                        .number = cameras[i].number,
                        .role = "entrance",
                        .state = strcmp(cameras[i].id, "dark") == 0 ? "offline" : "online",
                        .reason = "can't open rtsp://root:secret@10.0.0.1/x",
                        .codec = "h264",
                        .size = {768, 576},
                        .fps_in = 9.98765,
                        .fps_analysed = 5,
                        .bitrate = 800000.4,
                        .keyframe_interval = 2,
                        .frames_due = 100,
                        .camera_clock = TRUE,
                        .clock_ahead_s = -1.2,
                        .last_frame_ts = iv_clock_now(),
                        .source = "rtsp://root:secret@10.0.0.1/x?token=secret",
                        .scene_version = 1,
                        .people = strcmp(cameras[i].id, "dark") == 0 ? -1 : 4};
}

static gboolean is_store(const char *store_id) {
  return strcmp(store_id, "demo") == 0 || strcmp(store_id, "north") == 0;
}

static json_t *host_cameras(gpointer host, const char *store_id) {
  (void)host;
  json_t *list = json_array();
  for (guint i = 0; i < G_N_ELEMENTS(cameras); i++) {
    IvCameraView view = camera_view(i);
    if (strcmp(cameras[i].store, store_id) == 0)
      json_array_append_new(list, iv_camera_view_to_json(&view));
  }
  return list;
}

static json_t *host_outlook(gpointer host, const char *store_id) {
  (void)host;
  IvForetoldPool pools[2] = {{.n_lines = 1,
                              .open = 1,
                              .total = 2,
                              .known = TRUE,
                              .staffed = TRUE,
                              .wait_5m_s = 310,
                              .wait_10m_s = 540,
                              .long_chance = 0.71,
                              .arrivals = 14.2,
                              .called_at = iv_clock_now(),
                              .advice = {.action = IV_ADVICE_OPEN,
                                         .lanes = 2,
                                         .n_change = 1,
                                         .enough = TRUE,
                                         .within = 4 * IV_MINUTE,
                                         .worst_s = 610,
                                         .then_s = 120}},
                             {.n_lines = 1, .total = 6, .called_at = IV_TIME_NONE}};
  IvCallScore score = {iv_clock_now() - IV_DAY, 10, 8, 2, 1, 12, 9};
  iv_slug_set(&pools[0].lines[0].queue, "till");
  pools[0].lines[0].wait_5m_s = pools[0].lines[0].long_chance = NAN;
  pools[0].lines[0].wait_10m_s = 540;
  iv_slug_set(&pools[0].advice.change[0], "till-2");
  iv_slug_set(&pools[1].lines[0].queue, "dark");
  if (!is_store(store_id))
    return NULL;
  return iv_outlook_to_json(iv_clock_now(), pools, 2, &score, 5 * IV_MINUTE, 8 * IV_MINUTE);
}

static json_t *host_live(gpointer host, const char *store_id) {
  (void)host;
  if (!is_store(store_id))
    return NULL;
  IvCameraView views[] = {camera_view(0), camera_view(1)};
  const char *const seen_by[] = {"entrance", NULL};
  IvLineView lines[] = {{"door", "entrance", "Door", "entrance", 12, 3}};
  IvLiveZoneView zones[] = {{"shelf", "Shelf", "product", seen_by, 2, 4}};
  IvLiveQueueView queues[] = {{.queue_id = "till",
                               .name = "till",
                               .camera_id = "entrance",
                               .length = 3,
                               .present_wait_s = 71.5,
                               .estimated_wait_s = NAN,
                               .lanes_open = 1,
                               .lanes_total = 1},
                              {.queue_id = "dark",
                               .name = "dark",
                               .camera_id = "dark",
                               .is_group = TRUE,
                               .length = -1,
                               .lanes_total = 2}};
  IvLiveLaneView lanes[] = {{"till", "till", "till", "entrance", FALSE, TRUE, TRUE, TRUE},
                            {"dark-1", "dark-1", "dark", "dark", TRUE, FALSE, FALSE, FALSE}};
  IvLiveView live = {
      .ts = iv_clock_now(),
      .day_start = iv_clock_now() - IV_HOUR,
      .footfall_today = iv_figure_view(IV_FIGURE_FOOTFALL_UNKNOWN, 12, 0.5, TRUE),
      .traffic_in = iv_figure_view(IV_FIGURE_TRAFFIC_IN, 12, 0.5, TRUE),
      .traffic_out = iv_figure_view(IV_FIGURE_TRAFFIC_OUT, NAN, NAN, TRUE),
      .occupancy = iv_figure_view(IV_FIGURE_OCCUPANCY, 4, 1, FALSE),
      .occupancy_source = "full view of camera Entrance",
      .n_lines = 1,
      .lines = lines,
      .n_zones = 1,
      .zones = zones,
      .n_queues = 2,
      .queues = queues,
      .n_lanes = 2,
      .lanes = lanes,
      .n_cameras = 2,
      .cameras = views,
  };
  json_t *json = iv_live_view_to_json(&live);
  json_object_set_new(json, "outlook", host_outlook(host, store_id));
  return json;
}

static void wait_for_release(Host *host) {
  g_mutex_lock(&host->lock);
  host->waiting++;
  while (!host->released)
    g_cond_wait(&host->cond, &host->lock);
  host->waiting--;
  g_mutex_unlock(&host->lock);
}

static GBytes *host_picture(gpointer pointer, const IvPictureWish *wish, IvTime *ret_ts,
                            GError **error) {
  static const guint8 bytes[] = {0xff, 0xd8, 0xff, 0xd9};
  if (strcmp(wish->camera_id, "dark") == 0) {
    g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_PICTURE,
                "the camera is offline");
    return NULL;
  }
  for (guint i = 0; i < G_N_ELEMENTS(cameras); i++) {
    if (strcmp(wish->store_id, cameras[i].store) != 0 ||
        strcmp(wish->camera_id, cameras[i].id) != 0)
      continue;
    if (strcmp(wish->camera_id, "slow") == 0)
      wait_for_release(pointer);
    *ret_ts = iv_clock_now();
    return g_bytes_new_static(bytes, sizeof bytes);
  }
  g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_CAMERA, "no such camera");
  return NULL;
}

static void host_scene(gpointer host, const char *store_id, const IvScene *scene) {
  (void)host;
  fprintf(stderr, "scene %s %s %d\n", store_id, scene->camera_id.text, scene->version);
}

static void host_metrics(gpointer host, GString *text) {
  (void)host;
  g_string_append(text, "# TYPE inveye_test gauge\ninveye_test 1\n");
}

static gboolean host_accept_view(gpointer host, const char *store_id, const char *camera_id) {
  (void)host;
  (void)store_id;
  return strcmp(camera_id, "entrance") == 0;
}

/* The offer says what becomes of it; the viewer's name is the login's beginning. */
static gboolean host_watch(gpointer data, const IvWatcher *watcher, GBytes *offer, IvTime deadline,
                           IvWatch *ret_watch, GError **error) {
  static const struct {
    const char *offer;
    IvServerHostError code;
  } refusals[] = {{"bad", IV_SERVER_HOST_ERROR_BAD_OFFER},
                  {"not playable", IV_SERVER_HOST_ERROR_NOT_PLAYABLE},
                  {"full", IV_SERVER_HOST_ERROR_FULL},
                  {"no live", IV_SERVER_HOST_ERROR_NO_LIVE}};
  gsize size = 0;
  const char *bytes = g_bytes_get_data(offer, &size);
  g_autofree char *text = g_strndup(bytes ? bytes : "", size);
  g_assert_cmpint(deadline, >, iv_clock_monotonic());
  for (guint i = 0; i < G_N_ELEMENTS(refusals); i++)
    if (strcmp(text, refusals[i].offer) == 0) {
      g_set_error(error, IV_SERVER_HOST_ERROR, refusals[i].code, "the host says: %s", text);
      return FALSE;
    }
  if (strcmp(watcher->camera_id, "slow") == 0)
    wait_for_release(data);
  Host *host = data;
  g_mutex_lock(&host->lock);
  g_free(host->watcher);
  host->watcher = g_strdup(watcher->login);
  g_mutex_unlock(&host->lock);
  g_strlcpy(ret_watch->id, watcher->login, 17);
  ret_watch->answer = g_strconcat(
      "answer to ", text, watcher->stream == IV_STREAM_SUB ? " of the sub stream" : "", NULL);
  return TRUE;
}

static gboolean host_unwatch(gpointer host, const IvWatcher *watcher, const char *id) {
  (void)host;
  return strlen(id) == 16 && g_str_has_prefix(watcher->login, id);
}

static char *recording_path(const Host *host, const char *path) {
  return g_build_filename(host->folder, "recordings", path, NULL);
}

static int host_recording_file(gpointer host, const char *store_id, const char *path,
                               GError **error) {
  (void)store_id;
  g_autofree char *full = recording_path(host, path);
  int fd = g_open(full, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_FILE,
                        "the host says: it is gone");
  return fd;
}

/* Tells what it was asked for. */
static GBytes *host_still(gpointer pointer, const IvStillWish *wish, IvTime deadline,
                          IvTime *ret_ts, GError **error) {
  (void)pointer;
  (void)deadline;
  if (strcmp(wish->camera_id, "slow") == 0) {
    g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_PICTURE,
                        "the host says: others are asked for just now");
    return NULL;
  }
  *ret_ts = wish->at - 40 * IV_MS;
  char *text = g_strdup_printf("%s %" G_GINT64_FORMAT " ms %d%s", wish->path,
                               (wish->at - wish->start) / IV_MS, wish->width,
                               wish->blur_people ? " blurred" : "");
  return g_bytes_new_take(text, strlen(text));
}

/* Another picture altogether, so that tests see which one they got. */
static GBytes *host_blurred(gpointer pointer, GBytes *jpeg, int width) {
  (void)pointer;
  g_autofree char *text =
      g_strdup_printf("blurred %d of %" G_GSIZE_FORMAT, width, g_bytes_get_size(jpeg));
  return g_bytes_new(text, strlen(text));
}

static int host_snapshot_file(gpointer pointer, const char *store_id, const char *path,
                              GError **error) {
  const Host *host = pointer;
  (void)store_id;
  g_autofree char *full = g_build_filename(host->folder, "snapshots", path, NULL);
  int fd = g_open(full, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_FILE,
                        "the host says: it is gone");
  return fd;
}

static void host_evidence_changed(gpointer host, const char *store_id, gint64 no,
                                  gboolean released) {
  (void)host;
  fprintf(stderr, "evidence %s %" G_GINT64_FORMAT " %s\n", store_id, no,
          released ? "released" : "changed");
}

static double host_evidence_progress(gpointer host, const char *store_id, gint64 no) {
  (void)host;
  (void)store_id;
  return no == 2 ? 0.25 : -1;
}

static int host_evidence_file(gpointer host, const char *store_id, gint64 no, GError **error) {
  g_autofree char *path = g_strdup_printf("%" G_GINT64_FORMAT ".zip", no);
  return host_snapshot_file(host, store_id, path, error);
}

static void host_export_changed(gpointer host, const char *store_id, gint64 no, gboolean removed) {
  (void)host;
  fprintf(stderr, "export %s %" G_GINT64_FORMAT " %s\n", store_id, no,
          removed ? "removed" : "changed");
}

static double host_export_progress(gpointer host, const char *store_id, gint64 no) {
  (void)host;
  (void)store_id;
  return no == 2 ? 0.25 : -1;
}

static void host_replay_changed(gpointer host, const char *store_id, gint64 no, gboolean removed) {
  (void)host;
  fprintf(stderr, "replay %s %" G_GINT64_FORMAT " %s\n", store_id, no,
          removed ? "removed" : "changed");
}

static double host_replay_progress(gpointer host, const char *store_id, gint64 no) {
  (void)host, (void)store_id, (void)no;
  return 0.25;
}

static int host_export_file(gpointer host, const char *store_id, gint64 no, GError **error) {
  g_autofree char *path = g_strdup_printf("%" G_GINT64_FORMAT ".mp4", no);
  return host_snapshot_file(host, store_id, path, error);
}

static gboolean host_evidence_key(gpointer host, char **ret_pem, char **ret_fingerprint,
                                  GError **error) {
  (void)host;
  (void)error;
  *ret_pem = g_strdup("-----BEGIN PUBLIC KEY-----\n");
  *ret_fingerprint = g_strdup("00ff");
  return TRUE;
}

/* As the host of the program does: asks for those it shows video to. */
static void host_user_changed(gpointer host, gint64 user_id) {
  (void)host;
  fprintf(stderr, "user changed %" G_GINT64_FORMAT "\n", user_id);
}

/* Two cameras are there; what they are set to is not kept. */
static json_t *host_camera_settings(gpointer host, const char *store_id, const char *camera_id) {
  (void)host;
  if (strcmp(store_id, "demo") != 0 ||
      (strcmp(camera_id, "entrance") != 0 && strcmp(camera_id, "aisle") != 0 &&
       strcmp(camera_id, "fresh") != 0))
    return NULL;
  IvCameraConfig camera = {.name = (char *)"Some camera",
                           .number = 3,
                           .url = (char *)"rtsp://viewer:geheim@192.0.2.7/stream1",
                           .fps = 5,
                           .enabled = TRUE,
                           .realtime = TRUE};
  iv_slug_set(&camera.id, camera_id);
  return iv_camera_settings_to_json(&camera);
}

static gboolean host_put_camera(gpointer host, const IvCameraWish *wish, GError **error) {
  (void)host;
  gboolean is_there = strcmp(wish->camera_id, "fresh") != 0;
  if (wish->create && is_there) {
    g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_CONFLICT,
                "there is a camera with the id %s", wish->camera_id);
    return FALSE;
  }
  g_autoptr(IvConfig) config = iv_camera_settings_read(
      wish->settings, wish->create ? NULL : &(IvCameraAddresses){"rtsp://192.0.2.7/x", NULL}, NULL);
  if (config || !wish->create)
    return TRUE;
  g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_INVALID, "url: is missing");
  return FALSE;
}

static gboolean host_remove_camera(gpointer host, const IvCameraWish *wish, GError **error) {
  (void)host;
  (void)wish;
  (void)error;
  return TRUE;
}

static json_t *host_test_camera(gpointer host, const IvCameraWish *wish, GError **error) {
  (void)host;
  if (json_object_get(wish->settings, "url"))
    return json_pack("{ss sb}", "address", "rtsp://192.0.2.7/", "reached", 0);
  g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_INVALID, "url: is missing");
  return NULL;
}

/* Three pieces, then it is over. */
typedef struct {
  Host *host;
  int sent;
} Feed;

static gboolean host_open_mse(gpointer data, const IvWatcher *watcher, IvTime deadline,
                              IvMseView *ret_view, GError **error) {
  Host *host = data;
  (void)deadline;
  if (strcmp(watcher->camera_id, "dark") == 0) {
    g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NOT_PLAYABLE,
                        "the host says: dark");
    return FALSE;
  }
  g_mutex_lock(&host->lock);
  g_free(host->watcher);
  host->watcher = g_strdup(watcher->login);
  g_mutex_unlock(&host->lock);
  g_strlcpy(ret_view->id, watcher->login, 17);
  g_strlcpy(ret_view->codec, watcher->stream == IV_STREAM_SUB ? "avc1.42c01e" : "avc1.64001f",
            sizeof ret_view->codec);
  return TRUE;
}

static gpointer host_find_mse(gpointer host, const IvWatcher *watcher, const char *id) {
  if (strlen(id) != 16 || !g_str_has_prefix(watcher->login, id))
    return NULL;
  Feed *feed = g_new0(Feed, 1);
  feed->host = host;
  return feed;
}

static gboolean host_attach_mse(gpointer feed, void (*wake)(gpointer), gpointer user_data) {
  (void)feed;
  wake(user_data);
  return TRUE;
}

static GBytes *host_next_mse(gpointer data, gboolean *ret_over) {
  Feed *feed = data;
  *ret_over = feed->sent == 3;
  if (*ret_over)
    return NULL;
  g_autofree char *text = g_strdup_printf("piece %d", ++feed->sent);
  return g_bytes_new(text, strlen(text));
}

static void host_drop_mse(gpointer feed) {
  g_free(feed);
}

static void host_leave_mse(gpointer feed) {
  g_printerr("video left\n");
  g_free(feed);
}

static GBytes *host_archived_part(gpointer host, const char *store_id, const char *key,
                                  guint64 offset, gsize n, GError **error) {
  const Host *rig = host;
  (void)store_id;
  g_autofree char *full = g_build_filename(rig->folder, "archive", key, NULL);
  g_autofree char *bytes = NULL;
  gsize length = 0;
  if (g_file_get_contents(full, &bytes, &length, NULL) && offset + n <= length)
    return g_bytes_new(bytes + offset, n);
  g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_ARCHIVE,
              "the host says: the archive can't be read");
  return NULL;
}

static json_t *host_archive(gpointer host, const char *store_id) {
  (void)host, (void)store_id;
  return json_pack("{ss}", "state", "off");
}

static json_t *host_try_archive(gpointer host, const char *store_id, GError **error) {
  (void)host, (void)store_id;
  g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_CONFLICT,
                      "the host says: there is no archive");
  return NULL;
}

static const IvServerHost calls = {.live_kpis = host_live,
                                   .cameras = host_cameras,
                                   .picture = host_picture,
                                   .scene_changed = host_scene,
                                   .metrics = host_metrics,
                                   .outlook = host_outlook,
                                   .accept_view = host_accept_view,
                                   .watch = host_watch,
                                   .unwatch = host_unwatch,
                                   .open_mse = host_open_mse,
                                   .find_mse = host_find_mse,
                                   .attach_mse = host_attach_mse,
                                   .next_mse = host_next_mse,
                                   .leave_mse = host_leave_mse,
                                   .drop_mse = host_drop_mse,
                                   .user_changed = host_user_changed,
                                   .recording_file = host_recording_file,
                                   .archived_part = host_archived_part,
                                   .archive = host_archive,
                                   .try_archive = host_try_archive,
                                   .snapshot_file = host_snapshot_file,
                                   .blurred = host_blurred,
                                   .evidence_changed = host_evidence_changed,
                                   .evidence_progress = host_evidence_progress,
                                   .evidence_file = host_evidence_file,
                                   .evidence_key = host_evidence_key,
                                   .export_changed = host_export_changed,
                                   .export_progress = host_export_progress,
                                   .export_file = host_export_file,
                                   .replay_changed = host_replay_changed,
                                   .replay_progress = host_replay_progress,
                                   .still = host_still,
                                   .camera_settings = host_camera_settings,
                                   .put_camera = host_put_camera,
                                   .remove_camera = host_remove_camera,
                                   .test_camera = host_test_camera};

/* --- commands --- */

static void answer(const char *text) {
  printf("%s\n", text);
  fflush(stdout);
}

static void do_publish(Host *host, char **words) {
  json_t *data = json_loads(words[2], 0, NULL);
  g_assert(data);
  iv_server_publish(host->server, words[1], data);
  answer("ok");
}

static void do_flood(Host *host, char **words) {
  guint64 count = g_ascii_strtoull(words[2], NULL, 10);
  gsize bytes = (gsize)g_ascii_strtoull(strchr(words[2], ' ') + 1, NULL, 10);
  g_autofree char *filler = g_strnfill(bytes, 'x');
  for (guint64 i = 0; i < count; i++)
    iv_server_publish(host->server, words[1],
                      json_pack("{sI ss}", "n", (json_int_t)i, "filler", filler));
  answer("ok");
}

static void do_wanted(Host *host, char **words) {
  answer(iv_server_is_wanted(host->server, words[1]) ? "1" : "0");
}

static void do_events(Host *host, char **words) {
  guint count = (guint)g_ascii_strtoull(words[2], NULL, 10);
  for (guint i = 0; i < count; i++) {
    IvEvent event;
    gboolean inserted;
    const char *refused;
    g_autoptr(GError) error = NULL;
    iv_event_init(&event, IV_EVENT_LINE_CROSSED, iv_clock_now() - (IvTime)i * IV_SECOND);
    iv_slug_set(&event.store_id, words[1]);
    iv_slug_set(&event.edge_id, "local");
    iv_slug_set(&event.camera_id, "entrance");
    iv_slug_set(&event.line_id, "door");
    event.tracklet_id = i + 1;
    event.scene_version = 1;
    event.score = 0.5f;
    iv_event_set_text(&event, IV_ATTR_DIRECTION, i % 2 ? "out" : "in");
    iv_event_set_id(&event, "camera");
    iv_ledger_apply(host->book, &event, 1, iv_clock_now(), &inserted, &refused, &error);
    g_assert_no_error(error);
    g_assert_true(inserted);
  }
  answer("ok");
}

#define RECORDING_HEAD 700
#define RECORDING_PIECE 700000

static char *recording_name(const char *camera, IvTime start) {
  return g_strdup_printf("%s/20260329/%" G_GINT64_FORMAT ".mp4", camera, start);
}

static void write_recording(const Host *host, const char *path, gsize n) {
  g_autoptr(GError) error = NULL;
  g_autofree char *full = recording_path(host, path), *folder = g_path_get_dirname(full);
  g_autofree guint8 *bytes = g_malloc(n);
  for (gsize i = 0; i < n; i++)
    bytes[i] = (guint8)(i % 251);
  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_file_set_contents(full, (const char *)bytes, (gssize)n, &error);
  g_assert_no_error(error);
}

typedef struct {
  const char *store;
  const IvSegment *segment;
} Put;

static gboolean put_recording(IvSql *sql, gpointer arg, GError **error) {
  const Put *put = arg;
  return iv_segments_put(sql, put->store, put->segment, error);
}

/* The number that it has got. */
static gint64 find_recording(const Host *host, const char *store, const char *camera,
                             IvTime start) {
  IvSegmentQuery query = {
      .camera_id = camera, .from = start, .to = start + 1, .after = IV_TIME_NONE, .limit = 1};
  g_autoptr(GArray) found = iv_segments_list(host->store, store, &query, IV_TIME_NONE, NULL);
  g_assert_cmpuint(found->len, ==, 1);
  return g_array_index(found, IvSegment, 0).no;
}

/* record STORE CAMERA START PIECES: a file of pieces of 4 s, from START s since 1970 on. */
static void do_record(Host *host, char **words) {
  char camera[IV_SLUG_MAX + 1], number[24];
  gint64 start;
  guint n;
  g_autoptr(GError) error = NULL;
  g_assert_cmpint(sscanf(words[2], "%40s %" G_GINT64_FORMAT " %u", camera, &start, &n), ==, 3);
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(IvPiece));
  for (guint i = 0; i < n; i++) {
    IvPiece piece = {RECORDING_HEAD + (guint64)i * RECORDING_PIECE, (IvTime)i * 4 * IV_SECOND};
    g_array_append_val(pieces, piece);
  }
  g_auto(IvSegment) segment = {.path = recording_name(camera, start),
                               .start = start * IV_SECOND,
                               .end = (start + 4 * (gint64)n) * IV_SECOND,
                               .length = (IvTime)n * 4 * IV_SECOND,
                               .codec = "H.264",
                               .size = {768, 576},
                               .bytes = RECORDING_HEAD + (guint64)n * RECORDING_PIECE,
                               .init_bytes = RECORDING_HEAD,
                               .closed = TRUE,
                               .pieces = iv_pieces_pack(pieces)};
  iv_slug_set(&segment.camera_id, camera);
  write_recording(host, segment.path, (gsize)segment.bytes);
  Put put = {words[1], &segment};
  iv_store_write(host->store, put_recording, &put, &error);
  g_assert_no_error(error);
  g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT,
             find_recording(host, words[1], camera, segment.start));
  answer(number);
}

static gboolean put_archived(IvSql *sql, gpointer file, GError **error) {
  return iv_archived_add(sql, "demo", file, error) &&
         iv_archived_forget_local(sql, ((const IvArchivedFile *)file)->source_no, error);
}

/* archive NUMBER CAMERA START: from here on its file is in the archive alone. */
static void do_archive(Host *host, char **words) {
  char camera[IV_SLUG_MAX + 1];
  gint64 start;
  g_autoptr(GError) error = NULL;
  g_assert_cmpint(sscanf(words[2], "%40s %" G_GINT64_FORMAT, camera, &start), ==, 2);
  g_autofree char *path = recording_name(camera, start);
  g_autofree char *from = recording_path(host, path);
  g_autofree char *to = g_build_filename(host->folder, "archive", path, NULL);
  g_autofree char *parent = g_path_get_dirname(to);
  IvArchivedFile file = {
      .kind = IV_ARCHIVED_RECORDING, .source_no = g_ascii_strtoll(words[1], NULL, 10), .key = path};
  g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
  g_assert_cmpint(g_rename(from, to), ==, 0);
  iv_store_write(host->store, put_archived, &file, &error);
  g_assert_no_error(error);
  answer("ok");
}

/* shorten CAMERA START, lose CAMERA START: what becomes of its file. */
static void do_shorten(Host *host, char **words) {
  g_autofree char *path = recording_name(words[1], g_ascii_strtoll(words[2], NULL, 10));
  write_recording(host, path, 1000);
  answer("ok");
}

static void do_lose(Host *host, char **words) {
  g_autofree char *path = recording_name(words[1], g_ascii_strtoll(words[2], NULL, 10));
  g_autofree char *full = recording_path(host, path);
  g_assert_cmpint(g_unlink(full), ==, 0);
  answer("ok");
}

/* heat STORE: 2.5 s in the picture of its first camera and 3 s on its plan, an hour ago. */
static void do_heat(Host *host, char **words) {
  static const struct {
    const char *camera, *grid;
    IvHeatCell cell;
  } facts[] = {{"entrance", "32x18", {33, 25}}, {IV_FLOOR_PLAN_ID, "20x10@500", {7, 30}}};
  for (gsize i = 0; i < G_N_ELEMENTS(facts); i++) {
    IvHeatGrid grid = iv_heat_grid_of_picture();
    IvEvent event;
    gboolean inserted;
    const char *refused;
    g_autoptr(GError) error = NULL;
    iv_event_init(&event, IV_EVENT_HEAT_SAMPLE,
                  iv_time_floor(iv_clock_now() - IV_HOUR, IV_HEAT_BUCKET));
    iv_slug_set(&event.store_id, words[1]);
    iv_slug_set(&event.camera_id, facts[i].camera);
    event.end_ts = event.ts + IV_HEAT_BUCKET;
    iv_heat_sample_write(&event, &grid, &facts[i].cell, 1);
    iv_event_set_text(&event, IV_ATTR_GRID, facts[i].grid);
    iv_event_set_id(&event, "camera");
    iv_ledger_apply(host->book, &event, 1, iv_clock_now(), &inserted, &refused, &error);
    g_assert_no_error(error);
    g_assert_true(inserted);
  }
  answer("ok");
}

/* queue STORE MINUTES: one customer who came so long ago, waited 70 s and was served for 50 s. */
static void do_queue(Host *host, char **words) {
  static const struct {
    IvEventKind kind;
    int from, length;
  } facts[] = {{IV_EVENT_QUEUE_JOINED, 0, -1},
               {IV_EVENT_QUEUE_WAIT, 0, 70},
               {IV_EVENT_QUEUE_SERVICE, 70, 50}};
  IvTime start = iv_clock_now() - atoi(words[2]) * IV_MINUTE;
  for (gsize i = 0; i < G_N_ELEMENTS(facts); i++) {
    IvEvent event;
    gboolean inserted;
    const char *refused;
    g_autoptr(GError) error = NULL;
    iv_event_init(&event, facts[i].kind, start + facts[i].from * IV_SECOND);
    iv_slug_set(&event.store_id, words[1]);
    iv_slug_set(&event.camera_id, "entrance");
    iv_slug_set(&event.lane_id, "till");
    event.tracklet_id = 1;
    event.scene_version = 1;
    if (facts[i].length >= 0)
      event.end_ts = event.ts + facts[i].length * IV_SECOND;
    iv_event_set_id(&event, "camera");
    iv_ledger_apply(host->book, &event, 1, iv_clock_now(), &inserted, &refused, &error);
    g_assert_no_error(error);
    g_assert_true(inserted);
  }
  answer("ok");
}

static void do_release(Host *host, char **words) {
  (void)words;
  g_mutex_lock(&host->lock);
  host->released = TRUE;
  g_cond_broadcast(&host->cond);
  g_mutex_unlock(&host->lock);
  answer("ok");
}

static void do_waiting(Host *host, char **words) {
  (void)words;
  g_mutex_lock(&host->lock);
  g_autofree char *text = g_strdup_printf("%u", host->waiting);
  g_mutex_unlock(&host->lock);
  answer(text);
}

static void do_may(Host *host, char **words) {
  (void)words;
  IvWatcher watcher = {"demo", "entrance", 0, host->watcher, IV_STREAM_MAIN, FALSE};
  answer(iv_server_may_watch(host->server, &watcher) ? "yes" : "no");
}

/* Sockets only: how many database files are open depends on which workers have worked so far. */
static void do_sockets(Host *host, char **words) {
  (void)host, (void)words;
  guint n = 0;
  GDir *dir = g_dir_open("/proc/self/fd", 0, NULL);
  for (const char *fd; (fd = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename("/proc/self/fd", fd, NULL);
    g_autofree char *target = g_file_read_link(path, NULL);
    n += target && g_str_has_prefix(target, "socket:") ? 1 : 0;
  }
  g_dir_close(dir);
  g_autofree char *text = g_strdup_printf("%u", n);
  answer(text);
}

static const struct {
  const char *name;
  void (*run)(Host *host, char **words);
} commands[] = {{"publish", do_publish}, {"flood", do_flood},     {"wanted", do_wanted},
                {"events", do_events},   {"queue", do_queue},     {"heat", do_heat},
                {"release", do_release}, {"waiting", do_waiting}, {"sockets", do_sockets},
                {"may", do_may},         {"record", do_record},   {"archive", do_archive},
                {"shorten", do_shorten}, {"lose", do_lose}};

static gboolean obey(Host *host, const char *line) {
  g_auto(GStrv) words = g_strsplit(line, " ", 3);
  for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
    if (g_strcmp0(words[0], commands[i].name) != 0)
      continue;
    commands[i].run(host, words);
    return TRUE;
  }
  return FALSE;
}

static void import_stores(IvStore *store) {
  for (guint i = 0; i < G_N_ELEMENTS(stores); i++) {
    g_autoptr(IvConfigReport) report = iv_config_report_new("test.yaml");
    g_autoptr(IvConfig) config = iv_config_parse(stores[i], strlen(stores[i]), NULL, report);
    g_auto(GStrv) notes = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_nonnull(config);
    iv_catalog_import(store, config, iv_clock_now(), &notes, &error);
    g_assert_no_error(error);
  }
}

static void announce(IvServer *server, const char *password, const GError *error) {
  json_t *line = json_pack("{si ss* ss*}", "port", server ? iv_server_port(server) : 0, "password",
                           password, "error", error ? error->message : NULL);
  char *text = json_dumps(line, 0);
  answer(text);
  free(text);
  json_decref(line);
}

/* IV_TEST_PORT and IV_TEST_TLS of the environment choose the port and the cookies. */
int main(int argc, char **argv) {
  Host host = {.released = FALSE, .folder = argv[1]};
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(argv[1], "inveye.db", NULL);
  host.store = iv_store_open(path, &error);
  g_assert_no_error(error);
  import_stores(host.store);
  IvKpiLimits limits = iv_kpi_limits_default();
  host.book = iv_ledger_book_new(host.store, &limits);
  const char *port = g_getenv("IV_TEST_PORT"), *target = g_getenv("IV_TEST_WAIT_TARGET_S");
  IvServerOptions options = {.store = host.store,
                             .web_dir = argc > 2 ? argv[2] : NULL,
                             .behind_tls = g_getenv("IV_TEST_TLS") != NULL,
                             .wait_target = target ? atoi(target) * IV_SECOND : 0,
                             .port = port ? (guint16)atoi(port) : 0};
  char *password = iv_server_first_password(host.store, &error);
  g_assert_no_error(error);
  host.server = iv_server_new(&options, &calls, &host, &error);
  gboolean ok = host.server && iv_server_start(host.server, &error);
  announce(host.server, password, error);
  iv_password_free(password);
  char *line = NULL;
  size_t size = 0;
  while (ok && getline(&line, &size, stdin) > 0 && obey(&host, g_strchomp(line)))
    ;
  free(line);
  iv_server_free(host.server);
  iv_ledger_book_free(host.book);
  iv_store_close(host.store);
  g_free(host.watcher);
  return 0;
}
