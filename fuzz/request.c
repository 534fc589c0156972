/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of somebody who is logged in, against the real routes on a real database: every one is
 * answered, never with 500, and what is said to be JSON is. The input is a request line ("PUT
 * /api/v1/... "), a line with If-Match, and the body. */
#include <glib/gstdio.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "api/routes/table.h"
#include "base/clock.h"
#include "config/camera_settings.h"
#include "config/load.h"
#include "kpi/bucket.h"
#include "store/catalog.h"
#include "store/sessions.h"
#include "target.h"

static const char configuration[] =
    "store: {id: demo, name: Demo store}\n"
    "cameras:\n"
    "  - {id: door, url: 'rtsp://10.0.0.5/s1', scene: {image: {w: 768, h: 576},\n"
    "     lines: [{id: entry, kind: entrance, a: [0.5, 0], b: [0.5, 1]}]}}\n"
    "  - {id: aisle, url: 'rtsp://10.0.0.6/s1'}\n";

/* One database for all inputs. */
static struct {
  char *folder;
  IvStore *store;
  IvToken token;
  IvApi api;
} world;

/* --- the program around the API --- */

static json_t *live_kpis(gpointer host, const char *store_id) {
  (void)host;
  return json_pack("{ss}", "store_id", store_id);
}

static json_t *cameras(gpointer host, const char *store_id) {
  (void)host;
  (void)store_id;
  return json_pack("[{ss}, {ss}]", "id", "aisle", "id", "door");
}

static GBytes *picture(gpointer host, const IvPictureWish *wish, IvTime *ret_ts, GError **error) {
  (void)host;
  (void)ret_ts;
  g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_PICTURE,
              "camera %s has sent no picture yet", wish->camera_id);
  return NULL;
}

static void scene_changed(gpointer host, const char *store_id, const IvScene *scene) {
  (void)host;
  (void)store_id;
  g_assert_true(iv_scene_check(scene, NULL));
}

static void host_metrics(gpointer host, GString *text) {
  (void)host;
  (void)text;
}

static json_t *outlook(gpointer host, const char *store_id) {
  (void)host;
  return json_pack("{ss}", "store_id", store_id);
}

static void user_changed(gint64 user_id, gpointer user_data) {
  (void)user_id;
  (void)user_data;
}

static gboolean accept_view(gpointer host, const char *store_id, const char *camera_id) {
  (void)host;
  (void)store_id;
  (void)camera_id;
  return TRUE;
}

static gboolean watch(gpointer host, const IvWatcher *watcher, GBytes *offer, IvTime deadline,
                      IvWatch *ret_watch, GError **error) {
  (void)host;
  (void)offer;
  (void)deadline;
  (void)error;
  g_strlcpy(ret_watch->id, watcher->camera_id, sizeof ret_watch->id);
  ret_watch->answer = g_strdup("v=0");
  return TRUE;
}

static gboolean unwatch(gpointer host, const IvWatcher *watcher, const char *id) {
  (void)host;
  (void)watcher;
  return id[0] == 'a';
}

static gboolean open_mse(gpointer host, const IvWatcher *watcher, IvTime deadline,
                         IvMseView *ret_view, GError **error) {
  (void)host;
  (void)deadline;
  (void)error;
  g_strlcpy(ret_view->id, watcher->camera_id, sizeof ret_view->id);
  g_strlcpy(ret_view->codec, "avc1.42c01e", sizeof ret_view->codec);
  return TRUE;
}

static int recording_file(gpointer host, const char *store_id, const char *path, GError **error) {
  (void)host;
  (void)store_id;
  g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_FILE, "no %s", path);
  return -1;
}

static GBytes *still(gpointer host, const IvStillWish *wish, IvTime deadline, IvTime *ret_ts,
                     GError **error) {
  (void)host;
  (void)deadline;
  (void)ret_ts;
  g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_PICTURE, "no %s", wish->path);
  return NULL;
}

static GBytes *blurred(gpointer host, GBytes *jpeg, int width) {
  (void)host;
  return width < 0 ? NULL : g_bytes_ref(jpeg);
}

static void evidence_changed(gpointer host, const char *store_id, gint64 no, gboolean released) {
  (void)host;
  (void)store_id;
  (void)no;
  (void)released;
}

static double evidence_progress(gpointer host, const char *store_id, gint64 no) {
  (void)host;
  (void)store_id;
  return no == 1 ? 0.5 : -1;
}

static int evidence_file(gpointer host, const char *store_id, gint64 no, GError **error) {
  (void)no;
  return recording_file(host, store_id, "bundle", error);
}

static int export_file(gpointer host, const char *store_id, gint64 no, GError **error) {
  (void)no;
  return recording_file(host, store_id, "clip", error);
}

static gboolean evidence_key(gpointer host, char **ret_pem, char **ret_fingerprint,
                             GError **error) {
  (void)host;
  (void)error;
  *ret_pem = g_strdup("");
  *ret_fingerprint = g_strdup("");
  return TRUE;
}

static void viewers_changed(gpointer host, gint64 user_id) {
  (void)host;
  (void)user_id;
}

static json_t *camera_settings(gpointer host, const char *store_id, const char *camera_id) {
  (void)host;
  return json_pack("{ss ss}", "id", camera_id, "name", store_id);
}

/* The program's own reading of what is wished, without a camera. */
static gboolean put_camera(gpointer host, const IvCameraWish *wish, GError **error) {
  (void)host;
  g_autoptr(IvConfig) config = iv_camera_settings_read(wish->settings, NULL, NULL);
  if (config)
    return TRUE;
  g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_INVALID, "refused");
  return FALSE;
}

static gboolean remove_camera(gpointer host, const IvCameraWish *wish, GError **error) {
  (void)host;
  (void)wish;
  (void)error;
  return TRUE;
}

static json_t *test_camera(gpointer host, const IvCameraWish *wish, GError **error) {
  (void)host;
  (void)error;
  return json_pack("{ss}", "address", wish->camera_id ? wish->camera_id : "");
}

static GBytes *host_archived_part(gpointer host, const char *store_id, const char *key,
                                  guint64 offset, gsize n, GError **error) {
  (void)host, (void)store_id, (void)offset, (void)n;
  g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_ARCHIVE, "no %s", key);
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

static const IvServerHost host_calls = {.live_kpis = live_kpis,
                                        .cameras = cameras,
                                        .picture = picture,
                                        .scene_changed = scene_changed,
                                        .metrics = host_metrics,
                                        .outlook = outlook,
                                        .accept_view = accept_view,
                                        .watch = watch,
                                        .unwatch = unwatch,
                                        .open_mse = open_mse,
                                        .user_changed = viewers_changed,
                                        .recording_file = recording_file,
                                        .archived_part = host_archived_part,
                                        .archive = host_archive,
                                        .try_archive = host_try_archive,
                                        .snapshot_file = recording_file,
                                        .blurred = blurred,
                                        .evidence_changed = evidence_changed,
                                        .evidence_progress = evidence_progress,
                                        .evidence_file = evidence_file,
                                        .evidence_key = evidence_key,
                                        .export_changed = evidence_changed,
                                        .export_progress = evidence_progress,
                                        .export_file = export_file,
                                        .replay_changed = evidence_changed,
                                        .replay_progress = evidence_progress,
                                        .still = still,
                                        .camera_settings = camera_settings,
                                        .put_camera = put_camera,
                                        .remove_camera = remove_camera,
                                        .test_camera = test_camera};

/* --- set-up --- */

static gboolean insert_user(IvSql *sql, gpointer arg, GError **error) {
  (void)arg;
  g_autoptr(IvUser) user = iv_user_new();
  strcpy(user->name, "admin");
  strcpy(user->role, IV_USER_ROLE_ADMIN);
  strcpy(user->password_hash, "none"); /* nobody logs in with it */
  user->all_stores = TRUE;
  user->created_at = iv_clock_now();
  user->last_login_at = IV_TIME_NONE;
  return iv_users_insert(sql, user, error);
}

static gboolean insert_session(IvSql *sql, gpointer arg, GError **error) {
  (void)arg;
  IvSession session = {.created_at = iv_clock_now(), .seen_at = iv_clock_now()};
  g_autoptr(IvUser) user = iv_users_get(sql, "admin", error);
  if (!user)
    return FALSE;
  session.user_id = user->id;
  iv_token_hash(&world.token, session.hash);
  return iv_sessions_insert(sql, &session, error);
}

static void write_or_die(IvStoreJob job) {
  g_autoptr(GError) error = NULL;
  if (!iv_store_write(world.store, job, NULL, &error))
    g_error("%s", error->message);
}

static void tear_down(void) {
  iv_store_close(world.store);
  g_autoptr(GDir) dir = g_dir_open(world.folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(world.folder, name, NULL);
    g_unlink(path);
  }
  g_rmdir(world.folder);
  iv_throttle_free(world.api.accounts);
  iv_throttle_free(world.api.addresses);
  iv_looks_free(world.api.looks);
  g_free(world.folder);
}

static void set_up(void) {
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = NULL;
  g_autoptr(IvConfigReport) report = iv_config_report_new("fuzz");
  g_autoptr(IvConfig) config = iv_config_parse(configuration, strlen(configuration), NULL, report);
  world.folder = g_dir_make_tmp("inveye-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(world.folder, "inveye.db", NULL);
  world.store = iv_store_open(path, &error);
  if (!world.store || !iv_catalog_import(world.store, config, iv_clock_now(), &notes, &error))
    g_error("%s", error->message);
  memset(world.token.text, 'A', IV_TOKEN_TEXT);
  write_or_die(insert_user);
  write_or_die(insert_session);
  world.api = (IvApi){.store = world.store,
                      .wait_target = iv_kpi_limits_default().wait_target,
                      .host_calls = &host_calls,
                      .accounts = iv_throttle_new(4),
                      .addresses = iv_throttle_new(20),
                      .looks = iv_looks_new(),
                      .user_changed = user_changed};
  atexit(tear_down);
}

/* --- one request --- */

/* As the network's side hands it on: percent-decoded, up to a NUL. */
static char *decoded(const char *text, gsize length) {
  GString *out = g_string_new(NULL);
  for (gsize i = 0; i < length && text[i]; i++) {
    int high = i + 2 < length ? g_ascii_xdigit_value(text[i + 1]) : -1;
    int low = high >= 0 ? g_ascii_xdigit_value(text[i + 2]) : -1;
    gboolean is_escape = text[i] == '%' && low >= 0;
    char c = (char)(is_escape ? (high << 4 | low) : text[i]);
    i += is_escape ? 2 : 0;
    if (c)
      g_string_append_c(out, c);
  }
  return g_string_free(out, FALSE);
}

static void read_target(IvRequest *request, const char *target) {
  gsize path = strcspn(target, "?");
  request->path = decoded(target, MIN(path, IV_REQUEST_PATH_MAX));
  if (!target[path])
    return;
  g_auto(GStrv) arguments = g_strsplit(target + path + 1, "&", IV_REQUEST_QUERY_MAX);
  for (guint i = 0; arguments[i]; i++)
    g_ptr_array_add(request->query, decoded(arguments[i], MIN(strlen(arguments[i]),
                                                              IV_REQUEST_QUERY_BYTES_MAX - 1)));
}

static char *take_line(const char **at, const char *end) {
  const char *line = *at, *stop = memchr(line, '\n', (gsize)(end - line));
  *at = stop ? stop + 1 : end;
  return g_strndup(line, (gsize)((stop ? stop : end) - line));
}

/* NULL when the input is no request line. */
static IvRequest *read_request(const guint8 *input, gsize length) {
  const char *at = (const char *)input, *end = at + length;
  g_autofree char *line = take_line(&at, end);
  g_autofree char *if_match = take_line(&at, end);
  g_auto(GStrv) words = g_strsplit(line, " ", 2);
  g_autoptr(IvRequest) request = iv_request_new();
  gboolean known = FALSE;
  for (IvMethod m = IV_METHOD_GET; words[0] && m < IV_METHODS; m++)
    if (strcmp(words[0], iv_method_name(m)) == 0) {
      request->method = m;
      known = TRUE;
    }
  if (!known || !words[1] || words[1][0] != '/')
    return NULL;
  read_target(request, words[1]);
  request->headers[IV_HEADER_COOKIE] = g_strconcat(IV_TOKEN_COOKIE "=", world.token.text, NULL);
  request->headers[IV_HEADER_CONTENT_TYPE] = g_strdup("application/json");
  request->headers[IV_HEADER_IF_MATCH] =
      *if_match ? g_strndup(if_match, IV_REQUEST_HEADER_MAX) : NULL;
  request->body = at < end ? g_bytes_new(at, (gsize)(end - at)) : NULL;
  return g_steal_pointer(&request);
}

static void check(const IvResponse *response) {
  g_assert_true(response->status >= 200 && response->status < 500);
  for (guint i = 0; i < response->n_headers; i++)
    g_assert_null(strpbrk(response->headers[i].value, "\r\n"));
  if (!response->content_type || !strstr(response->content_type, "json"))
    return;
  gsize n;
  const char *text = g_bytes_get_data(response->body, &n);
  json_t *json = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
  g_assert_nonnull(json);
  json_decref(json);
}

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  if (!world.store)
    set_up();
  IvRouteMatch match = {0};
  IvResponse *problem = NULL;
  g_autoptr(IvRequest) request = read_request(input, length);
  if (!request)
    return 0;
  g_autoptr(IvResponse) response = NULL;
  if (!iv_route_find(request, &match, &problem)) {
    response = problem;
  } else if (!(match.route->traits & IV_ROUTE_HASHES)) { /* slow on purpose; see body.c */
    if (request->body && g_bytes_get_size(request->body) > match.route->body_max)
      g_clear_pointer(&request->body, g_bytes_unref);
    response = iv_api_answer(&world.api, request, &match, iv_clock_monotonic() + 10 * IV_SECOND);
    if (strcmp(match.route->operation_id, "logout") == 0)
      write_or_die(insert_session);
  }
  if (response && response->status != 503) /* no picture */
    check(response);
  iv_route_match_clear(&match);
  return 0;
}
