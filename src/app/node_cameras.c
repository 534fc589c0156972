/* SPDX-License-Identifier: Apache-2.0 */
/* Which cameras there are: the file's, and what the dashboard says of them (store/camera_setups.h).
 * At the start both are put together; afterwards cameras come, change and go while the program
 * runs. */
#include <string.h>

#include "app/node_private.h"
#include "base/clock.h"
#include "base/url.h"
#include "config/camera_settings.h"
#include "store/camera_setups.h"
#include "store/catalog.h"
#include "store/scenes.h"

#define KEY_FILE "secret.key"
#define UNKNOWN_ADDRESS "rtsp://address-is-not-known.invalid/"

static gboolean fail(GError **error, IvServerHostError code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static gboolean fail(GError **error, IvServerHostError code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error_literal(error, IV_SERVER_HOST_ERROR, (gint)code, text);
  return FALSE;
}

static void note(GPtrArray *notes, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void note(GPtrArray *notes, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_ptr_array_add(notes, g_strdup_vprintf(format, args));
  va_end(args);
}

/* ---- addresses, which hold passwords ---- */

/* Opened when it is needed first: who keeps all cameras in the file has no key file. */
static const IvSecretBox *secret_box(IvNode *node, GError **error) {
  if (node->box)
    return node->box;
  g_autofree char *folder = g_path_get_dirname(iv_store_path(node->store));
  g_autofree char *path = g_build_filename(folder, KEY_FILE, NULL);
  node->box = iv_secret_box_open(path, error);
  return node->box;
}

/* Both addresses of a camera; owned and wiped. Without a sub stream the second is "". */
typedef struct {
  char *url, *sub_url;
} Addresses;

static void addresses_clear(Addresses *addresses) {
  g_clear_pointer(&addresses->url, iv_secret_free);
  g_clear_pointer(&addresses->sub_url, iv_secret_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Addresses, addresses_clear)

static gboolean addresses_of(const IvCameraConfig *config, Addresses *ret_addresses) {
  *ret_addresses = (Addresses){g_strdup(config->url), g_strdup(config->sub_url ?: "")};
  return TRUE;
}

/* What is sealed: the main stream's address, and on a line of its own the sub stream's. */
static gboolean unseal(IvNode *node, const IvCameraSetup *setup, Addresses *ret_addresses,
                       GError **error) {
  const IvSecretBox *box = secret_box(node, error);
  g_autofree char *context =
      iv_camera_setup_context(node->config->store.id.text, setup->camera_id.text);
  char *text = box ? iv_secret_box_unseal(box, context, setup->address, error) : NULL;
  if (!text)
    return FALSE;
  const char *line = strchr(text, '\n');
  *ret_addresses = (Addresses){g_strndup(text, line ? (gsize)(line - text) : strlen(text)),
                               g_strdup(line ? line + 1 : "")};
  iv_secret_free(text);
  return TRUE;
}

/* The file's own addresses are not copied: they may change there. */
static gboolean seal(IvNode *node, IvCameraSetup *setup, const IvCameraConfig *camera,
                     GError **error) {
  const IvCameraConfig *file = iv_config_camera(node->config, setup->camera_id.text);
  if (file && strcmp(file->url, camera->url) == 0 && g_strcmp0(file->sub_url, camera->sub_url) == 0)
    return TRUE;
  const IvSecretBox *box = secret_box(node, error);
  g_autofree char *context =
      iv_camera_setup_context(node->config->store.id.text, setup->camera_id.text);
  char *text = camera->sub_url ? g_strconcat(camera->url, "\n", camera->sub_url, NULL)
                               : g_strdup(camera->url);
  setup->address = box ? iv_secret_box_seal(box, context, text) : NULL;
  iv_secret_free(text);
  return box != NULL;
}

/* ---- at the start ---- */

static gboolean known_addresses(IvNode *node, const IvCameraSetup *setup,
                                const IvCameraConfig *file, Addresses *ret_addresses,
                                GPtrArray *notes) {
  g_autoptr(GError) error = NULL;
  gboolean known = setup->address ? unseal(node, setup, ret_addresses, &error)
                                  : file && addresses_of(file, ret_addresses);
  if (!known)
    note(notes, "camera %s: its address %s; until then it is not read", setup->camera_id.text,
         error ? error->message : "was the file's, which has it no longer; enter it again");
  return known;
}

/* "fps, role": what is set otherwise than in the file; NULL = nothing. */
static char *differences(const IvCameraConfig *a, const IvCameraConfig *b) {
  g_autoptr(GString) names = g_string_new(NULL);
  json_t *x = iv_camera_settings_to_json(a), *y = iv_camera_settings_to_json(b), *value;
  const char *key;
  if (strcmp(a->url, b->url) != 0)
    g_string_append(names, "url");
  if (g_strcmp0(a->sub_url, b->sub_url) != 0)
    g_string_append_printf(names, "%ssub_url", names->len ? ", " : "");
  json_object_foreach(x, key, value) {
    if (!g_str_has_suffix(key, "url") && !json_equal(value, json_object_get(y, key)))
      g_string_append_printf(names, "%s%s", names->len ? ", " : "", key);
  }
  json_decref(x);
  json_decref(y);
  return names->len ? g_strdup(names->str) : NULL;
}

/* What the setup makes of a camera; `file`, which may be NULL, where it can't be read. */
static const IvCameraConfig *settle(IvNode *node, const IvCameraSetup *setup,
                                    const IvCameraConfig *file, GPtrArray *notes) {
  g_autoptr(GError) error = NULL;
  g_auto(Addresses) known = {NULL, NULL};
  gboolean is_known = known_addresses(node, setup, file, &known, notes);
  IvCameraAddresses addresses = {is_known ? known.url : UNKNOWN_ADDRESS, known.sub_url};
  IvConfig *config = iv_camera_settings_read(setup->settings, &addresses, &error);
  if (!config) {
    note(notes, "camera %s: what the dashboard set is refused: %s; %s", setup->camera_id.text,
         error->message, file ? "the file's settings are used" : "it is left out");
    return file;
  }
  IvCameraConfig *camera = &config->cameras[0];
  camera->enabled = camera->enabled && is_known;
  g_ptr_array_add(node->setups, config);
  g_autofree char *names = file ? differences(camera, file) : NULL;
  if (names)
    note(notes,
         "camera %s: edited in the dashboard, which differs from the file (%s); the "
         "dashboard's is used",
         setup->camera_id.text, names);
  return camera;
}

static const IvCameraSetup *find_setup(const GPtrArray *setups, const char *camera_id) {
  for (guint i = 0; i < setups->len; i++) {
    const IvCameraSetup *setup = g_ptr_array_index(setups, i);
    if (strcmp(setup->camera_id.text, camera_id) == 0)
      return setup;
  }
  return NULL;
}

static void list_camera(IvNode *node, guint *place, const IvCameraConfig *camera,
                        GPtrArray *notes) {
  if (!camera)
    return;
  if (*place == IV_CONFIG_CAMERAS_MAX) {
    note(notes, "camera %s: left out, as one machine reads at most %d", camera->id.text,
         IV_CONFIG_CAMERAS_MAX);
    return;
  }
  node->cameras[(*place)++].config = camera;
}

gboolean iv_node_settle_cameras(IvNode *node, GPtrArray *notes, GError **error) {
  const IvConfig *config = node->config;
  guint place = 0;
  g_autoptr(GPtrArray) setups =
      iv_camera_setups_list(node->store, config->store.id.text, IV_TIME_NONE, error);
  if (!setups)
    return FALSE;
  for (guint i = 0; i < config->n_cameras; i++) {
    const IvCameraConfig *file = &config->cameras[i];
    const IvCameraSetup *setup = find_setup(setups, file->id.text);
    if (setup && setup->removed)
      note(notes,
           "camera %s: was removed in the dashboard and is not read; take it out of the "
           "file too",
           file->id.text);
    else
      list_camera(node, &place, setup ? settle(node, setup, file, notes) : file, notes);
  }
  for (guint i = 0; i < setups->len; i++) {
    const IvCameraSetup *setup = g_ptr_array_index(setups, i);
    if (!setup->removed && !iv_config_camera(config, setup->camera_id.text))
      list_camera(node, &place, settle(node, setup, NULL, notes), notes);
  }
  return TRUE;
}

/* The file as it were if it said what the dashboard says. The drawings are the file's. */
gboolean iv_node_import(IvNode *node, GPtrArray *notes, GError **error) {
  IvConfig config = *node->config;
  g_autofree IvCameraConfig *cameras = g_new0(IvCameraConfig, IV_CONFIG_CAMERAS_MAX);
  g_auto(GStrv) told = NULL;
  config.cameras = cameras;
  config.n_cameras = 0;
  for (guint i = 0; i < IV_CONFIG_CAMERAS_MAX && node->cameras[i].config; i++) {
    const IvCameraConfig *camera = node->cameras[i].config;
    const IvCameraConfig *file = iv_config_camera(node->config, camera->id.text);
    IvCameraConfig *entry = &cameras[config.n_cameras++];
    *entry = *camera;
    entry->scene = file ? file->scene : NULL;
  }
  if (!iv_catalog_import(node->store, &config, iv_clock_now(), &told, error))
    return FALSE;
  for (guint i = 0; told && told[i]; i++)
    g_ptr_array_add(notes, g_strdup(told[i]));
  return TRUE;
}

/* ---- while it runs: with `editing` locked ---- */

static IvNodeCamera *find_place(IvNode *node, const char *camera_id) {
  for (guint i = 0; i < node->n_cameras; i++)
    if (node->cameras[i].config && strcmp(node->cameras[i].config->id.text, camera_id) == 0)
      return &node->cameras[i];
  return NULL;
}

static IvNodeCamera *free_place(IvNode *node) {
  for (guint i = 0; i < IV_CONFIG_CAMERAS_MAX; i++)
    if (!node->cameras[i].config)
      return &node->cameras[i];
  return NULL;
}

static void set_config(IvNode *node, IvNodeCamera *camera, const IvCameraConfig *config) {
  g_rw_lock_writer_lock(&node->places);
  camera->config = config;
  g_rw_lock_writer_unlock(&node->places);
}

static void set_scene(IvNode *node, guint place, IvScene *scene) {
  g_mutex_lock(&node->mutex);
  IvScene *old = g_ptr_array_index(node->scenes, place);
  node->scenes->pdata[place] = scene;
  iv_foreteller_set_scenes(node->foreteller, node->scenes);
  g_mutex_unlock(&node->mutex);
  iv_scene_free(old);
}

/* From the camera on downwards, so that at each step nothing comes any more. */
static void stop(IvNode *node, IvNodeCamera *camera) {
  g_rw_lock_writer_lock(&node->places);
  IvIngest *ingest = g_steal_pointer(&camera->ingest);
  g_autoptr(IvStandby) second = g_steal_pointer(&camera->second);
  g_rw_lock_writer_unlock(&node->places);
  if (second)
    iv_standby_close(second);
  if (!ingest)
    return;
  iv_ingest_stop(ingest);
  iv_ingest_free(ingest);
  iv_inference_pool_drain(node->pool, camera->pool_camera);
  iv_analyst_close(node->analyst, camera->index);
  iv_node_picture_forget(node, camera->index);
  g_atomic_int_set(&camera->in_pool, 0);
  iv_inference_pool_remove_camera(node->pool, camera->pool_camera);
  iv_node_close_view(camera);
  g_atomic_int_set(&camera->view_state, 0);
  g_atomic_int_set(&camera->detect_errors, 0);
  camera->analysed_then = 0;
  set_scene(node, camera->index, NULL);
}

static gboolean start(IvNode *node, IvNodeCamera *camera, GError **error) {
  IvScene *scene = iv_scenes_get(node->store, node->config->store.id.text, camera->config->id.text,
                                 0, IV_TIME_NONE, error);
  if (!scene)
    return FALSE;
  g_autoptr(IvClockShare) clock = iv_clock_share_new();
  IvStandby *second = NULL;
  IvIngest *ingest = iv_node_open_second(camera, clock, &second, error)
                         ? iv_node_open_ingest(node, camera, clock, scene, error)
                         : NULL;
  if (!ingest) {
    g_clear_pointer(&second, iv_standby_unref);
    iv_scene_free(scene);
    return FALSE;
  }
  IvAnalystCamera line = {iv_node_line_config(node, camera), scene,
                          !iv_config_analyses(camera->config)};
  iv_analyst_open(node->analyst, camera->index, &line);
  set_scene(node, camera->index, scene);
  g_rw_lock_writer_lock(&node->places);
  camera->ingest = ingest;
  camera->second = second;
  g_rw_lock_writer_unlock(&node->places);
  iv_ingest_start(ingest);
  return TRUE;
}

/* Names and numbers are only shown: the stream goes on. */
static gboolean needs_restart(const IvCameraConfig *a, const IvCameraConfig *b) {
  static const char *const shown[] = {"name", "number", "role", "live_transcode"};
  json_t *x = iv_camera_settings_to_json(a), *y = iv_camera_settings_to_json(b);
  for (guint i = 0; i < G_N_ELEMENTS(shown); i++) {
    json_object_del(x, shown[i]);
    json_object_del(y, shown[i]);
  }
  gboolean same =
      strcmp(a->url, b->url) == 0 && g_strcmp0(a->sub_url, b->sub_url) == 0 && json_equal(x, y);
  json_decref(x);
  json_decref(y);
  return !same;
}

static gboolean apply(IvNode *node, IvNodeCamera *camera, const IvCameraConfig *config,
                      GError **error) {
  gboolean restart = !camera->config || needs_restart(camera->config, config);
  if (restart)
    stop(node, camera);
  set_config(node, camera, config);
  gboolean fine = !restart || !config->enabled || start(node, camera, error);
  iv_node_mark(node, TRUE, TRUE);
  return fine;
}

static gboolean check_number(const IvNode *node, const IvNodeCamera *self, int number,
                             GError **error) {
  for (guint i = 0; i < node->n_cameras; i++) {
    const IvNodeCamera *other = &node->cameras[i];
    if (other != self && other->config && other->config->number == number)
      return fail(error, IV_SERVER_HOST_ERROR_INVALID,
                  "number: %d is that of the camera \"%s\"; numbers must differ", number,
                  other->config->name);
  }
  return TRUE;
}

static int free_number(const IvNode *node) {
  int number = 1;
  while (!check_number(node, NULL, number, NULL))
    number++;
  return number;
}

static gboolean are_texts(const json_t *wish, GError **error) {
  static const char *const keys[] = {"url", "username", "password"};
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    const json_t *value = json_object_get(wish, keys[i]);
    if (value && !json_is_string(value))
      return fail(error, IV_SERVER_HOST_ERROR_INVALID, "url, username and password are texts");
  }
  const json_t *sub_url = json_object_get(wish, "sub_url");
  if (sub_url && !json_is_string(sub_url) && !json_is_null(sub_url))
    return fail(error, IV_SERVER_HOST_ERROR_INVALID, "sub_url is a text, or null for none");
  return TRUE;
}

/* "***" may stand for the password of either stream: they mostly have one. */
static char *unmask(const char *text, const char *known, const char *other, GError **error) {
  char *full = iv_url_unmask(text, known, other ? NULL : error);
  return full || !other ? full : iv_url_unmask(text, other, error);
}

/* With the login that is wished. Takes `full`, which may be NULL. */
static char *with_login(char *full, const json_t *wish, GError **error) {
  const json_t *user = json_object_get(wish, "username"),
               *password = json_object_get(wish, "password");
  g_auto(IvUrlParts) parts = {0};
  if (!full || (!user && !password))
    return full;
  char *url =
      iv_url_split(full, &parts, error)
          ? iv_url_with_login(full, user ? json_string_value(user) : parts.user,
                              password ? json_string_value(password) : parts.password, error)
          : NULL;
  iv_secret_free(full);
  return url;
}

/* What the wish says of the address, with the password that it does not say. NULL with the error.
 */
static char *wished_url(const json_t *wish, const IvCameraConfig *before, GError **error) {
  const json_t *url = json_object_get(wish, "url");
  if (!are_texts(wish, error))
    return NULL;
  if (!url && !before) {
    fail(error, IV_SERVER_HOST_ERROR_INVALID,
         "url: is missing; give the address of the stream, such as rtsp://192.168.1.20/stream1");
    return NULL;
  }
  const char *known = before ? before->url : NULL;
  if (!url && strcmp(known, UNKNOWN_ADDRESS) == 0) { /* else it took the place of the sealed one */
    fail(error, IV_SERVER_HOST_ERROR_INVALID,
         "url: is sealed with a key file that is not there; put the file back and start again, or "
         "enter the address");
    return NULL;
  }
  char *full = url ? unmask(json_string_value(url), known, before ? before->sub_url : NULL, error)
                   : g_strdup(known);
  if (full && g_strcmp0(full, known) != 0 && !iv_url_check(full, error))
    g_clear_pointer(&full, iv_secret_free);
  return with_login(full, wish, error);
}

/* The same of the sub stream; "" where there is to be none. */
static char *wished_sub_url(const json_t *wish, const char *main_url, const IvCameraConfig *before,
                            GError **error) {
  const json_t *value = json_object_get(wish, "sub_url");
  const char *known = before ? before->sub_url : NULL;
  const char *text = value ? json_string_value(value) : known;
  if (!text || !*text)
    return g_strdup("");
  char *full = value ? unmask(text, known, main_url, error) : g_strdup(text);
  if (full && g_strcmp0(full, known) != 0 && !iv_url_check(full, error))
    g_clear_pointer(&full, iv_secret_free);
  return with_login(full, wish, error);
}

static gboolean wished_addresses(const json_t *wish, const IvCameraConfig *before,
                                 Addresses *ret_addresses, GError **error) {
  Addresses wished = {.url = wished_url(wish, before, error)};
  if (wished.url)
    wished.sub_url = wished_sub_url(wish, wished.url, before, error);
  if (wished.url && wished.sub_url) {
    *ret_addresses = wished;
    return TRUE;
  }
  addresses_clear(&wished);
  return FALSE;
}

static gboolean may_edit(const IvNode *node, const char *store_id, GError **error) {
  if (strcmp(store_id, node->config->store.id.text) != 0)
    return fail(error, IV_SERVER_HOST_ERROR_NO_CAMERA, "the store %s does not run here", store_id);
  if (node->sim)
    return fail(error, IV_SERVER_HOST_ERROR_CONFLICT,
                "the store is simulated: its cameras are those of its scenario");
  return TRUE;
}

/* In the words of who wished it. */
static void as_invalid(GError **error);

char *iv_node_wished_address(IvNode *node, const IvCameraWish *wish, GError **error) {
  GError *cause = NULL;
  if (!may_edit(node, wish->store_id, error))
    return NULL;
  g_rw_lock_reader_lock(&node->places);
  const IvNodeCamera *camera = wish->camera_id ? find_place(node, wish->camera_id) : NULL;
  const IvCameraConfig *before = camera ? camera->config : NULL; /* stays, see IvNodeCamera */
  g_rw_lock_reader_unlock(&node->places);
  char *url = wished_url(wish->settings, before, &cause);
  if (url && !iv_url_check(url, &cause))
    g_clear_pointer(&url, g_free);
  as_invalid(&cause);
  if (cause)
    g_propagate_error(error, cause);
  return url;
}

static IvConfig *wished_config(const IvNode *node, const char *camera_id,
                               const IvCameraConfig *before, const json_t *wish, GError **error) {
  g_auto(Addresses) wished = {NULL, NULL};
  gboolean known = wished_addresses(wish, before, &wished, error);
  IvCameraAddresses addresses = {wished.url, wished.sub_url};
  json_t *settings = before ? iv_camera_settings_to_json(before) : json_object();
  json_object_update(settings, (json_t *)wish);
  json_object_set_new(settings, "id", json_string(camera_id));
  json_object_del(settings, "username");
  json_object_del(settings, "password");
  const json_t *number = json_object_get(settings, "number");
  if (!number || json_is_null(number))
    json_object_set_new(settings, "number", json_integer(free_number(node)));
  IvConfig *config = known ? iv_camera_settings_read(settings, &addresses, error) : NULL;
  json_decref(settings);
  return config;
}

/* Every reason for which the wish itself is at fault is told as such. */
static void as_invalid(GError **error) {
  if (*error &&
      ((*error)->domain == IV_CAMERA_SETTINGS_ERROR || (*error)->domain == IV_URL_ERROR)) {
    gboolean is_url = (*error)->domain == IV_URL_ERROR;
    g_autoptr(GError) cause = g_steal_pointer(error);
    fail(error, IV_SERVER_HOST_ERROR_INVALID, "%s%s", is_url ? "url: " : "", cause->message);
  }
}

static gboolean store_setup(IvNode *node, const IvCameraConfig *camera, const char *author,
                            GError **error) {
  g_autoptr(IvCameraSetup) setup = g_new0(IvCameraSetup, 1);
  setup->camera_id = camera->id;
  setup->settings = iv_camera_settings_to_json(camera);
  json_object_del(setup->settings, "url");
  json_object_del(setup->settings, "sub_url");
  return seal(node, setup, camera, error) &&
         iv_camera_setups_put(node->store, node->config->store.id.text, setup, camera, author,
                              iv_clock_now(), error);
}

static gboolean put(IvNode *node, const IvCameraWish *wish, GError **error) {
  IvNodeCamera *camera = find_place(node, wish->camera_id);
  const IvCameraConfig *before = camera ? camera->config : NULL;
  if (before == &node->plan || strcmp(wish->camera_id, IV_FLOOR_PLAN_ID) == 0)
    return fail(error, IV_SERVER_HOST_ERROR_CONFLICT,
                "the id " IV_FLOOR_PLAN_ID " is the store's floor plan; choose another one");
  if (wish->create && camera)
    return fail(error, IV_SERVER_HOST_ERROR_CONFLICT,
                "there is a camera with the id %s; choose another id, or change that one",
                wish->camera_id);
  if (!wish->create && !camera)
    return fail(error, IV_SERVER_HOST_ERROR_NO_CAMERA, "there is no camera %s", wish->camera_id);
  camera = camera ? camera : free_place(node);
  if (!camera)
    return fail(error, IV_SERVER_HOST_ERROR_CONFLICT, "one machine reads at most %d cameras",
                IV_CONFIG_CAMERAS_MAX);
  g_autoptr(IvConfig) config = wished_config(node, wish->camera_id, before, wish->settings, error);
  if (!config || !check_number(node, camera, config->cameras[0].number, error) ||
      !store_setup(node, &config->cameras[0], wish->author, error))
    return FALSE;
  g_ptr_array_add(node->setups, config);
  return apply(node, camera, g_steal_pointer(&config)->cameras, error);
}

gboolean iv_node_put_camera(gpointer host, const IvCameraWish *wish, GError **error) {
  IvNode *node = host;
  GError *cause = NULL;
  if (!may_edit(node, wish->store_id, error))
    return FALSE;
  g_autoptr(GMutexLocker) G_GNUC_UNUSED editing = g_mutex_locker_new(&node->editing);
  if (put(node, wish, &cause))
    return TRUE;
  as_invalid(&cause);
  g_propagate_error(error, cause);
  return FALSE;
}

gboolean iv_node_remove_camera(gpointer host, const IvCameraWish *wish, GError **error) {
  IvNode *node = host;
  if (!may_edit(node, wish->store_id, error))
    return FALSE;
  g_autoptr(GMutexLocker) G_GNUC_UNUSED editing = g_mutex_locker_new(&node->editing);
  IvNodeCamera *camera = find_place(node, wish->camera_id);
  if (!camera || camera->config == &node->plan)
    return fail(error, IV_SERVER_HOST_ERROR_NO_CAMERA, "there is no camera %s", wish->camera_id);
  g_autoptr(IvCameraSetup) setup = g_new0(IvCameraSetup, 1);
  setup->camera_id = camera->config->id;
  setup->removed = TRUE;
  setup->settings = json_object();
  if (!iv_camera_setups_put(node->store, wish->store_id, setup, NULL, wish->author, iv_clock_now(),
                            error))
    return FALSE;
  stop(node, camera);
  iv_view_file_remove(node->config->server.data_dir, wish->camera_id);
  set_config(node, camera, NULL);
  iv_node_mark(node, TRUE, TRUE);
  return TRUE;
}

json_t *iv_node_camera_settings(gpointer host, const char *store_id, const char *camera_id) {
  IvNode *node = host;
  json_t *json = NULL;
  if (strcmp(store_id, node->config->store.id.text) != 0)
    return NULL;
  g_rw_lock_reader_lock(&node->places);
  const IvNodeCamera *camera = find_place(node, camera_id);
  if (camera && camera->config != &node->plan)
    json = iv_camera_settings_to_json(camera->config);
  g_rw_lock_reader_unlock(&node->places);
  return json;
}
