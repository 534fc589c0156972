/* SPDX-License-Identifier: Apache-2.0 */
#include "config/load.h"

#include <string.h>

#include "base/url.h"
#include "config/archive_config.h"
#include "config/expand.h"
#include "config/keys.h"
#include "config/scene_json.h"
#include "config/scene_yaml.h"
#include "config/snapshot_kinds.h"
#include "config/terminal_map.h"
#include "config/wording.h"
#include "config/yaml_tree.h"
#include "model/raster.h"

#define SCENE_KEY "scene"
#define NAMES_MAX 32 /* keys of a section, or sections */

typedef struct {
  const char *folder;
  IvConfigReport *report;
  IvConfig *config;
  gboolean open_to_all; /* everybody on the machine may read the file; told once */
} Loader;

static void G_GNUC_PRINTF(4, 5)
    refuse(Loader *loader, IvFilePlace place, const char *key, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  iv_config_report_add(loader->report, IV_FINDING_ERROR, place, key, "%s", text);
}

static guint key_names(const IvSection *section, const char **ret_names) {
  guint n = 0;
  for (; n < section->n_keys; n++)
    ret_names[n] = section->keys[n].name;
  if (section->has_scene)
    ret_names[n++] = SCENE_KEY;
  g_assert(n < NAMES_MAX);
  return n;
}

static guint section_names(const char **ret_names) {
  guint n;
  const IvSection *sections = iv_sections(&n);
  for (guint i = 0; i < n; i++)
    ret_names[i] = sections[i].name;
  return n;
}

/* Where else in the file `name` is a key, as " (it belongs under x)". */
static char *home_of(const char *name) {
  guint n;
  const IvSection *sections = iv_sections(&n);
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < sections[i].n_keys; k++)
      if (strcmp(sections[i].keys[k].name, name) == 0)
        return g_strdup_printf(" (it belongs under %s)", sections[i].name);
  return NULL;
}

static void refuse_unknown(Loader *loader, const IvYamlNode *map, const char *path,
                           const char *const *names, guint n) {
  for (guint i = 0; i < map->children->len; i++) {
    const IvYamlNode *child = g_ptr_array_index(map->children, i);
    guint k = 0;
    while (k < n && strcmp(names[k], child->name) != 0)
      k++;
    if (k < n)
      continue;
    g_autofree char *quoted = iv_quoted(child->name);
    g_autofree char *known = iv_names_joined(names, n);
    g_autofree char *hint = iv_nearest_hint(child->name, names, n);
    g_autofree char *home = *hint ? NULL : home_of(child->name);
    refuse(loader, child->name_place, path, "unknown key %s%s; known here: %s", quoted,
           home ? home : hint, known);
  }
}

static gboolean is_map(Loader *loader, const IvYamlNode *node, const char *path) {
  if (node->kind == IV_YAML_MAP)
    return TRUE;
  if (node->kind != IV_YAML_REFUSED)
    refuse(loader, node->place, path, "must be a mapping (indented lines of key: value), not %s",
           iv_yaml_kind_name(node->kind));
  return FALSE;
}

static void read_value(Loader *loader, const IvKey *key, const IvYamlNode *node, const char *path,
                       gpointer base) {
  g_autoptr(GError) error = NULL;
  if (node->kind == IV_YAML_REFUSED)
    return;
  if (node->kind != IV_YAML_SCALAR)
    refuse(loader, node->place, path, "must be one value, not %s", iv_yaml_kind_name(node->kind));
  else if (iv_yaml_is_empty(node))
    refuse(loader, node->name_place, path, "has no value; give one, or remove the line for %s",
           key->fallback ? "the default" : "good");
  else if (node->has_secret && key->type != IV_KEY_SOURCE && key->type != IV_KEY_RELAY &&
           key->type != IV_KEY_SECRET)
    refuse(loader, node->place, path,
           "${file:...} is for secrets and may stand in url, sub_url, turn, password, access_key "
           "and secret_key only; write the value out or use ${NAME}");
  else if (!iv_value_read(key, node->text, loader->folder, base, &error))
    refuse(loader, node->place, path, "%s", error->message);
}

/* Reads a section's keys from `map` into the struct at `base`. `path` = "server", "cameras[0]". */
static void read_keys(Loader *loader, const IvSection *section, const IvYamlNode *map,
                      const char *path, gpointer base) {
  const char *names[NAMES_MAX];
  guint n = key_names(section, names);
  refuse_unknown(loader, map, path, names, n);
  for (guint i = 0; i < section->n_keys; i++) {
    const IvKey *key = &section->keys[i];
    const IvYamlNode *node = iv_yaml_get(map, key->name);
    g_autofree char *key_path = g_strdup_printf("%s.%s", path, key->name);
    if (node)
      read_value(loader, key, node, key_path, base);
    else if (!key->fallback)
      refuse(loader, map->place, path, "has no %s; add a line like \"%s: %s\"", key->name,
             key->name, key->example);
  }
}

static void read_scene(Loader *loader, IvCameraConfig *camera, const IvYamlNode *map,
                       const char *path) {
  const IvYamlNode *node = iv_yaml_get(map, SCENE_KEY);
  g_autofree char *scene_path = g_strdup_printf("%s." SCENE_KEY, path);
  if (!node || iv_yaml_is_empty(node))
    return;
  camera->scene = iv_scene_from_yaml(node, scene_path, NULL, loader->report);
  if (camera->scene && iv_scene_is_plan(camera->scene))
    refuse(loader, node->place, scene_path, "plan belongs to the section floor_plan");
  if (camera->scene)
    camera->scene->camera_id = camera->id;
}

static void check_film(Loader *loader, const IvCameraConfig *camera, const char *film,
                       const IvYamlNode *node, const char *path) {
  if (!g_file_test(film, G_FILE_TEST_IS_REGULAR))
    iv_config_report_add(
        loader->report, camera->enabled ? IV_FINDING_ERROR : IV_FINDING_WARNING, node->place, path,
        "there is no video file %s; mend the path (cameras begin with rtsp://)", film);
}

static void warn_of_secret(Loader *loader, const IvYamlNode *node, const char *path) {
  if (!loader->open_to_all || strstr(node->written, "${"))
    return;
  iv_config_report_add(loader->report, IV_FINDING_WARNING, node->place, path,
                       "the file holds a password and everybody on this machine can read it; run "
                       "chmod 600, or take the password from ${file:PATH}");
  loader->open_to_all = FALSE;
}

static void check_secret(Loader *loader, const IvYamlNode *node, const char *path) {
  g_autofree char *masked = iv_url_mask(node->written);
  if (strcmp(masked, node->written) != 0)
    warn_of_secret(loader, node, path);
}

static void check_sub_stream(Loader *loader, const IvCameraConfig *camera, const IvYamlNode *map,
                             const char *path) {
  const IvYamlNode *node = iv_yaml_get(map, "sub_url");
  if (!camera->sub_url) {
    if (camera->analyse == IV_ANALYSE_SUB)
      iv_config_report_add(loader->report, IV_FINDING_ERROR, map->place, path,
                           "analyse: sub needs the address of the sub stream, sub_url");
    return;
  }
  if (iv_url_is_url(camera->sub_url))
    check_secret(loader, node, path);
  else
    check_film(loader, camera, camera->sub_url, node, path);
  if (camera->url && strcmp(camera->url, camera->sub_url) == 0)
    iv_config_report_add(loader->report, IV_FINDING_ERROR, node->place, path,
                         "sub_url is the same as url; give the address of the second stream, or "
                         "leave it out");
}

/* A camera that nobody looks at can't tell when somebody is there. */
static void check_analysis(Loader *loader, const IvCameraConfig *camera, const IvYamlNode *map,
                           const char *path) {
  gboolean by_default = camera->recording == 0;
  if (iv_config_analyses(camera))
    return;
  if (camera->recording == IV_RECORDING_EVENTS + 1)
    refuse(loader, map->place, path,
           "recording: events needs the analysis, which analyse: off switches off; take "
           "recording: continuous");
  else if (by_default && loader->config->recording.mode == IV_RECORDING_EVENTS)
    iv_config_report_add(loader->report, IV_FINDING_WARNING, map->place, path,
                         "is not recorded: recording.mode is events, and with analyse: off nothing "
                         "tells of any; give it recording: continuous");
}

/* What the address alone does not tell. */
static void check_source(Loader *loader, const IvCameraConfig *camera, const IvYamlNode *map,
                         const char *path) {
  const IvYamlNode *url = iv_yaml_get(map, "url");
  check_sub_stream(loader, camera, map, path);
  if (!camera->url)
    return;
  if (!iv_url_is_url(camera->url)) {
    check_film(loader, camera, camera->url, url, path);
    return;
  }
  check_secret(loader, url, path);
  if (camera->loop || !camera->realtime)
    iv_config_report_add(loader->report, IV_FINDING_WARNING, map->place, path,
                         "realtime and loop are for video files and do nothing here");
}

static void read_camera(Loader *loader, guint index, const IvYamlNode *map) {
  const IvSection *section = iv_section("cameras");
  IvCameraConfig *camera = &loader->config->cameras[index];
  g_autofree char *path = g_strdup_printf("cameras[%u]", index);
  iv_section_defaults(section, loader->folder, camera);
  if (!is_map(loader, map, path))
    return;
  read_keys(loader, section, map, path, camera);
  if (!camera->name)
    camera->name = g_strdup(camera->id.text);
  read_scene(loader, camera, map, path);
  if (strcmp(camera->id.text, IV_FLOOR_PLAN_ID) == 0)
    refuse(loader, iv_yaml_get(map, "id")->place, path,
           "the id " IV_FLOOR_PLAN_ID " is the store's floor plan; give the camera another one");
  check_source(loader, camera, map, path);
  check_analysis(loader, camera, map, path);
}

static void check_unique(Loader *loader, guint index, const IvYamlNode *map) {
  const IvCameraConfig *cameras = loader->config->cameras, *camera = &cameras[index];
  g_autofree char *path = g_strdup_printf("cameras[%u]", index);
  for (guint i = 0; i < index; i++) {
    if (!iv_slug_is_none(&camera->id) && strcmp(cameras[i].id.text, camera->id.text) == 0)
      refuse(loader, iv_yaml_get(map, "id")->place, path,
             "id \"%s\" is already used by cameras[%u]; ids must differ", camera->id.text, i);
    if (camera->number > 0 && cameras[i].number == camera->number)
      refuse(loader, iv_yaml_get(map, "number")->place, path,
             "number %d is already used by cameras[%u]; numbers must differ", camera->number, i);
  }
}

static gboolean has_number(const IvConfig *config, int number) {
  for (guint i = 0; i < config->n_cameras; i++)
    if (config->cameras[i].number == number)
      return TRUE;
  return FALSE;
}

static void give_numbers(IvConfig *config) {
  int next = 1;
  for (guint i = 0; i < config->n_cameras; i++) {
    while (has_number(config, next))
      next++;
    if (config->cameras[i].number == 0)
      config->cameras[i].number = next;
  }
}

static void read_cameras(Loader *loader, const IvYamlNode *list) {
  if (!list || iv_yaml_is_empty(list) || list->kind == IV_YAML_REFUSED)
    return;
  if (list->kind != IV_YAML_LIST) {
    refuse(loader, list->place, "cameras",
           "must be a list (each camera begins with \"- id:\"), not %s",
           iv_yaml_kind_name(list->kind));
    return;
  }
  if (list->children->len > IV_CONFIG_CAMERAS_MAX) {
    refuse(loader, list->place, "cameras", "holds %u cameras; one machine reads at most %d",
           list->children->len, IV_CONFIG_CAMERAS_MAX);
    return;
  }
  loader->config->n_cameras = list->children->len;
  loader->config->cameras = g_new0(IvCameraConfig, MAX(list->children->len, 1));
  for (guint i = 0; i < list->children->len; i++)
    read_camera(loader, i, g_ptr_array_index(list->children, i));
  for (guint i = 0; i < list->children->len; i++)
    check_unique(loader, i, g_ptr_array_index(list->children, i));
  give_numbers(loader->config);
}

/* A section that isn't there is read as an empty one: its required keys are missed all the same. */
static void read_section(Loader *loader, const IvSection *section, const IvYamlNode *root) {
  const IvYamlNode *map = iv_yaml_get(root, section->name);
  gpointer base = (char *)loader->config + section->offset;
  IvYamlNode none = {.kind = IV_YAML_MAP, .place = root->place};
  none.children = g_ptr_array_new();
  if (map && iv_yaml_is_empty(map)) {
    none.place = map->name_place;
    map = NULL;
  }
  iv_section_defaults(section, loader->folder, base);
  if (!map || is_map(loader, map, section->name))
    read_keys(loader, section, map ? map : &none, section->name, base);
  g_ptr_array_unref(none.children);
}

/* The plan has its size even when nothing is drawn on it. */
static IvScene *plan_scene(Loader *loader, const IvYamlNode *section) {
  const IvFloorPlanConfig *plan = &loader->config->floor_plan;
  const IvYamlNode *node = iv_yaml_get(section, SCENE_KEY);
  IvYamlNode none = {.kind = IV_YAML_MAP, .place = section->place};
  none.children = g_ptr_array_new();
  IvScene *scene = iv_scene_from_yaml(node && !iv_yaml_is_empty(node) ? node : &none,
                                      "floor_plan." SCENE_KEY, plan, loader->report);
  g_ptr_array_unref(none.children);
  return scene;
}

static void check_calibrations(Loader *loader, const IvYamlNode *root) {
  const IvConfig *config = loader->config;
  const IvYamlNode *cameras = iv_yaml_get(root, "cameras");
  for (guint i = 0; i < config->n_cameras; i++) {
    g_autoptr(GError) error = NULL;
    const IvScene *scene = config->cameras[i].scene;
    if (!scene || iv_scene_check_on_plan(scene, config->floor_plan.scene, &error))
      continue;
    const IvYamlNode *camera = g_ptr_array_index(cameras->children, i);
    g_autofree char *path = g_strdup_printf("cameras[%u]." SCENE_KEY, i);
    refuse(loader, iv_yaml_get(camera, SCENE_KEY)->place, path, "%s", error->message);
  }
}

/* The scene knows the picture by its bytes. */
static void read_plan_image(Loader *loader, const IvYamlNode *section) {
  IvFloorPlanConfig *plan = &loader->config->floor_plan;
  IvRaster raster;
  gsize length;
  g_autoptr(GError) error = NULL;
  if (!plan->image)
    return;
  g_autofree char *bytes =
      iv_read_bounded(plan->image, IV_RASTER_BYTES_MAX, TRUE, &length, NULL, &error);
  if (!bytes || !iv_raster_look(bytes, length, &raster, &error)) {
    refuse(loader, iv_yaml_get(section, "image")->place, "floor_plan.image", "%s: %s", plan->image,
           error->message);
    return;
  }
  g_strlcpy(plan->scene->plan.image, raster.name, sizeof plan->scene->plan.image);
  iv_scene_set_hash(plan->scene);
}

static void read_floor_plan(Loader *loader, const IvYamlNode *root) {
  const IvYamlNode *section = iv_yaml_get(root, "floor_plan");
  IvFloorPlanConfig *plan = &loader->config->floor_plan;
  if (!section || section->kind != IV_YAML_MAP || section->children->len == 0)
    return;
  if (plan->width_m == 0 && plan->height_m == 0 && !iv_yaml_get(section, SCENE_KEY))
    return;
  if (plan->width_m == 0 || plan->height_m == 0) {
    refuse(loader, section->place, "floor_plan",
           "needs width_m and height_m: how large the plan is, in metres");
    return;
  }
  plan->scene = plan_scene(loader, section);
  if (!plan->scene)
    return;
  iv_slug_set(&plan->scene->camera_id, IV_FLOOR_PLAN_ID);
  read_plan_image(loader, section);
  check_calibrations(loader, root);
}

/* What a text alone does not show. */
static void check_sales(Loader *loader, const IvYamlNode *root) {
  const IvYamlNode *sales = iv_yaml_get(root, "sales");
  const IvSalesConfig *config = &loader->config->sales;
  const char *fault = NULL;
  g_autoptr(GArray) map = iv_terminal_map_read(config->terminals, &fault);
  if (!map)
    refuse(loader, iv_yaml_get(sales, "terminals")->place, "sales.terminals",
           "%s; write TERMINAL=lane, TERMINAL=lane", fault);
  if (config->currency && !iv_currency_is_valid(config->currency))
    refuse(loader, iv_yaml_get(sales, "currency")->place, "sales.currency",
           "is not three capital letters; use the ISO 4217 code, such as EUR");
}

static void check_snapshots(Loader *loader, const IvYamlNode *root) {
  guint64 kinds;
  g_autofree char *fault = NULL;
  if (!iv_snapshot_kinds_read(loader->config->snapshots.kinds, &kinds, &fault))
    refuse(loader, iv_yaml_get(iv_yaml_get(root, "snapshots"), "kinds")->place, "snapshots.kinds",
           "\"%s\" is no kind of event; docs/events.md lists them (samples give no picture), none "
           "keeps no pictures",
           fault);
}

static void check_live(Loader *loader, const IvYamlNode *root) {
  const IvYamlNode *live = iv_yaml_get(root, "live");
  const IvLiveConfig *config = &loader->config->live;
  gboolean one_only = (config->port_min == 0) != (config->port_max == 0);
  if (live && (one_only || config->port_min > config->port_max))
    refuse(loader, live->place, "live",
           "port_min and port_max are no range; give both, the smaller one first");
}

static void check_restream(Loader *loader, const IvYamlNode *root) {
  const IvYamlNode *section = iv_yaml_get(root, "restream");
  const IvRestreamConfig *config = &loader->config->restream;
  if (!section)
    return;
  const IvYamlNode *user = iv_yaml_get(section, "user"),
                   *password = iv_yaml_get(section, "password");
  if (config->enabled && !config->password && !password)
    refuse(loader, section->place, "restream",
           "enabled needs a password of %d characters or more; write it into a file of its own and "
           "add \"password: ${file:PATH}\"",
           IV_RESTREAM_PASSWORD_MIN);
  if (config->user && strpbrk(config->user, "\":@/ \\"))
    refuse(loader, user ? user->place : section->place, "restream.user",
           "has a blank, or one of \" : @ / \\, which addresses can't hold");
  if (password && config->password)
    warn_of_secret(loader, password, "restream.password");
}

static void check_archive(Loader *loader, const IvYamlNode *root) {
  const IvYamlNode *section = iv_yaml_get(root, "archive");
  const char *key = NULL;
  g_autofree char *fault = section ? iv_archive_config_fault(&loader->config->archive, &key) : NULL;
  const IvYamlNode *node = fault && key ? iv_yaml_get(section, key) : NULL;
  g_autofree char *path = key ? g_strconcat("archive.", key, NULL) : g_strdup("archive");
  if (fault)
    refuse(loader, node ? node->place : section->place, path, "%s", fault);
  else if (section && iv_archive_config_is_readable_on_the_way(&loader->config->archive))
    iv_config_report_add(loader->report, IV_FINDING_WARNING,
                         iv_yaml_get(section, "endpoint")->place, "archive.endpoint",
                         "is http: everybody on the way can see the pictures; use https:// "
                         "outside a network of your own");
}

/* What two keys say together. */
static void check_pairs(Loader *loader, const IvYamlNode *root) {
  const IvYamlNode *rules = iv_yaml_get(root, "rules"), *tracker = iv_yaml_get(root, "tracker");
  const IvTrackingConfig *tracking = &loader->config->tracker;
  if (tracker && tracking->low_score > tracking->high_score)
    refuse(loader, tracker->place, "tracker", "low_score is above high_score; swap them");
  if (tracker && tracking->keep_lost <= tracking->lost_after)
    refuse(loader, tracker->place, "tracker",
           "keep_lost is not longer than lost_after; make it longer");
  if (rules && loader->config->rules.engaged_dwell < loader->config->rules.min_dwell)
    refuse(loader, rules->place, "rules",
           "engaged_dwell is shorter than min_dwell; make it at least as long");
}

/* The name is the id unless the file gives one. */
static void name_store(IvConfig *config, const IvYamlNode *root) {
  const IvYamlNode *store = iv_yaml_get(root, "store");
  if (store && iv_yaml_get(store, "name"))
    return;
  g_free(config->store.name);
  config->store.name = g_strdup(config->store.id.text);
}

static void read_root(Loader *loader, const IvYamlNode *root) {
  guint n;
  const char *names[NAMES_MAX];
  const IvSection *sections = iv_sections(&n);
  if (!is_map(loader, root, NULL))
    return;
  refuse_unknown(loader, root, NULL, names, section_names(names));
  for (guint i = 0; i < n; i++)
    if (!sections[i].list)
      read_section(loader, &sections[i], root);
  name_store(loader->config, root);
  read_cameras(loader, iv_yaml_get(root, "cameras"));
  read_floor_plan(loader, root);
  check_pairs(loader, root);
  check_sales(loader, root);
  check_snapshots(loader, root);
  check_live(loader, root);
  check_restream(loader, root);
  check_archive(loader, root);
}

/* Said only when nothing else is wrong: then it is what the user must do next. */
static void warn_of_no_cameras(Loader *loader) {
  if (loader->report->n_errors == 0 && loader->config->n_cameras == 0 &&
      !loader->config->simulate.scenario)
    iv_config_report_add(loader->report, IV_FINDING_WARNING, (IvFilePlace){0, 0}, NULL,
                         "there are no cameras; add some under \"cameras:\", each with id and url");
}

static IvConfig *read_text(const char *text, gsize length, Loader *loader) {
  g_autoptr(IvYamlNode) root = iv_yaml_read(text, length, loader->folder, loader->report);
  g_autoptr(IvConfig) config = iv_config_new();
  loader->config = config;
  if (root)
    read_root(loader, root);
  warn_of_no_cameras(loader);
  return loader->report->n_errors ? NULL : g_steal_pointer(&config);
}

IvConfig *iv_config_parse(const char *text, gsize length, const char *folder,
                          IvConfigReport *report) {
  Loader loader = {.folder = folder, .report = report};
  return read_text(text, length, &loader);
}

IvConfig *iv_config_load(const char *path, IvConfigReport *report) {
  g_autoptr(GError) error = NULL;
  g_autofree char *file = g_canonicalize_filename(path, NULL);
  g_autofree char *folder = g_path_get_dirname(file);
  Loader loader = {.folder = folder, .report = report};
  gsize length;
  g_autofree char *text =
      iv_read_bounded(path, IV_CONFIG_BYTES_MAX, FALSE, &length, &loader.open_to_all, &error);
  if (!text) {
    iv_config_report_add(report, IV_FINDING_ERROR, (IvFilePlace){0, 0}, NULL, "%s", error->message);
    return NULL;
  }
  IvConfig *config = read_text(text, length, &loader);
  if (config) {
    g_free(config->path);
    config->path = g_strdup(path);
  }
  return config;
}
