/* SPDX-License-Identifier: Apache-2.0 */
#include "config/scene_yaml.h"

#include <stdlib.h>
#include <string.h>

#include "config/scene_json.h"

/* The scene has one reader, that of JSON. Here YAML becomes JSON, and what that reader says about a
 * JSON Pointer is said about a place in the file. */

typedef struct {
  const IvYamlNode *scene;
  const char *key;
  IvConfigReport *report;
} Faults;

/* Keys whose values are text even when they look like numbers: "id: 12". */
static gboolean is_text_key(const char *name) {
  static const char *const keys[] = {"id", "name", "kind", "parent", "group", "hash"};
  for (guint i = 0; name && i < G_N_ELEMENTS(keys); i++)
    if (strcmp(keys[i], name) == 0)
      return TRUE;
  return FALSE;
}

static json_t *scalar_to_json(const IvYamlNode *node) {
  static const char *const words[2][3] = {{"false", "no", "off"}, {"true", "yes", "on"}};
  if (node->plain && !is_text_key(node->name)) {
    for (int flag = 0; flag < 2; flag++)
      for (int i = 0; i < 3; i++)
        if (g_ascii_strcasecmp(node->text, words[flag][i]) == 0)
          return json_boolean(flag);
    gint64 whole;
    if (g_ascii_string_to_signed(node->text, 10, G_MININT, G_MAXINT, &whole, NULL))
      return json_integer(whole);
    char *rest = NULL;
    double v = g_ascii_strtod(node->text, &rest);
    json_t *number = rest != node->text && !*rest ? json_real(v) : NULL; /* NULL for inf and nan */
    if (number)
      return number;
  }
  json_t *text = json_string(node->text);
  return text ? text : json_null();
}

json_t *iv_scene_yaml_to_json(const IvYamlNode *node, IvConfigReport *report) {
  if (node->kind == IV_YAML_REFUSED)
    return NULL;
  if (node->kind == IV_YAML_SCALAR) {
    if (!node->has_secret)
      return scalar_to_json(node);
    iv_config_report_add(report, IV_FINDING_ERROR, node->place, NULL,
                         "a secret file has no place in a scene; write the value out");
    return NULL;
  }
  gboolean is_map = node->kind == IV_YAML_MAP;
  json_t *json = is_map ? json_object() : json_array();
  for (guint i = 0; i < node->children->len; i++) {
    const IvYamlNode *child = g_ptr_array_index(node->children, i);
    json_t *part = iv_scene_yaml_to_json(child, report);
    if (part && is_map && json_object_set_new(json, child->name, part) == 0)
      continue;
    if (part && !is_map && json_array_append_new(json, part) == 0)
      continue;
    json_decref(json);
    return NULL;
  }
  return json;
}

static const IvYamlNode *child_of(const IvYamlNode *node, const char *step) {
  guint64 index;
  if (node->kind == IV_YAML_MAP)
    return iv_yaml_get(node, step);
  if (node->kind == IV_YAML_LIST &&
      g_ascii_string_to_unsigned(step, 10, 0, G_MAXUINT, &index, NULL))
    return index < node->children->len ? g_ptr_array_index(node->children, index) : NULL;
  return NULL;
}

/* Follows the pointer as far as the file goes; writes the path in the file's own way. */
static const IvYamlNode *follow(const IvYamlNode *node, const char *pointer, GString *path) {
  g_auto(GStrv) steps = g_strsplit(*pointer ? pointer + 1 : "", "/", -1);
  for (guint i = 0; steps[i]; i++) {
    const IvYamlNode *child = child_of(node, steps[i]);
    if (!child)
      break;
    g_string_append_printf(path, node->kind == IV_YAML_LIST ? "[%s]" : ".%s", steps[i]);
    node = child;
  }
  return node;
}

static void on_fault(const char *pointer, const char *text, gpointer user_data) {
  Faults *faults = user_data;
  g_autoptr(GString) path = g_string_new(faults->key);
  const IvYamlNode *node = follow(faults->scene, pointer, path);
  iv_config_report_add(faults->report, IV_FINDING_ERROR, node->place, path->str, "%s", text);
}

/* The size stands beside the scene in the file, and in it everywhere else. */
static void put_size(json_t *json, const IvFloorPlanConfig *plan) {
  json_object_set_new(json, "plan",
                      json_pack("{sf sf}", "width_m", plan->width_m, "height_m", plan->height_m));
}

IvScene *iv_scene_from_yaml(const IvYamlNode *node, const char *key, const IvFloorPlanConfig *plan,
                            IvConfigReport *report) {
  Faults faults = {node, key, report};
  json_t *json = iv_scene_yaml_to_json(node, report);
  if (!json)
    return NULL;
  if (plan)
    put_size(json, plan);
  IvScene *scene = iv_scene_from_json_all(json, on_fault, &faults);
  json_decref(json);
  return scene;
}
