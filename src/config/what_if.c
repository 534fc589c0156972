/* SPDX-License-Identifier: Apache-2.0 */
#include "config/what_if.h"

#include <string.h>

#include "config/keys.h"
#include "config/scene_json.h"
#include "config/scene_yaml.h"

typedef struct {
  IvWhatIfFault on_fault;
  gpointer user_data;
  const char *below; /* pointer of what is being read */
  gboolean any;
} Faults;

void iv_what_if_free(IvWhatIf *what) {
  if (!what)
    return;
  g_ptr_array_unref(what->scenes);
  g_free(what);
}

const IvScene *iv_what_if_scene(const IvWhatIf *what, const char *camera_id) {
  for (guint i = 0; what && i < what->scenes->len; i++) {
    const IvScene *scene = what->scenes->pdata[i];
    if (strcmp(scene->camera_id.text, camera_id) == 0)
      return scene;
  }
  return NULL;
}

static void fault(Faults *faults, const char *pointer, const char *text) {
  g_autofree char *whole = g_strconcat(faults->below, pointer, NULL);
  faults->any = TRUE;
  faults->on_fault(whole, text, faults->user_data);
}

static void on_scene_fault(const char *pointer, const char *text, gpointer user_data) {
  fault(user_data, pointer, text);
}

static void refuse_others(Faults *faults, const json_t *json, const char *one, const char *two) {
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)json, key,
                      value) if (strcmp(key, one) != 0 && strcmp(key, two) != 0) {
    g_autofree char *pointer = g_strconcat("/", key, NULL);
    g_autofree char *text = g_strdup_printf("unknown key; known are %s and %s", one, two);
    fault(faults, pointer, text);
  }
}

/* ---- thresholds ---- */

static const IvKey *find_key(const IvSection *section, const char *name) {
  for (guint i = 0; i < section->n_keys; i++)
    if (strcmp(section->keys[i].name, name) == 0)
      return &section->keys[i];
  return NULL;
}

/* As a file would write it. */
static char *as_text(const json_t *value) {
  if (json_is_string(value))
    return g_strdup(json_string_value(value));
  return json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(9));
}

static void read_rules(Faults *faults, const json_t *json, IvRulesConfig *rules) {
  const IvSection *section = iv_section("rules");
  const char *name;
  json_t *value;
  if (json && !json_is_object(json))
    fault(faults, "/rules", "must be a mapping of thresholds");
  json_object_foreach((json_t *)json, name, value) {
    g_autoptr(GError) error = NULL;
    const IvKey *key = find_key(section, name);
    g_autofree char *pointer = g_strconcat("/rules/", name, NULL);
    g_autofree char *text = as_text(value);
    if (!key)
      fault(faults, pointer, "there is no such threshold; see rules in configuration.md");
    else if (!iv_value_read(key, text ? text : "", NULL, rules, &error))
      fault(faults, pointer, error->message);
  }
}

/* ---- drawings ---- */

static void read_camera(Faults *faults, const json_t *json, guint i, IvWhatIf *what) {
  g_autofree char *below = g_strdup_printf("/cameras/%u", i);
  IvSlug id;
  const char *text = json_string_value(json_object_get(json, "id"));
  faults->below = below;
  refuse_others(faults, json, "id", "scene");
  if (!text || !iv_slug_set(&id, text))
    fault(faults, "/id", "must be the id of a camera");
  else if (iv_what_if_scene(what, text))
    fault(faults, "/id", "this camera stands here twice");
  else if (!json_is_object(json_object_get(json, "scene")))
    fault(faults, "/scene", "must be a scene: image, lines, zones, lanes");
  else {
    g_autofree char *scene_below = g_strconcat(below, "/scene", NULL);
    faults->below = scene_below;
    IvScene *scene = iv_scene_from_json_all(json_object_get(json, "scene"), on_scene_fault, faults);
    faults->below = "";
    if (scene) {
      scene->camera_id = id;
      g_ptr_array_add(what->scenes, scene);
    }
  }
  faults->below = "";
}

IvWhatIf *iv_what_if_from_json(const json_t *json, const IvRulesConfig *rules,
                               IvWhatIfFault on_fault, gpointer user_data) {
  g_autoptr(IvWhatIf) what = g_new0(IvWhatIf, 1);
  Faults faults = {on_fault, user_data, "", FALSE};
  const json_t *cameras = json_object_get(json, "cameras");
  what->rules = *rules;
  what->scenes = g_ptr_array_new_with_free_func((GDestroyNotify)iv_scene_free);
  if (!json_is_object(json))
    fault(&faults, "", "must be a mapping with cameras, rules or both");
  refuse_others(&faults, json, "cameras", "rules");
  read_rules(&faults, json_object_get(json, "rules"), &what->rules);
  if (cameras && !json_is_array(cameras))
    fault(&faults, "/cameras", "must be a list of {id, scene}");
  if (json_array_size(cameras) > IV_CONFIG_CAMERAS_MAX)
    fault(&faults, "/cameras", "has more cameras than a store may have");
  for (guint i = 0; !faults.any && i < json_array_size(cameras); i++)
    read_camera(&faults, json_array_get(cameras, i), i, what);
  return faults.any ? NULL : g_steal_pointer(&what);
}

/* ---- files ---- */

static void add_line(const char *pointer, const char *text, gpointer user_data) {
  GString *lines = user_data;
  g_string_append_printf(lines, "%s: %s\n", *pointer ? pointer : "/", text);
}

IvWhatIf *iv_what_if_from_yaml(const char *text, gsize length, const char *file,
                               const IvRulesConfig *rules, char **ret_faults) {
  g_autoptr(IvConfigReport) report = iv_config_report_new(file);
  g_autoptr(IvYamlNode) root = iv_yaml_read(text, length, NULL, report);
  json_t *json = root && report->n_errors == 0 ? iv_scene_yaml_to_json(root, report) : NULL;
  if (!json) {
    *ret_faults = iv_config_report_text(report);
    return NULL;
  }
  g_autoptr(GString) lines = g_string_new(NULL);
  IvWhatIf *what = iv_what_if_from_json(json, rules, add_line, lines);
  json_decref(json);
  *ret_faults = g_string_free(g_steal_pointer(&lines), FALSE);
  return what;
}
